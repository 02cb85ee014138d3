"""Good plans quickly: greedy addition, then exchanges of one site at a time.

Teitz & Bart 1968; all exchanges valued in one pass over the near candidates after Whitaker 1983 and
Resende & Werneck 2007; greedy addition with gains kept up to date. Rules are respected by every step.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled
from planning.siting.engine.sites.lists import Crowds, Lists, no_crowds, turn_round
from planning.siting.engine.sites.selection import Quota
from planning.siting.rules import Rules

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class Moves(NamedTuple):
    """What the rules say about opening and closing, as the kernels read them.

    Parameters
    ----------
    kept, barred : (m,) bool
    near_start : (m + 1,) int64
    near : (k,) int64
        Candidates too near to candidate j at ``near_start[j]:near_start[j + 1]``.
    quota
    """

    kept: Bools
    barred: Bools
    near_start: NDArray[np.int64]
    near: NDArray[np.int64]
    quota: Quota

    @classmethod
    def of(cls, rules: Rules) -> Moves:
        """Return the moves that `rules` allow."""
        both = np.concatenate([rules.apart, rules.apart[:, ::-1]])
        both = both[np.argsort(both[:, 0], kind="stable")]
        start = np.searchsorted(both[:, 0], np.arange(len(rules.status) + 1))
        return cls(rules.kept, rules.barred, start.astype(np.int64), both[:, 1].copy(), Quota.of(rules))


@compiled
def add_greedily(lists: Lists, weights: Floats, far: Floats, sites: int, moves: Moves) -> NDArray[np.int64]:
    """Open the site that saves most, up to `sites` in all; the lowest position among equals.

    Parameters
    ----------
    far : (n,) float64
        What a demand point pays while nobody serves it.

    Returns
    -------
    (k,) int64
        Fewer than `sites` where the rules leave nothing to add.
    """
    m = len(moves.kept)
    paid = far.copy()
    savings = np.zeros(m)
    crowds = no_crowds(len(paid), m, len(lists.site))
    turn_round(lists, np.full(len(paid), np.inf), crowds)
    for i in range(len(paid)):
        for k in range(lists.start[i], lists.start[i + 1]):
            savings[lists.site[k]] += weights[i] * max(0.0, paid[i] - lists.distance[k])
    opened, count = np.zeros(m, np.bool_), 0
    there = np.zeros(len(moves.quota.least), np.int64)
    for j in range(m):
        if moves.kept[j]:
            _add(j, lists, crowds, weights, paid, savings, opened)
            _count(there, j, 1, moves)
            count += 1
    while count < sites:
        best = -1
        tight = np.maximum(moves.quota.least - there, 0).sum() >= sites - count
        for j in range(m):
            of = moves.quota.township[j]
            if opened[j] or not _may_open(j, -1, opened, there, moves):
                continue
            if tight and (of < 0 or there[of] >= moves.quota.least[of]):
                continue
            if best < 0 or savings[j] > savings[best]:
                best = j
        if best < 0:
            break
        _add(best, lists, crowds, weights, paid, savings, opened)
        _count(there, best, 1, moves)
        count += 1
    return np.flatnonzero(opened)


@compiled
def interchange(
    lists: Lists, weights: Floats, far: Floats, begin: NDArray[np.int64], moves: Moves, most: int
) -> NDArray[np.int64]:
    """Exchange an opened site for another while that lowers the total cost; best exchange first.

    Parameters
    ----------
    far : (n,) float64
        What a demand point pays while nobody listed serves it.
    begin : (p,) int64
        Sites to start from.
    most
        At most so many exchanges.

    Returns
    -------
    (p,) int64, ascending
    """
    m = len(moves.kept)
    opened = np.zeros(m, np.bool_)
    opened[begin] = True
    there = np.zeros(len(moves.quota.least), np.int64)
    for j in begin:
        _count(there, j, 1, moves)
    for _ in range(most):
        gain, leaving, entering = _best_exchange(lists, weights, far, opened, there, moves)
        if gain <= 1e-7:
            break
        opened[leaving], opened[entering] = False, True
        _count(there, leaving, -1, moves)
        _count(there, entering, 1, moves)
    return np.flatnonzero(opened)


@compiled
def _best_exchange(
    lists: Lists, weights: Floats, far: Floats, opened: Bools, there: NDArray[np.int64], moves: Moves
) -> tuple[float, int, int]:
    """Return (gain, site that leaves, site that enters)."""
    m = len(opened)
    sites = np.flatnonzero(opened)
    rank = np.full(m, -1, np.int64)
    rank[sites] = np.arange(len(sites))
    gain, loss = np.zeros(m), np.zeros(len(sites))
    back = np.zeros((len(sites), m))  # what a newcomer gives back of the loss
    for i in range(len(far)):
        nearest, first, second = -1, far[i], far[i]
        for k in range(lists.start[i], lists.start[i + 1]):
            if opened[lists.site[k]]:
                if nearest >= 0:
                    second = min(second, lists.distance[k])
                    break
                nearest, first = rank[lists.site[k]], min(first, lists.distance[k])
        if nearest >= 0:
            loss[nearest] += weights[i] * (second - first)
        for k in range(lists.start[i], lists.start[i + 1]):
            paid = lists.distance[k]
            if paid >= second:
                break
            if paid < first:
                gain[lists.site[k]] += weights[i] * (first - paid)
            if nearest >= 0:
                back[nearest, lists.site[k]] += weights[i] * (second - max(paid, first))
    best, leaving, entering = 0.0, -1, -1
    for r in range(len(sites)):
        if moves.kept[sites[r]]:
            continue
        for j in range(m):
            net = gain[j] + back[r, j] - loss[r]
            if net > best and not opened[j] and _may_open(j, sites[r], opened, there, moves):
                best, leaving, entering = net, sites[r], j
    return best, leaving, entering


@compiled
def _may_open(j: int, leaving: int, opened: Bools, there: NDArray[np.int64], moves: Moves) -> bool:
    """Whether the rules allow candidate j once `leaving` (or nobody, −1) is closed."""
    if moves.barred[j]:
        return False
    for k in range(moves.near_start[j], moves.near_start[j + 1]):
        if opened[moves.near[k]] and moves.near[k] != leaving:
            return False
    to = moves.quota.township[j]
    of = moves.quota.township[leaving] if leaving >= 0 else -1
    if to == of:
        return leaving >= 0 or to < 0
    if to >= 0 and there[to] >= moves.quota.most[to]:
        return False
    return of < 0 or there[of] > moves.quota.least[of]


@compiled
def _add(
    site: int, lists: Lists, crowds: Crowds, weights: Floats, paid: Floats, savings: Floats, opened: Bools
) -> None:
    """Open a site and lower the savings of all others accordingly."""
    opened[site] = True
    for s in range(crowds.start[site], crowds.start[site + 1]):
        i, now = crowds.who[s], crowds.distance[s]
        if now < paid[i]:
            for k in range(lists.start[i], lists.start[i + 1]):
                if lists.distance[k] >= paid[i]:
                    break
                savings[lists.site[k]] -= weights[i] * (paid[i] - max(now, lists.distance[k]))
            paid[i] = now


@compiled
def _count(there: NDArray[np.int64], site: int, by: int, moves: Moves) -> None:
    """Count a site that opened (1) or closed (−1) in its area."""
    if moves.quota.township[site] >= 0:
        there[moves.quota.township[site]] += by
