"""Files that are written whole or not at all, and readable by their owner only."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import time
import uuid
from collections.abc import Callable
from pathlib import Path

OWNER_ONLY = 0o600
_OWNER_FOLDER = 0o700
_DRAFT = re.compile(r"\.(\d+)-[0-9a-f]{32}")  # databases in the making have a journal beside them
_LONGEST_WRITE_S = 3600.0


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
    draft = draft_beside(path)
    try:
        write(draft)
        draft.chmod(mode)
        _flush(draft)
        _clear_of_folder(path)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    flush_folder(path.parent)


def place_folder(draft: Path, folder: Path) -> None:
    """Give a folder full of files its name: all of them are there at once, or none.

    Parameters
    ----------
    draft
        On the same disk, its files flushed already.
    folder
        Absent or empty.

    Raises
    ------
    OSError
        If something stands there by now.
    """
    for path in [*draft.rglob("*"), draft]:
        if path.is_dir():
            flush_folder(path)
    if os.name != "posix" and folder.exists():
        folder.rmdir()
    draft.rename(folder)
    flush_folder(folder.parent)


def draft_beside(path: Path) -> Path:
    """Return a name for what is in the making: if this process is killed, the next one sweeps it away."""
    return path.with_name(f".{os.getpid()}-{uuid.uuid4().hex}{path.suffix}")


def sweep_folder(folder: Path) -> None:
    """Remove the drafts of processes that were killed, but not of those still at work."""
    for path in folder.glob(".*"):
        draft = _DRAFT.match(path.name)
        with contextlib.suppress(FileNotFoundError):  # its process has just put it in its place
            if draft and not _is_at_work(int(draft[1]), path):
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def _is_at_work(process: int, draft: Path) -> bool:
    is_fresh = time.time() - draft.lstat().st_mtime < _LONGEST_WRITE_S
    if not is_fresh or os.name != "posix":  # elsewhere, asking for a process by its number could end it
        return is_fresh
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


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


def flush_folder(folder: Path) -> None:
    """Make sure that the names in a folder are on the disk."""
    if os.name == "posix":  # elsewhere folders cannot be opened
        _flush(folder)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
