"""The state of a case: what each event makes of it, and which moves are possible next."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, cast

from gis.faults import Fault, FaultsError
from planning.incidents.incident import IncidentEvent
from planning.incidents.move_data import data_faults
from planning.incidents.moves import ENDED, MOVE_OF, TRANSITIONS, Post, State, Transition

__all__ = ["ENDED", "TRANSITIONS", "Case", "apply", "possible", "replay", "told_with"]

_ABOUT_THE_MOVE = ("actor", "post", "key")
"""What every event of a move says beside its data: who, in which post, under which key of the sender."""
_HANDS_BACK = frozenset({"opened", "assigned"})
"""Whoever had the case does not have it any more."""


@dataclass(frozen=True)
class Case:
    """Where a case stands.

    Parameters
    ----------
    id
    state
    version
        Number of the latest event.
    at
        When it happened.
    assignee
        Person of the roster; ``None`` is the desk on duty, or nobody yet.
    handler, handlers
        Account that has accepted the case, and all that ever did: none of them may check it.
    due_at
        As it was last told; the clocks work it out.
    asked_until, asker
        An extension that waits for its answer, and who asked.
    paused_since, paused_in
        When and in which state.
    merged_into
        The case that goes on in its place.
    parts
        Cases that were split off.
    stars
        How the applicant rates what was done.
    """

    id: str
    state: State
    version: int
    at: datetime
    assignee: str | None = None
    handler: str | None = None
    handlers: frozenset[str] = frozenset()
    due_at: datetime | None = None
    asked_until: datetime | None = None
    asker: str | None = None
    paused_since: datetime | None = None
    paused_in: State | None = None
    merged_into: str | None = None
    parts: tuple[str, ...] = ()
    stars: int | None = None


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
        for move, row in TRANSITIONS.items()
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
    move = MOVE_OF.get(event.kind)
    if move is None:
        raise ValueError(f"no move writes {event.kind}")
    if found := list(_faults(case, move, event)):
        raise FaultsError(found)
    return _begun(event) if case is None else _moved(case, TRANSITIONS[move], event)


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


def _faults(case: Case | None, move: str, event: IncidentEvent) -> Iterator[Fault]:
    row, data = TRANSITIONS[move], told_with(event)
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
    sources = [name for name, row in TRANSITIONS.items() if case and case.state in row.sources]
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
    return Case(str(event.payload["id"]), "reported", event.seq, event.at)


def _moved(case: Case, row: Transition, event: IncidentEvent) -> Case:
    state = _state_after(case, row)
    after = dataclasses.replace(case, state=state, version=event.seq, at=event.at)
    if state in _HANDS_BACK and row.target not in ("before", "same"):
        after = dataclasses.replace(after, assignee=None, handler=None, asked_until=None, asker=None)
    changes = _CHANGES.get(event.kind)
    return dataclasses.replace(after, **changes(case, event)) if changes else after


def _state_after(case: Case, row: Transition) -> State:
    if row.target == "same":
        return case.state
    return cast("State", case.paused_in) if row.target == "before" else row.target


def _assigned(_case: Case, event: IncidentEvent) -> dict[str, Any]:
    due = event.payload.get("due_at")
    return {"assignee": event.payload["assignee_id"]} | ({"due_at": datetime.fromisoformat(due)} if due else {})


def _accepted(case: Case, event: IncidentEvent) -> dict[str, Any]:
    actor = str(event.payload["actor"])
    return {"handler": actor, "handlers": case.handlers | {actor}}


def _asked(_case: Case, event: IncidentEvent) -> dict[str, Any]:
    return {"asked_until": datetime.fromisoformat(event.payload["until"]), "asker": event.payload["actor"]}


_NOT_ASKED: Mapping[str, Any] = MappingProxyType({"asked_until": None, "asker": None})
_NOT_PAUSED: Mapping[str, Any] = MappingProxyType({"paused_since": None, "paused_in": None})

_CHANGES: Mapping[str, Callable[[Case, IncidentEvent], Mapping[str, Any]]] = {
    "assigned": _assigned,
    "reassigned": _assigned,
    "accepted": _accepted,
    "extension_asked": _asked,
    "extension_granted": lambda _case, event: {"due_at": datetime.fromisoformat(event.payload["until"]), **_NOT_ASKED},
    "extension_denied": lambda _case, _event: _NOT_ASKED,
    "handled": lambda _case, _event: _NOT_ASKED,
    "paused": lambda case, event: {"paused_since": event.at, "paused_in": case.state},
    "resumed": lambda _case, _event: _NOT_PAUSED,
    "voided": lambda _case, _event: _NOT_PAUSED,
    "merged": lambda _case, event: {"merged_into": event.payload["into"]},
    "split": lambda case, event: {"parts": (*case.parts, *event.payload["parts"])},
    "rated": lambda _case, event: {"stars": event.payload["stars"]},
    "reopened": lambda _case, _event: {"stars": None, "due_at": None},
}
"""What an event changes beside the state."""
