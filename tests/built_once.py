"""What takes long to make, made once for all processes of a test run."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable
from pathlib import Path


def built_once(shared: Path, name: str, build: Callable[[Path], object]) -> Path:
    """Return a folder that whoever comes first has built; the others wait for it. Copy it before writing to it.

    Parameters
    ----------
    shared
        Of all processes.
    name
        Of the folder there.
    build
        Makes it at the path that it is given.
    """
    made, draft = shared / name, shared / f"{name}.part"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            shutil.rmtree(draft, ignore_errors=True)  # of a run that was ended
            build(draft)
            draft.rename(made)
    return made
