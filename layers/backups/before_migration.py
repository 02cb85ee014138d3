"""A copy of a SQLite database beside it, made before its tables are changed."""

from __future__ import annotations

import contextlib
from datetime import datetime
from pathlib import Path

from layers.backups.sqlite_copy import copy_sqlite
from layers.records.database_faults import DatabaseDownError, reason_of_disk
from layers.whole_files import replace_file, sweep_folder

KEPT = 3
"""Copies beside a database; each is as large as the database was."""


def copy_before_migration(path: Path, *, revision: str) -> Path:
    """Keep a database as it is before a migration, and only the latest few such copies.

    Parameters
    ----------
    path
        Of the database; its write lock is held by the caller, so that nothing comes between copy and migration.
    revision
        What it is migrated to.

    Returns
    -------
    Path
        ``app.sqlite.before-<revision>-<moment>``, an ordinary SQLite file.

    Raises
    ------
    DatabaseDownError
        If the copy cannot be made: then the database must stay as it is.
    """
    copy = path.with_name(f"{path.name}.before-{revision}-{datetime.now().astimezone():%Y%m%d-%H%M%S}")
    sweep_folder(path.parent)
    try:
        replace_file(copy, lambda draft: copy_sqlite(path, draft))
    except OSError as error:
        raise DatabaseDownError(reason_of_disk(error)) from error
    others = sorted(copies_beside(path), key=lambda other: (other != copy, -other.stat().st_mtime_ns))
    for old in others[KEPT:]:
        with contextlib.suppress(OSError):
            old.unlink()
    return copy


def copies_beside(path: Path) -> list[Path]:
    """Return the copies made before earlier migrations, by name."""
    return sorted(path.parent.glob(f"{path.name}.before-*"))
