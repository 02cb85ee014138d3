"""Reading a backup: nothing in it is believed before it is checked, and everything wrong is told at once."""

from __future__ import annotations

import hashlib
import os
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from gis.faults import Fault, FaultsError
from layers.backups.manifest import (
    MANIFEST,
    MANIFEST_LIMIT_BYTES,
    FileEntry,
    ForeignError,
    Manifest,
    NewerError,
    is_our_name,
    parse_manifest,
)
from layers.whole_files import OWNER_ONLY, make_folder

_CHUNK_BYTES = 2**20
_MOST_MEMBERS = 300_000
_GROWTH, _SMALL_BYTES = 100, 64 * 2**20
"""Layers and records unpack to a few times their size; an archive that grows more, beyond a little, is a trap."""
_ZIP_HEAD = b"PK\x03\x04"
_UNREADABLE = (
    OSError,  # also for a place in the file that cannot be
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    LookupError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
)
"""What reading a damaged archive may raise."""


class _UnreadableError(Exception):
    """Raised when a member of an archive cannot be read."""


def unpack(path: Path, folder: Path) -> Manifest:
    """Unpack a backup into a folder, every file checked against the manifest.

    Parameters
    ----------
    path
    folder
        Exists and is empty; what is in it after a failure is of no use.

    Returns
    -------
    Manifest

    Raises
    ------
    FaultsError
        With everything that is wrong.
    OSError
        If the archive cannot be opened or the folder cannot be written.
    """
    with path.open("rb") as file, _archive(file, path) as archive:
        manifest = _manifest(archive, path)
        faults = _faults_of_names(archive, manifest, path)
        if not any(fault.code == "backup-too-large" for fault in faults):
            faults += _faults_of_content(archive, manifest, path, folder)
    if faults:
        raise FaultsError(faults)
    return manifest


def peek(path: Path) -> Manifest | None:
    """Return the manifest of a backup without checking its files, ``None`` if the file is no backup."""
    try:
        with path.open("rb") as file, _archive(file, path) as archive:
            return _manifest(archive, path)
    except (OSError, FaultsError):
        return None


def most_unpacked(path: Path) -> int:
    """Return the bytes that an archive may unpack to."""
    return path.stat().st_size * _GROWTH + _SMALL_BYTES


def _archive(file: object, path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)  # type: ignore[call-overload,no-any-return]
    except _UNREADABLE:
        with path.open("rb") as begun:
            head = begun.read(len(_ZIP_HEAD))
        code = "backup-torn" if head == _ZIP_HEAD else "backup-foreign"
        raise FaultsError([Fault(code, file=str(path))]) from None


def _manifest(archive: zipfile.ZipFile, path: Path) -> Manifest:
    member = archive.NameToInfo.get(MANIFEST)
    if member is None or member.file_size > MANIFEST_LIMIT_BYTES or not _is_plain(member):
        raise FaultsError([Fault("backup-foreign", file=str(path))])
    try:
        raw = b"".join(_chunks(archive, member))
    except _UnreadableError:
        raise FaultsError([Fault("backup-altered", file=str(path), value=MANIFEST)]) from None
    try:
        return parse_manifest(raw)
    except ForeignError:
        raise FaultsError([Fault("backup-foreign", file=str(path))]) from None
    except NewerError as error:
        raise FaultsError([Fault("backup-newer", file=str(path), value=str(error))]) from None


def _faults_of_names(archive: zipfile.ZipFile, manifest: Manifest, path: Path) -> list[Fault]:
    """Return what is wrong with an archive before any file in it is read."""
    members = archive.infolist()
    names = Counter(member.filename for member in members)
    file = str(path)
    faults = [Fault("backup-twice", file=file, value=name) for name, count in names.items() if count > 1]
    faults += [Fault("backup-link", file=file, value=one.filename) for one in members if not _is_regular(one)]
    known = {name: None for name in (*names, *manifest.files) if name != MANIFEST}
    faults += [Fault("backup-unsafe-name", file=file, value=name) for name in known if not is_our_name(name)]
    faults += [
        Fault("backup-unlisted", file=file, value=name)
        for name in known
        if is_our_name(name) and name not in manifest.files
    ]
    faults += [Fault("backup-lacks", file=file, value=name) for name in manifest.files if name not in names]
    most = most_unpacked(path)
    if max(manifest.size, sum(one.file_size for one in members)) > most or len(members) > _MOST_MEMBERS:
        faults.append(Fault("backup-too-large", file=file, params={"limit_mb": most >> 20}))
    return faults


def _faults_of_content(archive: zipfile.ZipFile, manifest: Manifest, path: Path, folder: Path) -> list[Fault]:
    there = {member.filename: member for member in archive.infolist()}
    faults = []
    for name, entry in manifest.files.items():
        if name not in there or not is_our_name(name):
            continue  # told already
        if not _extract(archive, there[name], entry, folder / name):
            faults.append(Fault("backup-altered", file=str(path), value=name))
    return faults


def _extract(archive: zipfile.ZipFile, member: zipfile.ZipInfo, entry: FileEntry, target: Path) -> bool:
    """Write one file, never more of it than the manifest says, and tell whether it is the one that was kept."""
    if not _is_plain(member) or member.file_size != entry.size:
        return False
    digest, size = hashlib.sha256(), 0
    make_folder(target.parent)
    descriptor = os.open(target, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, OWNER_ONLY)
    with os.fdopen(descriptor, "wb") as file:
        try:
            for chunk in _chunks(archive, member):
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
        except _UnreadableError:
            return False
        file.flush()
        os.fsync(file.fileno())
    return size == entry.size and digest.hexdigest() == entry.sha256


def _chunks(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the content of a member, which never is longer than the archive says of it."""
    try:
        with archive.open(member) as source:
            while chunk := source.read(_CHUNK_BYTES):
                yield chunk
    except _UNREADABLE as error:
        raise _UnreadableError from error


def _is_regular(member: zipfile.ZipInfo) -> bool:
    """Tell whether a member is a file, as far as the archive says what it is; no folder, link or device."""
    kind = stat.S_IFMT(member.external_attr >> 16)
    return kind in (0, stat.S_IFREG) and not member.is_dir()


def _is_plain(member: zipfile.ZipInfo) -> bool:
    is_open = not member.flag_bits & 0x1  # else it asks for a password
    return _is_regular(member) and is_open and member.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
