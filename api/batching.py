"""What many callers ask at once is done in one go on one thread: threads that take turns cost more than the work."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from anyio import CapacityLimiter, to_thread

Item = TypeVar("Item")
Result = TypeVar("Result")
_MOST = 32
"""Items of one go: whoever comes first waits for the last of them, some 3 ms each."""


class Batching(Generic[Item, Result]):
    """Gathers what is asked while a thread is at work, and hands all of it to the thread when that is free.

    Parameters
    ----------
    do_all
        Returns what became of each item: its result, or the error it met. Called on a thread.
    limiter
        Of the threads that may be at work at once; for this and for others.
    """

    def __init__(
        self, do_all: Callable[[Sequence[Item]], Sequence[Result | BaseException]], limiter: CapacityLimiter
    ) -> None:
        self._do_all, self._limiter = do_all, limiter
        self._waiting: deque[tuple[Item, asyncio.Future[Result]]] = deque()
        self._at_work: asyncio.Task[None] | None = None

    async def do(self, item: Item) -> Result:
        """Return what became of an item.

        Raises
        ------
        Exception
            What the item met.
        """
        outcome: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, outcome))
        if self._at_work is None or self._at_work.done():
            self._at_work = asyncio.create_task(self._work())
        return await outcome

    async def _work(self) -> None:
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(_MOST, len(self._waiting)))]
            outcomes = await self._outcomes([item for item, _ in batch])
            for (_, waiting), outcome in zip(batch, outcomes, strict=True):
                if waiting.done():  # whoever asked has gone
                    continue
                if isinstance(outcome, BaseException):
                    waiting.set_exception(outcome)
                else:
                    waiting.set_result(outcome)

    async def _outcomes(self, items: Sequence[Item]) -> Sequence[Result | BaseException]:
        try:
            return await to_thread.run_sync(self._do_all, items, limiter=self._limiter)
        except Exception as error:  # noqa: BLE001 - of all of them: each is told
            return [error] * len(items)
