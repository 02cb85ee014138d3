"""Good plans quickly: greedy addition, then exchanges of one site at a time.

Teitz & Bart 1968; evaluation of all exchanges at once after Whitaker 1983; greedy addition with
stale gains after Minoux 1978.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.float64]


def add_greedily(costs: Floats, sites: int) -> NDArray[np.int64]:
    """Open the site that saves most, `sites` times; the lowest index among equals.

    Parameters
    ----------
    costs : (m, n) float64
        Finite costs, site by site.
    """
    paid = costs.max(axis=0)
    savings = (paid - costs).sum(axis=1)
    opened: list[int] = []
    for _ in range(sites):
        best = int(np.argmax(savings))
        # Savings only shrink as sites are added: the leader is refreshed until it stays the leader.
        while (fresh := float(np.maximum(paid - costs[best], 0.0).sum())) < savings[best]:
            savings[best] = fresh
            best = int(np.argmax(savings))
        opened.append(best)
        paid = np.minimum(paid, costs[best])
        savings[best] = -np.inf
    return np.sort(np.array(opened, np.int64))


def interchange(costs: Floats, opened: NDArray[np.int64], *, stop: Callable[[], bool]) -> NDArray[np.int64]:
    """Exchange an opened site for another while that lowers the total cost; best exchange first.

    Parameters
    ----------
    costs : (n, m) float64
        Finite costs, demand point by demand point.
    opened : (p,) int64
        Sites to start from.
    stop
        Asked before every exchange.

    Returns
    -------
    (p,) int64, ascending
    """
    current = np.sort(opened)
    while not stop():
        gain, leaving, entering = _best_exchange(costs, current)
        if gain <= 1e-9 * max(1.0, float(costs[:, current].min(axis=1).sum())):
            break
        current = np.sort(np.append(np.delete(current, leaving), entering))
    return current


def _best_exchange(costs: Floats, opened: NDArray[np.int64]) -> tuple[float, int, int]:
    """Return (gain, position in `opened` that leaves, site that enters)."""
    rows = np.arange(len(costs))
    chosen = costs[:, opened]
    nearest = np.argmin(chosen, axis=1)
    first = chosen[rows, nearest]
    chosen[rows, nearest] = np.inf
    second = chosen.min(axis=1)
    with_first = np.minimum(costs, first[:, None])
    gains = first.sum() - with_first.sum(axis=0)
    # Whoever loses the nearest site falls back on the second nearest or on the newcomer.
    extra = np.minimum(costs, second[:, None])
    extra -= with_first
    losers = csr_array((np.ones(len(rows)), (nearest, rows)), shape=(len(opened), len(rows)))
    net = gains - losers @ extra
    net[:, opened] = -np.inf
    leaving, entering = np.unravel_index(int(np.argmax(net)), net.shape)
    return float(net[leaving, entering]), int(leaving), int(entering)
