"""The second nearest site: where people go when the nearest is full, closed or cut off."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gis.cost_matrix import UNREACHABLE
from planning.siting.problem import SitingProblem


def second_nearest_s(problem: SitingProblem, opened: NDArray[np.int64]) -> NDArray[np.int32]:
    """(n,) seconds to the second nearest of the opened sites, ``UNREACHABLE`` where no second one can be reached.

    Parameters
    ----------
    problem
    opened : (k,) int64
        Positions of the opened candidates; the nearest of all counts as the first, whoever is sent elsewhere.
    """
    if len(opened) < 2:
        return np.full(len(problem.weights), UNREACHABLE, np.int32)
    return np.asarray(np.partition(problem.values[:, opened], 1, axis=1)[:, 1], np.int32)
