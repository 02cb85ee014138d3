"""With so many sites, how few people must be left out? Branch and cut, best bound first, whose tree is the proof.

Every node solves the relaxation of :mod:`losses` from its parent's basis. Its multipliers, rounded to
whole numbers, give what it proves in exact integers, and close the sites that no better plan opens. The
node that proves least is divided next, so that a limit finds the bound as high as so many nodes can lift
it. Plans come from rounding every divided node's relaxation and exchanging sites from there.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.cover.choice import States
from planning.siting.engine.cover.losses import LossRelaxation
from planning.siting.engine.cover.record import Record
from planning.siting.engine.cover.reduce import Turn, reduce_cover
from planning.siting.engine.cover.swaps import Swaps
from planning.siting.engine.pseudo_costs import PseudoCosts
from planning.siting.engine.relaxation import Relaxed
from planning.siting.limits import Limits, Progress
from planning.siting.proof.certificate import CLOSED, FREE, LEAF, OPENED
from planning.siting.proof.cover_certificate import CoverCertificate
from planning.siting.rules import Rules

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
BEFORE, AT_ROOT, A_NODE = 70, 700, 28  # entries that exchanges touch, in times of all cells
MOST_FIGURES = 2**25  # sites and demand points of all divided nodes together, to bound the memory


@dataclass(eq=False)
class _Node:
    """A part of the plans, what is proven of it, and (until it is divided) where to go on from.

    Parameters
    ----------
    state : (m,) int8
    multipliers : (n + cuts,) int64
    bound
        People left out at least.
    values : (m,) float64
        How far each site is open in the relaxation.
    cost
        Of the relaxation.
    branch
        The site on which it is divided.
    over
        Whether no better plan is in it.
    """

    state: States
    multipliers: Ints
    bound: int
    values: Floats
    cost: float
    basis: Any
    branch: int = LEAF
    children: tuple[_Node, ...] = ()
    over: bool = False

    def __lt__(self, other: _Node) -> bool:
        return self.bound < other.bound


class LossTree:
    """The tree so far, the best plan, and what is proven.

    Parameters
    ----------
    covers : (n, m) bool
    losses : (n,) int64
        What it costs to leave a demand point out, at least 1.
    sites
        How many to open; as many may be.
    rules
        Which sites are kept and barred; no other rules.
    opened : (s,) int64
        A plan.
    limits
    known
        What is proven otherwise, for reports alone.
    """

    def __init__(
        self, covers: Bools, losses: Ints, sites: int, rules: Rules, opened: Ints, limits: Limits, *, known: int = 0
    ) -> None:
        self._covers, self._losses, self._limits = covers, losses, limits
        self._sites, self._rules = sites, rules
        self._state, self._turns = self._begin()
        self._swaps = Swaps(covers, losses, rules, self._state == FREE)
        self._pseudo_costs = PseudoCosts(covers.shape[1])
        self.bound, self.opened, self.upper, self._known = 0, opened, self._lost(opened), known

    def run(self) -> CoverCertificate:
        """Search until the best plan is proven or a limit is reached; return the proof of the bound."""
        self._offer(self.opened, BEFORE)
        state = self._state
        self._relaxation = LossRelaxation(self._covers, self._losses, state, self._sites, self._limits)
        root = self._node(state, self._relaxation.sharpen(state, self.upper - 1))
        if root is not None:
            self._grow(root)
        return self._certificate(root)

    def _grow(self, root: _Node) -> None:
        """Divide the part that proves least until all prove enough, a limit is reached or the memory is full."""
        open_parts = [] if root.over else [root]
        if open_parts:
            self._offer(self.opened, AT_ROOT)
        for _ in range(MOST_FIGURES // sum(self._covers.shape)):
            if not open_parts:
                break
            self._raise(open_parts[0].bound)
            if self.bound >= self.upper or self._limits.reached():
                break
            children = self._divide(open_parts[0])
            if children is None:
                break
            heapq.heappop(open_parts)
            for child in children:
                if not child.over:
                    heapq.heappush(open_parts, child)
        self._raise(open_parts[0].bound if open_parts else self.upper)

    def _begin(self) -> tuple[States, list[Turn]]:
        """Return what the rules settle, without the sites that others stand in for."""
        rules = self._rules
        state = np.where(rules.kept, OPENED, np.where(rules.barred, CLOSED, FREE)).astype(np.int8)
        rows = np.flatnonzero(~self._covers[:, rules.kept].any(axis=1))
        turns = [
            t for t in reduce_cover(self._covers, rows, np.flatnonzero(state == FREE), rules, rounds=1).turns if t.sites
        ]
        for turn in turns:
            state[turn.gone] = CLOSED
        return state, turns

    def _node(self, state: States, relaxed: Relaxed | None, above: _Node | None = None) -> _Node | None:
        """Return the node of a relaxation, or as the one above says."""
        if relaxed is not None:
            whole, values = self._relaxation.whole(relaxed.duals), self._relaxation.primal(relaxed)
            node = _Node(state, whole, 0, values, relaxed.cost, self._relaxation.basis())
        elif above is not None and not self._limits.reached():  # the solver gave up: multipliers hold anywhere
            node = replace(above, state=state)
        else:
            return None
        rho, total = self._relaxation.price(node.multipliers)
        scale, opened, free = self._relaxation.scale, state == OPENED, np.flatnonzero(state == FREE)
        wanted = self._sites - np.count_nonzero(opened)
        order = free[np.argsort(rho[free], kind="stable")]
        least = total + int(rho[opened].sum()) + int(rho[order[:wanted]].sum())
        node.bound = max(node.bound, -(-least // scale), 0 if above is None else above.bound)
        if node.bound >= self.upper:
            node.over, node.basis, node.values = True, None, np.zeros(0)
        elif wanted == 0:
            node.state = np.where(state == FREE, CLOSED, state).astype(np.int8)
        elif wanted < len(order):
            dear = least - rho[order[wanted - 1]] + rho[order] > (self.upper - 1) * scale
            dear[:wanted] = False
            node.state = state.copy()
            node.state[order[dear]] = CLOSED
        return node

    def _divide(self, node: _Node) -> tuple[_Node, _Node] | None:
        """Divide a node on a doubtful site; ``None`` if a limit stops it or nothing is left to divide."""
        state = node.state
        free = np.flatnonzero(state == FREE)
        self._offer(self._round(state, node.values), A_NODE // 4)
        self._offer(self.opened, A_NODE)
        if len(free) == 0:
            return None
        self._relaxation.go_on_from(node.basis)
        self._relaxation.solve(state)
        site = self._pseudo_costs.choose(
            self._relaxation.probe, node.cost, node.values, free, self.upper - 1 - node.cost
        )
        children = []
        for choice in (OPENED, CLOSED):
            settled = state.copy()
            settled[site] = choice
            if np.count_nonzero(settled == OPENED) == self._sites:
                settled[settled == FREE] = CLOSED
            self._relaxation.go_on_from(node.basis)
            child = self._node(settled, self._relaxation.solve(settled), node)
            if child is None:
                return None
            children.append(child)
        node.branch, node.children, node.basis, node.values = site, tuple(children), None, np.zeros(0)
        return children[0], children[1]

    def _round(self, state: States, values: Floats) -> Ints:
        """Return the plan that opens what is opened and what else is most open in the relaxation."""
        primal = np.where(state == OPENED, 2.0, np.where(state == CLOSED, -1.0, values))
        primal[self._rules.barred] = -2.0
        return np.sort(np.argsort(-primal, kind="stable")[: self._sites])

    def _offer(self, opened: Ints, times: int) -> None:
        """Exchange sites from a plan on; keep what comes of it if it is the best so far."""
        opened = self._swaps.improve(opened, work=times * self._covers.size)
        lost = self._lost(opened)
        if lost < self.upper:
            self.opened, self.upper = opened, lost
            self._tell()

    def _tell(self) -> None:
        self._limits.report(Progress(self.upper, max(self.bound, self._known)))

    def _lost(self, opened: Ints) -> int:
        return int(self._losses[~self._covers[:, opened].any(axis=1)].sum())

    def _raise(self, bound: int) -> None:
        bound = min(bound, self.upper)
        if bound > self.bound:
            self.bound = bound
            self._tell()

    def _certificate(self, root: _Node | None) -> CoverCertificate:
        """Write the tree in preorder; parts that prove the bound need not be divided."""
        record = Record((len(self._losses), sum(self._covers.shape)), self._relaxation.cuts)
        pending, turns = [] if root is None else [root], self._turns
        while pending:
            node = pending.pop()
            ends = node.bound >= self.bound or not node.children
            record.add(node.multipliers, LEAF if ends else node.branch, turns)
            pending += [] if ends else node.children[::-1]
            turns = []
        return record.certificate(self._sites, exactly=False, bound=self.bound, scale=self._relaxation.scale)
