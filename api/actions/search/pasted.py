"""Names as people paste them from a table: each with all places that it may mean, so that somebody can choose."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from api.actions.open_county import OpenCounty
from api.actions.search.entries import Entry, Indexed, index_of
from api.actions.search.typing import letters, plain

_PLACES, _SITES = ("village", "neighbourhood"), ("facility",)
_MARKS = re.compile(r"[\W_]+")
_COMMITTEES = ("村民委员会", "居民委员会", "村委会", "居委会", "社区", "村")
"""What a list may add to a name, or leave out."""
_MOST_ADDED = max(map(len, _COMMITTEES))
_MOST_WORDS = 8
"""County, township, community, village and a code are five; a paragraph names no place."""
_UNITS = ("街道办事处", "街道", "镇", "乡", "社区", "村")
"""What may be left out of the name of a township or a community."""


@dataclass(frozen=True)
class _Known:
    """Places by what they are called, and by code; the names that a county has before all others."""

    by_name: dict[str, list[Indexed]]
    by_short: dict[str, list[Indexed]]
    by_code: dict[str, list[Indexed]]
    county: str

    @cached_property
    def longest(self) -> int:
        """Letters of the longest name."""
        return max(map(len, self.by_name), default=0)


def find_pasted(at_hand: OpenCounty, names: Iterable[str]) -> list[dict[str, Any]]:
    """Return what each of many names may mean.

    Parameters
    ----------
    at_hand
    names
        As they were pasted: a name or a code, alone or with township, community or county before or after it, in
        whatever letters and with whatever marks between.

    Returns
    -------
    list of dict
        ``typed`` and ``matches`` (``id``, ``name``, ``kind``, ``township``, ``community``) of each, in their order.
        None where nothing is called so, several where only a person can tell. A name that is exactly so goes before
        one that lacks or adds *village*, and a place that people live in before a facility.
    """
    places, sites = at_hand.once("pasted", lambda: (_known(at_hand, _PLACES), _known(at_hand, _SITES)))
    told: dict[str, list[dict[str, Any]]] = {}
    names = list(names)
    for typed in set(names):
        words = [word for word in _MARKS.split(plain(typed)) if word]
        matches = _matches(words, places) or _matches(words, sites)
        told[typed] = [_told(one.entry) for one in matches]
    return [{"typed": typed, "matches": told[typed]} for typed in names]


def _known(at_hand: OpenCounty, kinds: tuple[str, ...]) -> _Known:
    found = _Known({}, {}, {}, letters(at_hand.county.name))
    for one in index_of(at_hand).entries:
        if one.entry.kind in kinds:
            found.by_code.setdefault(one.code, []).append(one)
            for name in one.names:
                found.by_name.setdefault(name, []).append(one)
                found.by_short.setdefault(_short(name, _COMMITTEES), []).append(one)
    return found


def _matches(words: list[str], known: _Known) -> list[Indexed]:
    """Return the entries that words mean, by the strictest reading that finds any."""
    whole = "".join(words)
    if not whole:
        return []
    readings: tuple[Callable[[], list[Indexed]], ...] = (
        lambda: known.by_code.get(whole, []),
        lambda: known.by_name.get(whole, []),
        lambda: _in_words(words, known, known.by_name, shorten=False),
        lambda: _in_one(whole, known, known.by_name, shorten=False),
        lambda: known.by_short.get(_short(whole, _COMMITTEES), []),
        lambda: _in_words(words, known, known.by_short, shorten=True),
        lambda: _in_one(whole, known, known.by_short, shorten=True),
    )
    return next(filter(None, (reading() for reading in readings)), [])


def _in_words(words: list[str], known: _Known, named: dict[str, list[Indexed]], *, shorten: bool) -> list[Indexed]:
    """Return the entries that one word names, or the code of, and that lie in whatever the others name."""
    found: dict[str, Indexed] = {}
    if not 2 <= len(words) <= _MOST_WORDS:
        return []
    for k, word in enumerate(words):
        called = named.get(_short(word, _COMMITTEES) if shorten else word, [])
        for one in (*called, *known.by_code.get(word, [])):
            if all(_lies_in(one, other, known) for other in (*words[:k], *words[k + 1 :])):
                found[one.entry.id] = one
    return list(found.values())


def _in_one(whole: str, known: _Known, named: dict[str, list[Indexed]], *, shorten: bool) -> list[Indexed]:
    """Return the entries whose name ends one word that begins with what they lie in, the longest name first."""
    for k in range(max(1, len(whole) - known.longest - _MOST_ADDED), len(whole)):
        before, name = whole[:k], whole[k:]
        called = named.get(_short(name, _COMMITTEES) if shorten else name, [])
        if found := [one for one in called if _lies_in(one, before, known)]:
            return found
    return []


def _lies_in(one: Indexed, word: str, known: _Known) -> bool:
    """Whether a word names the township, the community or the county of an entry, or several of these in turn."""
    rest = word.removeprefix(known.county) if known.county else word
    for name in sorted(_ways_to_call(one), key=len, reverse=True):
        rest = rest.removeprefix(name)
    return not rest


def _ways_to_call(one: Indexed) -> Iterator[str]:
    for name in one.around:
        yield name
        if short := _short(name, _UNITS):
            yield short


def _short(name: str, endings: tuple[str, ...]) -> str:
    """Return a name without what may be left out at its end; one that is nothing else stays."""
    return next((name.removesuffix(end) for end in endings if name.endswith(end) and name != end), name)


def _told(entry: Entry) -> dict[str, Any]:
    told = {"id": entry.id, "name": entry.name, "kind": entry.kind}
    return {**told, "township": entry.township, "community": entry.community}
