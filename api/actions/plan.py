"""A plan from the question to the proof: layers and matrix in, model, checks, measures, answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from api.actions.editions import PLANS
from api.actions.kept import keep, kept
from api.actions.open_county import OpenCounty
from api.actions.plan_file import has_claim, keep_claim
from api.actions.plan_measured import measured
from api.actions.plan_placed import place
from api.actions.plan_view import view_plan
from api.actions.posed import built_at
from api.memory import resident_mb
from gis.faults import Fault
from layers.matrices import content_key
from planning.scenario.build import Built
from planning.scenario.fit import misfits
from planning.scenario.identity import identity_of
from planning.scenario.question import PlanQuestion
from planning.siting import MODELS, Progress, Solution, verify
from planning.siting.limits import within_memory

_verify: Callable[..., list[Fault]] = verify  # only some models are checked with more than their problem
FINAL = ("optimal", "infeasible")
"""Status of plans that no further search would change."""


def make_plan(
    at_hand: OpenCounty,
    question: PlanQuestion,
    *,
    stop: Callable[[], bool] = lambda: False,
    report: Callable[[dict[str, Any]], None] = lambda _progress: None,
    show: Callable[[dict[str, Any]], None] = lambda _plan: None,
) -> dict[str, Any]:
    """Compute a plan, check its claim and describe it.

    Parameters
    ----------
    at_hand
    question
        With its defaults.
    stop
        Asked often; true ends the search with the best so far.
    report
        Told the incumbent, bound and gap.
    show
        Shown the plan as it is before its claim is checked, which takes seconds for a long search.

    Returns
    -------
    dict
        As the README's contract; an infeasible problem is a result with its reasons. ``claim_id`` names what
        :func:`api.actions.plan_file.plan_file` adds, so that anyone can check it. Where the question names the sites
        there is none: see :func:`api.actions.plan_placed.place`.

    Raises
    ------
    FaultsError
        If the question does not fit the county.
    RuntimeError
        If our own checker refuses the proof of our own solver.
    """
    unfit = misfits(question)
    if question.sites:
        placed = place(at_hand, built_at(at_hand, question, unfit), stop=stop, time_limit_s=question.time_limit_s)
        show(placed.plan)
        return placed.plan
    name = "" if unfit else plan_id(at_hand, question)  # what is unfit is refused with all else that is wrong
    known = _last(at_hand, name) if name else None
    if known is not None and known["status"] in FINAL:
        return known
    built = built_at(at_hand, question, unfit)
    solution = _solve(built, stop, report)
    made = view_plan(at_hand, built, solution, measured(at_hand, built, solution))
    show(made)
    faults = _verify(built.problem, solution, **built.sides)
    if faults:
        raise RuntimeError(f"the checker refuses the plan: {', '.join(fault.code for fault in faults)}")
    made["claim_id"] = keep_claim(at_hand, built.problem, solution, **built.sides)
    keep(at_hand.cache, "plan", name, made)
    return made


def last_plan(at_hand: OpenCounty, question: PlanQuestion) -> dict[str, Any] | None:
    """Return the last plan made for a question, proven or not, ``None`` if there is none that can be checked.

    A plan of named sites claims nothing and is made anew.
    """
    return None if question.sites else _last(at_hand, plan_id(at_hand, question))


def _last(at_hand: OpenCounty, name: str) -> dict[str, Any] | None:
    made = kept(at_hand.cache, "plan", name)
    if made is None or not has_claim(at_hand, made):
        return None
    unnamed: dict[str, Any] = {name: {} for name in ("tables", "tables_sha") if name not in made}
    return {**made, **unnamed}  # plans from before tables could be edited name none


def plan_id(at_hand: OpenCounty, question: PlanQuestion) -> str:
    """Return the name of a plan: the same county and question give the same name."""
    return content_key(PLANS, at_hand.county.version, json.dumps(identity_of(at_hand.tables, question), sort_keys=True))


def export_matrix(at_hand: OpenCounty, question: PlanQuestion, out: Path) -> None:
    """Write exactly the matrix and weights that a plan is computed from.

    Parameters
    ----------
    at_hand
    question
        With its defaults.
    out
        A ``.npz`` with ``values`` (n, m) int32 seconds, −1 unreachable, ``origin_ids``,
        ``destination_ids``, ``weights``.
    """
    problem = built_at(at_hand, question).problem
    with out.open("wb") as file:
        np.savez(
            file,
            values=np.where(problem.reachable, problem.values, -1).astype(np.int32),
            origin_ids=problem.demand_ids.astype(str),
            destination_ids=problem.candidate_ids.astype(str),
            weights=problem.weights,
        )


def _solve(
    built: Built,
    stop: Callable[[], bool],
    report: Callable[[dict[str, Any]], None],
) -> Solution:
    question = built.resolved.question
    model = MODELS[str(question.model)]

    def tell(progress: Progress) -> None:
        told = {"incumbent": progress.incumbent, "bound": progress.bound, "gap": progress.gap}
        report({**told, "objective_unit": model.objective_unit, "sense": model.sense})

    within = within_memory(stop, most_mb=question.memory_limit_mb, resident_mb=resident_mb)
    return model.solve(built.problem, **built.options, stop=within, report=tell, time_limit_s=question.time_limit_s)
