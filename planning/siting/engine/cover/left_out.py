"""With so many sites, how few people must be left out? Branch and cut, best bound first, whose tree is the proof.

Every node solves the relaxation of :mod:`losses` from its parent's basis. Its multipliers, rounded to
whole numbers, give what it proves in exact integers, and close the sites that no better plan opens. The
node that proves least is divided next, so that a limit finds the bound as high as so many nodes can lift
it. Plans come from rounding every divided node's relaxation and exchanging sites from there.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.cover.choice import Question, States
from planning.siting.engine.cover.losses import LossRelaxation
from planning.siting.engine.cover.record import Row, write_tree
from planning.siting.engine.cover.reduce import Turn, reduce_cover
from planning.siting.engine.cover.swaps import Swaps
from planning.siting.engine.domain import begin
from planning.siting.engine.pseudo_costs import PseudoCosts
from planning.siting.engine.relaxation import Relaxed
from planning.siting.engine.tree import Incumbent, Tree, Visit
from planning.siting.limits import Limits
from planning.siting.proof.certificate import CLOSED, FREE, LEAF, OPENED
from planning.siting.proof.cover_certificate import CoverCertificate
from planning.siting.rules import Rules

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
BEFORE, AT_ROOT, A_NODE = 70, 700, 28
"""Entries that exchanges touch, in times of all cells: before the relaxation, which often says that nothing is left to
find; once it leaves a gap; and at each node."""
MOST_FIGURES = 2**25
"""Sites and demand points of all divided nodes together: 256 MB."""


class _Node(NamedTuple):
    """A part of the plans, what is proven of it, and where to go on from.

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
    basis
    """

    state: States
    multipliers: Ints
    bound: int
    values: Floats
    cost: float
    basis: Any


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
        What is proven otherwise.
    """

    def __init__(
        self, covers: Bools, losses: Ints, sites: int, rules: Rules, opened: Ints, limits: Limits, *, known: int = 0
    ) -> None:
        self._covers, self._losses, self._limits = covers, losses, limits
        self._sites, self._rules = sites, rules
        self._state, self._turns = self._begin()
        self._swaps = Swaps(covers, losses, rules, self._state == FREE)
        self._pseudo_costs = PseudoCosts(covers.shape[1])
        self.incumbent: Incumbent[Ints] = Incumbent(self._lost(opened), limits)
        self.incumbent.plan, self.incumbent.bound = opened, known

    def run(self) -> CoverCertificate:
        """Search until the best plan is proven, a limit is reached or the memory is full; return the proof."""
        best, bound, nodes = self.incumbent, 0, list[Row]()
        self._update_incumbent(self._plan, BEFORE)
        self._relaxation = LossRelaxation(self._covers, self._losses, self._state, self._sites, self._limits)
        root = self._node(self._state, self._relaxation.sharpen(self._state, best.value - 1))
        if root is not None:
            if root.bound < best.value:
                self._update_incumbent(self._plan, AT_ROOT)
            tree = Tree(self, root, best, best_first=True)
            tree.grow(MOST_FIGURES // sum(self._covers.shape))
            tree.close(self.price)
            bound = tree.bound
            # Parts that prove the bound need not be divided.
            nodes = [
                row._replace(branch=LEAF) if row.bound >= bound else row
                for row in tree.preorder(ends=lambda row: row.bound >= bound)
            ]
            nodes[0] = nodes[0]._replace(turns=self._turns)
        n, cuts = len(self._losses), self._relaxation.cuts
        width, scale = sum(self._covers.shape), self._relaxation.scale
        return write_tree(nodes, width, n, cuts, self._sites, exactly=False, bound=bound, scale=scale)

    def _begin(self) -> tuple[States, list[Turn]]:
        """Return what the rules fix, without the sites that others stand in for."""
        rules = self._rules
        state = begin(rules)
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
            known = 0 if above is None else above.bound
            node = _Node(state, whole, known, values, relaxed.cost, self._relaxation.lp.basis())
        elif above is not None and not self._limits.reached():  # the solver gave up: multipliers hold anywhere
            node = above._replace(state=state)
        else:
            return None
        scale, enough = self._relaxation.scale, (self.incumbent.value - 1) * self._relaxation.scale
        question = Question(self._sites, exactly=False, rules=self._rules)
        least, after = question.narrow(*self._relaxation.price(node.multipliers), state, most=enough)
        bound = node.bound if least is None else max(node.bound, -(-least // scale))
        return node._replace(bound=bound, state=state if after is None else after)

    def price(self, node: _Node) -> Visit[_Node, Row]:
        """Make a leaf of a node as it stands."""
        return Visit(Row(node.multipliers, LEAF, bound=node.bound), bound=node.bound)

    def visit(self, node: _Node) -> Visit[_Node, Row] | None:
        """Divide a node on a doubtful site; ``None`` if a limit stops it or nothing is left to divide."""
        state = node.state
        free = np.flatnonzero(state == FREE)
        self._update_incumbent(self._round(state, node.values), A_NODE // 4)
        self._update_incumbent(self._plan, A_NODE)
        if len(free) == 0:
            return None
        self._relaxation.lp.go_on_from(node.basis)
        self._relaxation.solve(state)
        room = self.incumbent.value - 1 - node.cost
        site = self._pseudo_costs.choose(self._relaxation.probe, node.cost, node.values, free, room)
        children = []
        for choice in (OPENED, CLOSED):
            fixed = state.copy()
            fixed[site] = choice
            if np.count_nonzero(fixed == OPENED) == self._sites:
                fixed[fixed == FREE] = CLOSED
            self._relaxation.lp.go_on_from(node.basis)
            child = self._node(fixed, self._relaxation.solve(fixed), node)
            if child is None:
                return None
            children.append(child)
        return Visit(Row(node.multipliers, site, bound=node.bound), children)

    def _round(self, state: States, values: Floats) -> Ints:
        """Return the plan that opens what is opened and what else is most open in the relaxation."""
        primal = np.where(state == OPENED, 2.0, np.where(state == CLOSED, -1.0, values))
        primal[self._rules.barred] = -2.0
        return np.sort(np.argsort(-primal, kind="stable")[: self._sites])

    def _update_incumbent(self, opened: Ints, times: int) -> None:
        """Exchange sites from a plan on; keep what comes of it if it is the best so far."""
        opened = self._swaps.improve(opened, work=times * self._covers.size)
        self.incumbent.update(self._lost(opened), opened)

    @property
    def _plan(self) -> Ints:
        """The best plan so far: there is one from the beginning."""
        return self.incumbent.plan if self.incumbent.plan is not None else np.zeros(0, np.int64)

    def _lost(self, opened: Ints) -> int:
        return int(self._losses[~self._covers[:, opened].any(axis=1)].sum())
