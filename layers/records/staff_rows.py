"""Rows of the staff as the planning floor knows them, and the counter that tells whether any of them has changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, insert, select, update

from gis.faults import Fault
from layers.records.conflicts import ConflictError
from layers.records.tables import leave as leave_table
from layers.records.tables import person as person_table
from layers.records.tables import post as post_table
from layers.records.tables import ticker
from layers.records.tables import unit as unit_table
from planning.incidents.staff import Leave, Person, Post, Unit

PERSON = "person"
"""Kind under which names and telephone numbers rest among the secrets."""
NAME, PHONE = "name", "phone"
COUNTER: Mapping[str, str] = {"all": "staff", "posts": "staff posts", "leave": "staff leave"}
"""Rows of the ticker that count changes."""


@dataclass(frozen=True)
class StaffRows:
    """Everything that is kept of the staff but names and numbers.

    Parameters
    ----------
    counter
        Of changes, when the rows were read.
    people, posts, units
    leaves
        Approved and asked for.
    """

    counter: int
    people: Sequence[Person]
    posts: Sequence[Post]
    leaves: Sequence[Leave]
    units: Sequence[Unit]


def count_change(connection: Connection, what: Literal["posts", "leave"], now: datetime) -> None:
    """Note in a writing transaction that something has changed."""
    for name in (COUNTER["all"], COUNTER[what]):
        more = {"last_pos": ticker.c.last_pos + 1, "last_at": now}
        if connection.execute(update(ticker).where(ticker.c.name == name).values(more)).rowcount == 0:
            connection.execute(insert(ticker).values(name=name, last_at=now, last_pos=1))


def counter_of(connection: Connection, what: Literal["all", "posts", "leave"] = "all") -> int:
    """Return how often something has changed: one row by its key."""
    found = connection.scalar(select(ticker.c.last_pos).where(ticker.c.name == COUNTER[what]))
    return int(found or 0)


def refuse_moved_on(connection: Connection, what: Literal["posts", "leave"], expected: int) -> None:
    """Refuse a change, which has been counted already, if there was another since the caller looked.

    Raises
    ------
    ConflictError
        ``staff-moved-on``.
    """
    found = counter_of(connection, what) - 1
    if found != expected:
        raise moved_on(expected, found)


def moved_on(expected: int, found: int) -> ConflictError:
    """Return the refusal of a change by somebody who was not first."""
    told = {"current": found}
    return ConflictError([Fault("staff-moved-on", "staff", field="expected_version", value=str(expected), params=told)])


def read_staff(connection: Connection) -> StaffRows:
    """Return all rows in one state."""
    counting = leave_table.c.state.in_(("approved", "asked"))
    return StaffRows(
        counter_of(connection),
        [person_of(row) for row in connection.execute(select(person_table))],
        [post_of(row) for row in connection.execute(select(post_table))],
        [leave_of(row) for row in connection.execute(select(leave_table).where(counting))],
        [unit_of(row) for row in connection.execute(select(unit_table))],
    )


def departments_now(connection: Connection, *, now: datetime) -> frozenset[str]:
    """Return the codes of the departments that there are at an instant."""
    has_ended = unit_table.c.ended_at <= now
    asked = select(unit_table.c.id).where(unit_table.c.kind == "department", has_ended.is_not(True))
    return frozenset(connection.scalars(asked))


def person_of(row: Row[Any]) -> Person:
    """Return a row as a person."""
    return Person(row.id, row.origin, row.account_id, row.ended_at, row.version)


def post_of(row: Row[Any]) -> Post:
    """Return a row as a post."""
    return Post(row.id, row.person_id, row.post, row.area_kind, row.area_code, row.from_on, row.until_on)


def leave_of(row: Row[Any]) -> Leave:
    """Return a row as leave."""
    return Leave(row.id, row.person_id, row.from_at, row.until_at, row.reason, row.stand_in, row.state, row.version)


def unit_of(row: Row[Any]) -> Unit:
    """Return a row as a unit."""
    return Unit(row.id, row.kind, row.name, row.lon, row.lat, tuple(row.areas), row.origin, row.ended_at)
