"""In which order to take the nodes out: nested dissection on coordinates by inertial flow.

A small set of nodes cuts the network in two; it is taken out last, and each side is cut again
(George 1973). To find it, the nodes are sorted in one of four directions, the first and the last share
of them become source and sink, and a minimum cut is sought between them by blocking flows of unit
capacity (Dinic 1970); the smallest of the four cuts is taken (Schild & Sommer, On Balanced Separators
in Road Networks, 2015). Travel times play no part, so that all modes and edits share one order.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]

_SHARE = 0.33  # of the nodes at either end are source or sink
_SMALL = 8  # cells of so few nodes are left as they are
_ONE, _OTHER, _CUT = 0, 1, 2
_BETWEEN, _SINK, _REACHED = -1, -2, -3  # levels of nodes that have no number of steps from the sources


class Pairs(NamedTuple):
    """Which nodes are neighbours, each pair in both directions.

    Parameters
    ----------
    start : (n + 1,) int32
        The neighbours of node ``v`` are ``neighbour[start[v]:start[v + 1]]``.
    neighbour : (k,) int32
    mate : (k,) int32
        Where the same pair stands the other way round.
    """

    start: Ints
    neighbour: Ints
    mate: Ints


class _Cell(NamedTuple):
    """What the search for one cut keeps of the nodes of the cell at hand."""

    inside: Ints
    level: Ints
    at: Ints
    flow: NDArray[np.int8]
    queue: Ints
    reached: Ints
    path: Ints


def dissect(pairs: Pairs, x: Floats, y: Floats) -> Ints:
    """Order the nodes so that those which cut the network come last.

    Parameters
    ----------
    pairs
    x, y : (n,) float64
        Metres.

    Returns
    -------
    (n,) int32
        Node numbers, the first to be taken out first.
    """
    n = len(x)
    directions = [np.argsort(along, kind="stable") for along in (x, y, x + y, x - y)]
    inside, level, at, queue, reached, path = (np.zeros(n, np.int32) for _ in range(6))
    cell = _Cell(inside, level, at, np.zeros(len(pairs.neighbour), np.int8), queue, reached, path)
    return _dissect(pairs, np.array(directions, np.int32), cell, np.zeros(n, np.int8), np.zeros(n, np.int32))


@compiled
def _dissect(pairs: Pairs, sorted_: Ints, cell: _Cell, part: NDArray[np.int8], scratch: Ints) -> Ints:
    """Divide cell after cell; `sorted_`: (4, n) nodes in each direction, kept sorted within every cell."""
    n = sorted_.shape[1]
    pending = [(0, n)]
    count = 0
    while len(pending) > 0:
        low, high = pending.pop()
        if high - low <= _SMALL:
            continue
        count += 1
        for v in sorted_[0, low:high]:
            cell.inside[v] = count
        least = high - low
        for direction in range(4):
            nodes = sorted_[direction, low:high]
            size = _cut(pairs, nodes, cell, count, least)
            if size < least:
                least = size
                _keep_cut(pairs, nodes, cell, count, part)
        if least == high - low:
            continue
        one, other = 0, 0
        for direction in range(4):
            one, other = _divide(sorted_[direction, low:high], part, scratch)
        pending.append((low, low + one))
        pending.append((low + one, low + one + other))
    order: Ints = sorted_[0].copy()
    return order


@compiled
def _cut(pairs: Pairs, nodes: Ints, cell: _Cell, name: int, least: int) -> int:
    """Find a minimum cut between the first and the last nodes; its size in pairs, or `least` if it is no smaller."""
    share = max(1, int(len(nodes) * _SHARE))
    shore = 0
    for i in range(len(nodes)):
        cell.level[nodes[i]] = 0 if i < share else _SINK if i >= len(nodes) - share else _BETWEEN
    for i in range(len(nodes)):
        v, at_edge = nodes[i], False
        for a in range(pairs.start[v], pairs.start[v + 1]):
            cell.flow[a] = 0
            w = pairs.neighbour[a]
            at_edge |= cell.inside[w] == name and cell.level[w] < 0
        if i < share and at_edge:
            cell.queue[shore] = v
            shore += 1
    flow = 0
    while flow < least:
        tail, sinks = _level(pairs, cell, name, shore)
        if sinks == 0:
            return flow
        flow += _block(pairs, cell, name, shore)
        for i in range(shore, tail):
            cell.level[cell.queue[i]] = _BETWEEN
        for i in range(sinks):
            cell.level[cell.reached[i]] = _SINK
    return least


@compiled
def _level(pairs: Pairs, cell: _Cell, name: int, shore: int) -> tuple[int, int]:
    """Count the steps of nodes from the sources over pairs with room.

    Sources at the edge stand first in the queue. Returns the length of the queue and how many sinks
    are reached, all of them in the fewest steps; a reached sink at step s is at level ``_REACHED − s``.
    """
    tail, sinks, position, last = shore, 0, 0, -1
    for i in range(shore):
        cell.at[cell.queue[i]] = pairs.start[cell.queue[i]]
    while position < tail:
        v = cell.queue[position]
        position += 1
        step = cell.level[v] + 1
        if 0 <= last < step:
            break
        for a in range(pairs.start[v], pairs.start[v + 1]):
            w = pairs.neighbour[a]
            if cell.flow[a] >= 1 or cell.inside[w] != name:
                continue
            if cell.level[w] == _SINK:
                last = step
                cell.level[w] = _REACHED - step
                cell.reached[sinks] = w
                sinks += 1
            elif cell.level[w] == _BETWEEN:
                cell.level[w] = step
                cell.at[w] = pairs.start[w]
                cell.queue[tail] = w
                tail += 1
    return tail, sinks


@compiled
def _block(pairs: Pairs, cell: _Cell, name: int, shore: int) -> int:
    """Push one unit after another along rising levels until no way is left; how many."""
    pushed = 0
    for i in range(shore):
        v, depth = cell.queue[i], 0
        while True:
            ahead = _ahead(pairs, cell, name, v)
            if ahead < 0 and depth == 0:
                break
            if ahead < 0:
                depth -= 1
                v = pairs.neighbour[pairs.mate[cell.path[depth]]]
                cell.at[v] += 1
                continue
            cell.path[depth] = ahead
            depth += 1
            v = pairs.neighbour[ahead]
            if cell.level[v] < 0:
                for a in cell.path[:depth]:
                    cell.flow[a] += 1
                    cell.flow[pairs.mate[a]] -= 1
                pushed += 1
                v, depth = cell.queue[i], 0
    return pushed


@compiled
def _ahead(pairs: Pairs, cell: _Cell, name: int, v: int) -> int:
    """Return the next pair with room from a node to the level above, −1 if none is left."""
    step = cell.level[v] + 1
    while cell.at[v] < pairs.start[v + 1]:
        a = cell.at[v]
        w = pairs.neighbour[a]
        if cell.flow[a] < 1 and cell.inside[w] == name and (cell.level[w] == step or cell.level[w] == _REACHED - step):
            return int(a)
        cell.at[v] += 1
    return -1


@compiled
def _keep_cut(pairs: Pairs, nodes: Ints, cell: _Cell, name: int, part: NDArray[np.int8]) -> None:
    """Say of each node on which side of the last cut it lies; the smaller shore is the cut."""
    shore, opposite = 0, 0
    for v in nodes:
        reached = cell.level[v] >= 0
        for a in range(pairs.start[v], pairs.start[v + 1]):
            w = pairs.neighbour[a]
            if cell.inside[w] == name and (cell.level[w] >= 0) != reached:
                if reached:
                    shore += 1
                else:
                    opposite += 1
                break
    for v in nodes:
        reached = cell.level[v] >= 0
        part[v] = _ONE if reached else _OTHER
        if reached != (shore <= opposite):
            continue
        for a in range(pairs.start[v], pairs.start[v + 1]):
            w = pairs.neighbour[a]
            if cell.inside[w] == name and (cell.level[w] >= 0) != reached:
                part[v] = _CUT
                break


@compiled
def _divide(nodes: Ints, part: NDArray[np.int8], scratch: Ints) -> tuple[int, int]:
    """Bring one side, then the other, then the cut together; how many the sides have."""
    counts = np.zeros(3, np.int64)
    for v in nodes:
        counts[part[v]] += 1
    at = np.array([0, counts[0], counts[0] + counts[1]])
    for v in nodes:
        scratch[at[part[v]]] = v
        at[part[v]] += 1
    for i in range(len(nodes)):
        nodes[i] = scratch[i]
    return counts[0], counts[1]
