"""Files that can be computed again: whole or absent, checked on reading, never a reason to fail, bounded in size."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from layers.whole_files import replace_file

_LOG = logging.getLogger(__name__)
_DIGEST_BYTES = 64
_DRAFT = re.compile(r"(\.\d+-[0-9a-f]{32}\..*|.*\.part)")
_LONGEST_WRITE_S = 3600.0
_AFTER_PRUNING = 0.9
"""Share of the limit that pruning leaves, so that not every file written has the folder looked through."""
_ALWAYS_KEPT = 2
"""A plan and its claim are two files, and a study reads them right after they are written."""
_UNWRITTEN_BYTES = 32 * 2**20
"""What is held in memory while the folder cannot be written: a plan's claim is needed right after its making."""


@dataclass(frozen=True)
class Cache:
    """A folder of files by name.

    Parameters
    ----------
    folder
        Made when first written; safe to delete at any time.
    limit_mb
        The files used least lately go when all of them together are larger.
    """

    folder: Path
    limit_mb: int = 1024
    _unwritten: OrderedDict[str, bytes] = field(default_factory=OrderedDict, compare=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, compare=False, repr=False)

    def read(self, name: str) -> bytes | None:
        """Return the content of a file, ``None`` if there is none; one that was damaged or renamed is removed."""
        path = self.folder / name
        try:
            raw = path.read_bytes()
        except OSError:
            return self._unwritten.get(name)
        content = _unsealed(name, raw)
        if content is None:
            _LOG.warning("cache file %s is damaged and thrown away", name)
            with contextlib.suppress(OSError):
                path.unlink()
            return None
        with contextlib.suppress(OSError):
            os.utime(path)
        return content

    def write(self, name: str, content: bytes) -> None:
        """Keep content under a name, JSON where that ends in ``.json``; what cannot be written is held in memory."""
        sealed = _sealed(name, content)
        try:
            replace_file(self.folder / name, lambda draft: draft.write_bytes(sealed))
        except OSError as error:
            _LOG.warning("the cache cannot be written: %s", error.strerror)
            self._hold(name, content)
        else:
            self._unwritten.clear()
            self.prune()

    def mark(self, name: str) -> None:
        """Note that something has been done; where that cannot be noted, it will be done again."""
        self.write(name, b"true")

    def has(self, name: str) -> bool:
        """Tell whether a sound file of this name is there."""
        return self.read(name) is not None

    def is_written(self) -> bool:
        """Tell whether all is on disk; what could not be written before is tried again."""
        for name, content in list(self._unwritten.items())[-1:]:
            self.write(name, content)
        return not self._unwritten

    def size_mb(self) -> float:
        """Return how large all files are together."""
        return sum(size for _, size, _ in self._files()) / 2**20

    def prune(self) -> None:
        """Remove the files used least lately while all together are above the limit; the last two always stay."""
        files = sorted(self._files(), reverse=True)
        total, limit = sum(size for _, size, _ in files), self.limit_mb * 2**20
        if total <= limit:
            return
        while len(files) > _ALWAYS_KEPT and total > limit * _AFTER_PRUNING:
            _, size, path = files.pop()
            with contextlib.suppress(OSError):
                path.unlink()
            total -= size

    def _files(self) -> Iterator[tuple[float, int, Path]]:
        """Yield (last use, bytes, path) of each file; drafts of killed writers are removed on the way."""
        try:
            entries = list(os.scandir(self.folder))
        except OSError:
            return
        for entry in entries:
            with contextlib.suppress(OSError):  # another server has just removed it
                if not entry.is_file(follow_symlinks=False):
                    continue
                known = entry.stat(follow_symlinks=False)
                if _DRAFT.fullmatch(entry.name):
                    if time.time() - known.st_mtime > _LONGEST_WRITE_S:
                        Path(entry.path).unlink()
                else:
                    yield known.st_mtime, known.st_size, Path(entry.path)

    def _hold(self, name: str, content: bytes) -> None:
        with self._lock:
            self._unwritten[name] = content
            self._unwritten.move_to_end(name)
            while len(self._unwritten) > 1 and sum(map(len, self._unwritten.values())) > _UNWRITTEN_BYTES:
                self._unwritten.popitem(last=False)


def _sealed(name: str, content: bytes) -> bytes:
    """Return a file: the content with a digest over its name and itself; JSON stays JSON, an archive an archive."""
    digest = hashlib.sha256(name.encode() + b"\n" + content).hexdigest().encode()
    before, between, after = _frame(name)
    return before + content + between + digest + after


def _unsealed(name: str, raw: bytes) -> bytes | None:
    """Return the content of a file, ``None`` if it is not what was written under this name."""
    before, between, after = _frame(name)
    content = raw[len(before) : len(raw) - len(between) - _DIGEST_BYTES - len(after)]
    return content if raw == _sealed(name, content) else None


def _frame(name: str) -> tuple[bytes, bytes, bytes]:
    return (b'{"content":', b',"digest":"', b'"}') if name.endswith(".json") else (b"", b"", b"")
