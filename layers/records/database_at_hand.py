"""The database of the records, opened when it is first asked for, and again when it was away."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import make_url

from layers.records.audit_heads import heads_file
from layers.records.database import Database, file_id, open_database
from layers.records.database_faults import DatabaseDownError
from layers.records.engines import down_by_disk
from layers.records.restored_mark import restored_at
from layers.records.revisions import newest_revision
from layers.records.tables import metadata

OPENING_TIMEOUT_S = 5.0
_REST_S = 1.0  # between two attempts to open a database that is down
_LOG = logging.getLogger(__name__)
_LOOKED_THROUGH_BYTES = 200 * 2**20  # in about a second
_LEAST_BYTES = 512  # of a page of SQLite


class DatabaseAtHand:
    """A database that may be away and come back.

    One thread opens it, the others wait for that at most a few seconds; no lock is held meanwhile.

    Parameters
    ----------
    url
        As for ``open_database``.
    data_dir
        Where heads of the audit are noted, and the rows of a server kept before its tables are changed; nowhere
        without it.
    """

    def __init__(self, url: str, *, data_dir: Path | None = None) -> None:
        self.url = url
        self._data_dir = data_dir
        parsed = make_url(url)
        self._heads = heads_file(data_dir, parsed) if data_dir is not None else None
        self._file = Path(str(parsed.database)) if parsed.get_backend_name() == "sqlite" else None
        self._lock = threading.Lock()
        self._opening: Future[Database] | None = None
        self._again_at = 0.0

    def get(self) -> Database:
        """Return the open database.

        Raises
        ------
        DatabaseDownError
            If it cannot be opened now; it is tried again a moment later.
        """
        with self._lock:
            mine = self._opening is None or self._is_to_be_opened_again(self._opening)
            if mine:
                before, self._opening = self._opening, Future()
            opening = self._opening
        assert opening is not None  # noqa: S101 - for the type checker
        if mine:
            self._open(opening, before)
        try:
            return opening.result(timeout=OPENING_TIMEOUT_S)
        except FutureTimeoutError:
            raise DatabaseDownError("silent") from None

    @property
    def set_aside(self) -> list[str]:
        """Names of the files that were damaged and stand beside the one in use."""
        return (
            sorted(path.name for path in self._file.parent.glob(f"{self._file.name}.damaged-*")) if self._file else []
        )

    def close(self) -> None:
        """Close it, if it is open."""
        opening = self._opening
        if opening is not None and opening.done() and opening.exception() is None:
            opening.result().close()

    def _is_to_be_opened_again(self, opening: Future[Database]) -> bool:
        if not opening.done():
            return False
        if opening.exception() is not None:
            return time.monotonic() >= self._again_at
        database = opening.result()
        return database.found_damage or not database.is_its_file()

    def _open(self, opening: Future[Database], before: Future[Database] | None) -> None:
        suspect = False
        try:
            if before is not None and before.exception() is None:
                suspect = before.result().found_damage or not before.result().is_its_file()
                before.result().close()
            if self._file is not None:
                put_aside_if_damaged(self._file, suspect=suspect)
            database = open_database(self.url, data_dir=self._data_dir)
            database.heads_noted_in = self._heads
            database.keys_since = restored_at(self._data_dir) if self._data_dir is not None else None
            opening.set_result(database)
        except BaseException as error:  # noqa: BLE001 - told to everyone who waits for it
            self._again_at = time.monotonic() + _REST_S
            opening.set_exception(down_by_disk(error) if isinstance(error, OSError) else error)
            opening.exception()  # all who wait are told; nobody may be waiting


def put_aside_if_damaged(path: Path, *, suspect: bool = False) -> None:
    """Rename a file that SQLite cannot read, so that a new one can be begun; nothing is deleted.

    Parameters
    ----------
    path
        With it go its journal and its shared memory, which are of no use without it and harmful to another.
    suspect
        Look through all of it, however large it is.
    """
    seen = file_id(path)
    if seen is not None and _is_readable(path, suspect=suspect):
        return
    stray = [path.with_name(f"{path.name}-{end}") for end in ("wal", "shm")]
    if seen is None and not any(file.exists() for file in stray):
        return
    mark = f"damaged-{datetime.now().astimezone():%Y%m%d-%H%M%S}"
    if file_id(path) != seen:  # another server was faster
        return
    _LOG.error("records file %s is damaged or gone; what is left is kept as %s.%s", path.name, path.name, mark)
    for file in (path, *stray):
        if file.exists():
            file.replace(path.with_name(f"{file.name}.{mark}"))


def _is_readable(path: Path, *, suspect: bool) -> bool:
    """Tell whether SQLite can read a file; that others hold it, or that it may not be written, is no damage.

    Only SQLite itself opens the file: closing it otherwise would take away the locks that this process holds.
    """
    size = path.stat().st_size
    if path.is_dir() or 0 < size < _LEAST_BYTES:
        return False
    if size == 0:  # a new file; a journal beside it would belong to another
        return not path.with_name(f"{path.name}-wal").exists()
    is_large = size > _LOOKED_THROUGH_BYTES
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=1)) as connection:
            is_sound = (not suspect and is_large) or connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
            return bool(is_sound) and _has_our_tables(connection)
    except sqlite3.DatabaseError as error:
        return error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
    except UnicodeDecodeError:  # SQLite quotes what it cannot make sense of
        return False


def _has_our_tables(connection: sqlite3.Connection) -> bool:
    """Tell whether the tables are all there if the file says that they are, and none of them if it does not."""
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    is_marked = "alembic_version" in there and connection.execute("SELECT 1 FROM alembic_version").fetchone()
    if not is_marked:
        return not there & metadata.tables.keys()
    if connection.execute("SELECT version_num FROM alembic_version").fetchall() != [(newest_revision(),)]:
        return True  # of another version of the program, which is told
    columns = {name: {row[1] for row in connection.execute(f"PRAGMA table_info({name})")} for name in metadata.tables}
    return all(columns[name] >= set(table.columns.keys()) for name, table in metadata.tables.items())
