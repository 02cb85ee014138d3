"""Where the loose ends of lines go: onto a vertex, onto a line, or to each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from layers.sources.lines.chains import Chains, Flags, Floats, Ints
from layers.sources.lines.crossings import along_segment
from layers.sources.lines.ends import LooseEnds


@dataclass(frozen=True, eq=False)
class EndPlaces:
    """Where loose ends go; one row an end.

    Parameters
    ----------
    end : (e,) int64
        Nodes, sorted.
    target : (e,) int64
        Node that each becomes; numbers that no node has yet are new ones.
    place : (e, 2) metres
        Where that lies, within the tolerance of the end.
    rank : (e,) int64
        How well the place is founded: 0 a vertex, 1 a line, 2 the end's own.
    """

    end: Ints
    target: Ints
    place: Floats
    rank: Ints


def place_ends(chains: Chains, loose: LooseEnds, *, tolerance_m: float) -> EndPlaces:
    """Choose for each loose end the node that it becomes.

    Parameters
    ----------
    chains
    loose
    tolerance_m

    Returns
    -------
    EndPlaces
    """
    end, row = np.unique(loose.end, return_inverse=True)
    is_fixed = _fixed(chains)
    places = EndPlaces(end, end.copy(), chains.place(end), np.where(is_fixed[end], 0, 2))
    may_move = ~is_fixed[loose.end]
    _onto_lines(chains, loose, places, _nearest(loose, may_move & (loose.vertex < 0)))
    at_vertex = may_move & (loose.vertex >= 0) & is_fixed[np.maximum(loose.vertex, 0)]
    nearest = _nearest(loose, at_vertex)
    places.target[row[nearest]], places.rank[row[nearest]] = loose.vertex[nearest], 0
    places.place[row[nearest]] = chains.place(loose.vertex[nearest])
    _gather(chains, loose, places, tolerance_m=tolerance_m)
    return places


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
    return np.asarray(rows[np.unique(loose.end[rows], return_index=True)[1]], dtype=np.int64)


def _onto_lines(chains: Chains, loose: LooseEnds, places: EndPlaces, rows: Ints) -> None:
    """Send ends to new nodes at the nearest point of the segments of some rows."""
    e, segment = np.searchsorted(places.end, loose.end[rows]), loose.segment[rows]
    tail, head = chains.xy[segment], chains.xy[segment + 1]
    share = along_segment(places.place[e], tail, head)[0]
    places.target[e] = int(chains.node.max()) + 1 + e
    places.place[e] = tail + share[:, None] * (head - tail)
    places.rank[e] = 1


def _gather(chains: Chains, loose: LooseEnds, places: EndPlaces, *, tolerance_m: float) -> None:
    """Send ends that are near each other to one of them, the best founded or else with most neighbours."""
    gaps = np.column_stack([loose.end, loose.vertex])[loose.is_gap]
    gaps = gaps[np.isin(gaps[:, 1], places.end)]
    pairs = np.unique(np.searchsorted(places.end, np.concatenate([gaps, gaps[:, ::-1]])), axis=0)
    owner, begin, count = np.unique(pairs[:, 0], return_index=True, return_counts=True)
    own = chains.place(places.end)
    is_taken = places.rank == 0
    for k in np.lexsort([own[owner, 1], own[owner, 0], -count, places.rank[owner]]):
        e = owner[k]
        if is_taken[e] and places.rank[e] != 0:
            continue
        is_taken[e] = True
        near = pairs[begin[k] : begin[k] + count[k], 1]
        near = near[~is_taken[near]]
        near = near[np.hypot(*(own[near] - places.place[e]).T) <= tolerance_m]
        places.target[near], places.place[near] = places.target[e], places.place[e]
        is_taken[near] = True
