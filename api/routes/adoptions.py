"""Schemes that the office adopted: their sites are planned facilities of the county."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field

from api.actions.scenarios.adopting import MAX_TEXT, Decision, adopt, adoptions, withdraw
from api.answers import Answer
from api.auth import Allow, guarded_router
from api.deps import Visiting, WithRecords
from api.description import answers, may_refuse
from api.routes.scenario_history import Number
from api.scenario_views import AdoptionAnswer, AdoptionsAnswer

router = guarded_router()
_MAY_READ = [Depends(Allow.to("read", "adoption"))]
_MAY_WRITE = [Depends(Allow.to("write", "adoption"))]
_Line = Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]


class AdoptBody(BaseModel):
    """The decision: the document by its title or number, from when its sites are planned, and which revision."""

    model_config = ConfigDict(extra="forbid", strict=True)

    decision: _Line
    from_date: Annotated[date, Field(strict=False)]
    revision: Number | None = None


class WithdrawBody(BaseModel):
    """Why the decision does not hold any more."""

    model_config = ConfigDict(extra="forbid", strict=True)

    reason: _Line


@router.post(
    "/api/scenarios/{name}/adopt",
    status_code=201,
    dependencies=_MAY_WRITE,
    response_model=None,
    responses=may_refuse(404, 409) | answers(AdoptionAnswer, 201),
)
async def adopt_one(who: Visiting, beside: WithRecords, name: str, body: AdoptBody) -> Answer:
    """Adopt the scheme of a scenario: its sites that do not stand are planned facilities in a new build."""
    asked = Decision(body.decision, body.from_date)
    return Answer(await beside(adopt, who, name, asked, n=body.revision), status_code=201)


@router.get("/api/adoptions", dependencies=_MAY_READ, response_model=None, responses=answers(AdoptionsAnswer))
async def listed(who: Visiting, beside: WithRecords) -> Answer:
    """Return every scheme that was ever adopted in this county, the last one first."""
    return Answer(await beside(adoptions, who))


@router.post(
    "/api/adoptions/{name}/withdraw",
    dependencies=_MAY_WRITE,
    response_model=None,
    responses=may_refuse(404) | answers(AdoptionAnswer),
)
async def withdraw_one(who: Visiting, beside: WithRecords, name: str, body: WithdrawBody) -> Answer:
    """Take back an adoption, with the reason: the county goes on without the facilities that it planned."""
    return Answer(await beside(withdraw, who, name, body.reason))
