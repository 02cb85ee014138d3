"""What changed tables would have done to cases that there were: who would have been asked, what due when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

import numpy as np

from planning.incidents.clocks import CHINA_TIME
from planning.incidents.counted_time import Instants, WorkingTime, instants_of, moment_of
from planning.incidents.rules import Asked, Routed, Rule, route
from planning.incidents.subcategories import Subcategory
from planning.incidents.targets import ANY, Target
from planning.incidents.timetable import Timetable

WHOLE = "whole"
"""Stands for the deadline of a case as a whole, beside those of its steps."""

_MOST_EXAMPLES = 5
_MINUTE = 60_000_000
_REACH_DAYS = 200
"""The longest target is 60 working days: so many days after the last start are known, and once more if need be."""


@dataclass(frozen=True, slots=True)
class PastCase:
    """A case as it was reported."""

    id: str
    category: str
    subcategory: str | None
    severity: str
    cell: str | None
    township: str | None
    reported_at: datetime


@dataclass(frozen=True, slots=True)
class PastStep:
    """A step that began, of a case as it was then."""

    case_id: str
    step: str
    category: str
    severity: str
    started_at: datetime


@dataclass(frozen=True)
class Deciding:
    """The tables that decide about a case.

    Parameters
    ----------
    rules
        In order.
    subcategories
        By code.
    timetable
    """

    rules: Sequence[Rule]
    subcategories: Mapping[str, Subcategory]
    timetable: Timetable


@dataclass(frozen=True, slots=True)
class Rerouted:
    """Cases that somebody else would have been asked about.

    Parameters
    ----------
    before, after
    count
    examples
        Ids of the first few.
    """

    before: Routed
    after: Routed
    count: int
    examples: tuple[str, ...]


class MovedExample(NamedTuple):
    """One deadline that would have been another; ``None`` for none at all."""

    case_id: str
    before: datetime | None
    after: datetime | None


@dataclass(frozen=True, slots=True)
class Moved:
    """Deadlines of one kind that would have been others.

    Parameters
    ----------
    step
        Or ``whole``.
    count
        How many deadlines of the kind there were.
    earlier, later
        How many would have been so.
    added, dropped
        How many would have had a deadline where there was none, or the other way round.
    median_minutes, most_minutes
        By how much those that both have differ, in elapsed minutes: later is more than 0.
    examples
        Those that differ most.
    """

    step: str
    count: int
    earlier: int = 0
    later: int = 0
    added: int = 0
    dropped: int = 0
    median_minutes: int = 0
    most_minutes: int = 0
    examples: tuple[MovedExample, ...] = ()


@dataclass(frozen=True)
class DryRun:
    """What would have been otherwise.

    Parameters
    ----------
    cases
        How many were looked at.
    rerouted
        The most frequent first.
    moved
        The whole first, then the steps; only kinds of which some would have been otherwise.
    """

    cases: int
    rerouted: Sequence[Rerouted] = field(default=())
    moved: Sequence[Moved] = field(default=())


def dry_run(cases: Sequence[PastCase], steps: Sequence[PastStep], before: Deciding, after: Deciding) -> DryRun:
    """Return what other tables would have made of cases: pauses and extensions are left out on both sides.

    Parameters
    ----------
    cases, steps
    before, after
    """
    return DryRun(len(cases), _rerouted(cases, before, after), _moved(cases, steps, before.timetable, after.timetable))


def _rerouted(cases: Sequence[PastCase], before: Deciding, after: Deciding) -> list[Rerouted]:
    asked_before, asked_after = _Router(before), _Router(after)
    found: dict[tuple[Routed, Routed], list[str]] = {}
    for case in cases:
        was, would = asked_before.of(case), asked_after.of(case)
        if (was.level, was.post, was.unit) != (would.level, would.post, would.unit):
            found.setdefault((was, would), []).append(case.id)
    told = [Rerouted(was, would, len(ids), tuple(ids[:_MOST_EXAMPLES])) for (was, would), ids in found.items()]
    return sorted(told, key=lambda one: -one.count)


class _Router:
    """The rules, asked once for all cases that they cannot tell apart."""

    def __init__(self, deciding: Deciding) -> None:
        self._deciding = deciding
        self._areas = {rule.area for rule in deciding.rules} - {ANY}
        self._known: dict[tuple[str, str, str | None, str | None, str | None, bool], Routed] = {}

    def of(self, case: PastCase) -> Routed:
        """Return who is asked first about a case."""
        cell = case.cell if case.cell in self._areas else None
        township = case.township if case.township in self._areas else None
        on_duty = self._deciding.timetable.is_on_duty(case.reported_at)
        key = (case.category, case.severity, case.subcategory, cell, township, on_duty)
        if key not in self._known:
            kind = self._deciding.subcategories.get(case.subcategory or "")
            asked = Asked(case.category, case.severity, cell, township, on_duty, kind)
            self._known[key] = route(self._deciding.rules, asked)
        return self._known[key]


class _Group(NamedTuple):
    """Deadlines that have the same target before, and the same after."""

    step: str
    before: Target | None
    after: Target | None


def _moved(cases: Sequence[PastCase], steps: Sequence[PastStep], before: Timetable, after: Timetable) -> list[Moved]:
    groups: dict[_Group, list[tuple[str, datetime]]] = {}
    for case in cases:
        days = (Target(one.categories[case.category].workdays, "working") for one in (before, after))
        groups.setdefault(_Group(WHOLE, *days), []).append((case.id, case.reported_at))
    for step in steps:
        targets = (one.target(step.step, category=step.category, severity=step.severity) for one in (before, after))
        groups.setdefault(_Group(step.step, *targets), []).append((step.case_id, step.started_at))
    if not groups:
        return []
    deadlines = _Deadlines([at for starts in groups.values() for _, at in starts], before, after)
    by_step: dict[str, list[_Compared]] = {}
    for group, starts in groups.items():
        by_step.setdefault(group.step, []).append(deadlines.compared(group, starts))
    return [told for step, found in by_step.items() if (told := _told(step, found)) is not None]


class _Compared(NamedTuple):
    """Starts with what was due when and what would have been; ``None`` where there is no deadline."""

    ids: list[str]
    before: Instants | None
    after: Instants | None


class _Deadlines:
    def __init__(self, starts: Sequence[datetime], before: Timetable, after: Timetable) -> None:
        first, last = (at.astimezone(CHINA_TIME).date() for at in (min(starts), max(starts)))
        self._first, self._reach = first, (last - first).days + _REACH_DAYS
        self._sides = before, after

    def compared(self, group: _Group, starts: Sequence[tuple[str, datetime]]) -> _Compared:
        """Return when what a group has begun is due by either timetable."""
        at = instants_of([moment for _, moment in starts])
        was, would = (
            None if target is None else self._due(timetable, at, target)
            for timetable, target in zip(self._sides, (group.before, group.after), strict=True)
        )
        return _Compared([case for case, _ in starts], was, would)

    def _due(self, timetable: Timetable, starts: Instants, target: Target) -> Instants:
        reach = self._reach
        while True:
            try:
                return WorkingTime(timetable, self._first, reach).due(starts, target)
            except IndexError:
                reach *= 2


def _told(step: str, found: Sequence[_Compared]) -> Moved | None:
    """Return how many of a kind differ and by how much, ``None`` if none does."""
    both = [one for one in found if one.before is not None and one.after is not None]
    ids = [case for one in both for case in one.ids]
    was = np.concatenate([np.empty(0, np.int64), *(one.before for one in both if one.before is not None)])
    would = np.concatenate([np.empty(0, np.int64), *(one.after for one in both if one.after is not None)])
    by = would - was
    differing = np.flatnonzero(by)
    added = [one for one in found if one.before is None and one.after is not None]
    dropped = [one for one in found if one.before is not None and one.after is None]
    if not (len(differing) or added or dropped):
        return None
    worst = differing[np.argsort(-np.abs(by[differing]), kind="stable")][:_MOST_EXAMPLES]
    examples = [MovedExample(ids[n], moment_of(was[n]), moment_of(would[n])) for n in worst]
    examples += [MovedExample(one.ids[0], None, moment_of(one.after[0])) for one in added if one.after is not None]
    examples += [MovedExample(one.ids[0], moment_of(one.before[0]), None) for one in dropped if one.before is not None]
    return Moved(
        step,
        count=sum(len(one.ids) for one in found),
        earlier=int((by < 0).sum()),
        later=int((by > 0).sum()),
        added=sum(len(one.ids) for one in added),
        dropped=sum(len(one.ids) for one in dropped),
        median_minutes=round(float(np.median(by[differing])) / _MINUTE) if len(differing) else 0,
        most_minutes=round(int(by[worst[0]]) / _MINUTE) if len(worst) else 0,
        examples=tuple(examples[:_MOST_EXAMPLES]),
    )
