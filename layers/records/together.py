"""Small writes of many threads in one transaction: a commit waits for the disk, and a crowd need not wait in turn."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from typing import Any, TypeVar, cast

from sqlalchemy import Connection

T = TypeVar("T")
_MOST = 64
"""Jobs of one transaction: whoever comes first waits for the last of them."""


class _Job:
    """What one thread wants written, and what became of it."""

    def __init__(self, work: Callable[[Connection], Any]) -> None:
        self.work = work
        self.turn = threading.Event()
        self.is_done = False
        self.result: Any = None
        self.error: BaseException | None = None


class WritingTogether:
    """Writes what several threads want at once in one transaction.

    The first thread that comes writes for those who come while it waits for the disk; one job that is refused takes
    nothing from the others.

    Parameters
    ----------
    writing
        Begins a transaction, as ``Database.writing`` does.
    """

    def __init__(self, writing: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._writing = writing
        self._waiting: deque[_Job] = deque()
        self._lock = threading.Lock()
        self._has_leader = False

    def do(self, work: Callable[[Connection], T]) -> T:
        """Return what `work` returns, once it is committed.

        Parameters
        ----------
        work
            Writes with the connection that it gets, in one transaction with others; it may be run a second time when
            what it wrote was taken back.

        Raises
        ------
        DatabaseDownError
            As for ``Database.writing``.
        """
        job = _Job(work)
        with self._lock:
            self._waiting.append(job)
            leads = not self._has_leader
            self._has_leader = True
        if not leads:
            job.turn.wait()
        if not job.is_done:
            self._lead(job)
        if job.error is not None:
            raise job.error
        return cast("T", job.result)

    def _lead(self, mine: _Job) -> None:
        """Write what is waiting until one's own job is done, then let the next in line lead."""
        while not mine.is_done:
            with self._lock:
                jobs = [self._waiting.popleft() for _ in range(min(_MOST, len(self._waiting)))]
            self._write(jobs)
            for job in jobs:
                job.is_done = True
                if job is not mine:
                    job.turn.set()
        with self._lock:
            following = self._waiting[0] if self._waiting else None
            self._has_leader = following is not None
        if following is not None:
            following.turn.set()

    def _write(self, jobs: list[_Job]) -> None:
        """Write jobs at once; if one of them is refused, all once more, each so that it takes nothing from the others.

        A savepoint a job costs as much as what a job does, and hardly any is refused.
        """
        try:
            with suppress(_RefusedError), self._writing() as connection:
                _write_all(connection, jobs)
                return
            with self._writing() as connection:
                for job in jobs:
                    _write_one(connection, job)
        except BaseException as error:  # noqa: BLE001 - told to each of those whose work it was
            for job in jobs:
                job.error = job.error or error


class _RefusedError(Exception):
    """One of several jobs is refused; which one is found by writing each by itself."""


def _write_all(connection: Connection, jobs: list[_Job]) -> None:
    for job in jobs:
        try:
            job.result = job.work(connection)
        except Exception as error:
            if len(jobs) == 1 or connection.invalidated:
                raise
            raise _RefusedError from error


def _write_one(connection: Connection, job: _Job) -> None:
    """Write one of several; what refuses it is its own, unless the connection is gone with it."""
    try:
        with connection.begin_nested():
            job.result = job.work(connection)
    except Exception as error:
        if connection.invalidated or not connection.in_transaction():
            raise
        job.error = error
