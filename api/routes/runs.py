"""Computations that were asked for: look at one, watch it, cancel it, repeat it."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Any

from fastapi import Depends, Header, Query, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api.actions.left_behind import left_behind_file, list_left_behind
from api.actions.open_county import OpenCounty
from api.actions.plan_file import with_claim
from api.answers import Answer
from api.auth import Allow, guarded_router, may_still
from api.deps import AtDesk, Caller, CallerLang, RunDesk, Watching
from api.description import answers, may_refuse, with_files
from api.explain import ApiError
from api.place_views import LeftBehindAnswer
from api.runs.computing import read_plan
from api.runs.view import run_view, run_with_result
from api.runs.watching import Seen, Still
from api.views import PlanFileAnswer, RunAnswer, RunsAnswer
from layers.records.audit import Act
from layers.records.run import Run
from maps.catalogue import Lang
from maps.report.place_list import MEDIA_TYPES, FileKind

router = guarded_router()
MAY_READ = Allow.to("read", "plan")
_ASKED_AGAIN_S = 3.0
"""So long after a session or a right has ended at most, a stream ends too."""
OF_ONE = (
    "look_api_runs__name__get",
    "events_api_runs__name__events_get",
    "plan_file_api_runs__name__plan_file_get",
    "left_behind_api_runs__name__left_behind_get",
    "cancel_api_runs__name__delete",
    "repeat_api_runs__name__repeat_post",
)
"""Operations that take a run's id."""


def answer_of(desk: RunDesk, run: Run) -> Answer:
    """Return the answer to whoever asked for a computation: 200 where it has ended, else 202 and where to look."""
    desk.worker.look()
    headers = {"Location": f"/api/runs/{run.id}"}
    return _told(desk, run, status_code=202 if run.is_open else 200, headers=headers)


@router.get(
    "/api/runs",
    dependencies=[Depends(Allow.to("read", "plan"))],
    response_model=None,
    responses=answers(RunsAnswer),
)
async def recent(desk: AtDesk, limit: Annotated[int, Query(ge=1, le=200)] = 50) -> Answer:
    """Return the caller's own runs, newest first, without their results."""

    def look() -> Answer:
        found = desk.at_work.runs.recent(asked_by=desk.actor.account_id, limit=limit)
        return Answer({"runs": [run_view(run, lang=desk.lang, place=place) for run, place in found]})

    return await desk.beside(look)


@router.get(
    "/api/runs/{name}",
    dependencies=[Depends(Allow.to("read", "plan"))],
    response_model=None,
    responses=may_refuse(404) | answers(RunAnswer),
)
async def look(desk: AtDesk, name: str) -> Answer:
    """Return how far a run is, and its result once there is one."""
    return await desk.beside(lambda: _told(desk, _mine(desk, name)))


async def _to_watch(desk: AtDesk, name: str) -> Seen:
    """Return the run that the caller may watch, before the stream begins."""

    def read() -> Seen:
        run = _mine(desk, name)
        return Seen(run, desk.at_work.runs.place(run))

    return await desk.beside(read)


async def _still(request: Request, user: Caller) -> Still:
    """Return what tells whether a watcher may see a run: their key and their rights are looked at again and again."""
    asked = time.monotonic()

    async def look_again(seen: Seen) -> bool:
        nonlocal asked
        if seen.run.asked_by != user.account_id:  # it went to somebody else
            return False
        if time.monotonic() - asked < _ASKED_AGAIN_S:
            return True
        asked = time.monotonic()
        return await may_still(request, MAY_READ)

    return look_again


@router.get(
    "/api/runs/{name}/events",
    dependencies=[Depends(MAY_READ)],
    response_class=EventSourceResponse,
    responses=may_refuse(404),
)
async def events(
    watching: Watching,
    lang: CallerLang,
    seen: Annotated[Seen, Depends(_to_watch)],
    still: Annotated[Still, Depends(_still)],
    last_event_id: Annotated[str | None, Header(max_length=20)] = None,
) -> AsyncIterator[ServerSentEvent]:
    """Tell of each change of a run, until it has ended; ``id`` rises, and ``Last-Event-ID`` resumes."""
    after = int(last_event_id) if last_event_id and last_event_id.isdecimal() else 0
    async for one in watching.follow(seen, after=after, still=still):
        told = {"run": run_view(one.run, lang=lang, place=one.place)}
        yield ServerSentEvent(data=told, id=str(one.run.seq), event="progress" if one.run.is_open else "end")


@router.get(
    "/api/runs/{name}/plan-file",
    dependencies=[Depends(Allow.to("read", "plan"))],
    response_model=None,
    responses=may_refuse(404, 409) | answers(PlanFileAnswer),
)
async def plan_file(desk: AtDesk, name: str) -> Answer:
    """Return the plan file: the plan with matrix, weights and certificate, for ``countygrid verify``."""

    def read() -> Answer:
        plan = read_plan(desk.at_work.files, _mine(desk, name))
        headers = {"Content-Disposition": f'attachment; filename="plan-{name[:8]}.json"'}
        return Answer(with_claim(plan.answer, plan.claimed), headers=headers)

    return await desk.beside(read)


@router.get(
    "/api/runs/{name}/left-behind",
    dependencies=[Depends(Allow.to("read", "plan"))],
    response_model=None,
    responses=may_refuse(404, 409) | with_files(answers(LeftBehindAnswer), *MEDIA_TYPES.values()),
)
async def left_behind(desk: AtDesk, name: str, as_: Annotated[FileKind | None, Query(alias="as")] = None) -> Response:
    """Return who is left behind by a plan, place by place, as JSON or as a file: ``csv``, ``xlsx`` or ``gpkg``."""

    def read() -> Response:
        run = _mine(desk, name)
        plan = read_plan(desk.at_work.files, run)
        at_hand = desk.at_work.county_of(plan.answer)
        told = list_left_behind(at_hand, plan.answer, None if plan.claim is None else json.loads(plan.claim))
        return left_behind_answer(at_hand, told, as_, name=f"left-behind-{name[:8]}", lang=desk.lang)

    return await desk.beside(read)


def left_behind_answer(
    at_hand: OpenCounty, told: Mapping[str, Any], kind: FileKind | None, *, name: str, lang: Lang
) -> Response:
    """Return who is left behind as JSON, or as a file of a kind; `name` is the file's without its ending."""
    if kind is None:
        return Answer(told)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"', "Cache-Control": "no-store"}
    content = left_behind_file(at_hand, told, kind, lang=lang)
    return Response(content, media_type=MEDIA_TYPES[kind], headers=headers)


@router.delete(
    "/api/runs/{name}",
    dependencies=[Depends(Allow.to("write", "plan"))],
    response_model=None,
    responses=may_refuse(404) | answers(RunAnswer),
)
async def cancel(desk: AtDesk, name: str) -> Answer:
    """Cancel a run; the best so far is kept with its bound. One that has ended stays as it is."""

    def end() -> Answer:
        act = Act(desk.actor, "run.cancelled", "run")
        run = _known(desk.at_work.runs.cancel(name, asked_by=desk.actor.account_id, act=act), name)
        desk.worker.cancel(run)
        return _told(desk, run)

    return await desk.beside(end)


@router.post(
    "/api/runs/{name}/repeat",
    status_code=202,
    dependencies=[Depends(Allow.to("write", "plan"))],
    response_model=None,
    responses=may_refuse(404, 429) | answers(RunAnswer, 200, 202, leads_to=OF_ONE),
)
async def repeat(desk: AtDesk, name: str) -> Answer:
    """Compute a run again that was interrupted, failed, was cancelled or lost its result; any other stays as it is."""

    def is_lost(run: Run) -> bool:
        return desk.at_work.files.read(run.result_sha) is None

    def again() -> Answer:
        act = Act(desk.actor, "run.repeated", "run")
        run = desk.at_work.runs.repeat(name, asked_by=desk.actor.account_id, act=act, is_lost=is_lost)
        return answer_of(desk, _known(run, name))

    return await desk.beside(again)


def _mine(desk: RunDesk, name: str) -> Run:
    return _known(desk.at_work.runs.get(name, asked_by=desk.actor.account_id), name)


def _known(run: Run | None, name: str) -> Run:
    if run is None:
        raise ApiError(404, "unknown-run", id=name)
    return run


def _told(desk: RunDesk, run: Run, **options: Any) -> Answer:
    place = desk.at_work.runs.place(run)
    return Answer({"run": run_with_result(run, desk.at_work.files, lang=desk.lang, place=place)}, **options)
