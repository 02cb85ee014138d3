"""A problem with some of its candidates only: a small question where most sites are out of it anyway."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from planning.siting.capacity import Capacity
from planning.siting.problem import SitingProblem
from planning.siting.rules import Rules


def restrict(problem: SitingProblem, only: NDArray[np.int64]) -> SitingProblem:
    """Return the problem with the candidates `only` (k,), ascending; the others are as good as closed."""
    capacity = problem.capacity
    return replace(
        problem,
        values=problem.values[:, only],
        candidate_ids=problem.candidate_ids[only],
        rules=_restrict_rules(problem.rules, only),
        capacity=None if capacity is None else restrict_capacity(capacity, only),
        opening_costs=problem.opening_costs[only],
        closing_costs=problem.closing_costs[only],
    )


def restrict_capacity(capacity: Capacity, only: NDArray[np.int64]) -> Capacity:
    """Return what the sites `only` (k,) can take."""
    return replace(
        capacity,
        capacities=capacity.capacities[only],
        minimum_loads=capacity.minimum_loads[only],
        included=capacity.included[only],
        extension_costs=capacity.extension_costs[only],
    )


def _restrict_rules(rules: Rules, only: NDArray[np.int64]) -> Rules:
    place = np.full(len(rules.status), -1)
    place[only] = np.arange(len(only))
    apart = place[rules.apart]
    return replace(
        rules, status=rules.status[only], township=rules.township[only], apart=apart[(apart >= 0).all(axis=1)]
    )
