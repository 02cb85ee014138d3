"""Matters of residents: declare one, draw a sample for the check, list them with the days that were saved."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from api.actions.cases.matters import Declaration, declare, list_matters, sample
from api.answers import Answer
from api.auth import Allow, guarded_router
from api.case_views import CaseAnswer
from api.deps import AtWork, WithRecords
from api.description import answers, may_refuse
from api.matter_views import MattersAnswer, SampleAnswer
from api.routes.incidents import CaseReader, Mover, Reporter, at_hand_of, reader_of

router = guarded_router()


class DeclareBody(BaseModel):
    """What a village declares, for whom, and whether a coordinator handles it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    matter: str = Field(min_length=1, max_length=20)
    village: str = Field(min_length=1, max_length=60)
    proxy: Literal["own", "coordinator"] = "own"
    text: str = Field(default="", max_length=4000)
    applicant: Reporter | None = None
    idempotency_key: str = Field(min_length=1, max_length=200)


class SampleBody(BaseModel):
    """The seed, which is told with the sample, and the share of the granted matters, per cent."""

    model_config = ConfigDict(extra="forbid", strict=True)

    seed: str = Field(min_length=1, max_length=60, pattern=r"^[0-9A-Za-z_-]+$")
    percent: float = Field(ge=0, le=100, allow_inf_nan=False)


@router.post(
    "/api/matters",
    status_code=201,
    dependencies=[Depends(Allow.to("write", "case"))],
    response_model=None,
    responses=may_refuse(409) | answers(CaseAnswer, 200, 201),
)
async def declare_one(at_work: AtWork, beside: WithRecords, user: Mover, body: DeclareBody) -> Answer:
    """Declare a matter: the township's desk grants it at once, by ``/api/incidents/{id}/events``."""

    def work() -> Answer:
        applicant = body.applicant.model_dump() if body.applicant else {}
        told = {name: value for name, value in applicant.items() if value.strip()}
        asked = Declaration(**body.model_dump(exclude={"applicant"}), applicant=told)
        options: dict[str, Any] = {"reader": reader_of(at_work, user), "tables": at_work.tables.get()}
        view, created = declare(at_work.county, at_work.incidents, asked, **options, now=datetime.now(UTC))
        return Answer(view, status_code=201 if created else 200)

    return await beside(work)


@router.get("/api/matters", response_model=None, responses=answers(MattersAnswer))
async def listed(
    at_work: AtWork, beside: WithRecords, user: CaseReader, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> Answer:
    """Return matters, the newest first, with the minutes that each took and the days that were saved."""

    def work() -> Answer:
        reader = reader_of(at_work, user)
        tables = at_work.tables.get()
        return Answer(list_matters(at_work.incidents, at_work.case_lists, reader=reader, tables=tables, limit=limit))

    return await beside(work)


@router.post("/api/matters/samples", response_model=None, responses=may_refuse(409) | answers(SampleAnswer))
async def draw_some(at_work: AtWork, beside: WithRecords, user: Mover, body: SampleBody) -> Answer:
    """Draw granted matters for the county's check; the same seed and matters draw the same, on any machine."""

    def work() -> Answer:
        options: dict[str, Any] = {"reader": reader_of(at_work, user), "tables": at_work.tables.get()}
        stores = (at_hand_of(at_work), at_work.incidents, at_work.case_lists)
        return Answer(sample(*stores, seed=body.seed, percent=body.percent, **options, now=datetime.now(UTC)))

    return await beside(work)
