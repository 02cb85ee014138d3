"""The pass over the clocks: warns of what is nearly due and lets climb what is overdue, however often it is made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from layers.records.audit import Act, Actor
from layers.records.case_wakes import waking
from layers.records.conflicts import ConflictError
from layers.records.database import Database
from layers.records.incidents import IncidentStore
from planning.incidents.case import Case
from planning.incidents.escalation import ServiceMove, next_move, rests_until
from planning.incidents.timetable import Timetable
from planning.incidents.timing import timed


@dataclass(frozen=True, slots=True)
class Done:
    """What the pass did with a case.

    Parameters
    ----------
    case
        After it.
    move
    """

    case: Case
    move: ServiceMove


@dataclass
class Resting:
    """Cases that have nothing to be done before an instant: looked at again then, or when they have moved.

    What falls due at the close of duty stays due all night; reading all of it twice a minute would help nobody.
    """

    until: dict[str, tuple[int, datetime]] = field(default_factory=dict)

    def rests(self, name: str, version: int, *, now: datetime) -> bool:
        """Tell whether a case of this version is known to have nothing to be done now."""
        known = self.until.get(name)
        return known is not None and known[0] == version and now < known[1]


def escalate_due(
    database: Database,
    store: IncidentStore,
    *,
    timetable: Timetable,
    actor: Actor,
    now: datetime,
    resting: Resting | None = None,
) -> Iterator[Done]:
    """Make every move that the clocks ask for, and yield each as it is stored.

    Two servers may do this at once, and one may be killed anywhere: each move has a key that follows from its step, so
    that it is stored once, with its messages; what is left undone is due again.

    Parameters
    ----------
    database, store
    timetable
        Of the duty hours in force.
    actor
        Whose rows in the audit these are.
    now
    resting
        What earlier passes of this server have found; kept up to date.
    """
    known = resting or Resting()
    seen: dict[str, tuple[int, datetime]] = {}
    for name, version in waking(database, now=now):
        if known.rests(name, version, now=now):
            seen[name] = known.until[name]
            continue
        case = store.get(name)
        while case is not None and (move := next_move(case, timetable=timetable, now=now)) is not None:
            moved = _stored(store, case, move, timetable=timetable, actor=actor, now=now)
            if moved is not None:
                yield Done(moved, move)
            case = moved
        if case is not None and case.clock is not None and case.wakes_at is not None and case.wakes_at <= now:
            seen[name] = (case.version, rests_until(case.clock, timetable=timetable, now=now))
    known.until = seen


def _stored(
    store: IncidentStore, case: Case, move: ServiceMove, *, timetable: Timetable, actor: Actor, now: datetime
) -> Case | None:
    """Store a move and return the case after it, ``None`` if somebody else moved the case meanwhile."""
    event = timed(case, move.event(case, now=now), timetable=timetable)
    act = Act(actor, f"incident.{move.kind}", "incident", detail={"step": move.data["step"]})
    try:
        after, is_new = store.append(case.id, [event], expected_seq=case.version, key=move.key, act=act)
    except ConflictError:
        return None  # whatever it was: the next pass looks at the case as it is then
    return after if is_new else None
