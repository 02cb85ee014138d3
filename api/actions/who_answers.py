"""Who answers for a place: its cell, the person or the desk, and the way; never a refusal."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple, cast

from api.actions.cases.timetables import timetable_of
from api.actions.open_county import OpenCounty
from api.actions.staff.ways import RESPONSE_MODE, home_of, seconds_to
from gis.faults import FaultsError, Param
from gis.route import Route, route
from layers.records.database_faults import DatabaseDownError
from planning.incidents.assignment import (
    CHOSEN_REASON,
    CHOSEN_RULE,
    DEFAULT,
    Around,
    Cell,
    Wanted,
    WantedPost,
    assign,
    assign_without,
)
from planning.incidents.case import Case
from planning.incidents.events import Assignment, Level
from planning.incidents.rules import Asked
from planning.incidents.rules import route as route_by_rules
from planning.incidents.staff import Staff

_LOG = logging.getLogger(__name__)


class Matter(NamedTuple):
    """What of a case the table of rules asks."""

    category: str
    severity: str
    subcategory: str | None = None


class Found(NamedTuple):
    """Who answers for a place."""

    cell: Cell | None
    assignment: Assignment
    way: Route | None


def who_answers(
    at_hand: OpenCounty | None,
    lon: float,
    lat: float,
    *,
    at: datetime,
    about: Matter | None = None,
) -> Found:
    """Return the cell of a place, who deals with a case there, and the way; never a refusal.

    Parameters
    ----------
    at_hand
        With its crew.
    lon, lat
        Degrees, WGS-84.
    at
        When, aware: who is on leave then is not asked.
    about
        What decides by the table of rules whom it is for; without it everything is the grid worker's.

    Returns
    -------
    Found
        With the county desk, and the layer as its reason, where one that decides is missing or damaged.

    Raises
    ------
    DatabaseDownError
        If the records cannot be read now: then nothing can be stored either.
    """
    if at_hand is None:
        return Found(None, assign_without(None, None), None)
    cell = None
    try:
        cell = cell_at(at_hand, lon, lat)
        staff = staff_of(at_hand)
        wanted, rule = _wanted(at_hand, cell, at, about)
        assignment = assign(cell, staff, at=at, wanted=wanted, around=_around(at_hand, staff, lon=lon, lat=lat, at=at))
        assignment = replace(assignment, params={**assignment.params, **rule})
        _check_township(at_hand, assignment)
        return Found(cell, assignment, way_of(at_hand, assignment.assignee_id, lon=lon, lat=lat, at=at))
    except DatabaseDownError:
        raise
    except FaultsError as error:
        layer = next((fault.layer for fault in error.faults if fault.layer), None)
        _LOG.warning("a report goes to the county desk: %s", error)
        return Found(cell, assign_without(layer, cell), None)
    except Exception:  # noqa: BLE001 - a report is worth more than the reason why we stumbled over its place
        _LOG.exception("a report goes to the county desk")
        return Found(cell, assign_without(None, cell), None)


def chosen(at_hand: OpenCounty | None, case: Case, person: str | None, *, at: datetime) -> Found | None:
    """Return whom a desk has chosen, with the way of that person; ``None`` for somebody who is not at work then.

    Parameters
    ----------
    at_hand
    case
    person
        Of the staff, or ``None`` for the desk on duty of the case's level.
    at
    """
    if person is None:
        level: Level = "township" if case.township and case.level != "county" else "county"
        params = {"township_id": case.township} if case.township else {}
        return Found(None, Assignment(None, level, "desk", CHOSEN_RULE, CHOSEN_REASON, params), None)
    if at_hand is None:
        return None
    staff = staff_of(at_hand)
    if not staff.on_duty(person, at):
        return None
    return Found(None, _chosen(staff, person, case), way_of(at_hand, person, lon=case.lon, lat=case.lat, at=at))


def staff_of(at_hand: OpenCounty) -> Staff:
    """Return who works in a county; nobody where there are no records."""
    return at_hand.crew.get(at_hand) if at_hand.crew is not None else Staff()


def way_of(at_hand: OpenCounty, person: str | None, *, lon: float, lat: float, at: datetime) -> Route | None:
    """Return the way of somebody from where they set out to a place, ``None`` for a desk."""
    if person is None:
        return None
    origin = home_of(at_hand, staff_of(at_hand), person, at)
    if origin is None:
        return None
    destination = at_hand.snap_points(at_hand.metres_of(lon, lat), mode=RESPONSE_MODE)
    return route(at_hand.network_now(RESPONSE_MODE), origin, destination)


def _chosen(staff: Staff, person: str, case: Case) -> Assignment:
    """Return what a desk has decided: the rung is the one on which the person works."""
    posts = staff.posts_of(person)
    village = next((post.area_code for post in posts if post.area_kind in ("village", "cell")), None)
    unit = next((post.area_code for post in posts if post.area_kind == "unit"), None)
    level: Level = "grid" if village else "county" if unit else case.level
    params = {name: code for name, code in (("village_id", village), ("unit_id", unit)) if code}
    return Assignment(person, level, "chosen", CHOSEN_RULE, CHOSEN_REASON, params)


def _wanted(
    at_hand: OpenCounty, cell: Cell | None, at: datetime, about: Matter | None
) -> tuple[Wanted, dict[str, Param]]:
    """Return whom the table of rules wants, and the name of the rule, which stays on the case."""
    if about is None:
        return DEFAULT, {}
    tables = at_hand.tables
    kind = tables.subcategories.get(about.subcategory) if about.subcategory else None
    on_duty = timetable_of(tables).is_on_duty(at)
    township = cell.township_id if cell else None
    asked = Asked(about.category, about.severity, cell.code if cell else None, township, on_duty, kind)
    routed = route_by_rules(tables.rules, asked)
    wanted = Wanted(routed.level, cast("WantedPost", routed.post), routed.unit or None)
    return wanted, {"table_rule": routed.rule}


def _around(at_hand: OpenCounty, staff: Staff, *, lon: float, lat: float, at: datetime) -> Around:
    return Around(
        lambda people: seconds_to(at_hand, staff, people, lon=lon, lat=lat, at=at),
        lambda: at_hand.crew.busy() if at_hand.crew is not None else frozenset(),
    )


def cell_at(at_hand: OpenCounty, lon: float, lat: float) -> Cell | None:
    """Return the cell of a position in degrees, ``None`` outside every cell."""
    code = at_hand.cells.cell_at(lon, lat)
    if code is None:
        return None
    village, township = at_hand.cell_facts[code]
    return Cell(code, village, township or None)


def _check_township(at_hand: OpenCounty, assignment: Assignment) -> None:
    """Read the townships where one of them is to answer: a desk that nobody can name would answer for nothing."""
    if assignment.level == "township" and at_hand.county.has("townships"):
        at_hand.county.layer("townships")
