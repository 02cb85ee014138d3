"""Whole plans from divided ones: everyone to one site, then shifts and swaps while they help."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_ROUNDS, _PAIRS = 60, 20_000_000
"""At most so many rounds of swaps, and so many pairs compared: a tenth of a second."""


@compiled
def round_shares(costs: Ints, pairs: Bools, loads: Ints, room: Ints, least: Ints, shares: Ints, goes: Ints) -> bool:
    """Choose a site for everyone, near to what the shares say.

    Parameters
    ----------
    costs : (n, p) int64
    pairs : (n, p) bool
        Who may go where.
    loads : (n,) int64
    room, least : (p,) int64
    shares : (n, p) int64
    goes : (n,) int64
        Filled in: position among the p sites.

    Returns
    -------
    bool
        Whether a plan was found.
    """
    n, p = costs.shape
    held = np.zeros(p, np.int64)
    goes[:] = -1
    for i in range(n):
        for j in range(p):
            if pairs[i, j] and shares[i, j] == loads[i] and (goes[i] < 0 or costs[i, j] < costs[i, goes[i]]):
                goes[i] = j
        if goes[i] >= 0:
            held[goes[i]] += loads[i]
    rest = np.flatnonzero(goes < 0)
    for i in rest[np.argsort(-loads[rest], kind="mergesort")]:
        for j in range(p):
            fits = pairs[i, j] and held[j] + loads[i] <= room[j]
            if fits and (goes[i] < 0 or costs[i, j] < costs[i, goes[i]]):
                goes[i] = j
        if goes[i] < 0 and not _make_room(costs, pairs, loads, room, goes, held, i):
            return False
        held[goes[i]] += loads[i]
    _lift(costs, pairs, loads, room, least, goes, held)
    if (held < least).any():
        return False
    for _ in range(min(_ROUNDS, 1 + _PAIRS // (n * n + 1))):
        moved = _shift(costs, pairs, loads, room, least, goes, held)
        if not moved and not _swap(costs, pairs, loads, room, least, goes, held):
            break
    return True


@compiled
def _make_room(costs: Ints, pairs: Bools, loads: Ints, room: Ints, goes: Ints, held: Ints, who: int) -> bool:
    """Send `who` to a site that somebody leaves for another one, as cheaply as can be."""
    p = costs.shape[1]
    least, best_v, best_k = np.inf, -1, -1
    for v in range(len(loads)):
        j = goes[v]
        if v == who or j < 0 or not pairs[who, j] or held[j] - loads[v] + loads[who] > room[j]:
            continue
        for k in range(p):
            if k != j and pairs[v, k] and held[k] + loads[v] <= room[k]:
                more = costs[who, j] + costs[v, k] - costs[v, j]
                if more < least:
                    least, best_v, best_k = float(more), v, k
    if best_v < 0:
        return False
    goes[who] = goes[best_v]
    held[goes[best_v]] -= loads[best_v]
    held[best_k] += loads[best_v]
    goes[best_v] = best_k
    return True


@compiled
def _lift(costs: Ints, pairs: Bools, loads: Ints, room: Ints, least: Ints, goes: Ints, held: Ints) -> None:
    """Bring sites short of their least load somebody from sites that can spare it."""
    for j in range(len(least)):
        while held[j] < least[j]:
            best = -1
            for v in range(len(loads)):
                k = goes[v]
                if k == j or not pairs[v, j] or loads[v] == 0:
                    continue
                if held[k] - loads[v] < least[k] or held[j] + loads[v] > room[j]:
                    continue
                if best < 0 or costs[v, j] - costs[v, k] < costs[best, j] - costs[best, goes[best]]:
                    best = v
            if best < 0:
                return
            held[goes[best]] -= loads[best]
            held[j] += loads[best]
            goes[best] = j


@compiled
def _shift(costs: Ints, pairs: Bools, loads: Ints, room: Ints, least: Ints, goes: Ints, held: Ints) -> bool:
    """Send everyone to a cheaper site that has room; whether anybody went."""
    moved = False
    for v in range(len(loads)):
        for k in range(costs.shape[1]):
            j = goes[v]
            if k == j or not pairs[v, k] or costs[v, k] >= costs[v, j]:
                continue
            if held[k] + loads[v] <= room[k] and held[j] - loads[v] >= least[j]:
                held[j] -= loads[v]
                held[k] += loads[v]
                goes[v] = k
                moved = True
    return moved


@compiled
def _swap(costs: Ints, pairs: Bools, loads: Ints, room: Ints, least: Ints, goes: Ints, held: Ints) -> bool:
    """Exchange pairs of demand points where that is cheaper and fits; whether any were."""
    moved = False
    n = len(loads)
    for v in range(n):
        for w in range(v + 1, n):
            j, k = goes[v], goes[w]
            if j == k or costs[v, k] + costs[w, j] >= costs[v, j] + costs[w, k]:
                continue
            more = loads[w] - loads[v]
            if not (pairs[v, k] and pairs[w, j]) or held[j] + more > room[j] or held[k] - more > room[k]:
                continue
            if held[j] + more < least[j] or held[k] - more < least[k]:
                continue
            held[j] += more
            held[k] -= more
            goes[v], goes[w] = k, j
            moved = True
    return moved
