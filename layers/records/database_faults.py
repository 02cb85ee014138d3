"""Why a database does not do what it is asked, in a few words that can be told to people."""

from __future__ import annotations

import errno
import re
import sqlite3
from typing import Literal

import psycopg
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

DownReason = Literal[
    "silent", "refused", "busy", "full", "read-only", "failing", "damaged", "other-tables", "other-version"
]

_OF_SQLITE: dict[int, DownReason] = {
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_BUSY: "busy",
    sqlite3.SQLITE_LOCKED: "busy",
    sqlite3.SQLITE_PROTOCOL: "busy",
    sqlite3.SQLITE_CORRUPT: "damaged",
    sqlite3.SQLITE_NOTADB: "damaged",
    sqlite3.SQLITE_FORMAT: "damaged",
    sqlite3.SQLITE_READONLY: "read-only",
    sqlite3.SQLITE_PERM: "read-only",
    sqlite3.SQLITE_CANTOPEN: "refused",
    sqlite3.SQLITE_IOERR: "failing",
    sqlite3.SQLITE_NOMEM: "failing",
}
_OF_SQLSTATE: dict[str, DownReason] = {
    "08": "refused",  # connection exceptions
    "25006": "read-only",
    "28": "refused",  # wrong name or password
    "3D": "refused",  # no such database
    "40": "busy",  # serialization, deadlock
    "42P01": "other-tables",  # a table is gone
    "42P07": "other-tables",  # one is there already, without the others
    "42703": "other-tables",  # a column is gone
    "42501": "refused",  # not allowed
    "53100": "full",
    "53": "busy",  # out of memory, too many connections
    "55P03": "busy",  # lock not available in time
    "57014": "silent",  # statement timeout
    "57": "refused",  # shutting down, starting up
    "58": "failing",  # input/output of the server
    "XX001": "damaged",
    "XX002": "damaged",
}
"""By SQLSTATE, or by its class of two characters."""


class DatabaseDownError(Exception):
    """Raised when the database cannot be reached, or cannot keep what it is given, within its time limits.

    Parameters
    ----------
    reason
    """

    def __init__(self, reason: DownReason) -> None:
        super().__init__(f"the database is down: {reason}")
        self.reason: DownReason = reason


def down_reason(error: SQLAlchemyError) -> DownReason | None:
    """Return why an error means that the database is down, ``None`` if it is about what was asked of it."""
    if isinstance(error, PoolTimeoutError):
        return "busy"
    if not isinstance(error, DBAPIError) or isinstance(error, IntegrityError):
        return None
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        return reason_of_sqlite(cause)
    return _of_postgresql(cause) if isinstance(cause, psycopg.Error) else None


_NOT_OURS = re.compile(r"no such (table|column)|has no column|already exists|malformed")
"""What SQLite says where the tables are not those that were made: emptied under us, or somebody else's."""


def reason_of_sqlite(cause: sqlite3.Error) -> DownReason | None:
    """Return why SQLite itself refused, ``None`` if that is about what was asked of it."""
    code = getattr(cause, "sqlite_errorcode", None)
    if code is None:
        return None
    if code == sqlite3.SQLITE_ERROR and isinstance(cause, sqlite3.OperationalError) and _NOT_OURS.search(str(cause)):
        return "damaged"
    return _OF_SQLITE.get(code & 0xFF)  # the rest are shades of the same


def reason_of_disk(error: OSError) -> DownReason:
    """Return why the file of a database cannot be made or written."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "full"
    if error.errno == errno.EIO:
        return "failing"
    return "read-only" if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM) else "refused"


def _of_postgresql(cause: psycopg.Error) -> DownReason | None:
    state = cause.sqlstate or ""
    if isinstance(cause, psycopg.errors.ConnectionTimeout | SilentError):
        return "silent"
    if not state:
        return "refused" if isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError) else None
    return _OF_SQLSTATE.get(state) or _OF_SQLSTATE.get(state[:2])


class SilentError(psycopg.OperationalError):
    """Raised when a server that was reached does not answer in time."""
