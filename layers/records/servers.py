"""Names of servers, by which another server of the same machine sees that one is gone before its leases end."""

from __future__ import annotations

import functools
import hashlib
import os
import socket
import uuid
from pathlib import Path

_PROC = Path("/proc")


def server_name() -> str:
    """Return a name for this process that no other has: machine, process, its birth, and a chance number."""
    process = os.getpid()
    return f"{machine()}-{process}-{_birth(process) or 0}-{uuid.uuid4().hex[:8]}"


def is_gone(name: str) -> bool:
    """Tell whether the server of this name has ended; one of another machine is waited for.

    Parameters
    ----------
    name
        From :func:`server_name`.
    """
    parts = name.split("-")
    if len(parts) != 4 or parts[0] != machine() or not parts[1].isdecimal() or parts[2] == "0":
        return False
    birth = _birth(int(parts[1]))
    return not _is_there(int(parts[1])) if birth is None else birth != parts[2]


@functools.cache
def machine() -> str:
    """Return what tells this machine since it was switched on, and this space of process numbers, from all others."""
    parts = [socket.gethostname(), _read("sys/kernel/random/boot_id") or ""]
    try:
        parts.append(str((_PROC / "self/ns/pid").readlink()))
    except OSError:  # not Linux: there only leases count
        parts.append("")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def _birth(process: int) -> str | None:
    """Return when a process began, in ticks since the machine was switched on; ``None`` if that cannot be read."""
    told = _read(f"{process}/stat")
    if told is None:
        return None
    fields = told.rpartition(")")[2].split()  # the name of a program may hold blanks and brackets
    return "ended" if fields[0] in ("Z", "X") else fields[19]  # nobody has asked yet how it ended


def _is_there(process: int) -> bool:
    """Tell whether there is a process of which nothing can be read: another user's, perhaps."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _read(name: str) -> str | None:
    try:
        return (_PROC / name).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
