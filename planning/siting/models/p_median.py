"""The p-median: p sites, least total travel.

min Σ_i Σ_j w_i t_ij x_ij   subject to   Σ_j x_ij = 1,   x_ij ≤ y_j,   Σ_j y_j = p,   y binary

with w_i people at i and t_ij seconds to j (Hakimi 1964; ReVelle & Swain 1970). x_ij exists only where
there is a way. Places where nobody lives constrain nothing; they are allocated if they can be.
"""

from __future__ import annotations

import numpy as np

from planning.siting.engine.allocation import allocate_nearest
from planning.siting.engine.covering import smallest_cover
from planning.siting.engine.p_sites import choose_sites
from planning.siting.limits import Limits, Report, Stop, never, silent
from planning.siting.options import whole_number
from planning.siting.problem import SitingProblem
from planning.siting.solution import Reason, Solution

TREE_NODES = 3000


def p_median(
    problem: SitingProblem,
    *,
    p: int | None = None,
    stop: Stop = never,
    report: Report = silent,
    time_limit_s: float | None = None,
) -> Solution:
    """Open p candidates so that all people together travel least, each to the nearest one.

    Parameters
    ----------
    p
        Number of sites, 1 to m.
    stop, report, time_limit_s
        See :class:`~planning.siting.limits.Limits`; reaching a limit returns the best plan so far.

    Returns
    -------
    Solution
        ``infeasible`` when somebody reaches no candidate, or p sites cannot reach everyone.

    Raises
    ------
    FaultsError
        When p is missing, not whole, or not within 1 to m.
    """
    p = whole_number("p", p, least=1, most=problem.values.shape[1])
    limits = Limits(stop, report, time_limit_s)
    answer = Solution("p-median", {"p": p}, "infeasible", "min", "person-seconds")
    inhabited = problem.weights > 0
    reach = problem.reachable[inhabited]
    if not reach.any(axis=1).all():
        stranded = problem.demand_ids[inhabited & ~problem.reachable.any(axis=1)]
        return answer.because(Reason("unreachable-demand", {"ids": stranded.tolist(), "count": len(stranded)}))
    seed = None
    if not reach.all():
        cover = smallest_cover(reach, Limits(limits.reached))  # its progress is in sites: not ours
        if cover.bound > p:
            told = Reason("too-few-sites", {"p": p, "needed": cover.bound})
            return answer.because(told, certificate=cover.certificate, by_solver=cover.by_solver, solver=cover.solver)
        if len(cover.opened) > p:
            return answer.unfinished(limits.reason)
        spare = np.setdiff1d(np.arange(reach.shape[1]), cover.opened)[: p - len(cover.opened)]
        seed = np.sort(np.append(cover.opened, spare))
    people = problem.weights[inhabited]
    costs = np.where(reach, problem.values[inhabited] * people[:, None], -1)
    choice = choose_sites(costs, p, grain=people.astype(float), limits=limits, nodes=TREE_NODES, seed=seed)
    return answer.found(
        opened=choice.opened,
        allocation=allocate_nearest(problem, choice.opened),
        objective=choice.cost,
        bound=choice.bound,
        proof=choice.proof,
        certificate=choice.certificate,
        solver=choice.solver,
        limit=limits.reason,
    )
