"""When the audit was last checked from the first row to the last, noted outside the database."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from layers.records.audit import Head
from layers.whole_files import replace_file


@dataclass(frozen=True)
class Verified:
    """What a check found.

    Parameters
    ----------
    at
        Aware.
    head
        How far the chain went.
    broken
        In how many places it did not hold.
    """

    at: datetime
    head: Head
    broken: int


def verified_file(heads: Path) -> Path:
    """Return where checks of a database are noted: beside its heads."""
    return heads.with_name(heads.name.replace("heads", "verified"))


def note_verified(path: Path, found: Verified) -> None:
    """Note a check; a folder that cannot be written does not keep anybody from checking."""
    told = {"at": found.at.isoformat(), "pos": found.head.pos, "hash": found.head.hash, "broken": found.broken}
    with contextlib.suppress(OSError):
        replace_file(path, lambda draft: draft.write_text(json.dumps(told), encoding="ascii"))


def last_verified(path: Path) -> Verified | None:
    """Return the last check, ``None`` if none was noted."""
    try:
        told = json.loads(path.read_text(encoding="ascii"))
        at = datetime.fromisoformat(told["at"])
        return Verified(at, Head(int(told["pos"]), str(told["hash"])), int(told["broken"])) if at.tzinfo else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
