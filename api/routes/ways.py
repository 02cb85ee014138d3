"""Ways and roads that somebody points at while sites and roads are tried: nothing is kept."""

from __future__ import annotations

from typing import Annotated

from anyio import to_thread
from fastapi import Depends, Query
from pydantic import Field

from api.actions.roads_near import piece_near, road_told, roads_named
from api.actions.way import find_way
from api.answers import Answer
from api.auth import Allow, guarded_router
from api.deps import AtDesk, AtWork, Build
from api.description import answers, may_refuse
from api.explain import ApiError
from api.place_views import RoadAnswer, WayAnswer
from api.runs.asking import build_to_ask
from api.runs.plan_body import PlanBody, Site

router = guarded_router()


class WayBody(PlanBody):
    """A plan's question with its edits, and between which place and which candidate the way is asked for."""

    from_: Site = Field(alias="from")
    to: Site


@router.get(
    "/api/roads/near",
    dependencies=[Depends(Allow.to("read", "plan"))],
    response_model=None,
    responses=may_refuse(404) | answers(RoadAnswer),
)
async def road_near(
    at_work: AtWork,
    *,
    lon: Annotated[float, Query(ge=-180, le=180, allow_inf_nan=False)],
    lat: Annotated[float, Query(ge=-90, le=90, allow_inf_nan=False)],
    within_m: Annotated[float, Query(gt=0, le=2000, allow_inf_nan=False)] = 100,
    streets: bool = False,
    build: Build = None,
) -> Answer:
    """Return the piece of road nearest to a position; streets inside places only where they are asked for."""

    def read() -> Answer:
        at_hand = at_work.build_of_county(build)
        piece = piece_near(at_hand, lon, lat, within_m=within_m, streets=streets)
        if piece is None:
            raise ApiError(404, "no-road-near", metres=round(within_m))
        return Answer(road_told(at_hand, piece))

    return await to_thread.run_sync(read)


@router.get(
    "/api/roads",
    dependencies=[Depends(Allow.to("read", "plan"))],
    response_model=None,
    responses=answers(list[RoadAnswer]),
)
async def roads(
    at_work: AtWork, *, target: Annotated[str, Query(min_length=1, max_length=120)], build: Build = None
) -> Answer:
    """Return the pieces of road that an edit with this target is about, by id or name; none if it names none."""
    return Answer(await to_thread.run_sync(lambda: roads_named(at_work.build_of_county(build), target)))


@router.post(
    "/api/ways",
    dependencies=[Depends(Allow.to("write", "plan"))],
    response_model=None,
    responses=answers(WayAnswer),
)
async def way(desk: AtDesk, body: WayBody, build: Build = None) -> Answer:
    """Return the way from a place to a candidate, with the roads as the question's edits have them."""
    at_hand = await desk.beside(build_to_ask, desk.at_work, build)

    def compute() -> Answer:
        question = body.as_question(at_hand.tables.services)
        return Answer(find_way(at_hand, question, origin=body.from_, destination=body.to))

    return await to_thread.run_sync(compute)
