"""Edits that contradict each other, the question or the county: collected, each told by its number and its name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from gis.faults import Fault
from planning.closest import Closest
from planning.scenario.edits import Edit
from planning.scenario.land import Land

E = TypeVar("E")

MOST_TO_ROAD_M = 5_000
"""A site farther than this from every road is a slip of the hand: the import of a county refuses such places too."""


class Contradictions:
    """Everything that is wrong with the edits of a scenario."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def tell(self, code: str, number: int, field: str, value: str, **params: str | float) -> None:
        """Add one.

        Parameters
        ----------
        code, field
        number
            Of the edit, from 1.
        value
            What it is about, as it is called there.
        **params
            Names and figures for its text.
        """
        self.faults.append(Fault(code, layer="edits", row=number, field=field, value=value, params=params))

    def row_of(
        self, number: int, word: str, known: Mapping[str, list[int]], closest: Closest, ids: Sequence[str]
    ) -> int:
        """Return the row that an id or a name means, −1 if it means none or several, which is told.

        Parameters
        ----------
        number
        word
        known
            Id or name -> rows.
        closest
            Of `known`.
        ids
            By row.
        """
        rows = known.get(word, [])
        if not rows:
            self.tell("edit-unknown-place", number, "target", word, closest=closest.to(word))
        elif len(rows) > 1:
            self.tell("edit-ambiguous-place", number, "target", word, ids=", ".join(ids[row] for row in rows))
        return rows[0] if len(rows) == 1 else -1

    def check_position(self, number: int, field: str, name: str, xy: NDArray[np.float64], land: Land) -> bool:
        """Whether a site may stand at a position: inside the county, near a road."""
        if not land.has(xy):
            self.tell("edit-outside-county", number, field, name)
            return False
        metres = land.roads.metres_to(xy)
        if metres > MOST_TO_ROAD_M:
            self.tell("edit-far-from-road", number, field, name, metres=round(metres), most=MOST_TO_ROAD_M)
        return metres <= MOST_TO_ROAD_M


def of_kind(edits: Iterable[Edit], kind: type[E]) -> list[tuple[int, E]]:
    """Return the edits of a kind with their numbers, from 1."""
    return [(number, edit) for number, edit in enumerate(edits, 1) if isinstance(edit, kind)]
