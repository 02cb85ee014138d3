"""Siting under a budget: as many sites as the money allows, least total travel.

min Σ_i Σ_j w_i t_ij x_ij   subject to   Σ_j x_ij = 1,   x_ij ≤ y_j,   y binary,
    Σ_{j does not stand} open_j y_j + Σ_{j stands} close_j (1 − y_j) ≤ budget

(fixed charges: Balinski 1965; money as a constraint: ReVelle & Laporte 1996). ``existing`` sites stay,
``closable`` ones may close at their price. With capacities everyone goes to one site that has the room, and
load beyond what is included in a site is paid for: see :mod:`planning.siting.engine.capacity.within_budget`.
"""

from __future__ import annotations

import numpy as np

from planning.siting.engine.allocation import answer_by
from planning.siting.engine.capacity.within_budget import answer_within_budget
from planning.siting.engine.capped.budget_first import answer_for_nobody, find_affordable
from planning.siting.engine.capped.question import CappedQuestion
from planning.siting.engine.capped.search import CappedSearch
from planning.siting.limits import Limits, Report, Stop, never, silent
from planning.siting.models.registry import MODELS
from planning.siting.options import LARGEST_FIGURE, whole_number
from planning.siting.problem import SitingProblem
from planning.siting.solution import Solution


def budget(
    problem: SitingProblem,
    *,
    budget_yuan: int | None = None,
    p: int | None = None,
    stop: Stop = never,
    report: Report = silent,
    time_limit_s: float | None = None,
) -> Solution:
    """Open and close sites within a budget so that all people together travel least.

    Parameters
    ----------
    budget_yuan
        Whole yuan for opening sites that do not stand today, closing ones that do, and extensions.
    p
        Exact number of sites; left out, any number.
    stop, report, time_limit_s
        See :class:`~planning.siting.limits.Limits`; reaching a limit returns the best plan so far.

    Returns
    -------
    Solution
        In person-seconds; options hold ``budget_yuan`` and, if asked, ``p``. ``infeasible`` when somebody
        reaches no candidate or ``short`` yuan are missing.

    Raises
    ------
    FaultsError
        When the budget or p is missing, not whole or out of range.
    """
    budget_yuan = whole_number("budget_yuan", budget_yuan, least=0, most=LARGEST_FIGURE)
    options = {"budget_yuan": budget_yuan}
    if p is not None:
        p = options["p"] = whole_number("p", p, least=1, most=problem.values.shape[1])
    limits = Limits(stop, report, time_limit_s)
    answer = MODELS["budget"].asked(options)
    question = _question(problem, budget_yuan, p)
    if problem.capacity is not None:
        costs = np.where(problem.allowed, problem.values, 0) * problem.weights[:, None]
        return answer_within_budget(answer, problem, problem.capacity, question, costs, limits)
    if not problem.inhabited.any():
        return answer_for_nobody(problem, question, answer, limits)
    search = CappedSearch(question, problem.weights[problem.inhabited], limits)
    choice = search.choose(answer, lambda: find_affordable(problem, question, answer, limits))
    return answer_by(answer, problem, choice, limits)


def _question(problem: SitingProblem, budget_yuan: int, p: int | None) -> CappedQuestion:
    inhabited = problem.inhabited
    paid = problem.values[inhabited].astype(np.int64) * problem.weights[inhabited][:, None]
    costs = np.where(problem.allowed[inhabited], paid, -1)
    return CappedQuestion.of_all(problem, costs, sites=p, budget_yuan=budget_yuan)
