"""A case as the API tells it: codes, names of people and places, no telephone number."""

from __future__ import annotations

import contextlib
from datetime import datetime
from typing import Any

from api.actions.open_county import OpenCounty
from api.actions.staff.ways import RESPONSE_MODE
from gis.crs import from_wgs84
from gis.faults import FaultsError
from layers.county import County
from layers.records.attachment_rows import Attachment
from layers.records.case_lists import ListedCase
from planning.incidents.case import Case, StepClock
from planning.incidents.clocks import CHINA_TIME
from planning.incidents.deadlines import deadline_rule


def view_case(at_hand: OpenCounty | None, case: Case, *, text: str) -> dict[str, Any]:
    """Return a case as the reporter and the desk see it.

    Parameters
    ----------
    at_hand
    case
    text
        What was reported, empty once it is erased.
    """
    assignment = case.assignment
    return {
        **_common(at_hand, case),
        "reported_at": local(case.reported_at),
        "text": text,
        "role": assignment.role if assignment else None,
        "rule": assignment.rule if assignment else None,
        "reason": assignment.reason if assignment else None,
        "reason_params": dict(assignment.params) if assignment else {},
        "route_seconds": case.route_seconds,
        "route_mode": RESPONSE_MODE,
        "step": case.clock.step if case.clock else None,
        "step_due_at": _step_due(case.clock, case.state),
        "warn_at": None if case.clock is None or case.state == "paused" else local(case.clock.warn_at),
        "workdays": case.workdays,
        "deadline_rule": None if case.workdays is None else deadline_rule(case.workdays),
        "calendar": case.calendar,
        "is_provisional": case.is_provisional or bool(case.clock and case.clock.is_provisional),
        "tables": dict(case.tables),
        "subcategory": case.subcategory,
        "merged_into": case.merged_into,
        "parts": list(case.parts),
        "asked_until": None if case.asked_until is None else local(case.asked_until),
        "stars": case.stars,
        "road": case.road["road"] if case.road else None,
    }


def view_listed(at_hand: OpenCounty | None, case: ListedCase) -> dict[str, Any]:
    """Return a case as lists show it, without what was reported in words: that is opened one by one."""
    return {
        **_common(at_hand, case),
        "reported_at": local(case.reported_at),
        "updated_at": local(case.updated_at),
        "step": case.step,
        "step_due_at": None if case.step_due_at is None else local(case.step_due_at),
        "warn_at": _warn(case),
        "is_provisional": case.is_provisional,
        "merged_into": case.merged_into,
        "road": case.road,
        "pos": case.pos,
    }


def view_attachment(one: Attachment) -> dict[str, Any]:
    """Return a file of a case as it is told of: not by whom, which the history of the case tells."""
    return {
        "id": one.id,
        "kind": one.kind,
        "media_type": one.media_type,
        "bytes": one.bytes,
        "at": local(one.at),
        "erased": one.erased_at is not None,
    }


def view_places(lon: float, lat: float) -> dict[str, list[float]]:
    """Return a place as the map programs of telephones take it, whose datums are not ours."""
    return {
        datum.lower(): [round(float(value), 6) for value in from_wgs84(lon, lat, datum=datum)]
        for datum in ("GCJ02", "BD09")
    }


def local(moment: datetime) -> str:
    """Return an instant as people in China read it."""
    return moment.astimezone(CHINA_TIME).isoformat()


def _common(at_hand: OpenCounty | None, case: Case | ListedCase) -> dict[str, Any]:
    return {
        "id": case.id,
        "flow": case.flow,
        "channel": case.channel,
        "category": case.category,
        "severity": case.severity,
        "state": case.state,
        "version": case.version,
        "level": case.level,
        "lon": round(case.lon, 6),
        "lat": round(case.lat, 6),
        "cell": case.cell,
        "cell_name": _name_in(at_hand, "cells", case.cell),
        "township": case.township,
        "township_name": _name_in(at_hand, "townships", case.township),
        "assignee": case.assignee,
        "assignee_name": _person_name(at_hand, case.assignee),
        "unit": case.unit,
        "due_at": None if case.due_at is None else local(case.due_at),
        "county_version": case.county_version,
    }


def _person_name(at_hand: OpenCounty | None, person: str | None) -> str | None:
    if at_hand is None or at_hand.crew is None or person is None:
        return None
    return at_hand.crew.name_of(person)


def _step_due(clock: StepClock | None, state: str) -> str | None:
    return None if clock is None or state == "paused" else local(clock.due_at)


def _warn(case: ListedCase) -> str | None:
    """Return from when on a step is near its end: while nobody was reminded, the moment at which somebody will be."""
    if case.step_due_at is None:
        return None
    late_at = min(case.step_due_at, case.due_at or case.step_due_at)
    is_calm = case.wakes_at is not None and case.wakes_at < late_at
    return local(case.wakes_at if is_calm and case.wakes_at else case.updated_at)


def _name_in(at_hand: OpenCounty | None, layer: str, key: str | None) -> str | None:
    """Return a name from a layer, ``None`` where the layer or the row is not there."""
    if at_hand is None or key is None:
        return None
    with contextlib.suppress(FaultsError):
        return at_hand.once(f"names of {layer}", lambda: _names(at_hand.county, layer)).get(key)
    return None


def _names(county: County, layer: str) -> dict[str, str]:
    """Return all names of a layer by id: lists ask for hundreds, and looking each up in a frame takes long."""
    names = county.layer(layer)["name"]
    return dict(zip(names.index.astype(str), names.astype(str), strict=True))
