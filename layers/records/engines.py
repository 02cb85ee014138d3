"""How connections are made: durable and strict on SQLite, and nowhere waited for without end."""

from __future__ import annotations

import errno
import json
import os
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from sqlite3 import SQLITE_BUSY, OperationalError
from sqlite3 import Connection as SqliteConnection
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

from layers.records.database_faults import DatabaseDownError, reason_of_disk
from layers.records.limited_connection import ANSWER_TIMEOUT_S, LimitedConnection
from layers.whole_files import OWNER_ONLY, keep_to_owner, make_folder

BUSY_TIMEOUT_S = 4
MOST_CONNECTIONS = 16
_CONNECT_TIMEOUT_S = 2
_LIMITS_OF_SERVER = f"SET statement_timeout = {round(ANSWER_TIMEOUT_S * 1000)}; SET lock_timeout = 3000"
_DEAD_PEER = {
    "connect_timeout": str(_CONNECT_TIMEOUT_S),
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
}
"""Parameters of libpq, unless the URL says otherwise."""


def engine_for(url: URL) -> Engine:
    """Return the engine of a database, which makes no connection yet.

    Raises
    ------
    ValueError
        If the URL names another kind of database, or a SQLite database without a file.
    DatabaseDownError
        If the file of a SQLite database cannot be made.
    """
    kind = url.get_backend_name()
    options: dict[str, Any] = {
        "json_serializer": partial(json.dumps, ensure_ascii=False, allow_nan=False),
        "hide_parameters": True,  # logs tell what failed, not what somebody reported
        "max_overflow": MOST_CONNECTIONS - 5,
        "pool_timeout": BUSY_TIMEOUT_S,
    }
    if kind == "postgresql":
        url = url.set(drivername="postgresql+psycopg", query={**_DEAD_PEER, **url.query})
        engine = create_engine(url, pool_pre_ping=True, **options)
        event.listen(engine, "do_connect", _connect_postgresql)
        event.listen(engine, "connect", _configure_postgresql)
        return engine
    if kind != "sqlite" or url.database in {None, "", ":memory:"}:
        raise ValueError("a database URL begins with sqlite:///FILE or postgresql://")
    _prepare_file(Path(str(url.database)))
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_S}, **options)
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_file(path: Path) -> None:
    """Make the file for its owner alone before SQLite does so for everybody; mend one that was made otherwise.

    One that is there is never opened here: closing it would take away the locks that SQLite holds on it in this
    process, and another process would then remove its journal as nobody's.
    """
    try:
        make_folder(path.parent)
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, OWNER_ONLY))
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    except OSError as error:
        raise down_by_disk(error) from error
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        keep_to_owner(path.with_name(name))


def down_by_disk(error: OSError) -> DatabaseDownError:
    """Return why a file that cannot be opened or moved means that the database is down."""
    return DatabaseDownError(reason_of_disk(error))


def _connect_postgresql(_dialect: object, _record: object, args: list[Any], options: dict[str, Any]) -> Any:
    return LimitedConnection.connect(*args, **options)


def _configure_postgresql(connection: LimitedConnection, _record: object) -> None:
    """Let the server give up as well, so that it does not work on what nobody waits for."""
    connection.execute(_LIMITS_OF_SERVER)
    connection.commit()


def _configure_sqlite(connection: SqliteConnection, _record: object) -> None:
    """Make commits durable and rules binding, and leave BEGIN to SQLAlchemy's event."""
    connection.isolation_level = None
    _switch_to_wal(connection)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # what is erased is overwritten in the file, not only forgotten
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
