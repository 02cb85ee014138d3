"""A plan from the question to the proof: layers and matrix in, model, checks, measures, answer."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from api.actions.open_county import OpenCounty
from api.actions.plan_question import PlanRequest, pose
from api.actions.plan_view import view_plan
from layers.matrices import content_key
from planning.siting import MODELS, Progress, SitingProblem, Solution, verify

_EDITION = "1"  # raised when the same question would get another answer


def make_plan(
    at_hand: OpenCounty,
    request: PlanRequest,
    *,
    stop: Callable[[], bool] = lambda: False,
    report: Callable[[dict[str, Any]], None] = lambda _progress: None,
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

    Returns
    -------
    dict
        As the README's contract; an infeasible problem is a result with its reasons.

    Raises
    ------
    FaultsError
        If the request does not fit the county.
    RuntimeError
        If our own checker refuses the proof of our own solver.
    """
    kept = at_hand.cache / f"plan-{plan_id(at_hand, request)}.json"
    if kept.exists():
        known: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
        return known
    posed = pose(at_hand, request)
    solution = _solve(posed.problem, request, stop, report)
    faults = verify(posed.problem, solution)
    if faults:
        raise RuntimeError(f"the checker refuses the plan: {', '.join(fault.code for fault in faults)}")
    made = view_plan(at_hand, request, posed, solution)
    if solution.status in ("optimal", "infeasible"):
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
    return made


def plan_id(at_hand: OpenCounty, request: PlanRequest) -> str:
    """Return the name of a plan: the same county and question give the same name."""
    question = dataclasses.asdict(dataclasses.replace(request, time_limit_s=0.0))
    return content_key(_EDITION, at_hand.county.version, json.dumps(question, sort_keys=True))


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
    posed = pose(at_hand, request)
    matrix = at_hand.times_to(posed.candidates, mode=str(request.mode))
    with out.open("wb") as file:
        np.savez(
            file,
            values=matrix.exported,
            origin_ids=matrix.origin_ids.astype(str),
            destination_ids=matrix.destination_ids.astype(str),
            weights=posed.problem.weights,
        )


def _solve(
    problem: SitingProblem,
    request: PlanRequest,
    stop: Callable[[], bool],
    report: Callable[[dict[str, Any]], None],
) -> Solution:
    model = MODELS[str(request.model)]

    def tell(progress: Progress) -> None:
        report({"incumbent": progress.incumbent, "bound": progress.bound, "gap": progress.gap})

    asked = {"p": request.p, "limit_s": request.limit_s}
    options = {name: asked[name] for name in model.needs}
    return model.solve(problem, **options, stop=stop, report=tell, time_limit_s=request.time_limit_s)
