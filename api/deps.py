"""What routes ask for: the workplace, the runs at work, the caller and the caller's language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated, ParamSpec, Protocol, TypeVar, cast

from anyio import to_thread
from fastapi import Depends, Query, Request

from api.actions.scenarios.visitor import Visitor
from api.actions.workplace import Workplace
from api.auth import Allow, User, current_user
from api.errors import caller_lang
from api.runs.watching import Watch
from api.runs.worker import Worker
from layers.current import VERSION
from layers.records.audit import Actor
from layers.records.scenario import Viewer
from maps.catalogue import Lang


async def _workplace(request: Request) -> Workplace:
    return cast("Workplace", request.app.state.workplace)


async def _watch(request: Request) -> Watch:
    return cast("Watch", request.app.state.watch)


P = ParamSpec("P")
R = TypeVar("R")


class RunsBeside(Protocol):
    """Runs a function in a thread of those that may wait for the database."""

    async def __call__(self, work: Callable[P, R], *args: P.args, **options: P.kwargs) -> R:
        """Return what it returns."""


async def _beside(request: Request) -> RunsBeside:
    """Return the way to run what asks the database.

    Threads of their own: while a database is silent, whoever waits for it keeps nobody else waiting.
    """

    async def run(work: Callable[P, R], *args: P.args, **options: P.kwargs) -> R:
        return await to_thread.run_sync(partial(work, *args, **options), limiter=request.app.state.records_threads)

    return run


async def _actor(user: Annotated[User, Depends(current_user)]) -> Actor:
    return user.actor


Caller = Annotated[User, Depends(current_user)]
Acting = Annotated[Actor, Depends(_actor)]
WithRecords = Annotated[RunsBeside, Depends(_beside)]
AtWork = Annotated[Workplace, Depends(_workplace)]
Watching = Annotated[Watch, Depends(_watch)]
CallerLang = Annotated[Lang, Depends(caller_lang)]


@dataclass(frozen=True)
class RunDesk:
    """What the routes about runs work with."""

    at_work: Workplace
    worker: Worker
    actor: Actor
    beside: RunsBeside
    lang: Lang


async def _run_desk(
    request: Request, *, at_work: AtWork, actor: Acting, beside: WithRecords, lang: CallerLang
) -> RunDesk:
    return RunDesk(at_work, request.app.state.worker, actor, beside, lang)


async def _visitor(at_work: AtWork, user: Annotated[User, Depends(Allow.to("read", "scenario"))]) -> Visitor:
    """Return who works with scenarios, in the roles that count in this county."""
    roles = tuple(sorted({str(grant.role) for grant in user.grants_here}))
    return Visitor(at_work, Viewer(user.account_id, roles), user.actor)


Build = Annotated[str | None, Query(pattern=f"^{VERSION.pattern}$")]
"""Version of the build that is asked about, as scenarios are pinned to one; the current one if it is left out."""
Visiting = Annotated[Visitor, Depends(_visitor)]
AtDesk = Annotated[RunDesk, Depends(_run_desk)]
