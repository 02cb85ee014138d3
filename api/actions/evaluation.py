"""What sites that somebody named come to, at once, beside the plan that is known for the same question."""

from __future__ import annotations

import dataclasses
from typing import Any

from api.actions.open_county import OpenCounty
from api.actions.plan import last_plan
from api.actions.plan_placed import misfits_placed, place
from api.actions.posed import built_at
from planning.scenario.defaults import with_defaults
from planning.scenario.question import PlanQuestion

LONGEST_S = 3.0
"""So long an allocation may take where sites take only so much; then everyone is sent to the nearest."""
_OF_A_PLAN = ("status", "proof", "solver", "objective", "bound", "objective_unit", "gap", "claim_id")


def evaluate(at_hand: OpenCounty, told: PlanQuestion) -> dict[str, Any]:
    """Return the plan of the sites that a question names, computed now.

    Parameters
    ----------
    at_hand
    told
        As it was told, with sites and edits.

    Returns
    -------
    dict
        ``plan`` as :func:`api.actions.plan_placed.place`; ``answered``: status, proof and figures of the last plan
        that was made for the same question without the sites, where it opens exactly these; else ``None``.

    Raises
    ------
    FaultsError
        With all that is wrong; ``sites-missing`` where no site is named.
    """
    question = with_defaults(told, at_hand.tables.services)
    built = built_at(at_hand, question, misfits_placed(question))
    plan = place(at_hand, built, time_limit_s=min(LONGEST_S, question.time_limit_s)).plan
    return {"plan": plan, "answered": _answered(at_hand, told, plan)}


def _answered(at_hand: OpenCounty, told: PlanQuestion, plan: dict[str, Any]) -> dict[str, Any] | None:
    free = with_defaults(dataclasses.replace(told, sites=()), at_hand.tables.services)
    known = last_plan(at_hand, free)
    if known is None or set(known["opened"]) != set(plan["opened"]):
        return None
    return {name: known[name] for name in _OF_A_PLAN}
