"""What a plan costs, whatever its model: the figure that schemes are compared by."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from planning.measures.loads import site_loads
from planning.siting.models.hubs import spent_on_hubs
from planning.siting.problem import SitingProblem
from planning.siting.solution import Solution
from planning.siting.spending import spent_yuan


def yuan_of(problem: SitingProblem, solution: Solution, children: NDArray[np.int64] | None = None) -> int | None:
    """Return what a plan costs by the unit costs of its question, in yuan.

    Parameters
    ----------
    problem, solution
    children : (n,), optional
        As a plan of hubs was asked with.

    Returns
    -------
    int or None
        Opening what does not stand, closing what does, load beyond what is included as far as a site's capacity goes
        (nobody pays for room that is not built); of hubs with a price of floor area that area too. ``None`` for two
        tiers, of whose upper one the problem knows no costs, and for divided places, whose extensions no model prices.
    """
    if solution.second is not None or solution.shares is not None:
        return None
    if "rooms" in solution.options:
        return spent_on_hubs(problem, solution, children)
    return spent_yuan(problem, solution.opened, solution.allocation) - _without_room(problem, solution)


def _without_room(problem: SitingProblem, solution: Solution) -> int:
    """Return what extensions would cost for load that no capacity takes: of sites that stand or were named."""
    room = problem.capacity
    if room is None:
        return 0
    over = (site_loads(problem, solution) - np.maximum(room.capacities, room.included)).clip(min=0)
    return int((room.extension_costs * over)[solution.opened].sum())
