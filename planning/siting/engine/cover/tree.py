"""Can so many sites cover everyone? Branch and cut on linear relaxations whose tree is the proof.

Cover with s sites:  Σ_j a_ij y_j ≥ 1 for every i,  Σ_j y_j ≤ s (or = s),  y binary, within the rules

Every node leaves out what others stand in for, then solves the relaxation of min Σ_j y_j from the last
basis. Its multipliers u, rounded to integers, show Σ_i u_i − (what the best s sites cover of it)
≤ missed: above 0 the node is done, else sites that would lift it above 0 are fixed (Beasley 1987). Cuts
about a few demand points each sharpen the relaxation at the root. Branching tries a few fractional sites for
some simplex steps each (Linderoth & Savelsbergh 1999). HiGHS only suggests: nothing here believes it.
"""

from __future__ import annotations

import sys
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.cover.choice import Question, States
from planning.siting.engine.cover.local_cuts import Cut
from planning.siting.engine.cover.record import Row, write_tree
from planning.siting.engine.cover.reduce import Turn, reduce_cover
from planning.siting.engine.cover.relaxed import AT_ONCE, CoverRelaxation
from planning.siting.engine.pseudo_costs import WHOLE, PseudoCosts
from planning.siting.engine.relaxation import Relaxed
from planning.siting.engine.tree import Incumbent, Tree, Visit
from planning.siting.limits import Limits
from planning.siting.proof.certificate import CLOSED, FREE, LEAF, ONWARD, OPENED
from planning.siting.proof.cover_certificate import CoverCertificate
from planning.siting.rules import Rules

Bools = NDArray[np.bool_]
NODE_ROUNDS, NODE_CUTS = 1, 20
"""Rounds of cuts below the root, and cuts tried in one: branching lifts the bound by more."""

TRIED = 8  # sites tried out where to branch: with the 16 of other trees, easy covers take half as long again


class Verdict(NamedTuple):
    """The answer: sites that cover everyone, or the proof that there are none, or (both missing) nothing yet."""

    opened: NDArray[np.int64] | None
    certificate: CoverCertificate | None


class _Part(NamedTuple):
    """Plans still to be looked at: what is fixed, ``None`` if nothing is left; rounds of the root are counted.

    `counts` (n,) are the demand points that others do not imply.
    """

    state: States | None
    counts: Bools
    round: int | None = None
    bound: int = 0


def decide_cover(
    covers: Bools, question: Question, *, limits: Limits, nodes: int | None = None, cuts: list[Cut] | None = None
) -> Verdict:
    """Find sites that cover everyone, or prove that there are none.

    Parameters
    ----------
    covers : (n, m) bool
    question
        How many sites, within which rules.
    limits
    nodes
        Give up after so many nodes of the tree; with one alone no cuts are looked for.
    cuts
        Known so far; those that are found are added.

    Returns
    -------
    Verdict
    """
    tree = CoverTree(covers, question, limits, [] if cuts is None else cuts)
    return tree.grow(nodes)


def relax_cover(
    covers: Bools, rules: Rules, limits: Limits, *, cuts: list[Cut] | None = None, most: float = 0
) -> float:
    """Return the cost of the linear relaxation of covering everyone, in sites; 0 if a limit stops it.

    Parameters
    ----------
    covers : (n, m) bool
    rules
    limits
    cuts
        Known so far; those that are found are added.
    most
        Look for cuts until the cost is above that, or nothing comes of it.
    """
    question = Question(covers.shape[1], exactly=False, rules=rules)
    state = question.begin()
    if state is None:
        return float("inf")
    tree = CoverTree(covers, question, limits, [] if cuts is None else cuts)
    state, _counts, _turns = tree.reduce(state, np.ones(len(covers), bool), at_root=True)
    relaxed = tree.set_up(state, most)
    return 0.0 if relaxed is None else relaxed.cost + int((state == OPENED).sum())


class CoverTree:
    """The nodes so far, the parts still to be looked at, and the relaxation of what the root leaves.

    Parameters
    ----------
    covers : (n, m) bool
    question
    limits
    cuts
        Known so far; those that are found are added.
    """

    def __init__(self, covers: Bools, question: Question, limits: Limits, cuts: list[Cut]) -> None:
        self._covers, self._question, self._limits, self._cuts = covers, question, limits, cuts
        self._most: int | None = None
        self._pseudo_costs = PseudoCosts(covers.shape[1], tried=TRIED)
        self._incumbent: Incumbent[NDArray[np.int64]] = Incumbent(1, limits.quiet())  # there is a cover, or none
        root = _Part(question.begin(), np.ones(len(covers), bool), 0)
        self._tree: Tree[_Part, Row] = Tree(self, root, self._incumbent)

    def grow(self, most: int | None) -> Verdict:
        """Visit nodes depth first, "opened" before "closed", until there are `most`; later calls go on from there."""
        self._most = most
        if not self._tree.grow(sys.maxsize if most is None else most):
            return Verdict(self._incumbent.plan, None)
        question, (demand, width) = self._question, self._covers.shape
        nodes = list(self._tree.preorder())
        return Verdict(None, write_tree(nodes, width, demand, self._cuts, question.sites, exactly=question.strict))

    def visit(self, part: _Part) -> Visit[_Part, Row] | None:
        """Relax a node, fix sites, and divide it; ``None`` ends the search."""
        state, counts = part.state, part.counts
        plain = self._end_plainly(state)
        if state is None or plain is not None:
            return Visit(Row(np.zeros(0, np.int64) if plain is None else plain, LEAF))
        state, counts, turns = self.reduce(state, counts, at_root=part.round is not None)
        if part.round is not None:
            tries = AT_ONCE if part.round == 0 and self._most != 1 else 0
            relaxed = self.set_up(state, self._question.sites, counts, tries=tries)
        else:
            room = self._question.sites - self._relaxation.before
            relaxed = self._relaxation.sharpen(state, room, tries=NODE_CUTS, once=True)
        if relaxed is None:
            return None
        whole = self._relaxation.whole(relaxed.duals)
        _, after = self._question.narrow(*self._relaxation.price(whole), state)
        if after is None:
            return Visit(Row(whole, LEAF, turns))
        if self._take(relaxed, state):
            return None
        shrunk = (after == FREE).sum() < 0.7 * (state == FREE).sum()
        repeats = part.round == 0 or (part.round is not None and shrunk)
        if repeats or FREE not in after:  # where all is fixed, what is left ends plainly
            again = _Part(after, counts, None if part.round is None else part.round + 1)
            return Visit(Row(whole, ONWARD, turns), [again])
        site = self._choose(relaxed, after)
        opened, closed = after.copy(), after.copy()
        opened[site], closed[site] = OPENED, CLOSED
        return Visit(Row(whole, site, turns), [_Part(self._question.spread(opened), counts), _Part(closed, counts)])

    def _end_plainly(self, state: States | None) -> NDArray[np.int64] | None:
        """Return multipliers where no sites can be chosen or a demand point has none left; else ``None``."""
        if state is None:
            return None
        if self._question.impossible(state):
            return np.zeros(0, np.int64)
        lonely = np.flatnonzero(~self._covers[:, state != CLOSED].any(axis=1))
        return None if len(lonely) == 0 else (np.arange(len(self._covers)) == lonely[0]).astype(np.int64)

    def reduce(self, state: States, counts: Bools, *, at_root: bool) -> tuple[States, Bools, list[Turn]]:
        """Close the sites that others stand in for, and leave out implied demand points."""
        if self._question.strict:
            return state, counts, []
        rows = np.flatnonzero(counts & ~self._covers[:, state == OPENED].any(axis=1))
        rounds = 9 if at_root else NODE_ROUNDS
        reduced = reduce_cover(self._covers, rows, np.flatnonzero(state == FREE), self._question.rules, rounds=rounds)
        after, left = state.copy(), counts.copy()
        for turn in reduced.turns:
            if turn.sites:
                after[turn.gone] = CLOSED
            else:
                left[turn.gone] = False
        return after, left, reduced.turns

    def set_up(
        self, state: States, most: float, counts: Bools | None = None, *, tries: int = AT_ONCE
    ) -> Relaxed | None:
        """Relax what is still free, with cuts until its cost is above `most`."""
        self._relaxation = CoverRelaxation(self._covers, state, self._question, self._cuts, self._limits, counts)
        return self._relaxation.sharpen(state, most - self._relaxation.before, tries=tries)

    def _take(self, relaxed: Relaxed, state: States) -> bool:
        """Keep the plan of a whole relaxation."""
        values = self._relaxation.primal(relaxed)
        opened = state == OPENED
        opened[values > 0.5] = True
        if np.abs(values - np.rint(values)).max(initial=0.0) > WHOLE or not self._covers[:, opened].any(axis=1).all():
            return False
        found = self._question.complete(opened)
        return found is not None and self._incumbent.update(0, found)

    def _choose(self, relaxed: Relaxed, state: States) -> int:
        """Return the free site to branch on; any one where the relaxation is whole."""
        values = self._relaxation.primal(relaxed)
        free = np.flatnonzero((state == FREE) & self._relaxation.holds)
        if len(free) == 0:
            return int(np.flatnonzero(state == FREE)[0])
        room = self._question.sites - self._relaxation.before - relaxed.cost
        return self._pseudo_costs.choose(self._relaxation.probe, relaxed.cost, values, free, room)
