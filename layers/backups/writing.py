"""Writing a backup: one archive, all of it or nothing."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import stat
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from gis.faults import Fault, FaultsError
from layers.backups.kept_files import current_county, kept_files
from layers.backups.manifest import MANIFEST, RECORDS, FileEntry, Manifest, is_content, manifest_bytes
from layers.backups.reading import most_unpacked, peek
from layers.backups.snapshot import named_files, snapshot_records
from layers.content_files import content_path
from layers.whole_files import OWNER_ONLY, draft_beside, make_folder, replace_file, sweep_folder

_CHUNK_BYTES = 2**20
_FAST = 1
"""Level of compression: a service goes on working beside a backup."""


def write_backup(
    data_dir: Path,
    records_url: str,
    target: Path,
    *,
    made_at: datetime,
    program: str,
    settings: Mapping[str, str] | None = None,
) -> Manifest:
    """Write the records at one instant, the files they name, the builds and their layers into one archive.

    Parameters
    ----------
    data_dir, records_url
        Of a service that may be running.
    target
        An older backup of that name is replaced, another file is not.
    made_at, program, settings
        What the manifest says: an aware moment, the version of the program, and what a site has set, nothing secret.

    Returns
    -------
    Manifest
        With what was lacking.

    Raises
    ------
    FaultsError
        ``backup-nothing`` if there is nothing to keep, ``backup-name-taken`` if another file has that name.
    DatabaseDownError
        If the records cannot be read.
    OSError
        If the disk is full or may not be written; then what stood there still stands.
    """
    if target.exists() and peek(target) is None:
        raise FaultsError([Fault("backup-name-taken", file=str(target))])
    make_folder(target.parent)
    sweep_folder(target.parent)
    records = draft_beside(target.with_name(RECORDS))
    try:
        # The records first: each county version that they name is then among the builds.
        copied = snapshot_records(records_url, records)
        names, lacking = kept_files(data_dir)
        if copied is None and not names:
            raise FaultsError([Fault("backup-nothing", file=str(data_dir))])
        manifest = Manifest(
            made_at=made_at,
            program=program,
            county=current_county(data_dir),
            database=copied.kind if copied else None,
            revision=copied.revision if copied else None,
            tables=copied.tables if copied else {},
            files={},
            lacking=tuple(lacking),
            settings=settings or {},
        )
        contents = [content_path(data_dir, sha) for sha in (named_files(records) if copied else ())]
        files = [(name, data_dir / name) for name in names] + ([(RECORDS, records)] if copied else [])
        files += [(path.relative_to(data_dir).as_posix(), path) for path in contents]
        written: list[Manifest] = []
        replace_file(target, lambda draft: written.append(_write(draft, files, manifest)))
    finally:
        records.unlink(missing_ok=True)
    return written[0]


def _write(draft: Path, files: Sequence[tuple[str, Path]], manifest: Manifest) -> Manifest:
    """Write an archive and return its manifest, now with every file in it."""
    whole = _write_archive(draft, files, manifest, method=zipfile.ZIP_DEFLATED)
    if whole.size <= most_unpacked(draft):
        return whole
    draft.unlink()  # so much alike that reading would take it for a trap
    return _write_archive(draft, files, manifest, method=zipfile.ZIP_STORED)


def _write_archive(draft: Path, files: Sequence[tuple[str, Path]], manifest: Manifest, *, method: int) -> Manifest:
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, OWNER_ONLY)
    with os.fdopen(descriptor, "w+b") as file, zipfile.ZipFile(file, "w") as archive:
        found = {name: _add(archive, _member(name, manifest.made_at, method), path) for name, path in files}
        lacking = [name for name, entry in found.items() if entry is None]
        entries = {name: entry for name, entry in found.items() if entry is not None}
        whole = dataclasses.replace(manifest, files=entries, lacking=(*manifest.lacking, *lacking))
        archive.writestr(_member(MANIFEST, manifest.made_at, method), manifest_bytes(whole))
    return whole


def _add(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path) -> FileEntry | None:
    """Add a file; one that is named by its content is left out if it is gone or no longer that."""
    if not is_content(member.filename):
        with path.open("rb") as source:
            return _copy(archive, member, source)
    try:
        source = path.open("rb")
    except OSError:
        return None
    with source:
        if hashlib.file_digest(source, "sha256").hexdigest() != path.name:
            return None
        source.seek(0)
        return _copy(archive, member, source)


def _copy(archive: zipfile.ZipFile, member: zipfile.ZipInfo, source: BinaryIO) -> FileEntry:
    digest, size = hashlib.sha256(), 0
    member.file_size = os.fstat(source.fileno()).st_size  # tells whether the long form of sizes is needed
    with archive.open(member, "w") as target:
        while chunk := source.read(_CHUNK_BYTES):
            digest.update(chunk)
            size += len(chunk)
            target.write(chunk)
    return FileEntry(size, digest.hexdigest())


def _member(name: str, made_at: datetime, method: int) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, made_at.timetuple()[:6])
    member.compress_type = method
    member._compresslevel = _FAST  # type: ignore[attr-defined]  # public from Python 3.13 on
    member.external_attr = (stat.S_IFREG | OWNER_ONLY) << 16
    return member
