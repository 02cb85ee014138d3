"""How much memory this process and those it has started hold."""

from __future__ import annotations

import os
import time
from functools import lru_cache
from pathlib import Path

_LOOKS_A_SECOND = 20


def resident_mb() -> int:
    """Return the megabytes of this process and its children, a twentieth of a second old at most; 0 if unknown."""
    return _resident_at(int(time.monotonic() * _LOOKS_A_SECOND))


@lru_cache(maxsize=1)
def _resident_at(_moment: int) -> int:
    children = [name for listed in Path("/proc/self/task").glob("*/children") for name in _words(listed)]
    told = [_words(Path("/proc", name, "statm")) for name in ("self", *children)]
    return sum(int(words[1]) for words in told if words) * os.sysconf("SC_PAGE_SIZE") // 2**20


def _words(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="ascii").split()
    except OSError:  # a process that has just ended
        return []
