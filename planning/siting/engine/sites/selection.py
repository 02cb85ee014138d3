"""The cheapest sites that the rules allow: the inner problem of every Lagrangian bound."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled
from planning.siting.rules import Rules

_FAR = 2**62  # beyond any price; it is only compared


class Quota(NamedTuple):
    """How many sites areas may have, as the kernels read it.

    Parameters
    ----------
    township : (m,) int64
        The area of each site: a township, or a group of sites that one branch of a tree is about. −1 where no
        limit is set.
    least, most : (g,) int64
    """

    township: NDArray[np.int64]
    least: NDArray[np.int64]
    most: NDArray[np.int64]

    @classmethod
    def of(cls, rules: Rules) -> Quota:
        """Return the quota of `rules`."""
        return cls(rules.township, rules.least, rules.most)

    def with_group(self, group: NDArray[np.int64]) -> Quota:
        """Return the groups in force, with one more in place of those that it overlaps (none may be a township)."""
        area = np.where(np.isin(self.township, self.township[group]), -1, self.township)
        area[group] = len(self.least)
        known, area = np.unique(np.append(-1, area), return_inverse=True)
        return Quota(area[1:] - 1, np.ones(len(known) - 1, np.int64), np.full(len(known) - 1, len(area)))


@compiled
def choose_cheapest(
    prices: NDArray[Any], state: NDArray[np.int8], sites: int, quota: Quota, chosen: NDArray[np.bool_]
) -> bool:
    """Mark in `chosen` the opened sites and the cheapest free ones up to `sites`; the lowest position among equals.

    First what each township lacks, then the cheapest that still fit anywhere. If `sites` is negative, any number may
    be opened, and whatever lowers the sum is.

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
    if sites >= 0 and (wanted < 0 or wanted > free):
        return False
    if sites < 0 or len(quota.least):
        there, lacking = _lacking(state, quota)
        if (there > quota.most).any() or (sites >= 0 and lacking.sum() > wanted):
            return False
        if sites < 0 or lacking.max() > 1 or (quota.most - there - lacking < wanted).any():
            return _choose_in_order(prices, state, wanted, quota, there, lacking, chosen)
        for area in range(len(lacking)):
            if lacking[area]:
                best = _cheapest_in(prices, state, quota, area)
                if best < 0:
                    return False
                chosen[best] = True
                wanted, free = wanted - 1, free - 1
    if wanted == 0:
        return True
    left = np.empty(free, prices.dtype)
    at = 0
    for j in range(m):
        if state[j] == 0 and not chosen[j]:
            left[at] = prices[j]
            at += 1
    last = _ranked(left, wanted - 1)
    for j in range(m):
        if state[j] == 0 and not chosen[j] and prices[j] < last:
            chosen[j] = True
            wanted -= 1
    for j in range(m):
        if wanted == 0:
            break
        if state[j] == 0 and not chosen[j] and prices[j] == last:
            chosen[j] = True
            wanted -= 1
    return True


@compiled
def _lacking(state: NDArray[np.int8], quota: Quota) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return how many opened sites each area has, and how many more it must have."""
    there = np.zeros(len(quota.least), np.int64)
    for j in range(len(state)):
        if state[j] == 1 and quota.township[j] >= 0:
            there[quota.township[j]] += 1
    return there, np.maximum(quota.least - there, 0)


@compiled
def _cheapest_in(prices: NDArray[Any], state: NDArray[np.int8], quota: Quota, area: int) -> int:
    """Return the cheapest free site of an area, the first among equals; −1 if it has none."""
    best = -1
    for j in range(len(state)):
        if state[j] == 0 and quota.township[j] == area and (best < 0 or prices[j] < prices[best]):
            best = j
    return best


@compiled
def _choose_in_order(
    prices: NDArray[Any],
    state: NDArray[np.int8],
    wanted: int,
    quota: Quota,
    there: NDArray[np.int64],
    lacking: NDArray[np.int64],
    chosen: NDArray[np.bool_],
) -> bool:
    """Choose what areas lack, then `wanted` sites in all, or where that is negative all that lower the sum."""
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
        if wanted == 0 or (wanted < 0 and prices[j] >= 0):
            break
        of = quota.township[j]
        if state[j] == 0 and not chosen[j] and (of < 0 or there[of] < quota.most[of]):
            chosen[j] = True
            wanted -= 1
            if of >= 0:
                there[of] += 1
    return wanted <= 0


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


def fix_sites(
    rho: NDArray[np.int64], state: NDArray[np.int8], sites: int, quota: Quota, slack: int
) -> tuple[int | None, NDArray[np.int8]]:
    """Return what the cheapest choice adds to a bound, and which sites it fixes.

    Parameters
    ----------
    rho : (m,) int64
        Prices of the sites.
    state : (m,) int8
    sites
        How many to open, negative for any number.
    quota
    slack
        Sites are fixed where the other choice adds more than this.

    Returns
    -------
    (added, state)
        `added` is ``None`` when no choice of sites is left.
    """
    chosen = np.zeros(len(rho), np.bool_)
    if not choose_cheapest(rho, state, sites, quota, chosen):
        return None, state
    added = int(rho[chosen].sum())
    inside, outside = np.flatnonzero((state == 0) & chosen), np.flatnonzero((state == 0) & ~chosen)
    # Sites without a limit are one more area, the last, with sites to spare and room for more.
    of = np.where(quota.township < 0, len(quota.least), quota.township)
    there = np.bincount(of[chosen], minlength=len(quota.least) + 1)
    spare, room_left = np.append(there[:-1] > quota.least, True), np.append(there[:-1] < quota.most, True)
    dearest, cheapest = np.full(len(there), -_FAR), np.full(len(there), _FAR)
    np.maximum.at(dearest, of[inside], rho[inside])
    np.minimum.at(cheapest, of[outside], rho[outside])
    leaving, entering = dearest[spare].max(), cheapest[room_left].min()
    if sites < 0:  # no site is one more choice, at price 0
        leaving, entering = max(leaving, 0), min(entering, 0)
    # The cheapest choice with (without) a site differs by one exchange: these choices are bases of a matroid.
    replaced = np.maximum(dearest, np.where(room_left, leaving, -_FAR))[of[outside]]
    replacing = np.minimum(cheapest, np.where(spare, entering, _FAR))[of[inside]]
    fixed = state.copy()
    fixed[outside[(replaced == -_FAR) | (added + rho[outside] - replaced > slack)]] = -1
    fixed[inside[(replacing == _FAR) | (added - rho[inside] + replacing > slack)]] = 1
    return added, fixed
