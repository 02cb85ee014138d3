"""Worst township: p sites, the township that travels longest on average travels least.

min z   subject to   Σ_{i∈T} w_i Σ_j t_ij x_ij ≤ z Σ_{i∈T} w_i for every township T,
                     Σ_j x_ij = 1,   x_ij ≤ y_j,   Σ_j y_j = p,   y binary

(the centre problem of Hakimi 1964 on group means; equity across zones: Marsh & Schilling 1994).
Everyone goes to the nearest site; townships where nobody lives have no mean. z is counted in whole
milliseconds, rounded up.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gis.faults import Fault, FaultsError
from planning.siting.capacity import refuse_capacity
from planning.siting.engine.allocation import answer_by
from planning.siting.engine.capped.question import CappedQuestion
from planning.siting.engine.capped.search import CappedSearch
from planning.siting.engine.first_plan import find_first_plan
from planning.siting.limits import Limits, Report, Stop, never, silent
from planning.siting.models.registry import MODELS
from planning.siting.options import whole_number
from planning.siting.problem import SitingProblem
from planning.siting.solution import Solution


def worst_township(
    problem: SitingProblem,
    *,
    p: int | None = None,
    stop: Stop = never,
    report: Report = silent,
    time_limit_s: float | None = None,
) -> Solution:
    """Open p candidates so that the largest mean travel time of a township is least.

    Parameters
    ----------
    p
        Number of sites, 1 to m.
    stop, report, time_limit_s
        See :class:`~planning.siting.limits.Limits`; reaching a limit returns the best plan so far.

    Returns
    -------
    Solution
        Objective and bound in milliseconds. ``infeasible`` as the p-median.

    Raises
    ------
    FaultsError
        When p is missing or out of range, or no demand point has a township.
    """
    refuse_capacity(problem.capacity)
    p = whole_number("p", p, least=1, most=problem.values.shape[1])
    if not (problem.demand_townships.astype(str) != "").any():
        raise FaultsError([Fault("townships-missing", field="demand_townships")])
    limits = Limits(stop, report, time_limit_s)
    answer = MODELS["worst-township"].asked({"p": p})
    question = _question(problem, p)
    search = CappedSearch(question, problem.weights[problem.inhabited], limits, _zones(problem, question))
    choice = search.choose(answer, lambda: find_first_plan(problem, p, answer, limits))
    return answer_by(answer, problem, choice, limits)


def _question(problem: SitingProblem, p: int) -> CappedQuestion:
    inhabited = problem.inhabited
    people = problem.weights[inhabited]
    _, groups = np.unique(problem.demand_townships[inhabited].astype(str), return_inverse=True)
    shares = np.zeros(int(groups.max(initial=-1)) + 1, np.int64)
    np.add.at(shares, groups, people)
    values = problem.values[inhabited].astype(np.int64)
    return CappedQuestion(
        costs=np.where(problem.allowed[inhabited], values * people[:, None], -1),
        groups=groups.astype(np.int64),
        shares=shares,
        per=1000,
        rules=problem.rules,
        sites=p,
        site_costs=np.zeros(values.shape[1], np.int64),
        budget=None,
    )


def _zones(problem: SitingProblem, question: CappedQuestion) -> NDArray[np.int64]:
    """(m,) township of the inhabited demand nearest to each candidate."""
    if len(question.costs) == 0:
        return np.zeros(question.costs.shape[1], np.int64)
    return np.asarray(question.groups[np.argmin(problem.values[problem.inhabited], axis=0)])
