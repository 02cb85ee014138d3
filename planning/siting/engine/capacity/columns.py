"""Few villages a site, nobody divided: all loads of a site that a better plan could hold, and a program over them.

"Everyone is served once" is relaxed, the capacities are not, so that each site fills an exact knapsack (Ceselli &
Righini 2005): a far better bound than fractional knapsacks where few villages fill a site. A set of villages at a site
that would lift this bound beyond the cutoff is in no better plan. The others are listed (Baldacci et al. 2002), and
HiGHS chooses among them: a set partitioning program whose relaxation is nearly whole.

The cutoff begins a little above the bound and rises until a plan costs no more than it, so that no good plan need be
known before.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from gis.compiled import compiled
from planning.siting.engine.capacity.case import CapacityCase
from planning.siting.engine.capacity.exact_knapsack import NEVER, Knapsacks, fill_knapsack, fill_table
from planning.siting.engine.capacity.parts import Best, Plan
from planning.siting.engine.linear.question import RowList, add_site_rows
from planning.siting.engine.sites.selection import Quota, choose_cheapest
from planning.siting.engine.solver import Program, solve
from planning.siting.engine.subgradient import BEST, Ascent, Pace, ascent_of, begin_ascent
from planning.siting.limits import Limits
from planning.siting.proof.certificate import CLOSED, FREE, OPENED

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

PACE = Pace(patience=15, slower=0.85, deflection=0.7, memory=0.95, slowest=1e-4)
"""Of the ascent: patient, for every unit of the bound halves the number of columns."""
STEPS = 2000
"""Of the ascent; it ends by itself after about so many."""
MOST_CELLS = 2**24
"""Cells of the tables of all sites together: a step of the ascent visits them all, some 20 ms."""
CELLS_A_CALL = 2**26
"""Cells that one compiled call may visit, so that a cancel is heard within a tenth of a second."""
MOST_COLUMNS = 50_000
"""HiGHS chooses among so many within a minute where the relaxation is nearly whole."""
FIRST_PART = 1 / 500
"""The first cutoff lies so far above the bound, each next one twice as far."""
_LARGEST = 2**42
"""No multiplier lies beyond, in units of 1/scale, so that sums of thousands stay below what cannot be."""


class Dual(NamedTuple):
    """The knapsacks of all sites, and what choosing among them takes; `limit` is how far a multiplier may go."""

    asked: Knapsacks
    state: NDArray[np.int8]
    sites: int
    quota: Quota
    rho: Ints
    limit: float


class Columns(NamedTuple):
    """Sets of demand points (k, n), the site of each (k,), and what it costs (k,)."""

    members: Bools
    site: Ints
    cost: Ints


def small_enough(case: CapacityCase) -> bool:
    """Whether the knapsacks of all sites can be filled again and again."""
    cells = (len(case.loads) + 1) * int((case.room + 1).sum())
    return case.whole and cells <= MOST_CELLS and case.dearest < _LARGEST // 4


def close_by_columns(case: CapacityCase, best: Best, limits: Limits) -> int:
    """Improve the best plan, and return what no plan costs less than, on the word of HiGHS."""
    scale = max(1, min(case.scale, _LARGEST // (case.dearest + 1)))
    dual = _begin(case, scale)
    if dual is None or not _climb(case, dual, best.value * scale, limits):
        return best.bound
    lowest, excess = _price_sites(dual)
    bound = max(best.bound, -(-lowest // scale))
    step = max(1, int(bound * FIRST_PART))
    while bound < best.value and not limits.reached():
        cutoff = min(bound - 1 + step, best.value - 1)
        columns = _list_columns(case, dual, excess, cutoff * scale - lowest)
        answer = None if columns is None else solve(_program(case, columns), limits=limits)
        if columns is None or answer is None or not answer.proven:
            break
        cost = cutoff + 1
        if answer.values is not None:
            plan = _plan(columns, np.flatnonzero(answer.values > 0.5))
            best.update_incumbent(plan)
            cost = plan.cost
        bound, step = min(cost, cutoff + 1), 2 * step
    return bound


def _begin(case: CapacityCase, scale: int) -> Dual | None:
    """Return the knapsacks of all sites at the first multipliers; ``None`` where the rules contradict themselves."""
    state = case.begin()
    if state is None:
        return None
    (n, m), prices = case.costs.shape, np.rint(case.first_prices() * scale).astype(np.int64)
    room = np.minimum(case.room, case.loads @ case.pairs)
    asked = Knapsacks(case.costs * scale, case.pairs, case.loads, case.least, room, prices, np.zeros((n, m), np.bool_))
    dual = Dual(asked, state, case.sites, case.quota, np.zeros(m, np.int64), float((case.dearest + 1) * scale))
    _fill_sites(dual)
    never = dual.rho >= NEVER // 2  # no set of whole loads lies between least and room
    if (never & (state == OPENED)).any():
        return None
    state[never] = CLOSED
    return dual


def _climb(case: CapacityCase, dual: Dual, upper: int, limits: Limits) -> bool:
    """Climb to multipliers with a high bound, and leave them in the dual; whether any plan may be left."""
    n, m = case.costs.shape
    ascent = begin_ascent(dual.asked.prices.astype(np.float64), m, 1.0)
    steps, left = max(1, CELLS_A_CALL // ((n + 1) * int((dual.asked.room + 1).sum()))), STEPS
    while left > 0 and not limits.reached():
        aim = min(float(upper), max(1.02 * ascent.progress[BEST], 1.0)) if left < STEPS else float(upper)
        if not _ascend(dual, ascent, upper - 1.0, aim, 1.0, steps, PACE):
            break
        left -= steps
    dual.asked.prices[:] = np.rint(ascent.best_at)
    return bool(np.isfinite(ascent.progress[BEST]))


@compiled
def _relax(dual: Dual, ascent: Ascent) -> float:
    for i in range(len(ascent.at)):
        dual.asked.prices[i] = round(ascent.at[i])
    _fill_sites(dual)
    if not choose_cheapest(dual.rho, dual.state, dual.sites, dual.quota, ascent.chosen):
        return np.inf
    value = dual.rho[ascent.chosen].sum()
    return np.inf if value >= NEVER // 2 else float(value + dual.asked.prices.sum())


@compiled
def _fill_sites(dual: Dual) -> None:
    for j in range(len(dual.rho)):
        if dual.state[j] >= 0:
            dual.rho[j] = fill_knapsack(dual.asked, j)


@compiled
def _differentiate(dual: Dual, ascent: Ascent) -> None:
    ascent.violation[:], ascent.metric[:] = 1.0, 1.0
    for j in range(len(ascent.chosen)):
        if ascent.chosen[j]:
            for i in range(len(ascent.violation)):
                ascent.violation[i] -= dual.asked.taken[i, j]


@compiled
def _move(dual: Dual, ascent: Ascent, length: float) -> None:
    ascent.at[:] = np.minimum(np.maximum(ascent.at + length * ascent.direction, -dual.limit), dual.limit)


_ascend = ascent_of(_relax, _differentiate, _move)


def _price_sites(dual: Dual) -> tuple[int, Ints]:
    """Return the bound in units of 1/scale, and what opening each site in any case adds to it (m,); −1 if it cannot."""
    _fill_sites(dual)
    chosen = np.zeros(len(dual.rho), np.bool_)
    choose_cheapest(dual.rho, dual.state, dual.sites, dual.quota, chosen)
    least, excess = int(dual.rho[chosen].sum()), np.full(len(dual.rho), -1)
    for j in np.flatnonzero(dual.state >= FREE):
        state = dual.state.copy()
        state[j] = OPENED
        if choose_cheapest(dual.rho, state, dual.sites, dual.quota, chosen):
            excess[j] = int(dual.rho[chosen].sum()) - least
    return least + int(dual.asked.prices.sum()), excess


def _list_columns(case: CapacityCase, dual: Dual, excess: Ints, room: int) -> Columns | None:
    """Return all sets that add at most `room` to the bound; ``None`` if they are too many."""
    members, count = np.empty((MOST_COLUMNS, len(case.loads)), np.bool_), 0
    listed, sites = [members[:0]], [np.zeros(0, np.int64)]
    for j in np.flatnonzero((excess >= 0) & (excess <= room)).tolist():
        found = _list_sets(dual.asked, j, int(excess[j]) - int(dual.rho[j]), room, members[: MOST_COLUMNS - count])
        if found < 0:
            return None
        count += found
        listed.append(members[:found].copy())
        sites.append(np.full(found, j))
    site, chosen = np.concatenate(sites), np.vstack(listed)
    return Columns(chosen, site, np.where(chosen, case.costs.T[site], 0).sum(axis=1))


@compiled
def _list_sets(asked: Knapsacks, site: int, start: int, room: int, members: Bools) -> int:
    """Fill in the sets of demand points whose reduced cost, from `start` on, is at most `room`; −1 if too many.

    Depth first, taken before left out; the table of what those to come can still save cuts whatever leads nowhere.
    """
    n, table = len(asked.loads), fill_table(asked, site)
    taken, turn = np.zeros(n, np.bool_), np.zeros(n, np.int8)  # turn: 0 not tried, 1 taken, 2 left out
    i, load, reduced, count = 0, 0, start, 0
    if start + table[0, 0] > room:
        return 0
    while i >= 0:
        if i == n:
            if count == len(members):
                return -1
            members[count] = taken
            count += 1
            i -= 1
            continue
        gain, more = asked.costs[i, site] - asked.prices[i], asked.loads[i]
        if turn[i] == 0:
            turn[i] = 1
            fits = asked.pairs[i, site] and load + more <= asked.room[site]
            if fits and reduced + gain + table[i + 1, load + more] <= room:
                taken[i] = True
                load, reduced, i = load + more, reduced + gain, i + 1
                continue
        if turn[i] == 1:
            turn[i] = 2
            if taken[i]:
                taken[i] = False
                load, reduced = load - more, reduced - gain
            if reduced + table[i + 1, load] <= room:
                i += 1
                continue
        turn[i] = 0
        i -= 1
    return count


def _program(case: CapacityCase, columns: Columns) -> Program:
    """Choose sets so that everyone is in one and no site has two, within the rules."""
    count, (n, m) = len(columns.site), case.costs.shape
    at = csr_array((np.ones(count), (columns.site, np.arange(count))), shape=(m, count))
    rules = RowList(m)
    add_site_rows(rules, case.rules, p=case.sites)
    of_sites, least = rules.gather()
    return Program(
        cost=columns.cost.astype(float),
        rows=csr_array(vstack([csr_array(columns.members.T.astype(float)), at, of_sites.astype(float) @ at])),
        least=np.concatenate([np.ones(n), case.rules.kept.astype(float), least.astype(float)]),
        most=np.concatenate([np.ones(n + m), np.full(len(least), np.inf)]),
        whole=np.ones(count, np.bool_),
        lowest=np.zeros(count),
    )


def _plan(columns: Columns, which: Ints) -> Plan:
    """Return the plan of some columns."""
    which = which[np.argsort(columns.site[which])]
    return Plan(int(columns.cost[which].sum()), columns.site[which], np.argmax(columns.members[which], axis=0))
