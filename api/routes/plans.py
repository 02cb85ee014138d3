"""Plans: start one, watch it, cancel it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field

from api.actions.plan import FINAL, last_plan, make_plan, plan_id
from api.actions.plan_conditions import Conditions, TownshipLimit
from api.actions.plan_file import plan_file
from api.actions.plan_fit import refuse_unfit
from api.actions.plan_question import PlanRequest
from api.actions.plan_rules import rules_of
from api.answers import Answer
from api.auth import PLANNING, Allow, guarded_router
from api.deps import AtWork, Background
from api.description import answers, may_refuse
from api.explain import ApiError
from api.jobs import Job
from api.routes.county import Mode
from api.views import JobAnswer, PlanFileAnswer
from planning.hub_rooms import Room
from planning.population import Base

router = guarded_router()
_QUESTION = {"service", "model", "p", "upper_p", "limit_minutes", "mode", "base", "time_limit_s", "memory_limit_mb"}
_OF_ONE = (
    "state_api_plans__name__get",
    "claim_api_plans__name__claim_get",
    "cancel_api_plans__name__delete",
)
Place = Annotated[str, Field(min_length=1, max_length=60)]
Status = Literal["existing", "closable", "required", "excluded"]


class RoomRow(BaseModel):
    """One row of the room table, as edited."""

    model_config = ConfigDict(extra="forbid", strict=True)

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


class Township(BaseModel):
    """Sites in one township."""

    model_config = ConfigDict(extra="forbid", strict=True)

    township: str = Field(min_length=1, max_length=60)
    least: int = Field(default=0, ge=0, le=5000)
    most: Annotated[int, Field(ge=0, le=5000)] | None = None


class PlanBody(BaseModel):
    """What is asked of a plan; what is left out takes the service's default, or is no condition."""

    model_config = ConfigDict(extra="forbid", strict=True)

    service: Literal["elder-centre", "hub", "service-room"]
    model: Annotated[str, Field(max_length=40)] | None = None
    p: Annotated[int, Field(ge=1, le=5000)] | None = None
    upper_p: Annotated[int, Field(ge=1, le=5000)] | None = None
    limit_minutes: Annotated[float, Field(gt=0, le=600)] | None = None
    mode: Mode | None = None
    base: Base = "resident"
    rooms: Annotated[list[RoomRow], Field(max_length=20)] | None = None
    status: Annotated[dict[Place, Status], Field(max_length=2000)] = Field(default_factory=dict)
    townships: Annotated[list[Township], Field(max_length=200)] = Field(default_factory=list)
    every_township: Annotated[int, Field(ge=0, le=500)] | None = None
    separation_km: Annotated[float, Field(ge=0, le=200)] | None = None
    max_minutes: Annotated[float, Field(gt=0, le=6000)] | None = None
    capacity: Annotated[int, Field(ge=1, le=10**9)] | None = None
    split: bool = False
    budget_yuan: Annotated[int, Field(ge=0, le=10**12)] | None = None
    opening_yuan: Annotated[int, Field(ge=0, le=10**11)] | None = None
    closing_yuan: Annotated[int, Field(ge=0, le=10**11)] | None = None
    included: Annotated[int, Field(ge=0, le=10**9)] | None = None
    extension_yuan: Annotated[int, Field(ge=0, le=10**11)] | None = None
    time_limit_s: Annotated[float, Field(gt=0, le=3600)] = 60.0
    memory_limit_mb: Annotated[int, Field(ge=1, le=10**6)] = 4096

    def as_request(self) -> PlanRequest:
        """Return the question as the actions know it, with its defaults."""
        given = self.model_dump(include=_QUESTION)
        conditions = self.model_dump(exclude=_QUESTION | {"rooms"})
        conditions["status"] = tuple(sorted(self.status.items()))
        conditions["townships"] = tuple(TownshipLimit(**row.model_dump()) for row in self.townships)
        rooms = None if self.rooms is None else tuple(row.as_room() for row in self.rooms)
        asked = PlanRequest(**given, rooms=rooms, conditions=Conditions(**conditions))
        return asked.with_defaults()


@router.post(
    "/api/plans",
    status_code=202,
    dependencies=[Depends(Allow(*PLANNING))],
    response_model=None,
    responses=may_refuse(404, 429) | answers(JobAnswer, 200, 202, leads_to=_OF_ONE),
)
def start(at_work: AtWork, jobs: Background, body: PlanBody) -> Answer:
    """Start a plan, or return it if it has been computed before."""
    request = body.as_request()
    at_hand = at_work.county
    refuse_unfit(request)
    rules_of(at_hand, request.conditions)  # a wrong name is told at once, not by the job

    def enough(plan: dict[str, Any]) -> bool:  # whoever names limits wants them used, unless nothing is left to find
        return plan["status"] in FINAL or not body.model_fields_set & {"time_limit_s", "memory_limit_mb"}

    def work(job: Job) -> dict[str, Any]:
        known = last_plan(at_hand, request)
        if known is not None and enough(known):
            return known
        return make_plan(at_hand, request, stop=job.stop.is_set, report=job.progress.update)

    job = jobs.submit(plan_id(at_hand, request), work, enough=enough)
    job.finished.wait(0.1)  # a plan that is kept is there at once
    return Answer(job.as_dict(), status_code=202 if job.state == "running" else 200)


@router.get(
    "/api/plans/{name}",
    dependencies=[Depends(Allow(*PLANNING))],
    response_model=None,
    responses=may_refuse(404) | answers(JobAnswer),
)
def state(jobs: Background, name: str) -> Answer:
    """Return how far a plan is, and the plan once it is done."""
    return Answer(_known(jobs.get(name), name).as_dict())


@router.get(
    "/api/plans/{name}/claim",
    dependencies=[Depends(Allow(*PLANNING))],
    response_model=None,
    responses=may_refuse(404, 409) | answers(PlanFileAnswer),
)
def claim(at_work: AtWork, jobs: Background, name: str) -> Answer:
    """Return the plan file: the plan with matrix, weights and certificate, for ``countygrid verify``."""
    job = _known(jobs.get(name), name)
    if job.result is None:
        raise ApiError(409, "plan-unfinished")
    headers = {"Content-Disposition": f'attachment; filename="plan-{job.id[:8]}.json"'}
    return Answer(plan_file(at_work.county, job.result), headers=headers)


@router.delete(
    "/api/plans/{name}",
    dependencies=[Depends(Allow(*PLANNING))],
    response_model=None,
    responses=may_refuse(404) | answers(JobAnswer),
)
def cancel(jobs: Background, name: str) -> Answer:
    """Cancel a plan; the best so far is kept with its bound."""
    return Answer(_known(jobs.cancel(name), name).as_dict())


def _known(job: Job | None, name: str) -> Job:
    if job is None:
        raise ApiError(404, "unknown-plan", id=name)
    return job
