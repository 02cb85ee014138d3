"""The frame of the searches behind the capacity switch: the best plan and bound so far, and levels asked in turn."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.cost_matrix import UNREACHABLE
from planning.siting.engine.capacity.coverage import LoadedCover
from planning.siting.engine.capacity.first import first_loaded_plan
from planning.siting.engine.capacity.levels import close_in
from planning.siting.engine.capacity.loaded_plan import CapacityPlan, send_nearer
from planning.siting.engine.linear.compact import CompactQuestion
from planning.siting.limits import Limits, Progress
from planning.siting.problem import SitingProblem
from planning.siting.proof.capacity_certificate import CapacityCertificate
from planning.siting.proof.cover_certificate import CoverCertificate

CoverAt = Callable[[int], tuple[NDArray[np.int64], NDArray[np.int64], int]]


class CapacitySearch(ABC):
    """Best plan and bound so far; costs are counted down: people with a minus.

    Parameters
    ----------
    problem
        With a capacity.
    p, limit_s
        As the model needs them.
    limits
    """

    sign = 1
    """By which a cost becomes the model's own figure."""
    counts_sites = False
    """Whether the sites are what a plan costs."""

    def __init__(self, problem: SitingProblem, p: int | None, limit_s: int | None, limits: Limits) -> None:
        self.problem, self.p, self.limit_s, self.limits = problem, p, limit_s, limits
        self.asked = self.ask()
        self.within = problem.values <= (problem.values.max() if limit_s is None else limit_s)
        self.opened: NDArray[np.int64] | None = None
        self.allocation = np.full(len(problem.weights), -1, np.int64)
        self.cost, self.done, self.by_solver = 0, False, False
        self.certificate: CoverCertificate | CapacityCertificate | None = None
        self.bound = self.first_bound()
        self.begin()
        self.search()

    @abstractmethod
    def ask(self) -> CompactQuestion:
        """Return what a plan must be; see the list of this module."""

    @abstractmethod
    def search(self) -> None:
        """Look for the best plan, and prove it."""

    def count(self, sent: NDArray[np.int64], to: NDArray[np.int64]) -> int:
        """Return what it costs to send demand points (k,) to sites (k,); for a model that does not count sites."""
        raise NotImplementedError

    def first_bound(self) -> int:
        """Return what no plan costs less than."""
        return 0

    def radii(self) -> NDArray[Any]:
        """Return the times, ascending, within which first plans are looked for."""
        return np.array([UNREACHABLE])

    def plan(self) -> CapacityPlan:
        """Return what was found."""
        bound = self.bound if self.opened is None else min(self.bound, self.cost)
        told = (self.sign * self.cost, self.sign * bound, self.done, self.certificate, self.by_solver)
        return CapacityPlan(self.opened, self.allocation, *told)

    def begin(self) -> None:
        """Look for a first plan the quick way; for the p-center within ever smaller times."""
        may = self.asked.pairs(frozenset(self.asked.parts()))
        must = self.asked.everyone or self.problem.max_time_s is not None
        times = self.radii()
        low, high = 0, len(times)
        while low < high and not self.limits.reached():
            middle = (low + high) // 2
            within = may & (self.problem.values <= times[middle])
            if self.look(within, must=must):
                high = middle
            else:
                low = middle + 1
        self.report()

    def look(self, may: NDArray[np.bool_], *, must: bool, around: Sequence[int] = ()) -> bool:
        """Look for a plan the quick way, around sites that few more may complete; tell whether there is one."""
        first = first_loaded_plan(self.asked, may, must=must, limits=self.limits, around=around)
        if first is not None:
            self.update_incumbent(*first)
        return first is not None

    def close_in(self, levels: NDArray[Any], cover_at: CoverAt, *, stepwise: bool) -> None:
        """Find the least of all costs that a plan can have, and the plan.

        Parameters
        ----------
        levels : (k,)
            These costs, ascending.
        cover_at
            What serving and leaving out costs at a level, and how many sites there are: nothing in a plan of that cost.
        """

        def ask(level: int, looks: int) -> tuple[int, int]:
            costs, left_out, sites = cover_at(int(levels[level]))
            limits = self.limits.spell(looks)
            cover = LoadedCover(self.problem, costs, left_out, sites=sites, limits=limits, below=1)
            if cover.plan is not None:
                self.update_incumbent(*cover.plan)
            elif cover.finished:
                self.certificate = cover.certificate()
                self.bound = int(np.append(levels, levels[-1] + 1)[level + 1])
            self.report()
            return where()

        def where() -> tuple[int, int]:
            low, high = np.searchsorted(levels, [self.bound, self.cost]).tolist()
            return (low, len(levels)) if self.opened is None else (min(low, high), high)

        self.done = len(set(close_in(*where(), ask, self.limits, stepwise=stepwise))) == 1

    def update_incumbent(self, opened: NDArray[np.int64], allocation: NDArray[np.int64]) -> None:
        """Send people nearer where there is room, recount the plan, and keep it if it is the best."""
        allocation = send_nearer(self.problem, self.asked, opened, allocation)
        sent = np.flatnonzero((allocation >= 0) & self.asked.served)
        cost = len(opened) if self.counts_sites else self.count(sent, allocation[sent])
        if self.opened is None or cost < self.cost:
            self.opened, self.allocation, self.cost = opened, allocation, cost

    def tell(self, cost: int | None, bound: int) -> None:
        """Note a bound, and report it."""
        self.bound = max(self.bound, bound)
        known = [one for one in (cost, None if self.opened is None else self.cost) if one is not None]
        self.report(min(known, default=None))

    def report(self, cost: int | None = None) -> None:
        """Report the best cost and the bound."""
        best = cost if cost is not None else None if self.opened is None else self.cost
        told = None if best is None else self.sign * best
        self.limits.report(Progress(told, self.sign * (self.bound if best is None else min(self.bound, best))))
