"""Hubs at least floor area (or cost): a tree of covering relaxations, each re-proved in exact integers."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.cover.reduce import essential_rows
from planning.siting.engine.domain import begin
from planning.siting.engine.hubs.case import MM2, HubCase
from planning.siting.engine.hubs.cover import Cover, Relaxed, cover_greedily
from planning.siting.engine.tree import Incumbent, Tree, Visit
from planning.siting.limits import Limits
from planning.siting.proof.certificate import CLOSED, FREE, OPENED
from planning.siting.proof.cover_certificate import CoverCertificate
from planning.siting.proof.hub_certificate import LEAF, HubCertificate

Whole = NDArray[np.int64]
UNIT = MM2
"""Values are told, and compared, rounded up to whole m² or yuan."""


class Node(NamedTuple):
    """A part of the plans: sites fixed, how many hubs, multipliers and prices to begin with, and what is proven."""

    state: NDArray[np.int8]
    least: int
    most: int
    u: Whole
    prices: Whole
    depth: int = 0
    bound: int = 0


class Row(NamedTuple):
    """What the certificate says of a node; `bound` in whole mm² or millionths of a yuan."""

    u: Whole
    mixes: Whole
    prices: Whole
    branch: int
    bound: int | None


class Plan(NamedTuple):
    """Open sites, the hub of each village, area in mm², and what counts."""

    opened: Whole
    hub_of: Whole
    area_mm2: int
    value: int


@dataclass(eq=False)
class HubSearch:
    """The best plan so far and what is proven.

    Parameters
    ----------
    case
    limits
    of_cost
        Whether the case counts money rather than area.
    most_cost
        Only plans that cost no more than this (millionths of a yuan, see `cost`) count.
    cost
        (yuan per m², fixed cost of each site in millionths of a yuan).
    """

    case: HubCase
    limits: Limits
    of_cost: bool = False
    most_cost: int | None = None
    cost: tuple[int, Whole] | None = None
    incumbent: Incumbent[Plan] = field(init=False)
    dearer: Plan | None = field(default=None, init=False)
    start: Node = field(init=False)
    root: Node | None = field(default=None, init=False)
    fewest: CoverCertificate | None = field(default=None, init=False)
    growth: Whole = field(init=False)
    cover: Cover = field(init=False)

    def __post_init__(self) -> None:
        self.incumbent = Incumbent(-(-self.case.worst() // UNIT) + 1, self.limits)

    def update_incumbent(self, opened: Whole | None, hub_of: Whole | None = None) -> None:
        """Keep a plan if it is the best so far."""
        if opened is None or not len(opened):
            return
        hub_of = self.case.allocate(opened) if hub_of is None else hub_of
        if hub_of is None or not self.case.fits(opened, hub_of):
            return
        area = self.case.area(opened, hub_of)
        plan = Plan(np.sort(opened), hub_of, area, self.case.times * area + int(self.case.fixed[opened].sum()))
        if self.most_cost is not None and self.cost is not None:
            yuan, fixed = self.cost
            if yuan * area + int(fixed[opened].sum()) > self.most_cost:
                self.dearer = plan if self.dearer is None or plan.value < self.dearer.value else self.dearer
                return
        best = self.incumbent.plan
        if not self.incumbent.update(-(-plan.value // UNIT), plan) and best is not None and plan.value < best.value:
            self.incumbent.plan = plan

    def begin(self) -> None:
        """Offer a greedy plan and take out the growth that leaves most to be proven at once."""
        case = self.case
        self.update_incumbent(cover_greedily(case, np.ones(case.reach.shape[1])))
        state = begin(case.rules)
        rows = essential_rows(case.reach)
        best = -np.inf
        for shares in self._shares():
            growth = case.growth(shares)
            cover = Cover(case, case.price(growth)[1] / case.scale, rows)
            if not hasattr(self, "cover"):
                self.growth, self.cover = growth, cover
            if self.limits.reached() or case.rules.kept[case.rules.barred].any():
                break
            relaxed = cover.relax(state, case.least, case.most, self.limits)
            if relaxed is not None and relaxed.bound + growth.sum() / case.scale > best:
                best = relaxed.bound + growth.sum() / case.scale
                self.growth, self.cover = growth, cover
        nothing = np.zeros(1 + len(case.rules.townships), np.int64)
        self.start = Node(state, case.least, case.most, self.growth, nothing)

    def run(self, *, nodes: int) -> HubCertificate:
        """Grow the tree until the best plan is proven, `nodes` are used up or a limit is reached.

        Where `fewest` proves that there must be more hubs, the tree begins with so many.
        """
        more = 0 if self.fewest is None else self.fewest.sites + 1
        tree = Tree(self, self.start._replace(least=max(self.start.least, more)), self.incumbent)
        tree.grow(nodes)
        tree.close(self.price)
        rows = list(tree.preorder())
        # Sites were fixed only for plans that are better than the best, so no leaf says more than that.
        least = min([(self.incumbent.value - 1) * UNIT + 1, *(row.bound for row in rows if row.bound is not None)])
        self.incumbent.raise_bound(-(-least // UNIT))
        return HubCertificate(
            self.of_cost,
            least,
            self.case.scale,
            np.stack([row.u for row in rows]),
            np.stack([row.mixes for row in rows]),
            np.stack([row.prices for row in rows]),
            np.array([row.branch for row in rows], np.int64),
            self.fewest,
        )

    def _shares(self) -> list[Whole]:
        """Return which rooms are taken to grow with the people: all or none, and those with a minimum either way."""
        table, scale = self.case.table, self.case.scale
        bent = np.flatnonzero((table[:, 3] > table[:, 0]) & ((table[:, 1] > 0) | (table[:, 2] > 0)))[:2]
        found = []
        for choice in product((scale, 0), repeat=len(bent)):
            shares = np.full(len(table), scale, np.int64)
            shares[bent] = choice
            found.append(shares)
        return [*found, np.zeros(len(table), np.int64)]

    def visit(self, node: Node) -> Visit[Node, Row]:
        """Relax a node, fix sites, and divide it; a leaf where nothing better is left."""
        relaxed = None if _broken(self.case, node) else self.cover.relax(node.state, node.least, node.most, self.limits)
        if relaxed is None:
            return self.price(node)
        u, prices = self._whole(relaxed)
        self.update_incumbent(cover_greedily(self.case, relaxed.primal + 1e-3))
        return self._bounded(node._replace(u=u, prices=prices), relaxed)

    def price(self, node: Node) -> Visit[Node, Row]:
        """Make a leaf of a node as it stands."""
        if not _broken(self.case, node):
            return self._bounded(node, None)
        nothing = np.zeros((self.case.reach.shape[1], 1 + len(self.case.figures)), np.int64)
        return Visit(Row(np.zeros_like(node.u), nothing, np.zeros_like(node.prices), LEAF, None))

    def _bounded(self, node: Node, relaxed: Relaxed | None) -> Visit[Node, Row]:
        mixes, values = self.case.price(node.u)
        cutoff, scale = (self.incumbent.value - 1) * UNIT, self.case.scale
        bound, state = self._fix(node, values, cutoff)
        branch, children = LEAF, list[Node]()
        in_units = -(-bound // (scale * UNIT))
        if node.depth == 0:
            self.incumbent.raise_bound(in_units)
            self.root = node._replace(state=state)
        if relaxed is not None and bound <= cutoff * scale:
            branch, children = self._divide(node._replace(state=state, bound=in_units, depth=node.depth + 1), relaxed)
        proven = -(-bound // scale) if branch == LEAF else None
        return Visit(Row(node.u, mixes, node.prices, branch, proven), children, in_units if branch == LEAF else None)

    def _whole(self, relaxed: Relaxed) -> tuple[Whole, Whole]:
        """Return multipliers and prices in units of 1/scale, shrunk together where 64 bits would not do."""
        scale, sites = self.case.scale, self.case.reach.shape[1]
        largest = max(float(relaxed.covered.sum()), sites * float(np.abs(relaxed.prices).max())) * scale
        unit = scale * min(1.0, 2.0**60 / max(1.0, largest))
        u = self.growth + np.rint(relaxed.covered * unit).astype(np.int64)
        return u, np.rint(relaxed.prices * unit).astype(np.int64)

    def _fix(self, node: Node, values: Whole, cutoff: int) -> tuple[int, NDArray[np.int8]]:
        """Return the exact bound (units of 1/scale) and what each site may still be."""
        rules, prices = self.case.rules, node.prices
        rho = values - prices[0] - np.append(prices[1:], 0)[rules.township]
        total = sum(node.u.tolist()) + int(prices[0]) * (node.least if prices[0] > 0 else node.most)
        for price, low, high in zip(prices[1:].tolist(), rules.least.tolist(), rules.most.tolist(), strict=True):
            total += price * (low if price > 0 else high)
        free = node.state == FREE
        bound = total + sum(rho[node.state == OPENED].tolist()) + sum(np.minimum(rho[free], 0).tolist())
        spare = cutoff * self.case.scale - bound
        state = node.state.copy()
        if spare >= 0:
            state[free & (rho > spare)] = CLOSED
            state[free & (rho < -spare)] = OPENED
        return bound, state

    def _divide(self, child: Node, relaxed: Relaxed) -> tuple[int, list[Node]]:
        """Split on the number of hubs while that is not whole, then on the most doubtful site."""
        state, count = child.state, float(relaxed.primal.sum())
        fewer = int(np.floor(count + 1e-6))
        if count - fewer > 1e-4 and child.least <= fewer < child.most:
            return len(state) + fewer, [child._replace(most=fewer), child._replace(least=fewer + 1)]
        doubt = np.where(state == FREE, np.abs(relaxed.primal - 0.5), np.inf)
        site = int(np.argmin(doubt))
        if not np.isfinite(doubt[site]):
            return LEAF, []
        opened, closed = state.copy(), state.copy()
        opened[site], closed[site] = OPENED, CLOSED
        return site, [child._replace(state=opened), child._replace(state=closed)]

    def believe(self, value: float) -> None:
        """Take a solver's word that no plan is below `value`, not yet rounded."""
        if np.isfinite(value):
            self.incumbent.raise_bound(int(np.ceil(value / UNIT - 1e-3)))


def _broken(case: HubCase, node: Node) -> bool:
    """Whether no plan is left: too many or too few sites open, in all or in a township, or two too near."""
    opened, possible, rules = node.state == OPENED, node.state >= 0, case.rules
    if opened.sum() > node.most or possible.sum() < node.least or (rules.kept & rules.barred).any():
        return True
    inside = rules.township >= 0
    sure = np.bincount(rules.township[opened & inside], minlength=len(rules.townships))
    maybe = np.bincount(rules.township[possible & inside], minlength=len(rules.townships))
    return bool((sure > rules.most).any() or (maybe < rules.least).any() or opened[rules.apart].all(axis=1).any())
