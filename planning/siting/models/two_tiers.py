"""Two tiers together: p service rooms, and q of them as centres as well.

min Σ_ij w_i t_ij x_ij + k Σ_ij e_i s_ij z_ij
subject to   Σ_j x_ij = 1,   x_ij ≤ y_j,   Σ_j y_j = p,
             Σ_j z_ij = 1,   z_ij ≤ c_j,   Σ_j c_j = q,   c_j ≤ y_j,   all binary

with w_i people at i and t_ij seconds to room j, e_i elders and s_ij seconds to centre j, and k the
weight of an elder's second. The nested hierarchical p-median: Narula 1984; Şahin & Süral 2007. Rooms
obey the rules of the one problem, centres those of the other; nobody travels beyond either limit.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gis.faults import Fault, FaultsError
from planning.siting.capacity import refuse_capacity
from planning.siting.engine.allocation import allocate_nearest
from planning.siting.engine.conflict.conflict import with_parts
from planning.siting.engine.tiers.exchange import Lists
from planning.siting.engine.tiers.rules import NestedRules
from planning.siting.engine.tiers.search import TierSearch
from planning.siting.limits import Limits, Report, Stop, never, silent
from planning.siting.models.registry import MODELS
from planning.siting.options import whole_number
from planning.siting.problem import SitingProblem
from planning.siting.solution import Reason, Solution, Tier

TREE_NODES = 2000
"""Nodes of the tree at most: each keeps a row of multipliers of both tiers, 14 kB on a county, 28 MB in all."""


def two_tiers(
    problem: SitingProblem,
    *,
    upper: SitingProblem | None = None,
    p: int | None = None,
    upper_p: int | None = None,
    upper_weight: int = 1,
    stop: Stop = never,
    report: Report = silent,
    time_limit_s: float | None = None,
) -> Solution:
    """Open p rooms and, among them, `upper_p` centres so that all travel together is least.

    Parameters
    ----------
    problem
        People to the candidates; its rules are those of the rooms.
    upper
        Elders to the same candidates, in the same order; its rules are those of the centres.
    p, upper_p
        Number of rooms, 1 to m, and of centres, 1 to p.
    upper_weight
        What a second of the upper tier counts in seconds of the lower.
    stop, report, time_limit_s
        See :class:`~planning.siting.limits.Limits`; reaching a limit returns the best plan so far.

    Returns
    -------
    Solution
        Rooms in ``opened`` and ``allocation``, centres in ``second``.

    Raises
    ------
    FaultsError
        When an option is missing or out of range, or the candidates of both tiers differ.
    """
    if upper is None:
        raise FaultsError([Fault("option-missing", field="upper")])
    if not np.array_equal(problem.candidate_ids.astype(str), upper.candidate_ids.astype(str)):
        raise FaultsError([Fault("tiers-differ", field="upper")])
    refuse_capacity(problem.capacity)
    p = whole_number("p", p, least=1, most=problem.values.shape[1])
    upper_p = whole_number("upper_p", upper_p, least=1, most=p)
    upper_weight = whole_number("upper_weight", upper_weight, least=1, most=10**6)
    limits = Limits(stop, report, time_limit_s)
    options = {"p": p, "upper_p": upper_p, "upper_weight": upper_weight}
    answer = MODELS["two-tiers"].asked(options)
    stranded = _stranded(problem, upper)
    if stranded is not None:
        return answer.because(stranded)
    rules = NestedRules(problem.rules, upper.rules, p, upper_p)
    tiers = [_costs(problem, 1), _costs(upper, upper_weight)]
    people = np.concatenate([tier.weights[tier.inhabited] for tier in (problem, upper)])
    search = TierSearch(Lists(tiers[0]), Lists(tiers[1]), people.astype(float), rules, limits)
    search.begin()
    certificate = search.run(nodes=TREE_NODES)
    if search.incumbent.plan is None and search.incumbent.proven:
        both = Reason("tiers-conflict", {"p": p, "upper_p": upper_p})
        return with_parts(answer.because(both, certificate=certificate), problem, limits.quiet(), p=p)
    if search.incumbent.plan is None:
        return answer.unfinished(limits.reason)
    opened, centres = search.incumbent.plan
    second = Tier(centres, allocate_nearest(upper, centres))
    return replace(answer, second=second).found(
        opened=opened,
        allocation=allocate_nearest(problem, opened),
        objective=search.incumbent.value,
        bound=search.incumbent.bound,
        proof="certificate" if search.incumbent.proven else None,
        certificate=certificate,
        solver="",
        limit=limits.reason,
    )


def _stranded(problem: SitingProblem, upper: SitingProblem) -> Reason | None:
    """Return who cannot be reached by any site that may open, of the first tier where that is so."""
    for tier, field in ((problem, "problem"), (upper, "upper")):
        reach = tier.allowed & ~(tier.rules.barred | problem.rules.barred)
        stranded = tier.demand_ids[tier.inhabited & ~reach.any(axis=1)].tolist()
        if stranded:
            return Reason("unreachable-demand", {"ids": stranded, "count": len(stranded), "tier": field})
    return None


def _costs(tier: SitingProblem, weight: int) -> NDArray[np.int64]:
    """(k, m) weighted person-seconds of every inhabited demand point; −1 where a site may not serve it."""
    seconds = tier.values[tier.inhabited].astype(np.int64)
    return np.where(tier.allowed[tier.inhabited], seconds * tier.weights[tier.inhabited][:, None] * weight, -1)
