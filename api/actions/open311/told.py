"""A case as GeoReport v2 tells it: to whoever reported it with their words, to the public without and less exactly."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from api.actions.cases.view import local
from api.actions.open311.services import service_name
from api.actions.open_county import OpenCounty
from layers.records.bulk.requests import ReportedCase
from maps.catalogue import Lang, text
from planning.incidents.bulk.example import EXAMPLE
from planning.tables.in_force import Tables

_NEAR = 2
"""Places of a degree that the public is told, about a kilometre: a place to the metre may be somebody's home."""
_EXACT = 6


def request_told(
    at_hand: OpenCounty | None,
    found: ReportedCase,
    *,
    tables: Tables,
    is_own: bool,
    is_extended: bool,
    lang: Lang,
) -> dict[str, Any]:
    """Return a service request.

    Parameters
    ----------
    at_hand
    found
    tables
    is_own
        Whether the caller reported it.
    is_extended
        Whether the state stands beside the two of the standard.
    lang
        Of names and notes.
    """
    case, report = found.case, found.report
    code = str(report.payload.get("subcategory") or report.payload["category"])
    digits = _EXACT if is_own else _NEAR
    state = text(lang, f"incident.state.{case.state}")
    is_example = report.payload.get("channel") == EXAMPLE
    told: dict[str, Any] = {
        "service_request_id": case.id,
        "status": "closed" if case.has_ended else "open",
        "status_notes": text(lang, "open311.invented", state=state) if is_example else state,
        "service_name": service_name(tables, code, lang),
        "service_code": code,
        "description": found.text if is_own else "",
        "agency_responsible": _agency(at_hand, found, lang),
        "service_notice": "",
        "requested_datetime": _seconds(case.reported_at),
        "updated_datetime": _seconds(case.at),
        "expected_datetime": None if case.due_at is None else _seconds(case.due_at),
        "address": "",
        "address_id": None,
        "zipcode": None,
        "lat": round(case.lat, digits),
        "long": round(case.lon, digits),
        "media_url": None,
    }
    if is_extended:
        told["extended_attributes"] = {"state": case.state, "level": case.level, "is_invented": is_example}
    return told


def _seconds(moment: datetime) -> str:
    return local(moment.replace(microsecond=0))


def _agency(at_hand: OpenCounty | None, found: ReportedCase, lang: Lang) -> str:
    """Return the township that has it, or the county: never a person."""
    code = found.case.township
    if at_hand is not None and code is not None and found.case.level != "county" and at_hand.county.has("townships"):
        towns = at_hand.county.layer("townships")
        if code in towns.index:
            return str(towns.loc[code, "name"])
    return text(lang, "incident.desk.county")
