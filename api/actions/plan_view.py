"""A solved plan as people and programs read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.actions.open_county import OpenCounty
from api.actions.plan_figures import sites_of
from api.actions.show import township_names
from api.actions.sources import source_notes
from planning.hub_rooms import DEFAULT_ROOMS, hub_program
from planning.scenario.build import Built
from planning.scenario.identity import question_told, tables_told
from planning.scenario.resolve import Resolved
from planning.siting import Solution


def view_plan(at_hand: OpenCounty, built: Built, solution: Solution, figures: Mapping[str, Any]) -> dict[str, Any]:
    """Return a plan as JSON.

    Parameters
    ----------
    at_hand
    built
    solution
    figures
        As measured.

    Returns
    -------
    dict
        The contract's keys, then what the page draws.
    """
    resolved, question, count = built.resolved, built.resolved.question, len(at_hand.demand)
    told = tables_told(at_hand.tables, question)
    return {
        **figures,
        **question_told(question),
        "county_version": at_hand.county.version,
        **told,
        "weights_basis": resolved.weights.basis,
        "candidates": {"count": count, "of": count, "rule": "all-points"},
        "notes": _notes(at_hand, resolved, told["tables"]),
        "facilities": _facilities(at_hand, built, solution),
        "spokes": _spokes(at_hand, solution),
    }


def _notes(at_hand: OpenCounty, resolved: Resolved, edited: Mapping[str, int]) -> list[str]:
    """Codes of what a reader must know before relying on the plan."""
    question, weights = resolved.question, resolved.weights
    has_beds, is_money_asked = question.conditions.capacity is not None, question.conditions.budget_yuan is not None
    notes = {
        "beds-not-counted": question.service == "elder-centre" and not has_beds,
        "beds-assumed": question.service == "elder-centre" and has_beds,
        "costs-assumed": is_money_asked and "unit-costs" not in edited,
        "costs-of-office": is_money_asked and "unit-costs" in edited,
        "every-township": question.model == "two-tiers" and question.conditions.every_township is None,
        "no-age-data": weights.basis == "no-age-data",
        "elders-estimated": weights.estimated,
        **source_notes(at_hand.county, weights.basis, question.base),
        "rooms-assumed": question.service == "hub" and "rooms" not in edited,
        "rooms-of-office": question.service == "hub" and "rooms" in edited,
        "tables-unread": not at_hand.tables.are_read,
        "times-leave-out": True,
    }
    return [code for code, applies in notes.items() if applies]


def _facilities(at_hand: OpenCounty, built: Built, solution: Solution) -> list[dict[str, Any]]:
    townships = township_names(at_hand)
    sites = []
    for k, served in zip(solution.opened.tolist(), sites_of(built.problem, solution), strict=True):
        site = {**place_of(at_hand, k, townships), **served}
        if built.resolved.question.service == "hub":
            rows = np.flatnonzero(solution.allocation == k)
            site |= _program(built.resolved, rows)
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


def _program(resolved: Resolved, rows: NDArray[np.intp]) -> dict[str, Any]:
    children = None if resolved.children is None else int(resolved.children[rows].sum())
    people = int(resolved.weights.values[rows].sum())
    program = hub_program(people, children=children, rooms=resolved.rooms or DEFAULT_ROOMS)
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
