"""Give a completed network its travel times (Dibbelt, Strasser & Wagner, Customizable Contraction Hierarchies, 2016).

Every arc between ranks starts with the fastest road between its ends. From the lowest node up, each
pair of higher neighbours is joined through it ("basic customization"); from the highest down, arcs
that a way over higher nodes beats are dropped ("perfect customization"): no fastest way needs them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled
from gis.cost_matrix import CLOSED_MS
from gis.hierarchy.kept import Kept, content_of
from gis.hierarchy.topology import Topology

Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]

_NEVER = np.int32(CLOSED_MS)


class Slope(NamedTuple):
    """The arcs of one direction that fastest ways need.

    Parameters
    ----------
    first : (n + 1,) int32
        Rank ``v`` has the arcs ``first[v]:first[v + 1]``, each to a higher rank.
    head : (k,) int32
    ms : (k,) int32
        Milliseconds: towards `head` on the rising slope, from it on the falling one.
    edge : (k,) int32
        The arc's place in the topology.
    """

    first: Ints
    head: Ints
    ms: Ints
    edge: Ints


class Hierarchy(NamedTuple):
    """A completed network with travel times.

    Parameters
    ----------
    parent, depth : (n,) int32
        Elimination tree, and the steps to its root.
    rise, fall : Slope
        Arcs towards higher ranks, and arcs from there.
    up, down : (e,) int32
        What an arc of the topology stands for in its rising and its falling direction: the lower rank
        that it passes through, or ``~a`` for the road ``a`` itself.
    """

    parent: Ints
    depth: Ints
    rise: Slope
    fall: Slope
    up: Ints
    down: Ints


_HIERARCHIES: Kept[Hierarchy] = Kept(50_000_000)  # arcs


def hierarchy_of(topology: Topology, milliseconds: Ints) -> Hierarchy:
    """Give a network its travel times, or find the hierarchy of equal content computed before.

    Parameters
    ----------
    topology
    milliseconds : (m,) int32
        Of each arc of the network; ``CLOSED_MS`` where it is closed.
    """
    key = topology.key + content_of(milliseconds)
    return _HIERARCHIES.find(key, lambda: customize(topology, milliseconds), lambda found: found.up.size)


def customize(topology: Topology, milliseconds: Ints, *, few: bool = False) -> Hierarchy:
    """Compute the hierarchy of one set of travel times; see :func:`hierarchy_of`.

    Parameters
    ----------
    topology, milliseconds
    few
        For ways to a few places only: arcs that are not needed stay, since finding them takes longer than passing
        them by. The ways are the same.
    """
    first, head = topology.first, topology.head
    rising, up = _lay_roads(topology.edge, topology.rising, milliseconds, head.size)
    falling, down = _lay_roads(topology.edge, ~topology.rising, milliseconds, head.size)
    _join_over_lower(first, head, rising, falling, up, down)
    if few:
        needed_up, needed_down = rising < _NEVER, falling < _NEVER
    else:
        needed_up, needed_down = _beat_over_higher(first, head, rising, falling)
    rise, fall = _slope(first, head, rising, needed_up), _slope(first, head, falling, needed_down)
    return Hierarchy(topology.parent, topology.depth, rise, fall, up, down)


@compiled
def _lay_roads(edge: Ints, chosen: Bools, ms: Ints, count: int) -> tuple[Ints, Ints]:
    """Give each arc the fastest of the chosen roads between its ends."""
    weight, through = np.full(count, _NEVER, np.int32), np.zeros(count, np.int32)
    for a in range(len(edge)):
        if chosen[a] and edge[a] >= 0 and ms[a] < weight[edge[a]]:
            weight[edge[a]], through[edge[a]] = ms[a], ~a
    return weight, through


@compiled
def _join_over_lower(first: Ints, head: Ints, rising: Ints, falling: Ints, up: Ints, down: Ints) -> None:
    for v in range(len(first) - 1):
        for i in range(first[v], first[v + 1]):
            k = first[head[i]]
            to_i, from_i = rising[i], falling[i]
            for j in range(i + 1, first[v + 1]):
                while head[k] != head[j]:
                    k += 1
                upward, downward = np.int32(from_i + rising[j]), np.int32(falling[j] + to_i)
                if upward < rising[k]:
                    rising[k], up[k] = upward, v
                if downward < falling[k]:
                    falling[k], down[k] = downward, v


@compiled
def _beat_over_higher(first: Ints, head: Ints, rising: Ints, falling: Ints) -> tuple[Bools, Bools]:
    """Return which arcs no way over higher nodes beats; `rising` and `falling` become exact times."""
    needed_up, needed_down = rising < _NEVER, falling < _NEVER
    for v in range(len(first) - 2, -1, -1):
        for i in range(first[v], first[v + 1]):
            k = first[head[i]]
            for j in range(i + 1, first[v + 1]):
                while head[k] != head[j]:
                    k += 1
                _beat(rising, needed_up, i, np.int32(rising[j] + falling[k]))
                _beat(rising, needed_up, j, np.int32(rising[i] + rising[k]))
                _beat(falling, needed_down, i, np.int32(rising[k] + falling[j]))
                _beat(falling, needed_down, j, np.int32(falling[k] + falling[i]))
    return needed_up, needed_down


@compiled
def _beat(weight: Ints, needed: Bools, arc: int, other: np.int32) -> None:
    if other < weight[arc]:
        weight[arc], needed[arc] = other, False


@compiled
def _slope(first: Ints, head: Ints, weight: Ints, needed: Bools) -> Slope:
    start = np.zeros(len(first), np.int32)
    edge = np.empty(int(needed.sum()), np.int32)
    size = 0
    for v in range(len(first) - 1):
        for e in range(first[v], first[v + 1]):
            if needed[e]:
                edge[size] = e
                size += 1
        start[v + 1] = size
    return Slope(start, head[edge], weight[edge], edge)
