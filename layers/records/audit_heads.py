"""Heads of the audit noted outside the database: whoever cuts the chain off, or rewrites all of it, is found."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections import deque
from pathlib import Path

from sqlalchemy import URL

from layers.records.audit import Head
from layers.whole_files import OWNER_ONLY, replace_file

_KEPT = 1000
_LARGEST_BYTES = 256 * 1024


def heads_file(data_dir: Path, url: URL) -> Path:
    """Return where the heads of a database are noted: each database has notes of its own."""
    name = url.set(password=None, query={}).render_as_string()
    return data_dir / f"audit-heads-{hashlib.sha256(name.encode()).hexdigest()[:8]}.txt"


def note_head(path: Path, head: Head) -> None:
    """Note where the chain has got to; a folder that cannot be written does not keep anybody from working."""
    with contextlib.suppress(OSError):
        descriptor = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, OWNER_ONLY)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{head.pos} {head.hash}\n")
        if path.stat().st_size > _LARGEST_BYTES:
            latest = "".join(f"{line}\n" for line in _lines(path))
            replace_file(path, lambda draft: draft.write_text(latest, encoding="ascii"))


def noted_heads(path: Path) -> dict[int, str]:
    """Return the hashes noted by position, the latest thousand; nothing where nothing was noted."""
    heads: dict[int, str] = {}
    for line in _lines(path):
        pos, _space, hash_ = line.partition(" ")
        if pos.isdecimal() and len(hash_) == 64:
            heads[int(pos)] = hash_
    return heads


def _lines(path: Path) -> list[str]:
    try:
        with path.open(encoding="ascii", errors="replace") as file:
            return [line.rstrip("\n") for line in deque(file, maxlen=_KEPT)]
    except OSError:
        return []
