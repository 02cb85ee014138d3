"""Sites of limited capacity as the kernels read them, and what follows without any multipliers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.domain import begin, crowded, separate
from planning.siting.engine.sites.selection import Quota, fix_sites
from planning.siting.proof.certificate import CLOSED, OPENED
from planning.siting.rules import Rules

_FINEST, _LARGEST = 2**10, 2**61  # a thousandth of a person-second is finer than any gap; sums stay within 64 bits


class CapacityCase:
    """The question in arrays.

    Parameters
    ----------
    costs : (n, m) int64
        Cost of serving each demand point from each candidate; negative where not allowed.
    loads : (n,) int64
    room, least : (m,) int64
        Most and least load of an opened site; `room` is never above the load of all.
    rules
    sites
        How many to open.
    whole
        Whether every demand point is served by one site.
    """

    def __init__(
        self,
        costs: NDArray[np.int64],
        loads: NDArray[np.int64],
        room: NDArray[np.int64],
        least: NDArray[np.int64],
        rules: Rules,
        *,
        sites: int,
        whole: bool,
    ) -> None:
        self.costs, self.loads, self.room, self.least = costs, loads, room, least
        self.rules, self.sites, self.whole = rules, sites, whole
        self.pairs = costs >= 0
        """(n, m) who may go where at all."""
        if whole:
            self.pairs = self.pairs & (loads[:, None] <= room)
        self.total = int(loads.sum())
        """Load of all."""
        self.dearest = int(costs.max(axis=1, initial=0).sum())
        """Cost that no plan exceeds."""
        self.by_site = np.where(self.pairs, costs, np.inf).T.copy()
        """(m, n) costs, ``inf`` where not allowed."""
        self.quota = Quota.of(rules)
        self.scale = _FINEST
        """Unit of whole multipliers: as fine as 64 bits allow."""
        while self.scale > 1 and self.scale * (self.dearest + 1) * (self.total + 1) * 4 >= _LARGEST:
            self.scale //= 2

    def begin(self) -> NDArray[np.int8] | None:
        """Return what the rules fix, ``None`` if they contradict themselves."""
        never_full = (self.loads @ self.pairs < self.least) | (self.room < self.least)
        if (self.rules.kept & (self.rules.barred | never_full)).any():
            return None
        state = begin(self.rules)
        state[never_full] = CLOSED
        return self.spread(state)

    def spread(self, state: NDArray[np.int8]) -> NDArray[np.int8] | None:
        """Return the state with everything closed that lies too near to an opened site."""
        return None if crowded(state, self.rules.apart) else separate(state, self.rules.apart)

    def fix(self, state: NDArray[np.int8], prices: NDArray[np.int64], room: int) -> tuple[int, NDArray[np.int8]] | None:
        """Return what the cheapest choice of sites adds and the sites it fixes; ``None`` if it adds too much."""
        added, fixed = fix_sites(prices, state, self.sites, self.quota, room)
        if added is None or added > room:
            return None
        spread = self.spread(fixed)
        return None if spread is None else (added, spread)

    def hold(self, state: NDArray[np.int8]) -> NDArray[np.int8] | None:
        """Return the state with the sites fixed that alone can hold the load of all, or that all can fill."""
        for prices, room in ((-self.room, -self.total), (self.least, self.total)):
            fixed = self.fix(state, prices, room)
            if fixed is None:
                return None
            state = fixed[1]
        usable = self.pairs & (state != CLOSED)
        return state if usable.any(axis=1).all() else None

    def decided(self, state: NDArray[np.int8]) -> bool:
        """Whether as many sites are opened as there may be."""
        return int((state == OPENED).sum()) == self.sites

    def first_prices(self) -> NDArray[np.float64]:
        """(n,) what everyone would pay at a middling site: the (m/p)-th cheapest."""
        m = len(self.room)
        dearest = self.costs.max(axis=1, keepdims=True, initial=0)
        paid = np.sort(np.where(self.pairs, self.costs, dearest), axis=1)
        return np.asarray(paid[:, min(m - 1, m // self.sites)], np.float64)
