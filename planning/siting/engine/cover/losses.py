"""The linear relaxation of leaving out the fewest people with so many sites, sharpened by local cuts.

min Σ_i loss_i z_i   subject to   Σ_j a_ij y_j + z_i ≥ 1,   Σ_j y_j ≤ s,   0 ≤ y, z ≤ 1

This is a cover too: z_i is a column that covers demand point i alone, at a price, and does not count as
a site. So whatever holds for all covers holds here, the cuts among it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from planning.siting.engine.cover.choice import States
from planning.siting.engine.cover.local_cuts import Cut, find_cut, near_places
from planning.siting.engine.relaxation import Relaxation, Relaxed
from planning.siting.engine.solver import Program
from planning.siting.limits import Limits
from planning.siting.proof.certificate import CLOSED, FREE, OPENED

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
PLACES, AT_ONCE, WORTHWHILE, PATIENCE = 12, 100, 0.005, 5
"""Demand points of a cut (as for covers), cuts tried in a round, and rounds in a row that close less than this share of
the gap until it is given up: at a loss a cut lifts less than at covers, so that one idle round does not say enough."""
_LARGEST = 2**50  # sums of losses at this scale, times the sites and cuts that add up, stay within 64 bits


class LossRelaxation:
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

    def __init__(self, covers: Bools, losses: Ints, state: States, sites: int, limits: Limits) -> None:
        n, m = covers.shape
        self._covers, self._limits = np.hstack([covers, np.eye(n, dtype=bool)]), limits
        self._losses, self._m, self.cuts = losses, m, list[Cut]()
        self._free = np.flatnonzero(state == FREE)
        self._opened = state == OPENED
        self._rows = np.flatnonzero(~covers[:, self._opened].any(axis=1))
        self._columns = np.append(self._free, m + self._rows)
        self.scale = 1
        while self.scale < 16 * n and self.scale * (int(losses.sum()) + 1) < _LARGEST:
            self.scale *= 2
        room = sites - np.count_nonzero(self._opened)
        core = csr_array(self._covers[np.ix_(self._rows, self._columns)].astype(np.float64))
        count = csr_array((np.arange(len(self._columns)) < len(self._free)).astype(np.float64)[None])
        self._relaxation = Relaxation(
            Program(
                cost=np.append(np.zeros(len(self._free)), losses[self._rows]),
                rows=csr_array(vstack([core, count])),
                least=np.append(np.ones(len(self._rows)), -np.inf),
                most=np.append(np.full(len(self._rows), np.inf), room),
                whole=np.zeros(len(self._columns), bool),
                lowest=np.zeros(len(self._columns)),
            )
        )
        self._matrix = csr_array(self._covers.astype(np.int64))

    def solve(self, state: States) -> Relaxed | None:
        """Solve it with what is fixed by now; ``None`` if a limit stops it."""
        of = np.append(state[self._free], np.full(len(self._rows), FREE))
        return self._relaxation.solve((of == OPENED).astype(float), (of != CLOSED).astype(float), self._limits)

    def sharpen(self, state: States, most: float) -> Relaxed | None:
        """Solve it, and add cuts until the cost is above `most` or little comes of it."""
        self._relaxation.begin(self._limits)
        found, rng, idle = self.solve(state), np.random.default_rng(1), 0
        while found is not None and found.cost <= most and idle < PATIENCE and not self._limits.reached():
            before = found.cost
            if not self._cut(found, rng):
                break
            sharper = self.solve(state)
            if sharper is None:
                break
            found = sharper
            idle = idle + 1 if found.cost - before < WORTHWHILE * (most - before) else 0
        return found

    def _cut(self, found: Relaxed, rng: np.random.Generator) -> bool:
        """Add cuts that the relaxation breaks; whether there were any."""
        hits = self._covers[np.ix_(self._rows, self._free)].astype(np.float64)
        primal = found.values[: len(self._free)]
        whole = np.zeros(self._covers.shape[1])
        whole[self._columns] = found.values
        undecided, cuts = (primal > 1e-6) & (primal < 1.0 - 1e-6), list[Cut]()
        tight = np.flatnonzero((hits @ primal < 1.0 + 1e-6) & (hits @ undecided > 0))
        hits, rows = hits[tight], self._rows[tight]
        for first in rng.permutation(len(tight))[:AT_ONCE].tolist():
            if self._limits.reached():
                break
            cut = find_cut(self._covers, whole, rows[near_places(hits, primal, first, PLACES)], self._columns)
            if cut is not None:
                cuts.append(cut)
        if cuts:
            weights = np.array([cut.weights for cut in cuts])
            least = np.array([cut.least for cut in cuts]) - weights[:, np.flatnonzero(self._opened)].sum(axis=1)
            self._relaxation.add_rows(csr_array(weights[:, self._columns].astype(float)), np.maximum(least, 0.0))
            self._matrix = csr_array(vstack([self._matrix, csr_array(weights)]))
            self.cuts += cuts
        return bool(cuts)

    def primal(self, found: Relaxed) -> Floats:
        """(m,) how far each site is open; those fixed before the first solution count as they are fixed."""
        values: Floats = self._opened.astype(np.float64)
        values[self._free] = found.values[: len(self._free)]
        return values

    def whole(self, duals: Floats) -> Ints:
        """Return the multipliers (n + cuts,) in whole parts of 1/scale; 0 for cuts made since."""
        n, count = len(self._losses), len(self._rows)
        shares, paid = np.zeros(n + len(self.cuts)), duals[count + 1 :]
        shares[self._rows], shares[n : n + len(paid)] = duals[:count], paid
        return np.asarray(np.rint(np.maximum(shares, 0.0) * self.scale), np.int64)

    def price(self, whole: Ints) -> tuple[Ints, int]:
        """Return the prices (m,) of the sites, none above 0, and what a plan costs before them; in 1/scale."""
        n = len(self._losses)
        prices = -np.asarray(self._matrix.T @ whole, np.int64)
        goals = np.array([cut.least for cut in self.cuts], np.int64)
        own = np.minimum(0, self._losses * self.scale + prices[self._m :])
        return prices[: self._m], int(whole[:n].sum()) + int(whole[n:] @ goals) + int(own.sum())

    def basis(self) -> Any:
        """Return where the last solution stands, for :meth:`go_on_from`."""
        return self._relaxation.basis()

    def go_on_from(self, basis: Any) -> None:
        """Start the next solution from this basis."""
        self._relaxation.go_on_from(basis)

    def probe(self, site: int) -> tuple[float, float]:
        """Return about what it costs with a free site closed, and opened."""
        return self._relaxation.probe(int(np.searchsorted(self._free, site)), (0.0, 1.0))
