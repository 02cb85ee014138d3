"""One database for records: a SQLite file by default, PostgreSQL (with PostGIS or without) by URL."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar, cast

from alembic.util import CommandError
from sqlalchemy import URL, Connection, Engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from layers.backups.before_migration import copy_before_migration
from layers.records.audit import NEW_HEAD
from layers.records.audit_heads import note_head
from layers.records.database_faults import DatabaseDownError, DownReason, down_reason
from layers.records.engines import BUSY_TIMEOUT_S, engine_for
from layers.records.limited_connection import LimitedConnection
from layers.records.revisions import lock_migrations, newest_revision, revision_of, upgrade_tables
from layers.records.together import WritingTogether

T = TypeVar("T")
Item = TypeVar("Item")
_MIGRATION_TIMEOUT_S = 60.0
_REST_S = 1.0
"""So long a database that did not answer is not asked again: its callers are told at once."""

_TRIAL_ROW = text(
    "INSERT INTO incident (id, idempotency_key, county_version, lon, lat, created_at) "
    "VALUES ('trial', 'trial', 'none', 0, 0, now())"
)


class Database:
    """An engine together with the rule for writing: one writer of a SQLite file at a time.

    The lock is fair where SQLite's own waiting is not: without it the 99th percentile of
    a write was 20 times longer under load. Nobody waits for it longer than for SQLite itself.

    Attributes
    ----------
    refused_write
        Why the last write failed, ``None`` after one that did not.
    found_damage
        Whether something read was damaged: then the database is to be opened anew.
    heads_noted_in
        File outside the database in which each new head of the audit is noted, ``None`` for nowhere.
    keys_since
        Keys made before are void, since the records were restored then; ``None`` if they never were.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.refused_write: DownReason | None = None
        self.found_damage = False
        self.heads_noted_in: Path | None = None
        self.keys_since: datetime | None = None
        self._one_writer = threading.Lock() if engine.dialect.name == "sqlite" else None
        self._file = Path(str(engine.url.database)) if self._one_writer else None
        self._file_id, self._file_size = file_id(self._file), file_size(self._file)
        self._resting: tuple[float, DownReason] | None = None
        self._groups: dict[Any, WritingTogether[Any, Any]] = {}

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection that sees one state and keeps no writer waiting.

        Raises
        ------
        DatabaseDownError
            If the database does not answer in time, or not at all.
        """
        with self._told(), self.engine.connect() as connection:
            yield connection.execution_options(read_only=True)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Yield a connection in a transaction: committed at the end, rolled back on an error.

        Raises
        ------
        DatabaseDownError
            As for reading, and if the database is full or may not be written.
        """
        try:
            with self._told(), self._alone(), self.engine.begin() as connection:
                connection.info.pop(NEW_HEAD, None)
                yield connection
                head = connection.info.pop(NEW_HEAD, None)
        except DatabaseDownError as error:
            self.refused_write = error.reason
            raise
        self.refused_write = None
        if head is not None and self.heads_noted_in is not None:
            note_head(self.heads_noted_in, head)

    def write(self, work: Callable[[Connection], T]) -> T:
        """Return what `work` returns once it is committed, maybe together with what others write at the same time.

        It may be called a second time when what it wrote was taken back.

        Raises
        ------
        DatabaseDownError
            As for writing.
        """
        (outcome,) = self.write_alike(_do_each, [work])
        if isinstance(outcome, BaseException):
            raise outcome
        return cast("T", outcome)

    def write_alike(
        self, write: Callable[[Connection, Sequence[Item]], Sequence[T]], items: Sequence[Item]
    ) -> Sequence[T | BaseException]:
        """Return what became of each of some items, written together with others of their kind.

        Parameters
        ----------
        write
            Writes items of a kind, as ``WritingTogether`` has it; a function of a module, for it names the kind.
        items

        Returns
        -------
        Sequence
            What ``write`` returns of each, once it is committed, or the error it met: of writing, or what refused it.
        """
        group = self._groups.get(write) or self._groups.setdefault(write, WritingTogether(self.writing, write))
        return group.do(items)

    def try_to_write(self) -> None:
        """Write a little that changes nothing, to see whether there is room again.

        Raises
        ------
        DatabaseDownError
            If there is not.
        """
        if self._file is not None:
            with self.writing() as connection:
                version = connection.exec_driver_sql("PRAGMA user_version").scalar()
                connection.exec_driver_sql(f"PRAGMA user_version = {int(version or 0)}")
            return
        with self.writing() as connection, connection.begin_nested() as undone:
            connection.execute(_TRIAL_ROW)
            undone.rollback()

    def refuse_read_only(self, connection: Connection) -> None:
        """Say so where nothing can be written, before anybody's report is refused.

        Raises
        ------
        DatabaseDownError
            If the server only lets read, or the file belongs to somebody else.
        """
        if self._file is not None:
            is_locked_up = not os.access(self._file, os.W_OK)
        else:
            is_locked_up = connection.execute(text("SHOW transaction_read_only")).scalar() == "on"
        if is_locked_up:
            raise DatabaseDownError("read-only")

    def is_its_file(self) -> bool:
        """Whether the file of a SQLite database is still the one that was opened: not removed, replaced or cut off."""
        if self._file is None:
            return True
        size = file_size(self._file)
        if file_id(self._file) != self._file_id or size < self._file_size:
            return False
        self._file_size = size
        return True

    def notice_file(self) -> None:
        """Remember which file was opened."""
        self._file_id, self._file_size = file_id(self._file), file_size(self._file)

    def close(self) -> None:
        """Close all pooled connections."""
        self.engine.dispose()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn the errors of a database that is down into one that says why."""
        if self._resting is not None and time.monotonic() < self._resting[0]:
            raise DatabaseDownError(self._resting[1])
        try:
            yield
        except SQLAlchemyError as error:
            reason = down_reason(error)
            if reason is None:
                raise
            self.found_damage |= reason == "damaged"
            if reason in ("silent", "refused"):
                self._resting = (time.monotonic() + _REST_S, reason)
            raise DatabaseDownError(reason) from error
        except UnicodeDecodeError as error:  # what is stored, or what SQLite quotes of it, is no text any more
            self.found_damage = True
            raise DatabaseDownError("damaged") from error

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if self._one_writer is None:
            yield
            return
        if not self._one_writer.acquire(timeout=BUSY_TIMEOUT_S):
            raise DatabaseDownError("busy")
        try:
            yield
        finally:
            self._one_writer.release()


def file_id(path: Path | None) -> tuple[int, int] | None:
    """Return what tells a file from another of the same name, ``None`` if there is none."""
    try:
        known = path.stat() if path else None
    except OSError:
        return None
    return (known.st_dev, known.st_ino) if known else None


def file_size(path: Path | None) -> int:
    """Return the bytes of a file, −1 if there is none."""
    try:
        return path.stat().st_size if path else -1
    except OSError:
        return -1


def sqlite_url(data_dir: Path) -> str:
    """Return the URL of the default database in a data directory."""
    return URL.create("sqlite", database=str(data_dir / "app.sqlite")).render_as_string()


def open_database(url: str, *, data_dir: Path | None = None) -> Database:
    """Open a database and bring its tables up to date; safe when several processes start at once.

    Parameters
    ----------
    url
        ``sqlite:///path/to/app.sqlite`` (created with its folder) or ``postgresql://…``.
    data_dir
        Where the rows of a server are kept before its tables are changed; without it no copy is made.

    Raises
    ------
    ValueError
        If the URL names another kind of database, or a SQLite database without a file.
    DatabaseDownError
        If the database does not answer, or cannot be written although its tables are not there yet.
    """
    database = Database(engine_for(make_url(url)))
    try:
        if not _is_up_to_date(database):
            _migrate(database, data_dir)
    except CommandError as error:
        database.close()
        raise DatabaseDownError("other-version") from error
    except BaseException:
        database.close()
        raise
    database.notice_file()
    return database


def _do_each(connection: Connection, works: Sequence[Callable[[Connection], Any]]) -> list[Any]:
    return [work(connection) for work in works]


def allow_longer(connection: Connection, seconds: float) -> None:
    """Let the statements of a transaction take longer than a report may; SQLite waits for nobody."""
    if connection.dialect.name != "postgresql":
        return
    told = connection.connection.driver_connection
    if isinstance(told, LimitedConnection):
        told.limit_s = seconds
    milliseconds = round(seconds * 1000)
    connection.execute(text(f"SET LOCAL statement_timeout = {milliseconds}; SET LOCAL lock_timeout = {milliseconds}"))


def _is_up_to_date(database: Database) -> bool:
    with database.reading() as connection:
        return revision_of(connection) == newest_revision()


def _migrate(database: Database, data_dir: Path | None) -> None:
    """Upgrade in one transaction, which on SQLite holds the write lock from its first moment."""
    with database.writing() as connection:
        allow_longer(connection, _MIGRATION_TIMEOUT_S)
        lock_migrations(connection)
        if revision_of(connection) not in (None, newest_revision()):  # another process may have been faster
            copy_before_migration(connection, revision=newest_revision(), data_dir=data_dir)
        upgrade_tables(connection)
    if database.engine.dialect.name == "postgresql":
        database.engine.dispose()  # the connection that was allowed longer is not used for anything else
