"""Who answers for a place: its cell, the worker or the desk, and the way; never a refusal."""

from __future__ import annotations

import logging
from typing import NamedTuple, cast

import numpy as np

from api.actions.open_county import OpenCounty
from gis.faults import FaultsError
from gis.route import Route, route
from planning.incidents.incident import Assignment, Role
from planning.incidents.routing import Cell, GridWorker, assign, assign_without

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
