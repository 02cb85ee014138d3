"""Which cases somebody has to look at: read from the index of when each wakes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select, tuple_

from layers.records.database import Database
from layers.records.tables import incident as incident_table
from planning.incidents.moves import ENDED

_AT_A_TIME = 1000
_TABLE = incident_table.c


def waking(database: Database, *, now: datetime) -> Iterator[tuple[str, int]]:
    """Yield id and version of every case that wakes by now, the earliest first.

    Parameters
    ----------
    database
    now
    """
    after: tuple[datetime, str] | None = None
    while True:
        asked = select(_TABLE.id, _TABLE.seq, _TABLE.wakes_at).where(_TABLE.wakes_at <= now)
        if after is not None:
            asked = asked.where(tuple_(_TABLE.wakes_at, _TABLE.id) > after)
        with database.reading() as connection:
            rows = connection.execute(asked.order_by(_TABLE.wakes_at, _TABLE.id).limit(_AT_A_TIME)).all()
        yield from ((row.id, row.seq) for row in rows)
        if len(rows) < _AT_A_TIME:
            return
        after = (rows[-1].wakes_at, rows[-1].id)


def wakes_next(database: Database, *, now: datetime) -> datetime | None:
    """Return when the next case wakes after now, ``None`` if none does."""
    with database.reading() as connection:
        found: datetime | None = connection.scalar(select(func.min(_TABLE.wakes_at)).where(_TABLE.wakes_at > now))
    return found


def open_cases(database: Database) -> Iterator[str]:
    """Yield the id of every case that has not ended and does not rest, in the order of the ids."""
    after = ""
    while True:
        asked = select(_TABLE.id).where(_TABLE.id > after, _TABLE.seq.is_not(None))
        asked = asked.where(_TABLE.state.not_in([*ENDED, "paused"]))
        with database.reading() as connection:
            ids = connection.scalars(asked.order_by(_TABLE.id).limit(_AT_A_TIME)).all()
        yield from ids
        if len(ids) < _AT_A_TIME:
            return
        after = ids[-1]
