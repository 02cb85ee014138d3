"""Who receives an incident: the cell's worker A, else B, else a desk. Nothing is ever dropped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from planning.incidents.categories import CATEGORIES
from planning.incidents.events import Assignment, Role

RULES = ("grid-worker-a", "grid-worker-b", "township-desk", "county-desk")
UNREADABLE = {
    "cells": "cells-unreadable",
    "roster": "roster-unreadable",
    "roads": "roads-unreadable",
    "townships": "townships-unreadable",
    "villages": "places-unreadable",
    "neighbourhoods": "places-unreadable",
}
"""Reasons of the county desk for the layers that say who answers: one of them is missing or damaged."""

COUNTY_UNREADABLE = "county-unreadable"
REASONS = (
    *("a-on-duty", "a-off-duty", "a-vacant", "nobody-on-duty", "no-roster", "outside-cells"),
    *dict.fromkeys(UNREADABLE.values()),
    COUNTY_UNREADABLE,
)


CHOSEN_RULE, CHOSEN_REASON = "desk-decision", "chosen-by-desk"
"""Rule and reason of a case that a desk has given to somebody by hand."""


@dataclass(frozen=True, slots=True)
class Cell:
    """The grid cell that an incident lies in.

    Parameters
    ----------
    code
        15 digits.
    village_id
        Its village or neighbourhood.
    township_id
        ``None`` in a county without townships.
    """

    code: str
    village_id: str
    township_id: str | None


@dataclass(frozen=True, slots=True)
class GridWorker:
    """One row of the roster, without what no rule needs: name and telephone stay in the layer."""

    id: str
    role: Role
    on_duty: bool


def assign(cell: Cell | None, roster: Iterable[GridWorker], *, category: str) -> Assignment:
    """Return who deals with an incident.

    Parameters
    ----------
    cell
        Where it lies, or ``None`` outside every cell.
    roster
        Workers A and B of that cell's village; of several in one role the first id is taken.
    category
        One of ``CATEGORIES``; every category follows the same rules for now.

    Raises
    ------
    KeyError
        If the category is unknown.
    """
    CATEGORIES[category]
    if cell is None:
        return Assignment(None, "county", "desk", "county-desk", "outside-cells")
    workers = sorted(roster, key=lambda worker: (worker.role, worker.id))
    free = next((worker for worker in workers if worker.on_duty), None)
    if free is None:
        return _to_desk(cell, reason="nobody-on-duty" if workers else "no-roster")
    rule = f"grid-worker-{free.role.lower()}"
    return Assignment(free.id, "grid", free.role, rule, _why(free, workers), {"village_id": cell.village_id})


def assign_without(layer: str | None, cell: Cell | None) -> Assignment:
    """Return who deals with an incident while what decides it cannot be read: the county desk, with that reason.

    Parameters
    ----------
    layer
        The layer that is missing or damaged; ``None`` if it is the county as a whole.
    cell
        Where it lies, if that much is known.
    """
    reason = UNREADABLE.get(layer or "", COUNTY_UNREADABLE)
    return Assignment(None, "county", "desk", "county-desk", reason, {"village_id": cell.village_id} if cell else {})


def _why(free: GridWorker, workers: list[GridWorker]) -> str:
    if free.role == "A":
        return "a-on-duty"
    return "a-off-duty" if workers[0].role == "A" else "a-vacant"


def _to_desk(cell: Cell, *, reason: str) -> Assignment:
    params = {"village_id": cell.village_id}
    if cell.township_id is None:
        return Assignment(None, "county", "desk", "county-desk", reason, params)
    return Assignment(None, "township", "desk", "township-desk", reason, {**params, "township_id": cell.township_id})
