"""Passes that a service makes again and again: whose turn it is among several servers, and when each was last made."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from layers.records.clock import now_of
from layers.records.database import Database
from layers.records.message_tables import ticker as ticker_table
from layers.records.servers import is_gone


class Ticker:
    """The turns of one server.

    A turn only spares work: what a pass does has to be harmless when two servers make it at once.

    Parameters
    ----------
    database
    owner
        Name of the server, from :func:`layers.records.servers.server_name`.
    lease
        So long a turn counts if its server does not say that it is over.
    """

    def __init__(self, database: Database, *, owner: str, lease: timedelta) -> None:
        self._database = database
        self._owner = owner
        self._lease = lease

    def begin(self, name: str) -> bool:
        """Take the turn of a pass; return whether it is ours."""
        table = ticker_table.c
        with self._database.reading() as connection:
            row = connection.execute(select(ticker_table).where(table.name == name)).first()
            is_held = row is not None and row.lease_owner not in (None, self._owner)
            if row is not None and is_held and row.lease_until > now_of(connection) and not is_gone(row.lease_owner):
                return False
        self._know(name, is_known=row is not None)
        with self._database.writing() as connection:
            now = now_of(connection)
            mine = {"lease_owner": self._owner, "lease_until": now + self._lease}
            same = (
                table.lease_owner.is_(None) if row is None else table.lease_owner.is_not_distinct_from(row.lease_owner)
            )
            free = or_(same, table.lease_until < now)
            return connection.execute(update(ticker_table).where(table.name == name, free).values(mine)).rowcount == 1

    def done(self, name: str, *, pos: int | None = None) -> None:
        """Say that a pass has come to its end, and up to where or by what it was made."""
        table = ticker_table.c
        with self._database.writing() as connection:
            over = {"last_at": now_of(connection), "lease_owner": None, "lease_until": None}
            made = {} if pos is None else {"last_pos": pos}
            mine = (table.name == name, table.lease_owner == self._owner)
            connection.execute(update(ticker_table).where(*mine).values({**over, **made}))

    def _know(self, name: str, *, is_known: bool) -> None:
        """Make the row of a pass that nobody has made yet."""
        if is_known:
            return
        try:
            with self._database.writing() as connection:
                connection.execute(insert(ticker_table).values(name=name, last_pos=0))
        except IntegrityError:
            return  # another server was faster


def last_made(database: Database, name: str) -> datetime | None:
    """Return when a pass was last made to its end by any server, ``None`` if never."""
    with database.reading() as connection:
        found: datetime | None = connection.scalar(select(ticker_table.c.last_at).where(ticker_table.c.name == name))
    return found


def last_position(database: Database, name: str) -> int:
    """Return up to where or by what a pass was last made, 0 if never."""
    with database.reading() as connection:
        found: int | None = connection.scalar(select(ticker_table.c.last_pos).where(ticker_table.c.name == name))
    return found or 0
