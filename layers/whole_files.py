"""Files that are written whole or not at all, and readable by their owner only."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable
from pathlib import Path

OWNER_ONLY = 0o600
_OWNER_FOLDER = 0o700


def replace_file(path: Path, write: Callable[[Path], object], *, mode: int = OWNER_ONLY) -> None:
    """Write under a temporary name in the same folder, flush to disk, then rename: all of the file or nothing.

    Parameters
    ----------
    path
        What stands there is replaced, a folder in its place put aside; its folder is made if absent.
    write
        Called with the temporary path.
    mode
        Permissions of the file.

    Raises
    ------
    OSError
        If the disk is full or the folder cannot be written; then the old file is still there.
    """
    make_folder(path.parent)
    draft = path.with_name(f".{os.getpid()}-{uuid.uuid4().hex}{path.suffix}")
    try:
        write(draft)
        draft.chmod(mode)
        _flush(draft)
        _clear_of_folder(path)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    if os.name == "posix":  # elsewhere folders cannot be opened
        _flush(path.parent)


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for their owner only; those that stand stay as they are."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(mode=_OWNER_FOLDER, exist_ok=True)


def keep_to_owner(path: Path) -> None:
    """Take a file from the eyes of other users, if it is there and ours."""
    try:
        if path.stat().st_mode & 0o077:
            path.chmod(OWNER_ONLY)
    except OSError:  # gone, or somebody else's: nothing that we may change
        return


def _clear_of_folder(path: Path) -> None:
    """Rename a folder that stands where a file is to be; nothing in it is deleted."""
    if path.is_dir() and not path.is_symlink():
        path.rename(path.with_name(f"{path.name}.damaged-{uuid.uuid4().hex[:8]}"))


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
