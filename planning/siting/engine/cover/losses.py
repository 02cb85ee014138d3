"""The linear relaxation of leaving out the fewest people with so many sites, sharpened by local cuts.

min Σ_i loss_i z_i   subject to   Σ_j a_ij y_j + z_i ≥ 1,   Σ_j y_j ≤ s,   0 ≤ y, z ≤ 1

This is a cover too: z_i is a column that covers demand point i alone, at a price, and does not count as
a site. So whatever holds for all covers holds here, the cuts among it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from planning.siting.engine.cover.choice import States
from planning.siting.engine.cover.local_cuts import Cut
from planning.siting.engine.cover.relaxed import CutRelaxation
from planning.siting.engine.relaxation import TRIAL_STEPS, Relaxation, Relaxed
from planning.siting.engine.solver import Program
from planning.siting.limits import Limits
from planning.siting.proof.certificate import CLOSED, FREE, OPENED

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
_LARGEST = 2**50  # sums of losses at this scale, times the sites and cuts that add up, stay within 64 bits


class LossRelaxation(CutRelaxation):
    """What is left at the root of a tree, to be solved with more and more fixed.

    Parameters
    ----------
    covers : (n, m) bool
    losses : (n,) int64
        What it costs to leave a demand point out.
    state : (m,) int8
    sites
        How many at most, those already opened included.
    limits
    """

    worthwhile, least_gap, patience, trial_steps = 0.005, 0.0, 5, TRIAL_STEPS
    """At a loss a cut lifts less than at covers, so that one idle round does not say enough; short trials do."""

    def __init__(self, covers: Bools, losses: Ints, state: States, sites: int, limits: Limits) -> None:
        n, m = covers.shape
        rows = np.flatnonzero(~covers[:, state == OPENED].any(axis=1))
        columns = np.append(np.flatnonzero(state == FREE), m + rows)
        super().__init__(np.hstack([covers, np.eye(n, dtype=bool)]), state, rows, columns, list[Cut](), limits)
        self._losses = losses
        self.scale = 1
        while self.scale < 16 * n and self.scale * (int(losses.sum()) + 1) < _LARGEST:
            self.scale *= 2
        room = sites - len(self._opened)
        core = csr_array(self._covers[np.ix_(self._rows, self._columns)].astype(np.float64))
        count = csr_array((np.arange(len(self._columns)) < len(self._free)).astype(np.float64)[None])
        self.lp = Relaxation(
            Program(
                cost=np.append(np.zeros(len(self._free)), losses[self._rows]),
                rows=csr_array(vstack([core, count])),
                least=np.append(np.ones(len(self._rows)), -np.inf),
                most=np.append(np.full(len(self._rows), np.inf), room),
                whole=np.zeros(len(self._columns), bool),
                lowest=np.zeros(len(self._columns)),
            )
        )
        self.lp.begin(limits)
        self._matrix = csr_array(self._covers.astype(np.int64))

    def solve(self, state: States, _most: float = np.inf) -> Relaxed | None:
        """Solve it with what is fixed by now; ``None`` if a limit stops it."""
        weights, least = self._fresh(self._matrix.shape[0] - len(self._losses))
        if len(least):
            self.lp.add_rows(csr_array(weights[:, self._columns].astype(float)), least)
            self._matrix = csr_array(vstack([self._matrix, csr_array(weights)]))
        of = np.append(state[self._free], np.full(len(self._rows), FREE))
        return self.lp.solve((of == OPENED).astype(float), (of != CLOSED).astype(float), self._limits)

    def whole(self, duals: Floats) -> Ints:
        """Return the multipliers (n + cuts,) in whole parts of 1/scale; 0 for cuts made since."""
        n, count = len(self._losses), len(self._rows)
        shares, paid = np.zeros(n + len(self.cuts)), duals[count + 1 :]
        shares[self._rows], shares[n : n + len(paid)] = duals[:count], paid
        return np.asarray(np.rint(np.maximum(shares, 0.0) * self.scale), np.int64)

    def price(self, whole: Ints) -> tuple[Ints, int]:
        """Return the prices (m,) of the sites, none above 0, and what a plan costs before them; in 1/scale."""
        n, whole = len(self._losses), whole[: self._matrix.shape[0]]  # cuts made since count nothing
        prices = -np.asarray(self._matrix.T @ whole, np.int64)
        goals = np.array([cut.least for cut in self.cuts[: len(whole) - n]], np.int64)
        own = np.minimum(0, self._losses * self.scale + prices[self._sites :])
        return prices[: self._sites], int(whole[:n].sum()) + int(whole[n:] @ goals) + int(own.sum())
