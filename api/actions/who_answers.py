"""Who answers for a place: its cell, the worker or the desk, and the way; never a refusal."""

from __future__ import annotations

import logging
from typing import NamedTuple, cast

import numpy as np

from api.actions.open_county import OpenCounty
from gis.faults import FaultsError
from gis.route import Route, route
from planning.incidents.case import Case
from planning.incidents.events import Assignment, Level, Role
from planning.incidents.routing import CHOSEN_REASON, CHOSEN_RULE, Cell, GridWorker, assign, assign_without

RESPONSE_MODE = "e-bike"  # how a grid worker gets there

_LOG = logging.getLogger(__name__)


class Found(NamedTuple):
    """Who answers for a place."""

    cell: Cell | None
    assignment: Assignment
    way: Route | None


def who_answers(at_hand: OpenCounty | None, lon: float, lat: float, *, category: str) -> Found:
    """Return the cell of a place, who deals with an incident there, and the way; never a refusal.

    Parameters
    ----------
    at_hand
    lon, lat
        Degrees, WGS-84.
    category

    Returns
    -------
    Found
        With the county desk, and the layer as its reason, where one that decides is missing or damaged.
    """
    if at_hand is None:
        return Found(None, assign_without(None, None), None)
    cell = None
    try:
        cell = cell_at(at_hand, lon, lat)
        assignment = assign(cell, _workers(at_hand, cell), category=category)
        _check_township(at_hand, assignment)
        return Found(cell, assignment, way_of(at_hand, assignment, cell, lon=lon, lat=lat))
    except FaultsError as error:
        layer = next((fault.layer for fault in error.faults if fault.layer), None)
        _LOG.warning("a report goes to the county desk: %s", error)
        return Found(cell, assign_without(layer, cell), None)
    except Exception:  # noqa: BLE001 - a report is worth more than the reason why we stumbled over its place
        _LOG.exception("a report goes to the county desk")
        return Found(cell, assign_without(None, cell), None)


def chosen(at_hand: OpenCounty | None, case: Case, person: str | None) -> Found | None:
    """Return whom a desk has chosen, with the way of a worker; ``None`` if nobody knows the person.

    Parameters
    ----------
    at_hand
    case
    person
        Of the roster, or ``None`` for the desk on duty of the case's level.
    """
    if person is None:
        level: Level = "township" if case.township and case.level != "county" else "county"
        params = {"township_id": case.township} if case.township else {}
        return Found(None, Assignment(None, level, "desk", CHOSEN_RULE, CHOSEN_REASON, params), None)
    if at_hand is None or not at_hand.county.has("roster"):
        return None
    roster = at_hand.county.table("roster")
    if person not in roster.index:
        return None
    assignment = Assignment(
        person, "grid", "chosen", CHOSEN_RULE, CHOSEN_REASON, {"village_id": str(roster.loc[person, "village_id"])}
    )
    cell = Cell(case.cell or "", str(roster.loc[person, "village_id"]), case.township)
    return Found(cell, assignment, way_of(at_hand, assignment, cell, lon=case.lon, lat=case.lat))


def way_of(at_hand: OpenCounty, assignment: Assignment, cell: Cell | None, *, lon: float, lat: float) -> Route | None:
    """Return the worker's way from the village of the cell to the point, ``None`` for a desk."""
    if assignment.assignee_id is None or cell is None:
        return None
    home = at_hand.demand.index.get_indexer([cell.village_id])
    if home[0] < 0:
        return None
    origin = at_hand.snapped_demand(RESPONSE_MODE).take(np.asarray(home))
    destination = at_hand.snap_points(at_hand.metres_of(lon, lat), mode=RESPONSE_MODE)
    return route(at_hand.network(RESPONSE_MODE), origin, destination)


def cell_at(at_hand: OpenCounty, lon: float, lat: float) -> Cell | None:
    """Return the cell of a position in degrees, ``None`` outside every cell."""
    code = at_hand.cells.cell_at(lon, lat)
    if code is None:
        return None
    village, township = at_hand.cell_facts[code]
    return Cell(code, village, township or None)


def _workers(at_hand: OpenCounty, cell: Cell | None) -> list[GridWorker]:
    if cell is None or not at_hand.county.has("roster"):
        return []
    people = at_hand.roster_by_village.get(cell.village_id, [])
    return [GridWorker(id_, cast("Role", role), on_duty) for id_, role, on_duty in people]


def _check_township(at_hand: OpenCounty, assignment: Assignment) -> None:
    """Read the townships where one of them is to answer: a desk that nobody can name would answer for nothing."""
    if assignment.level == "township" and at_hand.county.has("townships"):
        at_hand.county.layer("townships")
