"""Which persons of the roster an account stands for."""

from __future__ import annotations

from sqlalchemy import or_, select

from layers.records.clock import now_of
from layers.records.database import Database
from layers.records.tables import person as person_table


def persons_of(database: Database, account_id: str | None) -> frozenset[str]:
    """Return the persons of the roster that an account stands for and who have not ended; nobody in solo mode."""
    if account_id is None:
        return frozenset()
    with database.reading() as connection:
        at_work = or_(person_table.c.ended_at.is_(None), person_table.c.ended_at > now_of(connection))
        mine = select(person_table.c.id).where(person_table.c.account_id == account_id, at_work)
        return frozenset(connection.scalars(mine))
