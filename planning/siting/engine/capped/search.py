"""Best plan under several cutoffs: Lagrangian branch and bound whose tree is the proof.

Each node climbs the dual, re-proves its bound in whole numbers, fixes the sites whose other choice
no better plan can afford (reduced-cost fixing), and branches on the site that the climb is least sure
about. The node with the least bound comes next, so that the bound rises until it meets the best plan.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.capped.branching import Split, split
from planning.siting.engine.capped.dual import DualState, Instance, ascend
from planning.siting.engine.capped.exchange import Exchanges
from planning.siting.engine.capped.lists import thin
from planning.siting.engine.capped.node import NodeArithmetic, Part, Row
from planning.siting.engine.capped.question import CappedQuestion
from planning.siting.engine.sites.p_sites import Choice, Found, chosen
from planning.siting.engine.sites.selection import Quota
from planning.siting.engine.tree import Incumbent, Tree, Visit
from planning.siting.limits import Limits
from planning.siting.proof.capped_tree import CappedCertificate
from planning.siting.rules import Rules
from planning.siting.solution import Solution

ROOT_STEPS, NODE_STEPS, ROOT_ROUNDS, NODE_ROUNDS = 60, 40, 12, 4
"""Steps of a round, and rounds at most; at the root three times as many, for all nodes begin from it. Not measured
anew."""
NODE_STEP_SCALE = 0.3
"""Of the usual step, below the root: the multipliers of the parent are nearly right."""
EVEN = 0.03
"""Share of the weights that is spread evenly below a node: a group that has lost its weight hardly regains it."""
TREE_NODES = 3200
"""Nodes that are visited at most: their rows of multipliers take 22 MB on a county, besides the lists of those that
wait."""
PLANS_PER_SITE = 8
"""With p sites, every (p / PLANS_PER_SITE)-th node improves the plan that its climb suggests."""
ANNEALED_PERIOD = 100
"""The same after annealing, which leaves little to improve."""
ANNEALED_NODES = 500
"""From here on, annealing begins again whenever the tree has doubled."""
WORTHWHILE = 0.1
"""Share of the gap that another round at the same node should close."""
WIDE = 0.7
"""Lists are made shorter where fewer of their sites than this share are left."""
CELLS_A_CALL = 2**25
"""Cells of the matrix that one compiled call may visit, so that a cancel is heard in time."""


class Branch(NamedTuple):
    """What the certificate says of a node: its rows, all but the last onward, and how it splits."""

    rows: list[Row]
    split: Split | None = None


class Node(NamedTuple):
    """A part of the plans still to be searched, with the multipliers that prove its bound; ``None`` if none is left."""

    bound: int
    part: Part | None
    dual: DualState
    row: Row
    depth: int


class CappedSearch:
    """The best plan so far and the tree that proves a bound.

    Parameters
    ----------
    question
    step_sizes : (n,) int64
        People at each demand point, at least 1.
    limits
        When to stop.
    zones : (m,) int64, optional
        Neighbourhood of each site, from 0: the tree branches on how many sites each gets.
    """

    def __init__(
        self,
        question: CappedQuestion,
        step_sizes: NDArray[np.int64],
        limits: Limits,
        zones: NDArray[np.int64] | None = None,
    ) -> None:
        self.question, self.limits = question, limits
        self.arithmetic = NodeArithmetic(
            question, step_sizes, np.zeros(question.costs.shape[1], np.int64) if zones is None else zones
        )
        self.exchanges = Exchanges(question, limits)
        self.incumbent: Incumbent[NDArray[np.int64]] = Incumbent(question.worst + 1, limits)
        self._tried: set[bytes] = set()
        self._annealings = 0
        self._annealed = question.sites is not None and question.budget is None and len(question.shares) > 1
        self._steps = max(3, CELLS_A_CALL // max(1, self.arithmetic.instance.times.size))

    def update_incumbent(self, opened: NDArray[np.int64]) -> None:
        """Keep a plan if it is allowed and the best so far."""
        value = self.question.value(opened)
        if value is not None and value < self.incumbent.value and self.question.fits(opened):
            self.incumbent.update(value, np.sort(opened))

    def begin(self) -> None:
        """Offer first plans."""
        for thrifty in (False, True):
            plan = None if self.limits.reached() else self.exchanges.construct(thrifty=thrifty)
            if plan is not None:
                self.update_incumbent(plan)
                self.refine(plan)
            if self.incumbent.plan is not None:
                break

    def refine(self, plan: NDArray[np.int64]) -> None:
        """Offer the best plan that exchanges lead to; annealed where the number of sites is all there is to spend."""
        self.update_incumbent(self.exchanges.improve(plan))
        if self._annealed and self.incumbent.plan is not None:
            self._anneal(self.incumbent.plan)

    def choose(self, answer: Solution, first: Callable[[], Found]) -> Choice | Solution:
        """Search from first plans; `first` is asked for one where none is found quickly, unless its answer is none.

        Parameters
        ----------
        answer
            To be returned as unfinished where a limit is reached before there is a plan.
        first
        """
        self.begin()
        if self.incumbent.plan is None:
            found = first()
            if isinstance(found, Solution):
                return found
            self.update_incumbent(found)
            self.refine(found)
        certificate = self.run()
        if self.incumbent.plan is None:
            return answer.unfinished(self.limits.reason)
        return chosen(self.incumbent, certificate)

    def run(self, *, nodes: int = TREE_NODES) -> CappedCertificate:
        """Search until the best plan is proven, `nodes` are used up or a limit is reached."""
        first = self.arithmetic.first()
        root = self._node(self.arithmetic.start(), first, self.arithmetic.whole(first), 0)
        self._tree = Tree(self, root, self.incumbent, best_first=True)
        self._tree.grow(nodes)
        self._tree.close(self.price)
        self.incumbent.report()
        return self._write()

    def _anneal_again(self) -> None:
        """Anneal once more, by other chances, whenever the tree has doubled."""
        due = ANNEALED_NODES * 2 ** max(0, self._annealings - 1)
        if self._annealed and self.incumbent.plan is not None and len(self._tree) >= due:
            self._anneal(self.incumbent.plan)

    def _anneal(self, plan: NDArray[np.int64]) -> None:
        """Offer an annealed plan as it is, and what exchanges make of it: of that the dearest group may pay more."""
        annealed = self.exchanges.anneal(plan, self._annealings)
        self._annealings += 1
        self.update_incumbent(annealed)
        self.update_incumbent(self.exchanges.improve(annealed))

    def _node(self, given: Part, dual: DualState, row: Row, depth: int) -> Node:
        """Return a node; it is dead where its bound is that of the best plan."""
        part = self.arithmetic.spread(given)
        bound = None if part is None else self.arithmetic.bound(part, row)
        return Node(self.incumbent.value if bound is None else max(bound, 0), part, dual, row, depth)

    def price(self, node: Node) -> Visit[Node, Branch]:
        """Make a leaf of a node as it stands."""
        return Visit(Branch([node.row]))

    def visit(self, node: Node) -> Visit[Node, Branch]:
        """Climb and fix while that pays, then split."""
        self._anneal_again()
        if node.part is None:
            return self.price(node)
        rows: list[Row] = []
        part, dual = node.part, node.dual
        instance, primal = self._thinned(part), np.zeros(len(part.state))
        best = (node.bound, node.row)
        for turn in range(NODE_ROUNDS if node.depth else ROOT_ROUNDS):
            if turn and self.limits.reached():
                break
            steps = min(self._steps, NODE_STEPS if node.depth else ROOT_STEPS)
            aim = self.arithmetic.aim(self.incumbent.value)
            dual, _, primal = ascend(instance, dual, part.state, upper=aim, steps=steps)
            self._try_plan(primal, part, node.depth, turn)
            row = self.arithmetic.whole(dual)
            bound, after = self.arithmetic.fix(part, row, self.incumbent.value)
            if after is None:
                return Visit(Branch([*rows, row]))
            gained, free = bound - best[0], np.count_nonzero(part.state == 0)
            best = max(best, (bound, row), key=lambda one: one[0])
            fixed = int(np.count_nonzero(after.state != part.state))
            if fixed:
                rows.append(row)
                part = after
                instance = self._thinned(part, instance)
            slow = gained < WORTHWHILE * (self.incumbent.value - bound) and fixed < 0.1 * free
            if slow or not (part.state == 0).any():
                break
            if not node.depth:
                self.incumbent.raise_bound(bound)
        return self._divide(node._replace(dual=dual, row=best[1]), part, rows, primal)

    def _divide(self, node: Node, part: Part, rows: list[Row], primal: NDArray[np.float64]) -> Visit[Node, Branch]:
        """Split where the climb is least sure, or close a part in which nothing is left to decide."""
        dual = node.dual
        if not (part.state == 0).any():
            opened = np.flatnonzero(part.state == 1)
            self.update_incumbent(opened)
            return Visit(Branch([*rows, self.arithmetic.decided(opened, self.incumbent.value)]))
        halves = split(self.arithmetic, part, primal, dual)
        even = 1.0 / max(1, len(dual.weights))
        onward = dual._replace(step_scale=NODE_STEP_SCALE, weights=(1.0 - EVEN) * dual.weights + EVEN * even)
        children = [self._node(half, onward, node.row, node.depth + 1) for half in (halves.inside, halves.outside)]
        return Visit(Branch(rows or [node.row], halves), children)

    def _try_plan(self, primal: NDArray[np.float64], part: Part, depth: int, turn: int) -> None:
        """Offer the plan that the climb suggests; improve it now and then."""
        plan = self.arithmetic.suggest(primal, part)
        self.update_incumbent(plan)
        period = ANNEALED_PERIOD if self._annealed else max(1, len(plan) // PLANS_PER_SITE)
        known = plan.tobytes() in self._tried
        due = turn == 0 and len(self._tree) % period == 0 if depth else turn % 4 == 3
        if not known and (due or self.incumbent.plan is None) and self.question.fits(plan):
            self._tried.add(plan.tobytes())
            self.update_incumbent(self.exchanges.improve(plan))

    def _thinned(self, part: Part, before: Instance | None = None) -> Instance:
        """Return the instance of a part, its lists made from those of a larger one and shorter if that is worth it."""
        instance = (before or self.arithmetic.instance)._replace(
            quota=Quota(self.arithmetic.areas, part.least, part.most)
        )
        if np.count_nonzero(part.state >= 0) > WIDE * instance.order.shape[1]:
            return instance
        order, ranked = thin(instance.order, instance.ranked, part.state)
        return instance._replace(order=order, ranked=ranked)

    def _write(self) -> CappedCertificate:
        """Write the tree in preorder."""
        m, areas = self.question.costs.shape[1], len(self.arithmetic.start().least)
        rows: list[Row] = []
        branch: list[int] = []
        counts: list[int] = []
        subsets: list[NDArray[np.bool_]] = []
        for node in self._tree.preorder():
            rows += node.rows
            branch += [-2] * (len(node.rows) - 1)
            counts += [0] * (len(node.rows) - 1)
            halves = node.split
            counts.append(0 if halves is None else halves.number)
            if halves is None:
                branch.append(-1)
            elif halves.subset is None:
                branch.append(halves.site if halves.site >= 0 else m + halves.area)
            else:
                branch.append(m + areas + len(subsets))
                subsets.append(np.isin(np.arange(m), halves.subset))
        return CappedCertificate(
            self.incumbent.bound,
            np.array([row.multipliers for row in rows], np.int64).reshape(len(rows), len(self.question.costs)),
            np.array([row.weights for row in rows], np.int64).reshape(len(rows), len(self.question.shares) + 1),
            np.array(branch, np.int64),
            np.array(counts, np.int64),
            self.arithmetic.areas,
            np.array(subsets, np.int8).reshape(len(subsets), m),
        )


def warm_capped() -> None:
    """Compile (or load) every kernel of this engine by solving two tiny questions."""
    costs = np.array([[1, 5, 9], [5, 1, 9], [9, 5, 1]], np.int64)
    none, one = np.zeros(3, np.int64), np.ones(3, np.int64)
    rules = Rules.from_arrays(3)
    for question in (
        CappedQuestion(costs, np.arange(3), one, 1000, rules, 2, none, None),
        CappedQuestion(costs, none, one[:1], 1, rules, None, one, 2),
    ):
        search = CappedSearch(question, one, Limits(), np.arange(3))
        search.begin()
        search.run(nodes=3)
        thin(search.arithmetic.instance.order, search.arithmetic.instance.ranked, np.array([0, -1, 0], np.int8))
