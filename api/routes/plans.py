"""Plans: start one, watch it, cancel it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from api.actions.plan import make_plan, plan_id
from api.actions.plan_question import PlanRequest
from api.auth import PLANNING, Allow, guarded_router
from api.deps import AtWork, Background
from api.explain import ApiError
from api.jobs import Job
from api.routes.county import Mode
from planning.hub_rooms import Room
from planning.population import Base

router = guarded_router()
_TIME_LIMIT_S = 60.0


class RoomRow(BaseModel):
    """One row of the room table, as edited."""

    model_config = ConfigDict(extra="forbid")

    room: str = Field(min_length=1, max_length=40)
    base_m2: float = Field(default=0, ge=0, le=100_000)
    per_1000_people_m2: float = Field(default=0, ge=0, le=10_000)
    per_child_m2: float = Field(default=0, ge=0, le=100)
    minimum_m2: float = Field(default=0, ge=0, le=100_000)
    basis: str = Field(default="edited", max_length=60)

    def as_room(self) -> Room:
        """Return the row as the planning floor knows it."""
        figures = self.model_dump(exclude={"room", "basis"})
        return Room(self.room, **figures)


class PlanBody(BaseModel):
    """What is asked of a plan; what is left out takes the service's default."""

    model_config = ConfigDict(extra="forbid")

    service: Literal["elder-centre", "hub", "service-room"]
    model: Literal["p-median", "lscp", "mclp"] | None = None
    p: Annotated[int, Field(ge=1, le=5000)] | None = None
    limit_minutes: Annotated[float, Field(gt=0, le=600)] | None = None
    mode: Mode | None = None
    base: Base = "resident"
    rooms: Annotated[list[RoomRow], Field(max_length=20)] | None = None


@router.post("/api/plans", status_code=202, dependencies=[Depends(Allow(*PLANNING))])
def start(at_work: AtWork, jobs: Background, body: PlanBody, response: Response) -> dict[str, Any]:
    """Start a plan, or return it if it has been computed before."""
    rooms = None if body.rooms is None else tuple(row.as_room() for row in body.rooms)
    request = PlanRequest(**{**body.model_dump(), "rooms": rooms}, time_limit_s=_TIME_LIMIT_S).with_defaults()
    at_hand = at_work.county

    def work(job: Job) -> dict[str, Any]:
        return make_plan(at_hand, request, stop=job.stop.is_set, report=job.progress.update)

    job = jobs.submit(plan_id(at_hand, request), work)
    job.finished.wait(0.1)  # a plan that is kept is there at once
    response.status_code = 202 if job.state == "running" else 200
    return _state(job)


@router.get("/api/plans/{name}", dependencies=[Depends(Allow(*PLANNING))])
def state(jobs: Background, name: str) -> dict[str, Any]:
    """Return how far a plan is, and the plan once it is done."""
    return _state(_known(jobs.get(name), name))


@router.delete("/api/plans/{name}", dependencies=[Depends(Allow(*PLANNING))])
def cancel(jobs: Background, name: str) -> dict[str, Any]:
    """Cancel a plan; the best so far is kept with its bound."""
    return _state(_known(jobs.cancel(name), name))


def _known(job: Job | None, name: str) -> Job:
    if job is None:
        raise ApiError(404, "unknown-plan", id=name)
    return job


def _state(job: Job) -> dict[str, Any]:
    if job.state == "failed" and job.error is not None:
        raise job.error
    return {
        "id": job.id,
        "state": job.state,
        "elapsed_s": round(job.elapsed_s, 2),
        "progress": dict(job.progress),
        "result": job.result,
    }
