"""Leave as records: asked for, decided on, withdrawn; two spans of one person never overlap."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, or_, select, update

from gis.faults import Fault, FaultsError, Param
from layers.records.audit import Act, record
from layers.records.conflicts import ConflictError
from layers.records.database import Database
from layers.records.staff_rows import count_change, counter_of, leave_of, refuse_moved_on
from layers.records.tables import incident as incident_table
from layers.records.tables import leave as leave_table
from planning.incidents.clocks import CHINA_TIME
from planning.incidents.moves import ENDED
from planning.incidents.staff import Leave, LeaveReason, LeaveState

LAYER = "staff"
_OPEN: tuple[LeaveState, ...] = ("asked", "approved")


@dataclass(frozen=True)
class NewLeave:
    """Leave that somebody asks for, for themselves or for another; without an end until told otherwise."""

    person_id: str
    from_at: datetime
    until_at: datetime | None
    reason: LeaveReason = "personal"
    stand_in: str | None = None


@dataclass(frozen=True)
class LeaveChange:
    """What is changed at once: new leave with its state, and states of leave that there is.

    Parameters
    ----------
    new
    decided
        Ids with their new states.
    expected_count
        Of changes of leave that the caller knew; ``None`` does not ask.
    """

    new: Sequence[tuple[NewLeave, LeaveState]] = ()
    decided: Sequence[tuple[str, LeaveState]] = ()
    expected_count: int | None = None

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self.new or self.decided)


@dataclass(frozen=True)
class OpenCase:
    """A case that somebody has not ended."""

    id: str
    state: str
    category: str
    seq: int
    due_at: datetime | None


class LeaveStore:
    """Leave in a database; who may ask and decide is the caller's to ask.

    Parameters
    ----------
    database
        As ``open_database`` returns it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, leave_id: str) -> Leave:
        """Return one leave.

        Raises
        ------
        FaultsError
            ``unknown-leave``.
        """
        with self._database.reading() as connection:
            return _get(connection, leave_id)

    def listed(
        self, *, since: datetime, people: Collection[str] | None = None, states: Collection[str] = ()
    ) -> list[Leave]:
        """Return leave that has not ended by then, by its beginning; of some people or in some states only.

        Parameters
        ----------
        since
        people
            ``None`` for all.
        states
            None for all.
        """
        asked = select(leave_table).where(or_(leave_table.c.until_at.is_(None), leave_table.c.until_at > since))
        if states:
            asked = asked.where(leave_table.c.state.in_(list(states)))
        with self._database.reading() as connection:
            rows = connection.execute(asked.order_by(leave_table.c.from_at, leave_table.c.id))
            found = [leave_of(row) for row in rows]
        return found if people is None else [leave for leave in found if leave.person_id in people]

    def ask(self, new: NewLeave, *, act: Act, now: datetime) -> Leave:
        """Ask for leave.

        Raises
        ------
        FaultsError
            ``leave-overlaps``: the other leave by its days.
        """
        with self._database.writing() as connection:
            count_change(connection, "leave", now)  # first: it lets one transaction at a time change the staff
            leave = _insert(connection, new, act, now)
            record(connection, act.about(leave.id), at=now)
        return leave

    def counter(self) -> int:
        """Return how often leave has changed."""
        with self._database.reading() as connection:
            return counter_of(connection, "leave")

    def save(self, change: LeaveChange, *, act: Act, now: datetime) -> None:
        """Add and decide on leave of many people at once, all or none.

        Parameters
        ----------
        change
        act
            Recorded once, with how much it was.
        now

        Raises
        ------
        ConflictError
            ``staff-moved-on`` if leave has changed since the caller looked.
        FaultsError
            ``leave-overlaps``, ``unknown-leave``.
        """
        with self._database.writing() as connection:
            count_change(connection, "leave", now)
            if change.expected_count is not None:
                refuse_moved_on(connection, "leave", change.expected_count)
            for one, state in change.new:
                leave = _insert(connection, one, act, now)
                if state != "asked":
                    _set(connection, leave, state, act, now)
            for leave_id, state in change.decided:
                _set(connection, _get(connection, leave_id), state, act, now)
            detail = {"new": len(change.new), "decided": len(change.decided)}
            record(connection, dataclasses.replace(act, detail={**detail, **act.detail}), at=now)

    def decide(self, leave_id: str, state: LeaveState, *, expected_version: int, act: Act, now: datetime) -> Leave:
        """Approve, deny or withdraw leave.

        Parameters
        ----------
        leave_id
        state
            ``approved``, ``denied`` or ``withdrawn``; what is approved or asked for may be withdrawn, and nothing else
            be decided twice.
        expected_version
            Of the leave as the caller saw it.
        act
        now

        Raises
        ------
        ConflictError
            ``leave-moved-on``.
        FaultsError
            ``unknown-leave``; ``leave-decided-already``.
        """
        with self._database.writing() as connection:
            count_change(connection, "leave", now)
            leave = _get(connection, leave_id)
            if leave.version != expected_version:
                told: dict[str, Param] = {"current": leave.version}
                value = str(expected_version)
                raise ConflictError(
                    [Fault("leave-moved-on", LAYER, field="expected_version", value=value, params=told)]
                )
            if leave.state not in (_OPEN if state == "withdrawn" else ("asked",)):
                raise FaultsError([Fault("leave-decided-already", LAYER, field="state", value=leave.state)])
            decided = _set(connection, leave, state, act, now)
            record(connection, act.about(leave_id), at=now)
        return decided

    def open_cases(self, person_id: str) -> list[OpenCase]:
        """Return the cases that somebody has and that have not ended, the one that is due first before the others."""
        table = incident_table.c
        asked = (
            select(table.id, table.state, table.category, table.seq, table.due_at)
            .where(table.assignee == person_id, table.state.notin_(ENDED))
            .order_by(table.due_at, table.created_at, table.id)
        )
        with self._database.reading() as connection:
            return [OpenCase(row.id, row.state, row.category, row.seq, row.due_at) for row in connection.execute(asked)]


def busy_people(database: Database) -> frozenset[str]:
    """Return the people who are on a case at this moment: they have accepted it, or are at the place."""
    at_work = incident_table.c.state.in_(("accepted", "arrived"))
    asked = select(incident_table.c.assignee).distinct().where(at_work, incident_table.c.assignee.is_not(None))
    with database.reading() as connection:
        return frozenset(connection.scalars(asked))


def _insert(connection: Connection, new: NewLeave, act: Act, now: datetime) -> Leave:
    if faults := list(_overlaps(connection, new)):
        raise FaultsError(faults)
    row = {
        "id": uuid.uuid4().hex,
        "person_id": new.person_id,
        "from_at": new.from_at,
        "until_at": new.until_at,
        "reason": new.reason,
        "stand_in": new.stand_in,
        "state": "asked",
        "asked_by": act.actor.account_id,
        "asked_at": now,
        "version": 1,
    }
    connection.execute(insert(leave_table).values(row))
    return _get(connection, str(row["id"]))


def _overlaps(connection: Connection, new: NewLeave) -> Iterator[Fault]:
    """Yield each leave of the same person that has an instant in common."""
    mine = leave_table.c.person_id == new.person_id, leave_table.c.state.in_(_OPEN)
    for row in connection.execute(select(leave_table).where(*mine).order_by(leave_table.c.from_at)):
        other = leave_of(row)
        if other.overlaps(new.from_at, new.until_at):
            yield overlap(new.person_id, other)


def overlap(person_id: str, other: Leave) -> Fault:
    """Return the refusal of leave that overlaps another, which is named by its days."""
    until = _minute(other.until_at) if other.until_at else "…"
    params: dict[str, Param] = {"from": _minute(other.from_at), "until": until, "state": other.state}
    return Fault("leave-overlaps", LAYER, field="from_at", value=person_id, params=params)


def _minute(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA_TIME):%Y-%m-%d %H:%M}"


def _set(connection: Connection, leave: Leave, state: LeaveState, act: Act, now: datetime) -> Leave:
    values = {
        "state": state,
        "decided_by": act.actor.account_id,
        "decided_at": now,
        "version": leave.version + 1,
    }
    connection.execute(update(leave_table).where(leave_table.c.id == leave.id).values(values))
    return _get(connection, leave.id)


def _get(connection: Connection, leave_id: str) -> Leave:
    asked = select(leave_table).where(leave_table.c.id == leave_id)
    found = connection.execute(asked).first() if leave_id.isalnum() else None
    if found is None:
        raise FaultsError([Fault("unknown-leave", LAYER, field="leave", value=leave_id[:40])])
    return leave_of(found)
