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
from api.actions.plan_fit import refuse_unfit
from api.actions.plan_identity import identity_of
from api.actions.plan_options import options_of, sides_of
from api.actions.plan_question import PlanRequest, pose
from api.actions.plan_view import view_plan
from api.memory import resident_mb
from gis.faults import Fault
from layers.matrices import content_key
from planning.siting import MODELS, Progress, SitingProblem, Solution, verify
from planning.siting.limits import within_memory

_verify: Callable[..., list[Fault]] = verify  # only some models are checked with more than their problem
FINAL = ("optimal", "infeasible")
"""Status of plans that no further search would change."""


def make_plan(
    at_hand: OpenCounty,
    request: PlanRequest,
    *,
    stop: Callable[[], bool] = lambda: False,
    report: Callable[[dict[str, Any]], None] = lambda _progress: None,
    show: Callable[[dict[str, Any]], None] = lambda _plan: None,
) -> dict[str, Any]:
    """Compute a plan, check its claim and describe it.

    Parameters
    ----------
    at_hand
    request
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
        :func:`api.actions.plan_file.plan_file` adds, so that anyone can check it.

    Raises
    ------
    FaultsError
        If the request does not fit the county.
    RuntimeError
        If our own checker refuses the proof of our own solver.
    """
    refuse_unfit(request)
    known = last_plan(at_hand, request)
    if known is not None and known["status"] in FINAL:
        return known
    posed = pose(at_hand, request)
    options = options_of(at_hand, request)
    solution = _solve(posed.problem, request, options, stop, report)
    made = view_plan(at_hand, request, posed, solution)
    show(made)
    sides = sides_of(options)
    faults = _verify(posed.problem, solution, **sides)
    if faults:
        raise RuntimeError(f"the checker refuses the plan: {', '.join(fault.code for fault in faults)}")
    made["claim_id"] = keep_claim(at_hand, posed.problem, solution, **sides)
    keep(at_hand.cache, "plan", plan_id(at_hand, request), made)
    return made


def last_plan(at_hand: OpenCounty, request: PlanRequest) -> dict[str, Any] | None:
    """Return the last plan made for a question, proven or not, ``None`` if there is none that can be checked."""
    made = kept(at_hand.cache, "plan", plan_id(at_hand, request))
    if made is None or not has_claim(at_hand, made):
        return None
    return {"tables": {}, "tables_sha": {}, **made}  # plans from before tables could be edited name none


def plan_id(at_hand: OpenCounty, request: PlanRequest) -> str:
    """Return the name of a plan: the same county and question give the same name."""
    return content_key(PLANS, at_hand.county.version, json.dumps(identity_of(at_hand.tables, request), sort_keys=True))


def export_matrix(at_hand: OpenCounty, request: PlanRequest, out: Path) -> None:
    """Write exactly the matrix and weights that a plan is computed from.

    Parameters
    ----------
    at_hand
    request
        With its defaults.
    out
        A ``.npz`` with ``values`` (n, m) int32 seconds, −1 unreachable, ``origin_ids``,
        ``destination_ids``, ``weights``.
    """
    problem = pose(at_hand, request).problem
    with out.open("wb") as file:
        np.savez(
            file,
            values=np.where(problem.reachable, problem.values, -1).astype(np.int32),
            origin_ids=problem.demand_ids.astype(str),
            destination_ids=problem.candidate_ids.astype(str),
            weights=problem.weights,
        )


def _solve(
    problem: SitingProblem,
    request: PlanRequest,
    options: dict[str, Any],
    stop: Callable[[], bool],
    report: Callable[[dict[str, Any]], None],
) -> Solution:
    model = MODELS[str(request.model)]

    def tell(progress: Progress) -> None:
        told = {"incumbent": progress.incumbent, "bound": progress.bound, "gap": progress.gap}
        report({**told, "objective_unit": model.objective_unit, "sense": model.sense})

    within = within_memory(stop, most_mb=request.memory_limit_mb, resident_mb=resident_mb)
    return model.solve(problem, **options, stop=within, report=tell, time_limit_s=request.time_limit_s)
