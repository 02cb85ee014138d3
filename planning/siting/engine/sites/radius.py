"""The linear relaxation of what is left of a search, in the radius formulation, rows made as they are needed.

min Σ_i Σ_k s_ik·z_ik   subject to   z_ik + Σ_{j ∈ S_ik} y_j ≥ 1,   Σ_j y_j = p,   0 ≤ y ≤ 1,   z ≥ 0

(Cornuéjols, Nemhauser & Wolsey 1980; Elloumi 2010). S_ik holds the k nearest rings of sites around
demand point i, z_ik says that none of them is opened, and s_ik is what the next ring costs more.
Settled sites are left out, and so are rings that no better plan can need: leaving the last ball costs
more than a better plan could save.

Most rows need not be written. Where multipliers close to the best say that i pays for the first rings
anyway, z_ik = 1 − Σ y_j is put in their place; from there outwards, z_ik = 0. What a solution breaks of
z ≥ 0 and of the rows is added, and the program solved again.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from gis.compiled import compiled
from planning.siting.engine.relaxation import Relaxation
from planning.siting.engine.rule_rows import rule_rows
from planning.siting.engine.sites.lists import Lists, price_exactly
from planning.siting.engine.sites.terms import Terms
from planning.siting.engine.solver import Program
from planning.siting.limits import Limits
from planning.siting.proof.certificate import CLOSED

ROUNDS, TOLERANCE = 40, 1e-6
"""Rounds in which radii that the relaxation lacks are added, and by how much one must be lacking: HiGHS's tolerance."""
PROBE_STEPS = 30
"""Steps of the simplex that tell about enough of a site; with 10 or 90 the same CPU within a tenth."""


class Rings(NamedTuple):
    """Rings whose rows a solution breaks.

    Parameters
    ----------
    who : (r,) int64
        Demand point of each ring.
    last : (r,) int64
        Position in the lists of its last site.
    step : (r,) float64
        What leaving the ball costs.
    inside : (r,) bool
        Whether z was 1 − Σ y before, or 0.
    """

    who: NDArray[np.int64]
    last: NDArray[np.int64]
    step: NDArray[np.float64]
    inside: NDArray[np.bool_]


class Remainder:
    """The sites that a search has not closed, as a linear program that grows where it must.

    Parameters
    ----------
    terms
        The question.
    lists
        Sites that a better plan may serve each demand point from.
    state : (m,) int8
    prices : (n,) float64
        Multipliers per person, near the best.
    penalty
        More than a better plan could save: what leaving somebody without a listed site costs.
    """

    def __init__(
        self,
        terms: Terms,
        lists: Lists,
        state: NDArray[np.int8],
        prices: NDArray[np.float64],
        *,
        penalty: float,
    ) -> None:
        self._lists, self._weights = lists, terms.weights
        self._unserved_cost, self._penalty = terms.unserved_cost, penalty
        self._kept = np.flatnonzero(state != CLOSED)
        self._place = np.full(len(state), -1, np.int32)
        self._place[self._kept] = np.arange(len(self._kept))
        self._split = split_lists(lists, prices)
        base = (self._split * terms.weights).astype(np.int64)
        self._cost = price_exactly(lists, terms.weights, base, 1, len(state))[self._kept].astype(float)
        self._offset = float(base.sum())
        self._unit = max(1.0, self._offset / 1e6)
        self.entries = len(lists.site)
        self._there = np.zeros(len(lists.site), np.bool_)
        self._rings: list[Rings] = []
        ruled = rule_rows(terms.rules, self._kept)
        self._first = 1 + ruled.matrix.shape[0]
        rows = np.vstack([np.ones((1, len(self._kept))), ruled.matrix.toarray()])
        self._relaxation = Relaxation(
            Program(
                cost=self._cost / self._unit,
                rows=csr_array(rows),
                least=np.append(terms.sites, ruled.least).astype(float),
                most=np.append(terms.sites, ruled.most).astype(float),
                whole=np.zeros(len(self._kept), bool),
                lowest=np.zeros(len(self._kept)),
            )
        )

    def relax(self, state: NDArray[np.int8], limits: Limits) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
        """Return (n,) multipliers, in cost, and (m,) primal estimate; ``None`` if nothing fits or a limit stops it.

        Parameters
        ----------
        state : (m,) int8
            At least what was closed at first is closed.
        """
        of = state[self._kept]
        primal, found = np.zeros(len(state)), None
        for _ in range(ROUNDS):
            found = self._relaxation.solve((of == 1).astype(float), (of != CLOSED).astype(float), limits)
            if found is None or not np.isfinite(found.cost):
                return None
            primal[self._kept] = found.values[: len(self._kept)]
            if not self._add(primal, TOLERANCE):
                break
        return None if found is None else (self._paid(found.duals[self._first :] * self._unit), primal)

    def _paid(self, duals: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n,) multipliers, in cost, of the duals of the rows of rings."""
        paid, first = self._split * self._weights, 0
        for rings in self._rings:
            dual = duals[first : first + len(rings.who)]
            if len(dual) < len(rings.who):  # added after the last solution: nothing is paid for them yet
                break
            first += len(rings.who)
            limited = np.where(rings.inside, np.clip(dual, -rings.step, 0.0), np.clip(dual, 0.0, rings.step))
            paid += np.bincount(rings.who, limited, minlength=len(paid))
        return paid

    def probe(self, site: int) -> tuple[float, float]:
        """Return about what the relaxation costs with a free site closed, and opened."""
        column = int(self._place[site])
        costs = self._relaxation.probe(column, (0.0, 1.0), steps=PROBE_STEPS)
        return costs[0] * self._unit + self._offset, costs[1] * self._unit + self._offset

    def _add(self, primal: NDArray[np.float64], tolerance: float) -> bool:
        """Add the rows that `primal` breaks; return whether there were any."""
        rings = break_rings(
            self._lists, self._weights, self._unserved_cost, self._penalty, self._split, primal, self._there, tolerance
        )
        if len(rings.who) == 0:
            return False
        self._there[rings.last] = True
        self._rings.append(rings)
        begin, end = self._lists.start[rings.who], rings.last + 1
        members = np.concatenate([self._lists.site[b:e] for b, e in zip(begin, end, strict=True)])
        self._relaxation.add_soft_rows(
            np.append(0, np.cumsum(end - begin)),
            self._place[members],
            above=rings.inside,
            penalties=rings.step / self._unit,
        )
        return True


@compiled
def split_lists(lists: Lists, prices: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (n,) the distance of the last ring that each demand point pays for in full; 0 if none.

    Parameters
    ----------
    prices : (n,) float64
        Multipliers per person.
    """
    split = np.zeros(len(prices))
    for i in range(len(prices)):
        for k in range(lists.start[i], lists.start[i + 1]):
            if lists.distance[k] > prices[i] and k > lists.start[i]:
                break
            split[i] = lists.distance[k]
    return split


@compiled
def break_rings(
    lists: Lists,
    weights: NDArray[np.int64],
    unserved_cost: NDArray[np.float64],
    penalty: float,
    split: NDArray[np.float64],
    primal: NDArray[np.float64],
    there: NDArray[np.bool_],
    tolerance: float,
) -> Rings:
    """Return the rings whose rows `primal` breaks, those already there excepted."""
    count = 0
    who, last = np.empty(len(lists.site), np.int64), np.empty(len(lists.site), np.int64)
    step, inside = np.empty(len(lists.site)), np.empty(len(lists.site), np.bool_)
    for i in range(len(weights)):
        inner = 0.0
        for k in range(lists.start[i], lists.start[i + 1]):
            inner += primal[lists.site[k]]
            here = lists.distance[k]
            if k + 1 < lists.start[i + 1]:
                beyond = lists.distance[k + 1]
                cost = weights[i] * (beyond - here)
            else:
                beyond = lists.multiplier_limit[i]
                cost = penalty if beyond >= unserved_cost[i] else weights[i] * (beyond - here)
            if cost == 0.0:
                continue
            within = here < split[i]
            if not within and inner >= 1.0 - tolerance:
                break
            if there[k] or (within and inner <= 1.0 + tolerance):
                continue
            who[count], last[count], step[count], inside[count] = i, k, cost, within
            count += 1
            if not within:
                break
    return Rings(who[:count].copy(), last[:count].copy(), step[:count].copy(), inside[:count].copy())
