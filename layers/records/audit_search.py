"""The audit as it is looked through: newest first, filtered, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, Select, func, select

from layers.records.database import Database
from layers.records.tables import account as account_table
from layers.records.tables import audit as audit_table

NOBODY = "-"
"""Stands for whoever acts without an account: solo mode and the command line."""
A_PAGE = 100
_AT_ONCE = 2000
"""Rows read in one statement where all are read: short enough for the limits of a database."""


@dataclass(frozen=True)
class AuditFilter:
    """Which rows are asked for; what is empty does not narrow them.

    Parameters
    ----------
    person
        Id of an account, or ``NOBODY``.
    action, object_kind, object_id
    since, until
        Aware; ``until`` itself is left out.
    """

    person: str = ""
    action: str = ""
    object_kind: str = ""
    object_id: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class AuditEntry:
    """One row.

    Parameters
    ----------
    pos, at, account_id, session_id, action, object_kind, object_id, from_addr, detail
        As the row says.
    """

    pos: int
    at: datetime
    account_id: str | None
    session_id: str | None
    action: str
    object_kind: str
    object_id: str
    from_addr: str
    detail: Mapping[str, Any]


@dataclass(frozen=True)
class AuditPage:
    """Some rows, newest first.

    Parameters
    ----------
    entries
    is_newest, is_oldest
        Whether nothing newer, or nothing older, is left.
    """

    entries: tuple[AuditEntry, ...]
    is_newest: bool
    is_oldest: bool


class AuditLog:
    """The audit in a database, for reading.

    Parameters
    ----------
    database
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(
        self, asked: AuditFilter, *, before: int | None = None, after: int | None = None, limit: int = A_PAGE
    ) -> AuditPage:
        """Return the newest rows, or those next to a position.

        Parameters
        ----------
        asked
        before, after
            A position: rows older than it, or rows newer than it; the newest of all if neither is given.
        limit
        """
        pos = audit_table.c.pos
        matching = _matching(asked)
        if after is not None:
            rows = self._read(matching.where(pos > after).order_by(pos.asc()).limit(limit + 1))
            shown = tuple(reversed(rows[:limit]))
            return AuditPage(shown, is_newest=len(rows) <= limit, is_oldest=False)
        older = matching if before is None else matching.where(pos < before)
        rows = self._read(older.order_by(pos.desc()).limit(limit + 1))
        return AuditPage(tuple(rows[:limit]), is_newest=before is None, is_oldest=len(rows) <= limit)

    def all(self, asked: AuditFilter, *, most: int) -> Iterator[AuditEntry]:
        """Yield every matching row, newest first, few of them in memory at a time."""
        pos, before, left = audit_table.c.pos, None, most
        while left > 0:
            older = _matching(asked) if before is None else _matching(asked).where(pos < before)
            rows = self._read(older.order_by(pos.desc()).limit(min(_AT_ONCE, left)))
            yield from rows
            if len(rows) < min(_AT_ONCE, left):
                return
            before, left = rows[-1].pos, left - len(rows)

    def actions(self) -> list[str]:
        """Return every action there is, in order."""
        return self._distinct(audit_table.c.action)

    def kinds(self) -> list[str]:
        """Return every kind of object there is, in order."""
        return self._distinct(audit_table.c.object_kind)

    def names(self) -> dict[str, str]:
        """Return what everybody is called, by account."""
        with self._database.reading() as connection:
            rows = connection.execute(select(account_table.c.id, account_table.c.name, account_table.c.display))
            return {row.id: row.display if row.display == row.name else f"{row.display} ({row.name})" for row in rows}

    def _distinct(self, column: Column[str]) -> list[str]:
        """Return the values of an indexed column by leaping from one to the next, however many rows there are."""
        found: list[str] = []
        with self._database.reading() as connection:
            following = connection.scalar(select(func.min(column)))
            while following is not None:
                found.append(following)
                following = connection.scalar(select(func.min(column)).where(column > following))
        return found

    def _read(self, asked: Select[Any]) -> list[AuditEntry]:
        with self._database.reading() as connection:
            return [_entry(row) for row in connection.execute(asked)]


def _matching(asked: AuditFilter) -> Select[Any]:
    return select(*_COLUMNS).where(*_conditions(asked))


_COLUMNS = tuple(column for column in audit_table.c if column.name not in ("prev_hash", "hash"))


def _conditions(asked: AuditFilter) -> Iterator[ColumnElement[bool]]:
    rows = audit_table.c
    if asked.person:
        yield rows.account_id.is_(None) if asked.person == NOBODY else rows.account_id == asked.person
    if asked.action:
        yield rows.action == asked.action
    if asked.object_kind:
        yield rows.object_kind == asked.object_kind
    if asked.object_id:
        yield rows.object_id == asked.object_id
    if asked.since is not None:
        yield rows.at >= asked.since
    if asked.until is not None:
        yield rows.at < asked.until


def _entry(row: Row[Any]) -> AuditEntry:
    return AuditEntry(**row._asdict())
