"""Location set covering (LSCP): fewest sites with everyone within the limit.

min Σ_j y_j   subject to   Σ_{j: t_ij ≤ L} y_j ≥ 1 for every i,   y binary

(Toregas, Swain, ReVelle & Bergman 1971), L being the limit, or the longest time allowed if that is
less. Every demand point counts, however few live there.
"""

from __future__ import annotations

import numpy as np

from planning.siting.engine.allocation import allocate_nearest
from planning.siting.engine.capacity.switch import FewestSites, answer_with_capacity
from planning.siting.engine.conflict.conflict import because_of_rules
from planning.siting.engine.cover.covering import smallest_cover
from planning.siting.limits import Limits, Report, Stop, never, silent
from planning.siting.models.registry import MODELS
from planning.siting.options import whole_number
from planning.siting.payments import Payments
from planning.siting.problem import SitingProblem
from planning.siting.solution import Reason, Solution


def lscp(
    problem: SitingProblem,
    *,
    limit_s: int | None = None,
    stop: Stop = never,
    report: Report = silent,
    time_limit_s: float | None = None,
) -> Solution:
    """Open the fewest candidates so that every demand point is within `limit_s` of one.

    Parameters
    ----------
    limit_s
        Seconds within which a demand point is covered.
    stop, report, time_limit_s
        See :class:`~planning.siting.limits.Limits`; reaching a limit returns the best plan so far.

    Returns
    -------
    Solution
        ``infeasible`` when no candidate covers some demand point, and the reason lists them, or when
        the rules leave no cover.

    Raises
    ------
    FaultsError
        When the limit is missing, not whole or negative.
    """
    limit_s = whole_number("limit_s", limit_s, least=0)
    limits = Limits(stop, report, time_limit_s)
    answer = MODELS["lscp"].asked({"limit_s": limit_s})
    if problem.capacity is not None:
        return answer_with_capacity(FewestSites, answer, problem, limits)
    covers = problem.allowed & (problem.values <= limit_s)
    served = (covers & ~problem.rules.barred).any(axis=1)
    if not served.all():
        ids = problem.demand_ids[~served].tolist()
        return answer.because(Reason("uncovered-demand", {"ids": ids, "count": len(ids), "limit_s": limit_s}))
    cover = smallest_cover(covers, limits, problem.rules)
    if cover.impossible:
        return because_of_rules(answer, problem, limit_s=limit_s, everyone=True, every_place=True, limits=limits)
    if len(cover.opened) == 0:
        return answer.unfinished(limits.reason)
    return answer.found(
        opened=cover.opened,
        allocation=allocate_nearest(problem, cover.opened),
        objective=len(cover.opened),
        bound=cover.bound,
        proof=("solver" if cover.by_solver else "certificate") if cover.bound == len(cover.opened) else None,
        certificate=cover.certificate,
        solver=cover.solver,
        limit=limits.reason,
    )


def payments(problem: SitingProblem, solution: Solution) -> Payments:
    """Nobody pays anything within the limit, and everybody has to be."""
    within = problem.allowed & (problem.values <= solution.options["limit_s"])
    return Payments(np.where(within, 0, -1).astype(np.int32), everyone=True)
