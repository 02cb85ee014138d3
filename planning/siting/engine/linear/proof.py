"""Prove a bound of a linear question without the solver's word: a tree of whole multipliers.

The multipliers of the linear relaxation, rounded to whole numbers, bound the question from below;
where they do not suffice, the tree branches on the variable that the relaxation leaves most open.
Everything here is 0-1: boxes within [0, 1].
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array, hstack

from planning.siting.engine.linear.boxes import Box, halves, tighten
from planning.siting.engine.linear.core import CLEAR, Core, choose_unit
from planning.siting.engine.linear.question import LinearQuestion
from planning.siting.engine.solver import Program, solve
from planning.siting.engine.tree import Incumbent, Tree, Visit
from planning.siting.limits import Limits
from planning.siting.proof.linear_certificate import LEAF, ONWARD, LinearCertificate

FINEST, COARSEST = 2**20, 2**8
"""Parts that multipliers are rounded to: as fine as sums in 64 bits allow, and no coarser than a bound bears."""
LARGEST_MULTIPLIER = 2**60
"""Beyond any dual value that means anything; what is larger is cut, which weakens a bound and falsifies none."""


def prove_question(
    question: LinearQuestion,
    upper: int,
    limits: Limits,
    *,
    asked: NDArray[np.int64] | None = None,
    nodes: int = 200,
) -> LinearCertificate | None:
    """Prove that nothing is cheaper than `upper`, or as much below it as one set of multipliers proves.

    Parameters
    ----------
    upper
        Cost of a plan. To prove that there is none: more than any plan could cost.
    asked
        Names of the rows in `question` that the statement does not add by itself.
    nodes
        Size of the tree at most.

    Returns
    -------
    LinearCertificate or None
        ``None`` where not even one relaxation was finished.
    """
    search = _Proof(question, upper, limits)
    names = np.empty((0, 2), np.int64) if asked is None else asked
    rows = search.grow(nodes)
    bound = upper
    if rows is None and search.root is not None:
        bound, rows = search.bound_by(search.root), [Row(search.root, LEAF)]
    if rows is None:
        return None
    multipliers, branch = np.array([row.multipliers for row in rows]), np.array([row.branch for row in rows], np.int64)
    return LinearCertificate(bound, search.scale, multipliers, branch, np.zeros(len(rows), np.int64), names)


class Row(NamedTuple):
    """What the certificate says of a node."""

    multipliers: NDArray[np.int64]
    branch: int


class Node(NamedTuple):
    """A box of what may still be cheaper."""

    box: Box
    bound: int = 0


class _Proof:
    """A tree of multipliers, grown depth first."""

    def __init__(self, question: LinearQuestion, upper: int, limits: Limits) -> None:
        self.question, self.upper, self.limits = question, upper, limits
        self.scale = _choose_scale(question, upper)
        self.unit = choose_unit(question)
        self.root: NDArray[np.int64] | None = None

    def grow(self, nodes: int) -> list[Row] | None:
        """Grow the tree until it proves `upper`; ``None`` if it did not."""
        nothing: Incumbent[None] = Incumbent(1, self.limits.quiet())  # either something is cheaper, or nothing
        tree: Tree[Node, Row] = Tree(self, Node((self.question.lowest, self.question.highest)), nothing)
        return list(tree.preorder()) if tree.grow(nodes) else None

    def visit(self, node: Node) -> Visit[Node, Row] | None:
        """Relax a box, tighten it, and divide it; ``None`` where no multipliers are found or one plan is left."""
        multipliers, leaning = self._relax(node.box)
        if multipliers is None:
            return None
        if self.root is None:
            self.root = multipliers
        rest = tighten(self.question, node.box, multipliers, self.scale, self.upper)
        if rest is None:
            return Visit(Row(multipliers, LEAF))
        before, after = (np.flatnonzero(low < high) for low, high in (node.box, rest))
        if 3 * len(after) < 2 * len(before):
            return Visit(Row(multipliers, ONWARD), [Node(rest)])
        if len(after) == 0:
            return None  # it is cheaper than `upper`
        site = int(after[np.argmin(np.abs(leaning[after] - 0.5))])
        return Visit(Row(multipliers, site), [Node(half) for half in halves(rest, site)])

    def _relax(self, box: Box) -> tuple[NDArray[np.int64] | None, NDArray[np.float64]]:
        """Return whole multipliers of the rows for a box, and the relaxed values of the variables."""
        core = Core.of(self.question, box)
        leaning = np.zeros(len(self.question.cost))
        if core.impossible:
            return self._refute(np.zeros(0), core), leaning
        if not len(core.rows):
            return np.zeros(len(self.question.least), np.int64), leaning
        relaxed = np.zeros(len(self.question.cost), bool)
        answer = solve(core.program(self.question, relaxed, self.unit), limits=self.limits)
        if answer.values is not None and answer.duals is not None:
            leaning[core.free] = answer.values
            return self._whole(answer.duals * self.unit * self.scale, core), leaning
        if not answer.proven:
            return None, leaning
        return self._refute(self._blame(core), core), leaning

    def _whole(self, duals: NDArray[np.float64], core: Core) -> NDArray[np.int64]:
        multipliers = np.zeros(len(self.question.least), np.int64)
        multipliers[core.rows] = np.rint(np.clip(duals, 0, LARGEST_MULTIPLIER)).astype(np.int64)
        return multipliers

    def _blame(self, core: Core) -> NDArray[np.float64]:
        """Return multipliers with which the rows contradict each other: least total violation is above 0."""
        size, count = len(core.free), len(core.rows)
        room = core.least - np.asarray(core.matrix.minimum(0).sum(axis=1)).ravel()
        program = Program(
            cost=np.append(np.zeros(size), np.ones(count)),
            rows=csr_array(hstack([core.matrix.astype(np.float64), diags_array(room.astype(float))])),
            least=core.least.astype(float),
            most=np.full(count, np.inf),
            whole=np.zeros(size + count, bool),
            lowest=np.zeros(size + count),
        )
        answer = solve(program, limits=self.limits)
        return np.zeros(0) if answer.duals is None else np.maximum(answer.duals, 0)

    def _refute(self, duals: NDArray[np.float64], core: Core) -> NDArray[np.int64] | None:
        """Scale contradicting multipliers until they outweigh any cost."""
        cost = self.question.cost
        worst = self.scale * (abs(self.upper) + int(np.abs(cost).sum()) + 1)
        if core.impossible:
            if core.broken < 0:
                return np.zeros(len(self.question.least), np.int64)
            multipliers = np.zeros(len(self.question.least), np.int64)
            multipliers[core.broken] = worst
            return multipliers
        if not len(duals):
            return None
        against = duals @ core.least - np.maximum(core.matrix.T @ duals, 0).sum()
        return None if against <= CLEAR else self._whole(duals * (2 * worst / against), core)

    def bound_by(self, multipliers: NDArray[np.int64]) -> int:
        """Return what one set of multipliers proves by itself."""
        low, high = -int(np.abs(self.question.cost).sum()) - 1, self.upper
        box = (self.question.lowest, self.question.highest)
        while low < high:
            middle = (low + high + 1) // 2
            proves = tighten(self.question, box, multipliers, self.scale, middle) is None
            low, high = (middle, high) if proves else (low, middle - 1)
        return low


def _choose_scale(question: LinearQuestion, upper: int) -> int:
    size = float(np.abs(question.cost.astype(float)).sum()) + abs(upper)
    scale = FINEST
    while scale > COARSEST and size * scale > 2.0**58:
        scale //= 2
    return scale
