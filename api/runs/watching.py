"""Who watches a run is told of each change, by one look for all watchers of this process."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Iterator, Mapping
from typing import Any, NamedTuple

from layers.records.database_faults import DatabaseDownError
from layers.records.run import Run

_LOOK_S = 0.5
_LOG = logging.getLogger(__name__)


class Seen(NamedTuple):
    """A run as a watcher sees it, with its place in the queue while it waits."""

    run: Run
    place: int | None

    def is_news_after(self, before: Seen | None) -> bool:
        """Whether it tells something that the one before did not."""
        return before is None or self.run.seq > before.run.seq or self.place != before.place


Look = Callable[[Collection[str]], Coroutine[Any, Any, Mapping[str, Seen]]]

Still = Callable[[Seen], Coroutine[Any, Any, bool]]
"""Tells whether a watcher may see a run."""


class Watch:
    """The watchers of this process.

    Runs are looked at together, twice a second while anybody watches and at once when one has changed here, so that
    a hundred watchers cost one question to the database, and whoever watches another server's run sees it too.

    Parameters
    ----------
    look
        Gives runs by their ids; one that is missing is gone.
    """

    def __init__(self, look: Look) -> None:
        self._look = look
        self._watchers: dict[str, set[asyncio.Queue[Seen | None]]] = {}
        self._changed = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None
        self._loop = asyncio.get_running_loop()
        self._is_over = False

    async def follow(self, first: Seen, *, after: int, still: Still) -> AsyncIterator[Seen]:
        """Yield a run at each change, until it has ended, this service ends or the watcher may no longer see it.

        Parameters
        ----------
        first
            The run as it is now.
        after
            What the watcher saw last; what is not newer is not told again, except that the run has ended.
        still
            Whether the watcher may see a run, asked at each look.
        """
        before = first if first.run.seq <= after and first.run.is_open else None
        with self._watching(first.run.id) as told:
            seen: Seen | None = first
            while seen is not None:
                if seen.is_news_after(before):
                    yield seen
                    before = seen
                if not seen.run.is_open or self._is_over:
                    return
                seen = await told.get()
                if seen is not None and not await still(seen):
                    return

    def look(self) -> None:
        """Look at once; may be called in any thread."""
        with contextlib.suppress(RuntimeError):  # the loop has ended, and with it all watchers
            self._loop.call_soon_threadsafe(self._changed.set)

    def end(self) -> None:
        """Tell all watchers that this service ends; they come again elsewhere."""
        self._is_over = True
        for told in self._all():
            told.put_nowait(None)
        self._changed.set()

    async def close(self) -> None:
        """End, and wait a moment for the look that is under way, so that it does not outlive the database."""
        self.end()
        if self._looking is not None:
            await asyncio.wait({self._looking}, timeout=_LOOK_S)

    @contextlib.contextmanager
    def _watching(self, run_id: str) -> Iterator[asyncio.Queue[Seen | None]]:
        told: asyncio.Queue[Seen | None] = asyncio.Queue()
        self._watchers.setdefault(run_id, set()).add(told)
        self._changed.set()
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look_on())
        try:
            yield told
        finally:
            self._watchers[run_id].discard(told)
            if not self._watchers[run_id]:
                del self._watchers[run_id]

    async def _look_on(self) -> None:
        while self._watchers:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), _LOOK_S)
            self._changed.clear()
            if self._is_over:
                return
            try:
                self._tell(await self._look(list(self._watchers)))
            except DatabaseDownError:
                await asyncio.sleep(_LOOK_S)  # the watchers wait on
            except Exception:  # noqa: BLE001 - whoever watches waits on, whatever it was
                _LOG.exception("runs cannot be watched for the moment")
                await asyncio.sleep(_LOOK_S)

    def _tell(self, found: Mapping[str, Seen]) -> None:
        for run_id, watchers in self._watchers.items():
            for told in watchers:
                told.put_nowait(found.get(run_id))

    def _all(self) -> Iterator[asyncio.Queue[Seen | None]]:
        for watchers in self._watchers.values():
            yield from watchers
