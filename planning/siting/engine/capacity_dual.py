"""The Lagrangian dual of siting under capacities, climbed by a deflected subgradient.

"Everyone is served once" is relaxed (Klincewicz & Luss 1986); what is left at each site is a fractional
knapsack, solved by a weighted quickselect (Balas & Zemel 1980), so that the bound is that of the strong
linear relaxation. Step and deflection as in :mod:`planning.siting.engine.lagrangian`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled
from planning.siting.engine.selection import Quota, choose_cheapest

Floats = NDArray[np.float64]

PATIENCE, SLOWER, DEFLECTION, MEMORY = 5, 0.8, 0.8, 0.95
_SLOWEST = 1e-4


class Terrain(NamedTuple):
    """What the climb reads.

    Parameters
    ----------
    by_site : (m, n) float64
        Costs, ``inf`` where not allowed.
    loads : (n,) float64
    room, least : (m,) float64
    stride : (n,) float64
        Natural step of each u_i.
    quota
        Sites by township.
    sites
        How many to open.
    """

    by_site: Floats
    loads: Floats
    room: Floats
    least: Floats
    stride: Floats
    quota: Quota
    sites: int


class Climber(NamedTuple):
    """Where the climb stands; every array is changed in place.

    Parameters
    ----------
    at, best_at : (n,) float64
        Multipliers u now, and the best so far.
    direction : (n,) float64
    openness : (m,) float64
        How often each site was opened of late, 0 to 1.
    chosen : (m,) bool
        Sites opened in the last step.
    figures : (3,) float64
        Best bound, pace, steps without progress.
    """

    at: Floats
    best_at: Floats
    direction: Floats
    openness: Floats
    chosen: NDArray[np.bool_]
    figures: Floats

    @classmethod
    def begin(cls, prices: Floats, sites: int, pace: float) -> Climber:
        """Return a climber that starts from the multipliers `prices` (n,)."""
        blank = np.zeros(len(prices))
        figures = np.array([-np.inf, pace, 0.0])
        return cls(prices.copy(), prices.copy(), blank, np.zeros(sites), np.zeros(sites, np.bool_), figures)


@compiled
def climb(terrain: Terrain, state: NDArray[np.int8], upper: float, aim: float, steps: int, climber: Climber) -> bool:
    """Climb some steps further.

    Parameters
    ----------
    terrain
    state : (m,) int8
        −1 closed, 0 free, 1 opened.
    upper
        Cost of a known plan: no need to climb above ``upper − 1``.
    aim
        Cost that the climb may hope for, which sets the length of its steps.
    steps
    climber

    Returns
    -------
    bool
        Whether it is worth going on: not above ``upper − 1``, nor flat, nor too slow.
    """
    m, n = terrain.by_site.shape
    rho, served, nobody = np.zeros(m), np.zeros(n), np.zeros(0)
    ratio, item = np.empty(n), np.empty(n, np.int64)
    figures = climber.figures
    for _ in range(steps):
        value = climber.at.sum()
        for j in range(m):
            if state[j] >= 0:
                rho[j] = _fill(terrain, j, climber.at, ratio, item, nobody)[0]
        if not choose_cheapest(rho, state, terrain.sites, terrain.quota, climber.chosen):
            return False
        served[:] = 0.0
        for j in range(m):
            climber.openness[j] *= MEMORY
            if climber.chosen[j]:
                climber.openness[j] += 1.0 - MEMORY
                value += _fill(terrain, j, climber.at, ratio, item, served)[0]
        figures[2] += 1
        if value > figures[0]:
            figures[0], figures[2] = value, 0
            climber.best_at[:] = climber.at
        elif figures[2] >= PATIENCE:
            figures[1], figures[2] = figures[1] * SLOWER, 0
        norm = 0.0
        for i in range(n):
            climber.direction[i] = (1.0 - served[i]) + DEFLECTION * climber.direction[i]
            norm += terrain.stride[i] * climber.direction[i] ** 2
        if figures[0] > upper - 1 or norm == 0.0 or figures[1] < _SLOWEST:
            return False
        length = figures[1] * max(aim - value, 1.0) / norm
        for i in range(n):
            climber.at[i] += length * terrain.stride[i] * climber.direction[i]
    return True


@compiled
def find_tolls(terrain: Terrain, state: NDArray[np.int8], prices: Floats) -> Floats:
    """Return the best tolls λ (m,) for multipliers u (n,); 0 at closed sites."""
    m, n = terrain.by_site.shape
    tolls, nobody = np.zeros(m), np.zeros(0)
    ratio, item = np.empty(n), np.empty(n, np.int64)
    for j in range(m):
        if state[j] >= 0:
            tolls[j] = _fill(terrain, j, prices, ratio, item, nobody)[1]
    return tolls


@compiled
def price_whole(
    costs: NDArray[np.int64],
    pairs: NDArray[np.bool_],
    loads: NDArray[np.int64],
    held: NDArray[np.int64],
    scale: int,
    prices: NDArray[np.int64],
    tolls: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return ρ_j (m,) in whole numbers.

    Parameters
    ----------
    costs : (n, m) int64
    pairs : (n, m) bool
    loads : (n,) int64
    held : (m,) int64
        Q_j where the toll is positive, else L_j.
    scale
    prices : (n,) int64
    tolls : (m,) int64
    """
    n, m = costs.shape
    rho = -tolls * held
    for i in range(n):
        for j in range(m):
            if pairs[i, j]:
                excess = costs[i, j] * scale - prices[i] + tolls[j] * loads[i]
                if excess < 0:
                    rho[j] += excess
    return rho


@compiled
def _fill(
    terrain: Terrain,
    site: int,
    prices: Floats,
    ratio: Floats,
    item: NDArray[np.int64],
    served: Floats,
) -> tuple[float, float]:
    """Return ρ and λ of a site: the best load it could take; `served`, unless empty, is told what it takes."""
    costs, loads = terrain.by_site[site], terrain.loads
    value, load, count = 0.0, 0.0, 0
    for i in range(len(prices)):
        gain = costs[i] - prices[i]
        if gain >= 0.0:
            continue
        if loads[i] > 0.0:
            ratio[count], item[count] = gain / loads[i], i
            count += 1
            load += loads[i]
        else:
            value += gain
            if len(served):
                served[i] += 1.0
    toll = 0.0
    if load > terrain.room[site]:
        count, part = _cut(ratio, item, count, loads, terrain.room[site])
        value += part * ratio[count]
        toll = -ratio[count]
        if len(served):
            served[item[count]] += part / loads[item[count]]
    for k in range(count):
        value += ratio[k] * loads[item[k]]
        if len(served):
            served[item[k]] += 1.0
    if load < terrain.least[site]:
        more, toll = _fill_up(terrain, site, prices, ratio, item, served, terrain.least[site] - load)
        value += more
    return value, toll


@compiled
def _fill_up(
    terrain: Terrain,
    site: int,
    prices: Floats,
    ratio: Floats,
    item: NDArray[np.int64],
    served: Floats,
    wanted: float,
) -> tuple[float, float]:
    """Return ρ and λ of the load that a site takes at a loss, to have its least load."""
    costs, loads = terrain.by_site[site], terrain.loads
    count, load = 0, 0.0
    for i in range(len(prices)):
        loss = costs[i] - prices[i]
        if 0.0 <= loss < np.inf and loads[i] > 0.0:
            ratio[count], item[count] = loss / loads[i], i
            count += 1
            load += loads[i]
    if count == 0 or load < wanted:
        return np.inf, 0.0
    count, part = _cut(ratio, item, count, loads, wanted)
    value, toll = part * ratio[count], -ratio[count]
    if len(served):
        served[item[count]] += part / loads[item[count]]
    for k in range(count):
        value += ratio[k] * loads[item[k]]
        if len(served):
            served[item[k]] += 1.0
    return value, toll


@compiled
def _cut(ratio: Floats, item: NDArray[np.int64], count: int, loads: Floats, room: float) -> tuple[int, float]:
    """Reorder the items so that the best come first; return where the room ends and what is left there."""
    low, high, left = 0, count - 1, room
    while low < high:
        pivot = ratio[(low + high) // 2]
        i, j = low, high
        while i <= j:
            while ratio[i] < pivot:
                i += 1
            while ratio[j] > pivot:
                j -= 1
            if i <= j:
                ratio[i], ratio[j] = ratio[j], ratio[i]
                item[i], item[j] = item[j], item[i]
                i += 1
                j -= 1
        first = 0.0
        for k in range(low, j + 1):
            first += loads[item[k]]
        if j >= low and first >= left:
            high = j
            continue
        if i - j == 2:
            if first + loads[item[j + 1]] >= left:
                return j + 1, left - first
            first += loads[item[j + 1]]
        left -= first
        low = i
    return low, min(left, loads[item[low]])
