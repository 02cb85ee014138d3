"""Allocations with loads, checked: for every model whose problem carries capacities."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gis.faults import Fault
from planning.siting.problem import SitingProblem
from planning.siting.proof.longest import longest_time
from planning.siting.solution import Solution


def load_faults(
    problem: SitingProblem, solution: Solution, *, limit_s: int | None = None, everyone: bool, every_place: bool = False
) -> Iterator[Fault]:
    """Yield faults of who is sent where, in a plan where every place goes to one site.

    Parameters
    ----------
    problem
        With a capacity.
    limit_s
        Nobody is sent further; the longest time of the problem holds in any case.
    everyone
        Whether all who count are sent somewhere.
    every_place
        Whether places where nobody lives count too; else they fill no minimum load.
    """
    allocation, capacity = solution.allocation, problem.capacity
    if allocation.shape != problem.weights.shape or capacity is None:
        yield Fault("allocation-shape", field="allocation", value=str(allocation.shape))
        return
    longest = longest_time(problem, limit_s)
    counts = np.full(len(allocation), every_place) | (problem.weights > 0)
    load = dict.fromkeys(solution.opened.tolist(), 0)
    counted = dict(load)
    for i, site in enumerate(allocation.tolist()):
        if site == -1:
            if counts[i] and (everyone or problem.max_time_s is not None):
                yield Fault("somebody-unserved", field="allocation", value=str(problem.demand_ids[i]))
        elif site not in load or int(problem.values[i, site]) > longest:
            yield Fault("allocation-not-allowed", field="allocation", value=str(problem.demand_ids[i]))
        else:
            load[site] += int(capacity.loads[i])
            counted[site] += int(capacity.loads[i]) * bool(counts[i])
    for site, total in load.items():
        if total > int(capacity.capacities[site]):
            yield Fault("site-overfull", field="allocation", value=str(problem.candidate_ids[site]))
        if counted[site] < int(capacity.minimum_loads[site]):
            yield Fault("site-underused", field="allocation", value=str(problem.candidate_ids[site]))
