"""Compiled kernels of territories: whose each node is, whose each stretch, and whether points along it say so."""

from __future__ import annotations

import heapq
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FAR = np.int64(2**62)
"""Distance where no unit is reached."""


class Parts(NamedTuple):
    """Parts of road as an undirected graph, and the units that join them.

    Parameters
    ----------
    a, b, length : (k,) int64
        Nodes at both ends; micrometres.
    first : (n + 1,) int64
        Node ``v`` has the half-edges ``first[v]:first[v + 1]``.
    head, weight : (2k,) int64
    joins : (k + 1,) int64
        Part ``e`` is joined by ``joins[e]:joins[e + 1]``.
    at, walk, unit : (m,) int64
        Micrometres along the part, micrometres from the unit, and which unit; sorted by part and ``at``.
    """

    a: Ints
    b: Ints
    length: Ints
    first: Ints
    head: Ints
    weight: Ints
    joins: Ints
    at: Ints
    walk: Ints
    unit: Ints


@compiled
def nearest_units(parts: Parts) -> tuple[Ints, Ints]:
    """Find each node's distance to the nearest unit and which it is, of equal ones the first.

    Dijkstra 1959 from all units at once, ordered by distance and unit.

    Parameters
    ----------
    parts

    Returns
    -------
    distance, unit : (n,) int64
        ``FAR`` and −1 where no unit is reached.
    """
    n = parts.first.size - 1
    distance, owner = np.full(n, FAR), np.full(n, -1, np.int64)
    heap = [(np.int64(0), np.int64(0), np.int64(0)) for _ in range(0)]
    for e in range(parts.a.size):
        for j in range(parts.joins[e], parts.joins[e + 1]):
            for side in range(2):
                v = parts.a[e] if side == 0 else parts.b[e]
                d = parts.walk[j] + (parts.at[j] if side == 0 else parts.length[e] - parts.at[j])
                if d < distance[v] or (d == distance[v] and parts.unit[j] < owner[v]):
                    distance[v], owner[v] = d, parts.unit[j]
                    heapq.heappush(heap, (d, parts.unit[j], v))
    while len(heap) > 0:
        d, unit, v = heapq.heappop(heap)
        if d != distance[v] or unit != owner[v]:
            continue
        for h in range(parts.first[v], parts.first[v + 1]):
            w, at = parts.head[h], d + parts.weight[h]
            if at < distance[w] or (at == distance[w] and unit < owner[w]):
                distance[w], owner[w] = at, unit
                heapq.heappush(heap, (at, unit, w))
    return distance, owner


@compiled
def divide_parts(parts: Parts, distance: Ints, owner: Ints) -> tuple[Ints, Ints, Floats, Floats]:
    """Divide each part among the units nearest along it: the lower envelope of their distances.

    Every unit's distance rises by a metre a metre on both sides of where it comes in (a joining
    point or an end), so of two units that both have ground the border lies where both are as far.

    Parameters
    ----------
    parts
    distance, owner : (n,) int64
        As ``nearest_units`` returns them.

    Returns
    -------
    part, unit : (s,) int64
        OwnedRoads in the order of the parts, from start to end; unit −1 where none is reached.
    begin, end : (s,) float64
        Micrometres along the part.
    """
    most = parts.at.size + 2 * parts.a.size
    part, unit = np.empty(most, np.int64), np.empty(most, np.int64)
    begin, end = np.empty(most), np.empty(most)
    at, cost, who = (
        np.empty(parts.at.size + 2, np.int64),
        np.empty(parts.at.size + 2, np.int64),
        np.empty(parts.at.size + 2, np.int64),
    )
    count = 0
    for e in range(parts.a.size):
        length, kept = parts.length[e], 0
        for j in range(parts.joins[e] - 1, parts.joins[e + 1] + 1):
            if j < parts.joins[e]:
                x, c, w = np.int64(0), distance[parts.a[e]], owner[parts.a[e]]
            elif j == parts.joins[e + 1]:
                x, c, w = length, distance[parts.b[e]], owner[parts.b[e]]
            else:
                x, c, w = parts.at[j], parts.walk[j], parts.unit[j]
            if w < 0:
                continue
            while kept > 0:
                seen_from_new = c + x - at[kept - 1]
                if seen_from_new < cost[kept - 1] or (seen_from_new == cost[kept - 1] and w < who[kept - 1]):
                    kept -= 1
                else:
                    break
            if kept > 0:
                seen_from_last = cost[kept - 1] + x - at[kept - 1]
                if seen_from_last < c or (seen_from_last == c and who[kept - 1] <= w):
                    continue
            at[kept], cost[kept], who[kept] = x, c, w
            kept += 1
        if kept == 0:
            part[count], unit[count], begin[count], end[count] = e, -1, 0.0, length
            count += 1
        since = 0.0
        for i in range(kept):
            until = float(length)
            if i + 1 < kept:
                until = (at[i] + at[i + 1] + cost[i + 1] - cost[i]) / 2.0
                if who[i] == who[i + 1]:
                    continue
            if until > since:
                part[count], unit[count], begin[count], end[count] = e, who[i], since, until
                count += 1
            since = until
    return part[:count], unit[:count], begin[:count], end[:count]


class Sites(NamedTuple):
    """Points that carry an owner, sorted into squares.

    Parameters
    ----------
    xy : (m, 2) float64
    owner : (m,) int64
    first : (columns * rows + 1,) int64
        Square ``c`` holds ``first[c]:first[c + 1]``; squares run along the rows.
    origin : (2,) float64
    side : float
    columns, rows : int
    """

    xy: Floats
    owner: Ints
    first: Ints
    origin: Floats
    side: float
    columns: int
    rows: int


@compiled
def is_another_nearer(sites: Sites, xy: Floats, within: Floats, owner: Ints) -> NDArray[np.bool_]:
    """Tell for each circle whether a point of another owner lies in it.

    Parameters
    ----------
    sites
    xy, within : (k, 2) and (k,) float64
        Centres and radii.
    owner : (k,) int64

    Returns
    -------
    (k,) bool
    """
    found = np.zeros(len(xy), np.bool_)
    for k in range(len(xy)):
        x, y, r = xy[k, 0], xy[k, 1], within[k]
        left = _square(x - r - sites.origin[0], sites.side, sites.columns)
        right = _square(x + r - sites.origin[0], sites.side, sites.columns)
        low = _square(y - r - sites.origin[1], sites.side, sites.rows)
        high = _square(y + r - sites.origin[1], sites.side, sites.rows)
        limit = r * r * (1.0 - 1e-9)  # the ends of a straight stretch lie on the circle round its middle
        for row in range(low, high + 1):
            if found[k]:
                break
            squares = row * sites.columns
            for i in range(sites.first[squares + left], sites.first[squares + right + 1]):
                dx, dy = sites.xy[i, 0] - x, sites.xy[i, 1] - y
                if sites.owner[i] != owner[k] and dx * dx + dy * dy < limit:
                    found[k] = True
                    break
    return found


@compiled
def _square(metres: float, side: float, count: int) -> int:
    """Return the square that lies so far from the first; outside, the outermost."""
    return min(max(int(metres / side), 0), count - 1)
