"""The least yuan that serve all loads as if they stood in one place: no plan costs less.

min Σ_j a_j y_j + Σ_j extension_j e_j   subject to   Σ_j L_j = all loads,
    L_j ≤ capacity_j y_j,   e_j ≥ L_j − included_j y_j,   e_j ≥ 0,   y within the rules

with a_j what opening site j adds. Three variables a site, so HiGHS solves it at once.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import block_array, csr_array, diags_array

from planning.siting.capacity import Capacity
from planning.siting.engine.linear.compact import CompactQuestion
from planning.siting.engine.linear.question import RowList, add_site_rows, site_bounds
from planning.siting.engine.solver import Program, solve
from planning.siting.limits import Limits
from planning.siting.options import LARGEST_FIGURE

SLACK = 1e-7
"""Share by which a bound of HiGHS may be off."""
FEW = 8
"""So many numbers of sites are asked one by one."""


def least_yuan_by_number(asked: CompactQuestion, capacity: Capacity) -> dict[int, int]:
    """Return of each number of sites that can take all loads what no plan with so many costs less than, in yuan.

    Counted without a program: the cheapest sites, the roomiest and those that include most, whichever they are, and
    extensions at the lowest price.

    Parameters
    ----------
    asked
        Its p, if any, is the only number.
    capacity
    """
    yuan, rest = asked.yuan()
    rules, everything = asked.problem.rules, int(capacity.loads[asked.served].sum()) if asked.everyone else 0
    kept, free = np.flatnonzero(rules.kept), np.flatnonzero(~rules.kept & ~rules.barred)

    def most(figures: NDArray[np.int64], *, sign: int = 1) -> list[int]:
        """Return the greatest (least) sum of a figure for each number of sites beyond those kept."""
        sums = np.cumsum(np.sort(-sign * figures[free]))
        return (int(figures[kept].sum()) - sign * np.append(0, sums)).tolist()

    cheapest, roomiest = most(yuan, sign=-1), most(np.minimum(capacity.capacities, everything))
    included = most(np.minimum(capacity.included, everything))
    price = int(capacity.extension_costs[~rules.barred].min(initial=LARGEST_FIGURE))
    found = {
        len(kept) + more: cheapest[more] + price * max(0, everything - included[more]) + rest
        for more in range(len(free) + 1)
        if roomiest[more] >= everything and len(kept) + more > 0
    }
    return found if asked.p is None else {asked.p: found[asked.p]} if asked.p in found else {}


def pool_cheapest(asked: CompactQuestion, capacity: Capacity, limits: Limits) -> tuple[int, NDArray[np.int64]] | None:
    """Return as :func:`pool_loads`, number by number where few numbers can be the cheapest: HiGHS is quicker then."""
    bounds = least_yuan_by_number(asked, capacity)
    best: tuple[int, NDArray[np.int64]] | None = None
    for tried, (number, least) in enumerate(sorted(bounds.items(), key=lambda one: one[1])):
        if best is not None and least >= best[0]:
            return best
        if tried == FEW or limits.reached():
            break
        found = pool_loads(replace(asked, p=number, at_most=False), capacity, limits)
        best = found if best is None or (found is not None and found[0] < best[0]) else best
    else:
        return best
    return pool_loads(asked, capacity, limits)


def fill_cheaply(asked: CompactQuestion, capacity: Capacity, opened: NDArray[np.int64]) -> NDArray[np.int64] | None:
    """Return an allocation (n,) to some sites for few yuan, the largest loads first; ``None`` where that fails.

    Parameters
    ----------
    asked
        Everyone is served.
    capacity
    opened : (k,) int64
    """
    may, values = asked.pairs(frozenset(asked.parts()))[:, opened], asked.problem.values[:, opened]
    left, room = capacity.included[opened].copy(), capacity.capacities[opened].copy()
    price, least = capacity.extension_costs[opened], capacity.minimum_loads[opened]
    allocation = np.full(len(values), -1, np.int64)
    for i in np.flatnonzero(asked.served)[np.argsort(-capacity.loads[asked.served], kind="stable")].tolist():
        load = int(capacity.loads[i])
        fits = np.flatnonzero(may[i] & (room >= load))
        if not len(fits):
            return None
        yuan = price[fits] * np.minimum(load, (load - left[fits]).clip(min=0))
        k = int(fits[np.lexsort((values[i, fits], yuan))[0]])
        left[k], room[k], allocation[i] = left[k] - load, room[k] - load, opened[k]
    return None if (capacity.capacities[opened] - room < least).any() else allocation


def pool_loads(asked: CompactQuestion, capacity: Capacity, limits: Limits) -> tuple[int, NDArray[np.int64]] | None:
    """Return what no plan costs less than, in yuan, and sites (k,) that cost so little; ``None`` if there are none.

    Parameters
    ----------
    asked
        Everyone is served.
    capacity
    limits
    """
    yuan, rest = asked.yuan()
    everything = int(capacity.loads[asked.served].sum())
    program = _program(asked, capacity, yuan, everything)
    found = solve(program, limits=limits, gap=0.0)
    if found.values is None or not np.isfinite(found.bound):
        return None
    opened = np.flatnonzero(found.values[: len(yuan)] > 0.5)
    if asked.problem.rules.barred[opened].any():  # the rules ask for more sites than there are
        return None
    unit = max(1, int(np.gcd.reduce(np.append(yuan, capacity.extension_costs))))
    least = int(np.ceil((found.bound - SLACK * abs(found.bound)) / unit)) * unit
    return least + rest, opened


def _program(asked: CompactQuestion, capacity: Capacity, yuan: NDArray[np.int64], everything: int) -> Program:
    """Sites, then the share of all loads that each takes, then the share that it is extended for."""
    count, rules = len(yuan), RowList(len(yuan))
    add_site_rows(rules, asked.problem.rules, p=asked.p)
    of_sites, least = rules.gather()
    lowest, highest = site_bounds(asked.problem.rules)
    one = diags_array(np.ones(count))
    whole = max(1, everything)
    room = np.minimum(capacity.capacities * highest, everything) / whole
    rows = block_array(
        [
            [of_sites.astype(float), csr_array((len(least), count)), csr_array((len(least), count))],
            [None, csr_array(np.ones((1, count))), None],
            [diags_array(room), -one, None],
            [diags_array(capacity.included / whole), -one, one],
        ],
        format="csr",
    )
    # Barred sites have no use: a cost beyond every plan keeps them closed.
    barred = np.abs(yuan).sum() + 1 + capacity.extension_costs.max(initial=0) * whole
    return Program(
        cost=np.concatenate([np.where(highest, yuan, barred), np.zeros(count), capacity.extension_costs * whole]),
        rows=csr_array(rows),
        least=np.concatenate([least, [everything / whole], np.zeros(2 * count)]),
        most=np.full(len(least) + 1 + 2 * count, np.inf),
        whole=np.arange(3 * count) < count,
        lowest=np.concatenate([lowest, np.zeros(2 * count)]),
    )
