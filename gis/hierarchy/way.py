"""One fastest way, arc by arc: rise from both ends along the elimination tree and meet at the best rank.

(Dibbelt, Strasser & Wagner 2016, section 7.) An arc that stands for a way through a lower rank is
unpacked into the two arcs that customization joined, down to the roads.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled
from gis.cost_matrix import CLOSED_MS
from gis.hierarchy.customization import Hierarchy, Slope
from gis.hierarchy.topology import find_edge

Ints = NDArray[np.int32]


@compiled
def find_way(
    first: Ints, head: Ints, hierarchy: Hierarchy, source: Ints, source_ms: Ints, target: Ints, target_ms: Ints
) -> tuple[int, int, int, Ints]:
    """Find the fastest way between two places.

    Parameters
    ----------
    first, head
        Arcs of the topology.
    hierarchy
    source, target : (2,) int32
        Ranks at the ends of the places, −1 for none; those of one place lie on one way to the root.
    source_ms, target_ms : (2,) int32
        Milliseconds from the source to its ends, and from the target's ends to it.

    Returns
    -------
    milliseconds
        ``CLOSED_MS`` where there is no way.
    begin, end
        Ranks at which the way leaves the source's piece of road and comes to the target's; −1 for no way.
    arcs : (k,) int32
        Arcs of the network from one to the other, in order.
    """
    there, there_by = _climb(hierarchy, hierarchy.rise, source, source_ms)
    back, back_by = _climb(hierarchy, hierarchy.fall, target, target_ms)
    one, other = _deeper(hierarchy.depth, source), _deeper(hierarchy.depth, target)
    while one >= 0 and other >= 0 and one != other:
        if hierarchy.depth[one] > hierarchy.depth[other]:
            one = hierarchy.parent[one]
        elif hierarchy.depth[other] > hierarchy.depth[one]:
            other = hierarchy.parent[other]
        else:
            one, other = hierarchy.parent[one], hierarchy.parent[other]
    best, meeting = CLOSED_MS, -1
    while one >= 0 and other >= 0:
        total = there[hierarchy.depth[one]] + back[hierarchy.depth[one]]
        if total < best:
            best, meeting = total, one
        one = hierarchy.parent[one]
    roads = [0 for _ in range(0)]
    if meeting < 0:
        return CLOSED_MS, -1, -1, np.empty(0, np.int32)
    begin, rising = _trace(hierarchy.rise, there_by, hierarchy.depth, meeting)
    end, falling = _trace(hierarchy.fall, back_by, hierarchy.depth, meeting)
    for low, edge in rising[::-1]:
        _unpack(first, head, hierarchy, low, edge, 1, roads)
    for low, edge in falling:
        _unpack(first, head, hierarchy, low, edge, 0, roads)
    return best, begin, end, np.array(roads, np.int32)


@compiled
def _deeper(depth: Ints, ends: Ints) -> int:
    one, other = ends
    if one < 0 or (other >= 0 and depth[other] > depth[one]):
        return int(other)
    return int(one)


@compiled
def _climb(hierarchy: Hierarchy, slope: Slope, ends: Ints, ms: Ints) -> tuple[Ints, Ints]:
    """Return the milliseconds to each rank on the way to the root, by depth, and the arc that each is reached by."""
    depth, v = hierarchy.depth, _deeper(hierarchy.depth, ends)
    height = depth[v] + 1 if v >= 0 else 0
    time, by = np.full(height, CLOSED_MS, np.int32), np.full(height, -1, np.int32)
    for end in range(2):
        if ends[end] >= 0:
            time[depth[ends[end]]] = min(time[depth[ends[end]]], ms[end])
    while v >= 0:
        at = time[depth[v]]
        if at < CLOSED_MS:
            for e in range(slope.first[v], slope.first[v + 1]):
                above = depth[slope.head[e]]
                if at + slope.ms[e] < time[above]:
                    time[above], by[above] = at + slope.ms[e], e
        v = hierarchy.parent[v]
    return time, by


@compiled
def _trace(slope: Slope, by: Ints, depth: Ints, meeting: int) -> tuple[int, list[tuple[int, int]]]:
    """Go down from the meeting rank to the place: the rank there, and the arcs (lower rank, place in the topology)."""
    arcs = [(0, 0) for _ in range(0)]
    v = meeting
    while by[depth[v]] >= 0:
        e = by[depth[v]]
        v = np.searchsorted(slope.first, e, side="right") - 1
        arcs.append((v, int(slope.edge[e])))
    return v, arcs


@compiled
def _unpack(first: Ints, head: Ints, hierarchy: Hierarchy, low: int, edge: int, rising: int, roads: list[int]) -> None:
    """Append the roads that an arc, rising (1) or falling (0), stands for, in order."""
    pending = [(low, edge, rising)]
    while len(pending) > 0:
        low, edge, rising = pending.pop()
        through = hierarchy.up[edge] if rising else hierarchy.down[edge]
        if through < 0:
            roads.append(~through)
            continue
        to_low = find_edge(first, head, through, low)
        to_high = find_edge(first, head, through, head[edge])
        if rising:
            pending.append((through, to_high, 1))
            pending.append((through, to_low, 0))
        else:
            pending.append((through, to_low, 1))
            pending.append((through, to_high, 0))
