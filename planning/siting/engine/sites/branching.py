"""Open p sites at least cost: Lagrangian branch and bound whose tree is the proof.

Each node climbs the dual a little, re-proves its bound in exact integers, settles the sites whose
other choice is already too dear (reduced-cost fixing), shortens the lists accordingly, and branches
on the site that the average of the climb is least sure about. The nodes, in preorder, are the
certificate.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.sites.lagrangian import ascend
from planning.siting.engine.sites.lists import Lists, price_exactly, shorten
from planning.siting.engine.sites.radius import Remainder, count_rings
from planning.siting.engine.sites.selection import settle_sites
from planning.siting.engine.sites.terms import Terms
from planning.siting.limits import Limits, Progress
from planning.siting.proof.certificate import CLOSED, FREE, LEAF, ONWARD, OPENED, Certificate

ROOT_ROUNDS, MOST_ROOT_ROUNDS, ROOT_STEPS, ROOT_PACE = 8, 60, 60, 1.0
RISING = 0.03  # of the gap, in one round
NODE_STEPS, NODE_PACE = 120, 0.5
FEW_CLIMBS, MOST_CLIMBS, MOST_RELAXATIONS, MOST_RINGS = 120, 12000, 1500, 8000
MANY_SITES = 20  # from here on relaxations pay even where they are large
PROBES = 6


class Node(NamedTuple):
    """A part of the plans still to be searched."""

    state: NDArray[np.int8]
    lists: Lists
    prices: NDArray[np.float64]
    bound: int = 0
    depth: int = 0
    round: int = 0
    rising: bool = True
    pace: float = ROOT_PACE


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
    _root: Node | None = field(default=None, init=False)
    _rows: list[NDArray[np.int64]] = field(default_factory=list, init=False)
    _branch: list[int] = field(default_factory=list, init=False)
    _stack: list[Node] = field(default_factory=list, init=False)
    _least: int | None = field(default=None, init=False)
    _trunk: int = field(default=0, init=False)
    _remainder: Remainder | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.upper = self.terms.dearest + 1

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
            self.offer(self.terms.improve(opened, np.zeros(self.terms.distances.shape[1], np.int8)))

    def run(self, prices: NDArray[np.float64] | None = None) -> Certificate:
        """Search until the best plan is proven, the nodes are used up or a limit is reached.

        First the bound of each node is climbed to. If a short tree does not suffice, it is grown
        again from its root by linear relaxations, which are dearer and sharper; or on and on by
        climbing where the relaxations would be too large.

        Parameters
        ----------
        prices : (n,) float64, optional
            Multipliers per person to begin with.
        """
        state = np.full(self.terms.distances.shape[1], FREE, np.int8)
        state[self.terms.rules.barred], state[self.terms.rules.kept] = CLOSED, OPENED
        anything = np.full(len(self.terms.weights), np.inf)
        lists = shorten(self.terms.lists, state, anything, self.terms.alone)
        self._push(Node(state, lists, self.terms.first_prices() if prices is None else prices))
        self._grow(FEW_CLIMBS)
        if self._stack and count_rings(self._root_node.lists) > MOST_RINGS:
            self._grow(MOST_CLIMBS if self.terms.sites < MANY_SITES else MOST_CLIMBS // 10)
        if self._stack and not self.limits.reached():
            self._rows, self._branch = self._rows[: self._trunk], self._branch[: self._trunk]
            self._stack, self._least, self._remainder = [self._root_node], None, self.remainder()
            self._grow(self._trunk + MOST_RELAXATIONS)
        self._close()
        return self._certificate()

    def _certificate(self) -> Certificate:
        if self.bound == 0:  # nothing costs less than nothing
            nothing = np.zeros((1, len(self.terms.weights)), np.int64)
            return Certificate(self.terms.sites, 0, self.terms.scale, nothing, np.array([LEAF]))
        rows = np.array(self._rows, np.int64).reshape(len(self._rows), len(self.terms.weights))
        return Certificate(self.terms.sites, self.bound, self.terms.scale, rows, np.array(self._branch, np.int64))

    def remainder(self) -> Remainder:
        """Return what is left at the root as a program in the radius formulation."""
        root = self._root_node
        return Remainder(
            root.lists,
            self.terms.weights,
            self.terms.alone,
            root.state,
            sites=self.terms.sites,
            rules=self.terms.rules,
            penalty=self.upper + 1.0,
        )

    @property
    def _root_node(self) -> Node:
        """The root with everything that its rounds settled."""
        return self._stack[0] if self._root is None else self._root

    def _grow(self, nodes: int) -> None:
        """Visit nodes depth first until there are so many or a limit is reached."""
        while self._stack and len(self._rows) < nodes and not self.limits.reached():
            self._keep(self._visit(self._stack.pop(), only_price=False))

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

    def _visit(self, node: Node, *, only_price: bool) -> int | None:
        """Record one node; push its children, or return the cost that a leaf proves."""
        openness = np.zeros(len(node.state))
        if not only_price and self.upper > 0:
            node, openness = self._climb(node)
        whole = self.terms.whole(node.prices, node.lists)
        rho = price_exactly(node.lists, self.terms.weights, whole, self.terms.scale, len(node.state))
        threshold = (self.upper - 1) * self.terms.scale
        extra, state = settle_sites(
            rho, node.state, self.terms.sites, self.terms.moves.quota, threshold - int(whole.astype(object).sum())
        )
        self._rows.append(whole)
        bound = None if extra is None else int(whole.astype(object).sum()) + extra
        if bound is None or bound > threshold or only_price:
            self._branch.append(LEAF)
            return None if bound is None else max(0, -(-bound // self.terms.scale))
        lowest = max(0, -(-bound // self.terms.scale))
        if FREE not in node.state:  # one plan is left, and multipliers cannot say more of it
            self._branch.append(LEAF)
            return lowest
        gained = lowest - node.bound
        node = node._replace(bound=max(node.bound, lowest), rising=gained > RISING * (self.upper - lowest))
        # In a plan that is better by 1, nobody pays more than u_i + (upper − 1 − bound).
        most = np.floor((whole + float(threshold - bound)) / (self.terms.people * self.terms.scale) + 1e-9)
        self._divide(node, state, most, openness)
        return None

    def _climb(self, node: Node) -> tuple[Node, NDArray[np.float64]]:
        """Raise the bound of a node; try the plan that the climb suggests."""
        if self.terms.sites - np.count_nonzero(node.state == OPENED) <= 1:
            # What everybody pays now is the exact dual when at most one site is to be added.
            self._offer_last(node)
            return node._replace(prices=node.lists.ceiling), np.zeros(len(node.state))
        if self._remainder is not None:
            return self._relax(self._remainder, node)
        climb = ascend(
            node.lists,
            self.terms.people,
            self.terms.stride,
            node.prices,
            node.state,
            self.terms.sites,
            self.terms.moves.quota,
            float(self.upper),
            self._steps(node),
            node.pace,
        )
        if node.depth % 4 == 0 and np.isfinite(climb.bound):
            self._offer_like(climb.openness, node)
        return node._replace(prices=climb.prices, pace=climb.pace), climb.openness

    def _relax(self, remainder: Remainder, node: Node) -> tuple[Node, NDArray[np.float64]]:
        """Take the bound of a node from its linear relaxation; try the plan that it suggests."""
        relaxed = remainder.relax(node.state, self.limits)
        if relaxed is None:
            return node, np.zeros(len(node.state))
        self._offer_like(relaxed[1], node)
        return node._replace(prices=relaxed[0] / self.terms.people), relaxed[1]

    def _offer_like(self, openness: NDArray[np.float64], node: Node) -> None:
        """Round the average of a climb to a plan, improve and offer it."""
        liked = np.where(node.state == OPENED, 2.0, np.where(node.state == CLOSED, -1.0, openness))
        opened = np.sort(np.argsort(-liked, kind="stable")[: self.terms.sites])
        if not self.terms.rules.plain and self.terms.rules.broken_by(opened):
            return
        self.offer(self.terms.improve(opened, node.state))

    def _offer_last(self, node: Node) -> None:
        """Offer the opened sites with the one that lowers the cost most."""
        opened = np.flatnonzero(node.state == OPENED)
        free = np.flatnonzero(node.state == FREE)
        if len(opened) == self.terms.sites:
            self.offer(opened)
        if len(opened) != self.terms.sites - 1 or len(free) == 0:
            return
        whole = np.rint(node.lists.ceiling * self.terms.people).astype(np.int64)
        savings = price_exactly(node.lists, self.terms.weights, whole, 1, len(node.state))
        for site in free[np.argsort(savings[free], kind="stable")[:2]]:
            self.offer(np.append(opened, site))

    def _divide(
        self, node: Node, state: NDArray[np.int8], most: NDArray[np.float64], openness: NDArray[np.float64]
    ) -> None:
        """Go on at the same node while that pays, else split on the most doubtful site."""
        state = self._spread(state)
        free = np.flatnonzero(state == FREE)
        before = np.count_nonzero(node.state == FREE)
        lists = shorten(node.lists, state, most, self.terms.alone)
        if len(free) == 0 or len(free) < 0.8 * before or (node.depth == 0 and self._goes_on(node)):
            self._branch.append(ONWARD)
            self._push(node._replace(state=state, lists=lists, round=node.round + 1))
            if node.depth == 0 and self._remainder is None:
                self._root, self._trunk = self._stack[-1], len(self._branch)
            return
        deeper = node._replace(depth=node.depth + 1, round=0, pace=NODE_PACE)
        site = self._most_doubtful(free, openness)
        self._branch.append(site)
        for choice in (CLOSED, OPENED):
            child = state.copy()
            child[site] = choice
            child = self._spread(child)
            self._push(deeper._replace(state=child, lists=shorten(lists, child, most, self.terms.alone)))

    def _steps(self, node: Node) -> int:
        """Return how long to climb; where some pairs are not allowed, multipliers have far to rise."""
        if node.depth:
            return NODE_STEPS
        return ROOT_STEPS if self.terms.everywhere else 5 * ROOT_STEPS

    def _goes_on(self, node: Node) -> bool:
        """Whether another round at the root pays: the first do, later ones while the bound still rises."""
        if self._remainder is not None:
            return False
        return node.round < ROOT_ROUNDS or (node.rising and node.round < MOST_ROOT_ROUNDS)

    def _most_doubtful(self, free: NDArray[np.int64], openness: NDArray[np.float64]) -> int:
        """Return the free site on which to branch."""
        order = free[np.argsort(np.abs(openness[free] - 0.5), kind="stable")]
        if self._remainder is None:
            return int(order[0])
        fractional = order[np.abs(openness[order] - 0.5) < 0.499][:PROBES]
        if len(fractional) < 2:
            return int(order[0])
        costs = np.array([self._remainder.probe(int(site)) for site in fractional])
        lowest = costs.min()
        return int(fractional[np.argmax(np.prod(np.minimum(costs, 1e18) - lowest + 1e-6 * abs(lowest), axis=1))])

    def _spread(self, state: NDArray[np.int8]) -> NDArray[np.int8]:
        """Close whatever lies too near to an opened site."""
        apart = self.terms.rules.apart
        for one, other in (apart.T, apart.T[::-1]):
            state[other[(state[one] == OPENED) & (state[other] == FREE)]] = CLOSED
        return state

    def _push(self, node: Node) -> None:
        self._stack.append(node)

    def _tell(self) -> None:
        self.limits.report(Progress(self.upper if self.opened is not None else None, self.bound))
