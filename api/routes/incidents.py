"""Incidents: report one, look at one, list the latest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from api.actions.incident import Report, report_incident, view_incident, view_incident_with_route
from api.actions.open_county import OpenCounty
from api.actions.workplace import Workplace
from api.answers import Answer
from api.auth import EVERYONE, Allow, Role, guarded_router
from api.deps import AtWork, WithRecords
from api.description import answers, may_refuse
from api.explain import ApiError
from api.views import IncidentAnswer, IncidentWithWay
from gis.crs import Datum
from gis.faults import FaultsError
from layers.records.database_faults import DatabaseDownError

router = guarded_router()
_HANDLERS = (Role.GRID_WORKER, Role.DESK)


class IncidentReport(BaseModel):
    """What a reporter sends."""

    model_config = ConfigDict(extra="forbid", strict=True)

    category: Literal["party", "livelihood", "security", "traffic", "environment", "campus"]
    lon: float = Field(ge=-180, le=180, allow_inf_nan=False)
    lat: float = Field(ge=-90, le=90, allow_inf_nan=False)
    datum: Datum = "WGS84"
    text: str = Field(default="", max_length=4000)
    idempotency_key: str = Field(min_length=1, max_length=200)


@router.post(
    "/api/incidents",
    status_code=201,
    dependencies=[Depends(Allow(*EVERYONE))],
    response_model=None,
    responses=may_refuse(409) | answers(IncidentAnswer, 200, 201, leads_to=("one_api_incidents__name__get",)),
)
async def report(at_work: AtWork, beside: WithRecords, body: IncidentReport) -> Answer:
    """Report an incident: its cell, its worker, the way and the deadline come back."""

    def work() -> Answer:
        said = Report(**body.model_dump())
        view, created = report_incident(_at_hand(at_work), at_work.incidents, said, now=datetime.now(UTC))
        return Answer(view, status_code=201 if created else 200)

    return await beside(_even_if_damaged, work)


@router.get(
    "/api/incidents",
    dependencies=[Depends(Allow(*_HANDLERS))],
    response_model=None,
    responses=answers(list[IncidentAnswer]),
)
async def recent(at_work: AtWork, beside: WithRecords, limit: Annotated[int, Query(ge=1, le=500)] = 50) -> Answer:
    """Return the latest incidents, newest first."""

    def work() -> Answer:
        at_hand = _at_hand(at_work)
        return Answer([view_incident(at_hand, incident) for incident in at_work.incidents.recent(limit=limit)])

    return await beside(_even_if_damaged, work)


@router.get(
    "/api/incidents/{name}",
    dependencies=[Depends(Allow(*_HANDLERS))],
    response_model=None,
    responses=may_refuse(404) | answers(IncidentWithWay),
)
async def one(at_work: AtWork, beside: WithRecords, name: str) -> Answer:
    """Return an incident with its events and the way of its worker."""

    def work() -> Answer:
        view = view_incident_with_route(_at_hand(at_work), at_work.incidents, name) if name.isprintable() else None
        if view is None:
            raise ApiError(404, "unknown-incident", id=name)
        return Answer(view)

    return await beside(_even_if_damaged, work)


def _at_hand(at_work: Workplace) -> OpenCounty | None:
    """Return the county, ``None`` while none can be read: reports are taken all the same."""
    try:
        return at_work.county
    except (ApiError, FaultsError):
        return None


def _even_if_damaged(work: Callable[[], Answer]) -> Answer:
    """Do the work; if the database turns out damaged, once more with the new one that then takes its place."""
    try:
        return work()
    except DatabaseDownError as error:
        if error.reason != "damaged":
            raise
        return work()
