"""Open p sites at least cost: Lagrangian branch and bound whose tree is the proof.

Each node climbs the dual a little, re-proves its bound in exact integers, settles the sites whose
other choice is already too dear (reduced-cost fixing), and branches on the site that the average of
the climb is least sure about. The nodes, in preorder, are the certificate.
"""

from __future__ import annotations

from dataclasses import InitVar, dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.interchange import add_greedily, interchange
from planning.siting.engine.lagrangian import ascend
from planning.siting.limits import Limits, Progress
from planning.siting.proof.certificate import (
    CLOSED,
    FREE,
    LEAF,
    ONWARD,
    OPENED,
    Certificate,
    choose_scale,
    price,
    settle,
)

ROOT_ROUNDS, ROOT_STEPS, ROOT_PACE = 6, 60, 1.0
NODE_STEPS, NODE_PACE = 40, 0.3


class Node(NamedTuple):
    """A part of the plans still to be searched."""

    state: NDArray[np.int8]
    multipliers: NDArray[np.float64]
    depth: int = 0
    round: int = 0
    pace: float = ROOT_PACE


@dataclass(eq=False)
class Search:
    """The best plan so far and the tree that proves a bound.

    Parameters
    ----------
    costs : (n, m) int64
        Cost of serving demand point i from site j; negative where not allowed.
    sites
        How many to open.
    grain : (n,) float64
        People at each demand point: the natural step of its multiplier.
    limits
        When to stop.
    finest
        Finest unit of the multipliers, 1/finest.
    below
        Only plans that cost less are of interest; left out, any plan is.
    """

    costs: NDArray[np.int64]
    sites: int
    grain: NDArray[np.float64]
    limits: Limits
    finest: int = 1024
    below: InitVar[int | None] = None
    upper: int = field(init=False)
    opened: NDArray[np.int64] | None = field(default=None, init=False)
    bound: int = field(default=0, init=False)
    root: Node | None = field(default=None, init=False)
    _rows: list[NDArray[np.int64]] = field(default_factory=list, init=False)
    _branch: list[int] = field(default_factory=list, init=False)

    def __post_init__(self, below: int | None) -> None:
        by_site = np.ascontiguousarray(self.costs.T).astype(np.float64)
        allowed = by_site >= 0
        self._floats = np.where(allowed, by_site, np.inf)
        farthest = by_site.max(axis=0, initial=0.0)
        self._finite = np.ascontiguousarray(np.where(allowed, by_site, 2.0 * farthest.sum() + 1.0).T)
        self._scale = choose_scale(self.costs, finest=self.finest)
        self.upper = int(farthest.sum()) + 1 if below is None else below

    def offer(self, opened: NDArray[np.int64]) -> None:
        """Keep a plan of `sites` sites if it is the best so far."""
        dearest = np.iinfo(np.int64).max
        served = np.where(self.costs[:, opened] < 0, dearest, self.costs[:, opened]).min(axis=1)
        if served.max(initial=0) < dearest and served.sum() < self.upper:
            self.upper, self.opened = int(served.sum()), np.sort(opened)
            self._tell()

    def begin(self) -> None:
        """Offer a first plan: greedy, then improved."""
        opened = add_greedily(np.ascontiguousarray(self._finite.T), self.sites)
        self.offer(opened)
        self.improve(opened, among=np.arange(self.costs.shape[1]))

    def improve(self, opened: NDArray[np.int64], *, among: NDArray[np.int64]) -> None:
        """Exchange sites of a plan for others in `among` and offer the result."""
        within = np.searchsorted(among, np.sort(opened))
        self.offer(among[interchange(self._finite[:, among], within, stop=self.limits.reached)])

    def run(self, *, start: NDArray[np.float64] | None = None, nodes: int = 3000) -> Certificate:
        """Search until the best plan is proven, `nodes` are used up or a limit is reached.

        Parameters
        ----------
        start : (n,) float64, optional
            Multipliers to begin with.
        """
        begin = self._first_multipliers() if start is None else start
        stack = [Node(np.full(self.costs.shape[1], FREE, np.int8), begin)]
        least: int | None = None
        while stack:
            out_of_time = self.limits.reached() or len(self._rows) >= nodes
            proven = self._visit(stack.pop(), stack, only_price=out_of_time)
            if proven is not None:
                least = proven if least is None else min(least, proven)
        self.bound = self.upper if least is None else min(self.upper, least)
        self._tell()
        return Certificate(
            self.sites, self.bound, self._scale, np.array(self._rows, np.int64), np.array(self._branch, np.int64)
        )

    def _visit(self, node: Node, stack: list[Node], *, only_price: bool) -> int | None:
        """Record one node; push its children, or return the cost that a leaf proves."""
        kept = np.flatnonzero(node.state != CLOSED)
        openness = np.zeros(len(kept))
        if not only_price:
            node, openness = self._climb(node, kept)
        whole = np.rint(node.multipliers * self._scale).astype(np.int64)
        bound, state = self._settle(whole, node.state, kept)
        self._rows.append(whole)
        if bound is None or bound > (self.upper - 1) * self._scale or only_price:
            self._branch.append(LEAF)
            return None if bound is None else -(-bound // self._scale)
        if node.depth == 0 and (self.root is None or bound > self.bound * self._scale):
            self.bound, self.root = -(-bound // self._scale), node._replace(state=state)
            self._tell()
        branch, children = self._divide(node, state, kept, openness)
        self._branch.append(branch)
        stack += children
        return None

    def _climb(self, node: Node, kept: NDArray[np.int64]) -> tuple[Node, NDArray[np.float64]]:
        """Raise the bound of a node; try the plan that the climb suggests."""
        if self.upper == 0:
            return node._replace(multipliers=np.zeros(len(self.costs))), np.zeros(len(kept))
        opened = node.state[kept] == OPENED
        wanted = self.sites - int(opened.sum())
        if wanted <= 1:
            # What everybody pays now is the exact dual when at most one site is to be added.
            among = kept[opened] if opened.any() else kept
            paid = self._finite[:, among].min(axis=1) if opened.any() else self._finite.max(axis=1)
            savings = np.maximum(paid - self._finite[:, kept].T, 0.0).sum(axis=1)
            savings[opened] = np.inf
            self.offer(kept[np.argsort(-savings, kind="stable")[: self.sites]])
            return node._replace(multipliers=paid), np.zeros(len(kept))
        climb = ascend(
            self._floats[kept],
            node.multipliers,
            sites=self.sites,
            opened=opened,
            grain=self.grain,
            upper=self.upper,
            steps=NODE_STEPS if node.depth else ROOT_STEPS,
            pace=node.pace,
        )
        if node.depth % 4 == 0 and len(kept) >= self.sites:
            self.improve(kept[np.argsort(-climb.openness, kind="stable")[: self.sites]], among=kept)
        return node._replace(multipliers=climb.multipliers, pace=climb.pace), climb.openness

    def _divide(
        self,
        node: Node,
        state: NDArray[np.int8],
        kept: NDArray[np.int64],
        openness: NDArray[np.float64],
    ) -> tuple[int, list[Node]]:
        """Go on at the same node while that pays, else split on the most doubtful site."""
        free = np.flatnonzero(state[kept] == FREE)
        shrunk = len(free) < 0.8 * np.count_nonzero(node.state == FREE)
        if len(free) == 0 or shrunk or (node.depth == 0 and node.round < ROOT_ROUNDS):
            return ONWARD, [node._replace(state=state, round=node.round + 1)]
        site = int(kept[free[np.argmin(np.abs(openness[free] - 0.5))]])
        opened, closed = state.copy(), state.copy()
        opened[site], closed[site] = OPENED, CLOSED
        child = Node(state, node.multipliers, node.depth + 1, 0, NODE_PACE)
        return site, [child._replace(state=closed), child._replace(state=opened)]

    def _settle(
        self, whole: NDArray[np.int64], state: NDArray[np.int8], kept: NDArray[np.int64]
    ) -> tuple[int | None, NDArray[np.int8]]:
        rho = price(self.costs[:, kept], whole, self._scale)
        threshold = (self.upper - 1) * self._scale
        bound, settled = settle(rho, sum(map(int, whole)), state[kept], sites=self.sites, threshold=threshold)
        after = state.copy()
        after[kept] = settled
        return bound, after

    def _first_multipliers(self) -> NDArray[np.float64]:
        """Let u_i be the cost of a site so near that one in p of all sites is as near."""
        rank = -(-self.costs.shape[1] // self.sites) - 1
        return np.asarray(np.partition(self._finite, rank, axis=1)[:, rank])

    def _tell(self) -> None:
        self.limits.report(Progress(self.upper if self.opened is not None else None, self.bound))
