"""The form of a study's question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.actions.check_plan import asked_in
from api.actions.plan import FINAL
from api.actions.study_question import Curve, Kind, StudyRequest
from api.runs.plan_body import PlanBody
from planning.scenario.defaults import without_size
from planning.scenario.edits import MOST_OF_AN_ID
from planning.scenario.question import PlanQuestion
from planning.services import Service


class StudyBody(BaseModel):
    """What is asked about a plan: the plan's question, or the name of a plan that was computed."""

    model_config = ConfigDict(extra="forbid", strict=True)

    kind: Kind
    plan: PlanBody | None = None
    plan_id: Annotated[str, Field(max_length=64)] | None = None
    count: Annotated[int, Field(ge=1, le=60)] = 20
    apart_km: Annotated[float, Field(ge=0, le=200)] = 3.0
    within_percent: Annotated[float, Field(ge=0, le=100)] = 1.0
    candidate: Annotated[str, Field(min_length=1, max_length=MOST_OF_AN_ID)] | None = None
    curve: Curve = "mean-worst"
    budget_yuan: Annotated[int, Field(ge=0, le=10**12)] | None = None
    yearly_budget_yuan: Annotated[int, Field(ge=0, le=10**12)] | None = None
    time_limit_s: Annotated[float, Field(gt=0, le=60)] = 60.0

    @model_validator(mode="after")
    def _one_plan(self) -> StudyBody:
        if (self.plan is None) == (self.plan_id is None):
            raise ValueError("either plan or plan_id")
        return self

    def as_request(self, shown: Mapping[str, Any] | None, services: Mapping[str, Service]) -> StudyRequest:
        """Return the question as the actions know it.

        Parameters
        ----------
        shown
            The plan of the run that ``plan_id`` names.
        services
            In force.
        """
        plan, claim_id = self._plan(shown, services)
        if self.kind == "frontier" and (unlimited := without_size(plan, services)) != plan:
            plan, claim_id = unlimited, shown.get("claim_id") if shown else None
        if self.budget_yuan is not None:
            plan = plan.with_budget(self.budget_yuan)
        own = self.model_dump(exclude={"plan", "plan_id", "budget_yuan"})
        return StudyRequest(plan=plan, claim_id=claim_id, **own)

    def _plan(
        self, shown: Mapping[str, Any] | None, services: Mapping[str, Service]
    ) -> tuple[PlanQuestion, str | None]:
        """Return the plan's question, and what names the very plan where it is not the one proven best."""
        if self.plan is not None:
            return self.plan.as_question(services), None
        if shown is None:
            raise ValueError("the plan that plan_id names is needed")
        return asked_in(shown, services), None if shown["status"] in FINAL else shown.get("claim_id")
