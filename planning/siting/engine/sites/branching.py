"""Open p sites at least cost: branch and bound whose tree is the proof.

The root climbs the dual in rounds. Each node raises its bound, re-proves it in exact integers, fixes
the sites whose other choice is already too dear (reduced-cost fixing), shortens the lists accordingly,
and branches on what raises the bound most on both sides. Bounds come from climbing, and then branches are
on groups of neighbouring sites, where nearly every site may still serve everybody, so that relaxations are
slow; else from linear relaxations, and branches are on sites. The nodes, in preorder, are the certificate.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.domain import begin, crowded
from planning.siting.engine.pseudo_costs import PseudoCosts
from planning.siting.engine.sites.dividing import Divider
from planning.siting.engine.sites.lagrangian import PATIENT, QUICK, SubgradientSettings
from planning.siting.engine.sites.lists import shorten
from planning.siting.engine.sites.node import ROOT_STEP_SCALE, Node, Priced, add_last, open_like
from planning.siting.engine.sites.radius import Remainder
from planning.siting.engine.sites.terms import Terms
from planning.siting.engine.tree import Incumbent, Tree, Visit
from planning.siting.limits import Limits
from planning.siting.proof.certificate import FREE, LEAF, ONWARD, OPENED, Certificate

ROOT_ROUNDS, LONG_ROUNDS, MOST_ROOT_ROUNDS = 8, 2, 60
"""Rounds of the root at least, of short and of long ones, and at most. Measured on six questions of 500 by 500: with
half of them 0.9 times the CPU, with twice as many 1.2 times."""
RISING, LONG_RISING = 0.03, 0.15
"""Further rounds while each closes so much of the gap: with 0.01 instead of 0.03 1.7 times the CPU, with 0.1 as
much."""
NODE_STEPS, NODE_STEP_SCALE = 60, 1.0
"""Steps of an ascent below the root, of the usual length: with half or twice of either the same CPU within a tenth."""
LARGE = 2**20  # pairs: from here on a long climb of the root pays, and shorter ones below it
MOST_CLIMBS = 2000
"""Nodes of a question that is not large, until groups of sites are branched on: six questions of 500 by 500 take 14
each."""
MOST_FIGURES = 2**27  # multipliers of all nodes together: 1 GB
VAST = 2**22  # pairs: no relaxation of so many fits the memory
TRIED, RELIABLE = 10, 2
"""Sites tried out where to branch, and trials that tell enough of one; a third or three times as many change nothing
that can be told from the noise of a machine."""
FEWER = 0.5  # of the entries: then a relaxation of its own is sharper; 0.25 and 0.8 take as long


class Row(NamedTuple):
    """What the certificate says of a node: multipliers, and the site or the group on which it branches."""

    multipliers: NDArray[np.int64]
    branch: int
    group: NDArray[np.int64] | None = None


class Search:
    """The best plan so far and the tree that proves a bound.

    Parameters
    ----------
    terms
        The question.
    limits
        When to stop.
    settings
        Of the ascent at the root.
    """

    def __init__(self, terms: Terms, limits: Limits, settings: SubgradientSettings = QUICK) -> None:
        self.terms, self.limits, self._near, self._settings = terms, limits, terms.lists, settings
        self.incumbent: Incumbent[NDArray[np.int64]] = Incumbent(terms.dearest + 1, limits)
        self._divider, self._unit = Divider(terms), 1.0

    def update_incumbent(self, opened: NDArray[np.int64]) -> None:
        """Keep a plan if it is allowed and the best so far."""
        self.incumbent.update(self.terms.cost(opened), np.sort(opened))

    def offer(self, opened: NDArray[np.int64]) -> None:
        """Offer some sites, and what exchanges make of them."""
        if len(opened) == self.terms.sites:
            self.update_incumbent(opened)
            if len(self._near.site) <= VAST:  # else the first climb suggests better ones sooner
                self.update_incumbent(self.terms.improve(opened, self._near))

    def run(self, prices: NDArray[np.float64] | None = None) -> Certificate:
        """Search until the best plan is proven or a limit is reached.

        Parameters
        ----------
        prices : (n,) float64, optional
            Multipliers per person to begin with.
        """
        state = begin(self.terms.rules)
        anything = np.full(len(self.terms.weights), np.inf)
        # A copy of lists from which nothing is left out would only cost memory.
        whole = (state == FREE).all()
        lists = self.terms.lists if whole else shorten(self.terms.lists, state, anything, self.terms.unserved_cost)
        first = self.terms.first_prices() if prices is None else prices
        root = Node(state, lists, first, self.terms.moves.quota, len(state), settings=self._settings, trunk=True)
        self._tree = Tree(self, root, self.incumbent)
        self._climb_root()
        if self._tree.pending and self._tree.bound < self.incumbent.value:
            self._search_below(self._tree.latest._replace(trunk=False))
        self._tree.close(self.price)
        self.incumbent.bound = self._tree.bound
        self.incumbent.report()
        return self._certificate()

    def _search_below(self, root: Node) -> None:
        """Grow a tree by climbing if the lists are dense; if that does not suffice, another by relaxations."""
        tree, trunk = self._tree, len(self._tree)
        self._unit = max(1.0, float(self.incumbent.value - root.bound))
        anything = np.full(len(root.prices), np.inf)
        self._near = shorten(self.terms.lists, np.minimum(root.state, 0), anything, self.terms.unserved_cost)
        vast, closed = len(root.lists.site) > VAST, False
        if vast or root.is_dense():
            large = len(root.lists.site) > LARGE // 2  # for relaxations to be of any help
            self._begin_below(trunk, root)
            closed = tree.grow(MOST_FIGURES // 2 // len(root.prices) if large else MOST_CLIMBS)
        if not (closed or vast or self.limits.reached()):
            self._begin_below(trunk, root._replace(remainder=self._remainder(root)))
            tree.grow(max(1, MOST_FIGURES // len(root.prices)))

    def _begin_below(self, trunk: int, root: Node) -> None:
        self._tree.rewind(trunk, root)
        self._pseudo_costs = PseudoCosts(len(root.state), tried=TRIED, reliable=RELIABLE)

    def _climb_root(self) -> None:
        """Climb from the root in rounds: the first in any case, later ones while the bound still rises."""
        tree, rounds, least, rising = self._tree, 0, ROOT_ROUNDS, True
        while rounds < least or (rising and rounds < MOST_ROOT_ROUNDS):
            before, rounds = tree.latest.bound, rounds + 1
            if tree.grow(rounds) or len(tree) < rounds:
                break
            node = tree.latest
            if rounds == 1 and len(node.lists.site) > LARGE and node.is_dense() and not node.settings.adapts:
                least, node = LONG_ROUNDS, node._replace(settings=PATIENT, step_scale=ROOT_STEP_SCALE)
                tree.rewind(1, node)
            cutoff = RISING if least == ROOT_ROUNDS else LONG_RISING
            rising = node.bound - before > cutoff * (self.incumbent.value - before)

    def _certificate(self) -> Certificate:
        sites, scale, m = self.terms.sites, self.terms.scale, self.terms.distances.shape[1]
        if self.incumbent.bound == 0:  # nothing costs less than nothing
            nothing = np.zeros((1, len(self.terms.weights)), np.int64)
            return Certificate(sites, 0, scale, nothing, np.array([LEAF]))
        rows = list(self._tree.preorder())
        groups = [np.isin(np.arange(m), row.group) for row in rows if row.group is not None]
        number = iter(range(m, m + len(groups)))
        branch = np.array([row.branch if row.group is None else next(number) for row in rows], np.int64)
        return Certificate(
            sites,
            self.incumbent.bound,
            scale,
            np.array([row.multipliers for row in rows], np.int64),
            branch,
            groups=np.array(groups, np.int8).reshape(len(groups), m),
        )

    def _remainder(self, node: Node) -> Remainder:
        return Remainder(self.terms, node.lists, node.state, node.prices, penalty=self.incumbent.value + 1.0)

    def price(self, node: Node) -> Visit[Node, Row]:
        """Make a leaf of a node as it stands."""
        return self._leaf(node.priced(self.terms, self._cutoff))

    def visit(self, node: Node) -> Visit[Node, Row]:
        """Raise the bound of a node, fix sites, and divide it; a leaf where nothing better is left."""
        node, primal = self._raise(node)
        priced = node.priced(self.terms, self._cutoff)
        bound = priced.bound
        if bound is None or bound > self._cutoff or FREE not in node.state:  # of one plan multipliers say no more
            return self._leaf(priced)
        narrowed = node.narrowed(self.terms, self._cutoff, priced)
        if crowded(narrowed.state, self.terms.rules.apart):
            return Visit(Row(priced.whole, LEAF))
        narrowed = narrowed._replace(bound=max(node.bound, -(-bound // self.terms.scale)))
        if node.trunk or self._narrows(node, narrowed):
            return Visit(Row(priced.whole, ONWARD), [narrowed])
        return self._divide(narrowed, primal, priced.whole)

    @property
    def _cutoff(self) -> int:
        """What a better plan costs at most, in units of 1/scale."""
        return (self.incumbent.value - 1) * self.terms.scale

    def _leaf(self, priced: Priced) -> Visit[Node, Row]:
        bound = None if priced.bound is None else max(0, -(-priced.bound // self.terms.scale))
        return Visit(Row(priced.whole, LEAF), bound=bound)

    def _narrows(self, before: Node, after: Node) -> bool:
        """Whether so much is fixed that the same node is worth another look."""
        free = np.count_nonzero(after.state == FREE)
        if (np.diff(after.lists.start) == 0).any():
            return True
        if before.remainder is None:
            return bool(free < 0.8 * np.count_nonzero(before.state == FREE))
        entries = len(after.lists.site)
        shorter = entries < FEWER * before.remainder.entries and entries < len(before.lists.site)
        return bool(free == 0 or shorter)

    def _divide(self, node: Node, primal: NDArray[np.float64], whole: NDArray[np.int64]) -> Visit[Node, Row]:
        """Split on a doubtful group of sites, or on one site."""
        group = None
        if node.remainder is None:
            group = self._divider.most_promising(node, primal, self.incumbent.value)
        if group is None:
            group = np.array([self._most_promising_site(node, primal)])
        closed, opened = (
            half._replace(depth=node.depth + 1, step_scale=NODE_STEP_SCALE, settings=QUICK)
            for half in self._divider.halve(node, group)
        )
        return Visit(Row(whole, int(group[0]), group if len(group) > 1 else None), [opened, closed])

    def _raise(self, node: Node) -> tuple[Node, NDArray[np.float64]]:
        """Raise the bound of a node; try the plan that this suggests."""
        primal, nobody = np.zeros(len(node.state)), np.diff(node.lists.start) == 0
        if nobody.any():  # whom no site is left to serve pays alone what is more than any plan costs
            return node._replace(prices=np.where(nobody, node.lists.multiplier_limit, 0.0)), primal
        if self.terms.sites - np.count_nonzero(node.state == OPENED) <= 1:
            # What everybody pays now is the exact dual when at most one site is to be added.
            self._offer_all(add_last(self.terms, node))
            return node._replace(prices=node.lists.multiplier_limit), primal
        if node.remainder is not None:
            remainder = node.remainder
            if len(node.lists.site) < FEWER * remainder.entries:
                remainder = self._remainder(node)
                node = node._replace(remainder=remainder)
            relaxed = remainder.relax(node.state, self.limits)
            if relaxed is None:
                return node, primal
            self._offer_all(open_like(self.terms, node, relaxed[1], self._near))
            return node._replace(prices=relaxed[0] / self.terms.people), relaxed[1]
        terms, upper = self.terms, float(self.incumbent.value)
        climb = node.climb(terms.demand, terms.sites, upper, self._steps(node), node.step_scale)
        if node.depth % 4 == 0 and np.isfinite(climb.bound):
            self._offer_all(open_like(self.terms, node, climb.primal, self._near))
        return node._replace(prices=climb.prices, step_scale=climb.step_scale), climb.primal

    def _steps(self, node: Node) -> int:
        """Return how long to climb; where some pairs are not allowed, multipliers of one step size have far to rise."""
        if node.depth:
            return NODE_STEPS if len(node.lists.site) < LARGE // 2 else NODE_STEPS // 2
        return node.settings.steps * (1 if self.terms.everywhere or node.settings.adapts else 5)

    def _most_promising_site(self, node: Node, primal: NDArray[np.float64]) -> int:
        """Return the free site that raises the bound most on both sides, of those the bound is least sure about."""
        room = float(self.incumbent.value - node.bound)

        def probe(site: int) -> tuple[float, float]:
            if node.remainder is not None:
                closed, opened = (bound - node.bound for bound in node.remainder.probe(site))
            else:
                closed, opened = self._divider.gains(node, [np.array([site])], room)[0]
            return closed / self._unit, opened / self._unit

        return self._pseudo_costs.choose(probe, 0.0, primal, np.flatnonzero(node.state == FREE), room / self._unit)

    def _offer_all(self, plans: list[NDArray[np.int64]]) -> None:
        for plan in plans:
            self.update_incumbent(plan)
