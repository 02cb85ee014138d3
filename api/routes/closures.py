"""Roads closed on trial: nothing is kept, the county stays as it is."""

from __future__ import annotations

import dataclasses
from typing import Annotated

from anyio import to_thread
from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field

from api.actions.cases.closed_roads import closed_now
from api.actions.closures import ClosureRequest, close
from api.answers import Answer
from api.auth import Allow, guarded_router
from api.deps import AtDesk, AtWork, WithRecords
from api.description import answers, may_refuse
from api.routes.studies import plan_of
from api.views import ClosedRoadsAnswer, ClosuresAnswer
from gis.travel_modes import Mode
from layers.records.audit import Act
from planning.groups import Base, Group
from planning.scenario.edits import MOST_OF_AN_ID

router = guarded_router()
Id = Annotated[str, Field(min_length=1, max_length=MOST_OF_AN_ID)]


class Position(BaseModel):
    """A place on the map, WGS-84."""

    model_config = ConfigDict(extra="forbid", strict=True)

    lon: float = Field(ge=-180, le=180, allow_inf_nan=False)
    lat: float = Field(ge=-90, le=90, allow_inf_nan=False)


class Closure(BaseModel):
    """Roads closed by id, one more (or one less) by a click, and whose minutes to what are asked."""

    model_config = ConfigDict(extra="forbid", strict=True)

    closed: list[Id] = Field(default_factory=list, max_length=500)
    at: Position | None = None
    within_m: float = Field(default=100, gt=0, le=2000, allow_inf_nan=False)
    streets: bool = False
    facilities: list[Id] = Field(default_factory=list, max_length=5000)
    kind: str = Field(default="township-office", max_length=40)
    mode: Mode = "e-bike"
    base: Base = "resident"
    group: Group = "all"
    limit_minutes: float = Field(default=15, ge=0, le=1440, allow_inf_nan=False)
    plan_id: Annotated[str, Field(max_length=64)] | None = None
    reported: bool = False
    """Whether the roads that cases have closed are closed too."""


@router.get(
    "/api/roads/closed",
    dependencies=[Depends(Allow.to("read", "county"))],
    response_model=None,
    responses=answers(ClosedRoadsAnswer),
)
async def closed_by_cases(at_work: AtWork, beside: WithRecords) -> Answer:
    """Return the roads that cases say are closed, and who gets to a township office no more, or takes longer."""

    def work() -> Answer:
        return Answer(closed_now(at_work.county, at_work.closed_roads))

    return await beside(work)


@router.post(
    "/api/closures",
    dependencies=[Depends(Allow.to("write", "plan"))],
    response_model=None,
    responses=may_refuse(404, 409) | answers(ClosuresAnswer),
)
async def closures(desk: AtDesk, body: Closure) -> Answer:
    """Return everyone's seconds with these roads closed, beside those of today; of a plan: its sites and its people."""
    asked = body.model_dump(exclude={"at", "closed", "facilities", "plan_id", "reported"})
    at = None if body.at is None else (body.at.lon, body.at.lat)
    request = ClosureRequest(closed=tuple(body.closed), facilities=tuple(body.facilities), at=at, **asked)
    if body.plan_id is None:
        at_hand = await desk.beside(lambda: desk.at_work.county)
    else:
        plan = await desk.beside(plan_of(desk), body.plan_id)
        at_hand = await desk.beside(desk.at_work.county_of, plan.answer)
        request = request.of_plan(plan.answer, at_hand.tables.services)
    if body.reported:
        by_cases = await desk.beside(desk.at_work.closed_roads.ids, at_hand)
        request = dataclasses.replace(request, closed=tuple(dict.fromkeys([*request.closed, *by_cases])))
    answer = Answer(await to_thread.run_sync(close, at_hand, request))
    await desk.beside(desk.at_work.note, Act(desk.actor, "closure.tried", "road"))
    return answer
