"""Loads divided over decided sites at least cost: a transport problem with few sinks.

Successive shortest paths (Busacker & Gowen 1960) on a graph with one node a site: its arcs are the
cheapest moves of somebody from one site to another, so that 857 villages and 5 sites make 6 nodes. It
starts from multipliers λ that were good for a similar question, and repairs what they leave too full or too empty.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@compiled
def share_out(unit: Floats, loads: Ints, room: Ints, least: Ints, lambdas: Floats, never: float, shares: Ints) -> bool:
    """Divide everyone's load; `lambdas` and `shares` are filled in.

    Parameters
    ----------
    unit : (n, p) float64
        Cost of one unit of load, ``inf`` where not allowed; somewhere finite for everyone.
    loads : (n,) int64
    room, least : (p,) int64
        Most and least load of each site.
    lambdas : (p,) float64
        Tolls to start from; on return the dual prices of the loads.
    never
        Cost of a unit beyond `room` or short of `least`: above any difference between plans.
    shares : (n, p) int64
        Load of each demand point at each site.

    Returns
    -------
    bool
        Whether `room` and `least` are kept.
    """
    (n, p), slack = unit.shape, 1e-12 * never
    shares[:] = 0
    excess, sent = np.zeros(p + 1, np.int64), np.zeros(p, np.int64)
    for i in range(n):
        if loads[i]:
            best = 0
            for j in range(1, p):
                if unit[i, j] + lambdas[j] < unit[i, best] + lambdas[best]:
                    best = j
            shares[i, best] = loads[i]
            excess[best] += loads[i]
            excess[p] -= loads[i]
    for j in range(p):
        sent[j] = room[j] if lambdas[j] > 0 else least[j] if lambdas[j] < 0 else min(max(excess[j], least[j]), room[j])
        excess[j] -= sent[j]
        excess[p] += sent[j]
    way, who = np.full((p, p), np.inf), np.full((p, p), -1)
    for j in range(p):
        _rank_moves(unit, shares, j, way, who)
    cost, before = np.empty(p + 1), np.empty(p + 1, np.int64)
    while True:
        too_full = np.flatnonzero(excess > 0)
        if not len(too_full):
            break
        begin = too_full[-1]
        _search(way, sent, room, least, never, begin, slack, cost, before)
        end = -1
        for j in range(p + 1):
            if excess[j] < 0 and (end < 0 or cost[j] < cost[end]):
                end = j
        if not _push(unit, shares, way, who, sent, room, least, before, begin, end, excess):
            break
    _price(way, sent, room, least, never, slack, lambdas)
    for j in range(p):
        if sent[j] > room[j] or sent[j] < least[j]:
            return False
    return not excess.any()


@compiled
def _rank_moves(unit: Floats, shares: Ints, site: int, way: Floats, who: Ints) -> None:
    """Find the cheapest move of somebody from `site` to each other site."""
    p = unit.shape[1]
    way[site, :] = np.inf
    who[site, :] = -1
    for i in range(len(unit)):
        if shares[i, site] > 0:
            for k in range(p):
                step = unit[i, k] - unit[i, site]
                if k != site and step < way[site, k]:
                    way[site, k] = step
                    who[site, k] = i


@compiled
def _to_sink(sent: int, room: int, least: int, never: float) -> float:
    return -never if sent < least else 0.0 if sent < room else never


@compiled
def _from_sink(sent: int, room: int, least: int, never: float) -> float:
    return np.inf if sent == 0 else -never if sent > room else 0.0 if sent > least else never


@compiled
def _search(
    way: Floats,
    sent: Ints,
    room: Ints,
    least: Ints,
    never: float,
    begin: int,
    slack: float,
    cost: Floats,
    before: Ints,
) -> None:
    """Fill in the cheapest way from `begin` to every site and to the sink p (Bellman 1958)."""
    p = len(sent)
    cost[:] = np.inf
    before[:] = -1
    cost[begin] = 0.0
    for _ in range(p + 1):
        changed = False
        for a in range(p + 1):
            if cost[a] == np.inf:
                continue
            for b in range(p + 1):
                if b in (a, begin):
                    continue
                if a == p:
                    step = _from_sink(sent[b], room[b], least[b], never)
                elif b == p:
                    step = _to_sink(sent[a], room[a], least[a], never)
                else:
                    step = way[a, b]
                if cost[a] + step < cost[b] - slack:
                    cost[b] = cost[a] + step
                    before[b] = a
                    changed = True
        if not changed:
            return


@compiled
def _push(
    unit: Floats,
    shares: Ints,
    way: Floats,
    who: Ints,
    sent: Ints,
    room: Ints,
    least: Ints,
    before: Ints,
    begin: int,
    end: int,
    excess: Ints,
) -> bool:
    """Move as much load as fits along the way found; False if rounding made it a circle."""
    p, amount = len(sent), min(excess[begin], -excess[end])
    at, length = end, 0
    while at != begin:
        a = before[at]
        if a < 0 or length > p:
            return False
        if a == p:
            held = sent[at]
            amount = min(amount, held - room[at] if held > room[at] else held - least[at] if held > least[at] else held)
        elif at == p:
            if sent[a] < room[a]:
                amount = min(amount, (least[a] if sent[a] < least[a] else room[a]) - sent[a])
        else:
            amount = min(amount, shares[who[a, at], a])
        at, length = a, length + 1
    excess[begin] -= amount
    excess[end] += amount
    at, moved = end, np.full(p, -1)
    while at != begin:
        a = before[at]
        if a == p:
            sent[at] -= amount
        elif at == p:
            sent[a] += amount
        else:
            mover = who[a, at]
            shares[mover, a] -= amount
            shares[mover, at] += amount
            moved[at] = mover
        at = a
    for j in range(p):
        mover = moved[j]
        if mover >= 0:
            for k in range(p):
                step = unit[mover, k] - unit[mover, j]
                if k != j and step < way[j, k]:
                    way[j, k] = step
                    who[j, k] = mover
    for j in range(p):
        stale = False
        for k in range(p):
            if who[j, k] >= 0 and shares[who[j, k], j] == 0:
                stale = True
        if stale:
            _rank_moves(unit, shares, j, way, who)
    return True


@compiled
def _price(way: Floats, sent: Ints, room: Ints, least: Ints, never: float, slack: float, lambdas: Floats) -> None:
    """Fill in what one more unit at each site would cost elsewhere: its way to the sink."""
    p = len(sent)
    for j in range(p):
        lambdas[j] = _to_sink(sent[j], room[j], least[j], never)
    for _ in range(p):
        for a in range(p):
            for b in range(p):
                if a != b and way[a, b] + lambdas[b] < lambdas[a] - slack:
                    lambdas[a] = way[a, b] + lambdas[b]
