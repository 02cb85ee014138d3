"""A solved plan as people and programs read it."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.actions.open_county import OpenCounty
from api.actions.plan_figures import figures_of, sites_of
from api.actions.plan_identity import tables_told
from api.actions.plan_options import children_of
from api.actions.plan_question import PlanRequest, Posed
from api.actions.show import township_names
from api.actions.sources import source_notes
from planning.hub_rooms import Room, hub_program
from planning.siting import Solution


def view_plan(at_hand: OpenCounty, request: PlanRequest, posed: Posed, solution: Solution) -> dict[str, Any]:
    """Return a plan as JSON.

    Parameters
    ----------
    at_hand
    request
        With its defaults.
    posed
        Problem and weights.
    solution

    Returns
    -------
    dict
        The contract's keys, then what the page draws.
    """
    count = len(at_hand.demand)
    return {
        **figures_of(posed.problem, solution, limit_s=request.limit_s, children=children_of(at_hand, request.base)),
        **question_of(request),
        "county_version": at_hand.county.version,
        **tables_told(at_hand.tables, request),
        "weights_basis": posed.weights.basis,
        "candidates": {"count": count, "of": count, "rule": "all-points"},
        "notes": _notes(at_hand, request, posed),
        "facilities": _facilities(at_hand, request, posed, solution),
        "spokes": _spokes(at_hand, solution),
    }


def question_of(request: PlanRequest) -> dict[str, Any]:
    """Return what was asked, as JSON."""
    question = dataclasses.asdict(request)
    del question["time_limit_s"], question["memory_limit_mb"]
    return question


def _notes(at_hand: OpenCounty, request: PlanRequest, posed: Posed) -> list[str]:
    """Codes of what a reader must know before relying on the plan."""
    edited = tables_told(at_hand.tables, request)["tables"]
    is_money_asked = request.conditions.budget_yuan is not None
    notes = {
        "beds-not-counted": request.service == "elder-centre" and posed.problem.capacity is None,
        "beds-assumed": request.service == "elder-centre" and posed.problem.capacity is not None,
        "costs-assumed": is_money_asked and "unit-costs" not in edited,
        "costs-of-office": is_money_asked and "unit-costs" in edited,
        "every-township": request.model == "two-tiers" and request.conditions.every_township is None,
        "no-age-data": posed.weights.basis == "no-age-data",
        "elders-estimated": posed.weights.estimated,
        **source_notes(at_hand.county, posed.weights.basis, request.base),
        "rooms-assumed": request.service == "hub" and "rooms" not in edited,
        "rooms-of-office": request.service == "hub" and "rooms" in edited,
        "tables-unread": not at_hand.tables.are_read,
        "times-leave-out": True,
    }
    return [code for code, applies in notes.items() if applies]


def _facilities(at_hand: OpenCounty, request: PlanRequest, posed: Posed, solution: Solution) -> list[dict[str, Any]]:
    townships = township_names(at_hand)
    aged = children_of(at_hand, request.base) if request.service == "hub" else None
    sites = []
    for k, served in zip(solution.opened.tolist(), sites_of(posed.problem, solution), strict=True):
        site = {**place_of(at_hand, k, townships), **served}
        if request.service == "hub":
            rows = np.flatnonzero(solution.allocation == k)
            site |= _program(posed, rows, request.rooms or at_hand.tables.rooms, aged)
        sites.append(site)
    return sites


def place_of(at_hand: OpenCounty, candidate: int, townships: dict[str, str]) -> dict[str, Any]:
    """Return a demand point by id, name, township and degrees."""
    row = at_hand.demand.iloc[candidate]
    return {
        "id": str(row.name),
        "name": str(row["name"]),
        "township": townships.get(str(row.get("township_id")), "") or None,
        "lon": round(float(row.geometry.x), 6),
        "lat": round(float(row.geometry.y), 6),
    }


def _program(
    posed: Posed, rows: NDArray[np.intp], rooms: tuple[Room, ...], aged: NDArray[np.int64] | None
) -> dict[str, Any]:
    children = None if aged is None else int(aged[rows].sum())
    program = hub_program(int(posed.weights.values[rows].sum()), children=children, rooms=rooms)
    return {
        "floor_area_m2": program.floor_area_m2,
        "rooms": [{"room": name, "area_m2": area} for name, area in program.rooms],
    }


def _spokes(at_hand: OpenCounty, solution: Solution) -> list[list[float]]:
    served = np.flatnonzero(solution.allocation >= 0)
    from_ = at_hand.demand.geometry.iloc[served]
    to = at_hand.demand.geometry.iloc[solution.allocation[served]]
    ends = np.column_stack([from_.x, from_.y, to.x, to.y]).round(6)
    spokes: list[list[float]] = ends.tolist()
    return spokes
