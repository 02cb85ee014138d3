"""How much memory this process holds."""

from __future__ import annotations

import os
import time
from functools import lru_cache
from pathlib import Path

_LOOKS_A_SECOND = 20


def resident_mb() -> int:
    """Return the megabytes that this process holds, a twentieth of a second old at most; 0 where no system tells."""
    return _resident_at(int(time.monotonic() * _LOOKS_A_SECOND))


@lru_cache(maxsize=1)
def _resident_at(_moment: int) -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") // 2**20
