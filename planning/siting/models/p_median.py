"""The p-median: p sites, least total travel.

min Σ_i Σ_j w_i t_ij x_ij   subject to   Σ_j x_ij = 1,   x_ij ≤ y_j,   Σ_j y_j = p,   y binary

with w_i people at i and t_ij seconds to j (Hakimi 1964; ReVelle & Swain 1970). x_ij exists only where
there is a way within the longest time allowed; y obeys the rules of the problem. Places where nobody
lives constrain nothing; they are allocated if they can be.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.allocation import answer_by
from planning.siting.engine.first_plan import find_first_plan
from planning.siting.engine.sites.lagrangian import ADAPTING, QUICK
from planning.siting.engine.sites.p_sites import choose_sites
from planning.siting.limits import Limits, Report, Stop, never, silent
from planning.siting.models.capacitated import capacitated
from planning.siting.models.registry import MODELS
from planning.siting.options import whole_number
from planning.siting.payments import Payments, nearness
from planning.siting.problem import SitingProblem
from planning.siting.proof.certificate import ONWARD, Certificate
from planning.siting.solution import Solution


def p_median(
    problem: SitingProblem,
    *,
    p: int | None = None,
    beside: Sequence[Solution] = (),
    stop: Stop = never,
    report: Report = silent,
    time_limit_s: float | None = None,
) -> Solution:
    """Open p candidates so that all people together travel least, each to the nearest one.

    Parameters
    ----------
    p
        Number of sites, 1 to m.
    beside
        Answers to neighbouring questions of the same people, to begin from; the first one's multipliers too.
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
    if problem.capacity is not None:
        return capacitated(problem, p=p, stop=stop, report=report, time_limit_s=time_limit_s)
    limits = Limits(stop, report, time_limit_s)
    answer = MODELS["p-median"].asked({"p": p})
    inhabited = problem.inhabited
    reach = problem.allowed[inhabited]
    choice = choose_sites(
        problem.values if reach.all() and inhabited.all() else np.where(reach, problem.values[inhabited], -1),
        problem.weights[inhabited],
        p,
        rules=problem.rules,
        limits=limits,
        seeds=tuple(answer.opened for answer in beside),
        prices=_prices_of(beside[0], problem.weights[inhabited]) if beside else None,
        first=lambda: find_first_plan(problem, p, answer, limits),
        settings=QUICK if reach.all() else ADAPTING,
    )
    return answer_by(answer, problem, choice, limits)


def _prices_of(answer: Solution, people: NDArray[np.int64]) -> NDArray[np.float64] | None:
    """Return the multipliers per person at the root of an answer's proof, the last it went on with."""
    proof = answer.certificate
    if not isinstance(proof, Certificate) or proof.multipliers.shape[1] != len(people):
        return None
    row = proof.multipliers[max(0, int(np.argmax(proof.branch != ONWARD)) - 1)]
    return np.asarray(row / (people * float(proof.scale)))


def payments(problem: SitingProblem, _solution: Solution) -> Payments:
    """Everybody pays the seconds to the nearest site."""
    return Payments(nearness(problem, problem.allowed))
