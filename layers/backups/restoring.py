"""Restoring a backup into a new place: all of it, or nothing."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from gis.faults import Fault, FaultsError
from layers.backups.into_database import move_records
from layers.backups.manifest import RECORDS, Manifest
from layers.backups.marks import note_marks
from layers.backups.reading import unpack
from layers.backups.snapshot import contents_of_file, revision_of_file
from layers.backups.sqlite_copy import file_url, is_sound
from layers.records.database_faults import DatabaseDownError
from layers.records.revisions import newest_revision
from layers.whole_files import OWNER_ONLY, draft_beside, make_folder, place_folder, sweep_folder

_READ_ONLY = 0o444
_FIXED = ("builds", "layers")


def restore_backup(archive: Path, folder: Path, *, database_url: str = "") -> Manifest:
    """Check a backup and put what it holds into a folder that holds nothing yet.

    Parameters
    ----------
    archive
    folder
        Absent or empty; becomes a data folder.
    database_url
        Where the records go instead of a file in the folder; its tables are made, or must be empty.

    Returns
    -------
    Manifest

    Raises
    ------
    FaultsError
        With everything that is wrong with archive, folder or database; then nothing was changed.
    DatabaseDownError
        If the database does not answer.
    OSError
        If the archive cannot be read or the disk is full.
    """
    place = folder.resolve()
    faults = _faults_of_folder(place)
    stands = next(above for above in place.parents if above.is_dir())
    sweep_folder(stands)
    draft = draft_beside(stands / "restored")
    draft.mkdir(mode=0o700)
    try:
        manifest, found = _checked(archive, draft)
        if manifest is None or faults or found:
            raise FaultsError([*faults, *found])
        if RECORDS in manifest.files:
            note_marks(draft, draft / RECORDS, url=database_url or file_url(place / RECORDS))
        if database_url and RECORDS in manifest.files:
            move_records(draft / RECORDS, database_url)
            for path in draft.glob(f"{RECORDS}*"):
                path.unlink()
        _protect(draft)
        make_folder(place.parent)
        place_folder(draft, place)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return manifest


def _faults_of_folder(folder: Path) -> list[Fault]:
    if folder.exists() and not folder.is_dir():
        return [Fault("restore-no-folder", file=str(folder))]
    if folder.is_dir() and any(folder.iterdir()):
        return [Fault("restore-folder-used", file=str(folder))]
    if folder.is_mount():  # a mounted disk cannot be put in its place as a whole
        return [Fault("restore-mounted", file=str(folder))]
    return []


def _checked(archive: Path, draft: Path) -> tuple[Manifest | None, list[Fault]]:
    try:
        manifest = unpack(archive, draft)
    except FaultsError as error:
        return None, list(error.faults)
    return manifest, _faults_of_records(archive, draft / RECORDS, manifest)


def _faults_of_records(archive: Path, records: Path, manifest: Manifest) -> list[Fault]:
    """Return what is wrong with the records although their file is the one that was kept."""
    if RECORDS not in manifest.files:
        return []
    damaged = [Fault("backup-records-damaged", file=str(archive), value=RECORDS)]
    try:
        with closing(sqlite3.connect(f"{records.as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            if not is_sound(connection):
                return damaged
        revision = revision_of_file(records)
        is_same = revision == manifest.revision and (
            revision != newest_revision() or contents_of_file(records) == manifest.tables
        )
    except DatabaseDownError:
        return [Fault("backup-newer", file=str(archive), value=manifest.program)]
    except (sqlite3.Error, SQLAlchemyError, ValueError):
        return damaged
    return [] if is_same else damaged


def _protect(folder: Path) -> None:
    """Give every file the permissions that it had."""
    for path in folder.rglob("*"):
        if path.is_file():
            is_fixed = path.relative_to(folder).parts[0] in _FIXED
            path.chmod(_READ_ONLY if is_fixed else OWNER_ONLY)
