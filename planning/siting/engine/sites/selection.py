"""The cheapest sites that the rules allow: the inner problem of every Lagrangian bound."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled
from planning.siting.rules import Rules


class Quota(NamedTuple):
    """Sites by township, as the kernels read them.

    Parameters
    ----------
    township : (m,) int64
        −1 where no limit is set.
    least, most : (g,) int64
    """

    township: NDArray[np.int64]
    least: NDArray[np.int64]
    most: NDArray[np.int64]

    @classmethod
    def of(cls, rules: Rules) -> Quota:
        """Return the quota of `rules`."""
        return cls(rules.township, rules.least, rules.most)


@compiled
def choose_cheapest(
    prices: NDArray[Any], state: NDArray[np.int8], sites: int, quota: Quota, chosen: NDArray[np.bool_]
) -> bool:
    """Mark in `chosen` the opened sites and the cheapest free ones up to `sites`; the lowest position among equals.

    First what each township lacks, then the cheapest that still fit anywhere.

    Returns
    -------
    bool
        Whether so many can be chosen at all.
    """
    m = len(prices)
    wanted = sites
    free = 0
    for j in range(m):
        chosen[j] = state[j] == 1
        if state[j] == 1:
            wanted -= 1
        elif state[j] == 0:
            free += 1
    if wanted < 0 or wanted > free:
        return False
    if len(quota.least):
        return _choose_by_quota(prices, state, wanted, quota, chosen)
    if wanted == 0:
        return True
    left = np.empty(free, prices.dtype)
    at = 0
    for j in range(m):
        if state[j] == 0:
            left[at] = prices[j]
            at += 1
    last = _ranked(left, wanted - 1)
    for j in range(m):
        if state[j] == 0 and prices[j] < last:
            chosen[j] = True
            wanted -= 1
    for j in range(m):
        if wanted == 0:
            break
        if state[j] == 0 and prices[j] == last:
            chosen[j] = True
            wanted -= 1
    return True


@compiled
def _choose_by_quota(
    prices: NDArray[Any], state: NDArray[np.int8], wanted: int, quota: Quota, chosen: NDArray[np.bool_]
) -> bool:
    there = np.zeros(len(quota.least), np.int64)
    for j in range(len(prices)):
        if chosen[j] and quota.township[j] >= 0:
            there[quota.township[j]] += 1
    lacking = np.maximum(quota.least - there, 0)
    if (there > quota.most).any() or lacking.sum() > wanted:
        return False
    order = np.argsort(prices, kind="mergesort")
    for j in order:
        of = quota.township[j]
        if state[j] == 0 and of >= 0 and lacking[of] > 0:
            chosen[j] = True
            lacking[of] -= 1
            there[of] += 1
            wanted -= 1
    if lacking.any():
        return False
    for j in order:
        if wanted == 0:
            break
        of = quota.township[j]
        if state[j] == 0 and not chosen[j] and (of < 0 or there[of] < quota.most[of]):
            chosen[j] = True
            wanted -= 1
            if of >= 0:
                there[of] += 1
    return wanted == 0


@compiled
def _ranked(values: NDArray[Any], rank: int) -> Any:
    """Return the value of this rank (0 the least); reorders `values` (Hoare 1961)."""
    low, high = 0, len(values) - 1
    while low < high:
        pivot = values[(low + high) // 2]
        i, j = low, high
        while i <= j:
            while values[i] < pivot:
                i += 1
            while values[j] > pivot:
                j -= 1
            if i <= j:
                values[i], values[j] = values[j], values[i]
                i += 1
                j -= 1
        if rank <= j:
            high = j
        elif rank >= i:
            low = i
        else:
            break
    return values[rank]


def settle_sites(
    rho: NDArray[np.int64], state: NDArray[np.int8], sites: int, quota: Quota, room: int
) -> tuple[int | None, NDArray[np.int8]]:
    """Return what the cheapest choice adds to a bound, and which sites it settles.

    Parameters
    ----------
    rho : (m,) int64
        Prices of the sites.
    state : (m,) int8
    sites
        How many to open.
    quota
    room
        Sites are settled where the other choice adds more than this.

    Returns
    -------
    (added, state)
        `added` is ``None`` when no choice of sites is left.
    """
    chosen = np.zeros(len(rho), np.bool_)
    if not choose_cheapest(rho, state, sites, quota, chosen):
        return None, state
    added = int(rho[chosen].sum())
    free = state == 0
    inside, outside = free & chosen, free & ~chosen
    settled = state.copy()
    if not inside.any() or not outside.any():
        settled[free] = 1 if inside.any() else -1
        return added, settled
    settled[outside & (added + rho - rho[inside].max() > room)] = -1
    settled[inside & (added - rho + rho[outside].min() > room)] = 1
    return added, settled
