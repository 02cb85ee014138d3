"""Covering with loads: those whom no site takes go to a last site of their own, which has room for all.

Whoever goes there is left out, and costs what leaving him out costs, so that a cover with capacities is a question of
:mod:`planning.siting.engine.capacity.search`: p sites and the last one.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.capacity.case import CapacityCase
from planning.siting.engine.capacity.search import CapacitySearch
from planning.siting.limits import Limits
from planning.siting.problem import SitingProblem
from planning.siting.proof.capacity_certificate import CapacityCertificate
from planning.siting.rules import NO_TOWNSHIP, STATUSES

Ints = NDArray[np.int64]


def covering_case(
    problem: SitingProblem, costs: Ints, left_out: Ints, sites: int, *, room: Ints | None = None
) -> CapacityCase:
    """Return the question of a cover, about those whom leaving out is not for nothing; the last site takes the rest.

    Parameters
    ----------
    problem, costs, left_out, sites
        As in :class:`LoadedCover`.
    room : (m,) int64, optional
        What each site takes at most, instead of its capacity.
    """
    capacity, rules = problem.capacity, problem.rules
    if capacity is None:
        raise ValueError("a loaded cover needs capacities")
    total, who = int(capacity.loads.sum()), np.flatnonzero(left_out)
    return CapacityCase(
        np.column_stack([costs, left_out])[who],
        capacity.loads[who],
        np.append(np.minimum(capacity.capacities if room is None else room, total), total),
        np.append(np.minimum(capacity.minimum_loads, total + 1), 0),
        replace(
            rules,
            status=np.append(rules.status, np.int8(STATUSES.index("existing"))),
            township=np.append(rules.township, NO_TOWNSHIP),
        ),
        sites=sites + 1,
        whole=True,
    )


class LoadedCover:
    """A cover with loads, searched.

    Parameters
    ----------
    problem
        With a capacity.
    costs : (n, m) int64
        What sending each demand point to each site costs; negative where it may not be sent.
    left_out : (n,) int64
        What leaving it out costs; negative where it may not be left out, 0 where it does not count.
    sites
        How many to open.
    limits
    below
        Only plans that cost less are looked for.
    """

    def __init__(
        self,
        problem: SitingProblem,
        costs: Ints,
        left_out: Ints,
        *,
        sites: int,
        limits: Limits,
        below: int | None = None,
    ) -> None:
        self._who = np.flatnonzero(left_out)
        self._n, self._last = costs.shape
        self._search = CapacitySearch(covering_case(problem, costs, left_out, sites), limits, below=below)
        self._search.run()
        self.finished: bool = self._search.best.proven
        """Whether nothing costs less than :attr:`bound`."""
        self.bound: int = self._search.best.bound

    @property
    def plan(self) -> tuple[Ints, Ints] | None:
        """Sites (p,) and allocation (n,), −1 for whoever is left out."""
        plan = self._search.best.plan
        if plan is None:
            return None
        goes = np.full(self._n, -1)
        goes[self._who] = plan.opened[plan.goes]
        return plan.opened[:-1], np.where(goes == self._last, -1, goes)

    def certificate(self) -> CapacityCertificate | None:
        """Return the proof of the bound, if there is one."""
        return self._search.certificate()
