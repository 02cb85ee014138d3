"""One fastest way with its course."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis.cost_matrix import UNREACHABLE
from gis.hierarchy.way import find_way
from gis.network import RoadNetwork
from gis.places import Places, ways_along, ways_in, ways_out
from gis.snapping import Snapped


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
    """
    if len(origin) != 1 or len(destination) != 1:
        raise ValueError(f"one origin and one destination are needed, not {len(origin)} and {len(destination)}")
    topology, out, into = network.topology, ways_out(network, origin), ways_in(network, destination)
    source, target = (np.where(ends.at[0] >= 0, topology.rank[ends.at[0]], -1) for ends in (out, into))
    seconds, begin, end, arcs = find_way(
        topology.first, topology.head, network.hierarchy, source, out.seconds[0], target, into.seconds[0]
    )
    direct = _beside_one_road(network, origin, destination)
    if direct is not None and direct.seconds <= seconds:
        return direct
    if seconds >= UNREACHABLE:
        return None
    pieces = [_points(network, arcs)]
    if isinstance(origin, Snapped):
        arc, fraction = _piece_at(network, origin, _used(source, out.seconds[0], begin))
        pieces.insert(0, _cut(_points(network, arc), fraction, 1.0))
    if isinstance(destination, Snapped):
        arc, fraction = _piece_at(network, destination, _used(target, into.seconds[0], end))
        pieces.append(_cut(_points(network, arc), 0.0, fraction))
    if not sum(map(len, pieces)):  # from a node to itself
        here = np.asarray(origin)
        pieces = [np.column_stack([network.x[here], network.y[here]])]
    return _lay(pieces, seconds)


def _lay(pieces: list[NDArray[np.float64]], seconds: int) -> Route:
    xy = np.concatenate(pieces)
    step = np.diff(xy, axis=0)
    return Route(int(seconds), float(np.hypot(step[:, 0], step[:, 1]).sum()), xy)


def _used(ranks: NDArray[np.int32], seconds: NDArray[np.int32], rank: int) -> int:
    """Return which of its two ends a place is left or entered by: the nearer one where both are one node."""
    return int(np.argmin(np.where(ranks == rank, seconds, UNREACHABLE + 1)))


def _piece_at(network: RoadNetwork, place: Snapped, end: int) -> tuple[NDArray[np.int32], float]:
    """Return the arc of a place that leads over this end, and the place's fraction on it."""
    fraction = float(place.fraction[0])
    return (place.arc, fraction) if end == 0 else (network.twin[place.arc], 1.0 - fraction)


def _beside_one_road(network: RoadNetwork, origin: Places, destination: Places) -> Route | None:
    """Return the way straight along the piece of road that both places lie beside, if it leads that way."""
    if not isinstance(origin, Snapped) or not isinstance(destination, Snapped):
        return None
    seconds = ways_along(network, origin, destination).seconds
    if not seconds.size:
        return None
    begin, end = float(origin.fraction[0]), float(destination.fraction[0])
    if int(destination.arc[0]) != int(origin.arc[0]):
        end = 1.0 - end
    return _lay([_cut(_points(network, origin.arc), begin, end)], int(seconds.min()))


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
