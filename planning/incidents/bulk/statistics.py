"""Figures of many cases: how many, how many late, and whose time it was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import Literal

from planning.incidents.case import Case
from planning.incidents.clocks import CHINA_TIME
from planning.incidents.ledger import OWNERS, Owner, minutes_of, spans_of

Grouping = Literal["category", "township", "month"]
GROUPINGS: tuple[Grouping, ...] = ("category", "township", "month")
FIGURES = ("reported", "closed", "open", "other", "overdue")
"""Counts of a group; each has a definition under ``case-stats.figure``."""
WAITING: tuple[Owner, ...] = tuple(owner for owner in OWNERS if owner != "ended")
"""Whose time is told: what passes after the end is nobody's."""
_MINUTE = timedelta(minutes=1)


@dataclass
class GroupFigures:
    """Figures of one group.

    Parameters
    ----------
    counts
        By ``FIGURES``.
    times
        Minutes of each case by owner of the time.
    """

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(FIGURES, 0))
    times: dict[Owner, list[int]] = field(default_factory=lambda: {owner: [] for owner in OWNERS})

    def medians(self) -> dict[str, int]:
        """Return the median minutes by owner, over all cases of the group."""
        return {owner: round(median(values)) for owner, values in self.times.items() if values}


@dataclass(frozen=True)
class CaseFigures:
    """What is counted of one case.

    Parameters
    ----------
    case
        As it stands.
    is_late
        Whether it was, or is, past the day by which all of it was due.
    minutes
        By owner of the time.
    adds_up
        Whether they add up to all that has passed.
    """

    case: Case
    is_late: bool
    minutes: Mapping[Owner, int]
    adds_up: bool


def figures_of(lived: Sequence[Case], *, until: datetime) -> CaseFigures:
    """Return what is counted of a case.

    Parameters
    ----------
    lived
        As it was after each of its events, in order.
    until
        Up to when its time is counted, aware.

    Raises
    ------
    ValueError
        If there is none.
    """
    end = max(until, lived[-1].at) if lived else until
    told = minutes_of(spans_of(lived, until=end))
    last = lived[-1]
    ended_at = _ended_at(lived)
    is_late = last.due_at is not None and last.state not in ("refused", "voided", "merged")
    is_late = is_late and last.due_at is not None and (ended_at or end) > last.due_at
    return CaseFigures(last, is_late, told, sum(told.values()) == (end - lived[0].at) // _MINUTE)


def grouped(cases: Iterable[CaseFigures]) -> dict[Grouping, dict[str, GroupFigures]]:
    """Return the figures of all groups: by category, by township (empty outside all) and by month of the report."""
    found: dict[Grouping, dict[str, GroupFigures]] = {one: {} for one in GROUPINGS}
    for one in cases:
        for grouping in GROUPINGS:
            _add(found[grouping].setdefault(_key(one.case, grouping), GroupFigures()), one)
    return {grouping: dict(sorted(groups.items())) for grouping, groups in found.items()}


def _add(group: GroupFigures, one: CaseFigures) -> None:
    counts, case = group.counts, one.case
    counts["reported"] += 1
    counts["closed" if case.state == "closed" else "other" if case.has_ended else "open"] += 1
    counts["overdue"] += one.is_late
    for owner, minutes in one.minutes.items():
        group.times[owner].append(minutes)


def _key(case: Case, grouping: Grouping) -> str:
    if grouping == "month":
        return f"{case.reported_at.astimezone(CHINA_TIME):%Y-%m}"
    return case.category if grouping == "category" else case.township or ""


def _ended_at(lived: Sequence[Case]) -> datetime | None:
    """Return when a case ended, the last time that it did; ``None`` while it goes on."""
    ended: datetime | None = None
    for case in lived:
        ended = (ended or case.at) if case.has_ended else None
    return ended
