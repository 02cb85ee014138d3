"""Scheme 0 of a service: its facilities as they stand, everyone to the nearest; nothing is optimised."""

from __future__ import annotations

import numpy as np

from planning.scenario.placed import at_the_nearest
from planning.siting import SitingProblem, Solution

NO_SERVICE = "no-service"
"""What is said where nothing stands: there are no minutes to nothing."""


def as_it_stands(problem: SitingProblem) -> Solution:
    """Return the plan of today: every standing site open, everyone at the nearest that they reach.

    Parameters
    ----------
    problem
        Its rules say what stands. Whom a site has no room for is told by the measures, not sent elsewhere: people go
        where it is near.

    Returns
    -------
    Solution
        Without objective and proof: it answers no question of what is best. Nothing is opened where nothing stands.
    """
    return at_the_nearest(problem, np.flatnonzero(problem.rules.stands), model="today")
