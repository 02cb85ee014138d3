"""Facility location: what sites cost and what the way to them is worth, in one sum of yuan.

min Σ_{j does not stand} open_j y_j + Σ_{j stands} close_j (1 − y_j) + Σ_j extension_j e_j + Σ_i Σ_j c_ij x_ij
subject to   Σ_j x_ij = 1,   x_ij ≤ y_j,   y and x binary,   e_j ≥ Σ_i load_i x_ij − included_j y_j,   e_j ≥ 0

(Balinski 1965; Erlenkotter 1978; with capacities and a single source Holmberg, Rönnqvist & Yuan 1999). c_ij is the
travel of all w_i people of i to j in whole yuan, w_i · t_ij · trips · hour_yuan / 3600 rounded half up: whoever asks
says what an hour is worth and how many ways each person goes while the money for the sites is meant to last.

Without capacities the proof is a tree of multipliers. With them the same question without loads bounds it, and HiGHS
solves the rest on its word if that is not too large: see :mod:`planning.siting.engine.capacity.within_budget`.
"""

from __future__ import annotations

from math import gcd

import numpy as np
from numpy.typing import NDArray

from gis.faults import Fault, FaultsError
from planning.siting.engine.allocation import answer_by
from planning.siting.engine.capacity.within_budget import answer_within_budget
from planning.siting.engine.capped.budget_first import find_affordable
from planning.siting.engine.capped.question import CappedQuestion
from planning.siting.engine.capped.search import CappedSearch
from planning.siting.limits import Limits, Report, Stop, never, silent
from planning.siting.models.registry import MODELS
from planning.siting.options import whole_number
from planning.siting.problem import LARGEST_OBJECTIVE, SitingProblem
from planning.siting.solution import Solution
from planning.siting.value_of_time import HOUR_YUAN, MOST_HOUR_YUAN, MOST_TRIPS, TRIPS


def facility_location(
    problem: SitingProblem,
    *,
    hour_yuan: int = HOUR_YUAN,
    trips: int = TRIPS,
    p: int | None = None,
    stop: Stop = never,
    report: Report = silent,
    time_limit_s: float | None = None,
) -> Solution:
    """Open and close sites so that these and the travel of all people together cost fewest yuan.

    Parameters
    ----------
    hour_yuan
        Whole yuan that an hour of one person's way is worth, 1 to 10,000.
    trips
        Ways that each person goes while the money for the sites is meant to last, 1 to 1,000,000.
    p
        Exact number of sites; left out, any number.
    stop, report, time_limit_s
        See :class:`~planning.siting.limits.Limits`; reaching a limit returns the best plan so far.

    Returns
    -------
    Solution
        In whole yuan; options hold ``hour_yuan``, ``trips`` and, if asked, ``p``. ``infeasible`` when somebody
        reaches no candidate or the rules leave no plan.

    Raises
    ------
    FaultsError
        When an option is not whole or out of range, or travel could cost 2⁵³ yuan.
    """
    options = {
        "hour_yuan": whole_number("hour_yuan", hour_yuan, least=1, most=MOST_HOUR_YUAN),
        "trips": whole_number("trips", trips, least=1, most=MOST_TRIPS),
    }
    if p is not None:
        p = options["p"] = whole_number("p", p, least=1, most=problem.values.shape[1])
    limits = Limits(stop, report, time_limit_s)
    answer = MODELS["facility-location"].asked(options)
    yuan = travel_yuan(problem, hour_yuan=options["hour_yuan"], trips=options["trips"])
    question = _question(problem, yuan, p)
    if problem.capacity is not None:
        return answer_within_budget(answer, problem, problem.capacity, question, yuan, limits)
    search = CappedSearch(question, _step_sizes(problem), limits)
    choice = search.choose(answer, lambda: find_affordable(problem, question, answer, limits))
    return answer_by(answer, problem, choice, limits)


def travel_yuan(problem: SitingProblem, *, hour_yuan: int, trips: int) -> NDArray[np.int64]:
    """(n, m) whole yuan that the people of each demand point pay for the way to each site; 0 where it is not allowed.

    Raises
    ------
    FaultsError
        ``objective-too-large``.
    """
    seconds = np.where(problem.allowed, problem.values, 0).astype(np.int64)
    rate, per = hour_yuan * trips, 3600
    shared = gcd(rate, per)
    rate, per = rate // shared, per // shared
    farthest = zip(problem.weights.tolist(), seconds.max(axis=1).tolist(), strict=True)
    worst = sum(w * t for w, t in farthest) * rate
    # the second: twice the largest product below has to stay within 64 bits
    if worst >= LARGEST_OBJECTIVE * per or worst >= 2**61:
        raise FaultsError([Fault("objective-too-large", field="hour_yuan", value=str(worst // per))])
    return np.asarray((2 * problem.weights[:, None] * seconds * rate + per) // (2 * per))


def _question(problem: SitingProblem, yuan: NDArray[np.int64], p: int | None) -> CappedQuestion:
    """Count closing a site as a saving of leaving it open; one more demand point, anywhere, pays closing all of them.

    That demand point also asks for one site at least.
    """
    travel = np.where(problem.allowed, yuan, -1)[problem.inhabited]
    closing = int(problem.closing_costs[problem.rules.stands].sum())
    costs = np.concatenate([travel, np.full((1, travel.shape[1]), closing, np.int64)])
    return CappedQuestion.of_all(problem, costs, sites=p, charged=True)


def _step_sizes(problem: SitingProblem) -> NDArray[np.int64]:
    """(k,) people of each demand point of the question."""
    return np.append(problem.weights[problem.inhabited], 1)
