"""The linear relaxation of covering what is left, sharpened by local cuts."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack, vstack

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
SIZES, AT_ONCE, WORTHWHILE = (12,), 100, 0.02
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
        left = ~covers[:, state == OPENED].any(axis=1)
        rows = np.flatnonzero(left if counts is None else left & counts)
        self._rows = rows[essential_rows(covers[np.ix_(rows, self._columns)])]
        self._core = covers[np.ix_(self._rows, self._columns)]
        self._rules, self._sites = question.rules, question.sites
        self.before = int((state == OPENED).sum())
        self.holds = np.zeros(covers.shape[1], bool)
        self.holds[self._columns] = True
        self._opened = np.flatnonzero(state == OPENED)
        self._load(list(range(len(cuts))), state)

    def _load(self, used: list[int], state: States) -> None:
        """Make the linear program with the cuts `used`; the last column covers nobody, at a price."""
        rules, size = self._rules, len(self._columns)
        towns = rules.township[None, :] == np.arange(len(rules.townships))[:, None]
        there = towns[:, state == OPENED].sum(axis=1)
        within = csr_array(towns[:, self._columns].astype(np.float64))
        everyone = hstack([csr_array(self._core.astype(np.float64)), csr_array(np.ones((len(self._rows), 1)))])
        rows = vstack([everyone, hstack([within, csr_array((len(towns), 1))])], format="csr")
        least = np.append(np.ones(len(self._rows)), rules.least - there)
        most = np.append(np.full(len(self._rows), np.inf), rules.most - there)
        cost = np.append(np.ones(size), _ALONE * (self._sites + 1))
        self._relaxation = Relaxation(
            Program(cost, csr_array(rows), least, most, np.zeros(size + 1, bool), np.zeros(size + 1))
        )
        self._used: list[int] = []
        self._add(used)

    def _add(self, numbers: list[int]) -> None:
        if not numbers:
            return
        weights = np.array([self._cuts[k].weights for k in numbers], np.float64)
        least = np.array([self._cuts[k].least for k in numbers], np.float64)
        least -= weights[:, self._opened].sum(axis=1)
        rows = csr_array(np.column_stack([weights[:, self._columns], np.maximum(least, 0.0)]))
        self._relaxation.add_rows(rows, np.maximum(least, 0.0))
        self._used += numbers

    def solve(self, state: States) -> Relaxed | None:
        """Solve it with what is settled by now."""
        alone = float(len(self._rules.townships) > 0)
        lowest = np.append((state[self._columns] == OPENED).astype(np.float64), 0.0)
        highest = np.append((state[self._columns] != CLOSED).astype(np.float64), alone)
        return self._relaxation.solve(lowest, highest, self._limits)

    def sharpen(self, state: States, most: float) -> Relaxed | None:
        """Solve it, and add cuts until the cost is above `most` or little comes of it."""
        found = self.solve(state)
        rng = np.random.default_rng(1)
        hits = self._core.astype(np.float64)
        for size in SIZES:
            while found is not None and found.cost <= most + 1e-6 and not self._limits.reached():
                before = found.cost
                if not self._cut(hits, self.openness(found)[self._columns], size, rng):
                    break
                found = self.solve(state)
                if found is None or found.cost - before < WORTHWHILE * max(0.25, most - before):
                    break
        return found

    def _cut(self, hits: Floats, openness: Floats, size: int, rng: np.random.Generator) -> bool:
        """Add cuts that the relaxation breaks; whether there were any."""
        undecided = (openness > 1e-6) & (openness < 1.0 - 1e-6)
        begin = len(self._cuts)
        for first in rng.permutation(np.flatnonzero((hits @ undecided) > 0))[:AT_ONCE].tolist():
            if self._limits.reached():
                break
            near = self._rows[near_places(hits, openness, first, size)]
            whole = np.zeros(self._covers.shape[1])
            whole[self._columns] = openness
            cut = find_cut(self._covers, whole, near, self._columns)
            if cut is not None:
                self._cuts.append(cut)
        self._add(list(range(begin, len(self._cuts))))
        return len(self._cuts) > begin

    def openness(self, relaxed: Relaxed) -> Floats:
        """(m,) how far each site is open; those settled before count as closed."""
        values = np.zeros(self._covers.shape[1])
        values[self._columns] = relaxed.values[: len(self._columns)]
        return values

    def whole(self, duals: Floats) -> Ints:
        """Return the multipliers (n + cuts so far,) as whole numbers."""
        count, n = len(self._rows), len(self._covers)
        shares = np.zeros(n + len(self._cuts))
        shares[self._rows] = duals[:count]
        shares[n + np.array(self._used, np.int64)] = duals[count + len(self._rules.townships) :]
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

    def basis(self) -> Any:
        """Return where the last solution stands, for :meth:`go_on_from`."""
        return self._relaxation.basis()

    def go_on_from(self, basis: Any) -> None:
        """Start the next solution from this basis."""
        self._relaxation.go_on_from(basis)

    def probe(self, site: int, *, steps: int) -> tuple[float, float]:
        """Return about what it costs with a free site closed, and opened."""
        return self._relaxation.probe(int(np.searchsorted(self._columns, site)), (0.0, 1.0), steps=steps)
