"""Files by content in a data folder: where each stands, and which are still named."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, delete, select

from layers.records.database import Database
from layers.records.tables import attachment as attachment_table
from layers.records.tables import file as file_table
from layers.records.tables import publication as publication_table
from layers.records.tables import run as run_table
from layers.whole_files import draft_beside, sweep_folder

FILES = "files"
_SHA = re.compile(r"[0-9a-f]{64}")
_NAMING = (
    run_table.c.result_sha,
    run_table.c.claim_sha,
    publication_table.c.body_sha,
    publication_table.c.counter_sha,
    attachment_table.c.shown_sha,
)
"""Columns that name a file; the files beside a publication are named in one more."""
_YOUNG = timedelta(hours=1)
"""A file as young as this may be about to be named by a transaction that has not ended."""


def now() -> datetime:
    """Return this moment."""
    return datetime.now(UTC)


def content_path(data_dir: Path, sha: str) -> Path:
    """Return where the file of a SHA-256 stands: ``files/ab/ab…``."""
    return data_dir / FILES / sha[:2] / sha


def prune_files(data_dir: Path, database: Database) -> int:
    """Remove the files and their rows that nothing names, and return how many files; those of the last hour stay.

    Parameters
    ----------
    data_dir
        Of a service that may be at work: it writes a file, or touches one that is there, before it names it.
    database
        Its tables are this program's.

    Raises
    ------
    DatabaseDownError
        If the database does not say what is named; then nothing is removed.
    OSError
        If the folder cannot be read.
    """
    with database.writing() as connection:
        named, old = _named(connection), now() - _YOUNG
        unnamed = set(connection.scalars(select(file_table.c.sha).where(file_table.c.made_at < old))) - named
        for sha in sorted(unnamed):  # unless somebody names it anew at this moment
            connection.execute(delete(file_table).where(file_table.c.sha == sha, file_table.c.made_at < old))
        kept = named | set(connection.scalars(select(file_table.c.sha)))
    return sum(_remove_if_old(path) for path in _files_in(data_dir / FILES) if path.name not in kept)


def named_among(connection: Connection, shas: Collection[str]) -> set[str]:
    """Return those of some files that a run, a publication or an attachment names."""
    found = {sha for one in _NAMING for sha in connection.scalars(select(one).where(one.in_(shas)))}
    return found | (set(shas) & _beside_publications(connection))


def _named(connection: Connection) -> set[str]:
    found = {sha for one in _NAMING for sha in connection.scalars(select(one).where(one.is_not(None)))}
    return found | _beside_publications(connection)


def _beside_publications(connection: Connection) -> set[str]:
    beside = connection.scalars(select(publication_table.c.files))
    return {sha for files in beside for sha in files.values() if isinstance(sha, str)}


def _files_in(folder: Path) -> Iterator[Path]:
    for part in sorted(folder.glob("??")):
        sweep_folder(part)
        yield from sorted(path for path in part.iterdir() if _SHA.fullmatch(path.name))


def _remove_if_old(path: Path) -> bool:
    """Take a file out of the way, look at its age, and put it back if somebody has touched it a moment before."""
    aside = draft_beside(path)
    with contextlib.suppress(FileNotFoundError):  # another process was faster
        if not _is_old(path):
            return False
        path.rename(aside)
        if _is_old(aside):
            aside.unlink()
            return True
        aside.rename(path)
    return False


def _is_old(path: Path) -> bool:
    return time.time() - path.stat().st_mtime > _YOUNG.total_seconds()
