"""The application: settings in, routes out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

import maps
from api.actions.cases.passing import Passing
from api.actions.cases.watching import CaseWatch, News, news_of
from api.actions.daily import Daily
from api.actions.table_changes import LARGEST_FILE
from api.actions.warm import open_up
from api.actions.workplace import Workplace
from api.answers import Answer
from api.batching import Batching
from api.body import BodyLimitMiddleware
from api.client import ClientAddressMiddleware
from api.description import describe_api
from api.errors import install_error_handlers
from api.headers import SecurityHeadersMiddleware
from api.health import Health, looks_at
from api.hearing_out import HearingOutMiddleware
from api.listening import host_names
from api.messages.sender import Sender
from api.origin import KnownHostMiddleware, SameOriginMiddleware
from api.routes import (
    accounts,
    adoption_pages,
    adoptions,
    attachments,
    audit,
    case_feed,
    case_files,
    case_parts,
    cells,
    closures,
    compare,
    counter_pages,
    counter_proposals,
    county,
    doors,
    dry_runs,
    evaluations,
    futures,
    ground,
    health,
    hearing_pages,
    hearings,
    incidents,
    leave,
    matrices,
    matters,
    open311,
    own_account,
    pages,
    people,
    plans,
    public_pages,
    publications,
    published,
    runs,
    scenario_files,
    scenario_history,
    scenario_runs,
    scenario_shares,
    scenarios,
    service,
    sheets,
    staff,
    staff_pages,
    staff_tables,
    studies,
    table_pages,
    tables,
    ways,
)
from api.runs.watching import Look, Seen, Watch
from api.runs.worker import Worker
from api.settings import Settings
from layers.attached.kinds import LARGEST_BYTES
from layers.records.case_lists import MOST_LISTED, CaseFilter
from layers.records.engines import MOST_CONNECTIONS
from layers.records.scenario import MAX_BODY_BYTES

_LARGEST_BODY = 64 * 1024
_QUESTIONS = (
    "/api/scenarios*",
    "/api/plans",
    *(f"/api/{noun}" for noun in ("evaluations", "matrices", "ways", "left-behind", "names")),
)
_LARGER = {
    "/api/tables/*.xlsx": LARGEST_FILE,
    "/api/cells.xlsx": LARGEST_FILE,
    "/tables/*": LARGEST_FILE + _LARGEST_BODY,
    "/api/publications/*/comments.xlsx": LARGEST_FILE,
    "/api/incidents/batch.xlsx": LARGEST_FILE,
    "/api/staff/*.xlsx": LARGEST_FILE,
    "/staff/*.xlsx": LARGEST_FILE + _LARGEST_BODY,
    "/api/incidents/*/attachments": LARGEST_BYTES + _LARGEST_BODY,
    "/hearings/*/answers": LARGEST_FILE + _LARGEST_BODY,
    **dict.fromkeys(_QUESTIONS, MAX_BODY_BYTES + _LARGEST_BODY),
}
"""A file alone, one in a form with its other fields, and questions with thousands of sites or areas of many corners."""
_ROOMS = (
    health,
    case_feed,
    case_files,
    incidents,
    pages,
    doors,
    dry_runs,
    own_account,
    people,
    accounts,
    audit,
    service,
    county,
    cells,
    ground,
    plans,
    studies,
    compare,
    runs,
    scenario_runs,
    scenario_files,
    scenarios,
    scenario_history,
    scenario_shares,
    adoption_pages,
    adoptions,
    sheets,
    closures,
    ways,
    evaluations,
    futures,
    matrices,
    open311,
    matters,
    attachments,
    case_parts,
    staff_tables,
    staff,
    leave,
    staff_pages,
    tables,
    table_pages,
    publications,
    published,
    public_pages,
    counter_proposals,
    counter_pages,
    hearings,
    hearing_pages,
)
"""The first that knows an address answers it; each is asked in turn, so what is called most stands first."""
_THREADS = 8
"""For requests that compute; with more, whoever only asks for a moment waits for each of them in turn."""
_AT_THE_DOOR = 6
"""Connections kept for asking who calls, so that nobody waits at the door for a report that is being stored."""
_OTHERS = 2  # for what is computed and looked after beside the requests
_LONGEST_READ_S = 0.5  # what is still being read at the end is left behind
_STATIC = Path(maps.__file__).parent / "static"


def create_app(settings: Settings | None = None) -> FastAPI:
    """Build the application.

    Parameters
    ----------
    settings
        Read from the environment if not given.

    Returns
    -------
    FastAPI
    """
    settings = settings or Settings()

    app = _Described(
        title="CountyGrid 县域网格",
        version=version("countygrid"),
        docs_url=None,
        redoc_url=None,
        openapi_url=None,  # a route of its own, which says who may call it
        lifespan=_open,
        default_response_class=Answer,
        redirect_slashes=False,  # what is not described is not there
    )
    app.state.settings = settings
    install_error_handlers(app)
    for room in _ROOMS:
        app.include_router(room.router)
    app.mount("/static", PublicFiles(directory=_STATIC), name="static")
    app.add_middleware(GZipMiddleware, minimum_size=2000, compresslevel=6)
    app.add_middleware(BodyLimitMiddleware, limit=_LARGEST_BODY, larger=_LARGER)
    app.add_middleware(SameOriginMiddleware)
    app.add_middleware(KnownHostMiddleware, names=host_names(settings))
    return app


@asynccontextmanager
async def _open(app: FastAPI) -> AsyncIterator[None]:
    """Hold open for as long as the application runs what all its requests share."""
    app.state.workplace = Workplace(app.state.settings)
    app.state.door = app.state.workplace.door
    app.state.records_threads = CapacityLimiter(MOST_CONNECTIONS - _AT_THE_DOOR - _OTHERS)
    app.state.door_threads = CapacityLimiter(_AT_THE_DOOR)
    app.state.reporting = Batching(
        partial(incidents.answers_to_reports, app.state.workplace), app.state.records_threads
    )
    app.state.watch = Watch(_look_for_watchers(app))
    app.state.case_watch = _case_watch(app)
    app.state.worker = Worker(app.state.workplace, on_change=app.state.watch.look)
    app.state.daily = Daily(app.state.workplace)
    app.state.passing = Passing(app.state.workplace)
    app.state.sender = Sender(app.state.workplace)
    app.state.health = Health(looks_at(app.state.workplace, app.state.worker, app.state.passing))
    to_thread.current_default_thread_limiter().total_tokens = _THREADS
    app.state.reading = reading = open_up(app.state.workplace)
    yield
    if reading.is_alive():
        reading.join(_LONGEST_READ_S)
    app.state.health.close()
    await app.state.watch.close()
    await app.state.case_watch.close()
    app.state.worker.close()
    app.state.daily.close()
    app.state.passing.close()
    app.state.sender.close()
    app.state.workplace.close()


def end_runs(app: FastAPI) -> None:
    """Begin to end: who watches a run or cases is sent away, and what is computed goes back into the queue."""
    app.state.watch.end()
    app.state.case_watch.end()
    app.state.worker.prepare_to_end()


def _look_for_watchers(app: FastAPI) -> Look:
    def look(ids: Collection[str]) -> dict[str, Seen]:
        return {run_id: Seen(*seen) for run_id, seen in app.state.workplace.runs.seen(ids).items()}

    async def beside(ids: Collection[str]) -> dict[str, Seen]:
        return await to_thread.run_sync(look, ids, limiter=app.state.records_threads)

    return beside


def _case_watch(app: FastAPI) -> CaseWatch:
    def look(after: int) -> News:
        found = app.state.workplace.case_lists.changed(CaseFilter(), after=after, limit=MOST_LISTED)
        return news_of(found, after=after, most=MOST_LISTED)

    async def look_beside(after: int) -> News:
        return await to_thread.run_sync(look, after, limiter=app.state.records_threads)

    async def latest_beside() -> int:
        def latest() -> int:
            return int(app.state.workplace.case_lists.latest_position())

        return await to_thread.run_sync(latest, limiter=app.state.records_threads)

    return CaseWatch(look_beside, latest_beside)


class PublicFiles(StaticFiles):
    """Styles, scripts and pictures, which anyone may read: pages need them before anybody has signed in."""


class _Described(FastAPI):
    """The framework's application with our description of what is refused, and what is true of every answer."""

    def openapi(self) -> dict[str, Any]:
        """Return the description."""
        return describe_api(self)

    def build_middleware_stack(self) -> ASGIApp:
        """Return the whole stack: who calls is settled first, and answers to errors of our own have headers too."""
        answered = SecurityHeadersMiddleware(HearingOutMiddleware(super().build_middleware_stack()))
        return ClientAddressMiddleware(answered, proxy=self.state.settings.proxy)
