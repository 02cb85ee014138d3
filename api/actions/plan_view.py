"""A solved and measured plan as people and programs read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from api.actions.open_county import OpenCounty
from api.actions.sources import source_notes
from planning.scenario.build import Built
from planning.scenario.candidates import Candidates
from planning.scenario.identity import question_told, tables_told
from planning.scenario.resolve import Resolved
from planning.siting import MODELS, Solution

ALL_POINTS = "all-points"
"""Rule by which the places that people live in are the only candidates."""


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
    resolved, question, candidates = built.resolved, built.resolved.question, built.resolved.candidates
    told = tables_told(at_hand.tables, question)
    return {
        **figures,
        **question_told(question),
        "county_version": at_hand.county.version,
        **told,
        "weights_basis": resolved.weights.basis,
        "capacity_unit": at_hand.tables.services[question.service].capacity_unit,
        "candidates": _candidates_told(candidates),
        "notes": _notes(at_hand, resolved, told["tables"]),
        "spokes": _spokes(candidates, solution),
        **({"edits_told": list(resolved.edits_told)} if resolved.edits_told else {}),
    }


def _notes(at_hand: OpenCounty, resolved: Resolved, edited: Mapping[str, int]) -> list[str]:
    """Codes of what a reader must know before relying on the plan."""
    question, weights = resolved.question, resolved.weights
    service, capacity = at_hand.tables.services[question.service], question.conditions.capacity
    asked = (question.conditions.budget_yuan, question.conditions.hour_yuan)
    is_money_asked, counts_beds = any(one is not None for one in asked), service.capacity_unit == "beds"
    notes = {
        "beds-not-counted": counts_beds and capacity is None,
        "beds-assumed": counts_beds and capacity is not None,
        "capacity-assumed": capacity is not None and capacity == service.largest,
        "only-where-another": bool(service.only_where),
        "costs-assumed": is_money_asked and "unit-costs" not in edited,
        "time-valued": question.conditions.hour_yuan is not None,
        "costs-of-office": is_money_asked and "unit-costs" in edited,
        "every-township": bool(MODELS[str(question.model)].tier_above) and question.conditions.every_township is None,
        "no-age-data": weights.basis == "no-age-data",
        "elders-estimated": weights.estimated,
        "aged-estimate": resolved.year is not None,
        "scenario-edits": bool(question.edits),
        **source_notes(at_hand.county, weights.basis.removeprefix(f"{resolved.year}-"), question.base),
        "rooms-assumed": service.has_rooms and "rooms" not in edited,
        "rooms-of-office": service.has_rooms and "rooms" in edited,
        "tables-unread": not at_hand.tables.are_read,
        "times-leave-out": True,
    }
    return [code for code, applies in notes.items() if applies]


def _candidates_told(candidates: Candidates) -> dict[str, Any]:
    """Return how many candidates there are, by which rule: places alone, or also what stands there or is proposed."""
    told: dict[str, Any] = {"count": len(candidates), "of": len(candidates), "rule": ALL_POINTS}
    further = {origin: int((candidates.origins == origin).sum()) for origin in ("facility", "proposed")}
    return told | ({"rule": "points-and-sites", **further} if any(further.values()) else {})


def _spokes(candidates: Candidates, solution: Solution) -> list[list[float]]:
    """Return from where to where each served place goes, degrees: places are the first candidates."""
    served = np.flatnonzero(solution.allocation >= 0)
    ends = np.column_stack([candidates.lon_lat[served], candidates.lon_lat[solution.allocation[served]]])
    spokes: list[list[float]] = ends.round(6).tolist()
    return spokes
