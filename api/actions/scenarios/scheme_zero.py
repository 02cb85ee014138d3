"""Scheme 0 of a service: what stands today, measured as any plan is."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from api.actions.open_county import OpenCounty
from api.actions.plan_measured import measured
from api.actions.plan_view import view_plan
from api.actions.posed import resolved_at, times_of
from api.actions.scenarios.content import question_in
from api.actions.scenarios.form import plan_body_from
from planning.scenario.build import Built, problem_of
from planning.scenario.candidates import UNKNOWN
from planning.scenario.question import PlanQuestion
from planning.scenario.today import NO_SERVICE, as_it_stands
from planning.siting import Solution

_OF_A_PLAN = (
    "p",
    "upper_p",
    "rooms",
    "capacity",
    "conditions",
    "reasons",
    "proof",
    "gap",
    "bound",
    "objective",
    "solver",
)
"""What only a plan says."""


def today_of(at_hand: OpenCounty, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return scheme 0 of a service, as flat fields ask for it.

    Parameters
    ----------
    at_hand
    asked
        ``service`` and, where they are not its own, ``mode``, ``base``, ``limit_minutes``.

    Raises
    ------
    FaultsError
        If there is no such service.
    """
    given = {name: value for name, value in asked.items() if value is not None}
    return scheme_zero(at_hand, question_in(at_hand, plan_body_from(given)))


def scheme_zero(at_hand: OpenCounty, question: PlanQuestion) -> dict[str, Any]:
    """Return today's facilities of a service with whom each serves, in the form of a plan.

    Parameters
    ----------
    at_hand
    question
        With its defaults; of its conditions none counts, since nothing is chosen.

    Returns
    -------
    dict
        As a plan, with ``scheme`` 0 and ``status`` ``as-it-stands``, or ``no-service`` where nothing stands: then
        there is nobody within the limit and there are no minutes.
    """
    return today_told(at_hand, *built_today(at_hand, question))


def built_today(at_hand: OpenCounty, question: PlanQuestion) -> tuple[Built, Solution]:
    """Return today's problem of a service and its plan: what stands, everyone at the nearest; as ``scheme_zero``."""
    resolved = resolved_at(at_hand, _with_capacity(at_hand, question), chooses=False)
    built = Built(resolved, problem_of(resolved, times_of(at_hand)), {})
    return built, as_it_stands(built.problem)


def today_told(at_hand: OpenCounty, built: Built, solution: Solution) -> dict[str, Any]:
    """Return today's plan as ``scheme_zero`` tells it."""
    told = view_plan(at_hand, built, solution, measured(at_hand, built, solution))
    kept = {name: value for name, value in told.items() if name not in _OF_A_PLAN}
    status = "as-it-stands" if len(solution.opened) else NO_SERVICE
    return {"scheme": 0, **kept, "status": status, "model": solution.model}


def _with_capacity(at_hand: OpenCounty, question: PlanQuestion) -> PlanQuestion:
    """Return the question with capacities counted where every standing facility tells its own: none is assumed."""
    candidates = resolved_at(at_hand, question, chooses=False).candidates
    told = candidates.capacities[candidates.stands]
    if not len(told) or (told == UNKNOWN).any():
        return question
    counted = dataclasses.replace(question.conditions, capacity=int(told.max()))
    return dataclasses.replace(question, conditions=counted)
