"""A case of the past from the instants that a file tells: as events, by the same table of moves as any other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from planning.incidents.case import Case
from planning.incidents.events import Assignment, IncidentEvent, Level, assigned
from planning.incidents.moves import TRANSITIONS
from planning.incidents.states import apply
from planning.incidents.timetable import Timetable
from planning.incidents.timing import timed

HISTORY = "history"
"""Channel of a case that was closed, or begun, before it came here; also who acted, since files name nobody."""
HISTORY_RULE, HISTORY_REASON = "history", "taken-over"
"""Who really had it is not known: it stands with the desk."""
_CHECKED = f"{HISTORY}-check"


@dataclass(frozen=True)
class Past:
    """When the steps of a case were done, as far as a file tells; later ones are never earlier.

    Parameters
    ----------
    accepted_at, arrived_at, handled_at, closed_at
        Aware.
    outcome
        Code of the result.
    has_person
        Whether somebody could be told of it.
    """

    accepted_at: datetime | None = None
    arrived_at: datetime | None = None
    handled_at: datetime | None = None
    closed_at: datetime | None = None
    outcome: str = "solved"
    has_person: bool = False

    def begun(self) -> bool:
        """Whether anything is told."""
        return any((self.accepted_at, self.arrived_at, self.handled_at, self.closed_at))


def past_events(report: IncidentEvent, past: Past, *, timetable: Timetable) -> list[IncidentEvent]:
    """Return the events of a case of the past, with their clocks.

    Parameters
    ----------
    report
        The first, without its clocks.
    past
        What is not told was done when the next was: a case that was closed has been accepted, handled and checked.
    timetable
        In force now: what was in force then is not known.
    """
    first = timed(None, report, timetable=timetable)
    case, events = apply(None, first), [first]
    for move, at, data in ((None, report.at, {}), *_steps(past)):
        event = _desk(case) if move is None else _event(case, move, at, data)
        events.append(timed(case, event, timetable=timetable))
        case = apply(case, events[-1])
    return events


def _desk(case: Case) -> IncidentEvent:
    level: Level = "township" if case.township else "county"
    params = {"township_id": case.township} if case.township else {}
    desk = Assignment(None, level, "desk", HISTORY_RULE, HISTORY_REASON, params)
    return assigned(desk, seq=case.version + 1, at=case.at, route_seconds=None)


def _steps(past: Past) -> Iterator[tuple[str, datetime, Mapping[str, Any]]]:
    accepted = past.accepted_at or past.arrived_at or past.handled_at or past.closed_at
    if accepted is not None:
        yield "accept", accepted, {}
    if past.arrived_at is not None:
        yield "arrive", past.arrived_at, {}
    handled = past.handled_at or past.closed_at
    if handled is not None:
        yield "handle", handled, {"outcome": past.outcome}
        yield "feed-back", handled, {"outcome": "told" if past.has_person else "nobody-to-tell"}
    if past.closed_at is not None:
        yield "check-good", past.closed_at, {}
        yield "close", past.closed_at, {}


def _event(case: Case, move: str, at: datetime, data: Mapping[str, Any]) -> IncidentEvent:
    actor = _CHECKED if move == "check-good" else HISTORY
    about = {"actor": actor, "post": "township-desk", **data}
    return IncidentEvent(case.version + 1, TRANSITIONS[move].kind, at, about)
