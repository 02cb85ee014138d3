"""One fastest way with its course."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra

from gis.network import RoadNetwork
from gis.snapping import Snapped
from gis.travel_graph import TravelGraph, hang_in_places


@dataclass(frozen=True, eq=False)
class Route:
    """A way through the network.

    Parameters
    ----------
    seconds
        Door to door, access on foot included; equal to the cost matrix.
    length_m
        On the road, without the access on foot.
    xy : (k, 2) float64
        Course on the road, metres in the network's CRS.
    """

    seconds: int
    length_m: float
    xy: NDArray[np.float64]


def route(network: RoadNetwork, origin: Snapped, destination: Snapped) -> Route | None:
    """Find the fastest way between two snapped places.

    Parameters
    ----------
    network
    origin, destination
        One snapped place each.

    Returns
    -------
    Route or None
        ``None`` where there is no way.
    """
    graph = hang_in_places(network, origin, destination)
    source, target = int(graph.origins[0]), int(graph.destinations[0])
    rows, before = dijkstra(graph.matrix, indices=graph.origins, return_predecessors=True)
    seconds, previous = rows[0], before[0]
    if not np.isfinite(seconds[target]):
        return None
    arcs = _arcs_on_the_way(graph, previous, source, target)
    xy = _course(network, arcs, origin, destination)
    length_m = float(np.hypot(*np.diff(xy, axis=0).T).sum())
    return Route(int(seconds[target]), length_m, xy)


def _arcs_on_the_way(graph: TravelGraph, previous: NDArray[np.int32], source: int, target: int) -> list[int]:
    arcs: list[int] = []
    node = target
    while node != source:
        before = int(previous[node])
        row = slice(graph.matrix.indptr[before], graph.matrix.indptr[before + 1])
        entry = row.start + int(np.searchsorted(graph.matrix.indices[row], node))
        arcs.append(int(graph.arc[entry]))
        node = before
    return arcs[::-1]


def _course(network: RoadNetwork, arcs: list[int], origin: Snapped, destination: Snapped) -> NDArray[np.float64]:
    """Lay whole arcs end to end; the first and the last are cut at the places."""
    if arcs == [-1]:
        arc = int(origin.arc[0])
        return _cut(_points(network, arc), _fraction_on(arc, origin), _fraction_on(arc, destination))
    pieces = []
    for position, arc in enumerate(arcs):
        begin = _fraction_on(arc, origin) if position == 0 else 0.0
        end = _fraction_on(arc, destination) if position == len(arcs) - 1 else 1.0
        pieces.append(_cut(_points(network, arc), begin, end))
    return np.concatenate(pieces)


def _fraction_on(arc: int, place: Snapped) -> float:
    fraction = float(place.fraction[0])
    return fraction if int(place.arc[0]) == arc else 1.0 - fraction


def _points(network: RoadNetwork, arc: int) -> NDArray[np.float64]:
    return network.shapes.xy[network.shapes.start[arc] : network.shapes.start[arc + 1]]


def _cut(points: NDArray[np.float64], begin: float, end: float) -> NDArray[np.float64]:
    """Return the part of a line between two fractions of its length, reversed if end < begin."""
    if end < begin:
        return _cut(points, end, begin)[::-1]
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    low, high = begin * along[-1], end * along[-1]
    inner = points[(along > low) & (along < high)]
    ends = [[np.interp(at, along, points[:, axis]) for axis in (0, 1)] for at in (low, high)]
    return np.concatenate([ends[:1], inner, ends[1:]])
