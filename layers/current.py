"""Which build of the county is the current one; apart from the store, so that asking costs nothing."""

from __future__ import annotations

import re
from pathlib import Path

VERSION = re.compile(r"[0-9a-f]{16}")


def current_version(data_dir: Path) -> str | None:
    """Return the version of the last good build, ``None`` before the first and where several could be meant.

    Where the pointer is missing or damaged and there is just one build, that one is meant.
    """
    pointed = pointed_version(data_dir)
    if pointed is not None:
        return pointed
    builds = _builds(data_dir)
    return builds[0] if len(builds) == 1 else None


def is_pointer_lost(data_dir: Path) -> bool:
    """Tell whether there are builds and nothing says which of them is the current one."""
    return pointed_version(data_dir) is None and len(_builds(data_dir)) > 1


def pointed_version(data_dir: Path) -> str | None:
    """Return the version that the pointer names, ``None`` if it is missing or damaged."""
    try:
        text = (data_dir / "current").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return text if VERSION.fullmatch(text) else None


def _builds(data_dir: Path) -> list[str]:
    return [path.stem for path in data_dir.glob("builds/*.json") if VERSION.fullmatch(path.stem)]
