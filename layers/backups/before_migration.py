"""A copy of the records before their tables are changed: beside a SQLite file, in the data folder for a server."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from layers.backups.older_rows import copy_older_rows
from layers.backups.sqlite_copy import copy_sqlite
from layers.records.database_faults import DatabaseDownError, reason_of_disk
from layers.records.revisions import revision_of
from layers.whole_files import replace_file, sweep_folder

KEPT = 3
"""Copies of a database; each is as large as the database was."""
_LOG = logging.getLogger(__name__)


def copy_before_migration(connection: Connection, *, revision: str, data_dir: Path | None) -> Path | None:
    """Keep a database as it is before a migration, and only the latest few such copies.

    Parameters
    ----------
    connection
        In the transaction of the migration; nothing comes between copy and migration.
    revision
        What it is migrated to.
    data_dir
        Where the rows of a server are kept; nowhere without it.

    Returns
    -------
    Path or None
        An ordinary SQLite file: ``app.sqlite.before-<revision>-<moment>`` beside a database of that kind, else
        ``before-<revision>-<moment>.sqlite``.

    Raises
    ------
    DatabaseDownError
        If the copy cannot be made: then the database must stay as it is.
    """
    name = f"before-{revision}-{datetime.now().astimezone():%Y%m%d-%H%M%S}"
    if connection.dialect.name == "sqlite":
        path = Path(str(connection.engine.url.database))
        copy = path.with_name(f"{path.name}.{name}")
        _write(copy, lambda draft: copy_sqlite(path, draft))
        _keep_latest(copy, copies_beside(path))
        return copy
    if data_dir is None:
        _LOG.warning("tables brought up to date without a copy of the rows: no data folder was named")
        return None
    old, copy = revision_of(connection), data_dir / f"{name}.sqlite"
    _write(copy, lambda draft: copy_older_rows(connection, draft, revision=str(old)))
    _keep_latest(copy, copies_in(data_dir))
    return copy


def copies_beside(path: Path) -> list[Path]:
    """Return the copies of a SQLite file made before earlier migrations, by name."""
    return sorted(path.parent.glob(f"{path.name}.before-*"))


def copies_in(data_dir: Path) -> list[Path]:
    """Return the copies of a server's rows made before earlier migrations, by name."""
    return sorted(data_dir.glob("before-*.sqlite"))


def _write(copy: Path, write: Callable[[Path], object]) -> None:
    try:
        sweep_folder(copy.parent)
        replace_file(copy, write)
    except OSError as error:
        raise DatabaseDownError(reason_of_disk(error)) from error


def _keep_latest(copy: Path, copies: Sequence[Path]) -> None:
    others = sorted(copies, key=lambda other: (other != copy, -other.stat().st_mtime_ns))
    for old in others[KEPT:]:
        with contextlib.suppress(OSError):
            old.unlink()
