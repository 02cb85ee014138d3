"""The known word closest to a mistyped one, in bounded time however many are mistyped."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable

_MOST_ASKED = 10
"""So many words get a suggestion: whoever has more wrong mends a list, not a slip of the pen."""
_COMPARED = 12
"""So many known words, those that share most characters, are compared closely."""


class Closest:
    """Finds the closest of known words; after ten it suggests nothing more.

    Parameters
    ----------
    known
        Looked through when the first word is asked for.
    """

    def __init__(self, known: Iterable[str]) -> None:
        self._known = known
        self._by_character: dict[str, list[str]] | None = None
        self._asked = 0

    def to(self, word: str) -> str:
        """Return the closest known word, empty if there is none."""
        if self._asked >= _MOST_ASKED:
            return ""
        self._asked += 1
        shared = Counter(known for character in set(word) for known in self._words_with(character))
        near = [known for known, _ in shared.most_common(_COMPARED)]
        return "".join(difflib.get_close_matches(word, near, n=1, cutoff=0.0))

    def _words_with(self, character: str) -> list[str]:
        if self._by_character is None:
            self._by_character = {}
            for known in self._known:
                for one in set(known):
                    self._by_character.setdefault(one, []).append(known)
        return self._by_character.get(character, [])
