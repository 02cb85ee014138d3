"""An invented case: a plausible life by the real table of moves and the real clocks, and never an impossible one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from planning.incidents.bulk.example_choices import CALM, TOO_LATE, Choice, choices_of
from planning.incidents.case import Case
from planning.incidents.clocks import Clock
from planning.incidents.escalation import next_move, rests_until
from planning.incidents.events import Assignment, IncidentEvent, Severity, incident_id, reported
from planning.incidents.moves import TRANSITIONS
from planning.incidents.states import apply
from planning.incidents.targets import Target
from planning.incidents.timetable import Timetable
from planning.incidents.timing import timed

EXAMPLE = "example"
"""Channel of an invented case, and part of its id: wherever either is shown, it is told apart from a real one."""
_MOST_EVENTS = 40
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place where something may happen.

    Parameters
    ----------
    lon, lat
        Degrees, WGS-84.
    cell, village, township
        Codes; ``None`` outside every cell.
    workers
        Persons of the roster: A, then B.
    """

    lon: float
    lat: float
    cell: str | None = None
    village: str | None = None
    township: str | None = None
    workers: Sequence[str] = ()


@dataclass(frozen=True)
class Beginning:
    """How an invented case begins.

    Parameters
    ----------
    number
        Within its month: part of the id.
    at
        When it is reported, aware.
    spot
    category, severity
    county_version
        Of the layers that the spot was read from.
    channel
    """

    number: int
    at: datetime
    spot: Spot
    category: str
    severity: Severity
    county_version: str
    channel: str = EXAMPLE


@dataclass
class _Life:
    """A case while it is being invented."""

    begun: Beginning
    draw: Random
    timetable: Timetable
    until: datetime
    others: Sequence[str]
    case: Case | None = None
    events: list[IncidentEvent] = field(default_factory=list)

    def add(self, event: IncidentEvent) -> Case:
        told = timed(self.case, event, timetable=self.timetable)
        self.case = apply(self.case, told)
        self.events.append(told)
        return self.case


def invented(
    begun: Beginning, *, draw: Random, timetable: Timetable, until: datetime, others: Sequence[str] = ()
) -> tuple[IncidentEvent, ...]:
    """Return the events of an invented case, up to an instant at most.

    Parameters
    ----------
    begun
    draw
        Where chance comes from: the same state gives the same life.
    timetable
    until
        Nothing happens later.
    others
        Ids of earlier cases, with one of which it may turn out to be the same.

    Returns
    -------
    tuple of IncidentEvent
        Legal from the first to the last, with their clocks.
    """
    life = _Life(begun, draw, timetable, until, others)
    case = life.add(_report(begun))
    if draw.random() < 0.92:
        case = life.add(_assigned(life, case, begun.at, post="service"))
    haste = draw.choices((0.2, 0.6, 4.0), (5, 4, 1))[0]
    while len(life.events) < _MOST_EVENTS:
        choice = _next(life, case)
        if choice is None:
            break
        at = _after(case, choice.minutes * haste * draw.uniform(0.3, 1.7), timetable)
        case = _woken(life, case, min(at, until))
        if at > until:
            break
        is_late = choice.move == "ask-extension" and case.due_at is not None and at >= case.due_at
        case = life.add(_event(life, case, TOO_LATE if is_late else choice, max(at, case.at)))
    return tuple(life.events)


def _report(begun: Beginning) -> IncidentEvent:
    spot = begun.spot
    return reported(
        incident_id(begun.at, suffix=f"{EXAMPLE}-{begun.number:05d}"),
        at=begun.at,
        category=begun.category,
        lon=spot.lon,
        lat=spot.lat,
        cell=spot.cell,
        county_version=begun.county_version,
        township=spot.township,
        severity=begun.severity,
        channel=begun.channel,
        actor=_account("desk", spot.township),
        post="township-desk",
    )


def _next(life: _Life, case: Case) -> Choice | None:
    """Return what happens next, ``None`` if nothing does any more."""
    found = [one for one in choices_of(case) if one.move != "merge" or life.others]
    if not found or (case.has_ended and life.draw.random() < CALM):
        return None
    return life.draw.choices(found, [one.weight for one in found])[0]


def _after(case: Case, minutes: float, timetable: Timetable) -> datetime:
    """Return when something is done: in duty hours, an emergency at once."""
    kind: Clock = "calendar" if case.severity == "emergency" else "working"
    return timetable.due(case.at, Target(round(minutes * 60) * timedelta(seconds=1), kind))


def _woken(life: _Life, case: Case, until: datetime) -> Case:
    """Return the case after what the service does by itself before an instant."""
    while case.clock is not None and case.wakes_at is not None and len(life.events) < _MOST_EVENTS:
        at = rests_until(case.clock, timetable=life.timetable, now=max(case.wakes_at, case.at))
        move = next_move(case, timetable=life.timetable, now=at) if at <= until else None
        if move is None:
            break
        case = life.add(move.event(case, now=at))
    return case


def _event(life: _Life, case: Case, choice: Choice, at: datetime) -> IncidentEvent:
    if choice.move in ("assign", "reassign"):
        return _assigned(life, case, at, post="township-desk", **choice.data)
    data = {**choice.data, **_drawn(life, case, choice.move, at)}
    actor = _actor(case, choice)
    return IncidentEvent(
        case.version + 1, TRANSITIONS[choice.move].kind, at, {"actor": actor, "post": choice.post, **data}
    )


def _drawn(life: _Life, case: Case, move: str, at: datetime) -> dict[str, Any]:
    """Return the data of a move that chance decides."""
    draw = life.draw
    told: dict[str, Any] = {}
    if move == "ask-extension":
        later = max(case.due_at or at, at)
        told["until"] = life.timetable.due(later, Target(draw.randint(1, 5), "working")).isoformat()
    elif move == "grant-extension":
        told["until"] = (case.asked_until or at).isoformat()
    elif move == "rate":
        told["stars"] = draw.choices((5, 4, 3, 2, 1), (50, 25, 12, 8, 5))[0]
    elif move == "merge":
        told["into"] = draw.choice(life.others)
    elif move == "move":
        told |= {"lon": round(case.lon + draw.uniform(-2e-3, 2e-3), 6), "lat": case.lat, "cell": case.cell}
    elif move == "recategorise":
        told["category"] = draw.choice([name for name in life.timetable.categories if name != case.category])
    return told


def _assigned(life: _Life, case: Case, at: datetime, *, post: str, **told: Any) -> IncidentEvent:
    one = _whom(life, is_again=bool(told))
    about: Mapping[str, Any] = {
        "assignee_id": one.assignee_id,
        "level": one.level,
        "role": one.role,
        "rule": one.rule,
        "reason": one.reason,
        "params": dict(one.params),
        "route_seconds": None if one.assignee_id is None else life.draw.randint(60, 1500),
    }
    actor = {} if post == "service" else {"actor": _account("desk", case.township)}
    return IncidentEvent(case.version + 1, TRANSITIONS["reassign" if told else "assign"].kind, at, {
        **actor, "post": post, **about, **told,
    })  # fmt: skip


def _whom(life: _Life, *, is_again: bool) -> Assignment:
    spot = life.begun.spot
    village = {"village_id": spot.village} if spot.village else {}
    if spot.cell is None or spot.township is None:
        return Assignment(None, "county", "desk", "county-desk", "outside-cells")
    if is_again and len(spot.workers) > 1:
        return Assignment(spot.workers[1], "grid", "B", "grid-worker-b", "a-off-duty", village)
    if spot.workers:
        return Assignment(spot.workers[0], "grid", "A", "grid-worker-a", "a-on-duty", village)
    told = {**village, "township_id": spot.township}
    return Assignment(None, "township", "desk", "township-desk", "no-roster", told)


def _actor(case: Case, choice: Choice) -> str:
    """Return the account that acts: whoever has the case, a desk, or a checker; the handler never checks."""
    if choice.post == "grid-worker":
        return case.handler or _account("worker", case.assignee)
    return _account("checker" if choice.post == "checker" else "desk", case.township)


def _account(what: str, of: str | None) -> str:
    return f"{EXAMPLE}-{what}-{of or 'county'}"[:32]
