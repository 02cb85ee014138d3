"""Parts of the plans that the search for sites of limited capacity looks at, one after the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.capacity.sites import DecidedSites, KnapsackResult
from planning.siting.engine.tree import Incumbent
from planning.siting.limits import Limits


class Prices(NamedTuple):
    """Multipliers with what follows from them in whole numbers.

    Parameters
    ----------
    multipliers : (n,) int64
    lambdas : (m,) int64
    rho : (m,) int64
    """

    multipliers: NDArray[np.int64]
    lambdas: NDArray[np.int64]
    rho: NDArray[np.int64]

    @property
    def total(self) -> int:
        """Sum of the multipliers."""
        return int(self.multipliers.sum())


class Open(NamedTuple):
    """Some of the plans, their sites in doubt.

    Parameters
    ----------
    state : (m,) int8
    climbed : (n,) float64
        Multipliers to start from.
    prices
        Known multipliers, if any.
    at_root
        Whether nothing was branched on yet.
    bound
    """

    state: NDArray[np.int8]
    climbed: NDArray[np.float64]
    prices: Prices | None = None
    at_root: bool = False
    bound: int = 0


class Decided(NamedTuple):
    """Some of the plans that open the same sites.

    Parameters
    ----------
    sites
    pairs : (k, p) bool
        Who may go where, of those who have a choice.
    lambdas : (p,) float64
        Tolls to start from.
    fresh
        Whether nobody was sent anywhere yet.
    bound
    prices : (n,) int64, optional
        Multipliers of knapsacks to start from.
    knapsacks
        What exact knapsacks said of it, where that is still to be written down.
    """

    sites: DecidedSites
    pairs: NDArray[np.bool_]
    lambdas: NDArray[np.float64]
    fresh: bool = False
    bound: int = 0
    prices: NDArray[np.int64] | None = None
    knapsacks: KnapsackResult | None = None

    def narrowed(self, pairs: NDArray[np.bool_]) -> Decided:
        """Return the part with fewer pairs, without those who have no choice any more, if they are many."""
        sites, left = self.sites.fix(pairs)
        return self._replace(sites=sites, pairs=left, fresh=False, knapsacks=None)


class Plan(NamedTuple):
    """A plan: its cost, its sites (p,), and the load of everyone at each of them (n, p), or the site (n,)."""

    cost: int
    opened: NDArray[np.int64]
    goes: NDArray[np.int64]


class Best(Incumbent[Plan]):
    """The best plan so far.

    Parameters
    ----------
    value, limits
    on_plan
        Told every plan that comes along, better or not.
    """

    def __init__(self, value: int, limits: Limits, on_plan: Callable[[Plan], None] | None = None) -> None:
        super().__init__(value, limits)
        self._on_plan = on_plan

    def update_incumbent(self, plan: Plan) -> None:
        """Keep a plan if it is better."""
        if self._on_plan is not None:
            self._on_plan(plan)
        self.update(plan.cost, plan)
