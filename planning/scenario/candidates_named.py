"""Candidates as a question names them, by id or by name: each word one row, whatever else is told as a fault."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from gis.faults import Fault
from planning.closest import Closest
from planning.scenario.candidates import Candidates


class CandidatesNamed:
    """Finds the candidates that words mean.

    Parameters
    ----------
    candidates
    """

    def __init__(self, candidates: Candidates) -> None:
        self._ids = candidates.ids
        self._rows = candidates.rows_by_word

    def row_of(self, word: str, field: str, faults: list[Fault]) -> int:
        """Return the row that a word means, −1 if it means none or several, which is told.

        Parameters
        ----------
        word
        field
            Of the question, that names it.
        faults
            ``unknown-place`` and ``ambiguous-place`` are added.
        """
        rows = self._rows.get(word, [])
        if len(rows) == 1:
            return rows[0]
        if rows:
            ids = ", ".join(self._ids[row] for row in rows)
            faults.append(Fault("ambiguous-place", field=field, value=word, params={"ids": ids}))
        else:
            told = {"closest": self._closest.to(word)}
            faults.append(Fault("unknown-place", field=field, value=word, params=told))
        return -1

    def rows_of_sites(self, words: Iterable[str], faults: list[Fault]) -> tuple[int, ...]:
        """Return the rows of the sites that a plan consists of, as they are named; one that is named twice is told."""
        named: dict[int, str] = {}
        for word in dict.fromkeys(words):
            row = self.row_of(word, "sites", faults)
            if row >= 0 and named.setdefault(row, word) != word:
                faults.append(Fault("site-twice", field="sites", value=word, params={"other": named[row]}))
        return tuple(named)

    @cached_property
    def _closest(self) -> Closest:
        return Closest(self._rows)
