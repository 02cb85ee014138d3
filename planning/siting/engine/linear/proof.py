"""Prove a bound of a linear question without the solver's word: a tree of whole multipliers.

The multipliers of the linear relaxation, rounded to whole numbers, bound the question from below;
where they do not suffice, the tree branches on the variable that the relaxation leaves most open.
Everything here is 0-1: boxes within [0, 1].
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array, hstack

from planning.siting.engine.linear.boxes import Box, halves, tighten
from planning.siting.engine.linear.core import CLEAR, Core, choose_unit
from planning.siting.engine.linear.question import LinearQuestion
from planning.siting.engine.solver import Program, solve
from planning.siting.limits import Limits
from planning.siting.proof.linear_certificate import LEAF, ONWARD, LinearCertificate

FINEST, COARSEST = 2**20, 2**8
LARGEST_MULTIPLIER = 2**60


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
    grown = search.grow(nodes)
    if grown:
        bound, multipliers, branch = upper, np.array(search.multipliers), search.branch
    elif search.root is not None:
        bound, multipliers, branch = search.bound_by(search.root), search.root[None, :], [LEAF]
    else:
        return None
    split = np.zeros(len(branch), np.int64)
    return LinearCertificate(bound, search.scale, multipliers, np.array(branch, np.int64), split, names)


class _Proof:
    """A tree of multipliers, grown depth first."""

    def __init__(self, question: LinearQuestion, upper: int, limits: Limits) -> None:
        self.question, self.upper, self.limits = question, upper, limits
        self.scale = _choose_scale(question, upper)
        self.unit = choose_unit(question)
        self.multipliers: list[NDArray[np.int64]] = []
        self.branch: list[int] = []
        self.root: NDArray[np.int64] | None = None

    def grow(self, nodes: int) -> bool:
        """Grow the tree until it proves `upper`; whether it did."""
        pending: list[Box] = [(self.question.lowest, self.question.highest)]
        while pending:
            if len(self.branch) >= nodes or self.limits.reached():
                return False
            box = pending.pop()
            multipliers, leaning = self._relax(box)
            if multipliers is None:
                return False
            if self.root is None:
                self.root = multipliers
            self.multipliers.append(multipliers)
            rest = tighten(self.question, box, multipliers, self.scale, self.upper)
            before, after = _free(box), _free(rest)
            if rest is None:
                self.branch.append(LEAF)
            elif 3 * len(after) < 2 * len(before):
                self.branch.append(ONWARD)
                pending.append(rest)
            elif len(after) == 0:
                return False  # one plan is left, and it is cheaper than `upper`
            else:
                self.branch.append(int(after[np.argmin(np.abs(leaning[after] - 0.5))]))
                pending += halves(rest, self.branch[-1])
        return True

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


def _free(box: Box | None) -> NDArray[np.int64]:
    return np.empty(0, np.int64) if box is None else np.flatnonzero(box[0] < box[1])


def _choose_scale(question: LinearQuestion, upper: int) -> int:
    size = float(np.abs(question.cost.astype(float)).sum()) + abs(upper)
    scale = FINEST
    while scale > COARSEST and size * scale > 2.0**58:
        scale //= 2
    return scale
