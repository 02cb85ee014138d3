"""Plans of sites that somebody places by hand: answered at once, nothing is kept."""

from __future__ import annotations

from typing import Annotated

from anyio import to_thread
from fastapi import Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from api.actions.evaluation import LONGEST_S, evaluate
from api.actions.left_behind import left_behind_by_sites
from api.actions.search.pasted import find_pasted
from api.answers import Answer
from api.auth import Allow, guarded_router
from api.deps import AtDesk, AtWork, Build
from api.description import answers, with_files
from api.place_views import LeftBehindAnswer, NamesAnswer
from api.reasons import with_words
from api.routes.runs import left_behind_answer
from api.runs.asking import build_to_ask
from api.runs.plan_body import PlanBody
from api.views import EvaluationAnswer
from maps.report.place_list import MEDIA_TYPES, FileKind

router = guarded_router()
MOST_NAMES = 5000
"""As many as a plan can have sites."""


class NamesBody(BaseModel):
    """Names as they were pasted from a table."""

    model_config = ConfigDict(extra="forbid", strict=True)

    names: Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=MOST_NAMES)]


@router.post(
    "/api/evaluations",
    dependencies=[Depends(Allow.to("write", "plan"))],
    response_model=None,
    responses=answers(EvaluationAnswer),
)
async def evaluations(desk: AtDesk, body: PlanBody, build: Build = None) -> Answer:
    """Return the plan of the sites that the body names, and what is proven of it where a plan has just these."""
    at_hand = await desk.beside(build_to_ask, desk.at_work, build)

    def compute() -> Answer:
        found = evaluate(at_hand, body.as_told())
        return Answer({**found, "plan": with_words(found["plan"], desk.lang)})

    return await to_thread.run_sync(compute)


@router.post(
    "/api/left-behind",
    dependencies=[Depends(Allow.to("write", "plan"))],
    response_model=None,
    responses=with_files(answers(LeftBehindAnswer), *MEDIA_TYPES.values()),
)
async def left_behind(
    desk: AtDesk,
    body: PlanBody,
    as_: Annotated[FileKind | None, Query(alias="as")] = None,
    build: Build = None,
) -> Response:
    """Return who is left behind by the sites that the body names, place by place, as JSON or as a file."""
    at_hand = await desk.beside(build_to_ask, desk.at_work, build)

    def compute() -> Response:
        told = left_behind_by_sites(at_hand, body.as_question(at_hand.tables.services), time_limit_s=LONGEST_S)
        return left_behind_answer(at_hand, told, as_, name="left-behind", lang=desk.lang)

    return await to_thread.run_sync(compute)


@router.post(
    "/api/names",
    dependencies=[Depends(Allow.to("write", "plan"))],
    response_model=None,
    responses=answers(NamesAnswer),
)
async def names(at_work: AtWork, body: NamesBody, build: Build = None) -> Answer:
    """Return all places that each of some names may mean, so that somebody can choose."""
    found = await to_thread.run_sync(lambda: find_pasted(at_work.build_of_county(build), body.names))
    return Answer({"names": found})
