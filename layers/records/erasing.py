"""Erasing what is due: names and numbers of people whose day has come."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from layers.records.audit import Act, record
from layers.records.clock import now_of
from layers.records.database import Database
from layers.records.tables import secret as secret_table

_KEPT = secret_table.c.erased_at.is_(None)


@dataclass(frozen=True)
class Erased:
    """What a pass did.

    Parameters
    ----------
    count
        Values that were erased.
    following
        When the next one is due, ``None`` if none is kept until a day.
    """

    count: int
    following: datetime | None


def erase_due(database: Database, *, act: Act) -> Erased:
    """Erase every value whose day has come; that there was something stays.

    However often and by however many servers at once: whoever comes second waits for the first and finds nothing.

    Parameters
    ----------
    database
    act
        Recorded once with the count, if anything was erased.
    """
    with database.reading() as connection:
        following = _following(connection)
        if following is None or following > now_of(connection):
            return Erased(0, following)
    with database.writing() as connection:
        now = now_of(connection)
        due = update(secret_table).where(_KEPT, secret_table.c.erase_after <= now).values(value="", erased_at=now)
        count = connection.execute(due).rowcount
        if count:
            record(connection, replace(act, detail={"erased_values": count}), at=now)
        return Erased(count, _following(connection))


def _following(connection: Connection) -> datetime | None:
    found: datetime | None = connection.scalar(select(func.min(secret_table.c.erase_after)).where(_KEPT))
    return found
