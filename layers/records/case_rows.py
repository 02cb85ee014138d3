"""Cases and their events as rows: written once, and where each case stands beside what was reported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, text, update

from layers.records.tables import incident as incident_table
from layers.records.tables import incident_event as event_table
from planning.incidents.case import Case
from planning.incidents.events import IncidentEvent

_FEED_LOCK = 371424_003
"""Key of the advisory lock that lets one transaction of a PostgreSQL database lengthen the feed at a time."""
_AT_A_TIME = 500


_NEW_CASE, _NEW_EVENTS = insert(incident_table), insert(event_table)
_OF_KEY = select(incident_table.c.id).where(incident_table.c.idempotency_key == bindparam("key"))
_LAST_POSITION = select(func.max(event_table.c.pos))
_STANDS = [
    "lon",
    "lat",
    "cell",
    "category",
    "severity",
    "state",
    "level",
    "township",
    "assignee",
    "handler",
    "unit",
    "step",
    "step_due_at",
    "due_at",
    "wakes_at",
    "is_provisional",
    "merged_into",
    "road",
    "seq",
    "updated_pos",
    "updated_at",
]
_MOVED_CASE = (
    update(incident_table)
    .where(incident_table.c.id == bindparam("of"))
    .values({name: bindparam(f"new_{name}") for name in _STANDS})
)
"""Built once: a statement that is made anew each time costs more than what it does."""


def insert_case(
    connection: Connection, case: Case, events: Sequence[IncidentEvent], *, key: str, stored_at: datetime
) -> None:
    """Write a new case with its first events and where they lead to.

    Parameters
    ----------
    connection
        In a writing transaction.
    case
        After the last of `events`.
    events
    key
        The reporter's.
    stored_at
    """
    pos = last_position(connection)
    connection.execute(_NEW_CASE, [case_row(case, events, key=key, pos=pos, stored_at=stored_at)])
    connection.execute(_NEW_EVENTS, list(event_rows(case.id, events, pos=pos, key=None, stored_at=stored_at)))


def case_row(case: Case, events: Sequence[IncidentEvent], *, key: str, pos: int, stored_at: datetime) -> dict[str, Any]:
    """Return the row of a new case: as it came in, and where its first events lead to; `pos` is that before them."""
    row = {
        "id": case.id,
        "idempotency_key": key,
        "county_version": case.county_version,
        "created_at": case.reported_at,
        "flow": case.flow,
        "channel": case.channel,
    }
    return row | standing(case) | {"updated_pos": pos + len(events), "updated_at": stored_at}


def append_events(
    connection: Connection, case: Case, events: Sequence[IncidentEvent], *, key: str | None, stored_at: datetime
) -> None:
    """Write events of a case and where they lead to.

    Parameters
    ----------
    connection, case, events, stored_at
        As for ``insert_case``.
    key
        The sender's for the first of `events`.
    """
    pos = last_position(connection)
    connection.execute(_NEW_EVENTS, list(event_rows(case.id, events, pos=pos, key=key, stored_at=stored_at)))
    stands = standing(case) | {"updated_pos": pos + len(events), "updated_at": stored_at}
    connection.execute(_MOVED_CASE, [{f"new_{name}": value for name, value in stands.items()} | {"of": case.id}])


def event_rows(
    incident_id: str, events: Sequence[IncidentEvent], *, pos: int, key: str | None, stored_at: datetime
) -> Iterator[dict[str, Any]]:
    """Yield the rows of a case's events, which come after position `pos` of the feed."""
    for n, event in enumerate(events, start=1):
        yield {
            "incident_id": incident_id,
            "seq": event.seq,
            "kind": event.kind,
            "at": event.at,
            "payload": dict(event.payload),
            "pos": pos + n,
            "stored_at": stored_at,
            "actor": event.payload.get("actor"),
            "device_key": key if n == 1 else None,
        }


def standing(case: Case) -> dict[str, Any]:
    """Return where a case stands, as its row tells it."""
    return {
        "lon": case.lon,
        "lat": case.lat,
        "cell": case.cell,
        "category": case.category,
        "severity": case.severity,
        "state": case.state,
        "level": case.level,
        "township": case.township,
        "assignee": case.assignee,
        "handler": case.handler,
        "step": case.clock.step if case.clock else None,
        "step_due_at": None if case.state == "paused" or case.clock is None else case.clock.due_at,
        "due_at": case.due_at,
        "wakes_at": case.wakes_at,
        "is_provisional": case.is_provisional or bool(case.clock and case.clock.is_provisional),
        "merged_into": case.merged_into,
        "road": case.road["road"] if case.road else None,
        "unit": case.unit,
        "seq": case.version,
    }


def lock_case(connection: Connection, incident_id: str) -> None:
    """Let others who move the same case wait until the transaction ends; SQLite has one writer anyway."""
    connection.execute(select(incident_table.c.id).where(incident_table.c.id == incident_id).with_for_update())


def events_of(connection: Connection, ids: Sequence[str]) -> dict[str, list[IncidentEvent]]:
    """Return everything that happened to some cases, in order, by their ids."""
    found: dict[str, list[IncidentEvent]] = {}
    for start in range(0, len(ids), _AT_A_TIME):
        rows = connection.execute(
            select(event_table)
            .where(event_table.c.incident_id.in_(ids[start : start + _AT_A_TIME]))
            .order_by(event_table.c.incident_id, event_table.c.seq)
        )
        for key, group in groupby(rows, key=lambda row: str(row.incident_id)):
            found[key] = [event_of(row) for row in group]
    return found


def event_of(row: Row[Any]) -> IncidentEvent:
    """Return an event from its row."""
    return IncidentEvent(row.seq, row.kind, row.at, row.payload)


def case_of_key(connection: Connection, key: str) -> str | None:
    """Return the id of the case that was reported under a key."""
    return connection.scalar(_OF_KEY, {"key": key})


def event_of_key(connection: Connection, incident_id: str, key: str) -> IncidentEvent | None:
    """Return the event that a sender has already stored under a key of theirs."""
    mine = (event_table.c.incident_id == incident_id) & (event_table.c.device_key == key)
    found = connection.execute(select(event_table).where(mine)).first()
    return event_of(found) if found else None


def last_position(connection: Connection) -> int:
    """Return the position of the latest event of all cases.

    On PostgreSQL whoever writes events holds a lock from here to the end of the transaction: positions come in the
    order in which events become visible, and no reader of the feed passes over one that comes late.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _FEED_LOCK})
    return connection.scalar(_LAST_POSITION) or 0
