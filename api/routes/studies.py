"""Studies of plans: start one, watch it, cancel it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.actions.check_plan import asked_in
from api.actions.plan import FINAL
from api.actions.plan_rules import rules_of
from api.actions.study import make_study
from api.actions.study_question import Curve, Kind, StudyRequest, study_id
from api.answers import Answer
from api.auth import PLANNING, Allow, guarded_router
from api.deps import AtWork, Background
from api.description import answers, may_refuse
from api.explain import ApiError
from api.jobs import Job, Jobs
from api.routes.plans import PlanBody
from api.views import JobAnswer

router = guarded_router()
_OF_ONE = ("state_api_studies__name__get", "cancel_api_studies__name__delete")


class StudyBody(BaseModel):
    """What is asked about a plan: the plan's question, or the name of a plan that was computed."""

    model_config = ConfigDict(extra="forbid", strict=True)

    kind: Kind
    plan: PlanBody | None = None
    plan_id: Annotated[str, Field(max_length=64)] | None = None
    count: Annotated[int, Field(ge=1, le=60)] = 20
    apart_km: Annotated[float, Field(ge=0, le=200)] = 3.0
    within_percent: Annotated[float, Field(ge=0, le=100)] = 1.0
    candidate: Annotated[str, Field(min_length=1, max_length=60)] | None = None
    curve: Curve = "mean-worst"
    budget_yuan: Annotated[int, Field(ge=0, le=10**12)] | None = None
    yearly_budget_yuan: Annotated[int, Field(ge=0, le=10**12)] | None = None
    time_limit_s: Annotated[float, Field(gt=0, le=60)] = 60.0

    @model_validator(mode="after")
    def _one_plan(self) -> StudyBody:
        if (self.plan is None) == (self.plan_id is None):
            raise ValueError("either plan or plan_id")
        return self

    def as_request(self, jobs: Jobs) -> StudyRequest:
        """Return the question as the actions know it.

        Raises
        ------
        ApiError
            404 ``unknown-plan``, 409 ``plan-unfinished``.
        """
        if self.plan is not None:
            plan, claim_id = self.plan.as_request(), None
        else:
            shown = computed(jobs, str(self.plan_id))
            plan = asked_in(shown)
            claim_id = None if shown["status"] in FINAL else shown["claim_id"]
        if self.budget_yuan is not None:
            plan = plan.with_budget(self.budget_yuan)
        own = self.model_dump(exclude={"plan", "plan_id", "budget_yuan"})
        return StudyRequest(plan=plan, claim_id=claim_id, **own)


@router.post(
    "/api/studies",
    status_code=202,
    dependencies=[Depends(Allow(*PLANNING))],
    response_model=None,
    responses=may_refuse(404, 409, 429) | answers(JobAnswer, 200, 202, leads_to=_OF_ONE),
)
def start(at_work: AtWork, jobs: Background, body: StudyBody) -> Answer:
    """Start a study, or return it if it is done."""
    request = body.as_request(jobs)
    request.check()
    at_hand = at_work.county if body.plan_id is None else at_work.county_of(computed(jobs, body.plan_id))
    rules_of(at_hand, request.plan.conditions)  # a wrong name is told at once, not by the job

    def work(job: Job) -> dict[str, Any]:
        return make_study(at_hand, request, stop=job.stop.is_set, report=job.progress.update)

    job = jobs.submit(study_id(at_hand, request), work)
    job.finished.wait(0.1)
    return Answer(job.as_dict(), status_code=202 if job.state == "running" else 200)


@router.get(
    "/api/studies/{name}",
    dependencies=[Depends(Allow(*PLANNING))],
    response_model=None,
    responses=may_refuse(404) | answers(JobAnswer),
)
def state(jobs: Background, name: str) -> Answer:
    """Return how far a study is, and its answer once it is done."""
    return Answer(_known(jobs.get(name), name).as_dict())


@router.delete(
    "/api/studies/{name}",
    dependencies=[Depends(Allow(*PLANNING))],
    response_model=None,
    responses=may_refuse(404) | answers(JobAnswer),
)
def cancel(jobs: Background, name: str) -> Answer:
    """Cancel a study; what it has found so far is kept and says that it is not all."""
    return Answer(_known(jobs.cancel(name), name).as_dict())


def computed(jobs: Jobs, name: str) -> dict[str, Any]:
    """Return a plan that was computed, by its name.

    Raises
    ------
    ApiError
        404 ``unknown-plan``, 409 ``plan-unfinished``.
    """
    job = jobs.get(name)
    if job is None:
        raise ApiError(404, "unknown-plan", id=name)
    if job.result is None:
        raise ApiError(409, "plan-unfinished")
    return job.result


def _known(job: Job | None, name: str) -> Job:
    if job is None:
        raise ApiError(404, "unknown-study", id=name)
    return job
