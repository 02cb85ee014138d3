"""What a plan costs, in yuan."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from planning.siting.problem import SitingProblem


def spent_yuan(problem: SitingProblem, opened: NDArray[np.int64], allocation: NDArray[np.int64] | None = None) -> int:
    """Return what a plan costs: opening what does not stand, closing what does, load beyond what is included.

    Parameters
    ----------
    problem
    opened : (k,) int64
        Positions of the opened candidates.
    allocation : (n,) int64, optional
        Site of each demand point, −1 where it has none; counts where sites have a capacity. Left out, nothing is
        extended.

    Returns
    -------
    int
        Yuan.
    """
    stands = problem.rules.stands
    closed = stands.copy()
    closed[opened] = False
    yuan = int(problem.opening_costs[opened][~stands[opened]].sum()) + int(problem.closing_costs[closed].sum())
    capacity = problem.capacity
    if capacity is None or allocation is None:
        return yuan
    sent = allocation >= 0
    load = np.zeros(len(stands), np.int64)
    np.add.at(load, allocation[sent], capacity.loads[sent])
    beyond = capacity.extension_costs * (load - capacity.included).clip(min=0)
    return yuan + int(beyond[opened].sum())
