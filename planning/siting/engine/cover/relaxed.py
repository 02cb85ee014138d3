"""Linear relaxations of covering what is left, sharpened by local cuts: of everyone, and (``losses``) at a loss."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from planning.siting.engine.cover.choice import Question, States
from planning.siting.engine.cover.local_cuts import Cut, find_cut, near_places
from planning.siting.engine.cover.reduce import essential_rows
from planning.siting.engine.pseudo_costs import WHOLE
from planning.siting.engine.relaxation import Relaxation, Relaxed
from planning.siting.engine.solver import Program
from planning.siting.limits import Limits
from planning.siting.proof.certificate import CLOSED, FREE, OPENED

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
FINEST = 2**30
"""Multipliers are whole numbers up to this: finer than the tolerance of HiGHS, and small enough for sums in 64 bits."""
SIZE, AT_ONCE, WORTHWHILE, MOST = 12, 100, 0.01, 3000
"""Demand points of a cut, for whose proof the checker doubles its work with each (it takes up to 24); cuts tried in a
round; the share of the gap that a round should close; and cuts in all, which the proof carries along."""
ROOM = 1.25
"""Rows that are not tight are dropped once so many times as many are there as after the last time."""
_ALONE = 1000.0
"""What it costs to cover nobody, in times of all sites; only possible where townships limit them."""


class CutRelaxation:
    """What is still free of a cover, to be solved with more and more fixed, and with cuts.

    Parameters
    ----------
    covers : (n, c) bool
        By the sites, and by further columns if there are.
    state : (m,) int8
    rows : (r,) int64
        Demand points that are to be covered.
    columns : (k,) int64
        Columns of the relaxation: the free sites first.
    cuts
        Known so far, of all covers; those that are found are added.
    limits
    """

    worthwhile, least_gap, patience, trial_steps = WORTHWHILE, 0.25, 1, 60
    """The share of the gap, or of at least such a gap, that a round of cuts should close; how many rounds in a row may
    not until it is given up; and simplex steps of a trial where to branch: 15 tell too little of covers, whose trees
    have half as many nodes with 60."""

    def __init__(
        self, covers: Bools, state: States, rows: Ints, columns: Ints, cuts: list[Cut], limits: Limits
    ) -> None:
        self._covers, self._rows, self._columns, self.cuts, self._limits = covers, rows, columns, cuts, limits
        self._sites, self._free, self._opened = (
            len(state),
            np.flatnonzero(state == FREE),
            np.flatnonzero(state == OPENED),
        )
        self._hits = covers[np.ix_(rows, self._free)].astype(np.float64)
        self._lots = np.random.default_rng(1)
        self.lp: Relaxation

    def solve(self, state: States, most: float = np.inf) -> Relaxed | None:
        """Solve it with what is fixed by now, at least until its cost is above `most`; ``None`` if a limit stops it."""
        raise NotImplementedError

    def sharpen(self, state: States, most: float, *, tries: int = AT_ONCE, once: bool = False) -> Relaxed | None:
        """Solve it, and add cuts until the cost is above `most` or little comes of it.

        Parameters
        ----------
        state : (m,) int8
        most
        tries
            How many cuts to look for at a time.
        once
            Whether to leave off after that many.
        """
        found, idle = self.solve(state, most), 0
        while found is not None and found.cost <= most + WHOLE and idle < self.patience and not self._limits.reached():
            before = found.cost
            if not self._cut(found, tries):
                break
            found, idle = self.solve(state, most) or found, idle + 1
            if found.cost - before >= self.worthwhile * max(self.least_gap, most - before):
                idle = 0
            if once:
                break
        return found

    def _cut(self, found: Relaxed, tries: int) -> bool:
        """Find cuts about demand points that are just covered; whether there were any."""
        before, everywhere = len(self.cuts), np.zeros(self._covers.shape[1])
        everywhere[self._columns] = found.values[: len(self._columns)]
        primal = found.values[: len(self._free)]
        undecided = (primal > WHOLE) & (primal < 1.0 - WHOLE)
        tight = np.flatnonzero((self._hits @ primal < 1.0 + WHOLE) & (self._hits @ undecided > 0))
        hits = self._hits[tight]
        for first in self._lots.permutation(len(tight))[:tries].tolist():
            if self._limits.reached() or len(self.cuts) >= MOST:
                break
            places = self._rows[tight[near_places(hits, primal, first, SIZE)]]
            cut = find_cut(self._covers, everywhere, places, self._columns)
            if cut is not None:
                self.cuts.append(cut)
        return len(self.cuts) > before

    def _fresh(self, known: int) -> tuple[Ints, Floats]:
        """Return the weights (q, c) of all cuts but the first `known`, and what they ask of the free columns."""
        weights = np.array([cut.weights for cut in self.cuts[known:]]).reshape(-1, self._covers.shape[1])
        least = np.array([cut.least for cut in self.cuts[known:]]) - weights[:, self._opened].sum(axis=1)
        return weights, np.maximum(least, 0.0)

    def primal(self, found: Relaxed) -> Floats:
        """(m,) how far each site is open; those fixed before the first solution count as they are fixed."""
        values = np.zeros(self._sites)
        values[self._opened], values[self._free] = 1.0, found.values[: len(self._free)]
        return values

    def probe(self, site: int) -> tuple[float, float]:
        """Return about what it costs with a free site closed, and opened."""
        return self.lp.probe(int(np.searchsorted(self._free, site)), (0.0, 1.0), steps=self.trial_steps)


class CoverRelaxation(CutRelaxation):
    """min Σ_j y_j over the sites still free, covering everyone still uncovered.

    Parameters
    ----------
    covers : (n, m) bool
    state : (m,) int8
    question
    cuts
        Known so far, of all covers; those that are found are added.
    limits
    counts : (n,) bool, optional
        Demand points that others do not imply.
    """

    def __init__(
        self,
        covers: Bools,
        state: States,
        question: Question,
        cuts: list[Cut],
        limits: Limits,
        counts: Bools | None = None,
    ) -> None:
        columns, left = np.flatnonzero(state == FREE), ~covers[:, state == OPENED].any(axis=1)
        rows = np.flatnonzero(left if counts is None else left & counts)
        rows = rows[essential_rows(covers[np.ix_(rows, columns)])]
        super().__init__(covers, state, rows, columns, cuts, limits)
        self._question, self.before = question, len(self._opened)
        self.holds = state == FREE
        self._matrix, self._least = self._hits, np.ones(len(rows))
        self.lp = Relaxation(self._program(), perturbed=False)
        self._present: list[int] = []
        self._cutoff = 0.0
        self._add(np.arange(len(rows)))

    def _program(self) -> Program:
        """Return the program without its rows but those of townships; the last column covers nobody, at a price."""
        rules, size = self._question.rules, len(self._columns)
        towns = rules.township[None, :] == np.arange(len(rules.townships))[:, None]
        there = towns[:, self._opened].sum(axis=1)
        return Program(
            cost=np.append(np.ones(size), _ALONE * (self._question.sites + 1)),
            rows=csr_array(np.column_stack([towns[:, self._columns], np.zeros(len(towns))]).astype(np.float64)),
            least=(rules.least - there).astype(np.float64),
            most=(rules.most - there).astype(np.float64),
            whole=np.zeros(size + 1, bool),
            lowest=np.zeros(size + 1),
        )

    def _add(self, rows: Ints) -> None:
        if len(rows):
            least = self._least[rows]
            self.lp.add_rows(csr_array(np.column_stack([self._matrix[rows], least])), least)
            self._present += rows.tolist()

    def solve(self, state: States, most: float = np.inf) -> Relaxed | None:
        """Solve it with what is fixed by now; broken rows are added until the cost is above `most`."""
        weights, least = self._fresh(len(self._least) - len(self._rows))
        if len(least):  # demand points come first, then cuts
            self._matrix = np.vstack([self._matrix, weights[:, self._columns].astype(np.float64)])
            self._least = np.append(self._least, least)
        alone = float(len(self._question.rules.townships) > 0)
        lowest = np.append((state[self._columns] == OPENED).astype(np.float64), 0.0)
        highest = np.append((state[self._columns] != CLOSED).astype(np.float64), alone)
        while True:
            found = self.lp.solve(lowest, highest, self._limits)
            if found is None or not np.isfinite(found.cost):
                return found
            slack = self._matrix @ found.values[:-1] - self._least * (1.0 - found.values[-1])
            broken = slack < -WHOLE
            broken[self._present] = False
            if not broken.any() or found.cost > most + WHOLE:
                return self._slim(found, slack)
            self._add(np.flatnonzero(broken))

    def _slim(self, found: Relaxed, slack: Floats) -> Relaxed:
        """Leave out the rows that are not tight, once there are many."""
        if len(self._present) <= self._cutoff:
            return found
        loose = slack[self._present] > WHOLE
        gone = np.flatnonzero(loose) + len(self._question.rules.townships)
        self.lp.drop_rows(gone)
        self._present = np.array(self._present)[~loose].tolist()
        self._cutoff = ROOM * len(self._present)
        return found._replace(duals=np.delete(found.duals, gone))

    def whole(self, duals: Floats) -> Ints:
        """Return the multipliers (n + cuts so far,) as whole numbers."""
        n = len(self._covers)
        shares = np.zeros(n + len(self.cuts))
        numbers = np.append(self._rows, n + np.arange(len(self.cuts)))
        paid = duals[len(self._question.rules.townships) :]
        shares[numbers[self._present[: len(paid)]]] = paid  # without rows added since
        shares = np.maximum(shares, 0.0)
        return np.rint(shares * (FINEST / max(1.0, float(shares.max(initial=0.0))))).astype(np.int64)

    def price(self, whole: Ints) -> tuple[Ints, int]:
        """Return the prices (m,) of the sites under whole multipliers, none above 0, and the multipliers' sum."""
        n = len(self._covers)
        at, cuts = np.flatnonzero(whole[:n]), np.flatnonzero(whole[n:])
        total = int(whole[:n].sum()) + sum(int(whole[n + k]) * self.cuts[k].least for k in cuts)
        prices = whole[at] @ self._covers[at].astype(np.int64)
        for k in cuts:
            prices = prices + int(whole[n + k]) * self.cuts[k].weights
        return np.asarray(-prices, np.int64), total
