"""The state of a case: what each event makes of it, and which moves are possible next."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, cast

from gis.faults import Fault, FaultsError
from planning.incidents.case import Case, StepClock
from planning.incidents.effects import CHANGES, told_with
from planning.incidents.events import IncidentEvent
from planning.incidents.flows import FLOWS, move_of
from planning.incidents.move_data import data_faults
from planning.incidents.moves import ENDED, TRANSITIONS, Post, State, Transition

__all__ = ["ENDED", "TRANSITIONS", "Case", "apply", "possible", "replay", "told_with"]

_OF_A_REPORT = frozenset(
    {
        "id",
        "category",
        "subcategory",
        "severity",
        "lon",
        "lat",
        "cell",
        "township",
        "county_version",
        "flow",
        "channel",
        "level",
    }
)
_FACTS = ("matter", "proxy")
"""Of a matter."""
_NOBODYS: Mapping[str, Any] = MappingProxyType(
    {"assignment": None, "route_seconds": None, "handler": None, "asked_until": None, "asker": None}
)
_HANDS_BACK = frozenset({"opened", "assigned"})
"""Whoever had the case does not have it any more."""


def possible(case: Case, *, actor: str, posts: Collection[Post], now: datetime) -> tuple[str, ...]:
    """Return the moves that somebody may make, in the order of the table; data is held against it later.

    Parameters
    ----------
    case
    actor
        Account.
    posts
        All that they have.
    now
        Some moves end with the deadline.
    """
    return tuple(
        move
        for move, row in FLOWS[case.flow].items()
        if case.state in row.sources
        and any(post in row.posts for post in posts)
        and next(_person_faults(case, move, row, actor), None) is None
        and next(_time_faults(case, move, now), None) is None
    )


def apply(case: Case | None, event: IncidentEvent) -> Case:
    """Return the case after an event.

    Parameters
    ----------
    case
        ``None`` before the report.
    event
        Its payload tells ``actor`` and ``post`` beside the data of the move; without them it is the service's.

    Raises
    ------
    FaultsError
        If the move is not possible in this state, not for this person, too late, or its data is not as the table says.
    ValueError
        If the event is not the next one, or of a kind that no move writes.
    """
    expected = 1 if case is None else case.version + 1
    if event.seq != expected:
        raise ValueError(f"event {expected} expected, {event.seq} found")
    flow = _flow(case, event)
    move = move_of(event.kind, flow=flow) if flow in FLOWS else None
    if move is None:
        raise ValueError(f"no move writes {event.kind}")
    if found := list(_faults(case, move, event)):
        raise FaultsError(found)
    return _begun(FLOWS[flow][move], event) if case is None else _moved(case, FLOWS[flow][move], event)


def replay(events: Iterable[IncidentEvent]) -> Case:
    """Return where all events of a case, in order, lead to.

    Raises
    ------
    FaultsError
        If one of them is no legal move.
    ValueError
        If there are none, or one is missing.
    """
    case: Case | None = None
    for event in events:
        case = apply(case, event)
    if case is None:
        raise ValueError("a case has at least one event")
    return case


def _flow(case: Case | None, event: IncidentEvent) -> str:
    return case.flow if case else str(event.payload.get("flow") or "incident")


def _faults(case: Case | None, move: str, event: IncidentEvent) -> Iterator[Fault]:
    row, data = FLOWS[_flow(case, event)][move], told_with(event)
    actor, post = str(event.payload.get("actor") or ""), event.payload.get("post", "service")
    if (case is None) != (not row.sources) or (case is not None and case.state not in row.sources):
        yield _not_now(case, move)
        return
    if post not in row.posts or not (actor or post == "service"):
        params = {"move": move, "posts": ",".join(row.posts)}
        yield Fault("case-not-your-post", "incidents", field="move", value=str(post)[:40], params=params)
    wrong = list(data_faults(row, data, beside=True))
    yield from wrong
    if case is not None:
        yield from _person_faults(case, move, row, actor)
        yield from _time_faults(case, move, event.at)
        if not wrong:
            yield from _sense_faults(case, data, event.at)


def _not_now(case: Case | None, move: str) -> Fault:
    rows = FLOWS[case.flow].items() if case else ()
    sources = [name for name, row in rows if case and case.state in row.sources and row.target != "same"]
    params = {"move": move, "state": case.state if case else "none", "possible": ",".join(sources or ["none"])}
    return Fault("case-move-not-now", "incidents", field="move", value=move, params=params)


def _person_faults(case: Case, move: str, row: Transition, actor: str) -> Iterator[Fault]:
    """Yield why this person may not, whatever their post."""
    if row.person == "handler" and case.handler not in (None, actor):
        yield Fault("case-only-by-handler", "incidents", field="move", value=move, params={"move": move})
    if row.person == "not-handler" and actor in case.handlers:
        yield Fault("case-not-by-handler", "incidents", field="move", value=move, params={"move": move})
    if row.person == "not-asker" and case.asker is None:
        yield Fault("case-no-extension-asked", "incidents", field="move", value=move)
    if row.person == "not-asker" and case.asker == actor:
        yield Fault("case-not-by-asker", "incidents", field="move", value=move)


def _time_faults(case: Case, move: str, at: datetime) -> Iterator[Fault]:
    """Yield what comes too early, too late or twice."""
    if at < case.at:
        yield Fault("case-earlier-than-last", "incidents", field="at", value=at.isoformat())
    if move == "ask-extension" and case.asked_until is not None:
        yield Fault("case-extension-asked-already", "incidents", field="move", value=move)
    if move == "ask-extension" and case.due_at is not None and at >= case.due_at:
        yield Fault("case-past-deadline", "incidents", field="move", value=case.due_at.isoformat())
    if move == "rate" and case.stars is not None:
        yield Fault("case-rated-already", "incidents", field="move", value=move)


def _sense_faults(case: Case, data: Mapping[str, Any], at: datetime) -> Iterator[Fault]:
    """Yield data of the right form that makes no sense of this case."""
    for name in ("into", "parts"):
        if case.id in (data.get(name) or ()) if name == "parts" else data.get(name) == case.id:
            yield Fault("case-with-itself", "incidents", field=name, value=case.id)
    until = datetime.fromisoformat(data["until"]) if "until" in data else None
    if until is not None and until <= (case.due_at or at):
        yield Fault("case-extension-not-later", "incidents", field="until", value=data["until"][:40])


def _begun(row: Transition, event: IncidentEvent) -> Case:
    told = {name: value for name, value in event.payload.items() if name in _OF_A_REPORT and value is not None}
    facts = {name: event.payload[name] for name in _FACTS if name in event.payload}
    begun: dict[str, Any] = {
        "version": event.seq,
        "at": event.at,
        "reported_at": event.at,
        "whole_since": event.at,
        "facts": facts,
    }
    case = Case(state=cast("State", row.target), **begun, **told)
    return case.with_changes(_clocks(case, event))


def _moved(case: Case, row: Transition, event: IncidentEvent) -> Case:
    state = _state_after(case, row)
    told: dict[str, Any] = {"state": state, "version": event.seq, "at": event.at}
    if state in _HANDS_BACK and row.target not in ("before", "same"):
        told |= _NOBODYS
    if (changes := CHANGES.get(event.kind)) is not None:
        told |= changes(case, event)
    after = case.with_changes(told)
    return after.with_changes(clocks) if (clocks := _clocks(after, event)) else after


def _state_after(case: Case, row: Transition) -> State:
    if row.target == "same":
        return case.state
    return cast("State", case.paused_in) if row.target == "before" else row.target


def _clocks(case: Case, event: IncidentEvent) -> dict[str, Any]:
    """Return the clocks that an event carries; a new step has not been warned of and has not climbed."""
    told: dict[str, Any] = {}
    payload = event.payload
    if "clock" in payload:
        clock = StepClock.of_data(payload["clock"]) if payload["clock"] else None
        told["clock"] = clock
        if clock is None or case.clock is None or clock.since != case.clock.since:
            told |= {"warned": False, "climbs": 0, "climbs_at": None}
    if payload.get("due_at"):
        told["due_at"] = datetime.fromisoformat(payload["due_at"])
        if case.extended_until is not None:
            told["extended_until"] = told["due_at"]
    for name, of in (("workdays", "workdays"), ("calendar", "calendar"), ("is_provisional", "provisional")):
        if of in payload:
            told[name] = payload[of]
    return told
