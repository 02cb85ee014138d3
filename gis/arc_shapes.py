"""The course of every arc, and which arcs are one road in its two directions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class ArcShapes:
    """Course of every arc, from tail to head.

    Parameters
    ----------
    start : (m + 1,) int64
        The points of arc ``a`` are ``xy[start[a]:start[a + 1]]``.
    xy : (k, 2) float64
        Metres in the network's projected CRS.
    """

    start: NDArray[np.int64]
    xy: NDArray[np.float64]

    def lines(self, arcs: NDArray[np.integer]) -> NDArray[np.object_]:
        """(k,) LineStrings of these arcs."""
        counts = self.start[arcs + 1] - self.start[arcs]
        offset = np.concatenate([[0], np.cumsum(counts)])[:-1]
        rows = np.arange(counts.sum()) - np.repeat(offset, counts) + np.repeat(self.start[arcs], counts)
        lines: NDArray[np.object_] = shapely.linestrings(self.xy[rows], indices=np.repeat(np.arange(arcs.size), counts))
        return lines


def no_shapes() -> ArcShapes:
    """Return the shapes of a network without arcs."""
    return ArcShapes(start=np.zeros(1, dtype=np.int64), xy=np.empty((0, 2)))


def straight_shapes(xy: NDArray[np.float64], tail: NDArray[np.int32], head: NDArray[np.int32]) -> ArcShapes:
    """Lay straight lines between the ends of arcs.

    Parameters
    ----------
    xy : (n, 2) float64
        Positions of the nodes.
    tail, head : (m,) int32
    """
    ends = np.empty((2 * tail.size, 2))
    ends[0::2], ends[1::2] = xy[tail], xy[head]
    return ArcShapes(start=np.arange(0, 2 * tail.size + 1, 2, dtype=np.int64), xy=ends)


def pair_twins(tail: NDArray[np.int32], head: NDArray[np.int32]) -> NDArray[np.int32]:
    """Pair the arcs there and back between the same two nodes, the first with the first and so on."""
    low, high = np.minimum(tail, head), np.maximum(tail, head)
    rises = tail < head
    order = np.lexsort((rises, high, low))
    same = np.append(False, (np.diff(low[order]) == 0) & (np.diff(high[order]) == 0) & (np.diff(rises[order]) == 0))
    begin = np.maximum.accumulate(np.where(same, 0, np.arange(order.size)))
    count = np.empty_like(order)
    count[order] = np.arange(order.size) - begin  # how many arcs of this kind came before
    order = np.lexsort((rises, count, high, low))
    one, other = order[:-1], order[1:]
    paired = (low[one] == low[other]) & (high[one] == high[other]) & (count[one] == count[other])
    paired &= rises[one] != rises[other]
    twin = np.full(tail.size, -1, dtype=np.int32)
    twin[one[paired]], twin[other[paired]] = other[paired], one[paired]
    return twin
