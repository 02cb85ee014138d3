"""The best loads that decided sites could take, nobody divided: an exact knapsack a site, and its multipliers.

"Everyone is served once" is relaxed, the capacities are not (Fisher, Jaikumar & Van Wassenhove 1986): a bound that
sees what dividing the loads does not, namely that whole villages seldom fill a site to the last bed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled
from planning.siting.engine.subgradient import BEST, Ascent, StepRule, ascent_of, begin_ascent

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

NEVER = 2**60
"""Cost of what cannot be; all others stay below a quarter of it."""

STEP_RULE = StepRule(patience=4, slower=0.7, deflection=0.5, memory=0.0, slowest=0.02)
"""Of the ascent: each step fills a table at every site, so that few must do; it begins where dividing ended."""


class Knapsacks(NamedTuple):
    """Demand points with a choice among decided sites.

    Parameters
    ----------
    costs : (k, p) int64
    pairs : (k, p) bool
        Who may go where.
    loads : (k,) int64
    least, room : (p,) int64
        Between which the load of each site lies.
    prices : (k,) int64
        Multipliers u.
    taken : (k, p) bool
        Whom each site takes under them.
    """

    costs: Ints
    pairs: Bools
    loads: Ints
    least: Ints
    room: Ints
    prices: Ints
    taken: Bools


@compiled
def climb_knapsacks(asked: Knapsacks, cutoff: int, steps: int) -> int:
    """Climb to multipliers under which the best loads of all sites together cost most, from those given.

    The multipliers, and whom each site takes under them, are left in what was asked.

    Parameters
    ----------
    asked
    cutoff
        No need to climb above it.
    steps

    Returns
    -------
    int
        The bound; ``NEVER`` where some site finds no load at all between least and room.
    """
    ascent = begin_ascent(asked.prices.astype(np.float64), 0, 1.0)
    _ascend(asked, ascent, float(cutoff), cutoff + 1.0, 1.0, steps, STEP_RULE)
    if ascent.progress[BEST] == np.inf:
        return NEVER
    for i in range(len(asked.prices)):
        asked.prices[i] = round(ascent.best_at[i])
    return _fill_all(asked)


@compiled
def _fill_all(asked: Knapsacks) -> int:
    value = asked.prices.sum()
    for j in range(len(asked.room)):
        cost = fill_knapsack(asked, j)
        if cost >= NEVER // 2:
            return NEVER
        value += cost
    return int(value)


@compiled
def _relax(asked: Knapsacks, ascent: Ascent) -> float:
    for i in range(len(asked.prices)):
        asked.prices[i] = round(ascent.at[i])
    value = _fill_all(asked)
    return np.inf if value == NEVER else float(value)


@compiled
def _subgradient(asked: Knapsacks, ascent: Ascent) -> None:
    n, p = asked.taken.shape
    for i in range(n):
        ascent.violation[i], ascent.metric[i] = 1.0, 1.0
        for j in range(p):
            ascent.violation[i] -= asked.taken[i, j]


@compiled
def _move(_asked: Knapsacks, ascent: Ascent, length: float) -> None:
    ascent.at[:] += length * ascent.direction


_ascend = ascent_of(_relax, _subgradient, _move)


@compiled
def fill_table(asked: Knapsacks, site: int) -> Ints:
    """Return (k + 1, room + 1) what those from i on can still save at a site that holds so much load already."""
    n, room, loads = len(asked.loads), asked.room[site], asked.loads
    table = np.empty((n + 1, room + 1), np.int64)
    for load in range(room + 1):
        table[n, load] = 0 if load >= asked.least[site] else NEVER
    for i in range(n - 1, -1, -1):
        table[i] = table[i + 1]
        if asked.pairs[i, site]:
            gain = asked.costs[i, site] - asked.prices[i]
            for load in range(room + 1 - loads[i]):
                table[i, load] = min(table[i, load], table[i + 1, load + loads[i]] + gain)
    return table


@compiled
def fill_knapsack(asked: Knapsacks, site: int) -> int:
    """Return what the best load of a site costs, and note whom it takes."""
    table, load = fill_table(asked, site), 0
    for i in range(len(asked.loads)):
        asked.taken[i, site] = table[i, load] < table[i + 1, load]
        if asked.taken[i, site]:
            load += asked.loads[i]
    return int(table[0, 0])


@compiled
def price_moves(asked: Knapsacks, inside: Ints, without: Ints) -> None:
    """Fill in (k, p) what the best load of a site costs with somebody in any case, and without."""
    n, p = asked.costs.shape
    for j in range(p):
        table, room = fill_table(asked, j), asked.room[j]
        before = np.full(room + 1, NEVER)
        before[0] = 0
        for i in range(n):
            gain, load_i = asked.costs[i, j] - asked.prices[i], asked.loads[i]
            with_it, without_it = NEVER, NEVER
            for load in range(room + 1):
                without_it = min(without_it, before[load] + table[i + 1, load])
                if load < room + 1 - load_i:
                    with_it = min(with_it, before[load] + gain + table[i + 1, load + load_i])
            inside[i, j], without[i, j] = with_it if asked.pairs[i, j] else NEVER, without_it
            if asked.pairs[i, j]:
                for load in range(room, load_i - 1, -1):
                    before[load] = min(before[load], before[load - load_i] + gain)
