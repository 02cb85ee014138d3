"""A plan with loads, and whom it can send nearer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.linear.compact import CompactQuestion
from planning.siting.problem import SitingProblem


@dataclass(frozen=True, eq=False)
class CapacityPlan:
    """A plan with loads, and what is known about it.

    Parameters
    ----------
    opened : (k,) int64 or None
        ``None`` where no plan was found.
    allocation : (n,) int64
    objective, bound
        In the unit of the model.
    done
        Whether nothing is better; without a plan: that there is none.
    certificate
        What proves the bound, if anything but counting is needed.
    by_solver
        Whether HiGHS was believed.
    """

    opened: NDArray[np.int64] | None
    allocation: NDArray[np.int64]
    objective: int
    bound: int
    done: bool
    certificate: Any | None
    by_solver: bool


def send_nearer(
    problem: SitingProblem, asked: CompactQuestion, opened: NDArray[np.int64], allocation: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return an allocation in which nobody could be sent to a nearer site that has room.

    Places that need not be served and are sent nowhere are sent to a site if it has room.
    """
    capacity = problem.capacity
    if capacity is None or len(opened) == 0:
        return allocation
    may = asked.pairs(frozenset(asked.parts()))
    to, load = allocation.copy(), np.zeros(len(problem.candidate_ids), np.int64)
    np.add.at(load, to[to >= 0], capacity.loads[to >= 0])
    served = asked.served
    counted = np.zeros_like(load)
    np.add.at(counted, to[(to >= 0) & served], capacity.loads[(to >= 0) & served])
    moved = True
    while moved:
        moved = False
        for i in np.argsort(-capacity.loads, kind="stable").tolist():
            here, wants = int(to[i]), int(capacity.loads[i])
            if here < 0 and served[i]:
                continue
            if here >= 0 and wants and served[i] and counted[here] - wants < capacity.minimum_loads[here]:
                continue
            now = problem.values[i, here] if here >= 0 else np.iinfo(np.int32).max
            room = may[i, opened] & (load[opened] + wants <= capacity.capacities[opened])
            near = opened[room & (problem.values[i, opened] < now)]
            if len(near):
                best = int(near[np.argmin(problem.values[i, near])])
                load[best] += wants
                counted[best] += wants * served[i]
                if here >= 0:
                    load[here] -= wants
                    counted[here] -= wants * served[i]
                to[i], moved = best, True
    return to
