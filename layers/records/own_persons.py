"""Which persons of the roster an account stands for."""

from __future__ import annotations

from sqlalchemy import select

from layers.records.database import Database
from layers.records.tables import person as person_table


def persons_of(database: Database, account_id: str | None) -> frozenset[str]:
    """Return the persons of the roster that an account stands for; nobody in solo mode."""
    if account_id is None:
        return frozenset()
    mine = (person_table.c.account_id == account_id) & person_table.c.ended_at.is_(None)
    with database.reading() as connection:
        return frozenset(connection.scalars(select(person_table.c.id).where(mine)))
