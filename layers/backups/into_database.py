"""Restored records into another database: tables and rows in one transaction."""

from __future__ import annotations

from pathlib import Path

from alembic.util import CommandError
from sqlalchemy import Connection, make_url

from gis.faults import Fault, FaultsError
from layers.backups.records_copy import contents, copy_records, lock_tables, our_tables
from layers.backups.snapshot import LONGEST_STATEMENT_S
from layers.backups.sqlite_copy import file_url
from layers.records.database import Database, allow_longer, open_database
from layers.records.database_faults import DatabaseDownError
from layers.records.engines import engine_for
from layers.records.revisions import lock_migrations, upgrade_tables


def move_records(file: Path, url: str) -> None:
    """Copy the records of a SQLite file into a database that has no tables yet, or empty ones.

    Tables and rows appear together, or neither: whoever is killed meanwhile leaves the database as it was.

    A restore that was killed after this and before its folder had its name can be repeated: a database that holds
    exactly these records already is left as it is.

    Parameters
    ----------
    file
        Its tables are brought up to date.
    url
        As for ``open_database``.

    Raises
    ------
    FaultsError
        ``restore-database-used`` if other records are there.
    DatabaseDownError
        If the database does not answer, or was made by a newer program.
    """
    source = open_database(file_url(file))
    target = Database(engine_for(make_url(url)))
    try:
        with source.reading() as rows, target.writing() as connection:
            _copy_into(rows, connection, url=_spoken(target))
    except CommandError as error:
        raise DatabaseDownError("other-version") from error
    finally:
        source.close()
        target.close()


def _copy_into(rows: Connection, connection: Connection, *, url: str) -> None:
    tables = our_tables()
    allow_longer(connection, LONGEST_STATEMENT_S)
    lock_migrations(connection)
    upgrade_tables(connection)
    lock_tables(connection, tables)  # nobody reports in between
    wanted, there = contents(rows, tables=tables), contents(connection, tables=tables)
    if there == wanted:
        return
    used = sum(table.rows for table in there.values())
    if used:
        raise FaultsError([Fault("restore-database-used", value=url, params={"count": used})])
    copy_records(rows, connection, tables=tables)
    if contents(connection, tables=tables) != wanted:
        raise FaultsError([Fault("restore-not-the-same", value=url)])


def _spoken(database: Database) -> str:
    return database.engine.url.set(query={}).render_as_string(hide_password=True)
