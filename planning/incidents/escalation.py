"""What the service does with a case by itself: a warning before a step is due, and one rung up when it is overdue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from planning.incidents.case import Case, StepClock
from planning.incidents.events import LEVELS, IncidentEvent, Kind, Level
from planning.incidents.targets import Target
from planning.incidents.timetable import Timetable


@dataclass(frozen=True, slots=True)
class ServiceMove:
    """A move that is due, made by the service.

    Parameters
    ----------
    kind
        ``warned`` or ``escalated``.
    key
        Follows from the step alone, so that two servers make the move once.
    data
    """

    kind: Kind
    key: str
    data: Mapping[str, Any] = field(default_factory=dict)

    def event(self, case: Case, *, now: datetime) -> IncidentEvent:
        """Return the event that follows a case."""
        at = max(now.astimezone(UTC), case.at)  # servers' clocks may differ by seconds
        return IncidentEvent(case.version + 1, self.kind, at, {**self.data, "post": "service"})


def next_move(case: Case, *, timetable: Timetable, now: datetime) -> ServiceMove | None:
    """Return what the service has to do with a case now, ``None`` if nothing.

    Each step is warned of once. When it is overdue, or the whole case before it, the case climbs one rung, and one more
    each time that it has rested there as long as the office's table says, until it stands at the county; there it is
    said once that it is overdue. By a working clock nothing happens outside duty hours. However late somebody looks, a
    case never climbs two rungs at once: each has its own time to act.

    Parameters
    ----------
    case
    timetable
        Of the duty hours in force.
    now
    """
    clock, wakes_at = case.clock, case.wakes_at
    if clock is None or wakes_at is None or now < wakes_at or now < rests_until(clock, timetable=timetable, now=now):
        return None
    step = f"{clock.step}/{clock.since}"
    if not case.warned:
        return ServiceMove("warned", f"warn/{step}", {"step": clock.step})
    to_level = level_above(case.level)
    data: dict[str, Any] = {"step": clock.step, "from_level": case.level, "to_level": to_level}
    if to_level != LEVELS[-1]:
        data["next_at"] = _next_climb(case, clock, to_level, timetable, now).isoformat()
    return ServiceMove("escalated", f"escalate/{step}/{to_level}", data)


def rests_until(clock: StepClock, *, timetable: Timetable, now: datetime) -> datetime:
    """Return from when on somebody may be told of a step: now, or the next duty where only duty counts."""
    return now if clock.kind == "calendar" else timetable.due(now, Target(timedelta(), "working"))


def level_above(level: Level) -> Level:
    """Return the rung above, the county for itself."""
    return LEVELS[min(LEVELS.index(level) + 1, len(LEVELS) - 1)]


def _next_climb(case: Case, clock: StepClock, level: Level, timetable: Timetable, now: datetime) -> datetime:
    """Return when the step, if it is still overdue on the rung to which it climbs now, climbs again."""
    rest = timetable.rest(clock.step, category=case.category, severity=case.severity, level=level)
    return timetable.due(now, Target(rest.amount, clock.kind)).astimezone(UTC)
