"""Incidents: report one, look at one, list the latest."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from api.actions.incident import Report, report_incident, view_incident, view_incident_with_route
from api.auth import EVERYONE, Allow, Role, guarded_router
from api.deps import AtWork
from api.explain import ApiError
from gis.crs import Datum

router = guarded_router()
_HANDLERS = (Role.GRID_WORKER, Role.DESK)


class IncidentReport(BaseModel):
    """What a reporter sends."""

    model_config = ConfigDict(extra="forbid")

    category: Literal["party", "livelihood", "security", "traffic", "environment", "campus"]
    lon: float = Field(ge=-180, le=180, allow_inf_nan=False)
    lat: float = Field(ge=-90, le=90, allow_inf_nan=False)
    datum: Datum = "WGS84"
    text: str = Field(default="", max_length=4000)
    idempotency_key: str = Field(min_length=1, max_length=200)


@router.post("/api/incidents", status_code=201, dependencies=[Depends(Allow(*EVERYONE))])
def report(at_work: AtWork, body: IncidentReport, response: Response) -> dict[str, Any]:
    """Report an incident: its cell, its worker, the way and the deadline come back."""
    said = Report(**body.model_dump())
    view, created = report_incident(at_work.county, at_work.incidents, said, now=datetime.now(UTC))
    response.status_code = 201 if created else 200
    return view


@router.get("/api/incidents", dependencies=[Depends(Allow(*_HANDLERS))])
def recent(at_work: AtWork, limit: Annotated[int, Query(ge=1, le=500)] = 50) -> list[dict[str, Any]]:
    """Return the latest incidents, newest first."""
    at_hand = at_work.county
    return [view_incident(at_hand, incident) for incident in at_work.incidents.recent(limit=limit)]


@router.get("/api/incidents/{name}", dependencies=[Depends(Allow(*_HANDLERS))])
def one(at_work: AtWork, name: str) -> dict[str, Any]:
    """Return an incident with its events and the way of its worker."""
    view = view_incident_with_route(at_work.county, at_work.incidents, name)
    if view is None:
        raise ApiError(404, "unknown-incident", id=name)
    return view
