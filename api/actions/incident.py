"""An incident from the reported point to the person: read, decide, append, answer."""

from __future__ import annotations

import contextlib
import math
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from api.actions.open_county import OpenCounty
from api.actions.who_answers import RESPONSE_MODE, cell_at, way_of, who_answers
from gis.crs import Datum, to_wgs84
from gis.faults import Fault, FaultsError, Param
from gis.route import Route
from layers.county import County
from layers.records.audit import Act, Actor
from layers.records.incidents import IncidentStore
from layers.workdays import calendar_of, is_workday
from planning.incidents.categories import CATEGORIES
from planning.incidents.deadlines import CHINA_TIME, deadline_rule, due_at
from planning.incidents.description import clean_text
from planning.incidents.incident import Incident, assigned, incident_id, reported
from planning.tables.in_force import DEFAULTS, Tables

_TABLES = ("categories", "deadlines")
NO_COUNTY = "none"
"""Version that an incident carries when no county could be read."""


@dataclass(frozen=True)
class Report:
    """What somebody reports.

    Parameters
    ----------
    category
        One of ``CATEGORIES``.
    lon, lat, datum
        Where, degrees.
    text
        What is the matter; may be empty.
    idempotency_key
        Chosen by the reporter; the same report sent twice is one incident.
    """

    category: str
    lon: float
    lat: float
    idempotency_key: str
    datum: Datum = "WGS84"
    text: str = ""


def report_incident(
    at_hand: OpenCounty | None,
    store: IncidentStore,
    report: Report,
    *,
    actor: Actor,
    now: datetime,
    tables: Tables = DEFAULTS,
) -> tuple[dict[str, Any], bool]:
    """Store an incident and hand it to whoever answers for its place.

    Parameters
    ----------
    at_hand
        ``None`` while no county can be read: nothing is dropped, the county desk answers.
    store
    report
    actor
        Who reports.
    now
        Aware time of the report.
    tables
        In force: how soon each kind of incident is to be dealt with.

    Returns
    -------
    incident, created
        The view that the reporter gets, and whether it is new.

    Raises
    ------
    FaultsError
        If the category is unknown, the position is not on earth, or the text is not fit to keep.
    ConflictError
        If the key belongs to another report.
    """
    _check(report)
    text = clean_text(report.text)
    lon, lat = (float(value) for value in to_wgs84(report.lon, report.lat, datum=report.datum))
    found = who_answers(at_hand, lon, lat, category=report.category)
    due = due_at(report.category, now, is_workday=is_workday, categories=tables.categories)
    name = incident_id(now, suffix=secrets.token_hex(4))
    events = [
        reported(
            name,
            at=now,
            category=report.category,
            lon=lon,
            lat=lat,
            cell=found.cell.code if found.cell else None,
            text=text,
            county_version=at_hand.county.version if at_hand else NO_COUNTY,
        ),
        assigned(
            found.assignment,
            seq=2,
            at=now,
            due_at=due,
            workdays=tables.categories[report.category].workdays,
            calendar=calendar_of(due.date()),
            route_seconds=found.way.seconds if found.way else None,
            tables={kind: tables.edition(kind).version for kind in _TABLES},
        ),
    ]
    incident, created = store.report(
        events, idempotency_key=report.idempotency_key, act=Act(actor, "incident.reported", "incident")
    )
    return view_incident(at_hand, incident), created


def view_incident(at_hand: OpenCounty | None, incident: Incident) -> dict[str, Any]:
    """Return an incident as the reporter and the desk see it.

    Parameters
    ----------
    at_hand
    incident

    Returns
    -------
    dict
        Codes of rule and reason, name of the assignee, no telephone number.
    """
    assignment = incident.assignment
    view: dict[str, Any] = {
        "id": incident.id,
        "category": incident.category,
        "lon": round(incident.lon, 6),
        "lat": round(incident.lat, 6),
        "text": incident.text,
        "cell": incident.cell,
        "cell_name": _cell_name(at_hand, incident.cell),
        "reported_at": incident.reported_at.astimezone(CHINA_TIME).isoformat(),
        "county_version": incident.county_version,
    }
    if assignment is not None and incident.due_at is not None and incident.workdays is not None:
        view |= {
            "assignee": assignment.assignee_id,
            "assignee_name": _person_name(at_hand, assignment.assignee_id),
            "level": assignment.level,
            "role": assignment.role,
            "rule": assignment.rule,
            "reason": assignment.reason,
            "reason_params": dict(assignment.params),
            "route_seconds": incident.route_seconds,
            "route_mode": RESPONSE_MODE,
            "due_at": incident.due_at.astimezone(CHINA_TIME).isoformat(),
            "workdays": incident.workdays,
            "deadline_rule": deadline_rule(incident.workdays),
            "calendar": incident.calendar,
            "tables": dict(incident.tables),
        }
    return view


def list_incidents(
    at_hand: OpenCounty | None, store: IncidentStore, *, cells: Collection[str] | None, limit: int
) -> list[dict[str, Any]]:
    """Return the latest incidents without what was reported in words: that is opened one by one.

    Parameters
    ----------
    at_hand, store
    cells
        Whose cases the caller may see; ``None`` for all.
    limit
    """
    views = (view_incident(at_hand, incident) for incident in store.recent(limit=limit, cells=cells))
    return [{name: value for name, value in view.items() if name != "text"} for view in views]


def open_incident(
    at_hand: OpenCounty | None, store: IncidentStore, name: str, *, cells: Collection[str] | None, actor: Actor
) -> dict[str, Any] | None:
    """Return one incident with its events and the course of the worker's way, and record that it was opened.

    Parameters
    ----------
    at_hand, store
    name
        Id of the incident.
    cells
        Whose cases the caller may see; ``None`` for all.
    actor
        Who opens it.

    Returns
    -------
    dict or None
        ``None`` if there is no such incident, or none for this caller. The way is drawn on the county as it is now.
    """
    incident = store.get(name)
    if incident is None or (cells is not None and incident.cell not in cells):
        return None
    store.note(Act(actor, "incident.opened", "incident", incident.id))
    way = _way_now(at_hand, incident)
    events = [{"seq": e.seq, "kind": e.kind, "at": e.at.astimezone(CHINA_TIME).isoformat()} for e in store.events(name)]
    return {
        **view_incident(at_hand, incident),
        "events": events,
        "route": at_hand.degrees_of(way.xy) if at_hand and way else None,
        "route_length_m": round(way.length_m) if way else None,
    }


def _way_now(at_hand: OpenCounty | None, incident: Incident) -> Route | None:
    if at_hand is None or incident.assignment is None:
        return None
    with contextlib.suppress(FaultsError):
        cell = cell_at(at_hand, incident.lon, incident.lat)
        return way_of(at_hand, incident.assignment, cell, lon=incident.lon, lat=incident.lat)
    return None


def _check(report: Report) -> None:
    faults = []
    if report.category not in CATEGORIES:
        known = ", ".join(CATEGORIES)
        told: dict[str, Param] = {"known": known}
        faults.append(Fault("unknown-category", "incidents", field="category", value=report.category, params=told))
    for field, value, largest in (("lon", report.lon, 180), ("lat", report.lat, 90)):
        if not (math.isfinite(value) and abs(value) <= largest):
            params: dict[str, Param] = {"limit": largest}
            faults.append(Fault("position-off-earth", "incidents", field=field, value=str(value), params=params))
    if faults:
        raise FaultsError(faults)


def _cell_name(at_hand: OpenCounty | None, code: str | None) -> str | None:
    return _name_in(at_hand, lambda county: county.layer("cells"), code)


def _person_name(at_hand: OpenCounty | None, person: str | None) -> str | None:
    return _name_in(at_hand, lambda county: county.table("roster"), person)


def _name_in(at_hand: OpenCounty | None, table: Callable[[County], pd.DataFrame], key: str | None) -> str | None:
    """Return a name from a layer, ``None`` where the layer or the row is not there."""
    if at_hand is None or key is None:
        return None
    with contextlib.suppress(FaultsError):
        rows = table(at_hand.county)
        return str(rows.loc[key, "name"]) if key in rows.index else None
    return None
