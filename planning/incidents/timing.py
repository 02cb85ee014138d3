"""The clocks of a case: which step begins with an event, when it is due, and what a pause or an extension moves.

Deadlines are worked out once, when an event is written, and stand in it; replaying events needs no calendar.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from planning.incidents.case import Case, StepClock
from planning.incidents.clocks import CHINA_TIME, Clock
from planning.incidents.events import IncidentEvent
from planning.incidents.moves import State
from planning.incidents.states import apply
from planning.incidents.targets import Target
from planning.incidents.timetable import Timetable

STEP_OF: Mapping[State, str] = {
    "reported": "decide",
    "verified": "decide",
    "opened": "decide",
    "assigned": "accept",
    "accepted": "handle",
    "arrived": "handle",
    "handled": "handle",
    "fed-back": "check",
    "checked": "check",
}
"""Which step a state waits for; a case so urgent that arriving has a time of its own waits for that before."""
_BEGIN_ANEW = frozenset({"assigned", "reassigned", "returned", "moved", "recategorised", "reopened", "checked_bad"})
_WHOLE_ANEW = frozenset({"reported", "reopened", "recategorised"})


def timed(case: Case | None, event: IncidentEvent, *, timetable: Timetable) -> IncidentEvent:
    """Return an event with the clocks as they stand after it.

    Parameters
    ----------
    case
        Before the event; ``None`` before the report.
    event
        Without clocks.
    timetable

    Raises
    ------
    FaultsError
        If the move is not possible, as ``states.apply`` says.
    """
    after = apply(case, event)
    told = {**_whole(case, after, event, timetable), **_step(case, after, event, timetable)}
    return dataclasses.replace(event, payload={**event.payload, **told}) if told else event


def recomputed(case: Case, *, timetable: Timetable) -> dict[str, Any]:
    """Return the clocks that another calendar or other duty hours move, empty if none; an instant granted stays.

    Parameters
    ----------
    case
        Not paused, not ended.
    timetable
    """
    told: dict[str, Any] = {}
    if case.whole_since and case.workdays is not None and case.extended_until is None:
        whole = _whole_due(case, case.workdays, timetable)
        if datetime.fromisoformat(whole["due_at"]) != case.due_at or whole["provisional"] != case.is_provisional:
            told |= whole
    clock = case.clock
    if clock is not None and not clock.is_fixed:
        target = Target(clock.target, clock.kind, clock.warn_percent)
        again = _clock(clock.step, clock.since, clock.started_at, target, timetable)
        if again != clock:
            told["clock"] = again.as_data()
    return told


def _whole(case: Case | None, after: Case, event: IncidentEvent, timetable: Timetable) -> dict[str, Any]:
    """Return when the whole case is due, where an event says so anew."""
    if event.kind in _WHOLE_ANEW and after.extended_until is None:
        return _whole_due(after, timetable.categories[after.category].workdays, timetable)
    if event.kind != "resumed" or case is None or case.due_at is None or case.paused_since is None:
        return {}
    if case.extended_until is None and case.workdays is not None:
        return _whole_due(after, case.workdays, timetable)
    left = timetable.counted(case.paused_since, case.due_at, clock="working")
    due_at = timetable.due(event.at, Target(left, "working")) if left else case.due_at
    return {"due_at": _told(due_at)}


def _whole_due(case: Case, workdays: int, timetable: Timetable) -> dict[str, Any]:
    since = case.whole_since or case.reported_at
    due_at = timetable.due(since, Target(workdays, "working"), pauses=case.pauses)
    day = due_at.astimezone(CHINA_TIME).date()
    counted_by = {"calendar": timetable.calendar_of(day), "provisional": timetable.is_provisional(day)}
    return {"due_at": _told(due_at), "workdays": workdays, **counted_by}


def _step(case: Case | None, after: Case, event: IncidentEvent, timetable: Timetable) -> dict[str, Any]:
    """Return the clock of the step, where an event begins, moves or ends one."""
    before = case.clock if case else None
    if after.state == "paused":
        return {}
    step = _step_of(after, timetable)
    if step is None:
        return {"clock": None} if before else {}
    if event.kind == "extension_granted" and before and after.due_at:
        return {"clock": _extended(before, after, event, timetable).as_data()}
    if before is None or before.step != step or event.kind in _BEGIN_ANEW:
        target = timetable.target(step, category=after.category, severity=after.severity)
        return {"clock": _clock(step, event.seq, event.at, target, timetable).as_data() if target else None}
    if event.kind == "resumed" and case is not None and case.paused_since is not None:
        return {"clock": _gone_on(before, case.paused_since, event.at, timetable).as_data()}
    return {}


def _step_of(case: Case, timetable: Timetable) -> str | None:
    step = STEP_OF.get(case.state)
    has_way = timetable.target("arrive", category=case.category, severity=case.severity) is not None
    return "arrive" if case.state == "accepted" and has_way else step


def _clock(step: str, since: int, started_at: datetime, target: Target, timetable: Timetable) -> StepClock:
    due_at = timetable.due(started_at, target)
    warn_at = _warn_at(started_at, due_at, target.clock, target.warn_percent, timetable)
    provisional = target.clock == "working" and timetable.is_provisional(due_at.astimezone(CHINA_TIME).date())
    instants = (started_at.astimezone(UTC), due_at.astimezone(UTC), warn_at.astimezone(UTC))
    percent = target.warn_percent
    return StepClock(
        step, since, target.clock, target.amount, *instants, is_provisional=provisional, warn_percent=percent
    )


def _warn_at(started_at: datetime, due_at: datetime, clock: Clock, percent: int, timetable: Timetable) -> datetime:
    """Return when so much of the time has been counted."""
    whole = timetable.counted(started_at, due_at, clock=clock)
    return min(due_at, timetable.due(started_at, Target(whole * (percent / 100), clock)))


def _gone_on(clock: StepClock, paused_since: datetime, at: datetime, timetable: Timetable) -> StepClock:
    """Return the clock after a pause: what was left then is left now."""
    left = timetable.counted(paused_since, clock.due_at, clock=clock.kind)
    if not left:
        return clock
    return _clock(clock.step, clock.since, at, Target(left, clock.kind, clock.warn_percent), timetable)


def _extended(clock: StepClock, case: Case, event: IncidentEvent, timetable: Timetable) -> StepClock:
    """Return the clock that ends when the extension does, with a warning of its own."""
    until = datetime.fromisoformat(event.payload["until"]).astimezone(UTC)
    left = timetable.counted(event.at, until, clock=clock.kind)
    warn_at = _warn_at(event.at, until, clock.kind, clock.warn_percent, timetable).astimezone(UTC)
    instants = (event.at, until, warn_at)
    return StepClock(
        clock.step, case.version, clock.kind, left, *instants, is_fixed=True, warn_percent=clock.warn_percent
    )


def _told(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
