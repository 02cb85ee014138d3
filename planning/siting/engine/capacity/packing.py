"""The best loads that decided sites could take, nobody divided: an exact knapsack a site, and its multipliers.

"Everyone is served once" is relaxed, the capacities are not (Fisher, Jaikumar & Van Wassenhove 1986): a bound that
sees what dividing the loads does not, namely that whole villages seldom fill a site to the last bed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

NEVER = 2**60
"""Cost of what cannot be; all others stay below a quarter of it."""

_PATIENCE, _SLOWER, _SLOWEST, _DEFLECTION = 4, 0.7, 0.02, 0.5


@compiled
def climb_packs(
    costs: Ints,
    pairs: Bools,
    loads: Ints,
    least: Ints,
    room: Ints,
    enough: int,
    steps: int,
    prices: Ints,
    taken: Bools,
) -> int:
    """Climb to multipliers under which the packs of all sites together cost most.

    Parameters
    ----------
    costs : (k, p) int64
    pairs : (k, p) bool
        Who may go where.
    loads : (k,) int64
    least, room : (p,) int64
        Between which the load of each site lies.
    enough
        No need to climb above it.
    steps
    prices : (k,) int64
        Multipliers u to start from; the best ones on return.
    taken : (k, p) bool
        Filled in: whom each site takes under the best multipliers.

    Returns
    -------
    int
        The bound; ``NEVER`` where some site finds no load at all between least and room.
    """
    n, p = costs.shape
    at, direction = prices.astype(np.float64), np.zeros(n)
    now, packs = prices.copy(), np.zeros((n, p), np.bool_)
    best, pace, waited = -NEVER, 1.0, 0
    for _ in range(steps):
        value = now.sum()
        for j in range(p):
            worth = _pack(costs, pairs, loads, least[j], room[j], now, j, packs)
            if worth >= NEVER // 2:
                return NEVER
            value += worth
        waited += 1
        if value > best:
            best, waited = value, 0
            prices[:], taken[:] = now, packs
        elif waited >= _PATIENCE:
            pace, waited = pace * _SLOWER, 0
        norm = 0.0
        for i in range(n):
            served = 0
            for j in range(p):
                served += packs[i, j]
            direction[i] = 1.0 - served + _DEFLECTION * direction[i]
            norm += direction[i] ** 2
        if best > enough or norm == 0.0 or pace < _SLOWEST:
            break
        for i in range(n):
            at[i] += pace * (enough + 1.0 - value) / norm * direction[i]
            now[i] = round(at[i])
    return best


@compiled
def _fill_table(costs: Ints, pairs: Bools, loads: Ints, least: int, room: int, prices: Ints, site: int) -> Ints:
    """Return (k + 1, room + 1) what those from i on can still save at a site that holds so much load already."""
    n = len(loads)
    table = np.empty((n + 1, room + 1), np.int64)
    for load in range(room + 1):
        table[n, load] = 0 if load >= least else NEVER
    for i in range(n - 1, -1, -1):
        table[i] = table[i + 1]
        if pairs[i, site]:
            gain = costs[i, site] - prices[i]
            for load in range(room + 1 - loads[i]):
                table[i, load] = min(table[i, load], table[i + 1, load + loads[i]] + gain)
    return table


@compiled
def _pack(costs: Ints, pairs: Bools, loads: Ints, least: int, room: int, prices: Ints, site: int, packs: Bools) -> int:
    """Return what the best pack of a site costs, and fill in whom it takes."""
    table = _fill_table(costs, pairs, loads, least, room, prices, site)
    load = 0
    for i in range(len(loads)):
        packs[i, site] = table[i, load] < table[i + 1, load]
        if packs[i, site]:
            load += loads[i]
    return int(table[0, 0])


@compiled
def price_moves(
    costs: Ints, pairs: Bools, loads: Ints, least: Ints, room: Ints, prices: Ints, inside: Ints, without: Ints
) -> None:
    """Fill in what the pack of a site costs with somebody in any case, and without.

    Parameters
    ----------
    costs, pairs, loads, least, room, prices
        As in :func:`climb_packs`.
    inside, without : (k, p) int64
    """
    n, p = costs.shape
    for j in range(p):
        table = _fill_table(costs, pairs, loads, least[j], room[j], prices, j)
        before = np.full(room[j] + 1, NEVER)
        before[0] = 0
        for i in range(n):
            gain, width = costs[i, j] - prices[i], room[j] + 1 - loads[i]
            with_it, without_it = NEVER, NEVER
            for load in range(room[j] + 1):
                without_it = min(without_it, before[load] + table[i + 1, load])
                if load < width:
                    with_it = min(with_it, before[load] + gain + table[i + 1, load + loads[i]])
            inside[i, j], without[i, j] = with_it if pairs[i, j] else NEVER, without_it
            if pairs[i, j]:
                for load in range(room[j], loads[i] - 1, -1):
                    before[load] = min(before[load], before[load - loads[i]] + gain)
