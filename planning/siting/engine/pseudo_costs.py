"""On which site a tree should branch: tried for some steps, then known by experience."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
WHOLE, _LEAST = 1e-6, 1e-4
"""What counts as whole: the tolerance of HiGHS. A side that raises nothing counts as this much, so that the product of
both still tells two sites apart (Achterberg 2007)."""
Probe = Callable[[int], tuple[float, float]]


class PseudoCosts:
    """What closing and opening each site has added to the relaxation, a unit of change (Benichou et al. 1971).

    Parameters
    ----------
    sites
        Number of candidates, m.
    tried
        So many of the most doubtful ones are weighed.
    reliable
        So many trials tell enough of one.
    """

    def __init__(self, sites: int, *, tried: int = 16, reliable: int = 4) -> None:
        self._tried, self._reliable = tried, reliable
        self._count = np.zeros(sites, np.int64)
        self._shut, self._open = np.zeros(sites), np.zeros(sites)

    def choose(self, probe: Probe, cost: float, values: Floats, free: NDArray[np.int64], room: float) -> int:
        """Return the free site whose either choice costs most; any one where the relaxation is whole.

        Sites without enough experience are tried for some steps (Linderoth & Savelsbergh 1999).

        Parameters
        ----------
        probe
            Returns about what the relaxation costs with a free site closed, and opened.
        cost
            What it costs.
        values : (m,) float64
            How far each site is open in it.
        free : (k,) int64
        room
            More than that is as good as that: either ends the node.
        """
        doubt = np.minimum(values[free], 1.0 - values[free])
        if doubt.max() <= WHOLE:
            return int(free[np.argmax(values[free])])
        known = self._mean(values)
        tried = free[np.argsort(-doubt, kind="stable")[: min(self._tried, np.count_nonzero(doubt > WHOLE))]]
        for site in tried[self._count[tried] < self._reliable].tolist():
            costs = probe(site)
            shut, open_ = (max(min(after - cost, room + WHOLE), 0.0) for after in costs)
            self._learn(site, shut / values[site], open_ / (1.0 - values[site]))
            known[site] = max(shut, _LEAST) * max(open_, _LEAST)
        return int(tried[np.argmax(known[tried])])

    def _learn(self, site: int, shut: float, open_: float) -> None:
        self._count[site] += 1
        self._shut[site] += shut
        self._open[site] += open_

    def _mean(self, values: Floats) -> Floats:
        """(m,) product of both gains to be expected at these values."""
        often = np.maximum(self._count, 1)
        shut, open_ = self._shut / often * values, self._open / often * (1.0 - values)
        return np.asarray(np.maximum(shut, _LEAST) * np.maximum(open_, _LEAST))
