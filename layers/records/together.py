"""Small writes of many threads in one transaction: a commit waits for the disk, and a crowd need not wait in turn."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from itertools import islice
from typing import Generic, TypeVar

from sqlalchemy import Connection

Item = TypeVar("Item")
Result = TypeVar("Result")
_MOST = 64
"""Items of one transaction, or one job's: whoever comes first waits for the last of them."""


class _Job(Generic[Item, Result]):
    """What one thread wants written, and what became of it."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = items
        self.turn = threading.Event()
        self.outcomes: Sequence[Result | BaseException] | None = None


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

    def do(self, items: Sequence[Item]) -> Sequence[Result | BaseException]:
        """Return what became of each of some items, once they are committed: its result, or the error it met."""
        job: _Job[Item, Result] = _Job(items)
        with self._lock:
            self._waiting.append(job)
            leads = not self._has_leader
            self._has_leader = True
        if not leads:
            job.turn.wait()
        return job.outcomes if job.outcomes is not None else self._lead(job)

    def _lead(self, mine: _Job[Item, Result]) -> Sequence[Result | BaseException]:
        """Write what is waiting until one's own job is done, then let the next in line lead."""
        while mine.outcomes is None:
            jobs = self._next_jobs()
            outcomes = iter(self._outcomes([item for job in jobs for item in job.items]))
            for job in jobs:
                job.outcomes = list(islice(outcomes, len(job.items)))
                if job is not mine:
                    job.turn.set()
        with self._lock:
            following = self._waiting[0] if self._waiting else None
            self._has_leader = following is not None
        if following is not None:
            following.turn.set()
        return mine.outcomes

    def _next_jobs(self) -> list[_Job[Item, Result]]:
        jobs: list[_Job[Item, Result]] = []
        with self._lock:
            while self._waiting and sum(len(job.items) for job in jobs) < _MOST:
                jobs.append(self._waiting.popleft())
        return jobs

    def _outcomes(self, items: Sequence[Item]) -> Sequence[Result | BaseException]:
        """Write all at once; if one is refused, all once more, each with a savepoint of its own.

        A savepoint costs as much as what is written within it, and hardly anything is refused.
        """
        try:
            with suppress(_RefusedError), self._writing() as connection:
                return self._write_all(connection, items)
            with self._writing() as connection:
                return [self._write_one(connection, item) for item in items]
        except BaseException as error:  # noqa: BLE001 - told to each of those whose work it was
            return [error] * len(items)

    def _write_all(self, connection: Connection, items: Sequence[Item]) -> Sequence[Result]:
        try:
            return self._write(connection, items)
        except Exception as error:
            if len(items) == 1 or connection.invalidated:
                raise
            raise _RefusedError from error

    def _write_one(self, connection: Connection, item: Item) -> Result | BaseException:
        """Write one of several; what refuses it is its own, unless the connection is gone with it."""
        try:
            with connection.begin_nested():
                (result,) = self._write(connection, [item])
                return result
        except Exception as error:
            if connection.invalidated or not connection.in_transaction():
                raise
            return error


class _RefusedError(Exception):
    """One of several items is refused; which one is found by writing each by itself."""
