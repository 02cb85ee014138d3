"""The linear relaxation of covering what is left, sharpened by local cuts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from planning.siting.engine.cover.choice import Question, States
from planning.siting.engine.cover.local_cuts import Cut, find_cut, near_places
from planning.siting.engine.cover.reduce import essential_rows
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
TRIAL_STEPS = 60
"""Simplex steps of a trial where to branch: 15 tell too little of covers, whose trees have half as many nodes so."""
_TINY = 1e-6  # beyond what HiGHS's relaxations may be off by
_ALONE = 1000.0
"""What it costs to cover nobody, in times of all sites; only possible where townships limit them."""


class CoverRelaxation:
    """min Σ_j y_j over the sites still free, covering everyone still uncovered, and with cuts.

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
        self._covers, self._cuts, self._limits = covers, cuts, limits
        self._columns = np.flatnonzero(state == FREE)
        self._opened = np.flatnonzero(state == OPENED)
        left = ~covers[:, self._opened].any(axis=1)
        rows = np.flatnonzero(left if counts is None else left & counts)
        self._rows = rows[essential_rows(covers[np.ix_(rows, self._columns)])]
        self._rules, self._sites = question.rules, question.sites
        self.before = len(self._opened)
        self.holds = np.zeros(covers.shape[1], bool)
        self.holds[self._columns] = True
        self._matrix = covers[np.ix_(self._rows, self._columns)].astype(np.float64)
        self._least = np.ones(len(self._rows))
        self._relaxation = Relaxation(self._program(), perturbed=False)
        self._present: list[int] = []
        self._cutoff = 0.0
        self._add(np.arange(len(self._rows)))
        self._lots = np.random.default_rng(1)

    def _program(self) -> Program:
        """Return the program without its rows but those of townships; the last column covers nobody, at a price."""
        rules, size = self._rules, len(self._columns)
        towns = rules.township[None, :] == np.arange(len(rules.townships))[:, None]
        there = towns[:, self._opened].sum(axis=1)
        return Program(
            cost=np.append(np.ones(size), _ALONE * (self._sites + 1)),
            rows=csr_array(np.column_stack([towns[:, self._columns], np.zeros(len(towns))]).astype(np.float64)),
            least=(rules.least - there).astype(np.float64),
            most=(rules.most - there).astype(np.float64),
            whole=np.zeros(size + 1, bool),
            lowest=np.zeros(size + 1),
        )

    def _learn(self) -> None:
        """Append the cuts found since to the rows: demand points come first, then cuts."""
        fresh = self._cuts[len(self._least) - len(self._rows) :]
        if fresh:
            weights = np.array([cut.weights for cut in fresh], np.float64)
            least = np.array([cut.least for cut in fresh]) - weights[:, self._opened].sum(axis=1)
            self._matrix = np.vstack([self._matrix, weights[:, self._columns]])
            self._least = np.append(self._least, np.maximum(least, 0.0))

    def _add(self, rows: Ints) -> None:
        if len(rows):
            least = self._least[rows]
            self._relaxation.add_rows(csr_array(np.column_stack([self._matrix[rows], least])), least)
            self._present += rows.tolist()

    def solve(self, state: States, most: float = np.inf) -> Relaxed | None:
        """Solve it with what is fixed by now; broken rows are added until the cost is above `most`."""
        self._learn()
        alone = float(len(self._rules.townships) > 0)
        lowest = np.append((state[self._columns] == OPENED).astype(np.float64), 0.0)
        highest = np.append((state[self._columns] != CLOSED).astype(np.float64), alone)
        while True:
            found = self._relaxation.solve(lowest, highest, self._limits)
            if found is None or not np.isfinite(found.cost):
                return found
            slack = self._matrix @ found.values[:-1] - self._least * (1.0 - found.values[-1])
            broken = slack < -_TINY
            broken[self._present] = False
            if not broken.any() or found.cost > most + _TINY:
                return self._slim(found, slack)
            self._add(np.flatnonzero(broken))

    def _slim(self, found: Relaxed, slack: Floats) -> Relaxed:
        """Leave out the rows that are not tight, once there are many."""
        if len(self._present) <= self._cutoff:
            return found
        loose = slack[self._present] > _TINY
        gone = np.flatnonzero(loose) + len(self._rules.townships)
        self._relaxation.drop_rows(gone)
        self._present = np.array(self._present)[~loose].tolist()
        self._cutoff = ROOM * len(self._present)
        return found._replace(duals=np.delete(found.duals, gone))

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
        found = self.solve(state, most)
        while found is not None and found.cost <= most + _TINY and not self._limits.reached():
            before = found.cost
            if not self._cut(found, tries):
                break
            found = self.solve(state, most)
            if once or found is None or found.cost - before < WORTHWHILE * max(0.25, most - before):
                break
        return found

    def _cut(self, relaxed: Relaxed, tries: int) -> bool:
        """Find cuts about demand points that are just covered; whether there were any."""
        primal, before = relaxed.values[:-1], len(self._cuts)
        hits, whole = self._matrix[: len(self._rows)], self.primal(relaxed)
        undecided = (primal > _TINY) & (primal < 1.0 - _TINY)
        tight = np.flatnonzero((hits @ primal < 1.0 + _TINY) & (hits @ undecided > 0))
        hits = hits[tight]
        for first in self._lots.permutation(len(tight))[:tries].tolist():
            if self._limits.reached() or len(self._cuts) >= MOST:
                break
            near = self._rows[tight[near_places(hits, primal, first, SIZE)]]
            cut = find_cut(self._covers, whole, near, self._columns)
            if cut is not None:
                self._cuts.append(cut)
        return len(self._cuts) > before

    def primal(self, relaxed: Relaxed) -> Floats:
        """(m,) how far each site is open; those fixed before count as closed."""
        values = np.zeros(self._covers.shape[1])
        values[self._columns] = relaxed.values[: len(self._columns)]
        return values

    def whole(self, duals: Floats) -> Ints:
        """Return the multipliers (n + cuts so far,) as whole numbers."""
        n = len(self._covers)
        shares = np.zeros(n + len(self._cuts))
        numbers = np.append(self._rows, n + np.arange(len(self._cuts)))
        shares[numbers[self._present]] = duals[len(self._rules.townships) :]
        shares = np.maximum(shares, 0.0)
        return np.rint(shares * (FINEST / max(1.0, float(shares.max(initial=0.0))))).astype(np.int64)

    def price(self, whole: Ints) -> tuple[Ints, int]:
        """Return the prices (m,) of the sites under whole multipliers, none above 0, and the multipliers' sum."""
        n = len(self._covers)
        at, cuts = np.flatnonzero(whole[:n]), np.flatnonzero(whole[n:])
        total = int(whole[:n].sum()) + sum(int(whole[n + k]) * self._cuts[k].least for k in cuts)
        prices = whole[at] @ self._covers[at].astype(np.int64)
        for k in cuts:
            prices = prices + int(whole[n + k]) * self._cuts[k].weights
        return np.asarray(-prices, np.int64), total

    def probe(self, site: int) -> tuple[float, float]:
        """Return about what it costs with a free site closed, and opened."""
        return self._relaxation.probe(int(np.searchsorted(self._columns, site)), (0.0, 1.0), steps=TRIAL_STEPS)
