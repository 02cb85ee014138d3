"""Find what people type in a county, the best first."""

from __future__ import annotations

from typing import Any

from api.actions.open_county import OpenCounty
from api.actions.search.entries import KINDS, Entry, Index, Indexed, index_of, told_of
from api.actions.search.sounds import heard_in
from api.actions.search.typing import letters, plain

_MOST = 20  # answers, unless more have exactly the name
_MOST_OF_A_NAME = 100
_LEAST_OF_A_CODE = 4  # characters of a code that stand for more than its beginning
_BRIDGES = ("大桥", "桥", "bridge")
_EXACT, _BEGINS, _CONTAINS, _SOUNDS, _AROUND = 0, 1, 2, 3, 6
_IN_WORDS = 10  # several words: each has to fit, so that a name is found by its township


def search_places(at_hand: OpenCounty, text: str) -> list[dict[str, Any]]:
    """Find places, townships, communities, roads, rivers, bridges, facilities and cells.

    Parameters
    ----------
    at_hand
    text
        A name or a part of it, a code, initials or readings in letters; of several words each has to fit.

    Returns
    -------
    list of dict
        Names and codes that are it, begin with it, contain it, then those that sound so, then what lies in a
        township or community of that name; with township and community, since short names repeat. Twenty at most,
        unless more have exactly that name.
    """
    return [told_of(entry) for entry in entries_found(index_of(at_hand), text)]


def entries_found(index: Index, text: str) -> list[Entry]:
    """Return what fits a text of all that can be found; as :func:`search_places`."""
    words = list(filter(None, map(letters, plain(text).split(" "))))
    if not words:
        return []
    whole = _Typed("".join(words), index)
    apart = [_Typed(word, index) for word in words] if len(words) > 1 else []
    ranked = [(rank, one) for one in index.entries if (rank := _rank(whole, apart, one)) is not None]
    ranked.sort(key=lambda pair: (pair[0], KINDS.index(pair[1].entry.kind), pair[1].entry.name, pair[1].entry.id))
    exact = sum(rank == _EXACT for rank, _ in ranked)
    return [one.entry for _, one in ranked[: max(_MOST, min(exact, _MOST_OF_A_NAME))]]


class _Typed:
    """A word that is typed, and the townships and communities that it names."""

    def __init__(self, word: str, index: Index) -> None:
        self.word = word
        self.is_heard = any(c.isascii() and c.isalpha() for c in word)
        self.is_code = word.isascii() and any(c.isdigit() for c in word)
        sounds = index.sounds_around
        self._around = {
            name for name in sounds if word in name or (self.is_heard and heard_in(word, sounds[name]) == 0)
        }

    def names(self, one: Indexed) -> int | None:
        """Return how well the word fits what an entry is called, the less the better."""
        found = [_compared(self.word, name) for name in one.names]
        if self.is_code:
            found.append(_compared_code(self.word, one.code))
        if one.entry.kind == "bridge":
            called = [self.word.removesuffix(word) for word in _BRIDGES if self.word.endswith(word)]
            found += [_compared(words, name) for words in called for name in one.names]
        best = min((rank for rank in found if rank is not None), default=None)
        if best is None and self.is_heard and (heard := heard_in(self.word, one.sounds)) is not None:
            return _SOUNDS + heard
        return best

    def is_around(self, one: Indexed) -> bool:
        """Whether an entry lies in what the word names."""
        return not self._around.isdisjoint(one.around)


def _rank(whole: _Typed, apart: list[_Typed], one: Indexed) -> int | None:
    """Return how well an entry fits, the less the better, ``None`` if it does not."""
    by_name = whole.names(one)
    if by_name is not None:
        return by_name
    if whole.is_around(one):
        return _AROUND
    fits = [word.names(one) for word in apart]
    named = [fit for fit in fits if fit is not None]
    if not named or any(fit is None and not word.is_around(one) for fit, word in zip(fits, apart, strict=True)):
        return None
    return _IN_WORDS + min(named)


def _compared(typed: str, name: str) -> int | None:
    if typed == name:
        return _EXACT
    return _BEGINS if name.startswith(typed) else _CONTAINS if typed in name else None


def _compared_code(typed: str, code: str) -> int | None:
    if typed == code:
        return _EXACT
    return _compared(typed, code) if len(typed) >= _LEAST_OF_A_CODE else None
