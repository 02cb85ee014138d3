"""To whom a case goes: A, else the stand-in or B, else the nearest who is free, else a desk; nothing is dropped."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from gis.faults import Param
from planning.incidents.events import Assignment, Level, Role
from planning.incidents.staff import PostKind, Staff, Unit

WantedPost = Literal[
    "grid-worker", "coordinator", "grid-chief", "assistant", "team", "regional-team", "department", "desk"
]
RULES = (
    *("grid-worker-a", "grid-worker-b", "stand-in", "nearest-free", "coordinator", "grid-chief", "assistant"),
    *("township-team", "regional-team", "department", "township-desk", "county-desk"),
)
UNREADABLE = {
    "cells": "cells-unreadable",
    "roster": "roster-unreadable",
    "roads": "roads-unreadable",
    "townships": "townships-unreadable",
    "villages": "places-unreadable",
    "neighbourhoods": "places-unreadable",
}
"""Reasons of the county desk for what says who answers: one of these is missing or damaged."""
COUNTY_UNREADABLE = "county-unreadable"
CHOSEN_RULE, CHOSEN_REASON = "desk-decision", "chosen-by-desk"
"""Rule and reason of a case that a desk has given to somebody by hand."""
REASONS = (
    *("a-on-duty", "a-off-duty", "a-vacant", "a-away-named", "b-away-named", "nearest-free"),
    *("post-on-duty", "post-away-named", "nearest-on-duty", "unit-on-duty", "nearest-unit"),
    *("nobody-on-duty", "no-roster", "post-away", "post-vacant", "unit-away", "unit-unknown"),
    *("by-rule", "outside-cells"),
    *dict.fromkeys(UNREADABLE.values()),
    COUNTY_UNREADABLE,
)
NO_WAY = float("inf")
"""Seconds where there is no way."""


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
class Wanted:
    """Whom the table of rules wants.

    Parameters
    ----------
    level
        Rung that is to answer.
    post
        ``team`` is the township's own (下沉式), ``regional-team`` one that townships share (区域派驻式), ``department``
        the one named (定向式).
    unit
        Which department; of teams it is found by township.
    """

    level: Level = "grid"
    post: WantedPost = "grid-worker"
    unit: str | None = None


def _no_ways(ids: Sequence[str]) -> Sequence[float]:
    return [NO_WAY] * len(ids)


@dataclass(frozen=True)
class Around:
    """What is asked only where a distance decides.

    Parameters
    ----------
    seconds
        Ids of people or units in, seconds from where each is at home to the place out, as the roads are now;
        ``NO_WAY`` where there is none.
    busy
        People who are on a case at this moment.
    """

    seconds: Callable[[Sequence[str]], Sequence[float]] = _no_ways
    busy: Callable[[], Collection[str]] = frozenset


NOWHERE = Around()
DEFAULT = Wanted()


def assign(
    cell: Cell | None, staff: Staff, *, at: datetime, wanted: Wanted = DEFAULT, around: Around = NOWHERE
) -> Assignment:
    """Return who deals with a case: never anybody on leave, without a post that day, or ended.

    Parameters
    ----------
    cell
        Where it lies, or ``None`` outside every cell.
    staff
    at
        Aware.
    wanted
        By the table of rules.
    around

    Returns
    -------
    Assignment
        To the desk of the township, else of the county, where there is nobody.
    """
    if wanted.post == "desk":
        return _desk(cell, "by-rule" if cell else "outside-cells", {}, county=wanted.level == "county")
    if wanted.post == "department":
        return _Search(cell, staff, at, wanted, around).department()
    if cell is None:
        return _desk(None, "outside-cells", {})
    return _Search(cell, staff, at, wanted, around).within(cell)


def assign_without(layer: str | None, cell: Cell | None) -> Assignment:
    """Return who deals with a case while what decides it cannot be read: the county desk, with that reason.

    Parameters
    ----------
    layer
        The layer that is missing or damaged; ``None`` if it is the county as a whole.
    cell
        Where it lies, if that much is known.
    """
    reason = UNREADABLE.get(layer or "", COUNTY_UNREADABLE)
    return Assignment(None, "county", "desk", "county-desk", reason, {"village_id": cell.village_id} if cell else {})


def _desk(cell: Cell | None, reason: str, params: dict[str, Param], *, county: bool = False) -> Assignment:
    told = {**({"village_id": cell.village_id} if cell else {}), **params}
    if cell is None or cell.township_id is None or county:
        return Assignment(None, "county", "desk", "county-desk", reason, told)
    return Assignment(None, "township", "desk", "township-desk", reason, {**told, "township_id": cell.township_id})


@dataclass(frozen=True)
class _Search:
    """One case, and everything that decides about it."""

    cell: Cell | None
    staff: Staff
    at: datetime
    wanted: Wanted
    around: Around

    def within(self, cell: Cell) -> Assignment:
        """Return who of the cell's own village, township or region answers."""
        if self.wanted.post == "grid-worker":
            return self._grid_worker(cell)
        if self.wanted.post == "coordinator":
            return self._coordinator(cell)
        if self.wanted.post in ("team", "regional-team"):
            return self._team(cell)
        return self._of_township(cell)

    def department(self) -> Assignment:
        """Return who of the department answers, wherever the case lies."""
        unit = self.staff.units.get(self.wanted.unit or "")
        params: dict[str, Param] = {"unit_id": self.wanted.unit or ""}
        if unit is None or unit.kind != "department" or (unit.ended_at is not None and unit.ended_at <= self.at):
            return _desk(self.cell, "unit-unknown", params, county=True)
        return self._of_unit(unit, "department", "department", "unit-on-duty") or _desk(
            self.cell, "unit-away", params, county=True
        )

    def _grid_worker(self, cell: Cell) -> Assignment:
        params: dict[str, Param] = {"village_id": cell.village_id}
        first = self.staff.workers("A", cell.code, cell.village_id, self.at)
        second = self.staff.workers("B", cell.code, cell.village_id, self.at)
        if worker := self._there(first):
            return Assignment(worker, "grid", "A", "grid-worker-a", "a-on-duty", params)
        if named := self._named(first):
            return Assignment(named[0], "grid", "stand-in", "stand-in", "a-away-named", {**params, "for": named[1]})
        if worker := self._there(second):
            return Assignment(worker, "grid", "B", "grid-worker-b", "a-off-duty" if first else "a-vacant", params)
        if named := self._named(second):
            return Assignment(named[0], "grid", "stand-in", "stand-in", "b-away-named", {**params, "for": named[1]})
        if found := self._nearest(cell, ("A", "B"), is_free=True):
            told = {**params, "township_id": cell.township_id or "", "minutes": _minutes(found[1])}
            return Assignment(found[0], "grid", "nearest", "nearest-free", "nearest-free", told)
        return _desk(cell, "nobody-on-duty" if first or second else "no-roster", {})

    def _coordinator(self, cell: Cell) -> Assignment:
        """Return a coordinator of the village itself, else the nearest of its township."""
        kinds: tuple[PostKind, ...] = ("coordinator-a", "coordinator-b")
        params: dict[str, Param] = {"village_id": cell.village_id}
        own = [one for kind in kinds for one in self.staff.holders(kind, "village", cell.village_id, self.at)]
        if found := self._of_post(own, "coordinator", "coordinator", params):
            return found
        if near := self._nearest(cell, kinds, is_free=False):
            told = {**params, "minutes": _minutes(near[1])}
            return Assignment(near[0], self.wanted.level, "coordinator", "coordinator", "nearest-on-duty", told)
        others = self.staff.in_township(kinds, cell.township_id, self.at) if cell.township_id else []
        return _desk(cell, "post-away" if own or others else "post-vacant", {"post": "coordinator"})

    def _of_township(self, cell: Cell) -> Assignment:
        post: PostKind = "grid-chief" if self.wanted.post == "grid-chief" else "assistant"
        held = self.staff.holders(post, "township", cell.township_id or "", self.at)
        params: dict[str, Param] = {"village_id": cell.village_id, "township_id": cell.township_id or ""}
        found = self._of_post(held, "chosen", post, params)
        return found or _desk(cell, "post-away" if held else "post-vacant", {"post": post})

    def _team(self, cell: Cell) -> Assignment:
        is_shared = self.wanted.post == "regional-team"
        kind, rule = ("regional-team", "regional-team") if is_shared else ("township-team", "township-team")
        township = cell.township_id or ""
        units = [one for one in self.staff.units.values() if one.kind == kind and one.serves(township, self.at)]
        for unit, seconds in self._by_way(units):
            reason = "nearest-unit" if len(units) > 1 and seconds < NO_WAY else "unit-on-duty"
            if found := self._of_unit(unit, "team", rule, reason):
                return found
        return _desk(cell, "unit-away" if units else "unit-unknown", {"unit_id": units[0].id if units else rule})

    def _by_way(self, units: Sequence[Unit]) -> list[tuple[Unit, float]]:
        """Return units with how far they are, nearest first; where there is but one, nobody asks how far."""
        if len(units) < 2:
            return [(unit, NO_WAY) for unit in units]
        seconds = self.around.seconds([unit.id for unit in units])
        return sorted(zip(units, seconds, strict=True), key=lambda found: (found[1], found[0].id))

    def _of_unit(self, unit: Unit, role: Role, rule: str, reason: str) -> Assignment | None:
        """Return somebody of a unit who is there, whoever is free before the others."""
        there = [one for one in self.staff.members(unit.id, self.at) if self.staff.on_duty(one, self.at)]
        if not there:
            return None
        params: dict[str, Param] = {"unit_id": unit.id}
        return Assignment(self._free_first(there), self.wanted.level, role, rule, reason, params)

    def _of_post(self, held: Sequence[str], role: Role, rule: str, params: dict[str, Param]) -> Assignment | None:
        there = [one for one in held if self.staff.on_duty(one, self.at)]
        if there:
            chosen = there[0] if role == "coordinator" else self._free_first(there)
            return Assignment(chosen, self.wanted.level, role, rule, "post-on-duty", params)
        if named := self._named(held):
            told = {**params, "for": named[1]}
            return Assignment(named[0], self.wanted.level, "stand-in", "stand-in", "post-away-named", told)
        return None

    def _there(self, people: Iterable[str]) -> str | None:
        return next((one for one in people if self.staff.on_duty(one, self.at)), None)

    def _named(self, people: Iterable[str]) -> tuple[str, str] | None:
        """Return the stand-in that somebody's leave names and who is there, and for whom."""
        for person in people:
            leave = self.staff.away(person, self.at)
            if leave is not None and leave.stand_in and self.staff.on_duty(leave.stand_in, self.at):
                return leave.stand_in, person
        return None

    def _nearest(self, cell: Cell, posts: tuple[PostKind, ...], *, is_free: bool) -> tuple[str, float] | None:
        """Return who of the township is there soonest; of several equally near the first id."""
        if cell.township_id is None:
            return None
        there = [
            one for one in self.staff.in_township(posts, cell.township_id, self.at) if self.staff.on_duty(one, self.at)
        ]
        if is_free and there:
            busy = self.around.busy()
            there = [one for one in there if one not in busy]
        if not there:
            return None
        seconds, person = min(zip(self.around.seconds(there), there, strict=True))
        return (person, seconds) if seconds < NO_WAY else None

    def _free_first(self, people: Sequence[str]) -> str:
        if len(people) == 1:
            return people[0]
        busy = self.around.busy()
        return next((one for one in people if one not in busy), people[0])


def _minutes(seconds: float) -> int:
    return max(1, round(seconds / 60))
