"""All plans of p sites that cost so much at most, counted; or the best of them that has a far site.

The tree is that of :mod:`planning.siting.engine.sites.branching`, but every plan is a leaf of its own, and a node in
which no far site is left has nothing to offer: "far" is one more set of sites.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.domain import begin, crowded, separate
from planning.siting.engine.sites.node import Node
from planning.siting.engine.sites.terms import Terms
from planning.siting.engine.tree import Incumbent, Tree, Visit
from planning.siting.limits import Limits
from planning.siting.proof.certificate import CLOSED, FREE, OPENED

Ints = NDArray[np.int64]

ROOT_STEPS, NODE_STEPS, COUNT_STEPS, NODE_STEP_SCALE = 80, 40, 8, 0.3
"""A count has many nodes with nothing to close, for which few steps do."""
AIM = 1.02
"""Many nodes are bounded by about what a plan may cost: steps would be too short if they aimed at that."""
DIRECT = 150
"""Two missing sites out of so many are tried one pair after the other."""


class NearPlans:
    """A search among the plans that cost at most so much.

    Parameters
    ----------
    terms
        The question.
    far : (m,) bool
    cutoff
        The most that a plan may cost.
    limits
    needs_far
        Whether only the best plan with a far site is looked for; all plans are counted otherwise.
    """

    def __init__(self, terms: Terms, far: NDArray[np.bool_], cutoff: int, limits: Limits, *, needs_far: bool) -> None:
        self.terms, self._far, self._needs_far = terms, far, needs_far
        self.incumbent: Incumbent[Ints] = Incumbent(cutoff + 1, limits.quiet())
        self.found, self.found_far, self.nodes = 0, 0, 0
        self.prices = terms.first_prices()
        self._paid = np.where(terms.distances < 0, terms.unserved_cost[:, None], terms.distances).astype(np.int64)

    def run(self, prices: NDArray[np.float64] | None, nodes: int) -> bool:
        """Look through all plans, at so many nodes at most; whether that was enough.

        Parameters
        ----------
        prices : (n,) float64, optional
            Multipliers per person to begin with; :attr:`prices` are those of the root.
        nodes
        """
        state = separate(begin(self.terms.rules), self.terms.rules.apart)
        first, quota = self.prices if prices is None else prices, self.terms.moves.quota
        if self._needs_far and not len(quota.least):  # limits of townships leave no room for one more set
            quota = quota.with_group(np.flatnonzero(self._far))
        root = Node(state, self.terms.lists, first, quota, len(state), trunk=True)
        tree: Tree[Node, None] = Tree(self, root, self.incumbent)
        done = tree.grow(nodes)
        self.nodes = len(tree)
        return done

    def visit(self, node: Node) -> Visit[Node, None]:
        """Climb, close and open what follows, and branch on a site; look at single plans where few are left."""
        terms, free = self.terms, int((node.state == FREE).sum())
        wanted = terms.sites - int((node.state == OPENED).sum())
        if crowded(node.state, terms.rules.apart) or not 0 <= wanted <= free:
            return Visit(None)
        if wanted < 2 or (wanted == 2 and free <= DIRECT):
            self._finish(node.state, wanted)
            return Visit(None)
        steps = ROOT_STEPS if node.trunk else NODE_STEPS if self._needs_far else COUNT_STEPS
        upper = AIM * self.incumbent.value  # the climb ends above it
        climb = node.climb(terms.demand, terms.sites, upper, steps, node.step_scale)
        if node.trunk:
            self.prices = climb.prices
        cutoff = (self.incumbent.value - 1) * terms.scale
        node = node._replace(prices=climb.prices, step_scale=NODE_STEP_SCALE, trunk=False)
        priced = node.priced(terms, cutoff)
        if priced.bound is None or priced.bound > cutoff:
            return Visit(None)
        return self._divide(node.narrowed(terms, cutoff, priced), priced.rho, climb.primal)

    def _divide(self, node: Node, rho: Ints, primal: NDArray[np.float64]) -> Visit[Node, None]:
        """Branch on the best free site, a far one while none is opened; then on the most doubtful one."""
        free, lacking = node.state == FREE, self._needs_far and not self._far[node.state == OPENED].any()
        eligible = np.flatnonzero(free & self._far if lacking else free)
        if not len(eligible):
            return Visit(None) if lacking else Visit(None, [node])
        doubtful = self._needs_far and not lacking
        site = eligible[np.argmin(np.abs(primal[eligible] - 0.5) if doubtful else rho[eligible])]
        opened, closed = node.state.copy(), node.state.copy()
        opened[site], closed[site] = OPENED, CLOSED
        opened = separate(opened, self.terms.rules.apart)
        return Visit(None, [node._replace(state=opened), node._replace(state=closed)])

    def _finish(self, state: NDArray[np.int8], wanted: int) -> None:
        """Try every way to add up to two sites."""
        weights, opened, free = self.terms.weights, np.flatnonzero(state == OPENED), np.flatnonzero(state == FREE)
        served = np.minimum(self._paid[:, opened].min(axis=1, initial=2**62), self.terms.unserved_cost.astype(np.int64))
        now = int(served @ weights)
        if wanted == 0:
            self._update_incumbent(opened, np.empty((1, 0), np.int64), np.array([now]))
            return
        near = np.minimum(served[:, None], self._paid[:, free])
        costs = weights @ near
        if wanted == 1:
            self._update_incumbent(opened, free[:, None], costs)
            return
        for a in range(len(free)):
            # A second site saves no more than it would alone.
            others = a + 1 + np.flatnonzero(costs[a] + costs[a + 1 :] - now < self.incumbent.value)
            if len(others):
                both = weights @ np.minimum(near[:, a, None], near[:, others])
                self._update_incumbent(opened, np.column_stack([np.full(len(others), free[a]), free[others]]), both)

    def _update_incumbent(self, opened: Ints, added: Ints, costs: Ints) -> None:
        """Count plans, some sites and one of these sets (k, 0 to 2) each, and keep the best of those looked for."""
        terms = self.terms
        has_far = self._far[opened].any() | self._far[added].any(axis=1)
        good = (costs < self.incumbent.value) & (has_far | (not self._needs_far))
        if not terms.everywhere or len(terms.rules.townships) or len(terms.rules.apart):
            good[good] = [terms.cost(np.append(opened, sites)) is not None for sites in added[good]]
        self.found, self.found_far = self.found + int(good.sum()), self.found_far + int((good & has_far).sum())
        if self._needs_far and good.any():
            best = int(np.argmin(np.where(good, costs, self.incumbent.value)))
            self.incumbent.update(int(costs[best]), np.sort(np.append(opened, added[best])))
