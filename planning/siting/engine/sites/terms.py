"""The question of p sites in the terms of the kernels: people, lists, units and limits."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.sites.interchange import Moves, add_greedily, interchange
from planning.siting.engine.sites.lists import Lists, list_sites
from planning.siting.rules import Rules

EXCHANGES = 1000
"""Exchanges of a plan at most: it stops by itself where none helps; 100 or 10,000 take as long."""
_LARGEST = 2**61  # sums of costs and multipliers stay below it, well within 64 bits


class Demand(NamedTuple):
    """Who pays.

    Parameters
    ----------
    people : (n,) float64
    step_sizes : (n,) float64
        Natural step of each multiplier per person: 1 where distances are per person.
    unserved_cost : (n,) float64
        What to pay at most where some candidates are not allowed.
    """

    people: NDArray[np.float64]
    step_sizes: NDArray[np.float64]
    unserved_cost: NDArray[np.float64]


class Terms:
    """Who pays what where, ready for the kernels.

    Parameters
    ----------
    distances : (n, m) int
        What each person at demand point i pays at site j; negative where not allowed.
    weights : (n,) int64
        People, at least 1 everywhere.
    sites
        How many to open.
    rules
        Which sets of sites are allowed.
    step_sizes : (n,) float64
        Natural step of each multiplier per person: 1 where distances are per person.
    """

    def __init__(
        self,
        distances: NDArray[Any],
        weights: NDArray[np.int64],
        sites: int,
        rules: Rules,
        step_sizes: NDArray[np.float64],
    ) -> None:
        self.distances, self.weights, self.sites = distances, weights, sites
        self.rules, self.step_sizes = rules, step_sizes
        self.people = weights.astype(np.float64)
        self.moves = Moves.of(rules)
        farthest = distances.max(axis=1, initial=0).astype(np.int64)
        self.dearest = int((farthest.astype(object) * weights).sum())
        self.scale = self._choose_scale()
        # Leaving somebody out must cost more than any plan does, as far as whole numbers carry that.
        highest = _LARGEST / (self.scale * len(weights) * self.people)
        self.unserved_cost = np.floor(
            np.maximum(np.minimum((self.dearest + 1.0) / self.people + 1.0, highest), farthest)
        )
        self.everywhere = bool((distances >= 0).all())
        self.lists = list_sites(distances, sites, self.unserved_cost)
        self.demand = Demand(self.people, step_sizes, self.unserved_cost)

    def _choose_scale(self) -> int:
        """Return a power of two so fine that rounding loses less than a twentieth, if int64 holds it."""
        scale = 1
        while scale < 16 * len(self.weights) and 8 * scale * (self.dearest + 2) < _LARGEST:
            scale *= 2
        return scale

    def cost(self, opened: NDArray[np.int64]) -> int | None:
        """Return what a plan costs; ``None`` if it breaks a rule or leaves somebody out."""
        if len(opened) != self.sites or self.rules.broken_by(opened):
            return None
        nobody = np.iinfo(np.int64).max
        paid = self.distances[:, opened].astype(np.int64)
        paid[paid < 0] = nobody
        served = paid.min(axis=1)
        return None if served.max(initial=0) == nobody else int(served @ self.weights)

    def whole(self, prices: NDArray[np.float64], lists: Lists) -> NDArray[np.int64]:
        """(n,) multipliers in whole units of 1/scale, nowhere above what the lists leave out."""
        units = np.rint(np.minimum(prices, lists.multiplier_limit) * self.people * self.scale).astype(np.int64)
        return np.asarray(np.minimum(units, lists.multiplier_limit.astype(np.int64) * self.weights * self.scale))

    def first_prices(self) -> NDArray[np.float64]:
        """Let v_i be the distance of a site so near that one in p of all sites is as near."""
        rank = -(-self.distances.shape[1] // self.sites) - 1
        start, stop = self.lists.start[:-1], self.lists.start[1:]
        there = np.minimum(start + rank, stop - 1)
        return np.asarray(np.where(stop > start, self.lists.distance[there], 0.0))

    def add_greedily(self) -> NDArray[np.int64]:
        """Return a first plan; of fewer sites where the rules leave nothing to add."""
        return add_greedily(self.lists, self.people, self.lists.multiplier_limit, self.sites, self.moves)

    def improve(self, opened: NDArray[np.int64], lists: Lists) -> NDArray[np.int64]:
        """Exchange sites of a plan for others in `lists` while that helps."""
        return interchange(lists, self.people, lists.multiplier_limit, opened, self.moves, EXCHANGES)
