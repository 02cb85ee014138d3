"""What the covering relaxation leaves over, as a binary program of sites and villages.

min Σ_j (B y_j + Σ_r short_jr + short_j)   subject to   Σ_j x_ij = 1,   x_ij ≤ y_j,
    short_jr ≥ (m_r − b_r) y_j − growth of room r with the villages x_·j,
    short_j  ≥ F y_j − all rooms,   capacities, budget, rules;   x, y binary, short ≥ 0

B adds up the bases b_r of the rooms; what grows linearly with the people is the same in all plans
and left out. Divided by their largest value, all variables lie between 0 and 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array, csr_array

from planning.siting.engine.hubs.case import MM2, SMALLEST_MM2, HubCase
from planning.siting.engine.hubs.search import HubSearch
from planning.siting.engine.solver import Program, solve
from planning.siting.limits import Limits
from planning.siting.proof.certificate import CLOSED, OPENED

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


def finish_program(search: HubSearch, state: NDArray[np.int8], limits: Limits) -> None:
    """Let HiGHS decide what is left with the sites of `state`; take its plan, raise the bound on its word."""
    case = search.case
    kept = np.flatnonzero(state != CLOSED)
    if not len(kept):
        search.incumbent.bound = search.incumbent.value
        return
    rows = _Rows(case, kept)
    _add_rules(rows)
    area = _add_rooms(rows)
    always = float(case.growth(np.full(len(case.table), 1)).sum()) / case.times if case.times else 0.0
    if search.cost is not None and search.most_cost is not None:
        yuan, fixed = search.cost
        money = yuan * area
        money[: len(kept)] += fixed[kept] / MM2
        unit = max(1.0, float(np.abs(money).max()))
        most = (search.most_cost - yuan * always) / MM2 / unit
        rows.add(0, np.arange(rows.width), money / unit, least=-np.inf, most=most, count=1)
    cost = case.times * area
    cost[: len(kept)] += case.fixed[kept] / MM2
    unit = max(1.0, float(np.abs(cost).max()))

    def tell(_cost: float, bound: float) -> None:
        search.believe(bound * unit * MM2 + case.times * always)

    answer = solve(rows.program(cost / unit, state[kept] == OPENED), limits=limits, gap=0.5 / unit, tell=tell)
    if answer.values is not None:
        opened = kept[answer.values[: len(kept)] > 0.5]
        search.update_incumbent(opened, rows.hubs_of(answer.values))
        if case.capacity is None:
            search.update_incumbent(opened)
    if answer.proven and answer.values is None:
        search.incumbent.bound = search.incumbent.value
    tell(0.0, answer.bound)


@dataclass(eq=False)
class _Rows:
    """Rows collected piece by piece over the variables y of the sites, x of the pairs, and what is added."""

    case: HubCase
    kept: Whole
    site: Whole = field(init=False)
    village: Whole = field(init=False)
    width: int = field(init=False)
    count: int = field(default=0, init=False)
    _parts: list[tuple[Whole, Whole, Floats]] = field(default_factory=list, init=False)
    _sides: list[tuple[Floats, Floats]] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        site, village = np.nonzero(self.case.reach[:, self.kept].T)
        self.site, self.village = site.astype(np.int64), village.astype(np.int64)
        self.width = len(self.kept) + len(site)

    @property
    def sites(self) -> Whole:
        """(k,) columns of the y."""
        return np.arange(len(self.kept))

    @property
    def pairs(self) -> Whole:
        """Columns of the x."""
        return len(self.kept) + np.arange(len(self.site))

    def more(self) -> Whole:
        """(k,) columns of a new variable of each site."""
        self.width += len(self.kept)
        return np.arange(self.width - len(self.kept), self.width)

    def add(
        self, row: ArrayLike, column: ArrayLike, value: ArrayLike, *, least: ArrayLike, most: ArrayLike, count: int
    ) -> None:
        """Add `count` rows; entries as (row among them, column, value)."""
        self._sides.append((_wide(least, count), _wide(most, count)))
        self.count += count
        self.extend(row, column, value)

    def extend(self, row: ArrayLike, column: ArrayLike, value: ArrayLike) -> None:
        """Add entries to the rows added last."""
        begin = self.count - len(self._sides[-1][0])
        rows, columns, values = np.broadcast_arrays(row, column, np.asarray(value, np.float64))
        self._parts.append((rows.ravel() + begin, columns.ravel(), values.ravel()))

    def program(self, cost: Floats, opened: NDArray[np.bool_]) -> Program:
        """Return the program: sites and pairs are whole, and `opened` sites open."""
        rows, columns, values = (np.concatenate(part) for part in zip(*self._parts, strict=True))
        least, most = (np.concatenate(side) for side in zip(*self._sides, strict=True))
        return Program(
            cost=cost,
            rows=csr_array(coo_array((values, (rows, columns)), shape=(self.count, self.width))),
            least=least,
            most=most,
            whole=np.arange(self.width) < len(self.kept) + len(self.site),
            lowest=np.append(opened.astype(float), np.zeros(self.width - len(self.kept))),
        )

    def hubs_of(self, values: Floats) -> Whole:
        """(n,) the hub of each village in an answer."""
        taken = values[self.pairs] > 0.5
        hub_of = np.zeros(len(self.case.people), np.int64)
        hub_of[self.village[taken]] = self.kept[self.site[taken]]
        return hub_of


def _wide(side: ArrayLike, count: int) -> Floats:
    return np.broadcast_to(np.asarray(side, np.float64), (count,))


def _add_rules(rows: _Rows) -> None:
    """Everyone is served once, by an open site; rules and capacities."""
    case, kept = rows.case, rows.kept
    rows.add(rows.village, rows.pairs, 1.0, least=1, most=1, count=len(case.people))
    each = np.arange(len(rows.site))
    rows.add(each, rows.pairs, -1.0, least=0, most=np.inf, count=len(each))
    rows.extend(each, rows.site, 1.0)
    rules = case.rules
    rows.add(0, rows.sites, 1.0, least=case.least, most=case.most, count=1)
    for g, (least, most) in enumerate(zip(rules.least.tolist(), rules.most.tolist(), strict=True)):
        rows.add(0, np.flatnonzero(rules.township[kept] == g), 1.0, least=least, most=most, count=1)
    place = np.full(case.reach.shape[1], -1)
    place[kept] = rows.sites
    pairs = place[rules.apart]
    pairs = pairs[(pairs >= 0).all(axis=1)]
    rows.add(np.arange(len(pairs))[:, None], pairs, 1.0, least=0, most=1, count=len(pairs))
    if case.capacity is None:
        return
    loads = case.capacity.loads[rows.village].astype(np.float64)
    unit = max(1.0, float(loads.max(initial=0.0)))
    room = np.minimum(case.capacity.capacities[kept], loads.sum() + 1.0)
    for limit, sign in ((room, -1.0), (case.capacity.minimum_loads[kept], 1.0)):
        rows.add(rows.site, rows.pairs, sign * loads / unit, least=0, most=np.inf, count=len(kept))
        rows.extend(rows.sites, rows.sites, -sign * limit / unit)


def _add_rooms(rows: _Rows) -> Floats:
    """Add what rooms and hubs fall short of their least area; return the area, m², of every variable."""
    case = rows.case
    people, children = case.people[rows.village] / MM2, case.children[rows.village] / MM2
    growth = np.zeros(len(rows.site))
    base = sum(room[0] for room in case.figures) / MM2
    shorts: list[tuple[Whole, float]] = []
    for bare, person, child, least in case.figures:
        grows = person * people + child * children
        growth += grows
        if least > bare:
            shorts.append((rows.more(), (least - bare) / MM2))
            _add_shortfall(rows, *shorts[-1], grows)
    floor = SMALLEST_MM2 / MM2 - base
    if floor > sum(most for _, most in shorts):
        rooms = list(shorts)
        shorts.append((rows.more(), floor))
        _add_shortfall(rows, *shorts[-1], growth)
        for column, most in rooms:
            rows.extend(rows.sites, column, most)
    area = np.zeros(rows.width)
    area[rows.sites] = base
    for column, most in shorts:
        area[column] = most
    return area


def _add_shortfall(rows: _Rows, column: Whole, most: float, growth: Floats) -> None:
    """Of `most` m², each open site is short of what its villages do not bring."""
    rows.add(rows.sites, column, most, least=0, most=np.inf, count=len(rows.kept))
    rows.extend(rows.sites, rows.sites, -most)
    rows.extend(rows.site, rows.pairs, growth)
