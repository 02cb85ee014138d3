"""A process that takes messages outside, with limits on time and memory: whoever answers there may be slow or hostile.

Libraries limit the time between two bytes, not that of a whole answer, and read all of it; a process can be ended.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from typing import IO, Any

DEADLINE_S = 20.0
"""So long one message may take, its answer included."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """How it went.

    Parameters
    ----------
    is_taken
        Whether the other side took the message.
    error
        Code of why not; empty if it was taken.
    """

    is_taken: bool
    error: str = ""


class Courier:
    """Takes one message after another, in a process that is started when it is needed.

    Parameters
    ----------
    deadline_s
        So long one message may take.
    """

    def __init__(self, *, deadline_s: float = DEADLINE_S) -> None:
        self._deadline_s = deadline_s
        self._child: subprocess.Popen[bytes] | None = None
        self._told: SimpleQueue[Any] = SimpleQueue()

    def deliver(self, errand: dict[str, Any]) -> Delivery:
        """Take a message outside and return how it went; it never raises and never takes longer than is allowed.

        Parameters
        ----------
        errand
            As :func:`api.messages.errand.run_errand` reads it.
        """
        try:
            words = self._running()
            words.write(json.dumps(errand).encode() + b"\n")
            words.flush()
            told = self._told.get(timeout=self._deadline_s)
        except Empty:
            self.close()
            return Delivery(False, "slow")
        except OSError:
            told = None
        if told is None:  # it ended: memory was short, or somebody ended it
            self.close()
            return Delivery(False, "failed")
        return Delivery(bool(told["is_taken"]), str(told["error"]))

    def close(self) -> None:
        """End the process; the next message starts another."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                if pipe is not None:
                    with suppress(OSError):
                        pipe.close()

    def _running(self) -> IO[bytes]:
        """Return where to write for the process, started if it is not there."""
        if self._child is not None and self._child.poll() is None and self._child.stdin is not None:
            return self._child.stdin
        self.close()
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        command = [sys.executable, "-c", "from api.messages.errand import answer; answer()"]
        pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
        # A session of its own: Ctrl-C on a terminal is for the service. What libraries print could tell secrets.
        child = subprocess.Popen(  # noqa: S603 - our own words
            command, stdin=pipe, stdout=pipe, stderr=nothing, env=environment, start_new_session=True
        )
        self._child, self._told = child, SimpleQueue()
        if child.stdin is None or child.stdout is None:
            raise RuntimeError
        Thread(target=_listen, args=(child.stdout, self._told), daemon=True, name="courier").start()
        return child.stdin


def _listen(answers: IO[bytes], told: SimpleQueue[Any]) -> None:
    with suppress(OSError, ValueError):  # the pipe is closed, or what came is no answer
        for line in answers:
            told.put(json.loads(line))
    told.put(None)
