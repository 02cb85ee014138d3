"""Records from one database into another of any kind, and a digest by which both can be compared."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Column, Connection, Table, bindparam, create_engine, insert, select, text
from sqlalchemy.dialects.postgresql import JSONB

from layers.records.plain import plain
from layers.records.tables import metadata

_BATCH = 1000
_DIGEST_BITS = 256


@dataclass(frozen=True)
class TableContent:
    """What a table holds, the same for the same rows in whatever order and database.

    Parameters
    ----------
    rows
        Their number.
    sha256
        Sum of the SHA-256 of all rows modulo 2²⁵⁶, hexadecimal.
    """

    rows: int
    sha256: str


def our_tables() -> list[Table]:
    """Return our tables, those that others refer to first."""
    return list(metadata.sorted_tables)


def copy_records(source: Connection, target: Connection, *, tables: Sequence[Table]) -> None:
    """Copy all rows of tables, in batches.

    Parameters
    ----------
    source
        In a transaction that sees one state.
    target
        In a transaction, its tables empty.
    tables
        In the order of ``our_tables``.
    """
    for table in tables:
        into = insert(table).values({column.name: _bound(column) for column in table.columns})
        for rows in _batches(source, table):
            target.execute(into, [{f"new_{name}": value for name, value in row.items()} for row in rows])
        _go_on_counting(target, table)


def contents(connection: Connection, *, tables: Sequence[Table]) -> dict[str, TableContent]:
    """Return what each table holds, by its name."""
    return {table.name: _content(connection, table) for table in tables}


def lock_tables(connection: Connection, tables: Sequence[Table]) -> None:
    """Let nobody else write into tables until the transaction ends; they may read. On SQLite nobody can anyway."""
    if connection.dialect.name != "postgresql":
        return
    names = ", ".join(connection.dialect.identifier_preparer.format_table(table) for table in tables)
    connection.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))


@contextmanager
def reading_file(path: Path) -> Iterator[Connection]:
    """Yield a connection to a SQLite file at rest that leaves every byte of it as it is."""
    uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(uri, uri=True))
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _batches(connection: Connection, table: Table) -> Iterator[list[Mapping[str, Any]]]:
    ordered = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=_BATCH)
    for part in connection.execute(ordered).mappings().partitions():
        yield [dict(row) for row in part]


def _bound(column: Column[Any]) -> Any:
    """Return the parameter of a value; an empty JSON column stays empty and does not become JSON's null."""
    if isinstance(column.type, JSON) and column.nullable:
        kind = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
        return bindparam(f"new_{column.name}", type_=kind)
    return bindparam(f"new_{column.name}", type_=column.type)


def _go_on_counting(target: Connection, table: Table) -> None:
    """Let PostgreSQL number new rows after those that were copied."""
    counted = table.autoincrement_column
    if target.dialect.name != "postgresql" or counted is None:
        return
    sequence = target.scalar(
        text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": table.name, "column": counted.name}
    )
    last = target.scalar(select(counted).order_by(counted.desc()).limit(1))
    if sequence is not None and last is not None:
        target.execute(text("SELECT setval(CAST(:sequence AS regclass), :last)"), {"sequence": sequence, "last": last})


def _content(connection: Connection, table: Table) -> TableContent:
    count, total = 0, 0
    for rows in _batches(connection, table):
        count += len(rows)
        total += sum(_row_number(row) for row in rows)
    return TableContent(count, f"{total % 2**_DIGEST_BITS:064x}")


def _row_number(row: Mapping[str, Any]) -> int:
    canonical = json.dumps(plain(row), ensure_ascii=False, sort_keys=True)
    return int.from_bytes(hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).digest(), "big")
