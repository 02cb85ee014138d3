"""A part of the plans of p sites still to be searched, and the plans that it suggests."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.domain import separate
from planning.siting.engine.sites.lagrangian import PATIENT, QUICK, DualResult, SubgradientSettings, ascend
from planning.siting.engine.sites.lists import Lists, price_exactly, shorten
from planning.siting.engine.sites.radius import Remainder
from planning.siting.engine.sites.selection import Quota, fix_sites
from planning.siting.engine.sites.terms import Demand, Terms
from planning.siting.proof.certificate import CLOSED, FREE, OPENED

ROOT_STEP_SCALE = 1.0
"""The step that the gap asks for (Held, Wolfe & Crowder 1974); half or twice of it take as long."""
OPEN, DRAWS = 0.01, 30
"""Sites that the ascent opened of late count for plans, and plans drawn from them; a third of either takes as long."""
DENSE = 0.4  # of the sites left, on a list: then lists spare nothing
LONG, FEWER = 2**20, 0.8
"""Lists of so many entries are copied only where so few of their sites are left: parts that wait share them."""


class Priced(NamedTuple):
    """What whole multipliers say of a part of the plans.

    Parameters
    ----------
    whole : (n,) int64
        Multipliers in units of 1/scale.
    rho : (m,) int64
        Prices of the sites.
    bound
        What they prove, in units of 1/scale; ``None`` if no choice of sites is left.
    state : (m,) int8
        With the sites that they fix.
    """

    whole: NDArray[np.int64]
    rho: NDArray[np.int64]
    bound: int | None
    state: NDArray[np.int8]


class Node(NamedTuple):
    """A part of the plans still to be searched.

    Parameters
    ----------
    state : (m,) int8
        FREE, OPENED or CLOSED.
    lists
        Without what is closed or too far for a better plan.
    prices : (n,) float64
        Multipliers per person to go on from.
    quota
        Sites by township; or the groups of which one site at least is opened.
    listed
        Of how many sites the lists were made.
    bound
        Cost that is proven for it.
    depth
    step_scale, settings
        Of the climb, to go on with.
    remainder
        The relaxation to take bounds from; ``None`` is to climb.
    trunk
        Whether it is not to be divided yet.
    """

    state: NDArray[np.int8]
    lists: Lists
    prices: NDArray[np.float64]
    quota: Quota
    listed: int
    bound: int = 0
    depth: int = 0
    step_scale: float = ROOT_STEP_SCALE
    settings: SubgradientSettings = QUICK
    remainder: Remainder | None = None
    trunk: bool = False

    def climb(self, demand: Demand, sites: int, upper: float, steps: int, step_scale: float) -> DualResult:
        """Climb from its multipliers, so many sites being opened."""
        lists, begin, state, quota, settings = self.lists, self.prices, self.state, self.quota, self.settings
        people, sizes = demand.people, demand.step_sizes
        return ascend(lists, people, sizes, begin, state, sites, quota, upper, steps, step_scale, settings)

    def priced(self, terms: Terms, cutoff: int) -> Priced:
        """Re-prove its bound in exact integers; sites are fixed whose other choice costs more than `cutoff`."""
        whole = terms.whole(self.prices, self.lists)
        rho = price_exactly(self.lists, terms.weights, whole, terms.scale, len(self.state))
        total = int(whole.astype(object).sum())
        added, state = fix_sites(rho, self.state, terms.sites, self.quota, cutoff - total)
        return Priced(whole, rho, None if added is None else total + added, state)

    def narrowed(self, terms: Terms, cutoff: int, priced: Priced) -> Node:
        """Return what is left of it: the sites fixed, and nobody paying more than within a plan of cost `cutoff`."""
        slack = 0 if priced.bound is None else cutoff - priced.bound
        most = np.floor((priced.whole + float(slack)) / (terms.people * terms.scale) + 1e-9)
        return self._replace(state=separate(priced.state, terms.rules.apart)).shortened(most, terms.unserved_cost)

    def shortened(self, most: NDArray[np.float64], unserved_cost: NDArray[np.float64]) -> Node:
        """Return the node with its lists cut to what it needs, long ones if that gains enough."""
        left = int(np.count_nonzero(self.state != CLOSED))
        if len(self.lists.site) > LONG and left > FEWER * self.listed and OPENED not in self.state:
            return self
        return self._replace(lists=shorten(self.lists, self.state, most, unserved_cost), listed=left)

    def is_dense(self) -> bool:
        """Whether nearly every site left may still serve everybody: then relaxations are slow."""
        # Whoever goes as far as anyone may pays no less there than anywhere: such entries make nothing slow.
        nearer = self.lists.distance < np.repeat(self.lists.multiplier_limit, np.diff(self.lists.start))
        return bool(np.count_nonzero(nearer) > DENSE * np.count_nonzero(self.state != CLOSED) * len(self.prices))


def open_like(terms: Terms, node: Node, primal: NDArray[np.float64], near: Lists) -> list[NDArray[np.int64]]:
    """Round how open each site was, in a climb or relaxation, to plans, and improve them within the lists `near`."""
    primal = np.where(node.state == OPENED, 2.0, np.where(node.state == CLOSED, -1.0, primal))
    opened = np.sort(np.argsort(-primal, kind="stable")[: terms.sites])
    if not terms.rules.plain and terms.rules.broken_by(opened):
        return []
    if node.remainder is None:
        few = _list_open(terms, node, primal, node.lists if node.depth else near)
        opened = terms.improve(opened, few)
        near = few if node.depth else near  # below the root, what is open elsewhere is for other parts to try
    plans = [terms.improve(opened, near)]
    if node.settings == PATIENT and terms.rules.plain:
        plans.append(terms.improve(_draw_best(terms, node, primal, near), near))
    return plans


def _list_open(terms: Terms, node: Node, primal: NDArray[np.float64], near: Lists) -> Lists:
    """Return the lists with only the sites that were open now and then."""
    state = np.where((primal > OPEN) & (node.state != CLOSED), FREE, CLOSED).astype(np.int8)
    return shorten(near, state, np.full(len(near.multiplier_limit), np.inf), terms.unserved_cost)


def _draw_best(terms: Terms, node: Node, primal: NDArray[np.float64], near: Lists) -> NDArray[np.int64]:
    """Draw plans of sites that were open now and then, exchange these for each other, and return the best."""
    some = np.flatnonzero((primal > OPEN) & (node.state != CLOSED))
    if len(some) <= terms.sites:
        return np.argsort(-primal, kind="stable")[: terms.sites]
    few = _list_open(terms, node, primal, near)
    draw, chance = np.random.default_rng(0), primal[some] / primal[some].sum()
    starts = [draw.choice(some, terms.sites, replace=False, p=chance) for _ in range(DRAWS)]
    return min((terms.improve(start, few) for start in starts), key=lambda plan: terms.cost(plan) or 0)


def add_last(terms: Terms, node: Node) -> list[NDArray[np.int64]]:
    """Return the opened sites, with the one that lowers the cost most where one is missing."""
    opened, free = np.flatnonzero(node.state == OPENED), np.flatnonzero(node.state == FREE)
    area, wanting = node.quota.township, node.quota.least > 0
    wanting[area[opened][area[opened] >= 0]] = False
    if wanting.any() and len(terms.moves.quota.least) == 0:
        free = free[np.isin(area[free], np.flatnonzero(wanting))]
    if len(opened) == terms.sites:
        return [opened]
    if len(opened) != terms.sites - 1 or len(free) == 0:
        return []
    whole = np.rint(node.lists.multiplier_limit * terms.people).astype(np.int64)
    savings = price_exactly(node.lists, terms.weights, whole, 1, len(node.state))
    return [np.append(opened, site) for site in free[np.argsort(savings[free], kind="stable")[:2]]]
