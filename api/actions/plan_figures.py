"""The figures of a plan that follow from problem and solution alone: what anyone can recompute."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.cost_matrix import UNREACHABLE
from planning.measures.flows import seconds_of
from planning.measures.loads import site_loads
from planning.measures.plan_measures import measure_plan
from planning.measures.travel_times import measures
from planning.siting import SitingProblem, Solution
from planning.siting.kolm_pollak_costs import equivalent_seconds
from planning.siting.models.hubs import spent_on_hubs
from planning.siting.solution import Tier
from planning.siting.spending import spent_yuan


def figures_of(
    problem: SitingProblem, solution: Solution, *, limit_s: int, children: NDArray[np.int64] | None = None
) -> dict[str, Any]:
    """Return the claim of a plan, who goes where, and what it means for people.

    Parameters
    ----------
    problem, solution
    limit_s
        Seconds that count as covered in the measures.
    children : (n,), optional
        As a plan of hubs was asked with.

    Returns
    -------
    dict
        ``status … reasons``, ``opened``, ``allocation``, ``measures``; ``equivalent`` for the equally
        distributed time, ``spent_yuan`` under a budget, ``shares`` where demand is divided, ``second`` for the
        upper of two tiers.
    """
    seconds = seconds_of(problem, solution.allocation)
    figures = {
        **_claim(solution),
        "opened": _ids(problem, solution.opened),
        "allocation": _allocation(problem, solution.allocation, seconds),
        "measures": measure_plan(problem, solution, limit_s=limit_s, children=children),
    }
    if "kappa_e12" in solution.options and solution.objective is not None:
        equivalent, rounding = _equivalent(problem, solution, solution.objective)
        least, _ = _equivalent(problem, solution, min(solution.objective, solution.bound or 0))
        figures["equivalent"] = {"seconds": equivalent, "rounding_s": rounding, "bound_seconds": least}
    if solution.options.keys() & {"budget_yuan", "hour_yuan"} and solution.objective is not None:
        figures["spent_yuan"] = (
            spent_on_hubs(problem, solution, children)
            if "rooms" in solution.options
            else spent_yuan(problem, solution.opened, solution.allocation)
        )
    if solution.shares is not None:
        figures["shares"] = [
            {"demand_id": str(problem.demand_ids[i]), "facility_id": str(problem.candidate_ids[j]), "load": load}
            for i, j, load in solution.shares.tolist()
        ]
    if solution.second is not None:
        figures["second"] = _tier(problem, solution.second)
    return figures


def sites_of(problem: SitingProblem, solution: Solution) -> list[dict[str, Any]]:
    """Return whom each opened site serves and how far they come, in the order of ``opened``.

    A demand point that is divided counts where its largest share goes; ``load`` is exact.
    """
    seconds, loads = seconds_of(problem, solution.allocation), site_loads(problem, solution)
    sites = []
    for k in solution.opened.tolist():
        rows = np.flatnonzero(solution.allocation == k)
        found = measures(problem.weights[rows], seconds[rows], limit_s=None)
        site: dict[str, Any] = {"people": found.people_total, "mean_s": found.mean_s, "worst_s": found.worst_s}
        if problem.capacity is not None:
            site |= {"load": int(loads[k]), "capacity": int(problem.capacity.capacities[k])}
        if problem.rules.stands[k]:
            site["stands"] = True
        if solution.second is not None:
            site["upper"] = k in solution.second.opened
        sites.append(site)
    return sites


def _equivalent(problem: SitingProblem, solution: Solution, total: int) -> tuple[float, float]:
    """Return the seconds that, equally distributed, are as bad as this total, and the most that rounding moves them."""
    options = solution.options
    return equivalent_seconds(
        total,
        max(1, int(problem.weights.sum())),
        kappa=options["kappa_e12"],
        scale_log2=options["scale_log2"],
    )


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


def _tier(problem: SitingProblem, tier: Tier) -> dict[str, Any]:
    seconds = seconds_of(problem, tier.allocation)
    return {
        "opened": _ids(problem, tier.opened),
        "allocation": _allocation(problem, tier.allocation, seconds),
        "measures": measures(problem.weights, seconds, limit_s=None).as_dict(),
    }


def _ids(problem: SitingProblem, sites: NDArray[np.int64]) -> list[str]:
    return [str(problem.candidate_ids[k]) for k in sites]


def _allocation(
    problem: SitingProblem, allocation: NDArray[np.int64], seconds: NDArray[np.int32]
) -> list[dict[str, Any]]:
    if not allocation.size:
        return []
    return [
        {
            "demand_id": str(demand),
            "facility_id": None if k < 0 else str(problem.candidate_ids[k]),
            "seconds": None if s >= UNREACHABLE else int(s),
        }
        for demand, k, s in zip(problem.demand_ids, allocation, seconds, strict=True)
    ]
