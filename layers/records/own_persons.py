"""Which persons of the roster an account stands for, and what accounts are called."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import or_, select

from layers.records.clock import now_of
from layers.records.database import Database
from layers.records.tables import account as account_table
from layers.records.tables import person as person_table


def persons_of(database: Database, account_id: str | None) -> frozenset[str]:
    """Return the persons of the roster that an account stands for and who have not ended; nobody in solo mode."""
    if account_id is None:
        return frozenset()
    with database.reading() as connection:
        at_work = or_(person_table.c.ended_at.is_(None), person_table.c.ended_at > now_of(connection))
        mine = select(person_table.c.id).where(person_table.c.account_id == account_id, at_work)
        return frozenset(connection.scalars(mine))


def displays_of(database: Database, accounts: Collection[str]) -> dict[str, str]:
    """Return what others see of accounts, those that there are."""
    if not accounts:
        return {}
    asked = select(account_table.c.id, account_table.c.display).where(account_table.c.id.in_(list(accounts)))
    with database.reading() as connection:
        return {row.id: row.display for row in connection.execute(asked)}
