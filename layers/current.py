"""Which build of the county is the current one; apart from the store, so that asking costs nothing."""

from __future__ import annotations

from pathlib import Path


def current_version(data_dir: Path) -> str | None:
    """Return the version of the last good build, ``None`` before the first."""
    pointer = data_dir / "current"
    return pointer.read_text(encoding="utf-8").strip() if pointer.is_file() else None
