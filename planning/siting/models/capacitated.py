"""The capacitated p-median: p sites, each takes only so much and needs so much; least total travel.

min Σ_i Σ_j c_ij x_ij   subject to   Σ_j x_ij = 1,   x_ij ≤ y_j,   Σ_j y_j = p,
                                    L_j y_j ≤ Σ_i q_i x_ij ≤ Q_j y_j,   y binary

with q_i the load of demand point i, Q_j and L_j the most and least load of site j, and x_ij only where
there is a way within the longest time allowed (Mulvey & Beck 1984; Klincewicz & Luss 1986). Everyone with
people or with a load has to be served.

Single source (x binary): c_ij = w_i t_ij person-seconds for w_i people and t_ij seconds. The nearest site
may be full, so the plan says who goes where. Split (0 ≤ x ≤ 1): every unit of load pays t_ij, c_ij = q_i t_ij,
and the people w_i play no part beyond having to be served; shares are whole units of load, which costs
nothing because the transport problem that is left has whole corners.

Places with neither people nor load constrain nothing; they go to the nearest opened site.

The proof is a tree of multipliers; where few demand points fill a site and the tree does not end, HiGHS chooses among
columns on its word (:mod:`planning.siting.engine.capacity.columns`).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.allocation import allocate_nearest
from planning.siting.engine.capacity.case import CapacityCase
from planning.siting.engine.capacity.parts import Plan
from planning.siting.engine.capacity.search import CapacitySearch
from planning.siting.engine.conflict.conflict import with_parts
from planning.siting.engine.solver import describe
from planning.siting.limits import Limits, Report, Stop, never, silent
from planning.siting.models.registry import MODELS
from planning.siting.options import whole_number
from planning.siting.problem import SitingProblem
from planning.siting.solution import Reason, Solution


def capacitated(
    problem: SitingProblem,
    *,
    p: int | None = None,
    split: bool = False,
    stop: Stop = never,
    report: Report = silent,
    time_limit_s: float | None = None,
) -> Solution:
    """Open p candidates within their capacities so that all together travel least.

    Parameters
    ----------
    problem
        Without a capacity, the loads are the people and nothing binds.
    p
        Number of sites, 1 to m.
    split
        Whether the load of one demand point may be divided over several sites.
    stop, report, time_limit_s
        See :class:`~planning.siting.limits.Limits`; reaching a limit returns the best plan so far.

    Returns
    -------
    Solution
        With `split`, ``shares`` says who goes where, and ``allocation`` holds the largest share.

    Raises
    ------
    FaultsError
        When p is missing, not whole, or not within 1 to m.
    """
    p = whole_number("p", p, least=1, most=problem.values.shape[1])
    limits = Limits(stop, report, time_limit_s)
    loads, room, least = _loads(problem)
    answer = MODELS["capacitated"].asked({"p": p, "split": int(split)})
    if split and (loads != problem.weights).any():
        answer = replace(answer, objective_unit="load-seconds")
    needy = (problem.weights > 0) | (loads > 0)
    reason = _plain_reason(problem, needy, loads, room, p=p, split=split)
    if reason is not None:
        return answer.because(reason)
    paid = loads if split else problem.weights
    costs = np.where(problem.allowed, problem.values.astype(np.int64) * paid[:, None], -1)[needy]
    case = CapacityCase(costs, loads[needy], room, least, problem.rules, sites=p, whole=not split)
    search = CapacitySearch(case, limits)
    search.run(on_its_word=True)
    if search.best.plan is not None:
        return _told(answer, problem, needy, search, search.best.plan)
    if not search.best.proven:
        return answer.unfinished(limits.reason)
    refusal = answer.because(Reason("rules-contradict", {}), certificate=search.certificate())
    told = bool((needy == problem.inhabited).all())  # the parts speak of those who live there
    return with_parts(refusal, problem, limits.quiet(), p=p, divided=split) if told else refusal


def _told(
    answer: Solution,
    problem: SitingProblem,
    needy: NDArray[np.bool_],
    search: CapacitySearch,
    plan: Plan,
) -> Solution:
    """Return the answer with the best plan: what the certificate does not prove is on the word of HiGHS, if it says."""
    best = search.best
    on_its_word = search.on_its_word if search.on_its_word > best.bound else 0
    allocation, shares = _who_goes_where(problem, needy, _loads(problem)[0], plan, split=bool(answer.options["split"]))
    return replace(answer, shares=shares).found(
        opened=plan.opened,
        allocation=allocation,
        objective=best.value,
        bound=min(best.value, max(best.bound, on_its_word)),
        proof="certificate" if best.proven else "solver" if on_its_word >= best.value else None,
        certificate=search.certificate(),
        solver=describe() if on_its_word else "",
        limit=search.limits.reason,
    )


def _loads(problem: SitingProblem) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return loads (n,), most and least load (m,); no more than all load counts as room."""
    if problem.capacity is None:
        m, total = problem.values.shape[1], int(problem.weights.sum())
        return problem.weights, np.full(m, total, np.int64), np.zeros(m, np.int64)
    capacity = problem.capacity
    total = int(capacity.loads.sum())
    return capacity.loads, np.minimum(capacity.capacities, total), np.minimum(capacity.minimum_loads, total + 1)


def _plain_reason(
    problem: SitingProblem,
    needy: NDArray[np.bool_],
    loads: NDArray[np.int64],
    room: NDArray[np.int64],
    *,
    p: int,
    split: bool,
) -> Reason | None:
    """Return a reason why there is no plan that needs no proof."""
    reach = problem.allowed & ~problem.rules.barred
    stranded = problem.demand_ids[needy & ~reach.any(axis=1)].tolist()
    if stranded:
        return Reason("unreachable-demand", {"ids": stranded, "count": len(stranded)})
    largest = np.where(reach, room, 0).max(axis=1)
    if not split and (loads > largest).any():
        heavy = problem.demand_ids[loads > largest].tolist()
        return Reason("load-too-large", {"ids": heavy, "count": len(heavy)})
    kept, barred = problem.rules.kept, problem.rules.barred
    others = np.sort(room[~kept & ~barred])[::-1]
    short = int(loads.sum()) - int(room[kept].sum()) - int(others[: max(0, p - int(kept.sum()))].sum())
    return Reason("capacity-short", {"short": short, "p": p}) if short > 0 else None


def _who_goes_where(
    problem: SitingProblem, needy: NDArray[np.bool_], loads: NDArray[np.int64], plan: Plan, *, split: bool
) -> tuple[NDArray[np.int64], NDArray[np.int64] | None]:
    """Return allocation (n,) and, for divided loads, shares (k, 3)."""
    allocation = allocate_nearest(problem, plan.opened)
    who = np.flatnonzero(needy)
    if not split:
        allocation[who] = plan.opened[plan.goes]
        return allocation, None
    row, site = np.nonzero(plan.goes)
    shares = np.column_stack([who[row], plan.opened[site], plan.goes[row, site]]).astype(np.int64)
    loaded = loads[who] > 0
    allocation[who[loaded]] = plan.opened[np.argmax(plan.goes[loaded], axis=1)]
    return allocation, shares


def warm_capacitated() -> None:
    """Compile every kernel of the model once."""
    seconds = np.array([[3, 9, 7], [4, 4, 1], [9, 2, 6], [5, 6, 8]])
    problem = SitingProblem.from_arrays(seconds, [4, 5, 6, 7], capacities=[13, 12, 14], minimum_loads=[1, 1, 1])
    for split in (False, True):
        capacitated(problem, p=2, split=split)
