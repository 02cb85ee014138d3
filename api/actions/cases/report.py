"""A case from the reported point to the person: read, decide, store, answer."""

from __future__ import annotations

import math
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from api.actions.cases.small_kinds import severity_of, subcategory_faults
from api.actions.cases.timetables import timetable_of
from api.actions.cases.view import view_case
from api.actions.open_county import OpenCounty
from api.actions.who_answers import Found, Matter, who_answers
from gis.crs import Datum, to_wgs84
from gis.faults import Fault, FaultsError, Param
from layers.records.audit import Act, Actor
from layers.records.case_texts import text_field
from layers.records.incidents import IncidentStore
from layers.records.new_cases import NewCase
from planning.incidents.case import Case
from planning.incidents.categories import CATEGORIES
from planning.incidents.description import clean_text
from planning.incidents.events import Channel, IncidentEvent, Severity, assigned, incident_id, reported
from planning.incidents.states import apply
from planning.incidents.timetable import Timetable
from planning.incidents.timing import timed
from planning.tables.in_force import DEFAULTS, Tables

TABLES_OF_A_CASE = ("categories", "subcategories", "deadlines", "steps", "rules", "calendar", "duty-hours")
NO_COUNTY = "none"
"""Version that a case carries when no county could be read."""
Filed = tuple[dict[str, Any], bool]
"""A case as its reporter gets it, and whether it is new."""


@dataclass(frozen=True)
class Report:
    """What somebody reports.

    Parameters
    ----------
    category
        One of ``CATEGORIES``.
    lon, lat, datum
        Where, degrees.
    idempotency_key
        Chosen by the reporter; the same report sent twice is one case.
    text
        What is the matter; may be empty.
    severity, subcategory
        The severity that is usual for the small kind if it is not given.
    reporter
        ``name`` and ``phone`` of who reported, as far as they want to be called back.
    channel
        By which way it came in.
    """

    category: str
    lon: float
    lat: float
    idempotency_key: str
    datum: Datum = "WGS84"
    text: str = ""
    severity: Severity | None = None
    subcategory: str | None = None
    reporter: Mapping[str, str] = field(default_factory=dict)
    channel: Channel = "office"


def report_incident(
    at_hand: OpenCounty | None,
    store: IncidentStore,
    report: Report,
    *,
    actor: Actor,
    now: datetime,
    tables: Tables = DEFAULTS,
) -> Filed:
    """File a report with its cell, worker, way and deadline.

    Parameters
    ----------
    at_hand
        ``None`` while no county can be read: the county desk takes the report.
    store
    report
    actor
        Who reports.
    now
        When it came in, aware.
    tables
        The office's tables in force.

    Returns
    -------
    view, created
        The case as the reporter gets it, and whether it is new.

    Raises
    ------
    FaultsError
        If the category is unknown, the position is not on earth, or the text is not fit to keep.
    ConflictError
        If the key belongs to another report.
    """
    (outcome,) = report_incidents(at_hand, store, [(report, actor)], now=now, tables=tables)
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome


def report_incidents(
    at_hand: OpenCounty | None,
    store: IncidentStore,
    reports: Sequence[tuple[Report, Actor]],
    *,
    now: datetime,
    tables: Tables = DEFAULTS,
) -> list[Filed | BaseException]:
    """File reports that came at once, each with who reports.

    Returns
    -------
    list
        For each what :func:`report_incident` returns, or the error that it raises: none takes anything from another.
    """
    decided = [_decided(at_hand, report, actor, now=now, tables=tables) for report, actor in reports]
    stored = iter(store.report_all([one for one in decided if not isinstance(one, Exception)]))
    return [one if isinstance(one, Exception) else _told(at_hand, one[0], next(stored)) for one in decided]


def _decided(
    at_hand: OpenCounty | None, report: Report, actor: Actor, *, now: datetime, tables: Tables
) -> tuple[NewCase, Act] | Exception:
    try:
        _check(report, tables)
        texts = _texts(report)
        events = events_of_report(at_hand, report, actor=actor, now=now, tables=tables)
    except Exception as error:  # noqa: BLE001 - told to whom it belongs, not to all who came at once
        return error
    return NewCase(report.idempotency_key, events, texts), Act(actor, "incident.reported", "incident")


def _told(
    at_hand: OpenCounty | None, new: NewCase, outcome: tuple[Case, bool] | BaseException
) -> Filed | BaseException:
    if isinstance(outcome, BaseException):
        return outcome
    case, created = outcome
    try:
        return view_case(at_hand, case, text=new.texts.get(text_field(1), "")), created
    except Exception as error:  # noqa: BLE001 - as above: the others are stored and told
        return error


def events_of_report(
    at_hand: OpenCounty | None, report: Report, *, actor: Actor, now: datetime, tables: Tables
) -> list[IncidentEvent]:
    """Return the report and the assignment that follows at once, with their clocks."""
    lon, lat = position_of(report.lon, report.lat, datum=report.datum)
    severity = severity_of(tables, report.subcategory, report.severity)
    found = who_answers(at_hand, lon, lat, at=now, about=Matter(report.category, severity, report.subcategory))
    further = {"subcategory": report.subcategory, "actor": actor.account_id}
    first = reported(
        incident_id(now, suffix=secrets.token_hex(4)),
        at=now,
        category=report.category,
        lon=lon,
        lat=lat,
        cell=found.cell.code if found.cell else None,
        county_version=at_hand.county.version if at_hand else NO_COUNTY,
        township=found.cell.township_id if found.cell else None,
        severity=severity,
        channel=report.channel,
        **{name: value for name, value in further.items() if value is not None},
    )
    timetable = timetable_of(tables)
    first = timed(None, first, timetable=timetable)
    case = apply(None, first)
    return [first, assignment_event(case, found, at=now, tables=tables, timetable=timetable)]


def position_of(lon: float, lat: float, *, datum: Datum) -> tuple[float, float]:
    """Return WGS-84 degrees; at the edge of the world another datum may be a little beyond it."""
    lon, lat = (float(value) for value in to_wgs84(lon, lat, datum=datum))
    return max(-180.0, min(180.0, lon)), max(-90.0, min(90.0, lat))


def assignment_event(case: Case, found: Found, *, at: datetime, tables: Tables, timetable: Timetable) -> IncidentEvent:
    """Return the event by which the service hands a case to whom it has found, with the clocks after it."""
    event = assigned(
        found.assignment,
        seq=case.version + 1,
        at=at,
        route_seconds=found.way.seconds if found.way else None,
        tables={kind: tables.edition(kind).version for kind in TABLES_OF_A_CASE},
    )
    return timed(case, event, timetable=timetable)


def _texts(report: Report) -> dict[str, str]:
    """Return what was said and by whom, field by field."""
    known = {name: value.strip() for name, value in report.reporter.items()}
    return {text_field(1): clean_text(report.text), **known}


def _check(report: Report, tables: Tables) -> None:
    faults = list(subcategory_faults(tables, report.category, report.subcategory))
    if report.category not in CATEGORIES:
        known = ", ".join(CATEGORIES)
        told: dict[str, Param] = {"known": known}
        faults.append(Fault("unknown-category", "incidents", field="category", value=report.category, params=told))
    for name, value, largest in (("lon", report.lon, 180), ("lat", report.lat, 90)):
        if not (math.isfinite(value) and abs(value) <= largest):
            params: dict[str, Param] = {"limit": largest}
            faults.append(Fault("position-off-earth", "incidents", field=name, value=str(value), params=params))
    if faults:
        raise FaultsError(faults)
