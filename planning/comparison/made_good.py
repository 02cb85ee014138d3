"""The fewest sites to add to a scheme so that nobody takes much longer than in another one, with proof.

A set cover: whoever loses more than is allowed needs one more site near enough,

min Σ_j y_j   subject to   Σ_{j: t_ij ≤ b_i + T} y_j ≥ 1 for every i that loses more than T,   y binary

with t the seconds under the later scheme, b those of the earlier one and T what anybody may lose.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis.cost_matrix import UNREACHABLE
from planning.siting.limits import Stop, never
from planning.siting.models.lscp import lscp
from planning.siting.problem import SitingProblem
from planning.siting.proof.verify import verify
from planning.siting.solution import Solution


@dataclass(frozen=True, eq=False)
class MadeGood:
    """What it takes that nobody loses more than is allowed.

    Parameters
    ----------
    losing : (k,) int64
        Rows of the places that lose more than that, before anything is added.
    beyond_help : (c,) int64
        Those of them that no candidate is near enough to; nothing is claimed for them.
    added : (a,) int64
        Rows of the candidates to add, ascending.
    cover
        The set cover of the others and its answer, which the checker has accepted; ``None`` where nothing is left to
        cover.
    """

    losing: NDArray[np.int64]
    beyond_help: NDArray[np.int64]
    added: NDArray[np.int64]
    cover: tuple[SitingProblem, Solution] | None


def make_good(
    problem: SitingProblem,
    opened: NDArray[np.int64],
    *,
    before_s: NDArray[np.int32],
    after_s: NDArray[np.int32],
    most_more_s: int,
    stop: Stop = never,
    time_limit_s: float | None = None,
) -> MadeGood:
    """Find the fewest sites to add to a scheme.

    Parameters
    ----------
    problem
        Of the later scheme: its minutes and its candidates. Of its rules only that a site is excluded counts, and
        what sites take is not counted of those that are added.
    opened : (k,) int64
        Its sites.
    before_s, after_s : (n,) int32
        Seconds of the earlier and of the later scheme, ``UNREACHABLE`` where nobody serves a place; whom the earlier
        one does not serve cannot lose.
    most_more_s
        What anybody may lose.
    stop, time_limit_s
        See :class:`~planning.siting.limits.Limits`.

    Raises
    ------
    RuntimeError
        If our own checker refuses the proof of our own solver.
    """
    served = (before_s < UNREACHABLE) & problem.inhabited
    most_s = before_s.astype(np.int64) + most_more_s
    losing = np.flatnonzero(served & ((after_s >= UNREACHABLE) | (after_s > most_s)))
    free = ~problem.rules.barred
    free[opened] = False
    sites = np.flatnonzero(free)
    times = problem.values[np.ix_(losing, sites)]
    near = (times <= most_s[losing, None]) & (times < UNREACHABLE)
    helped = near.any(axis=1)
    if not helped.any():
        return MadeGood(losing, losing, np.empty(0, np.int64), None)
    cover = _cover(problem, losing[helped], sites, near[helped])
    solution = lscp(cover, limit_s=0, stop=stop, time_limit_s=time_limit_s)
    faults = verify(cover, solution)
    if faults:
        raise RuntimeError(f"the checker refuses the cover: {', '.join(fault.code for fault in faults)}")
    return MadeGood(losing, losing[~helped], sites[solution.opened], (cover, solution))


def _cover(
    problem: SitingProblem, places: NDArray[np.int64], sites: NDArray[np.int64], near: NDArray[np.bool_]
) -> SitingProblem:
    """Return a problem in which a site is no time away where it is near enough, and out of reach elsewhere."""
    return SitingProblem.from_arrays(
        np.where(near, 0, -1).astype(np.int32),
        problem.weights[places],
        demand_ids=problem.demand_ids[places],
        candidate_ids=problem.candidate_ids[sites],
    )
