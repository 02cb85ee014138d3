"""Reading a file in a process of its own, with limits on memory and time.

A workbook of 4 MB may unzip to gigabytes, one cell at the far corner asks for a table of 17 billion, a view in a
GeoPackage may never end, and the libraries that read them abort the whole process when memory runs out. Where the
operating system knows limits (POSIX) the child sets them on itself before it opens the file; everywhere it is ended
when its time is up. It imports no more than its task needs: 40 ms for a workbook.
"""

from __future__ import annotations

import importlib
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

LEAST_CPU_S, BYTES_PER_CPU_S = 30, 1_000_000
"""A file gets half a minute and a second for each MB: ten times what sound files need."""
LEAST_MEMORY, MOST_MEMORY, MEMORY_PER_BYTE = 2_000_000_000, 12_000_000_000, 10

_LONG_FILE_NAMES = ("geopandas", "pandas", "shapely", "pyproj")  # pyogrio loads them where they are; half a second


class OutOfLimitsError(Exception):
    """Raised when a file asked for more than it is allowed.

    Parameters
    ----------
    kind
        ``memory``, ``time`` or ``crash``.
    limit
        Megabytes, seconds, or the signal that ended the child.
    """

    def __init__(self, kind: str, limit: int) -> None:
        self.kind, self.limit = kind, limit
        super().__init__(f"{kind} {limit}")


def call_apart(function: Callable[..., Any], path: Path, *args: object) -> Any:
    """Call a function of ours on a file in another process and return what it returns.

    Parameters
    ----------
    function
        Of a module; called with ``path`` and ``args``. What it raises is raised here.
    path
        Its size sets the limits.

    Raises
    ------
    OutOfLimitsError
        If memory or time are up, or the child crashed.
    """
    size = path.stat().st_size
    memory = min(LEAST_MEMORY + MEMORY_PER_BYTE * size, MOST_MEMORY)
    cpu_s = LEAST_CPU_S + size // BYTES_PER_CPU_S
    request = pickle.dumps((memory, cpu_s, function.__module__, function.__name__, path, args))
    one_thread = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    found = os.pathsep.join(entry for entry in (*sys.path, str(Path.cwd())) if entry)
    command = [sys.executable, "-c", f"from {__name__} import answer; answer()"]
    try:
        done = subprocess.run(  # noqa: S603 - our own words
            command,
            input=request,
            capture_output=True,
            timeout=2 * cpu_s,
            env={**os.environ, **one_thread, "PYTHONPATH": found},
            check=False,
            start_new_session=True,
        )
    except subprocess.TimeoutExpired as error:
        raise OutOfLimitsError("time", 2 * cpu_s) from error
    if not done.stdout:
        raise _ending(done.returncode, done.stderr, memory, cpu_s)
    kind, result = pickle.loads(done.stdout)  # noqa: S301 - from our own process
    if kind == "memory":
        raise OutOfLimitsError("memory", memory // 1_000_000)
    if kind == "raised":
        raise result
    return result


def answer() -> None:
    """Do what is asked on standard input, in the other process."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing that a library prints may land among the answers
    memory, cpu_s, module, name, path, args = pickle.load(sys.stdin.buffer)  # noqa: S301 - from our own process
    _limit(memory, cpu_s)
    sys.modules.update(dict.fromkeys(_LONG_FILE_NAMES))  # type: ignore[arg-type]  # None: there is no such module
    try:
        told = pickle.dumps(("said", getattr(importlib.import_module(module), name)(path, *args)))
    except MemoryError:
        told = pickle.dumps(("memory", None))
    except Exception as error:  # noqa: BLE001 - raised again where it is understood
        told = pickle.dumps(("raised", error))
    answers.write(told)
    answers.flush()
    os._exit(0)


def _limit(memory: int, cpu_s: int) -> None:
    try:
        import resource  # noqa: PLC0415 - POSIX only
    except ImportError:
        return
    for kind, value in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, cpu_s), (resource.RLIMIT_CORE, 0)):
        most = resource.getrlimit(kind)[1]
        allowed = value if most == resource.RLIM_INFINITY else min(value, most)
        resource.setrlimit(kind, (allowed, allowed if kind != resource.RLIMIT_CPU else most))


def _ending(code: int, said: bytes, memory: int, cpu_s: int) -> OutOfLimitsError:
    """Say why the child ended without an answer: the libraries abort when memory is refused."""
    if -code in (9, 24):  # SIGKILL, SIGXCPU
        return OutOfLimitsError("time", cpu_s)
    if -code == 6 or b"alloc" in said or b"MemoryError" in said:  # SIGABRT
        return OutOfLimitsError("memory", memory // 1_000_000)
    return OutOfLimitsError("crash", code)
