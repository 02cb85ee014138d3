"""The records of a database in use at one instant, as a SQLite file whatever the kind of the database."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, inspect, make_url, select

from gis.faults import Fault, FaultsError
from layers.backups.records_copy import TableContent, contents, copy_records, our_tables, reading_file
from layers.backups.sqlite_copy import copy_sqlite, file_url, settle
from layers.records.database import Database, allow_longer, open_database
from layers.records.engines import engine_for
from layers.records.revisions import newest_revision, revision_of
from layers.records.tables import file as file_table

LONGEST_STATEMENT_S = 600.0
"""Of a copy; a report may take a few seconds only."""


@dataclass(frozen=True)
class Snapshot:
    """What was copied.

    Parameters
    ----------
    kind
        ``sqlite`` or ``postgresql``: where the records rested.
    revision
        Of the tables.
    tables
        What they hold; empty if they are older than this program's.
    """

    kind: str
    revision: str
    tables: dict[str, TableContent] = field(default_factory=dict)


def snapshot_records(url: str, target: Path) -> Snapshot | None:
    """Copy the records at one instant; nobody who reports waits for it.

    Parameters
    ----------
    url
        As for ``open_database``. Nothing in the database is changed, its tables are not brought up to date.
    target
        A file that is not there yet.

    Returns
    -------
    Snapshot or None
        ``None`` if there are no records: no database, or one without our tables.

    Raises
    ------
    DatabaseDownError
        If the database cannot be read, or was made by a newer program.
    FaultsError
        ``backup-older-tables`` for PostgreSQL with the tables of an older program.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _copy_of_file(Path(str(parsed.database)), target)
    source = Database(engine_for(parsed))
    try:
        with source.reading() as connection:
            # Sees what was committed before its first statement, and nothing of what comes after.
            frozen = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            return _copy_of_rows(frozen, target)
    finally:
        source.close()


def revision_of_file(path: Path) -> str | None:
    """Return the revision of the tables in a SQLite file at rest, as ``revision_of``."""
    with reading_file(path) as connection:
        return revision_of(connection)


def named_files(path: Path) -> list[str]:
    """Return the SHA-256 of the files that the records in a SQLite file at rest name; older tables name none."""
    with reading_file(path) as connection:
        if not inspect(connection).has_table(file_table.name):
            return []
        return list(connection.scalars(select(file_table.c.sha).order_by(file_table.c.sha)))


def contents_of_file(path: Path) -> dict[str, TableContent]:
    """Return what our tables hold in a SQLite file at rest; its tables must be this program's."""
    with reading_file(path) as connection:
        return contents(connection, tables=our_tables())


def _copy_of_file(source: Path, target: Path) -> Snapshot | None:
    if not source.is_file() or source.stat().st_size == 0:
        return None
    copy_sqlite(source, target)
    revision = revision_of_file(target)
    if revision is None:
        target.unlink()
        return None
    return Snapshot("sqlite", revision, contents_of_file(target) if revision == newest_revision() else {})


def _copy_of_rows(connection: Connection, target: Path) -> Snapshot | None:
    allow_longer(connection, LONGEST_STATEMENT_S)
    revision = revision_of(connection)
    if revision is None:
        return None
    if revision != newest_revision():
        raise FaultsError([Fault("backup-older-tables", value=revision, params={"newest": newest_revision()})])
    copy = open_database(file_url(target))
    try:
        with copy.writing() as into:
            copy_records(connection, into, tables=our_tables())
    finally:
        copy.close()
    settle(target)
    return Snapshot("postgresql", revision, contents_of_file(target))
