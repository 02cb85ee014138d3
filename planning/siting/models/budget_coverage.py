"""Maximal covering under a budget: most people within the limit for the money.

max Σ_i w_i z_i   subject to   z_i ≤ Σ_{j: t_ij ≤ L} y_j,   y, z binary,
    Σ_{j does not stand} open_j y_j + Σ_{j stands} close_j (1 − y_j) ≤ budget

(Church & ReVelle 1974; money as a constraint: ReVelle & Laporte 1996). Solved as :mod:`budget` with a
person within the limit L at cost 0 and anyone else at 1: the uncovered people are the cost; as :mod:`mclp`
where every site costs the same, so that only their number counts. With capacities
whoever finds no room within the limit is sent nowhere, unless a longest time asks for all to be sent somewhere.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planning.siting.engine.allocation import answer_by
from planning.siting.engine.capacity.within_budget import answer_within_budget
from planning.siting.engine.capped.budget_first import answer_for_nobody, find_affordable
from planning.siting.engine.capped.question import CappedQuestion
from planning.siting.engine.capped.search import CappedSearch
from planning.siting.engine.cover.p_sites import choose_covering_sites, fit_plan
from planning.siting.limits import Limits, Report, Stop, never, report_rest, silent
from planning.siting.models.registry import MODELS
from planning.siting.options import LARGEST_FIGURE, whole_number
from planning.siting.problem import SitingProblem
from planning.siting.solution import Solution


def budget_coverage(
    problem: SitingProblem,
    *,
    budget_yuan: int | None = None,
    limit_s: int | None = None,
    beside: Sequence[Solution] = (),
    stop: Stop = never,
    report: Report = silent,
    time_limit_s: float | None = None,
) -> Solution:
    """Open and close sites within a budget so that most people are within `limit_s` of one.

    Parameters
    ----------
    budget_yuan
        Whole yuan for opening sites that do not stand today, closing ones that do, and extensions.
    limit_s
        Seconds within which people count as covered.
    beside
        Answers to neighbouring questions of the same people, to begin from.
    stop, report, time_limit_s
        See :class:`~planning.siting.limits.Limits`; reaching a limit returns the best plan so far.

    Raises
    ------
    FaultsError
        When the budget or the limit is missing, not whole or out of range.
    """
    budget_yuan = whole_number("budget_yuan", budget_yuan, least=0, most=LARGEST_FIGURE)
    limit_s = whole_number("limit_s", limit_s, least=0)
    total = int(problem.weights.sum())
    limits = Limits(stop, report_rest(report, total), time_limit_s)
    options = {"budget_yuan": budget_yuan, "limit_s": limit_s}
    answer = MODELS["budget-coverage"].asked(options)
    question = _question(problem, budget_yuan, limit_s)
    if problem.capacity is not None:
        covered = np.where(problem.reachable & (problem.values <= limit_s), problem.weights[:, None], 0)
        return answer_within_budget(answer, problem, problem.capacity, question, covered, limits)
    if not problem.inhabited.any():
        return answer_for_nobody(problem, question, answer, limits)
    covers = problem.reachable[problem.inhabited] & (problem.values[problem.inhabited] <= limit_s)
    people = problem.weights[problem.inhabited]
    sites, seeds = _sites_for(problem, budget_yuan), [near.opened for near in beside]
    if sites is not None:
        choice = choose_covering_sites(covers, people, sites, rules=problem.rules, limits=limits, seeds=seeds)
        if not isinstance(choice, Solution):
            return answer_by(answer, problem, choice, limits, of=total)
    search = CappedSearch(question, people, limits)
    for opened in seeds:
        fitted = (fit_plan(covers, people, opened, k, problem.rules) for k in range(len(opened), 0, -1))
        search.update_incumbent(next((plan for plan in fitted if question.fits(plan)), opened))
    everyone = problem.max_time_s is not None
    choice = search.choose(answer, lambda: find_affordable(problem, question, answer, limits, everyone=everyone))
    return answer_by(answer, problem, choice, limits, of=total)


def _sites_for(problem: SitingProblem, budget_yuan: int) -> int | None:
    """Return how many sites the money opens where each costs the same and nothing stands; then only the number counts.

    ``None`` where that is not so, or another rule minds how many there are.
    """
    rules, free = problem.rules, ~problem.rules.barred
    each = np.unique(problem.opening_costs[free])
    minded = len(rules.townships) > 0 or len(rules.apart) > 0 or problem.max_time_s is not None
    if len(each) != 1 or each[0] < 1 or rules.stands.any() or minded:
        return None
    sites = min(budget_yuan // int(each[0]), int(free.sum()))
    return sites if sites >= max(1, int(rules.kept.sum())) else None


def _question(problem: SitingProblem, budget_yuan: int, limit_s: int) -> CappedQuestion:
    inhabited = problem.inhabited
    covered = problem.reachable[inhabited] & (problem.values[inhabited] <= limit_s)
    costs = np.where(covered, 0, problem.weights[inhabited][:, None])
    if problem.max_time_s is not None:
        costs = np.where(problem.allowed[inhabited], costs, -1)
    return CappedQuestion.of_all(problem, costs, budget_yuan=budget_yuan)
