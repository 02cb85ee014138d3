"""Old backups that go when a new one has been made."""

from __future__ import annotations

import re
from pathlib import Path

from layers.backups.manifest import Manifest
from layers.backups.reading import peek


def prune_backups(newest: Path, made: Manifest, *, keep: int) -> list[Path]:
    """Remove the oldest backups of the same county whose names differ from a backup's in figures only.

    Parameters
    ----------
    newest
        Just made; always stays.
    made
        Its manifest.
    keep
        How many stay, at least one.

    Returns
    -------
    list of Path
        What was removed. A file that is no backup of ours is never touched, whatever it is called.
    """
    same = re.compile("".join(r"\d+" if part.isdigit() else re.escape(part) for part in _parts(newest.name)))
    older = []
    for path in newest.parent.iterdir():
        if path == newest or path.is_symlink() or not path.is_file() or not same.fullmatch(path.name):
            continue
        told = peek(path)
        if told is not None and told.county.get("code") == made.county.get("code"):
            older.append((told.made_at, path.name, path))
    gone = [path for _, _, path in sorted(older, reverse=True)[max(0, keep - 1) :]]
    for path in gone:
        path.unlink()
    return gone


def _parts(name: str) -> list[str]:
    return re.findall(r"[0-9]+|[^0-9]+", name)
