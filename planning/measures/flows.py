"""Who goes where in a plan, people and loads alike: divided places in parts, everyone else whole."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.cost_matrix import UNREACHABLE
from planning.siting.problem import SitingProblem
from planning.siting.solution import Solution


class Flows(NamedTuple):
    """People on their way; who is sent nowhere is in none.

    Parameters
    ----------
    demand, site : (f,) int64
        Demand point and candidate.
    people, load : (f,) int64
        How many go there, and what they need of the site's capacity.
    """

    demand: NDArray[np.int64]
    site: NDArray[np.int64]
    people: NDArray[np.int64]
    load: NDArray[np.int64]


def flows_of(problem: SitingProblem, solution: Solution) -> Flows:
    """Return who goes where.

    Parameters
    ----------
    problem, solution

    Notes
    -----
    The people of a divided place go as its load does, in whole numbers: each part is rounded down, and those left over
    go where the largest part goes. Without a capacity everybody's load is 0.
    """
    sent = np.flatnonzero(solution.allocation >= 0)
    loads = np.zeros(len(problem.weights), np.int64) if problem.capacity is None else problem.capacity.loads
    if solution.shares is None:
        return Flows(sent, solution.allocation[sent], problem.weights[sent], loads[sent])
    demand, site, part = solution.shares.T
    whole = np.setdiff1d(sent, demand)
    people = _people_of_parts(problem.weights, solution)
    return Flows(
        np.concatenate([demand, whole]),
        np.concatenate([site, solution.allocation[whole]]),
        np.concatenate([people, problem.weights[whole]]),
        np.concatenate([part, np.zeros(len(whole), np.int64)]),
    )


def _people_of_parts(weights: NDArray[np.int64], solution: Solution) -> NDArray[np.int64]:
    """(k,) people of each share."""
    shares: list[list[int]] = [] if solution.shares is None else solution.shares.tolist()
    total: dict[int, int] = {}
    largest: dict[int, tuple[int, int]] = {}
    for row, (demand, _, load) in enumerate(shares):
        total[demand] = total.get(demand, 0) + load
        largest[demand] = max(largest.get(demand, (-1, 0)), (load, -row))
    people = [int(weights[demand]) * load // max(1, total[demand]) for demand, _, load in shares]
    left = {demand: int(weights[demand]) for demand in total}
    for (demand, _, _), part in zip(shares, people, strict=True):
        left[demand] -= part
    for demand, (_, row) in largest.items():
        people[-row] += left[demand]
    return np.array(people, np.int64)


def seconds_of(problem: SitingProblem, allocation: NDArray[np.int64]) -> NDArray[np.int32]:
    """(n,) seconds of every demand point to its facility, unreachable where it has none.

    A divided place counts where its largest part goes.
    """
    seconds = np.full(len(problem.weights), UNREACHABLE, dtype=np.int32)
    served = np.flatnonzero(allocation >= 0)
    seconds[served] = problem.values[served, allocation[served]]
    return seconds
