"""A solved plan as people and programs read it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.actions.open_county import OpenCounty
from api.actions.plan_question import PlanRequest, Posed
from api.actions.show import township_names
from gis.cost_matrix import UNREACHABLE
from planning.hub_rooms import DEFAULT_ROOMS, Room, hub_program
from planning.measures import measures
from planning.population import Weights
from planning.siting import Solution


def view_plan(at_hand: OpenCounty, request: PlanRequest, posed: Posed, solution: Solution) -> dict[str, Any]:
    """Return a plan as JSON.

    Parameters
    ----------
    at_hand
    request
        With its defaults.
    posed
        Problem, weights and candidates.
    solution

    Returns
    -------
    dict
        The contract's keys, then what the page draws.
    """
    seconds = _allocated_seconds(posed, solution)
    return {
        **_claim(solution),
        "opened": [str(posed.problem.candidate_ids[k]) for k in solution.opened],
        "allocation": _allocation(posed, solution, seconds),
        "measures": measures(posed.weights.values, seconds, limit_s=request.limit_s).as_dict(),
        "service": request.service,
        "model": request.model,
        "p": request.p,
        "limit_minutes": request.limit_minutes,
        "mode": request.mode,
        "base": request.base,
        "county_version": at_hand.county.version,
        "weights_basis": posed.weights.basis,
        "candidates": {"count": len(posed.candidates), "of": len(at_hand.demand), "rule": posed.chosen.rule},
        "notes": _notes(at_hand, request, posed),
        "facilities": _facilities(at_hand, request, posed, solution, seconds),
        "spokes": _spokes(at_hand, posed, solution),
    }


def _claim(solution: Solution) -> dict[str, Any]:
    """Return status, figures and proof: the part that a checker reads."""
    return {
        "status": solution.status,
        "sense": {"min": "minimize", "max": "maximize"}[solution.sense],
        "objective": solution.objective,
        "bound": solution.bound,
        "objective_unit": solution.objective_unit,
        "gap": solution.gap,
        "proof": solution.proof,
        "solver": solution.solver,
        "reasons": [{"code": reason.code, "params": dict(reason.params)} for reason in solution.reasons],
    }


def _allocated_seconds(posed: Posed, solution: Solution) -> NDArray[np.int32]:
    """(n,) seconds of every demand point to its facility, unreachable where it has none."""
    seconds = np.full(len(posed.problem.weights), UNREACHABLE, dtype=np.int32)
    served = np.flatnonzero(solution.allocation >= 0) if solution.allocation.size else np.empty(0, dtype=np.intp)
    seconds[served] = posed.problem.values[served, solution.allocation[served]]
    return seconds


def _allocation(posed: Posed, solution: Solution, seconds: NDArray[np.int32]) -> list[dict[str, Any]]:
    if not solution.allocation.size:
        return []
    return [
        {
            "demand_id": str(demand),
            "facility_id": None if k < 0 else str(posed.problem.candidate_ids[k]),
            "seconds": None if s >= UNREACHABLE else int(s),
        }
        for demand, k, s in zip(posed.problem.demand_ids, solution.allocation, seconds, strict=True)
    ]


def _notes(at_hand: OpenCounty, request: PlanRequest, posed: Posed) -> list[str]:
    """Codes of what a reader must know before relying on the plan."""
    made = {field for layer in at_hand.county.layers.values() for field in layer["reconstructed"]}
    notes = {
        "beds-not-counted": request.service == "elder-centre",
        "candidates-thinned": len(posed.candidates) < len(at_hand.demand),
        "no-age-data": posed.weights.basis == "no-age-data",
        "elders-estimated": posed.weights.estimated,
        "population-reconstructed": "resident" in made,
        "positions-reconstructed": "geometry" in made,
        "rooms-assumed": request.service == "hub",
    }
    return [code for code, applies in notes.items() if applies]


def _facilities(
    at_hand: OpenCounty, request: PlanRequest, posed: Posed, solution: Solution, seconds: NDArray[np.int32]
) -> list[dict[str, Any]]:
    townships = township_names(at_hand)
    sites = []
    for k in solution.opened:
        rows = np.flatnonzero(solution.allocation == k)
        site = {**_place(posed, int(k), townships), **_served(posed.weights, rows, seconds)}
        if request.service == "hub":
            site |= _program(at_hand, posed, rows, request.rooms or DEFAULT_ROOMS)
        sites.append(site)
    return sites


def _place(posed: Posed, candidate: int, townships: dict[str, str]) -> dict[str, Any]:
    row = posed.candidates.iloc[candidate]
    return {
        "id": str(row.name),
        "name": str(row["name"]),
        "township": townships.get(str(row.get("township_id")), "") or None,
        "lon": round(float(row.geometry.x), 6),
        "lat": round(float(row.geometry.y), 6),
    }


def _served(weights: Weights, rows: NDArray[np.intp], seconds: NDArray[np.int32]) -> dict[str, Any]:
    found = measures(weights.values[rows], seconds[rows], limit_s=None)
    return {"people": found.people_total, "mean_s": found.mean_s, "worst_s": found.worst_s}


def _program(at_hand: OpenCounty, posed: Posed, rows: NDArray[np.intp], rooms: tuple[Room, ...]) -> dict[str, Any]:
    children = int(at_hand.demand["age_5_14"].iloc[rows].sum()) if "age_5_14" in at_hand.demand else None
    program = hub_program(int(posed.weights.values[rows].sum()), children=children, rooms=rooms)
    return {
        "floor_area_m2": program.floor_area_m2,
        "rooms": [{"room": name, "area_m2": area} for name, area in program.rooms],
    }


def _spokes(at_hand: OpenCounty, posed: Posed, solution: Solution) -> list[list[float]]:
    served = np.flatnonzero(solution.allocation >= 0) if solution.allocation.size else np.empty(0, dtype=np.intp)
    from_ = at_hand.demand.geometry.iloc[served]
    to = posed.candidates.geometry.iloc[solution.allocation[served]]
    ends = np.column_stack([from_.x, from_.y, to.x, to.y]).round(6)
    spokes: list[list[float]] = ends.tolist()
    return spokes
