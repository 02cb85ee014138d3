"""Backup and restore: the whole path, from the settings of a site to an archive and back."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from api.explain import ApiError
from api.kept_settings import told_settings
from api.settings import Settings
from layers.backups.manifest import Manifest
from layers.backups.pruning import prune_backups
from layers.backups.restoring import restore_backup
from layers.backups.writing import write_backup
from layers.content_files import prune_files
from layers.records.audit import COMMAND_LINE, Act, record
from layers.records.database import open_database
from layers.records.database_at_hand import DatabaseAtHand
from layers.records.database_facts import BACKUP_MADE
from layers.records.database_faults import DatabaseDownError
from layers.records.revisions import newest_revision

_UNNAMED = "countygrid"
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Backup:
    """What a backup did.

    Parameters
    ----------
    path
        Of the archive.
    manifest
        What is in it.
    removed
        Older backups that went.
    pruned
        How many result files went that nothing names, ``None`` if the database did not let them.
    """

    path: Path
    manifest: Manifest
    removed: tuple[Path, ...]
    pruned: int | None = 0


def make_backup(settings: Settings, target: Path, *, made_at: datetime, keep: int | None = None) -> Backup:
    """Write a backup of a site that may be at work, then remove the oldest ones and what nothing names any more.

    Parameters
    ----------
    settings
    target
        A file, or a folder in which the backup is named by its moment.
    made_at
        Aware.
    keep
        How many backups of such a name stay; all if not given.

    Raises
    ------
    FaultsError
        If there is nothing to keep or the name is taken.
    ApiError
        If the database does not answer.
    OSError
        If the archive cannot be written.
    """
    path = target / f"{_UNNAMED}-{made_at:%Y%m%d-%H%M%S}.zip" if target.is_dir() else target
    with _database_told():
        manifest = write_backup(
            settings.data,
            settings.records_url,
            path,
            made_at=made_at,
            program=version("countygrid"),
            settings=told_settings(settings),
        )
    if manifest.revision == newest_revision():  # a backup brings no older tables up to date
        _note(settings, path, manifest)
    if keep is None:
        return Backup(path, manifest, ())
    removed = prune_backups(path, manifest, keep=keep)
    return Backup(path, manifest, tuple(removed), _prune_files(settings, manifest))


def _prune_files(settings: Settings, manifest: Manifest) -> int | None:
    """Remove result files that no run names, where the tables are this program's; a backup changes no others."""
    if manifest.revision != newest_revision():
        return 0
    try:
        database = open_database(settings.records_url)
        try:
            return prune_files(settings.data, database)
        finally:
            database.close()
    except DatabaseDownError:
        return None


def restore(archive: Path, folder: Path, *, database_url: str = "") -> Manifest:
    """Put a backup into a folder that holds nothing yet; as ``restore_backup``.

    Raises
    ------
    FaultsError
        With everything that is wrong; then nothing was changed.
    ApiError
        If the database does not answer.
    """
    with _database_told():
        return restore_backup(archive, folder, database_url=database_url)


def _note(settings: Settings, path: Path, manifest: Manifest) -> None:
    """Record that a backup was made; one that cannot be recorded is a backup all the same."""
    database = DatabaseAtHand(settings.records_url, data_dir=settings.data)
    act = Act(COMMAND_LINE, BACKUP_MADE, "backup", path.name, {"file": str(path.absolute()), "rows": manifest.rows})
    try:
        with database.get().writing() as connection:
            record(connection, act)
    except DatabaseDownError as error:
        _LOG.warning("backup %s is not in the audit: %s", path.name, error)
    finally:
        database.close()


@contextmanager
def _database_told() -> Iterator[None]:
    try:
        yield
    except DatabaseDownError as error:
        raise ApiError(503, f"backup-database-{error.reason}") from error
