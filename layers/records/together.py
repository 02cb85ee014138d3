"""Small writes of many threads in one transaction: a commit waits for the disk, and a crowd need not wait in turn."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from typing import Generic, TypeVar, cast

from sqlalchemy import Connection

Item = TypeVar("Item")
Result = TypeVar("Result")
_MOST = 64
"""Items of one transaction: whoever comes first waits for the last of them."""


class _Job(Generic[Item, Result]):
    """What one thread wants written, and what became of it."""

    def __init__(self, item: Item) -> None:
        self.item = item
        self.turn = threading.Event()
        self.is_done = False
        self.result: Result | None = None
        self.error: BaseException | None = None


class WritingTogether(Generic[Item, Result]):
    """Writes what several threads want at once in one transaction.

    The first thread that comes writes for those who come while it waits for the disk; an item that is refused takes
    nothing from the others.

    Parameters
    ----------
    writing
        Begins a transaction, as ``Database.writing`` does.
    write
        Writes items with a connection and returns what became of each. It refuses all if it refuses one, and is then
        called again for each by itself, after what it wrote was taken back.
    """

    def __init__(
        self,
        writing: Callable[[], AbstractContextManager[Connection]],
        write: Callable[[Connection, Sequence[Item]], Sequence[Result]],
    ) -> None:
        self._writing, self._write = writing, write
        self._waiting: deque[_Job[Item, Result]] = deque()
        self._lock = threading.Lock()
        self._has_leader = False

    def do(self, item: Item) -> Result:
        """Return what became of an item, once it is committed.

        Raises
        ------
        DatabaseDownError
            As for ``Database.writing``.
        """
        job: _Job[Item, Result] = _Job(item)
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
        return cast("Result", job.result)

    def _lead(self, mine: _Job[Item, Result]) -> None:
        """Write what is waiting until one's own job is done, then let the next in line lead."""
        while not mine.is_done:
            with self._lock:
                jobs = [self._waiting.popleft() for _ in range(min(_MOST, len(self._waiting)))]
            self._write_jobs(jobs)
            for job in jobs:
                job.is_done = True
                if job is not mine:
                    job.turn.set()
        with self._lock:
            following = self._waiting[0] if self._waiting else None
            self._has_leader = following is not None
        if following is not None:
            following.turn.set()

    def _write_jobs(self, jobs: list[_Job[Item, Result]]) -> None:
        """Write all at once; if one is refused, all once more, each with a savepoint of its own.

        A savepoint costs as much as what is written within it, and hardly anything is refused.
        """
        try:
            with suppress(_RefusedError), self._writing() as connection:
                self._write_all(connection, jobs)
                return
            with self._writing() as connection:
                for job in jobs:
                    self._write_one(connection, job)
        except BaseException as error:  # noqa: BLE001 - told to each of those whose work it was
            for job in jobs:
                job.error = job.error or error

    def _write_all(self, connection: Connection, jobs: list[_Job[Item, Result]]) -> None:
        try:
            results = self._write(connection, [job.item for job in jobs])
        except Exception as error:
            if len(jobs) == 1 or connection.invalidated:
                raise
            raise _RefusedError from error
        for job, result in zip(jobs, results, strict=True):
            job.result = result

    def _write_one(self, connection: Connection, job: _Job[Item, Result]) -> None:
        """Write one of several; what refuses it is its own, unless the connection is gone with it."""
        try:
            with connection.begin_nested():
                (job.result,) = self._write(connection, [job.item])
        except Exception as error:
            if connection.invalidated or not connection.in_transaction():
                raise
            job.error = error


class _RefusedError(Exception):
    """One of several items is refused; which one is found by writing each by itself."""
