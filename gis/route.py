"""One fastest way with its course."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis.cost_matrix import CLOSED_MS, whole_seconds
from gis.hierarchy.way import find_way
from gis.network import RoadNetwork
from gis.overflow import refuse_lost_ways
from gis.places import Places, ways_along, ways_in, ways_on_foot, ways_out
from gis.snapping import Snapped


@dataclass(frozen=True, eq=False)
class Route:
    """A way through the network.

    Parameters
    ----------
    seconds
        Door to door, access on foot included; equal to the cost matrix.
    length_m
        On the road, without the access on foot; 0 for a straight walk.
    xy : (k, 2) float64
        Course on the road, metres in the network's CRS; the two places where one walks straight.
    on_foot
        Whether the two places lie beside one road and the straight walk is faster than any way over it.
    """

    seconds: int
    length_m: float
    xy: NDArray[np.float64]
    on_foot: bool = False


def route(network: RoadNetwork, origin: Places, destination: Places) -> Route | None:
    """Find the fastest way between two places.

    Parameters
    ----------
    network
    origin, destination : Snapped or (1,) node numbers
        One place each.

    Returns
    -------
    Route or None
        ``None`` where there is no way.

    Raises
    ------
    ValueError
        If there is not one place each, or a place names a node or arc that the network does not have.
    OverflowError
        If the way takes longer than ``LONGEST_S``.
    """
    if len(origin) != 1 or len(destination) != 1:
        raise ValueError(f"one origin and one destination are needed, not {len(origin)} and {len(destination)}")
    topology, out, into = network.topology, ways_out(network, origin), ways_in(network, destination)
    source, target = (np.where(ends.at[0] >= 0, topology.rank[ends.at[0]], -1) for ends in (out, into))
    ms, begin, end, arcs = find_way(
        topology.first, topology.head, network.hierarchy, source, out.ms[0], target, into.ms[0]
    )
    direct = min(
        (way for way in (_along_one_road(network, origin, destination), _on_foot(network, origin, destination)) if way),
        key=lambda way: way[0],
        default=None,
    )
    if direct is not None and direct[0] <= ms:
        return direct[1]
    if ms >= CLOSED_MS:
        refuse_lost_ways(network.components, out, into, np.ones((1, 1), dtype=bool))
        return None
    pieces = [_points(network, arcs)]
    if isinstance(origin, Snapped):
        pieces.insert(0, _own_piece(network, origin, _used(source, out.ms[0], begin), leaving=True))
    if isinstance(destination, Snapped):
        pieces.append(_own_piece(network, destination, _used(target, into.ms[0], end), leaving=False))
    if not sum(map(len, pieces)):  # from a node to itself
        here = np.asarray(origin)
        pieces = [np.column_stack([network.x[here], network.y[here]])]
    return _lay(pieces, ms)


def _lay(pieces: list[NDArray[np.float64]], ms: int) -> Route:
    xy = np.concatenate(pieces)
    step = np.diff(xy, axis=0)
    return Route(int(whole_seconds(ms)), float(np.hypot(step[:, 0], step[:, 1]).sum()), xy)


def _used(ranks: NDArray[np.int32], ms: NDArray[np.int32], rank: int) -> int:
    """Return which of its two ends a place is left or entered by: the nearer one where both are one node."""
    return int(np.argmin(np.where(ranks == rank, ms, CLOSED_MS)))


def _own_piece(network: RoadNetwork, place: Snapped, end: int, *, leaving: bool) -> NDArray[np.float64]:
    """Return the course between a place and the end of its road that is used; a point where it stands at the end."""
    fraction = float(place.fraction[0])
    if fraction in (0.0, 1.0):
        return _cut(_points(network, place.arc), fraction, fraction)[:1]
    arc, fraction = (place.arc, fraction) if end == 0 else (network.twin[place.arc], 1.0 - fraction)
    return _cut(_points(network, arc), *((fraction, 1.0) if leaving else (0.0, fraction)))


def _along_one_road(network: RoadNetwork, origin: Places, destination: Places) -> tuple[int, Route] | None:
    """Return the way along the piece of road that both places lie beside, if it leads that way."""
    if not isinstance(origin, Snapped) or not isinstance(destination, Snapped):
        return None
    if int(destination.arc[0]) not in (int(origin.arc[0]), int(network.twin[origin.arc[0]])):
        return None
    ms = ways_along(network, origin, destination).ms
    if not ms.size:
        return None
    begin, end = float(origin.fraction[0]), float(destination.fraction[0])
    if int(destination.arc[0]) != int(origin.arc[0]):
        end = 1.0 - end
    return int(ms.min()), _lay([_cut(_points(network, origin.arc), begin, end)], int(ms.min()))


def _on_foot(network: RoadNetwork, origin: Places, destination: Places) -> tuple[int, Route] | None:
    """Return the straight walk between two places beside one road."""
    ms = ways_on_foot(network, origin, destination).ms
    if not ms.size or not isinstance(origin, Snapped) or not isinstance(destination, Snapped):
        return None
    xy = np.concatenate([place.xy for place in (origin, destination) if place.xy is not None])
    return int(ms.min()), Route(int(whole_seconds(ms.min())), 0.0, xy, on_foot=True)


def _points(network: RoadNetwork, arcs: NDArray[np.int32]) -> NDArray[np.float64]:
    """Return the points of arcs laid end to end."""
    start, stop = network.shapes.start[arcs], network.shapes.start[arcs + 1]
    counts = stop - start
    rows = np.arange(counts.sum()) + np.repeat(start - np.cumsum(counts) + counts, counts)
    xy: NDArray[np.float64] = network.shapes.xy[rows]
    return xy


def _cut(points: NDArray[np.float64], begin: float, end: float) -> NDArray[np.float64]:
    """Return the part of a line between two fractions of its length, reversed if end < begin."""
    if end < begin:
        return _cut(points, end, begin)[::-1]
    step = np.diff(points, axis=0)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(step[:, 0], step[:, 1]))])
    low, high = begin * along[-1], end * along[-1]
    inner = points[(along > low) & (along < high)]
    ends = [[np.interp(at, along, points[:, axis]) for axis in (0, 1)] for at in (low, high)]
    return np.concatenate([ends[:1], inner, ends[1:]])
