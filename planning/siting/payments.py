"""What each person pays at each site, under models in which everyone goes to the nearest."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.siting.problem import SitingProblem


class Payments(NamedTuple):
    """What each person pays at each candidate: (n, m) whole units, negative where it may not serve.

    `worst`: the dearest person is the objective, not the sum. `everyone`: also demand points where
    nobody lives must be served, and the number of sites is the objective.
    """

    each: NDArray[Any]
    worst: bool = False
    everyone: bool = False

    @property
    def is_sum(self) -> bool:
        """Whether the objective is what all people pay together."""
        return not self.worst and not self.everyone


def nearness(problem: SitingProblem, usable: NDArray[np.bool_]) -> NDArray[np.int32]:
    """(n, m) seconds, −1 where a site may not serve."""
    return np.where(usable, problem.values, np.int32(-1))
