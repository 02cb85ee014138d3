"""Prove the best p sites where not every site may serve everyone.

Climb to multipliers that price the remote demand points, fix what they fix, then branch on who serves
the remotest demand point and climb again below. The nodes, in preorder, are the certificate.
"""

from __future__ import annotations

import sys
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.domain import begin, separate
from planning.siting.engine.sites.lagrangian import ADAPTING, ascend
from planning.siting.engine.sites.lists import Lists, price_exactly, shorten
from planning.siting.engine.sites.selection import fix_sites
from planning.siting.engine.sites.terms import Terms
from planning.siting.engine.tree import Incumbent, Tree, Visit
from planning.siting.limits import Limits
from planning.siting.proof.certificate import CLOSED, FREE, LEAF, ONWARD, OPENED
from planning.siting.proof.shared_certificate import PLAIN, UNSERVED, SharedCertificate

ROUNDS, SLOWEST = 8, 0.2
"""Rounds of the root at most, and the shortest step that the next node begins with. Measured on four questions of
200 by 120: with 3 or 24 rounds 0.7 and 1.3 times the CPU, with a third or three times the step the same within a
fifth."""
RISING = 0.03  # of the gap, in one round; with 0.01 the same CPU, with 0.1 0.7 times, on questions of 20 ms
MOST_CLIMBS = 400
"""Then the other search goes on: questions of a county are proven by ten to two hundred."""
NOBODY = 2**61
"""What a site asks that may not serve, shared by all demand points."""
_LARGEST = 2**62  # half of what 64 bits hold


class Node(NamedTuple):
    """A part of the plans still to be searched.

    Parameters
    ----------
    state : (m,) int8
    lists
    prices : (n,) float64
        Multipliers per person to go on from.
    depth, round
    step_sizes : (n,) float64
        Of the climb, as it has adapted them.
    step_scale
    lowest
        What the climb before this one proved.
    bound
    branch
        A demand point and those of its sites that are to be opened in turn, the first of them next; after the last
        one nobody serves it.
    """

    state: NDArray[np.int8]
    lists: Lists
    prices: NDArray[np.float64]
    depth: int = 0
    round: int = 0
    step_sizes: NDArray[np.float64] | None = None
    step_scale: float = 1.0
    lowest: int = 0
    bound: int = 0
    branch: tuple[int, tuple[int, ...]] | None = None


Row = tuple[int, int]
"""Number of a row of multipliers, and the branch."""


class Search:
    """The best plan so far and the tree that proves a bound.

    Parameters
    ----------
    terms
        The question.
    limits
        When to stop.
    """

    def __init__(self, terms: Terms, limits: Limits) -> None:
        self.terms, self.limits = terms, limits
        self.incumbent: Incumbent[NDArray[np.int64]] = Incumbent(terms.dearest + 1, limits)
        self._scale, self._climbs, self._trunk = terms.scale, 0, list[Row]()
        while self._scale > 1 and (terms.sites + 2) * (len(terms.people) + 1) * self._unserved_cost >= _LARGEST:
            self._scale //= 2
        self._rows = [np.full(len(terms.people), min(self._unserved_cost, NOBODY // len(terms.people)))]
        self._proof: list[Row] = []

    @property
    def _unserved_cost(self) -> int:
        """What leaving somebody out costs at least: more than any plan."""
        return self._scale * (self.terms.dearest + 1)

    @property
    def _cutoff(self) -> int:
        """Cost, in 1/scale, that a better plan stays within."""
        return (self.incumbent.value - 1) * self._scale

    def update_incumbent(self, opened: NDArray[np.int64]) -> None:
        """Keep a plan if it is allowed and the best so far."""
        self.incumbent.update(self.terms.cost(opened), np.sort(opened))

    def improve(self, opened: NDArray[np.int64]) -> None:
        """Offer what exchanges make of some sites."""
        if len(opened) == self.terms.sites:
            self.update_incumbent(self.terms.improve(opened, self.terms.lists))

    def run(self, prices: NDArray[np.float64] | None = None) -> SharedCertificate:
        """Search until the best plan is proven, the nodes are too many or a limit is reached.

        Parameters
        ----------
        prices : (n,) float64, optional
            Multipliers per person to begin with.
        """
        terms = self.terms
        self.prices = terms.first_prices() if prices is None else prices
        tree = Tree(
            self, Node(separate(begin(terms.rules), terms.rules.apart), terms.lists, self.prices), self.incumbent
        )
        exact = (terms.sites + 2) * (len(terms.people) + 1) * self._unserved_cost < _LARGEST
        if exact and tree.grow(sys.maxsize) and not tree.pending:
            self._proof = list(tree.preorder())
        return self._certificate()

    def _certificate(self) -> SharedCertificate:
        rows, nodes = np.array(self._rows), self._proof
        if self.incumbent.bound == 0:  # nothing costs less than nothing
            rows, nodes = np.zeros((1, rows.shape[1]), np.int64), [(0, LEAF)]
        row, branch = np.array(nodes, np.int64).T.copy()
        return SharedCertificate(self.terms.sites, self.incumbent.bound, self._scale, rows, row, branch)

    def visit(self, node: Node) -> Visit[Node, Row] | None:
        """Climb, fix and go on at the same node while that pays, then divide; ``None`` ends the search."""
        if node.branch is not None:
            return self._open_next(node, *node.branch)
        if self._climbs == MOST_CLIMBS:
            return None
        step_sizes = np.ones(len(node.prices)) if node.step_sizes is None else node.step_sizes.copy()
        climbed = ascend(
            node.lists,
            self.terms.people,
            step_sizes,
            node.prices,
            node.state,
            self.terms.sites,
            self.terms.moves.quota,
            float(self.incumbent.value),
            ADAPTING.steps,
            node.step_scale,
            ADAPTING,
        )
        self._climbs += 1
        rho, lowest, fixed = self._fix(node._replace(prices=climbed.prices))
        row = len(self._rows) - 1
        if fixed is None:
            return Visit((row, LEAF))
        lists, step_scale = self._shorten(node.lists, fixed), max(climbed.step_scale, SLOWEST)
        before, node = node, Node(fixed, lists, climbed.prices, node.depth, node.round + 1, step_sizes, step_scale)
        if node.depth == 0:
            self._keep_root(lowest, row, node)
            self.improve(np.sort(np.argsort(rho, kind="stable")[: self.terms.sites]))
        node = node._replace(bound=max(before.bound, self.incumbent.bound))
        slow = lowest - before.lowest < RISING * (self.incumbent.value - lowest)
        over = node.round == (1 if node.depth else ROUNDS)
        return Visit((row, ONWARD), [self._divided(node, rho) if over or slow else node._replace(lowest=lowest)])

    def _fix(self, node: Node) -> tuple[NDArray[np.int64], int, NDArray[np.int8] | None]:
        """Add the row of a node: return its prices ρ, the cost it proves, and the sites it fixes, ``None`` if all."""
        people, lists = self.terms.weights, node.lists
        units = np.rint(np.minimum(node.prices, lists.multiplier_limit) * self.terms.people * self._scale).astype(
            np.int64
        )
        multiplier_limit = np.minimum(
            lists.multiplier_limit * self.terms.people * self._scale, float(self._unserved_cost)
        ).astype(np.int64)
        whole = np.minimum(units, multiplier_limit)
        self._rows.append(whole)
        rho = price_exactly(lists, people, whole, self._scale, len(node.state))
        total = int(whole.sum())
        quota = self.terms.moves.quota
        added, fixed = fix_sites(rho, node.state, self.terms.sites, quota, self._cutoff - total)
        if added is None or total + added > self._cutoff:
            return rho, self.incumbent.value, None
        return rho, max(0, -(-(total + added) // self._scale)), separate(fixed, self.terms.rules.apart)

    def _keep_root(self, lowest: int, row: int, root: Node) -> None:
        """Keep the best bound of the root, and how it is proven."""
        if lowest > self.incumbent.bound:
            self.prices, self._proof = root.prices, [*self._trunk, (row, LEAF)]
            self.incumbent.raise_bound(lowest)
        self._trunk.append((row, ONWARD))

    def _divided(self, node: Node, rho: NDArray[np.int64]) -> Node:
        """Return the node with what is to be opened: the sites that may serve the remotest demand point, in turn."""
        free = np.flatnonzero(node.state == FREE)
        free = free[np.argsort(rho[free], kind="stable")]
        reach = self.terms.distances >= 0
        left = np.where(reach[:, node.state == OPENED].any(axis=1), len(free) + 1, reach[:, free].sum(axis=1))
        demand = int(left.argmin())
        if left[demand] > len(free):  # nobody is left unserved
            return node._replace(branch=(-1, tuple(free[:1].tolist())))
        return node._replace(branch=(demand, tuple(free[reach[demand, free]].tolist())))

    def _open_next(self, node: Node, demand: int, sites: tuple[int, ...]) -> Visit[Node, Row]:
        """Branch on the next site of a demand point; end where there is none."""
        if not sites and demand < 0:  # one plan is left, or none: the first row is exact
            self.update_incumbent(np.flatnonzero(node.state == OPENED))
            return Visit((0, LEAF))
        if not sites:
            return Visit((PLAIN, UNSERVED - demand))
        opened, closed = node.state.copy(), node.state.copy()
        opened[sites[0]], closed[sites[0]] = OPENED, CLOSED
        halves = [
            Node(state, self._shorten(node.lists, state), node.prices, node.depth + 1, bound=node.bound)
            for state in (separate(opened, self.terms.rules.apart), closed)
        ]
        if demand >= 0:
            halves[1] = halves[1]._replace(branch=(demand, sites[1:]))
        return Visit((PLAIN, sites[0]), halves)

    def _shorten(self, lists: Lists, state: NDArray[np.int8]) -> Lists:
        return shorten(lists, state, np.full(len(self.prices), np.inf), self.terms.unserved_cost)
