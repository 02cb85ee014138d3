"""What the service adds to a move: the cell of a new place, who a person is, and whom a case goes to next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from api.actions.cases.closed_roads import road_of_move
from api.actions.cases.report import NO_COUNTY, assignment_event, position_of
from api.actions.cases.small_kinds import severity_of, subcategory_faults
from api.actions.open_county import OpenCounty
from api.actions.who_answers import Matter, cell_at, chosen, who_answers
from gis.crs import DATUMS
from gis.faults import Fault, FaultsError
from planning.incidents.case import Case
from planning.incidents.events import IncidentEvent
from planning.incidents.timetable import Timetable
from planning.tables.in_force import Tables

_ROUTED_AGAIN = frozenset({"moved", "recategorised"})
"""Whoever was found for the old place or matter need not be the right one any more."""


def added_data(
    at_hand: OpenCounty | None, case: Case, move: str, data: Mapping[str, Any], *, tables: Tables
) -> dict[str, Any]:
    """Return the data of a move with what the service knows beside; data of a wrong form is left to the table.

    Parameters
    ----------
    at_hand
    case
    move
    data
        As the caller sent it.
    tables
        In force.

    Raises
    ------
    FaultsError
        If the data names a person whom nobody knows, or a datum that there is not.
    """
    if move == "recategorise":
        return _recategorised(dict(data), tables)
    add = _ADDED.get(move)
    return add(at_hand, case, dict(data)) if add else dict(data)


def follow_up(
    at_hand: OpenCounty | None, case: Case, event: IncidentEvent, *, tables: Tables, timetable: Timetable
) -> list[IncidentEvent]:
    """Return what the service does by itself right after an event: another place or matter is routed again."""
    if event.kind not in _ROUTED_AGAIN:
        return []
    found = who_answers(at_hand, case.lon, case.lat, at=event.at, about=_matter(case))
    return [assignment_event(case, found, at=event.at, tables=tables, timetable=timetable)]


def _matter(case: Case) -> Matter:
    return Matter(case.category, case.severity, case.subcategory)


def _assigned(at_hand: OpenCounty | None, case: Case, data: dict[str, Any]) -> dict[str, Any]:
    """Return whom a desk has chosen, with the way of that person; nobody named: as if it had just been reported."""
    person, now = data.get("assignee_id"), datetime.now(UTC)
    if not isinstance(person, str | None):
        return data
    if "assignee_id" not in data:
        found = who_answers(at_hand, case.lon, case.lat, at=now, about=_matter(case))
    else:
        named = chosen(at_hand, case, person, at=now)
        if named is None:
            told = str(person)[:40]
            raise FaultsError([Fault("case-assignee-unknown", "incidents", field="assignee_id", value=told)])
        found = named
    one = found.assignment
    about = {name: getattr(one, name) for name in ("assignee_id", "level", "role", "rule", "reason")}
    seconds = found.way.seconds if found.way else None
    return {**data, **about, "params": dict(one.params), "route_seconds": seconds}


def _recategorised(data: dict[str, Any], tables: Tables) -> dict[str, Any]:
    """Return another matter with the severity that is usual for it; a small kind that there is not is refused."""
    category, subcategory, said = (data.get(name) for name in ("category", "subcategory", "severity"))
    if not isinstance(category, str) or not isinstance(subcategory, str):
        return data
    if faults := list(subcategory_faults(tables, category, subcategory)):
        raise FaultsError(faults)
    return data if said is not None else {**data, "severity": severity_of(tables, subcategory, None)}


def _placed(at_hand: OpenCounty | None, _case: Case, data: dict[str, Any]) -> dict[str, Any]:
    datum = data.pop("datum", "WGS84")
    if datum not in DATUMS:
        known = {"wanted": "code", "known": ",".join(DATUMS)}
        raise FaultsError([Fault("case-data-wrong", "incidents", field="datum", value=str(datum)[:40], params=known)])
    lon, lat = data.get("lon"), data.get("lat")
    if not all(isinstance(value, int | float) and abs(value) <= 180 for value in (lon, lat)):
        return data
    lon, lat = position_of(float(lon or 0), float(lat or 0), datum=datum)
    cell = None
    if at_hand is not None:
        try:
            cell = cell_at(at_hand, lon, lat)
        except FaultsError:
            cell = None
    where = {"cell": cell.code if cell else None, "township": cell.township_id if cell else None}
    return {**data, "lon": lon, "lat": lat, **where, "county_version": at_hand.county.version if at_hand else NO_COUNTY}


_ADDED: Mapping[str, Callable[[OpenCounty | None, Case, dict[str, Any]], dict[str, Any]]] = {
    "assign": _assigned,
    "reassign": _assigned,
    "move": _placed,
    "close-road": road_of_move,
}
