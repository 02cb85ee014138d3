"""The smallest radius within which p sites cover everyone, and the proof that none is smaller."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.cover.choice import Question
from planning.siting.engine.cover.exchange import exchange_sites
from planning.siting.engine.cover.first import cover_greedily
from planning.siting.engine.cover.local_cuts import Cut
from planning.siting.engine.cover.tree import CoverTree
from planning.siting.limits import Limits, Progress
from planning.siting.proof.cover_certificate import CoverCertificate

WORK, STARTS, FIRST_NODES, LONGER, LONG_NODES = 200_000_000, 6, 10, 4, 160
"""As in ``covering``, with less work in a turn: there is a cover to be found at each of several radii. A tree of so
many nodes is long enough for half the way down to be looked at with a short one."""


class Radius(NamedTuple):
    """Sites, how far the worst-off demand point is from them, and what is proven.

    Parameters
    ----------
    opened : (p,) int64, or None
        ``None`` where no plan was found.
    seconds
        The radius of `opened`.
    bound
        No plan has a smaller one.
    certificate
        Exact proof that nothing covers everyone within ``bound − 1`` seconds.
    impossible
        Whether nothing covers everyone within any radius allowed.
    """

    opened: NDArray[np.int64] | None
    seconds: int
    bound: int
    certificate: CoverCertificate | None
    impossible: bool = False


def smallest_radius(seconds: NDArray[np.int32], most: int, question: Question, limits: Limits) -> Radius:
    """Find the sites that serve the worst-off demand point best.

    Parameters
    ----------
    seconds : (n, m) int32
        Of the demand points that count; each is within `most` of some candidate that no rule bars.
    most
        Largest radius allowed.
    question
        How many sites, within which rules.
    """
    search = _Search(seconds, most, question, limits)
    search.first_plan()
    search.close_in(search.relax)
    search.close_in(search.exchange)
    search.prove()
    return search.result()


class _Search:
    """Radii `levels[: low]` are proven too small, `levels[high]` is reached by a plan."""

    def __init__(self, seconds: NDArray[np.int32], most: int, question: Question, limits: Limits) -> None:
        self._seconds, self._question, self._limits = seconds, question, limits
        open_to = seconds[:, ~question.rules.barred]
        self._levels = np.unique(open_to[open_to <= most]) if len(seconds) else np.zeros(1, np.int32)
        least = int(open_to.min(axis=1).max()) if len(seconds) else 0
        self._trivial = self._low = int(np.searchsorted(self._levels, least))
        self._high = len(self._levels)
        self._opened: NDArray[np.int64] | None = None
        self._certificate: CoverCertificate | None = None
        self._cuts: dict[int, list[Cut]] = {}
        self._trees: dict[int, CoverTree] = {}

    def first_plan(self) -> None:
        """Halve the radii by greedy covers; look in earnest where not even the largest has one."""
        low, high = self._low, len(self._levels) - 1
        self._greedily(high)
        while low < min(high, self._high) and not self._limits.reached():
            high = min(high, self._high)
            middle = (low + high) // 2
            if not self._greedily(middle):
                low = middle + 1
        if self._opened is None:
            self._decide(len(self._levels) - 1, None)

    def close_in(self, ask: Callable[[int], None]) -> None:
        """Halve the radii between proof and plan; what `ask` leaves undecided counts as too small or enough."""
        low, high = self._low, self._high
        while low < min(high, self._high) and self._opened is not None and not self._limits.reached():
            high = min(high, self._high)
            middle = (low + high) // 2
            ask(middle)
            low = max(low, self._low)
            if self._high <= middle or (ask == self.relax and self._low <= middle):
                high = middle
            elif self._low <= middle:
                low = middle + 1

    def relax(self, level: int) -> None:
        """Ask the linear relaxation."""
        self._decide(level, 1)

    def exchange(self, level: int) -> None:
        """Look for a plan by exchanges from the best so far."""
        self._exchange(level, WORK)

    def prove(self) -> None:
        """Put the next smaller radius to the tree; where that takes long, to exchanges once, then one halfway too."""
        nodes, sought = FIRST_NODES, -1
        while self._opened is not None and self._low < self._high and not self._limits.reached():
            top = self._high - 1
            self._decide(top, nodes)
            if self._low <= top < self._high:
                if sought != top:
                    self._exchange(top, STARTS * WORK)
                elif self._low < top and nodes >= LONG_NODES:
                    self._decide((self._low + top) // 2, nodes // LONGER**2)
                sought = top
            nodes *= LONGER

    def result(self) -> Radius:
        """Return what is known."""
        bound = int(self._levels[min(self._low, len(self._levels) - 1)])
        if self._opened is None:
            return Radius(None, bound, bound, self._certificate, self._low == len(self._levels))
        return Radius(self._opened, int(self._levels[self._high]), bound, self._certificate)

    def _greedily(self, level: int) -> bool:
        opened = cover_greedily(self._seconds <= self._levels[level], self._question.rules)
        if opened is None:
            return False
        chosen = np.zeros(self._seconds.shape[1], bool)
        chosen[opened] = True
        plan = self._question.complete(chosen)
        return plan is not None and self._update_incumbent(plan)

    def _exchange(self, level: int, work: int) -> None:
        covers = self._seconds <= self._levels[level]
        if covers.any(axis=1).all() and self._opened is not None:
            plan = exchange_sites(covers, self._opened, self._question.rules, work=work, limits=self._limits)
            if plan is not None:
                self._update_incumbent(plan)

    def _decide(self, level: int, nodes: int | None) -> None:
        """Let the tree of this radius grow; with one node alone it is not kept."""
        tree = self._trees.pop(level, None)
        if tree is None:
            # What any cover keeps, one of a smaller radius keeps too.
            above = min((known for known in self._cuts if known >= level), default=level)
            cuts = self._cuts[level] = list(self._cuts.get(above, []))
            tree = CoverTree(self._seconds <= self._levels[level], self._question, self._limits, cuts)
        verdict = tree.grow(nodes)
        if verdict.opened is not None:
            self._update_incumbent(verdict.opened)
        elif verdict.certificate is not None:
            self._low, self._certificate = level + 1, verdict.certificate
        elif nodes != 1:
            self._trees[level] = tree
        self._tell()

    def _update_incumbent(self, plan: NDArray[np.int64]) -> bool:
        worst = int(self._seconds[:, plan].min(axis=1).max(initial=0)) if len(self._seconds) else 0
        level = int(np.searchsorted(self._levels, worst))
        if level < self._high:
            self._high, self._opened = level, plan
            self._tell()
        return True

    def _tell(self) -> None:
        bound = int(self._levels[min(self._low, len(self._levels) - 1)])
        worst = None if self._opened is None else int(self._levels[self._high])
        self._limits.report(Progress(worst, bound))
