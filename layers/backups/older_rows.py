"""All rows of a server in a SQLite file, whichever revision of the tables they are in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Connection, DateTime, MetaData, Table, event, make_url

from layers.backups.records_copy import contents, copy_records, lock_tables
from layers.backups.sqlite_copy import file_url, settle
from layers.records.database_faults import DatabaseDownError
from layers.records.engines import engine_for
from layers.records.revisions import upgrade_tables
from layers.records.tables import JSON_COLUMN, UtcDateTime


def copy_older_rows(source: Connection, target: Path, *, revision: str) -> None:
    """Copy all rows of all tables of a revision; the program of that revision could go on with the file.

    Which tables those are the migrations up to that revision say: what else stands in the database is not ours.

    Parameters
    ----------
    source
        In a transaction on a server. Nobody writes from here until it ends: what is copied is what is migrated.
    target
        A file that is not there yet.
    revision
        Of the source.

    Raises
    ------
    DatabaseDownError
        If what was written is not what was read.
    OSError, SQLAlchemyError
        If there is no room for the target, or a table is lacking.
    """
    engine = engine_for(make_url(file_url(target)))
    try:
        with engine.begin() as into:
            upgrade_tables(into, revision=revision)
            tables = _tables_in(into)
            lock_tables(source, tables)
            copy_records(source, into, tables=tables)
            if contents(source, tables=tables) != contents(into, tables=tables):
                raise DatabaseDownError("failing")
    finally:
        engine.dispose()
    settle(target)


def _tables_in(connection: Connection) -> list[Table]:
    """Return the tables of a SQLite file with the types that both kinds of database understand."""
    found = MetaData()
    event.listen(found, "column_reflect", _give_our_type)
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def _give_our_type(_inspector: object, _table: object, column: dict[str, Any]) -> None:
    if isinstance(column["type"], DateTime):
        column["type"] = UtcDateTime()
    elif isinstance(column["type"], JSON):
        column["type"] = JSON_COLUMN
