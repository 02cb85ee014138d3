"""What all hierarchies on one network share, whatever the travel times: order, arcs, elimination tree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled
from gis.hierarchy.elimination import eliminate
from gis.hierarchy.kept import Kept, content_of
from gis.hierarchy.order import Pairs, dissect

Ints = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Topology:
    """The completed network, nodes numbered by rank: the later taken out, the higher.

    Parameters
    ----------
    key
        Name of the content.
    rank : (n,) int32
        Rank of each node of the network.
    first : (n + 1,) int32
        The higher neighbours of rank ``v`` are ``head[first[v]:first[v + 1]]``, ascending.
    head : (e,) int32
    parent : (n,) int32
        Elimination tree; −1 at a root. The ends of an arc always lie on one way to a root.
    depth : (n,) int32
        Steps to the root.
    edge : (m,) int32
        Where each arc of the network stands in `head`; −1 for a loop.
    rising : (m,) bool
        Whether the arc leads to the higher rank.
    """

    key: bytes
    rank: Ints
    first: Ints
    head: Ints
    parent: Ints
    depth: Ints
    edge: Ints
    rising: NDArray[np.bool_]

    @property
    def order(self) -> Ints:
        """(n,) int32, the node of each rank."""
        order = np.empty_like(self.rank)
        order[self.rank] = np.arange(self.rank.size, dtype=np.int32)
        return order


_TOPOLOGIES: Kept[Topology] = Kept(50_000_000)  # arcs


def topology_of(
    tail: Ints, head: Ints, x: NDArray[np.float64], y: NDArray[np.float64], *, order: Ints | None = None
) -> Topology:
    """Order and complete a network, or find it among those of equal content done before.

    Parameters
    ----------
    tail, head : (m,) int32
    x, y : (n,) float64
        Metres; they only help to find a good order.
    order : (n,) int32, optional
        The node of each rank where an order is known already; any order gives the same travel times.

    Raises
    ------
    ValueError
        If the order does not name every node once.
    """
    if order is not None and not names_all_once(order, x.size):
        raise ValueError("an order names every node of the network once")

    def compute() -> Topology:
        if order is not None:
            return complete(order, tail, head)
        pairs = _join(tail, head, x.size)
        return complete(dissect(pairs, np.nan_to_num(x), np.nan_to_num(y)), tail, head)

    return _TOPOLOGIES.find(content_of(tail, head, x, y), compute, lambda topology: topology.head.size)


def names_all_once(order: Ints, n: int) -> bool:
    """Whether an order of (n,) nodes is one: every node stands in it once."""
    if order.size != n or not n:
        return order.size == n
    return bool(order.min() >= 0 and order.max() < n and (np.bincount(order, minlength=n) == 1).all())


def complete(order: Ints, tail: Ints, head: Ints) -> Topology:
    """Take the nodes out in this order.

    Parameters
    ----------
    order : (n,) int32
    tail, head : (m,) int32
    """
    rank = np.empty_like(order)
    rank[order] = np.arange(order.size, dtype=np.int32)
    ends = rank[tail], rank[head]
    pairs = _join(*ends, order.size)
    first, heads, parent = eliminate(pairs.start, pairs.neighbour)
    edge, depth = _place_arcs(first, heads, *ends), _count_steps(parent)
    return Topology(content_of(order, tail, head), rank, first, heads, parent, depth, edge, ends[0] < ends[1])


def _join(one: Ints, other: Ints, n: int) -> Pairs:
    """Say which nodes are neighbours, whatever the direction and however many arcs join them."""
    low, high = np.minimum(one, other).astype(np.int64), np.maximum(one, other)
    low, high = np.divmod(np.unique((low * n + high)[low != high]), max(n, 1))
    tail = np.concatenate([low, high])
    by_tail = np.argsort(tail, kind="stable")
    place = np.empty_like(by_tail)
    place[by_tail] = np.arange(tail.size)
    mate = np.concatenate([place[low.size :], place[: low.size]])[by_tail]
    start = np.concatenate([[0], np.cumsum(np.bincount(tail, minlength=n))])
    neighbour = np.concatenate([high, low])[by_tail]
    return Pairs(start.astype(np.int32), neighbour.astype(np.int32), mate.astype(np.int32))


@compiled
def _place_arcs(first: Ints, head: Ints, tail_rank: Ints, head_rank: Ints) -> Ints:
    edge = np.full(len(tail_rank), -1, np.int32)
    for a in range(len(tail_rank)):
        low, high = min(tail_rank[a], head_rank[a]), max(tail_rank[a], head_rank[a])
        if low < high:
            edge[a] = find_edge(first, head, low, high)
    return edge


@compiled
def find_edge(first: Ints, head: Ints, low: int, high: int) -> int:
    """Return where the arc between two ranks stands; it must exist."""
    begin, end = first[low], first[low + 1]
    while end - begin > 1:
        middle = (begin + end) // 2
        if head[middle] <= high:
            begin = middle
        else:
            end = middle
    return int(begin)


@compiled
def _count_steps(parent: Ints) -> Ints:
    depth = np.zeros(len(parent), np.int32)
    for v in range(len(parent) - 1, -1, -1):
        if parent[v] >= 0:
            depth[v] = depth[parent[v]] + 1
    return depth
