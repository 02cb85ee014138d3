"""Sites of each demand point, nearest first: only those nearer than its multiplier matter."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def chart(times: Floats) -> tuple[NDArray[np.int32], Floats]:
    """(n, m) sites of each demand point, nearest first, −1 after the last allowed one; and their times.

    Parameters
    ----------
    times : (m, n) float64
    """
    order = np.argsort(times.T, axis=1, kind="stable").astype(np.int32)
    ranked = np.take_along_axis(times.T, order, axis=1)
    order[np.isinf(ranked)] = -1
    return order, ranked


@compiled
def thin(order: NDArray[np.int32], ranked: Floats, state: NDArray[np.int8]) -> tuple[NDArray[np.int32], Floats]:
    """Return the same lists without the closed sites, as narrow as that makes them."""
    width = np.count_nonzero(state >= 0)
    kept, times = np.full((order.shape[0], width), -1, np.int32), np.full((order.shape[0], width), np.inf)
    for i in range(order.shape[0]):
        end = 0
        for k in range(order.shape[1]):
            j = order[i, k]
            if j < 0 or end == width:
                break
            if state[j] >= 0:
                kept[i, end], times[i, end] = j, ranked[i, k]
                end += 1
    return kept, times


@compiled
def price_whole(costs: Ints, order: NDArray[np.int32], factor: Ints, multipliers: Ints) -> Ints:
    """(m,) Σ_i min(0, l_i c_ij − u_i) in whole numbers, which stay below 2⁶².

    Parameters
    ----------
    costs : (n, m) int64
    order : (n, m) int32
        Sites of each demand point, nearest first.
    factor, multipliers : (n,) int64
        l_i of its group and u_i of each demand point.
    """
    prices = np.zeros(costs.shape[1], np.int64)
    for i in range(len(costs)):
        for k in range(order.shape[1]):
            j = order[i, k]
            if j < 0:
                break
            excess = factor[i] * costs[i, j] - multipliers[i]
            if excess >= 0:
                break
            prices[j] += excess
    return prices
