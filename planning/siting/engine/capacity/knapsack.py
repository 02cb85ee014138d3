"""The best load that one site could take at given multipliers: a fractional knapsack.

Solved by a weighted quickselect on gain per load (Balas & Zemel 1980), which also gives the capacity multiplier λ.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled
from planning.siting.engine.capacity.case import CapacityCase
from planning.siting.engine.sites.selection import Quota

Floats = NDArray[np.float64]


class Instance(NamedTuple):
    """What the climb reads.

    Parameters
    ----------
    by_site : (m, n) float64
        Costs, ``inf`` where not allowed.
    loads : (n,) float64
    room, least : (m,) float64
    step_sizes : (n,) float64
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
    step_sizes: Floats
    quota: Quota
    sites: int

    @classmethod
    def of(cls, case: CapacityCase) -> Instance:
        """Return the instance of a case; the step of each u_i grows with what i pays at most."""
        dearest = case.costs.max(axis=1, initial=0).astype(float)
        return cls(
            case.by_site,
            case.loads.astype(float),
            case.room.astype(float),
            case.least.astype(float),
            dearest / max(1.0, float(dearest.max(initial=0))),
            case.quota,
            case.sites,
        )


@compiled
def fill(
    instance: Instance,
    site: int,
    prices: Floats,
    ratio: Floats,
    item: NDArray[np.int64],
    served: Floats,
) -> tuple[float, float]:
    """Return ρ and λ of a site: the best load it could take; `served`, unless empty, is told what it takes."""
    costs, loads = instance.by_site[site], instance.loads
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
    lam = 0.0
    if load > instance.room[site]:
        count, part = _cut(ratio, item, count, loads, instance.room[site])
        value += part * ratio[count]
        lam = -ratio[count]
        if len(served):
            served[item[count]] += part / loads[item[count]]
    for k in range(count):
        value += ratio[k] * loads[item[k]]
        if len(served):
            served[item[k]] += 1.0
    if load < instance.least[site]:
        more, lam = _fill_up(instance, site, prices, ratio, item, served, instance.least[site] - load)
        value += more
    return value, lam


@compiled
def _fill_up(
    instance: Instance,
    site: int,
    prices: Floats,
    ratio: Floats,
    item: NDArray[np.int64],
    served: Floats,
    wanted: float,
) -> tuple[float, float]:
    """Return ρ and λ of the load that a site takes at a loss, to have its least load."""
    costs, loads = instance.by_site[site], instance.loads
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
    value, lam = part * ratio[count], -ratio[count]
    if len(served):
        served[item[count]] += part / loads[item[count]]
    for k in range(count):
        value += ratio[k] * loads[item[k]]
        if len(served):
            served[item[k]] += 1.0
    return value, lam


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
