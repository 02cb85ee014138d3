"""Ends of lines that stop just short of another line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import coo_array, csr_array

from layers.sources.lines.chains import Chains, Flags, Floats, Ints
from layers.sources.lines.crossings import along_segment

_HOPS = 6
_NEARBY = 4.0  # an end is joined already if it reaches the other line within so many tolerances


@dataclass(frozen=True, eq=False)
class LooseEnds:
    """Ends of lines near another line without a common node; one row a pair.

    Parameters
    ----------
    end : (n,) int64
        Node at which a line ends.
    segment : (n,) int64
        Segment near it.
    vertex : (n,) int64
        Node of that segment which is within the tolerance, −1 if there is none.
    is_gap : (n,) bool
        Whether a line ends at that vertex too.
    distance_m : (n,) float64
        From the end to the vertex, else to the segment.
    """

    end: Ints
    segment: Ints
    vertex: Ints
    is_gap: Flags
    distance_m: Floats

    def select(self, is_kept: Flags) -> LooseEnds:
        """Return some of the rows."""
        return LooseEnds(
            self.end[is_kept],
            self.segment[is_kept],
            self.vertex[is_kept],
            self.is_gap[is_kept],
            self.distance_m[is_kept],
        )


def find_loose_ends(chains: Chains, *, tolerance_m: float) -> LooseEnds:
    """Find ends within a tolerance of another line that have no node in common with it.

    Parameters
    ----------
    chains
    tolerance_m

    Returns
    -------
    LooseEnds
        Without ends that lie on another level, and those that a road of a few tolerances joins to
        the other line already.
    """
    ends, segments, xy = chains.ends, chains.segments, chains.xy
    if not segments.size:
        none = np.zeros(0, dtype=np.int64)
        return LooseEnds(none, none, none, none.astype(bool), none.astype(np.float64))
    points = chains.place(ends)
    e, s = chains.segment_tree.query(shapely.points(points), predicate="dwithin", distance=tolerance_m)
    end, segment, place = ends[e], segments[s], points[e]
    tails, heads = chains.node[segment], chains.node[segment + 1]
    share, distance_m = along_segment(place, xy[segment], xy[segment + 1])
    to_tail, to_head = (np.hypot(*(xy[segment + k] - place).T) for k in (0, 1))
    vertex = np.where(to_tail <= to_head, tails, heads)
    to_vertex = np.minimum(to_tail, to_head)
    is_at_vertex = to_vertex <= tolerance_m
    found = LooseEnds(
        end,
        segment,
        np.where(is_at_vertex, vertex, -1),
        is_at_vertex & np.isin(vertex, ends),
        np.where(is_at_vertex, to_vertex, distance_m),
    )
    is_apart = (end != tails) & (end != heads)
    found, share = found.select(is_apart), share[is_apart]
    near = ~_are_joined(chains, found, share, tolerance_m)
    found = found.select(near)
    return _nearest_of_each_line(chains, found.select(_may_meet(chains, found)))


def _are_joined(chains: Chains, found: LooseEnds, share: Floats, tolerance_m: float) -> Flags:
    """Whether a few short segments lead from the end to the place on the other segment."""
    joined = np.zeros(found.end.size, dtype=bool)
    segments = chains.segments
    step_m = np.hypot(*(chains.xy[segments + 1] - chains.xy[segments]).T)
    short = segments[step_m <= 2.0 * tolerance_m]
    if not short.size or not joined.size:
        return joined
    n = int(chains.node.max()) + 1
    tails, heads = chains.node[short], chains.node[short + 1]
    ones = np.ones(2 * short.size, dtype=np.int8)
    steps = coo_array((ones, (np.r_[tails, heads], np.r_[heads, tails])), shape=(n, n)).tocsr()
    starts, row = np.unique(found.end, return_inverse=True)
    reached = _reached(steps, starts)
    length_m = np.hypot(*(chains.xy[found.segment + 1] - chains.xy[found.segment]).T)
    for k in (0, 1):
        corner = chains.node[found.segment + k]
        is_near = np.abs(share - k) * length_m <= _NEARBY * tolerance_m
        joined |= is_near & (np.asarray(reached[row, corner]).ravel() > 0)
    return joined


def _reached(steps: csr_array, starts: Ints) -> csr_array:
    """Return a sparse array (starts, nodes) that is not 0 where a node is at most ``_HOPS`` steps away."""
    reached: csr_array = steps[starts]
    for _ in range(_HOPS - 1):
        further: csr_array = reached + reached @ steps
        further.data[:] = 1
        if further.nnz == reached.nnz:
            return further
        reached = further
    return reached


def _may_meet(chains: Chains, found: LooseEnds) -> Flags:
    """Whether level and structure let an end join the other line.

    The middle of a bridge or tunnel takes only ends of its own level; the end of a bridge joins
    whatever is there, but where two bridges are joined end to end, that is a middle too.
    """
    n = int(chains.node.max()) + 1
    lines = np.tile(np.arange(chains.level.size), 2)
    at = chains.node[chains.end_positions]
    count = np.bincount(at, minlength=n)
    on_ground = np.bincount(at[~chains.is_structure[lines]], minlength=n)
    is_free = (on_ground > 0) | (count == 1)
    meets = np.zeros(found.end.size, dtype=bool)
    order = np.argsort(at, kind="stable")
    begin = np.concatenate([[0], np.cumsum(count)])
    other = chains.line[found.segment]
    both_end = found.is_gap & is_free[found.end] & is_free[np.maximum(found.vertex, 0)]
    for k in range(int(count[found.end].max(initial=0))):
        has = np.flatnonzero(count[found.end] > k)
        line = lines[order[begin[found.end[has]] + k]]
        same = chains.level[line] == chains.level[other[has]]
        lands = chains.is_structure[line] & ~chains.is_structure[other[has]] & is_free[found.end[has]]
        meets[has] |= same | lands
    is_closed = ~is_free[np.maximum(found.vertex, 0)] & found.is_gap & is_free[found.end]
    return np.asarray((meets & ~is_closed) | both_end, dtype=bool)


def _nearest_of_each_line(chains: Chains, found: LooseEnds) -> LooseEnds:
    """Keep of each end and other line the nearest segment."""
    line = chains.line[found.segment]
    order = np.lexsort([found.segment, found.distance_m, line, found.end])
    end, line = found.end[order], line[order]
    is_first = np.ones(order.size, dtype=bool)
    is_first[1:] = (end[1:] != end[:-1]) | (line[1:] != line[:-1])
    kept = np.zeros(order.size, dtype=bool)
    kept[order[is_first]] = True
    return found.select(kept)
