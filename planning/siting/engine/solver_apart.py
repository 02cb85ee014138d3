"""HiGHS in a process of its own, which ends at once whatever it is doing.

HiGHS looks at its callbacks between the steps of its search, but not while it reduces a large program or solves the
first relaxation: minutes may pass. A process can be ended at any time; the best values so far have been told before.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, BinaryIO

from planning.siting.limits import Limits

LOOK_S = 0.05
"""Seconds between two looks at the limits."""


class SolverEndedError(RuntimeError):
    """Raised when the process of a solver ends before its work: somebody ended it, or memory was short."""


Work = Callable[[Callable[[Any], None]], None]
"""Called in the other process with a function that sends something back."""
_ENDED = "the process of the solver has ended before its work"


def run_apart(work: Work, limits: Limits, on_message: Callable[[Any], None]) -> bool:
    """Run `work` in a process of its own; return whether it came to its end.

    Parameters
    ----------
    work
        Has to be picklable, like what it sends.
    limits
        Where one is reached, the process is ended.
    on_message
        Called here with all that is sent, in order.

    Raises
    ------
    SolverEndedError
        When the other process fails.
    """
    if limits.reached():
        return False
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-c", f"from {__name__} import answer; answer()"]
    pipe = subprocess.PIPE
    try:
        # A session of its own: Ctrl-C on a terminal is for those who wait, not for the solver.
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment, start_new_session=True) as child:  # noqa: S603 - our own words
            return _work_in(child, work, limits, on_message)
    except BrokenPipeError:  # ended before it had read its work
        raise SolverEndedError(_ENDED) from None


def _work_in(child: subprocess.Popen[bytes], work: Work, limits: Limits, on_message: Callable[[Any], None]) -> bool:
    if child.stdin is None or child.stdout is None:
        raise RuntimeError
    told: SimpleQueue[Any] = SimpleQueue()
    Thread(target=_listen, args=(child.stdout, told.put), daemon=True).start()
    try:
        pickle.dump(work, child.stdin)
        child.stdin.flush()
        return _wait(told, limits, on_message)
    finally:
        child.kill()


def _wait(told: SimpleQueue[Any], limits: Limits, on_message: Callable[[Any], None]) -> bool:
    while not limits.reached():
        try:
            kind, what = told.get(timeout=LOOK_S)
        except Empty:
            continue
        if kind == "lost":
            raise SolverEndedError(_ENDED)
        if kind == "done":
            return True
        on_message(what)
    return False


def _listen(stream: BinaryIO, put: Callable[[tuple[str, Any]], None]) -> None:
    try:
        while True:
            put(pickle.load(stream))  # noqa: S301 - from our own process
    except (EOFError, OSError, ValueError, pickle.UnpicklingError):
        put(("lost", None))


def answer() -> None:
    """Do the work that comes in here, in the other process; end when nobody waits for it any more."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing that a library prints may land among the answers
    work = pickle.load(sys.stdin.buffer)  # noqa: S301 - from our own process
    Thread(target=_end_with_parent, daemon=True).start()

    def send(kind: str, what: Any) -> None:
        pickle.dump((kind, what), answers)
        answers.flush()

    work(lambda what: send("said", what))
    send("done", None)


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(1)
