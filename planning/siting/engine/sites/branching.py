"""Open p sites at least cost: branch and bound whose tree is the proof.

The root climbs the dual in rounds. Each node raises its bound, re-proves it in exact integers, settles
the sites whose other choice is already too dear (reduced-cost fixing), shortens the lists accordingly,
and branches on what raises the bound most on both sides. Bounds come from climbing, and then branches are
on groups of neighbouring sites, where nearly every site may still serve everybody, so that relaxations are
slow; else from linear relaxations, and branches are on sites. The nodes, in preorder, are the certificate.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.pseudo_costs import PseudoCosts
from planning.siting.engine.sites.dividing import Divider
from planning.siting.engine.sites.lagrangian import PATIENT, QUICK
from planning.siting.engine.sites.lists import Lists, price_exactly, shorten
from planning.siting.engine.sites.node import ROOT_STEP_SCALE, Node, add_last, open_like
from planning.siting.engine.sites.radius import Remainder
from planning.siting.engine.sites.selection import settle_sites
from planning.siting.engine.sites.terms import Terms
from planning.siting.limits import Limits, Progress
from planning.siting.proof.certificate import CLOSED, FREE, LEAF, ONWARD, OPENED, Certificate

ROOT_ROUNDS, LONG_ROUNDS, MOST_ROOT_ROUNDS = 8, 2, 60
RISING, LONG_RISING = 0.03, 0.15  # of the gap, in one round
NODE_STEPS, NODE_STEP_SCALE = 60, 1.0
LARGE = 2**20  # pairs: from here on a long climb of the root pays, and shorter ones below it
MOST_CLIMBS = 2000
MOST_FIGURES = 2**27  # multipliers of all nodes together, to bound the memory
VAST = 2**22  # pairs: no relaxation of so many fits the memory
TRIED, RELIABLE = 10, 2
FEWER = 0.5  # of the entries: then a relaxation of its own is sharper


@dataclass(eq=False)
class Search:
    """The best plan so far and the tree that proves a bound.

    Parameters
    ----------
    terms
        The question.
    limits
        When to stop.
    """

    terms: Terms
    limits: Limits
    upper: int = field(init=False)
    opened: NDArray[np.int64] | None = field(default=None, init=False)
    bound: int = field(default=0, init=False)
    _near: Lists = field(init=False)
    _rows: list[NDArray[np.int64]] = field(default_factory=list, init=False)
    _branch: list[int] = field(default_factory=list, init=False)
    _groups: list[NDArray[np.int8]] = field(default_factory=list, init=False)
    _stack: list[Node] = field(default_factory=list, init=False)
    _least: int | None = field(default=None, init=False)
    _pseudo_costs: PseudoCosts = field(init=False)
    _divider: Divider = field(init=False)
    _unit: float = field(default=1.0, init=False)

    def __post_init__(self) -> None:
        self.upper, self._near = self.terms.dearest + 1, self.terms.lists
        self._divider = Divider(self.terms)

    def offer(self, opened: NDArray[np.int64]) -> None:
        """Keep a plan if it is allowed and the best so far."""
        cost = self.terms.cost(opened)
        if cost is not None and cost < self.upper:
            self.upper, self.opened = cost, np.sort(opened)
            self._tell()

    def begin(self) -> None:
        """Offer a first plan: greedy, then improved."""
        opened = self.terms.add_greedily()
        if len(opened) == self.terms.sites:
            self.offer(opened)
            if len(self._near.site) <= VAST:  # else the first climb suggests better ones sooner
                self.offer(self.terms.improve(opened, self._near))

    def run(self, prices: NDArray[np.float64] | None = None) -> Certificate:
        """Search until the best plan is proven or a limit is reached.

        Parameters
        ----------
        prices : (n,) float64, optional
            Multipliers per person to begin with.
        """
        state = np.full(self.terms.distances.shape[1], FREE, np.int8)
        state[self.terms.rules.barred], state[self.terms.rules.kept] = CLOSED, OPENED
        anything = np.full(len(self.terms.weights), np.inf)
        # A copy of lists from which nothing is left out would only cost memory.
        whole = (state == FREE).all()
        lists = self.terms.lists if whole else shorten(self.terms.lists, state, anything, self.terms.alone)
        begin = self.terms.first_prices() if prices is None else prices
        self._stack = [Node(state, lists, begin, self.terms.moves.quota, len(state))]
        self._climb_root()
        if self._stack:
            self._search_below(self._stack[-1])
        self._close()
        return self._certificate()

    def _search_below(self, root: Node) -> None:
        """Grow a tree by climbing if the lists are dense; if that does not suffice, another by relaxations."""
        trunk, self._unit = len(self._branch), max(1.0, float(self.upper - root.bound))
        self._pseudo_costs = PseudoCosts(len(root.state), tried=TRIED, reliable=RELIABLE)
        anything = np.full(len(root.prices), np.inf)
        self._near = shorten(self.terms.lists, np.minimum(root.state, 0), anything, self.terms.alone)
        vast = len(root.lists.site) > VAST
        if vast or root.is_dense():
            large = len(root.lists.site) > LARGE // 2  # for relaxations to be of any help
            self._grow(MOST_FIGURES // 2 // len(root.prices) if large else MOST_CLIMBS)
        if self._stack and self.upper > 0 and not vast and not self.limits.reached():
            self._rows, self._branch, self._least = self._rows[:trunk], self._branch[:trunk], None
            self._groups = []
            self._stack = [root._replace(remainder=self._remainder(root))]
            self._pseudo_costs = PseudoCosts(len(root.state), tried=TRIED, reliable=RELIABLE)
            self._grow(max(1, MOST_FIGURES // len(root.prices)))

    def _climb_root(self) -> None:
        """Climb from the root in rounds: the first in any case, later ones while the bound still rises."""
        rounds, least, rising = 0, ROOT_ROUNDS, True
        while self._stack and self.upper > 0 and not self.limits.reached():
            if rounds >= least and not (rising and rounds < MOST_ROOT_ROUNDS):
                break
            before = self._stack[-1].bound
            self._keep(self._visit(self._stack.pop(), divide=False))
            rounds += 1
            if self._stack and rounds == 1 and len(self._stack[-1].lists.site) > LARGE and self._stack[-1].is_dense():
                self._stack[-1], least = (
                    self._stack[-1]._replace(settings=PATIENT, step_scale=ROOT_STEP_SCALE),
                    LONG_ROUNDS,
                )
            cutoff = RISING if least == ROOT_ROUNDS else LONG_RISING
            rising = bool(self._stack) and self._stack[-1].bound - before > cutoff * (self.upper - before)

    def _certificate(self) -> Certificate:
        if self.bound == 0:  # nothing costs less than nothing
            nothing = np.zeros((1, len(self.terms.weights)), np.int64)
            return Certificate(self.terms.sites, 0, self.terms.scale, nothing, np.array([LEAF]))
        rows = np.array(self._rows, np.int64).reshape(len(self._rows), len(self.terms.weights))
        groups = np.array(self._groups, np.int8).reshape(len(self._groups), self.terms.distances.shape[1])
        branch = np.array(self._branch, np.int64)
        return Certificate(self.terms.sites, self.bound, self.terms.scale, rows, branch, groups=groups)

    def _remainder(self, node: Node) -> Remainder:
        return Remainder(self.terms, node.lists, node.state, node.prices, penalty=self.upper + 1.0)

    def _grow(self, nodes: int) -> None:
        """Visit nodes depth first until there are so many or a limit is reached."""
        while self._stack and self.upper > 0 and len(self._rows) < nodes and not self.limits.reached():
            self._keep(self._visit(self._stack.pop()))

    def _close(self) -> None:
        """Price whatever is left as it stands: the bound of the whole is the least of all parts."""
        while self._stack:
            self._keep(self._visit(self._stack.pop(), only_price=True))
        self.bound = self.upper if self._least is None else min(self.upper, self._least)
        self._tell()

    def _keep(self, proven: int | None) -> None:
        """Note what a leaf proves, and raise the bound of the whole."""
        if proven is not None:
            self._least = proven if self._least is None else min(self._least, proven)
        parts = [node.bound for node in self._stack] + ([] if self._least is None else [self._least])
        bound = min([*parts, self.upper])
        if bound > self.bound:
            self.bound = bound
            self._tell()

    def _visit(self, node: Node, *, only_price: bool = False, divide: bool = True) -> int | None:
        """Record one node; push its children, or return the cost that a leaf proves."""
        primal = np.zeros(len(node.state))
        if not only_price and self.upper > 0:
            node, primal = self._raise(node)
        whole = self.terms.whole(node.prices, node.lists)
        rho = price_exactly(node.lists, self.terms.weights, whole, self.terms.scale, len(node.state))
        cutoff = (self.upper - 1) * self.terms.scale
        total = int(whole.astype(object).sum())
        extra, state = settle_sites(rho, node.state, self.terms.sites, node.quota, cutoff - total)
        self._rows.append(whole)
        bound = None if extra is None else total + extra
        if bound is None or bound > cutoff or only_price:
            self._branch.append(LEAF)
            return None if bound is None else max(0, -(-bound // self.terms.scale))
        lowest = max(0, -(-bound // self.terms.scale))
        if FREE not in node.state:  # one plan is left, and multipliers cannot say more of it
            self._branch.append(LEAF)
            return lowest
        # In a plan that is better by 1, nobody pays more than u_i + (upper − 1 − bound).
        most = np.floor((whole + float(cutoff - bound)) / (self.terms.people * self.terms.scale) + 1e-9)
        settled = self._divider.spread(state)
        if (settled[self.terms.rules.apart] == OPENED).all(axis=1).any():  # what is settled is too near to each other
            self._branch.append(LEAF)
            return None
        narrowed = node._replace(state=settled, bound=max(node.bound, lowest)).shortened(most, self.terms.alone)
        if not divide or self._narrows(node, narrowed):
            self._branch.append(ONWARD)
            self._stack.append(narrowed)
        else:
            self._divide(narrowed, primal)
        return None

    def _narrows(self, before: Node, after: Node) -> bool:
        """Whether so much is settled that the same node is worth another look."""
        free = np.count_nonzero(after.state == FREE)
        if before.remainder is None:
            return bool(free < 0.8 * np.count_nonzero(before.state == FREE))
        entries = len(after.lists.site)
        shorter = entries < FEWER * before.remainder.entries and entries < len(before.lists.site)
        return bool(free == 0 or shorter)

    def _divide(self, node: Node, primal: NDArray[np.float64]) -> None:
        """Split on a doubtful group of sites, or on one site."""
        group = None if node.remainder is not None else self._divider.most_promising(node, primal, self.upper)
        if group is None:
            group = np.array([self._most_promising_site(node, primal)])
        self._branch.append(int(group[0]) if len(group) == 1 else len(node.state) + len(self._groups))
        if len(group) > 1:
            self._groups.append(np.isin(np.arange(len(node.state)), group).astype(np.int8))
        for half in self._divider.halve(node, group):
            self._stack.append(half._replace(depth=node.depth + 1, step_scale=NODE_STEP_SCALE, settings=QUICK))

    def _raise(self, node: Node) -> tuple[Node, NDArray[np.float64]]:
        """Raise the bound of a node; try the plan that this suggests."""
        primal = np.zeros(len(node.state))
        if self.terms.sites - np.count_nonzero(node.state == OPENED) <= 1:
            # What everybody pays now is the exact dual when at most one site is to be added.
            self._offer_all(add_last(self.terms, node))
            return node._replace(prices=node.lists.ceiling), primal
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
        climb = self._divider.climb(node, self.terms.demand, float(self.upper), self._steps(node), node.step_scale)
        if node.depth % 4 == 0 and np.isfinite(climb.bound):
            self._offer_all(open_like(self.terms, node, climb.primal, self._near))
        return node._replace(prices=climb.prices, step_scale=climb.step_scale), climb.primal

    def _steps(self, node: Node) -> int:
        """Return how long to climb; where some pairs are not allowed, multipliers have far to rise."""
        if node.depth:
            return NODE_STEPS if len(node.lists.site) < LARGE // 2 else NODE_STEPS // 2
        return node.settings.steps * (1 if self.terms.everywhere else 5)

    def _most_promising_site(self, node: Node, primal: NDArray[np.float64]) -> int:
        """Return the free site that raises the bound most on both sides, of those the bound is least sure about."""
        room = float(self.upper - node.bound)

        def probe(site: int) -> tuple[float, float]:
            if node.remainder is not None:
                closed, opened = (bound - node.bound for bound in node.remainder.probe(site))
            else:
                closed, opened = self._divider.gains(node, [np.array([site])], room)[0]
            return closed / self._unit, opened / self._unit

        return self._pseudo_costs.choose(probe, 0.0, primal, np.flatnonzero(node.state == FREE), room / self._unit)

    def _offer_all(self, plans: list[NDArray[np.int64]]) -> None:
        for plan in plans:
            self.offer(plan)

    def _tell(self) -> None:
        self.limits.report(Progress(self.upper if self.opened is not None else None, self.bound))
