"""What deadlines are counted by: duty hours, days off, and how soon each step is to be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from planning.incidents.categories import Category
from planning.incidents.clocks import Clock, counted, due


class Target(NamedTuple):
    """How soon a step is to be done.

    Parameters
    ----------
    amount
        Whole working days, or a span of counted time.
    clock
        ``working`` or ``calendar``.
    """

    amount: int | timedelta
    clock: Clock


_HOUR, _MINUTE = timedelta(hours=1), timedelta(minutes=1)
TARGETS: Mapping[str, Mapping[str, Target]] = {
    "emergency": {
        "decide": Target(10 * _MINUTE, "calendar"),
        "accept": Target(10 * _MINUTE, "calendar"),
        "arrive": Target(30 * _MINUTE, "calendar"),
        "handle": Target(24 * _HOUR, "calendar"),
        "check": Target(1, "working"),
    },
    "urgent": {
        "decide": Target(_HOUR, "working"),
        "accept": Target(_HOUR, "working"),
        "handle": Target(1, "working"),
        "check": Target(1, "working"),
    },
    "normal": {
        "decide": Target(2 * _HOUR, "working"),
        "accept": Target(4 * _HOUR, "working"),
        "check": Target(2, "working"),
    },
}
"""By severity and step: an example. A normal case is handled within the working days of its category."""


@dataclass(frozen=True)
class Timetable:
    """What deadlines are counted by.

    Parameters
    ----------
    duty_hours
        Local times from and to.
    is_workday
        The calendar, with its holidays and make-up workdays.
    calendar_of
        Code of the calendar that answers for a day.
    is_provisional
        Whether a deadline on a day may move once another year is announced.
    categories
        The kinds of case with the working days that each may take as a whole.
    warn_share
        So much of a step's time passes before somebody is reminded.
    """

    duty_hours: Sequence[tuple[time, time]]
    is_workday: Callable[[date], bool]
    calendar_of: Callable[[date], str]
    is_provisional: Callable[[date], bool]
    categories: Mapping[str, Category]
    warn_share: float = 0.75

    def target(self, step: str, *, category: str, severity: str) -> Target | None:
        """Return how soon a step is to be done, ``None`` if it has no clock of its own."""
        if step == "handle" and severity == "normal":
            return Target(self.categories[category].workdays, "working")
        return TARGETS[severity].get(step)

    def due(
        self, started_at: datetime, target: Target, *, pauses: Sequence[tuple[datetime, datetime]] = ()
    ) -> datetime:
        """Return when a target is used up."""
        return due(
            started_at,
            target.amount,
            clock=target.clock,
            duty_hours=self.duty_hours,
            is_workday=self.is_workday,
            pauses=pauses,
        )

    def counted(self, since: datetime, until: datetime, *, clock: Clock) -> timedelta:
        """Return how much time a clock counts between two instants."""
        return counted(since, until, clock=clock, duty_hours=self.duty_hours, is_workday=self.is_workday)
