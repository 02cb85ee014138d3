"""Take the nodes out in order, joining the neighbours of each: the arcs of every hierarchy on one network."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled

Ints = NDArray[np.int32]


@compiled
def eliminate(start: Ints, neighbour: Ints) -> tuple[Ints, Ints, Ints]:
    """Complete the network so that every node's higher neighbours are joined with each other.

    Parameters
    ----------
    start : (n + 1,) int32
    neighbour : (k,) int32
        Neighbours by rank.

    Returns
    -------
    first : (n + 1,) int32
        The higher neighbours of rank ``v`` are ``head[first[v]:first[v + 1]]``, ascending.
    head : (e,) int32
    parent : (n,) int32
        Lowest of them: the elimination tree (Liu 1990); −1 at a root.
    """
    n = len(start) - 1
    first, parent = np.zeros(n + 1, np.int32), np.full(n, -1, np.int32)
    child, sibling = np.full(n, -1, np.int32), np.full(n, -1, np.int32)
    seen = np.full(n, -1, np.int32)
    head = np.empty(max(16, 2 * len(neighbour)), np.int32)
    size = 0
    for v in range(n):
        if size + n - v > len(head):
            grown = np.empty(max(2 * len(head), size + n - v), np.int32)
            grown[:size] = head[:size]
            head = grown
        begin = size
        for a in range(start[v], start[v + 1]):
            w = neighbour[a]
            if w > v and seen[w] != v:
                seen[w] = v
                head[size] = w
                size += 1
        below = child[v]
        while below >= 0:
            for a in range(first[below], first[below + 1]):
                w = head[a]
                if w > v and seen[w] != v:
                    seen[w] = v
                    head[size] = w
                    size += 1
            below = sibling[below]
        head[begin:size].sort()
        first[v + 1] = size
        if size > begin:
            parent[v] = head[begin]
            sibling[v] = child[head[begin]]
            child[head[begin]] = v
    return first, head[:size].copy(), parent
