"""All cases of a database as a stream: a few hundred in memory at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update

from layers.records.audit import Act, record
from layers.records.case_rows import events_of, lock_case, standing
from layers.records.database import Database
from layers.records.tables import incident as incident_table
from planning.incidents.events import IncidentEvent
from planning.incidents.states import replay

_AT_A_TIME = 500
_C = incident_table.c


@dataclass(frozen=True)
class StoredCase:
    """A case as it rests: its row, and everything that happened.

    Parameters
    ----------
    id, key, channel
    stands
        What its row says of where it stands, by column.
    events
        In order.
    """

    id: str
    key: str
    channel: str
    stands: Mapping[str, Any]
    events: Sequence[IncidentEvent]


def stored_cases(database: Database, *, but: Collection[str] = ()) -> Iterator[list[StoredCase]]:
    """Yield all cases in the order of their ids, in batches that are read one by one.

    Parameters
    ----------
    database
    but
        Channels that are left out.
    """
    last = ""
    while True:
        with database.reading() as connection:
            asked = select(incident_table).where(_C.id > last, _C.channel.not_in(list(but))).order_by(_C.id)
            rows = connection.execute(asked.limit(_AT_A_TIME)).all()
            events = events_of(connection, [row.id for row in rows])
        if not rows:
            return
        yield [
            StoredCase(row.id, row.idempotency_key, row.channel, dict(row._mapping), events.get(row.id, []))
            for row in rows
        ]
        last = rows[-1].id


def mend(database: Database, ids: Sequence[str], *, act: Act) -> int:
    """Write where some cases stand by their events, which are right, and return how many rows that changed."""
    mended = 0
    with database.writing() as connection:
        for one in ids:
            lock_case(connection, one)
        for one, events in events_of(connection, ids).items():
            changed = update(incident_table).where(_C.id == one).values(standing(replay(events)))
            mended += connection.execute(changed).rowcount
        if mended:
            record(connection, Act(act.actor, act.action, act.object_kind, act.object_id, {"count": mended}))
    return mended


def count_cases(database: Database, *, but: Collection[str] = ()) -> int:
    """Return how many cases there are."""
    with database.reading() as connection:
        asked = select(func.count()).select_from(incident_table).where(_C.channel.not_in(list(but)))
        return connection.scalar(asked) or 0
