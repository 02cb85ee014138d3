"""Prove the best p sites where not every site may serve everyone.

Climb to multipliers that price the remote demand points, settle what they settle, then branch on who serves
the remotest demand point and climb again below. The nodes, in preorder, are the certificate.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.sites.lagrangian import ADAPTING, ascend
from planning.siting.engine.sites.lists import Lists, price_exactly, shorten
from planning.siting.engine.sites.selection import settle_sites
from planning.siting.engine.sites.terms import Terms
from planning.siting.limits import Limits, Progress
from planning.siting.proof.certificate import CLOSED, FREE, LEAF, ONWARD, OPENED
from planning.siting.proof.shared_certificate import PLAIN, UNSERVED, SharedCertificate

ROUNDS, SLOWEST = 8, 0.2
RISING = 0.03  # of the gap, in one round
MOST_CLIMBS = 400
"""Then the other search goes on: questions of a county are proven by ten to two hundred."""
NOBODY = 2**61
"""What a site asks that may not serve, shared by all demand points."""
_LARGEST = 2**62


class Node(NamedTuple):
    """A part of the plans still to be searched."""

    state: NDArray[np.int8]
    lists: Lists
    prices: NDArray[np.float64]
    depth: int = 0


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
    prices: NDArray[np.float64] = field(init=False)
    _scale: int = field(init=False)
    _climbs: int = field(default=0, init=False)
    _rows: list[NDArray[np.int64]] = field(init=False)
    _nodes: list[tuple[int, int]] = field(default_factory=list, init=False)
    _proof: list[tuple[int, int]] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        terms = self.terms
        self.upper = terms.dearest + 1
        self._scale = terms.scale
        while self._scale > 1 and (terms.sites + 2) * (len(terms.people) + 1) * self._alone >= _LARGEST:
            self._scale //= 2
        self._rows = [np.full(len(terms.people), min(self._alone, NOBODY // len(terms.people)))]

    @property
    def _alone(self) -> int:
        """What leaving somebody out costs at least: more than any plan."""
        return self._scale * (self.terms.dearest + 1)

    @property
    def _cutoff(self) -> int:
        """Cost, in 1/scale, that a better plan stays within."""
        return (self.upper - 1) * self._scale

    def offer(self, opened: NDArray[np.int64]) -> None:
        """Keep a plan if it is allowed and the best so far."""
        cost = self.terms.cost(opened)
        if cost is not None and cost < self.upper:
            self.upper, self.opened = cost, np.sort(opened)
            self._tell()

    def improve(self, opened: NDArray[np.int64]) -> None:
        """Offer what exchanges make of some sites."""
        if len(opened) == self.terms.sites:
            self.offer(self.terms.improve(opened, self.terms.lists))

    def run(self, prices: NDArray[np.float64] | None = None) -> SharedCertificate:
        """Search until the best plan is proven, the nodes are too many or a limit is reached.

        Parameters
        ----------
        prices : (n,) float64, optional
            Multipliers per person to begin with.
        """
        terms = self.terms
        state = np.full(len(terms.moves.kept), FREE, np.int8)
        state[terms.rules.barred], state[terms.rules.kept] = CLOSED, OPENED
        self.prices = terms.first_prices() if prices is None else prices
        root = Node(self._spread(state), terms.lists, self.prices)
        exact = (terms.sites + 2) * (len(terms.people) + 1) * self._alone < _LARGEST
        if exact and self.upper > 0 and self._visit(root):
            self.bound, self._proof = self.upper, self._nodes
            self._tell()
        return self._certificate()

    def _certificate(self) -> SharedCertificate:
        rows, nodes = np.array(self._rows), self._proof
        if self.bound == 0:  # nothing costs less than nothing
            rows, nodes = np.zeros((1, rows.shape[1]), np.int64), [(0, LEAF)]
        row, branch = np.array(nodes, np.int64).T.copy()
        return SharedCertificate(self.terms.sites, self.bound, self._scale, rows, row, branch)

    def _visit(self, node: Node) -> bool:
        """Record a part of the plans until nothing in it beats the best plan; whether that was done."""
        step_sizes, step_scale, before, rounds = np.ones(len(self.prices)), 1.0, 0, 1 if node.depth else ROUNDS
        while True:
            if self._climbs == MOST_CLIMBS or self.limits.reached():
                return False
            climbed = ascend(
                node.lists,
                self.terms.people,
                step_sizes,
                node.prices,
                node.state,
                self.terms.sites,
                self.terms.moves.quota,
                float(self.upper),
                ADAPTING.steps,
                step_scale,
                ADAPTING,
            )
            self._climbs += 1
            rounds, step_scale = rounds - 1, max(climbed.step_scale, SLOWEST)
            rho, lowest, settled = self._settle(node._replace(prices=climbed.prices))
            if settled is None:
                self._nodes.append((len(self._rows) - 1, LEAF))
                return True
            node = node._replace(prices=climbed.prices, state=settled, lists=self._shorten(node.lists, settled))
            if node.depth == 0:
                self._raise(lowest, node)
                self.improve(np.sort(np.argsort(rho, kind="stable")[: self.terms.sites]))
            self._nodes.append((len(self._rows) - 1, ONWARD))
            if rounds == 0 or lowest - before < RISING * (self.upper - lowest):
                return self._divide(node, rho)
            before = lowest

    def _settle(self, node: Node) -> tuple[NDArray[np.int64], int, NDArray[np.int8] | None]:
        """Add the row of a node: return its prices ρ, the cost it proves, and the sites it settles, ``None`` if all."""
        people, lists = self.terms.weights, node.lists
        units = np.rint(np.minimum(node.prices, lists.ceiling) * self.terms.people * self._scale).astype(np.int64)
        ceiling = np.minimum(lists.ceiling * self.terms.people * self._scale, float(self._alone)).astype(np.int64)
        whole = np.minimum(units, ceiling)
        self._rows.append(whole)
        rho = price_exactly(lists, people, whole, self._scale, len(node.state))
        total = int(whole.sum())
        quota = self.terms.moves.quota
        added, settled = settle_sites(rho, node.state, self.terms.sites, quota, self._cutoff - total)
        if added is None or total + added > self._cutoff:
            return rho, self.upper, None
        return rho, max(0, -(-(total + added) // self._scale)), self._spread(settled)

    def _raise(self, lowest: int, root: Node) -> None:
        """Keep the best bound of the root, and how it is proven."""
        if lowest > self.bound:
            self.bound, self.prices = lowest, root.prices
            self._proof = [*self._nodes, (len(self._rows) - 1, LEAF)]
            self._tell()

    def _divide(self, node: Node, rho: NDArray[np.int64]) -> bool:
        """Open each of the sites that may serve the remotest demand point in turn, and close it after that."""
        free = np.flatnonzero(node.state == FREE)
        free = free[np.argsort(rho[free], kind="stable")]
        reach = self.terms.distances >= 0
        left = np.where(reach[:, node.state == OPENED].any(axis=1), len(free) + 1, reach[:, free].sum(axis=1))
        demand = int(left.argmin())
        if left[demand] > len(free):  # nobody is left unserved
            if len(free) == 0:  # one plan is left, or none: the first row is exact
                self.offer(np.flatnonzero(node.state == OPENED))
                self._nodes.append((0, LEAF))
                return True
            if not self._open(node, int(free[0])):
                return False
            return self._visit(self._closed(node, int(free[0])))
        for site in free[reach[demand, free]].tolist():
            if not self._open(node, site):
                return False
            node = self._closed(node, site)
        self._nodes.append((PLAIN, UNSERVED - demand))
        return True

    def _open(self, node: Node, site: int) -> bool:
        """Branch on a site and visit the part in which it is opened."""
        self._nodes.append((PLAIN, site))
        state = node.state.copy()
        state[site] = OPENED
        state = self._spread(state)
        return self._visit(Node(state, self._shorten(node.lists, state), node.prices, node.depth + 1))

    def _closed(self, node: Node, site: int) -> Node:
        state = node.state.copy()
        state[site] = CLOSED
        return Node(state, self._shorten(node.lists, state), node.prices, node.depth + 1)

    def _shorten(self, lists: Lists, state: NDArray[np.int8]) -> Lists:
        return shorten(lists, state, np.full(len(self.prices), np.inf), self.terms.alone)

    def _spread(self, state: NDArray[np.int8]) -> NDArray[np.int8]:
        """Close whatever lies too near to an opened site."""
        apart = self.terms.rules.apart
        for one, other in (apart.T, apart.T[::-1]):
            state[other[(state[one] == OPENED) & (state[other] == FREE)]] = CLOSED
        return state

    def _tell(self) -> None:
        self.limits.report(Progress(self.upper if self.opened is not None else None, self.bound))
