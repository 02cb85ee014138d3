"""Give crossing roads a common node."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree

from layers.reconstruction.roads import Road

Points = NDArray[np.float64]
Segments = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]

_MERGE_M = 7.0
_ROUNDS = 8


@dataclass
class NodedRoads:
    """Roads as rows of node numbers.

    Parameters
    ----------
    roads
        Attributes; their own ``xy`` is not used any more.
    rows
        Per road its node numbers in order.
    xy : (n, 2) metres
        Nodes, to the centimetre.
    """

    roads: list[Road]
    rows: list[list[int]]
    xy: Points


def node_roads(roads: list[Road]) -> NodedRoads:
    """Node roads against each other.

    Parameters
    ----------
    roads
        Lines; vertices within a centimetre are the same node.

    Returns
    -------
    NodedRoads
        No two segments cross except at a node that both have. A crossing within a few metres
        of an end of one of the segments uses that node.

    Raises
    ------
    ValueError
        If crossings remain after some rounds, which would be an error of the drawing.
    """
    xy, rows = _number_vertices(roads)
    for _ in range(_ROUNDS):
        segments = _segments(rows)
        crossings = _crossings(xy, segments[2])
        if not len(crossings):
            return NodedRoads(roads, rows, xy)
        xy = _insert(crossings, segments, rows, xy)
    raise ValueError(f"{len(crossings)} crossings left without a node")


def _number_vertices(roads: list[Road]) -> tuple[Points, list[list[int]]]:
    counts = [len(road.xy) for road in roads]
    every = np.vstack([road.xy for road in roads]).astype(np.float64).round(2)
    xy, number = np.unique(every, axis=0, return_inverse=True)
    split = np.split(number.ravel(), np.cumsum(counts)[:-1])
    return xy, [_without_repeats(row.tolist()) for row in split]


def _without_repeats(row: list[int]) -> list[int]:
    return [node for k, node in enumerate(row) if k == 0 or node != row[k - 1]]


def _segments(rows: list[list[int]]) -> Segments:
    """Row of each segment (m,), place in the row (m,) and its two nodes (m, 2)."""
    owner = np.concatenate([np.full(len(row) - 1, k) for k, row in enumerate(rows)])
    place = np.concatenate([np.arange(len(row) - 1) for row in rows])
    ends = np.concatenate([np.column_stack([row[:-1], row[1:]]) for row in rows])
    return owner.astype(np.int64), place.astype(np.int64), ends.astype(np.int64)


def _crossings(xy: Points, ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """Pairs of segments that meet without having a node in common."""
    lines = np.asarray(shapely.linestrings(xy[ends]))
    a, b = STRtree(lines).query(lines, predicate="intersects")
    pairs = np.column_stack([a, b])[a < b]
    p, q = ends[pairs[:, 0]], ends[pairs[:, 1]]
    shares = (p[:, :1] == q).any(axis=1) | (p[:, 1:] == q).any(axis=1)
    return np.asarray(pairs[~shares], dtype=np.int64)


def _insert(crossings: NDArray[np.int64], segments: Segments, rows: list[list[int]], xy: Points) -> Points:
    """Put a node into both segments of every crossing; rows change in place."""
    owner, place, ends = segments
    new_xy: list[Points] = []
    found: dict[int, set[int]] = {}
    for first, second in crossings:
        point = _meeting_point(xy[ends[first]], xy[ends[second]])
        corners = np.concatenate([ends[first], ends[second]])
        far_m = np.hypot(*(xy[corners] - point).T)
        nearby = _near(point, new_xy)
        if far_m.min() < _MERGE_M:
            node = int(corners[far_m.argmin()])
        elif nearby is not None:
            node = len(xy) + nearby
        else:
            node = len(xy) + len(new_xy)
            new_xy.append(np.round(point, 2))
        for segment in (int(first), int(second)):
            if node not in ends[segment]:
                found.setdefault(segment, set()).add(node)
    xy = np.vstack([xy, *new_xy]) if new_xy else xy
    for segment in sorted(found, key=lambda s: (owner[s], -place[s])):
        start = xy[ends[segment, 0]]
        nodes = sorted(found[segment], key=lambda node: float(np.hypot(*(xy[node] - start))))
        rows[owner[segment]][place[segment] + 1 : place[segment] + 1] = nodes
    return xy


def _near(point: Points, others: list[Points]) -> int | None:
    """Return the number of the first of the other points (2,) that is within merging distance."""
    if not others:
        return None
    is_near = (np.abs(np.array(others) - point) < _MERGE_M / 2).all(axis=1)
    return int(is_near.argmax()) if is_near.any() else None


def _meeting_point(first: Points, second: Points) -> Points:
    """Intersection of two segments (2, 2); for overlapping ones the end that lies on the other."""
    met = shapely.intersection(shapely.LineString(first), shapely.LineString(second))
    return np.asarray(shapely.get_coordinates(met)[0])
