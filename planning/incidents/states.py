"""The state of a case: what each event makes of it, and which moves are possible next."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, cast

from gis.faults import Fault, FaultsError
from planning.incidents.assignment import CHOSEN_REASON, CHOSEN_RULE
from planning.incidents.case import Case, StepClock
from planning.incidents.events import Assignment, IncidentEvent, Level, Role
from planning.incidents.move_data import data_faults
from planning.incidents.moves import ENDED, FLOWS, TRANSITIONS, Post, State, Transition, move_of

__all__ = ["ENDED", "TRANSITIONS", "Case", "apply", "possible", "replay", "told_with"]

_ABOUT_THE_MOVE = ("actor", "post", "key")
"""What every event of a move says beside its data: who, in which post, under which key of the sender."""
_OF_A_REPORT = frozenset(
    {"id", "category", "subcategory", "severity", "lon", "lat", "cell", "township", "county_version", "flow", "channel"}
)
_NOBODYS: Mapping[str, Any] = MappingProxyType(
    {"assignment": None, "route_seconds": None, "handler": None, "asked_until": None, "asker": None}
)
_HANDS_BACK = frozenset({"opened", "assigned"})
"""Whoever had the case does not have it any more."""


def told_with(event: IncidentEvent) -> dict[str, Any]:
    """Return the data of a move, without who made it."""
    return {name: value for name, value in event.payload.items() if name not in _ABOUT_THE_MOVE}


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
    return _begun(event) if case is None else _moved(case, FLOWS[flow][move], event)


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


def _begun(event: IncidentEvent) -> Case:
    told = {name: value for name, value in event.payload.items() if name in _OF_A_REPORT and value is not None}
    case = Case(state="reported", version=event.seq, at=event.at, reported_at=event.at, whole_since=event.at, **told)
    return case.with_changes(_clocks(case, event))


def _moved(case: Case, row: Transition, event: IncidentEvent) -> Case:
    state = _state_after(case, row)
    told: dict[str, Any] = {"state": state, "version": event.seq, "at": event.at}
    if state in _HANDS_BACK and row.target not in ("before", "same"):
        told |= _NOBODYS
    if (changes := _CHANGES.get(event.kind)) is not None:
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


def _assigned(case: Case, event: IncidentEvent) -> dict[str, Any]:
    payload = event.payload
    person = payload["assignee_id"]
    level: Level = payload.get("level") or case.level
    role: Role = payload.get("role") or ("desk" if person is None else "chosen")
    why = (payload.get("rule") or CHOSEN_RULE, payload.get("reason") or CHOSEN_REASON)
    return {
        "assignment": Assignment(person, level, role, *why, payload.get("params") or {}),
        "level": level,
        "route_seconds": payload.get("route_seconds"),
        "tables": payload.get("tables") or {},
    }


def _placed(_case: Case, event: IncidentEvent) -> dict[str, Any]:
    payload = event.payload
    told = {name: payload[name] for name in ("lon", "lat")}
    where = ("cell", "township", "county_version")
    return told | {name: payload[name] for name in where if name in payload}


def _named(case: Case, event: IncidentEvent) -> dict[str, Any]:
    payload = event.payload
    return {
        "category": payload["category"],
        "subcategory": payload.get("subcategory"),
        "severity": payload.get("severity") or case.severity,
    }


def _escalated(case: Case, event: IncidentEvent) -> dict[str, Any]:
    following = event.payload.get("next_at")
    return {
        "level": event.payload["to_level"],
        "climbs": case.climbs + 1,
        "climbs_at": datetime.fromisoformat(following) if following else None,
    }


def _accepted(case: Case, event: IncidentEvent) -> dict[str, Any]:
    actor = str(event.payload["actor"])
    return {"handler": actor, "handlers": case.handlers | {actor}}


def _asked(_case: Case, event: IncidentEvent) -> dict[str, Any]:
    return {"asked_until": datetime.fromisoformat(event.payload["until"]), "asker": event.payload["actor"]}


def _extended(_case: Case, event: IncidentEvent) -> dict[str, Any]:
    until = datetime.fromisoformat(event.payload["until"])
    return {"due_at": until, "extended_until": until, **_NOT_ASKED}


_BEGUN_ANEW: Mapping[str, Any] = MappingProxyType(
    {"stars": None, "due_at": None, "pauses": (), "extended_until": None, "clock": None}
)
_NOT_ASKED: Mapping[str, Any] = MappingProxyType({"asked_until": None, "asker": None})
_NOT_PAUSED: Mapping[str, Any] = MappingProxyType({"paused_since": None, "paused_in": None})

_CHANGES: Mapping[str, Callable[[Case, IncidentEvent], Mapping[str, Any]]] = {
    "assigned": _assigned,
    "reassigned": _assigned,
    "accepted": _accepted,
    "extension_asked": _asked,
    "extension_granted": _extended,
    "extension_denied": lambda _case, _event: _NOT_ASKED,
    "handled": lambda _case, _event: _NOT_ASKED,
    "paused": lambda case, event: {"paused_since": event.at, "paused_in": case.state},
    "resumed": lambda case, event: {**_NOT_PAUSED, "pauses": (*case.pauses, (case.paused_since, event.at))},
    "voided": lambda _case, _event: _NOT_PAUSED,
    "merged": lambda _case, event: {"merged_into": event.payload["into"]},
    "split": lambda case, event: {"parts": (*case.parts, *event.payload["parts"])},
    "rated": lambda _case, event: {"stars": event.payload["stars"]},
    "reopened": lambda _case, event: {**_BEGUN_ANEW, "whole_since": event.at},
    "moved": _placed,
    "recategorised": _named,
    "warned": lambda _case, _event: {"warned": True},
    "escalated": _escalated,
    "road_closed": lambda _case, event: {"road": told_with(event)},
    "road_opened": lambda _case, _event: {"road": None},
}
"""What an event changes beside the state."""
