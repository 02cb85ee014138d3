"""What has changed among cases: asked for since a position, or told as it happens, on whatever server."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, Header, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api.actions.cases.read import Reader
from api.actions.cases.view import view_listed
from api.actions.cases.watching import CaseWatch, Still
from api.answers import Answer
from api.auth import Allow, User, guarded_router, may_still
from api.case_views import FeedAnswer
from api.deps import AtWork, WithRecords
from api.description import answers
from api.routes.incidents import at_hand_of, reader_of
from layers.records.case_lists import MOST_LISTED, CaseFilter, CaseLists, ListedCase
from planning.incidents.moves import ENDED

router = guarded_router()
_MAY_READ = Allow.to("read", "incident")
Watcher = Annotated[User, Depends(_MAY_READ)]
_ASKED_AGAIN_S = 3.0
"""So long after a session or a right has ended at most, a stream ends too."""
_MOST_POSITION = 2**62


@router.get("/api/incidents/feed", response_model=None, responses=answers(FeedAnswer))
async def feed(
    at_work: AtWork,
    beside: WithRecords,
    user: Watcher,
    after: Annotated[int | None, Query(ge=0, le=_MOST_POSITION)] = None,
) -> Answer:
    """Return the cases that have changed since a position, and the next position; without one where the feed stands."""

    def work() -> Answer:
        lists = at_work.case_lists
        position = lists.latest_position()  # before they are read: what comes in between is told again
        if after is None:
            return Answer({"position": position, "cases": [], "more": False})
        wanted = CaseFilter(within=reader_of(at_work, user).sight.within)
        found = lists.changed(wanted, after=after, limit=MOST_LISTED)
        more = len(found) == MOST_LISTED
        at_hand = at_hand_of(at_work)
        told = {"position": found[-1].pos if more else max(position, after), "more": more}
        return Answer({**told, "cases": [view_listed(at_hand, case) for case in found]})

    return await beside(work)


@dataclass
class _Seen:
    """What a watcher may see: what is theirs, and what was theirs when they last looked.

    Parameters
    ----------
    reader
    known
        Ids of open cases; a case that goes to somebody else is told once more.
    """

    reader: Reader
    known: set[str] = field(default_factory=set)

    def of(self, cases: tuple[ListedCase, ...]) -> list[dict[str, Any]]:
        told = []
        for case in cases:
            sees = self.reader.sight.sees(case)
            if sees:
                self.known.add(case.id)
            elif case.id in self.known:
                self.known.discard(case.id)
            else:
                continue
            told.append({"id": case.id, "version": case.version if sees else None})
        return told


async def _case_watch(request: Request) -> CaseWatch:
    watch: CaseWatch = request.app.state.case_watch
    return watch


async def _seen(at_work: AtWork, beside: WithRecords, user: Watcher) -> _Seen:
    return await beside(lambda: _begin(at_work.case_lists, reader_of(at_work, user)))


def _begin(lists: CaseLists, reader: Reader) -> _Seen:
    if reader.sight.within is None:  # whoever sees the whole county loses nothing from sight
        return _Seen(reader)
    mine = lists.by_deadline(CaseFilter(within=reader.sight.within), limit=MOST_LISTED)
    return _Seen(reader, {case.id for case in mine if case.state not in ENDED})


async def _still(request: Request, seconds: Annotated[int | None, Query(ge=0, le=86_400)] = None) -> Still:
    """Return what tells whether a watcher may go on: their key and their rights are looked at again and again."""
    begun = asked = time.monotonic()

    async def look_again() -> bool:
        nonlocal asked
        if seconds is not None and time.monotonic() - begun >= seconds:
            return False
        if time.monotonic() - asked < _ASKED_AGAIN_S:
            return True
        asked = time.monotonic()
        return await may_still(request, _MAY_READ)

    return look_again


@router.get(
    "/api/incidents/stream",
    dependencies=[Depends(_MAY_READ)],
    response_class=EventSourceResponse,
)
async def stream(
    watch: Annotated[CaseWatch, Depends(_case_watch)],
    seen: Annotated[_Seen, Depends(_seen)],
    still: Annotated[Still, Depends(_still)],
    last_event_id: Annotated[str | None, Header(max_length=20)] = None,
) -> AsyncIterator[ServerSentEvent]:
    """Tell which cases change, as they do; ``id`` is the position of the feed, and ``Last-Event-ID`` resumes.

    The first event tells where the feed stands. ``version`` is null for a case that has gone to somebody else;
    ``whole`` is false where more has changed than is told. After so many ``seconds`` it ends, else when the right does.
    """
    after = int(last_event_id) if last_event_id and last_event_id.isdecimal() else None
    is_first = True
    async for news in watch.follow(after=after, still=still):
        cases = seen.of(news.cases)
        if is_first or cases or not news.is_whole:
            told = {"position": news.position, "cases": cases, "whole": news.is_whole}
            yield ServerSentEvent(data=told, id=str(news.position), event="begun" if is_first else "changed")
        is_first = False
