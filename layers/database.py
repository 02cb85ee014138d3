"""One database for records: a SQLite file by default, PostgreSQL (with PostGIS or without) by URL."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from sqlite3 import SQLITE_BUSY, OperationalError
from sqlite3 import Connection as SqliteConnection

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text

BUSY_TIMEOUT_S = 10

_MIGRATIONS = Path(__file__).parent / "migrations"
_MIGRATION_LOCK = 371424_001
"""Key of the advisory lock that lets one process migrate a PostgreSQL database at a time."""


class Database:
    """An engine together with the rule for writing: one writer of a SQLite file at a time.

    The lock is fair where SQLite's own waiting is not: without it the 99th percentile of
    a write was 20 times longer under load.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._one_writer = threading.Lock() if engine.dialect.name == "sqlite" else None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection that sees one state and keeps no writer waiting."""
        with self.engine.connect() as connection:
            yield connection.execution_options(read_only=True)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Yield a connection in a transaction: committed at the end, rolled back on an error."""
        if self._one_writer is None:
            with self.engine.begin() as connection:
                yield connection
        else:
            with self._one_writer, self.engine.begin() as connection:
                yield connection

    def close(self) -> None:
        """Close all pooled connections."""
        self.engine.dispose()


def sqlite_url(data_dir: Path) -> str:
    """Return the URL of the default database in a data directory."""
    return URL.create("sqlite", database=str(data_dir / "app.sqlite")).render_as_string()


def open_database(url: str) -> Database:
    """Open a database and bring its tables up to date; safe when several processes start at once.

    Parameters
    ----------
    url
        ``sqlite:///path/to/app.sqlite`` (created with its folder) or ``postgresql://…``.

    Raises
    ------
    ValueError
        If the URL names another kind of database, or a SQLite database without a file.
    sqlalchemy.exc.OperationalError
        If the database does not answer.
    """
    database = Database(_connect(make_url(url)))
    try:
        _migrate(database)
    except BaseException:
        database.close()
        raise
    return database


def migration_config(connection: Connection) -> Config:
    """Return Alembic's settings, which need no file on disk."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("path_separator", "os")
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config


def _migrate(database: Database) -> None:
    """Upgrade in one transaction, which on SQLite holds the write lock from its first moment."""
    with database.writing() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
        command.upgrade(migration_config(connection), "head")


def _connect(url: URL) -> Engine:
    kind = url.get_backend_name()
    to_json = partial(json.dumps, ensure_ascii=False, allow_nan=False)
    if kind == "postgresql":
        return create_engine(url.set(drivername="postgresql+psycopg"), json_serializer=to_json, pool_pre_ping=True)
    if kind != "sqlite" or url.database in {None, "", ":memory:"}:
        raise ValueError("a database URL begins with sqlite:///FILE or postgresql://")
    Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, json_serializer=to_json, connect_args={"timeout": BUSY_TIMEOUT_S})
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _configure_sqlite(connection: SqliteConnection, _record: object) -> None:
    """Make commits durable and rules binding, and leave BEGIN to SQLAlchemy's event."""
    connection.isolation_level = None
    _switch_to_wal(connection)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA recursive_triggers = ON")  # else INSERT OR REPLACE deletes past the triggers


def _switch_to_wal(connection: SqliteConnection) -> None:
    """Let readers go on beside a writer; a file stays in this mode.

    SQLite does not wait for its lock here, and two processes may create the file at once.
    """
    deadline = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except OperationalError as error:
            if error.sqlite_errorcode != SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at once: a reader that turns writer half-way is refused by SQLite."""
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
