"""What deadlines are counted by: duty hours, days off, and how soon each step is to be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from planning.incidents.categories import Category
from planning.incidents.clocks import CHINA_TIME, Clock, counted, due
from planning.incidents.targets import ANY, USUAL_TARGETS, Target, Targets, target_of


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
    targets
        How soon each step is to be done.
    """

    duty_hours: Sequence[tuple[time, time]]
    is_workday: Callable[[date], bool]
    calendar_of: Callable[[date], str]
    is_provisional: Callable[[date], bool]
    categories: Mapping[str, Category]
    targets: Targets = field(default_factory=lambda: USUAL_TARGETS)

    def target(self, step: str, *, category: str, severity: str) -> Target | None:
        """Return how soon a step is to be done, ``None`` if it has no clock of its own."""
        own = target_of(self.targets, category=category, severity=severity, step=step)
        if own is not None:
            return own.target
        return Target(self.categories[category].workdays, "working") if step == "handle" else None

    def rest(self, step: str, *, category: str, severity: str, level: str) -> Target:
        """Return how long an overdue step that has climbed to a level rests there before it climbs on."""
        own = target_of(self.targets, category=category, severity=severity, step=step)
        return (own or USUAL_TARGETS[ANY, severity, "check"]).rest(level)

    def is_on_duty(self, at: datetime) -> bool:
        """Return whether an instant, aware, lies in duty hours of a working day."""
        local = at.astimezone(CHINA_TIME)
        now = local.time()
        in_hours = any(begin <= now and (now < end or end == time()) for begin, end in self.duty_hours)
        return in_hours and self.is_workday(local.date())

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
