"""A row of every table, whatever its columns: what a backup must keep of accounts, runs, files and all the rest."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Connection, Double, String, insert

from layers.backups.records_copy import TableContent, contents, our_tables
from layers.content_files import FILES, content_path
from layers.records.audit import COMMAND_LINE, Act, record
from layers.records.database import Database, open_database
from layers.records.tables import UtcDateTime, metadata

OTHERS = (
    *("account", "role_grant", "session", "throttle", "file", "run", "document"),
    *("scenario", "scenario_revision", "scenario_share", "adoption", "publication", "comment", "secret"),
)
"""All tables but those of incidents and of the audit, which have rules of their own; the order is that of writing."""
_REFERRING = {"account_id": "account.id", "scenario_id": "scenario.id"}
DETAIL = {"p": 1.0, "gap": 1e23, "share": 0.1, "names": ["乡镇", None, True], "none": {}, "small": -0.0}
"""Figures that one kind of database gives back as whole numbers and another as it was given them."""


def write_rows(url: str, data_dir: Path, *, count: int) -> None:
    """Write rows of every table and the files that runs name."""
    database = open_database(url)
    for number in range(count):
        write_one_of_each(database, data_dir, number)
    database.close()


def write_one_of_each(database: Database, data_dir: Path, number: int) -> None:
    """Write a file, then one row of every table in one transaction, as a service would."""
    content = content_of(number)
    path = content_path(data_dir, hashlib.sha256(content).hexdigest())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    with database.writing() as connection:
        add_one_of_each(connection, number)
        record(connection, Act(COMMAND_LINE, "run.asked", "run", _name("run.id", number), DETAIL))


def add_one_of_each(connection: Connection, number: int) -> None:
    """Add a row to every table that has no rule of its own."""
    for name in OTHERS:
        columns = metadata.tables[name].columns
        connection.execute(insert(metadata.tables[name]).values({one.name: _value(one, number) for one in columns}))


def content_of(number: int) -> bytes:
    """Return the result of a run."""
    return f"result {number} 结果".encode() * 50


def files_of(data_dir: Path) -> dict[str, bytes]:
    """Return the files by content in a data folder."""
    return {path.name: path.read_bytes() for path in (data_dir / FILES).rglob("*") if path.is_file()}


def contents_of(url: str) -> dict[str, TableContent]:
    """Return what every table holds."""
    database = open_database(url)
    with database.reading() as connection:
        found = contents(connection, tables=our_tables())
    database.close()
    return found


def _value(column: Column[Any], number: int) -> Any:
    """Return a value of a column's type that differs from row to row."""
    if column.name == "sha" or column.name.endswith("_sha"):
        return hashlib.sha256(content_of(number)).hexdigest()
    if column.name in _REFERRING:
        return _name(_REFERRING[column.name], number)
    if isinstance(column.type, UtcDateTime):
        return datetime(2026, 11, 29, 20, 0, 0, 123456, tzinfo=UTC) + timedelta(seconds=number)
    if isinstance(column.type, JSON):
        return None if column.nullable and number % 2 else DETAIL
    if isinstance(column.type, Boolean):
        return number % 2 == 0
    if isinstance(column.type, Double):
        return number / 7
    return _name(str(column), number)[: column.type.length] if isinstance(column.type, String) else number


def _name(column: str, number: int) -> str:
    return hashlib.sha256(f"{column} {number}".encode()).hexdigest()[:32]
