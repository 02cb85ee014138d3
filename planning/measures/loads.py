"""Load against capacity, site by site and in all."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from planning.measures.flows import flows_of
from planning.siting.problem import SitingProblem
from planning.siting.solution import Solution


@dataclass(frozen=True, slots=True)
class Loads:
    """What the opened sites of a plan carry and could carry.

    Parameters
    ----------
    load, capacity
        Of all opened sites, in the unit of the capacity: beds, people.
    fullest_percent
        Load of the fullest site per 100 of its capacity; sites without any capacity are left out, ``None`` if all are.
    sites_over_capacity
        How many sites carry more than their capacity.
    """

    load: int
    capacity: int
    fullest_percent: float | None
    sites_over_capacity: int

    def as_dict(self) -> dict[str, int | float | None]:
        """Return the figures by name."""
        return asdict(self)


def site_loads(problem: SitingProblem, solution: Solution) -> NDArray[np.int64]:
    """(m,) load that is sent to each candidate, 0 where nothing is."""
    flows, load = flows_of(problem, solution), np.zeros(problem.values.shape[1], np.int64)
    np.add.at(load, flows.site, flows.load)
    return load


def loads_of(problem: SitingProblem, solution: Solution) -> Loads | None:
    """Return load against capacity of all opened sites, ``None`` where nothing has a capacity."""
    if problem.capacity is None:
        return None
    load = site_loads(problem, solution)[solution.opened].tolist()
    capacity = problem.capacity.capacities[solution.opened].tolist()
    full = [100 * one / most for one, most in zip(load, capacity, strict=True) if most > 0]
    over = sum(one > most for one, most in zip(load, capacity, strict=True))
    return Loads(sum(load), sum(capacity), max(full, default=None), over)
