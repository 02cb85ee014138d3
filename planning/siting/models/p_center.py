"""The p-center: p sites, the worst-off place as near as can be.

min r   subject to   Σ_{j: t_ij ≤ r} y_j ≥ 1 for every inhabited i,   Σ_j y_j = p,   y binary

(Hakimi 1964). The best r is one of the travel times t_ij, and for a given r this is a covering problem
(Minieka 1970); its linear relaxation bounds r closely (Elloumi, Labbé & Pochet 2004). Halving the times
ends with a plan at r and a proof that p sites cannot cover everyone within any smaller time. Places
where nobody lives constrain nothing; they are allocated if they can be.
"""

from __future__ import annotations

import numpy as np

from gis.cost_matrix import UNREACHABLE
from planning.siting.engine.allocation import allocate_nearest
from planning.siting.engine.capacity.switch import LeastRadius, answer_with_capacity
from planning.siting.engine.conflict.conflict import because_of_rules, with_parts
from planning.siting.engine.conflict.few_sites import too_few_sites
from planning.siting.engine.cover.choice import Question
from planning.siting.engine.cover.covering import smallest_cover
from planning.siting.engine.cover.radius import smallest_radius
from planning.siting.limits import Limits, Report, Stop, never, silent
from planning.siting.models.registry import MODELS
from planning.siting.options import whole_number
from planning.siting.payments import Payments, nearness
from planning.siting.problem import SitingProblem
from planning.siting.solution import Reason, Solution


def p_center(
    problem: SitingProblem,
    *,
    p: int | None = None,
    stop: Stop = never,
    report: Report = silent,
    time_limit_s: float | None = None,
) -> Solution:
    """Open p candidates so that the longest way of anybody to the nearest one is shortest.

    Parameters
    ----------
    p
        Number of sites, 1 to m, kept ones included.
    stop, report, time_limit_s
        See :class:`~planning.siting.limits.Limits`; reaching a limit returns the best plan so far.

    Returns
    -------
    Solution
        ``infeasible`` when somebody reaches no candidate, p sites cannot reach everyone, or the rules
        leave no plan.

    Raises
    ------
    FaultsError
        When p is missing, not whole, or not within 1 to m.
    """
    p = whole_number("p", p, least=1, most=problem.values.shape[1])
    limits = Limits(stop, report, time_limit_s)
    answer = MODELS["p-center"].asked({"p": p})
    if problem.capacity is not None:
        return answer_with_capacity(LeastRadius, answer, problem, limits)
    inhabited = problem.inhabited
    served = np.asarray((problem.allowed & ~problem.rules.barred).any(axis=1))
    if not served[inhabited].all():
        ids = problem.demand_ids[inhabited & ~served].tolist()
        return answer.because(Reason("unreachable-demand", {"ids": ids, "count": len(ids)}))
    question = Question(p, exactly=True, rules=problem.rules)
    most = UNREACHABLE - 1 if problem.max_time_s is None else min(problem.max_time_s, UNREACHABLE - 1)
    found = smallest_radius(problem.values[inhabited], most, question, limits)
    if found.impossible:
        return _refuse(problem, p, answer, limits)
    if found.opened is None:
        return answer.unfinished(limits.reason)
    return answer.found(
        opened=found.opened,
        allocation=allocate_nearest(problem, found.opened),
        objective=found.seconds,
        bound=found.bound,
        proof="certificate" if found.bound == found.seconds else None,
        certificate=found.certificate,
        solver="",
        limit=limits.reason,
    )


def _refuse(problem: SitingProblem, p: int, answer: Solution, limits: Limits) -> Solution:
    """Say why p sites cannot reach everyone."""
    cover = smallest_cover(problem.allowed[problem.inhabited], limits.quiet(), problem.rules)
    if limits.reason is not None and cover.bound <= p:
        return answer.unfinished(limits.reason)
    if cover.impossible or cover.bound <= p:
        return because_of_rules(answer, problem, p=p, everyone=True, limits=limits)
    refusal = too_few_sites(
        answer,
        problem,
        p=p,
        needed=cover.bound,
        certificate=cover.certificate,
        by_solver=cover.by_solver,
        solver=cover.solver,
    )
    return refusal if problem.rules.plain else with_parts(refusal, problem, limits.quiet(), p=p)


def payments(problem: SitingProblem, _solution: Solution) -> Payments:
    """Everybody pays the seconds to the nearest site, and the farthest counts."""
    return Payments(nearness(problem, problem.allowed), worst=True)
