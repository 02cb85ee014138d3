"""Futures of schemes: ask for them; it is a run."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field

from api.actions.comparison.references import references_in
from api.actions.comparison.schemes import schemes_of
from api.actions.futures_question import BOUNDS, USUAL_COUNT, USUAL_SEED
from api.answers import Answer
from api.auth import Allow, guarded_router
from api.deps import AtDesk, Visiting
from api.description import answers, may_refuse
from api.routes.runs import OF_ONE, answer_of
from api.runs.asking import ask
from api.runs.futures_asked import futures_of
from api.views import RunAnswer

router = guarded_router()
Reference = Annotated[str, Field(min_length=1, max_length=100)]


class FuturesBody(BaseModel):
    """Schemes as ``GET /api/compare`` names them; how many futures of which seed; in how many they are solved anew."""

    model_config = ConfigDict(extra="forbid", strict=True)

    runs: Annotated[list[Reference], Field(max_length=20)]
    seed: Annotated[int, Field(ge=BOUNDS["seed"][0], le=BOUNDS["seed"][1])] = USUAL_SEED
    count: Annotated[int, Field(ge=BOUNDS["count"][0], le=BOUNDS["count"][1])] = USUAL_COUNT
    resolve: Annotated[int, Field(ge=BOUNDS["resolve"][0], le=BOUNDS["resolve"][1])] = 0


@router.post(
    "/api/futures",
    status_code=202,
    dependencies=[Depends(Allow.to("write", "plan"))],
    response_model=None,
    responses=may_refuse(404, 409, 429) | answers(RunAnswer, 200, 202, leads_to=OF_ONE),
)
async def start(desk: AtDesk, who: Visiting, body: FuturesBody) -> Answer:
    """Ask for schemes in common random futures: 200 with the answer if it is there, else 202 and where to look."""

    def begin() -> Answer:
        schemes = schemes_of(who, references_in(body.runs))
        asked = futures_of(schemes, seed=body.seed, count=body.count, resolve=body.resolve)
        return answer_of(desk, ask(desk.at_work, schemes[0].at_hand, asked, desk.actor))

    return await desk.beside(begin)
