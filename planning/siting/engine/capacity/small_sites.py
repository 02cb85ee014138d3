"""What sites of limited capacity cost when each takes its best whole load: exact knapsacks over all candidates.

"Everyone is served once" is relaxed, and nobody is divided (Holmberg, Rönnqvist & Yuan 1999; Ceselli & Righini 2005):
where a site has room for few, that bounds far more closely than dividing the loads.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled
from planning.siting.engine.sites.selection import Quota, choose_cheapest
from planning.siting.engine.subgradient import Ascent, StepRule, ascent_of

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

NEVER = 1e18
"""Cost of what cannot be; all others stay far below it."""
STEP_RULE = StepRule(patience=10, slower=0.7, deflection=0.5, memory=0.9, slowest=1e-3)
"""Of the ascent."""


class SmallSites(NamedTuple):
    """A question whose sites take few demand points each.

    Parameters
    ----------
    costs : (n, m) int64
        Negative where somebody may not go.
    loads : (n,) int64
    least, room : (m,) int64
        Between which the load of an opened site lies.
    site_costs : (m,) int64
        Of opening a site.
    included, extension : (m,) int64
        Each unit of load above `included` costs so much more.
    state : (m,) int8
    sites
        How many; negative: any number.
    quota
    """

    costs: Ints
    loads: Ints
    least: Ints
    room: Ints
    site_costs: Ints
    included: Ints
    extension: Ints
    state: NDArray[np.int8]
    sites: int
    quota: Quota


class Dual(NamedTuple):
    """What the ascent is asked, and where its kernels work: ρ (m,) and whom each site takes (m, n)."""

    asked: SmallSites
    rho: NDArray[np.float64]
    taken: Bools


@compiled
def fill_site(asked: SmallSites, site: int, prices: NDArray[np.float64], taken: Bools) -> float:
    """Return what the best load of a site costs, its opening included, and note whom it takes (n,)."""
    n, room = len(asked.loads), asked.room[site]
    item, count = np.empty(n, np.int64), 0
    taken[:] = False
    for i in range(n):
        may = asked.costs[i, site] >= 0 and asked.loads[i] <= room
        if may and (asked.costs[i, site] < prices[i] or asked.least[site] > 0):
            item[count] = i
            count += 1
    best = np.full(room + 1, NEVER)
    best[0] = 0.0
    took = np.zeros((count, room + 1), np.bool_)
    top = 0
    for k in range(count):
        i = item[k]
        load, gain = asked.loads[i], asked.costs[i, site] - prices[i]
        top = min(room, top + load)
        for held in range(top, load - 1, -1):
            if best[held - load] + gain < best[held]:
                best[held] = best[held - load] + gain
                took[k, held] = True
    least, at = NEVER, -1
    for held in range(asked.least[site], room + 1):
        cost = best[held] + asked.extension[site] * max(0, held - asked.included[site])
        if cost < least:
            least, at = cost, held
    if least >= NEVER / 2:
        return NEVER
    for k in range(count - 1, -1, -1):
        if took[k, at]:
            taken[item[k]] = True
            at -= asked.loads[item[k]]
    return float(least + asked.site_costs[site])


@compiled
def relax(dual: Dual, ascent: Ascent) -> float:
    """Fill every site as cheaply as can be, choose the cheapest, and return the bound."""
    asked = dual.asked
    for j in range(len(asked.state)):
        dual.rho[j] = fill_site(asked, j, ascent.at, dual.taken[j]) if asked.state[j] >= 0 else NEVER
    if not choose_cheapest(dual.rho, asked.state, asked.sites, asked.quota, ascent.chosen):
        return np.inf
    return float(ascent.at.sum() + dual.rho[ascent.chosen].sum())


@compiled
def _subgradient(dual: Dual, ascent: Ascent) -> None:
    ascent.violation[:] = 1.0
    ascent.metric[:] = 1.0
    for j in range(len(ascent.chosen)):
        if ascent.chosen[j]:
            for i in range(len(ascent.at)):
                if dual.taken[j, i]:
                    ascent.violation[i] -= 1.0


@compiled
def _move(_dual: Dual, ascent: Ascent, length: float) -> None:
    ascent.at[:] += length * ascent.direction


climb = ascent_of(relax, _subgradient, _move)


@compiled
def _table(asked: SmallSites, site: int, prices: NDArray[np.float64], pairs: Bools) -> NDArray[np.float64]:
    """Return (n + 1, room + 1) the least that those from i on cost at a site that holds so much load already."""
    n, room = len(asked.loads), asked.room[site]
    table = np.full((n + 1, room + 1), NEVER)
    for held in range(asked.least[site], room + 1):
        table[n, held] = asked.extension[site] * max(0, held - asked.included[site])
    for i in range(n - 1, -1, -1):
        table[i] = table[i + 1]
        gain, load = asked.costs[i, site] - prices[i], asked.loads[i]
        if pairs[i, site]:
            for held in range(room + 1 - load):
                table[i, held] = min(table[i, held], table[i + 1, held + load] + gain)
    return table


@compiled
def price_pairs(
    asked: SmallSites, site: int, prices: NDArray[np.float64], pairs: Bools, inside: NDArray[np.float64]
) -> None:
    """Fill in (n,) what the best load of a site costs that takes somebody in any case, its opening included."""
    n, room, table = len(asked.loads), asked.room[site], _table(asked, site, prices, pairs)
    before = np.full(room + 1, NEVER)
    before[0] = 0.0
    for i in range(n):
        gain, load, least = asked.costs[i, site] - prices[i], asked.loads[i], NEVER
        if pairs[i, site]:
            for held in range(room + 1 - load):
                least = min(least, before[held] + gain + table[i + 1, held + load])
            for held in range(room, load - 1, -1):
                before[held] = min(before[held], before[held - load] + gain)
        inside[i] = NEVER if least >= NEVER / 2 else least + asked.site_costs[site]


@compiled
def list_columns(
    asked: SmallSites,
    site: int,
    prices: NDArray[np.float64],
    pairs: Bools,
    ceiling: float,
    most: int,
    members: Bools,
) -> int:
    """Count the columns of a site that cost no more than a ceiling, up to one more than `most`, and list them.

    Parameters
    ----------
    pairs : (n, m) bool
        Who may still go where.
    members : (k, n) bool
        Whom each column serves, filled in; without rows they are only counted.
    """
    n, table = len(asked.loads), _table(asked, site, prices, pairs)
    takes, held, cost = np.zeros(n + 1, np.int8), np.zeros(n + 1, np.int64), np.zeros(n + 1)
    cost[0], count, i = asked.site_costs[site], 0, 0
    takes[0] = -1
    while i >= 0:
        if i == n or takes[i] == 1 or cost[i] + table[i, held[i]] > ceiling:
            if i == n and cost[n] + table[n, held[n]] <= ceiling:
                if len(members):
                    for k in range(n):
                        members[count, k] = takes[k] == 1
                count += 1
                if count > most:
                    return count
            i -= 1
            continue
        takes[i] += 1
        if takes[i] == 1 and not (pairs[i, site] and held[i] + asked.loads[i] <= asked.room[site]):
            continue
        more = takes[i] == 1
        held[i + 1] = held[i] + (asked.loads[i] if more else 0)
        cost[i + 1] = cost[i] + (asked.costs[i, site] - prices[i] if more else 0.0)
        i += 1
        takes[i] = -1
    return count
