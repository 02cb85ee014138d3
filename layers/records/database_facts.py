"""What can be told of a database and of what waits in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, func, select, text

from layers.records.database import Database
from layers.records.revisions import revision_of
from layers.records.tables import audit as audit_table
from layers.records.tables import run as run_table

BACKUP_MADE = "backup.made"
"""Action of the audit under which a backup is recorded."""


@dataclass(frozen=True)
class LastBackup:
    """The last backup that was made.

    Parameters
    ----------
    at
    file
        Where it was put.
    """

    at: datetime
    file: str


@dataclass(frozen=True)
class DatabaseFacts:
    """What can be told of a database.

    Parameters
    ----------
    kind, version
        Such as ``sqlite`` and ``3.45.1``.
    revision
        Of the tables.
    size_bytes
    off_s
        How many seconds its clock is ahead of this machine's, ``None`` where it has none of its own.
    runs
        How many there are in each state.
    backup
        ``None`` if none was ever made.
    """

    kind: str
    version: str
    revision: str
    size_bytes: int
    off_s: float | None
    runs: Mapping[str, int]
    backup: LastBackup | None


def database_facts(database: Database) -> DatabaseFacts:
    """Return what can be told of a database now.

    Raises
    ------
    DatabaseDownError
        If it does not answer.
    """
    with database.reading() as connection:
        return DatabaseFacts(
            kind=connection.dialect.name,
            version=".".join(map(str, connection.dialect.server_version_info or ())),
            revision=str(revision_of(connection)),
            size_bytes=_size(database, connection),
            off_s=_clock(connection),
            runs=_runs(connection),
            backup=_last_backup(connection),
        )


def _size(database: Database, connection: Connection) -> int:
    if connection.dialect.name != "sqlite":
        return int(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)
    file = Path(str(database.engine.url.database))
    files = (file, *(file.with_name(f"{file.name}-{end}") for end in ("wal", "shm")))
    return sum(one.stat().st_size for one in files if one.exists())


def _clock(connection: Connection) -> float | None:
    """Return how far the clock of another machine is ahead, measured at the middle of the question."""
    if connection.dialect.name == "sqlite":
        return None
    before = datetime.now(UTC)
    there = connection.scalar(text("SELECT clock_timestamp()"))
    middle = before + (datetime.now(UTC) - before) / 2
    return float((there - middle).total_seconds()) if there is not None else None


def _runs(connection: Connection) -> dict[str, int]:
    asked = select(run_table.c.state, func.count()).group_by(run_table.c.state).order_by(run_table.c.state)
    return {str(row[0]): int(row[1]) for row in connection.execute(asked)}


def _last_backup(connection: Connection) -> LastBackup | None:
    made = select(audit_table.c.at, audit_table.c.detail).where(audit_table.c.action == BACKUP_MADE)
    row = connection.execute(made.order_by(audit_table.c.pos.desc()).limit(1)).first()
    return LastBackup(row.at, str(row.detail.get("file", ""))) if row else None
