"""Incidents: report one, look at one, list the latest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from api.access.areas import Territory, cells_of
from api.actions.incident import Report, list_incidents, open_incident, report_incident
from api.actions.open_county import OpenCounty
from api.actions.workplace import Workplace
from api.answers import Answer
from api.auth import Allow, User, guarded_router
from api.deps import Acting, AtWork, WithRecords
from api.description import answers, may_refuse
from api.explain import ApiError
from api.views import IncidentAnswer, IncidentWithWay, ListedIncident
from gis.crs import Datum
from gis.faults import FaultsError
from layers.records.database_faults import DatabaseDownError

router = guarded_router()
Reader = Annotated[User, Depends(Allow.to("read", "incident"))]


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
    dependencies=[Depends(Allow.to("write", "incident"))],
    response_model=None,
    responses=may_refuse(409)
    | answers(IncidentAnswer, 200, 201, leads_to=("one_api_incidents__name__get",), id_at="/id"),
)
async def report(at_work: AtWork, beside: WithRecords, actor: Acting, body: IncidentReport) -> Answer:
    """Report an incident: its cell, its worker, the way and the deadline come back."""

    def work() -> Answer:
        said = Report(**body.model_dump())
        store, tables, now = at_work.incidents, at_work.tables.get(), datetime.now(UTC)
        view, created = report_incident(_at_hand(at_work), store, said, actor=actor, now=now, tables=tables)
        return Answer(view, status_code=201 if created else 200)

    return await beside(_even_if_damaged, work)


@router.get("/api/incidents", response_model=None, responses=answers(list[ListedIncident]))
async def recent(
    at_work: AtWork, beside: WithRecords, reader: Reader, limit: Annotated[int, Query(ge=1, le=500)] = 50
) -> Answer:
    """Return the latest incidents, newest first, without what was said of them."""

    def work() -> Answer:
        cells = cells_of(reader.grants_here, _territory(at_work, reader))
        return Answer(list_incidents(_at_hand(at_work), at_work.incidents, cells=cells, limit=limit))

    return await beside(_even_if_damaged, work)


@router.get("/api/incidents/{name}", response_model=None, responses=may_refuse(404) | answers(IncidentWithWay))
async def one(at_work: AtWork, beside: WithRecords, reader: Reader, name: str) -> Answer:
    """Return an incident with its events and the way of its worker; that it was opened is recorded."""

    def work() -> Answer:
        cells = cells_of(reader.grants_here, _territory(at_work, reader))
        store = at_work.incidents
        view = (
            open_incident(_at_hand(at_work), store, name, cells=cells, actor=reader.actor)
            if name.isprintable()
            else None
        )
        if view is None:
            raise ApiError(404, "unknown-incident", id=name)
        return Answer(view)

    return await beside(_even_if_damaged, work)


def refuse_unseen(at_work: Workplace, user: User, name: str) -> None:
    """Refuse what somebody may not see in the same words as what there is not.

    Raises
    ------
    ApiError
        404 ``unknown-incident``.
    """
    cells = cells_of(user.grants_here, _territory(at_work, user))
    found = at_work.incidents.get(name) if name.isprintable() else None
    if found is None or (cells is not None and found.cell not in cells):
        raise ApiError(404, "unknown-incident", id=name)


def _territory(at_work: Workplace, reader: User) -> Territory:
    return at_work.territory(needs_parts=any(grant.area_kind == "township" for grant in reader.grants_here))


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
