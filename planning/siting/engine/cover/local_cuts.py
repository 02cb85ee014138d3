"""Inequalities of a few demand points that every cover keeps and a relaxation breaks.

For some demand points R (a dozen near each other) the sharpest such inequality π·y ≥ 1 against a
relaxed y* is the dual of packing covers of R into y* (local cuts: Applegate, Bixby, Chvátal & Cook 2001):

max Σ_S λ_S   subject to   Σ_{S ∋ k} λ_S ≤ y*_k,   λ ≥ 0,   S running through the covers of R

Sites that cover the same of R are one. The simplex method prices the covers by a dynamic program
over what of R is still uncovered; below 1 the packing leaves a cut. Scaled to whole numbers it is made
exact by the same program, which also gives every other site the least weight that keeps it true.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
_BROKEN, _TINY, _PIVOTS = 0.01, 1e-9, 400
"""A cut has to be broken by a hundredth, else it raises no bound that shows; what counts as 0 in floats; and steps
of the simplex over twelve demand points, whose corners are few: so many mean that it turns in circles."""
_DENOMINATORS = (*range(1, 13), 60)
"""Weights of cuts over twelve demand points are fractions with these; the last is what many of them share."""


class Cut(NamedTuple):
    """Every set of sites that covers `places` weighs at least `least`.

    Parameters
    ----------
    places : (r,) int64
        Demand points.
    weights : (m,) int64
    least
    """

    places: Ints
    weights: Ints
    least: int


def find_cut(covers: Bools, primal: Floats, places: Ints, columns: Ints) -> Cut | None:
    """Return a cut about `places` that a relaxation breaks by more than a hundredth, if there is one.

    Parameters
    ----------
    covers : (n, m) bool
    primal : (m,) float64
        The relaxation.
    places : (r,) int64
    columns : (k,) int64
        The sites that matter: whatever covers no more of `places` than one of these weighs as much.
    """
    of: Ints = covers[places].T @ (1 << np.arange(len(places)))
    kinds, which = np.unique(of, return_inverse=True)
    share: Floats = np.bincount(which, primal, minlength=len(kinds)).astype(np.float64)
    used = (share > _TINY) & (kinds > 0)
    everybody = (1 << len(places)) - 1
    prices = _pack(kinds[used], share[used], everybody)
    if len(prices) == 0 or prices @ share[used] > 1.0 - _BROKEN:
        return None
    whole, one = _whole(prices)
    kept = np.isin(kinds, of[columns])
    outdone = (kinds[:, None] & ~kinds[None, kept]) == 0
    lifted = ~used & (kinds > 0) & (kept | ~outdone.any(axis=1))
    least, heavy = _lift(np.append(kinds[used], kinds[lifted]), whole, everybody, float(one))
    if heavy[: len(whole)] @ share[used] > (1.0 - _BROKEN) * least:
        return None
    weights = np.full(len(kinds), np.inf)
    weights[used], weights[lifted], weights[kinds == 0] = heavy[: len(whole)], heavy[len(whole) :], 0.0
    rest = np.isinf(weights)
    weights[rest] = np.where(outdone[rest], weights[kept], np.inf).min(axis=1)
    return Cut(places, weights[which].astype(np.int64), int(least))


def near_places(hits: NDArray[np.float64], primal: Floats, first: int, count: int) -> Ints:
    """Return the places of `count` demand points that share undecided sites with `first` and with each other.

    Parameters
    ----------
    hits : (n, k) float64
        1 where a site covers a demand point.
    primal : (k,) float64
    first
    count
    """
    undecided = primal * ((primal > _TINY) & (primal < 1.0 - _TINY))
    chosen, together = [first], hits[first].copy()
    while len(chosen) < count:
        shared = hits @ (undecided * (together > 0))
        shared[chosen] = 0.0
        best = int(np.argmax(shared))
        if shared[best] <= _TINY:
            break
        chosen.append(best)
        together += hits[best]
    return np.sort(np.array(chosen, np.int64))


def _whole(prices: Floats) -> tuple[Floats, int]:
    """Return prices in whole parts of a denominator; rounded up where none of the small ones fits."""
    for one in _DENOMINATORS:
        scaled = prices * one
        if np.abs(scaled - np.rint(scaled)).max() < 1e-6:
            return np.rint(scaled), one
    return np.ceil(prices * one - 1e-6), one


@compiled
def _lightest(kinds: Ints, weights: Floats, left: int, cap: float, cost: Floats, back: Ints) -> float:
    """Return the least weight that covers `left`, or `cap` if that is less.

    `kinds` are the sets of demand points as bits. ``cost`` and ``back`` (2^r,) are left behind: the
    way back from 0 leads over the kinds used.
    """
    for m in range(left + 1):
        cost[m] = cap
    cost[left] = 0.0
    for m in range(left, 0, -1):
        if cost[m] >= cap:
            continue
        low = m & -m
        for k in range(len(kinds)):
            if kinds[k] & low:
                then = m & ~kinds[k]
                if cost[m] + weights[k] < cost[then]:
                    cost[then] = cost[m] + weights[k]
                    back[2 * then], back[2 * then + 1] = m, k
    return float(cost[0])


@compiled
def _pack(kinds: Ints, share: Floats, everybody: int) -> Floats:
    """Return the prices (k,) of the best packing; none if it takes too long."""
    count = len(kinds)
    inverse = np.eye(count)
    amount = share + 1e-7 * (1.0 + np.arange(count) % 7)  # apart, so that no pivot stands still
    worth = np.zeros(count)
    cost, back = np.empty(everybody + 1), np.empty(2 * everybody + 2, np.int64)
    column = np.empty(count)
    for _ in range(_PIVOTS):
        prices = worth @ inverse
        lowest = int(np.argmin(prices))
        column[:] = 0.0
        gain = 0.0
        if prices[lowest] < -_TINY:
            column[lowest] = 1.0
        else:
            if _lightest(kinds, np.maximum(prices, 0.0), everybody, 1.0 - 1e-7, cost, back) >= 1.0 - 1e-7:
                return np.maximum(prices, 0.0)
            gain, at = 1.0, 0
            while at != everybody:
                column[back[2 * at + 1]] = 1.0
                at = back[2 * at]
        rate = inverse @ column
        leaving = -1
        for k in range(count):
            if rate[k] > 1e-9 and (leaving < 0 or amount[k] * rate[leaving] < amount[leaving] * rate[k]):
                leaving = k
        if leaving < 0:
            break
        inverse[leaving] /= rate[leaving]
        amount[leaving] /= rate[leaving]
        for k in range(count):
            if k != leaving and rate[k] != 0.0:
                inverse[k] -= rate[k] * inverse[leaving]
                amount[k] -= rate[k] * amount[leaving]
        worth[leaving] = gain
    return np.empty(0)


@compiled
def _lift(kinds: Ints, whole: Floats, everybody: int, one: float) -> tuple[float, Floats]:
    """Return the least weight of a cover by the first kinds, and weights of all that keep it."""
    weights = np.zeros(len(kinds))
    weights[: len(whole)] = whole
    cost, back = np.empty(everybody + 1), np.empty(2 * everybody + 2, np.int64)
    least = _lightest(kinds[: len(whole)], weights, everybody, 2.0 * one, cost, back)
    for k in range(len(whole), len(kinds)):
        weights[k] = least - _lightest(kinds[:k], weights, everybody & ~kinds[k], least, cost, back)
    return least, weights


def warm_local_cuts() -> None:
    """Compile or load the kernels of this file."""
    ring = np.eye(3, dtype=bool) | np.roll(np.eye(3, dtype=bool), 1, axis=1)
    find_cut(ring, np.full(3, 0.5), np.arange(3), np.arange(3))
