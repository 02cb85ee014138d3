"""Computations that were asked for: look at one, watch it, cancel it, repeat it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Header, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api.actions.plan_file import with_claim
from api.actions.workplace import Workplace
from api.answers import Answer
from api.auth import PLANNING, Allow, guarded_router
from api.deps import Acting, AtWork, Background, Caller, CallerLang, Watching, WithRecords
from api.description import answers, may_refuse
from api.explain import ApiError
from api.runs.computing import read_plan
from api.runs.view import run_view, run_with_result
from api.runs.watching import Seen
from api.views import PlanFileAnswer, RunAnswer, RunsAnswer
from layers.records.audit import Act
from layers.records.run import Run
from maps.catalogue import Lang

router = guarded_router()
OF_ONE = (
    "look_api_runs__name__get",
    "events_api_runs__name__events_get",
    "plan_file_api_runs__name__plan_file_get",
    "cancel_api_runs__name__delete",
    "repeat_api_runs__name__repeat_post",
)
"""Operations that take a run's id."""


def answer_of(at_work: Workplace, run: Run, lang: Lang) -> Answer:
    """Return the answer to whoever asked for a computation: 200 where it has ended, else 202 and where to look."""
    told = run_with_result(run, at_work.files, lang=lang, place=at_work.runs.place(run))
    headers = {"Location": f"/api/runs/{run.id}"}
    return Answer({"run": told}, status_code=202 if run.is_open else 200, headers=headers)


@router.get(
    "/api/runs",
    dependencies=[Depends(Allow(*PLANNING))],
    response_model=None,
    responses=answers(RunsAnswer),
)
async def recent(
    at_work: AtWork,
    caller: Caller,
    beside: WithRecords,
    lang: CallerLang,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Answer:
    """Return the caller's own runs, newest first, without their results."""

    def look() -> Answer:
        recent = at_work.runs.recent(asked_by=caller.account_id, limit=limit)
        return Answer({"runs": [run_view(run, lang=lang, place=place) for run, place in recent]})

    return await beside(look)


@router.get(
    "/api/runs/{name}",
    dependencies=[Depends(Allow(*PLANNING))],
    response_model=None,
    responses=may_refuse(404) | answers(RunAnswer),
)
async def look(at_work: AtWork, caller: Caller, beside: WithRecords, lang: CallerLang, name: str) -> Answer:
    """Return how far a run is, and its result once there is one."""

    def read() -> Answer:
        run = _known(at_work.runs.get(name, asked_by=caller.account_id), name)
        return Answer({"run": run_with_result(run, at_work.files, lang=lang, place=at_work.runs.place(run))})

    return await beside(read)


async def _to_watch(at_work: AtWork, caller: Caller, beside: WithRecords, name: str) -> Seen:
    """Return the run that the caller may watch, before the stream begins."""

    def read() -> Seen:
        run = _known(at_work.runs.get(name, asked_by=caller.account_id), name)
        return Seen(run, at_work.runs.place(run))

    return await beside(read)


@router.get(
    "/api/runs/{name}/events",
    dependencies=[Depends(Allow(*PLANNING))],
    response_class=EventSourceResponse,
    responses=may_refuse(404),
)
async def events(
    watching: Watching,
    lang: CallerLang,
    seen: Annotated[Seen, Depends(_to_watch)],
    last_event_id: Annotated[str | None, Header(max_length=20)] = None,
) -> AsyncIterator[ServerSentEvent]:
    """Tell of each change of a run, until it has ended; ``id`` rises, and ``Last-Event-ID`` resumes."""
    after = int(last_event_id) if last_event_id and last_event_id.isdecimal() else 0
    async for one in watching.follow(seen, after=after):
        told = {"run": run_view(one.run, lang=lang, place=one.place)}
        yield ServerSentEvent(data=told, id=str(one.run.seq), event="progress" if one.run.is_open else "end")


@router.get(
    "/api/runs/{name}/plan-file",
    dependencies=[Depends(Allow(*PLANNING))],
    response_model=None,
    responses=may_refuse(404, 409) | answers(PlanFileAnswer),
)
async def plan_file(at_work: AtWork, caller: Caller, beside: WithRecords, name: str) -> Answer:
    """Return the plan file: the plan with matrix, weights and certificate, for ``countygrid verify``."""

    def read() -> Answer:
        run = _known(at_work.runs.get(name, asked_by=caller.account_id), name)
        plan = read_plan(at_work.files, run)
        if plan.claim is None:
            raise ApiError(404, "result-lost")
        headers = {"Content-Disposition": f'attachment; filename="plan-{run.id[:8]}.json"'}
        return Answer(with_claim(plan.answer, plan.claim), headers=headers)

    return await beside(read)


@router.delete(
    "/api/runs/{name}",
    dependencies=[Depends(Allow(*PLANNING))],
    response_model=None,
    responses=may_refuse(404) | answers(RunAnswer),
)
async def cancel(
    at_work: AtWork, worker: Background, actor: Acting, beside: WithRecords, lang: CallerLang, name: str
) -> Answer:
    """Cancel a run; the best so far is kept with its bound. One that has ended stays as it is."""

    def end() -> Answer:
        act = Act(actor, "run.cancelled", "run")
        run = _known(at_work.runs.cancel(name, asked_by=actor.account_id, act=act), name)
        worker.cancel(run)
        return Answer({"run": run_with_result(run, at_work.files, lang=lang)})

    return await beside(end)


@router.post(
    "/api/runs/{name}/repeat",
    status_code=202,
    dependencies=[Depends(Allow(*PLANNING))],
    response_model=None,
    responses=may_refuse(404, 429) | answers(RunAnswer, 200, 202, leads_to=OF_ONE),
)
async def repeat(
    at_work: AtWork, worker: Background, actor: Acting, beside: WithRecords, lang: CallerLang, name: str
) -> Answer:
    """Compute a run again that was interrupted, failed or was cancelled; any other stays as it is."""

    def again() -> Answer:
        act = Act(actor, "run.repeated", "run")
        run = _known(at_work.runs.repeat(name, asked_by=actor.account_id, act=act), name)
        worker.look()
        return answer_of(at_work, run, lang)

    return await beside(again)


def _known(run: Run | None, name: str) -> Run:
    if run is None:
        raise ApiError(404, "unknown-run", id=name)
    return run
