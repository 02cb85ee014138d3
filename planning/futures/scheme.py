"""A scheme as futures see it: its sites, whom it counts, the roads there, and what it comes to in one future."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gis.cost_matrix import UNREACHABLE
from gis.snapping import Snapped
from planning.futures.draw import Future
from planning.futures.people import Counted
from planning.futures.travel import Travel
from planning.measures.inequality import gini
from planning.measures.served import count_served
from planning.measures.travel_times import measures
from planning.population import share_out
from planning.siting.capacity import Capacity
from planning.siting.problem import SitingProblem
from planning.siting.solution import Solution

WITHIN_SHARE = "within_limit_percent"
"""People within the limit of 100 counted: in futures with more people more of them are within it, which says little."""
FIGURES = (
    "people_total",
    WITHIN_SHARE,
    "people_within_limit",
    "served_people",
    "mean_s",
    "median_s",
    "p95_s",
    "worst_s",
    "unreachable_people",
    "gini",
)
"""What is told of a scheme in each future: measures of the catalogue, and the share within the limit."""


@dataclass(frozen=True, eq=False)
class FutureScheme:
    """A scheme whose futures are asked for.

    Parameters
    ----------
    key
        What it is called beside the others.
    problem, solution
        As the scheme is measured today. Everyone is where the plan sends them: to the nearest site in every future if
        that is the nearest today, else to the same site.
    counted
    travel
        The same object for schemes on the same roads.
    sites : Snapped
        The (k,) opened sites, in the order of ``solution.opened``.
    limit_s
        Seconds that count as covered.
    """

    key: str
    problem: SitingProblem
    solution: Solution
    counted: Counted
    travel: Travel
    sites: Snapped
    limit_s: int

    @cached_property
    def site_ids(self) -> NDArray[np.object_]:
        """(k,) ids of the opened sites."""
        return self.problem.candidate_ids[self.solution.opened].astype(str).astype(object)

    @cached_property
    def stands_at(self) -> NDArray[np.bool_]:
        """(n, k) whether a place is the very site: it is there in no time."""
        return np.asarray(self.travel.origin_ids.astype(str)[:, None] == self.site_ids.astype(str))

    @cached_property
    def slot(self) -> NDArray[np.int64]:
        """(n,) position among the opened sites of the one that each place is sent to today, −1 for none."""
        allocation = self.solution.allocation
        slot = np.searchsorted(self.solution.opened, allocation)
        return np.where(allocation < 0, -1, np.minimum(slot, len(self.solution.opened) - 1))

    @cached_property
    def goes_to_nearest(self) -> bool:
        """Whether the plan sends everybody to the nearest site."""
        sent = np.flatnonzero(self.slot >= 0)
        to = self.problem.values[:, self.solution.opened]
        return bool((to[sent, self.slot[sent]][:, None] <= to[sent]).all())

    @cached_property
    def way(self) -> NDArray[np.int64]:
        """(n,) position of the site that each place travels to, −1 for those that need not or cannot."""
        return np.where(self.stands_at.any(axis=1), -1, self.slot)

    def seconds(self, times: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return (n,) seconds of each place to its site.

        Parameters
        ----------
        times : (n, k) int32
            To each of the opened sites.
        """
        slot = self._slot_by(times)
        seconds = np.full(len(times), UNREACHABLE, np.int32)
        sent = np.flatnonzero(slot >= 0)
        seconds[sent] = times[sent, slot[sent]]
        return seconds

    def _slot_by(self, times: NDArray[np.int32]) -> NDArray[np.int64]:
        """(n,) position of the site that each place is sent to; of equally near ones today's."""
        if not self.goes_to_nearest or not len(self.site_ids):
            return self.slot
        nearest, least = times.argmin(axis=1), times.min(axis=1)
        own = np.flatnonzero(self.slot >= 0)
        stays = own[times[own, self.slot[own]] == least[own]]
        nearest[stays] = self.slot[stays]
        return np.where(least < UNREACHABLE, nearest, -1)

    def today(self) -> dict[str, float]:
        """Return the figures of the scheme as it tells them itself."""
        return self._figures(self.problem.values[:, self.solution.opened], self.problem.weights, 1.0)

    def in_future(self, future: Future, times: NDArray[np.int32], people: NDArray[np.int64]) -> dict[str, float]:
        """Return its figures in a future.

        Parameters
        ----------
        future
        times : (n, k) int32
            Seconds to each of the opened sites in that future.
        people : (n,) int64
            Counted in that future.

        Returns
        -------
        dict
            By the names of ``FIGURES``; NaN for a time of nobody, and for what the scheme does not tell.
        """
        return self._figures(times, people, future.capacity)

    def _figures(self, times: NDArray[np.int32], people: NDArray[np.int64], capacity: float) -> dict[str, float]:
        seconds = self.seconds(times)
        found: Mapping[str, float | None] = measures(people, seconds, limit_s=self.limit_s).as_dict()
        told = {**found, "gini": gini(people, seconds), "served_people": self._served(times, people, capacity)}
        within = told["people_within_limit"]
        told[WITHIN_SHARE] = 100 * (within or 0) / max(1, int(people.sum()))
        return {name: np.nan if told[name] is None else float(told[name] or 0) for name in FIGURES}

    def _served(self, times: NDArray[np.int32], people: NDArray[np.int64], factor: float) -> int | None:
        """Return who is served within the capacities; ``None`` where there are none, or places are divided."""
        capacity = self.problem.capacity
        if capacity is None or self.solution.shares is not None:
            return None
        opened = self.solution.opened
        room = scaled(capacity, self.problem.weights, people, factor, opened)
        here = replace(self.problem, values=times, weights=people, capacity=room)
        sent = replace(self.solution, opened=np.arange(len(opened)), allocation=self._slot_by(times))
        return count_served(here, sent, limit_s=self.limit_s).served_people


def scaled(
    capacity: Capacity,
    before: NDArray[np.int64],
    people: NDArray[np.int64],
    factor: float,
    sites: NDArray[np.int64] | None = None,
) -> Capacity:
    """Return what sites take in a future, and what each place needs there.

    Parameters
    ----------
    capacity
        Of today.
    before, people : (n,) int64
        Counted today and then: each of them needs as much as before.
    factor
        Times what a site takes.
    sites : (k,) int64, optional
        Only these; all if left out.
    """
    rows = np.arange(len(capacity.capacities)) if sites is None else sites
    most = np.rint(capacity.capacities[rows] * factor).astype(np.int64)
    everyone, loads = int(before.sum()), int(capacity.loads.sum())
    needed = (2 * int(people.sum()) * loads + everyone) // (2 * everyone) if everyone else 0
    return Capacity(
        most,
        share_out(people.astype(np.float64), needed),
        np.minimum(capacity.minimum_loads[rows], most),
        np.minimum(capacity.included[rows], most),
        capacity.extension_costs[rows],
    )
