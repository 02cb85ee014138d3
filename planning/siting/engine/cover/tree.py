"""Can so many sites cover everyone? Branch and bound on linear relaxations whose tree is the proof.

Cover with s sites:  Σ_j a_ij y_j ≥ 1 for every i,  Σ_j y_j ≤ s (or = s),  y binary, within the rules

Every node solves the relaxation of min Σ_j y_j from its parent's basis. Its multipliers u, rounded to
integers, show Σ_i u_i − (what the best s sites cover of it) ≤ missed: above 0 the node is done, else
sites that would lift it above 0 are settled (Beasley 1987). Branching tries a few fractional sites for
some simplex steps each (Linderoth & Savelsbergh 1999). HiGHS only suggests: nothing here believes it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, eye_array, hstack, vstack

from planning.siting.engine.cover.choice import Question, States
from planning.siting.engine.cover.reduce import essential_rows, reduce_cover
from planning.siting.engine.solver import Program, Relaxation, Relaxed
from planning.siting.limits import Limits
from planning.siting.proof.certificate import CLOSED, FREE, LEAF, ONWARD, OPENED, Certificate
from planning.siting.rules import Rules

Bools = NDArray[np.bool_]
FINEST = 2**30
TRIED, TRIAL_STEPS = 6, 15
_WHOLE = 1e-6


class Verdict(NamedTuple):
    """The answer: sites that cover everyone, or the proof that there are none, or (both missing) nothing yet."""

    opened: NDArray[np.int64] | None
    certificate: Certificate | None


class _Part(NamedTuple):
    """Plans still to be looked at: what is settled, ``None`` if nothing is left; rounds of the root are counted."""

    state: States | None
    round: int | None = None
    basis: Any = None


def decide_cover(covers: Bools, question: Question, *, limits: Limits, nodes: int | None = None) -> Verdict:
    """Find sites that cover everyone, or prove that there are none.

    Parameters
    ----------
    covers : (n, m) bool
    question
        How many sites, within which rules.
    limits
    nodes
        Give up after so many nodes of the tree.

    Returns
    -------
    Verdict
        Its certificate is about costs that are 1 where a candidate does not cover a demand point.
    """
    tree = _Tree(covers, question, limits)
    return tree.grow(nodes)


def relax_cover(covers: Bools, rules: Rules, limits: Limits) -> float:
    """Return the cost of the linear relaxation of covering everyone, in sites; 0 if a limit stops it."""
    question = Question(covers.shape[1], exactly=False, rules=rules)
    state = question.begin()
    if state is None:
        return float("inf")
    tree = _Tree(covers, question, limits)
    tree._set_up(state, lead=True)
    relaxed = tree._relax(state)
    return 0.0 if relaxed is None else relaxed.cost + int((state == OPENED).sum())


class _Tree:
    """The nodes so far, and the relaxation of what the root leaves."""

    def __init__(self, covers: Bools, question: Question, limits: Limits) -> None:
        self._covers, self._question, self._limits = covers, question, limits
        self._multipliers: list[NDArray[np.int64]] = []
        self._branch: list[int] = []
        self._found: NDArray[np.int64] | None = None

    def grow(self, most: int | None) -> Verdict:
        """Visit nodes depth first, "opened" before "closed"."""
        stack = [_Part(self._question.begin(), 0)]
        while stack:
            if self._limits.reached() or (most is not None and len(self._branch) >= most):
                return Verdict(None, None)
            children = self._visit(stack.pop())
            if children is None:
                return Verdict(self._found, None)
            stack += children
        sites, exactly = self._question.sites, self._question.exactly
        multipliers, branch = np.array(self._multipliers, np.int64), np.array(self._branch, np.int64)
        proof = Certificate(sites, 1, FINEST, multipliers, branch, exactly=exactly)
        return Verdict(None, proof)

    def _visit(self, part: _Part) -> list[_Part] | None:
        """Record a node and return its children; ``None`` ends the search."""
        if part.state is not None and part.round is not None:
            self._set_up(part.state, lead=part.round == 0)
        plain = self._end_plainly(part.state)
        if part.state is None or plain is not None:
            return self._record(np.zeros(len(self._covers), np.int64) if plain is None else plain, LEAF, [])
        if part.basis is not None:
            self._relaxation.go_on_from(part.basis)
        relaxed = self._relax(part.state)
        if relaxed is None:
            return None
        whole = self._round(relaxed.duals)
        state = self._question.narrow(*self._price(whole), part.state)
        if state is None:
            return self._record(whole, LEAF, [])
        if self._take(relaxed, part.state):
            return None
        shrunk = (state == FREE).sum() < 0.7 * (part.state == FREE).sum()
        if part.round == 0 or (part.round is not None and shrunk):
            return self._record(whole, ONWARD, [_Part(state, part.round + 1)])
        basis = self._relaxation.basis()
        site = self._choose(relaxed, state)
        opened, closed = state.copy(), state.copy()
        opened[site], closed[site] = OPENED, CLOSED
        return self._record(whole, site, [_Part(closed, None, basis), _Part(self._question.spread(opened))])

    def _end_plainly(self, state: States | None) -> NDArray[np.int64] | None:
        """Return multipliers where no sites can be chosen or a demand point has none left; else ``None``."""
        if state is None:
            return None
        if self._question.impossible(state):
            return np.zeros(len(self._covers), np.int64)
        lonely = np.flatnonzero(self._hits @ (state != CLOSED) == 0)
        if len(lonely) == 0:
            return None
        alone = np.zeros(len(self._covers), np.int64)
        alone[self._rows[lonely[0]]] = FINEST
        return alone

    def _record(self, multipliers: NDArray[np.int64], branch: int, children: list[_Part]) -> list[_Part]:
        self._multipliers.append(multipliers)
        self._branch.append(branch)
        return children

    def _set_up(self, state: States, *, lead: bool) -> None:
        """Make the relaxation of what is still free; `lead`: only of candidates that no other outdoes."""
        rows = np.flatnonzero(~self._covers[:, state == OPENED].any(axis=1))
        columns = np.flatnonzero(state == FREE)
        core = self._covers[np.ix_(rows, columns)]
        if lead:
            kept, ahead = reduce_cover(core)
            columns = columns[ahead]
        else:
            kept = essential_rows(core)
        self._rows, self._columns = rows[kept], columns
        self._hits = csr_array(self._covers[self._rows].astype(np.int64))
        self._before = int((state == OPENED).sum())
        self._relaxation = Relaxation(self._program(state))

    def _program(self, state: States) -> Program:
        """Return the relaxation; where townships have limits, missing somebody costs more than all sites."""
        rules = self._question.rules
        core = csr_array(self._covers[np.ix_(self._rows, self._columns)].astype(np.float64))
        count, size = core.shape
        if len(rules.townships) == 0:
            all_of, none = np.ones(count), np.zeros(0)
            matrix, least, most, missing = core, all_of, np.full(count, np.inf), none
        else:
            towns = rules.township[None, :] == np.arange(len(rules.townships))[:, None]
            there = towns[:, state == OPENED].sum(axis=1)
            within = csr_array(towns[:, self._columns].astype(np.float64))
            matrix = csr_array(
                vstack([hstack([core, eye_array(count)]), hstack([within, csr_array((len(towns), count))])])
            )
            least = np.append(np.ones(count), rules.least - there)
            most = np.append(np.full(count, np.inf), rules.most - there)
            missing = np.full(count, self._question.sites + 1.0)
        cost = np.append(np.ones(size), missing)
        return Program(cost, matrix, least, most, np.zeros(len(cost), bool), np.zeros(len(cost)))

    def _relax(self, state: States) -> Relaxed | None:
        extra = len(self._rows) if len(self._question.rules.townships) else 0
        lowest = np.append((state[self._columns] == OPENED).astype(np.float64), np.zeros(extra))
        highest = np.append((state[self._columns] != CLOSED).astype(np.float64), np.ones(extra))
        return self._relaxation.solve(lowest, highest, self._limits)

    def _round(self, duals: NDArray[np.float64]) -> NDArray[np.int64]:
        shares = np.maximum(duals[: len(self._rows)], 0.0)
        whole = np.zeros(len(self._covers), np.int64)
        whole[self._rows] = np.rint(shares * (FINEST / max(1.0, float(shares.max(initial=0.0)))))
        return whole

    def _price(self, whole: NDArray[np.int64]) -> tuple[NDArray[np.int64], int]:
        return np.asarray(-(whole[self._rows] @ self._hits), np.int64), int(whole.sum())

    def _take(self, relaxed: Relaxed, state: States) -> bool:
        """Keep the plan of a whole relaxation."""
        values = relaxed.values[: len(self._columns)]
        opened = state == OPENED
        opened[self._columns[values > 0.5]] = True
        if np.abs(values - np.rint(values)).max(initial=0.0) > _WHOLE or not self._covers[:, opened].any(axis=1).all():
            return False
        self._found = self._question.complete(opened)
        return self._found is not None

    def _choose(self, relaxed: Relaxed, state: States) -> int:
        """Return the free site whose either choice costs most; any one where the relaxation is whole."""
        values = relaxed.values[: len(self._columns)]
        free = np.flatnonzero(state[self._columns] == FREE)
        doubt = np.minimum(values[free], 1.0 - values[free])
        tried = free[np.argsort(-doubt, kind="stable")[:TRIED]]
        if len(tried) == 0:
            return int(np.flatnonzero(state == FREE)[0])
        if doubt.max() <= _WHOLE:
            return int(self._columns[free[np.argmax(values[free])]])
        room = self._question.sites - self._before + _WHOLE
        gains = []
        for at in tried.tolist():
            costs = self._relaxation.probe(at, (0.0, 1.0), steps=TRIAL_STEPS)
            one, other = (max(min(cost, room) - relaxed.cost, 1e-4) for cost in costs)
            gains.append(one * other)
        return int(self._columns[tried[int(np.argmax(gains))]])
