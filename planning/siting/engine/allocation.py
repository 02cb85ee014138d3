"""Who goes where: always to the nearest opened site."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from planning.siting.problem import SitingProblem


def allocate_nearest(problem: SitingProblem, opened: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the nearest opened candidate of every demand point, −1 where none can be reached.

    Parameters
    ----------
    opened : (k,) int64
        Positions of the opened candidates, ascending; of equally near ones the first is taken.
    """
    if len(opened) == 0:
        return np.full(len(problem.weights), -1, np.int64)
    nearest = opened[np.argmin(problem.values[:, opened], axis=1)]
    return np.where(problem.reachable[:, opened].any(axis=1), nearest, -1)
