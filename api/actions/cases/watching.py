"""Who watches cases is told which have changed, by one look for all watchers of this process."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from layers.records.case_lists import ListedCase
from layers.records.database_faults import DatabaseDownError

LOOK_S = 0.5
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class News:
    """What has changed.

    Parameters
    ----------
    position
        Of the latest change in the feed; whoever has seen it has seen all of this.
    cases
        As they stand now.
    is_whole
        Whether these are all that have changed since; else whoever watches looks anew.
    """

    position: int
    cases: tuple[ListedCase, ...] = ()
    is_whole: bool = True


Look = Callable[[int], Coroutine[Any, Any, News]]
"""Tells what has changed since a position."""
Latest = Callable[[], Coroutine[Any, Any, int]]
Still = Callable[[], Coroutine[Any, Any, bool]]
"""Tells whether a watcher may go on."""


class CaseWatch:
    """The watchers of cases in this process.

    The database is asked twice a second while anybody watches, once for all of them, and so they are told of what
    happens on any server that shares it.

    Parameters
    ----------
    look, latest
    """

    def __init__(self, look: Look, latest: Latest) -> None:
        self._look, self._latest = look, latest
        self._watchers: set[asyncio.Queue[News | None]] = set()
        self._looking: asyncio.Task[None] | None = None
        self._is_over = False

    async def follow(self, *, after: int | None, still: Still) -> AsyncIterator[News]:
        """Yield where the feed stands, then every change, until this service ends or the watcher may not go on.

        Parameters
        ----------
        after
            Position that the watcher saw last: what has changed since comes first. ``None``: from now on.
        still
            Asked at each look.

        Raises
        ------
        DatabaseDownError
            If it is away when the watcher comes.
        """
        with self._watching() as told:
            now = await self._latest()
            self._begin(now)  # at what this watcher is told, or before: nothing lies between
            first = News(now) if after is None else await self._look(after)
            seen = max(now, first.position)
            yield dataclasses.replace(first, position=seen)
            while not self._is_over:
                news = await told.get()
                if news is None or not await still():
                    return
                if news.position > seen:
                    seen = news.position
                    yield news

    def end(self) -> None:
        """Tell all watchers that this service ends; they come again elsewhere."""
        self._is_over = True
        for told in self._watchers:
            told.put_nowait(None)

    async def close(self) -> None:
        """End, and wait a moment for the look that is under way, so that it does not outlive the database."""
        self.end()
        if self._looking is not None and not self._looking.done():
            self._looking.cancel()
            await asyncio.wait({self._looking}, timeout=LOOK_S)

    @contextlib.contextmanager
    def _watching(self) -> Iterator[asyncio.Queue[News | None]]:
        told: asyncio.Queue[News | None] = asyncio.Queue()
        self._watchers.add(told)
        try:
            yield told
        finally:
            self._watchers.discard(told)
            if not self._watchers and self._looking is not None:  # nobody is left to look for
                self._looking.cancel()
                self._looking = None

    def _begin(self, position: int) -> None:
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look_on(position))

    async def _look_on(self, position: int) -> None:
        while self._watchers and not self._is_over:
            try:
                news = await self._look(position)
            except DatabaseDownError:
                await asyncio.sleep(LOOK_S)  # the watchers wait on
                continue
            except Exception:  # noqa: BLE001 - whoever watches waits on, whatever it was
                _LOG.exception("cases cannot be watched for the moment")
                await asyncio.sleep(LOOK_S)
                continue
            position = max(position, news.position)
            self._tell(news)
            await asyncio.sleep(LOOK_S)

    def _tell(self, news: News) -> None:
        for told in self._watchers:
            told.put_nowait(news)


def news_of(cases: Sequence[ListedCase], *, after: int, most: int) -> News:
    """Return what a look has found: at most `most` cases were asked for."""
    return News(max((case.pos for case in cases), default=after), tuple(cases), is_whole=len(cases) < most)
