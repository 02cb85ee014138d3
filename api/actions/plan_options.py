"""What a model is asked with: the figures it needs, and those that it may have and the question gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from api.actions.open_county import OpenCounty
from api.actions.plan_question import PlanRequest, options_known, pose, takes
from planning.hub_rooms import Room
from planning.population import Base, demand_weights
from planning.siting import MODELS, SitingProblem
from planning.siting.proof.claim import Sides


def options_of(at_hand: OpenCounty, request: PlanRequest) -> dict[str, Any]:
    """Return the options of the model of a request, by their names.

    Parameters
    ----------
    at_hand
    request
        With its defaults.

    Returns
    -------
    dict
        Everything that the model needs (``None`` where the question does not say: the model refuses it by name),
        and of the rest what was given.
    """
    model = MODELS[str(request.model)]
    conditions = request.conditions
    given = {
        "p": request.p,
        "limit_s": request.limit_s,
        "budget_yuan": conditions.budget_yuan,
        "split": conditions.split or None,
        "rooms": request.rooms or edited_rooms(at_hand),
        "children": children_of(at_hand, request.base),
        "upper_p": request.upper_p,
        "upper": _upper_tier(at_hand, request) if "upper_p" in options_known(model) else None,
    }
    needed = {name: given.get(name) for name in model.needs}
    further = {name: value for name, value in given.items() if name in takes(model) and name != "limit_s"}
    return needed | {name: value for name, value in further.items() if value is not None}


def edited_rooms(at_hand: OpenCounty) -> tuple[Room, ...] | None:
    """Return the office's own room table, ``None`` while the one that the program comes with counts."""
    return at_hand.tables.rooms if "rooms" in at_hand.tables.edited else None


def sides_of(options: Mapping[str, Any]) -> Sides:
    """Return the options that a checker needs beside problem and solution."""
    return cast("Sides", {name: options[name] for name in ("upper", "children") if name in options})


def _upper_tier(at_hand: OpenCounty, request: PlanRequest) -> SitingProblem:
    """Return the problem of the centres above the rooms: elders, as an elder-care centre asks for them."""
    asked = PlanRequest("elder-centre", base=request.base).with_defaults()
    return pose(at_hand, asked).problem


def children_of(at_hand: OpenCounty, base: Base) -> NDArray[np.int64] | None:
    """(n,) children of 5–14 at each demand point, ``None`` if the county gives no ages."""
    children = demand_weights(at_hand.demand, base=base, group="5-14")
    return None if children.basis == "no-age-data" else children.values
