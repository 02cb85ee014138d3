"""Where the loose ends of lines go: onto a vertex, onto a line, or to each other."""

from __future__ import annotations

import numpy as np

from layers.sources.line_chains import Chains, Flags, Floats, Ints
from layers.sources.line_crossings import along_segment
from layers.sources.line_ends import LooseEnds


def place_ends(chains: Chains, loose: LooseEnds, *, tolerance_m: float) -> tuple[Ints, Floats]:
    """Choose for each loose end the node that it becomes.

    Parameters
    ----------
    chains
    loose
    tolerance_m

    Returns
    -------
    (e,) int64
        Node of each of ``np.unique(loose.end)``; numbers that no node has yet are new ones.
    (e, 2) metres
        Where it lies, within the tolerance of the end.
    """
    ends, row = np.unique(loose.end, return_inverse=True)
    is_fixed = _fixed(chains)
    target, place = ends.copy(), chains.place(ends)
    rank = np.full(ends.size, 2)  # how well an end's place is founded: 0 a vertex, 1 a line, 2 its own
    rank[is_fixed[ends]] = 0
    may_move = ~is_fixed[loose.end]
    on_line = may_move & (loose.vertex < 0)
    for k in _nearest(loose, on_line):
        segment = loose.segment[k : k + 1]
        e = row[k]
        tail, head = chains.xy[segment], chains.xy[segment + 1]
        share = along_segment(place[e : e + 1], tail, head)[0]
        target[e], place[e], rank[e] = int(chains.node.max()) + 1 + e, (tail + share[:, None] * (head - tail))[0], 1
    at_vertex = may_move & (loose.vertex >= 0) & is_fixed[np.maximum(loose.vertex, 0)]
    nearest = _nearest(loose, at_vertex)
    target[row[nearest]], rank[row[nearest]] = loose.vertex[nearest], 0
    place[row[nearest]] = chains.place(loose.vertex[nearest])
    _gather(chains, loose, rank, target, place, tolerance_m)
    return target, place


def _fixed(chains: Chains) -> Flags:
    """Whether each node lies inside some line, which is not to be bent."""
    is_inside = np.ones(chains.node.size, dtype=bool)
    is_inside[chains.end_positions] = False
    is_fixed = np.zeros(int(chains.node.max()) + 1, dtype=bool)
    is_fixed[chains.node[is_inside]] = True
    return is_fixed


def _nearest(loose: LooseEnds, is_candidate: Flags) -> Ints:
    """Rows, one an end: the nearest of the candidates."""
    rows = np.flatnonzero(is_candidate)
    rows = rows[np.lexsort([loose.segment[rows], loose.distance_m[rows], loose.end[rows]])]
    return rows[np.unique(loose.end[rows], return_index=True)[1]]


def _gather(chains: Chains, loose: LooseEnds, rank: Ints, target: Ints, place: Floats, tolerance_m: float) -> None:
    """Send ends that are near each other to one of them, the best founded or else with most neighbours."""
    ends = np.unique(loose.end)
    gaps = np.column_stack([loose.end, loose.vertex])[loose.is_gap]
    gaps = gaps[np.isin(gaps[:, 1], ends)]
    pairs = np.unique(np.searchsorted(ends, np.concatenate([gaps, gaps[:, ::-1]])), axis=0)
    owner, begin, count = np.unique(pairs[:, 0], return_index=True, return_counts=True)
    own = chains.place(ends)
    is_taken = rank == 0
    for k in np.lexsort([own[owner, 1], own[owner, 0], -count, rank[owner]]):
        e = owner[k]
        if is_taken[e] and rank[e] != 0:
            continue
        is_taken[e] = True
        near = pairs[begin[k] : begin[k] + count[k], 1]
        near = near[~is_taken[near]]
        near = near[np.hypot(*(own[near] - place[e]).T) <= tolerance_m]
        target[near], place[near] = target[e], place[e]
        is_taken[near] = True
