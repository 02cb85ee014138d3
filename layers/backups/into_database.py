"""Restored records into a database server, in one transaction."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, text

from gis.faults import Fault, FaultsError
from layers.backups.records_copy import contents, copy_records, our_tables
from layers.backups.snapshot import LONGEST_STATEMENT_S, file_url
from layers.records.database import Database, allow_longer, open_database


def move_records(file: Path, url: str) -> None:
    """Copy the records of a SQLite file into a database whose tables are empty.

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
        If the database does not answer.
    """
    source, target = open_database(file_url(file)), None
    try:
        target = open_database(url)
        with source.reading() as rows, target.writing() as connection:
            _copy_into(rows, connection, url=_spoken(target))
    finally:
        source.close()
        if target is not None:
            target.close()


def _copy_into(rows: Connection, connection: Connection, *, url: str) -> None:
    tables = our_tables()
    allow_longer(connection, LONGEST_STATEMENT_S)
    if connection.dialect.name == "postgresql":  # nobody reports in between
        names = ", ".join(connection.dialect.identifier_preparer.format_table(table) for table in tables)
        connection.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))
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
