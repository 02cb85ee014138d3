"""Maximal covering (MCLP): p sites, most people within the limit.

max Σ_i w_i z_i   subject to   z_i ≤ Σ_{j: t_ij ≤ L} y_j,   Σ_j y_j = p,   y, z binary

(Church & ReVelle 1974). Solved as a p-median in which a person within the limit L costs 0 and anyone
else 1: the uncovered people are the cost. What climbing leaves open goes on as a cover in which people may
be left out at that cost. People are counted, not places. A longest time for everyone, if the problem has
one, binds beside the limit that counts as covered.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planning.siting.engine.allocation import answer_by
from planning.siting.engine.capacity.switch import MostPeople, answer_with_capacity
from planning.siting.engine.cover.p_sites import choose_covering_sites
from planning.siting.engine.first_plan import find_first_plan
from planning.siting.engine.sites.p_sites import Found, choose_sites
from planning.siting.limits import Limits, Report, Stop, never, report_rest, silent
from planning.siting.models.registry import MODELS
from planning.siting.options import whole_number
from planning.siting.payments import Payments
from planning.siting.problem import SitingProblem
from planning.siting.solution import Solution


def mclp(
    problem: SitingProblem,
    *,
    p: int | None = None,
    limit_s: int | None = None,
    beside: Sequence[Solution] = (),
    stop: Stop = never,
    report: Report = silent,
    time_limit_s: float | None = None,
) -> Solution:
    """Open p candidates so that most people are within `limit_s` of one.

    Everyone who can reach an opened site is allocated to the nearest, also beyond the limit.

    Parameters
    ----------
    p
        Number of sites, 1 to m.
    limit_s
        Seconds within which people count as covered.
    beside
        Answers to neighbouring questions of the same people, to begin from.
    stop, report, time_limit_s
        See :class:`~planning.siting.limits.Limits`; reaching a limit returns the best plan so far.

    Raises
    ------
    FaultsError
        When p or the limit is missing, not whole or out of range.
    """
    p = whole_number("p", p, least=1, most=problem.values.shape[1])
    limit_s = whole_number("limit_s", limit_s, least=0)
    total = int(problem.weights.sum())
    limits = Limits(stop, report_rest(report, total), time_limit_s)
    answer = MODELS["mclp"].asked({"p": p, "limit_s": limit_s})
    if problem.capacity is not None:
        return answer_with_capacity(MostPeople, answer, problem, Limits(stop, report, time_limit_s))
    within = problem.reachable & (problem.values <= limit_s)
    inhabited = problem.inhabited
    within, people = within[inhabited], problem.weights[inhabited]

    def first() -> Found:
        return find_first_plan(problem, p, answer, limits, everyone=problem.max_time_s is not None)

    if problem.max_time_s is None:
        seeds = [near.opened for near in beside]
        choice = choose_covering_sites(within, people, p, rules=problem.rules, limits=limits, seeds=seeds, first=first)
    else:
        asked = np.where(problem.allowed[inhabited], np.where(within, 0, 1), -1).astype(np.int8)
        choice = choose_sites(asked, people, p, rules=problem.rules, limits=limits, first=first)
    return answer_by(answer, problem, choice, limits, of=total)


def payments(problem: SitingProblem, solution: Solution) -> Payments:
    """Whoever is not covered pays 1."""
    within = problem.reachable & (problem.values <= solution.options["limit_s"])
    barred = np.zeros_like(within) if problem.max_time_s is None else ~problem.allowed
    return Payments(np.where(barred, -1, np.where(within, 0, 1)).astype(np.int32))
