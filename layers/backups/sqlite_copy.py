"""A SQLite database at one instant, as a file of its own, while others go on reading and writing it."""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL

from layers.records.database_faults import DatabaseDownError, reason_of_sqlite
from layers.whole_files import OWNER_ONLY

_BUSY_TIMEOUT_S = 10.0


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a database by SQLite's own online backup.

    Parameters
    ----------
    source
        In use or not; in its write-ahead log no writer waits for the copy.
    target
        Must not be there yet; becomes one file that needs no journal beside it, for its owner only.

    Raises
    ------
    DatabaseDownError
        If the source cannot be read or is damaged.
    OSError
        If there is no room for the target.
    """
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY))
    try:
        with closing(_open(source)) as live, closing(sqlite3.connect(target)) as copy:
            live.backup(copy)  # all pages in one step: one instant, however busy the source is
            one_file(copy)
            if not is_sound(copy):  # a damaged copy must not push a good backup out
                raise DatabaseDownError("damaged")
    except sqlite3.Error as error:
        reason = reason_of_sqlite(error)
        if reason == "full":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target)) from error
        raise DatabaseDownError(reason or "failing") from error


def file_url(path: Path) -> str:
    """Return the URL of a SQLite file."""
    return URL.create("sqlite", database=str(path)).render_as_string()


def settle(path: Path) -> None:
    """Leave a SQLite file without a journal beside it, so that it can be copied as it is."""
    with closing(sqlite3.connect(path)) as connection:
        one_file(connection)


def one_file(connection: sqlite3.Connection) -> None:
    """Take what stands in a journal beside a database into its file."""
    connection.execute("PRAGMA journal_mode = DELETE")


def is_sound(connection: sqlite3.Connection) -> bool:
    """Tell whether every page of a database can be read and every row belongs to something."""
    connection.execute("PRAGMA trusted_schema = OFF")
    pages = connection.execute("PRAGMA integrity_check(1)").fetchone()
    return bool(pages == ("ok",)) and connection.execute("PRAGMA foreign_key_check").fetchone() is None


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=_BUSY_TIMEOUT_S)
