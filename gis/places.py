"""Where places meet the network: the nodes at their ends, and the roads they share."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.cost_matrix import UNREACHABLE
from gis.hierarchy.ends import Ends
from gis.network import RoadNetwork, existing
from gis.snapping import Snapped

Ints = NDArray[np.int64]
Places = Snapped | NDArray[np.integer]
"""Places to travel between: snapped points, or node numbers of the network."""


class Pairs(NamedTuple):
    """Direct ways between places beside the same piece of road.

    Parameters
    ----------
    origin, destination : (k,) int
        Positions.
    seconds : (k,) int64
    """

    origin: Ints
    destination: Ints
    seconds: Ints


def ways_out(network: RoadNetwork, places: Places) -> Ends:
    """Return the nodes that one reaches from each place, ahead along its arc and back along the twin.

    Parameters
    ----------
    network
    places

    Returns
    -------
    Ends
        −1 where the road is closed that way.

    Raises
    ------
    ValueError
        If a place names a node or arc that the network does not have.
    """
    if not isinstance(places, Snapped):
        return _at_nodes(network, places)
    existing(places.arc, network.tail.size, "arc")
    twin = network.twin[places.arc]
    ahead = _left_s(network, places.arc, places.fraction), network.head[places.arc]
    back = _left_s(network, twin, 1.0 - places.fraction), network.head[twin]
    return _join(places, ahead, back)


def ways_in(network: RoadNetwork, places: Places) -> Ends:
    """Return the nodes that one comes from to each place; as :func:`ways_out`."""
    if not isinstance(places, Snapped):
        return _at_nodes(network, places)
    existing(places.arc, network.tail.size, "arc")
    twin = network.twin[places.arc]
    along = _behind_s(network, places.arc, places.fraction), network.tail[places.arc]
    against = _behind_s(network, twin, 1.0 - places.fraction), network.tail[twin]
    return _join(places, along, against)


def ways_along(network: RoadNetwork, origins: Places, destinations: Places) -> Pairs:
    """Return the direct ways between places beside the same piece of road, where it leads that way."""
    nothing = np.empty(0, np.int64)
    if not isinstance(origins, Snapped) or not isinstance(destinations, Snapped):
        return Pairs(nothing, nothing, nothing)
    o, d = _on_one_piece(_piece(network, origins.arc), _piece(network, destinations.arc))
    found = [Pairs(nothing, nothing, nothing)]
    for arc in (origins.arc[o], network.twin[origins.arc[o]]):
        begin, end = _position(origins, o, arc), _position(destinations, d, arc)
        rows = np.flatnonzero((arc >= 0) & network.passable[arc] & (end >= begin))
        along = _behind_s(network, arc[rows], end[rows]) - _behind_s(network, arc[rows], begin[rows])
        seconds = along + origins.access_s[o[rows]] + destinations.access_s[d[rows]]
        found.append(Pairs(o[rows], d[rows], seconds))
    return Pairs(*(np.concatenate(column) for column in zip(*found, strict=True)))


def _at_nodes(network: RoadNetwork, nodes: NDArray[np.integer]) -> Ends:
    nodes = existing(nodes, network.x.size, "node")
    at, seconds = np.full((nodes.size, 2), -1, np.int32), np.zeros((nodes.size, 2), np.int32)
    at[:, 0] = nodes
    return Ends(at, seconds)


def _join(places: Snapped, one: tuple[Ints, NDArray[np.int32]], other: tuple[Ints, NDArray[np.int32]]) -> Ends:
    seconds = np.stack([one[0], other[0]], axis=1) + places.access_s[:, None]
    closed = seconds >= UNREACHABLE
    nodes = np.where(closed, -1, np.stack([one[1], other[1]], axis=1))
    return Ends(nodes.astype(np.int32), np.where(closed, UNREACHABLE, seconds).astype(np.int32))


def _behind_s(network: RoadNetwork, arc: NDArray[np.int32], fraction: NDArray[np.float64]) -> Ints:
    """Whole seconds from the tail of each arc to the place on it; ``UNREACHABLE`` where it is closed or −1."""
    is_open = (arc >= 0) & network.passable[arc]
    return np.where(is_open, np.rint(fraction * network.seconds[arc]), UNREACHABLE).astype(np.int64)


def _left_s(network: RoadNetwork, arc: NDArray[np.int32], fraction: NDArray[np.float64]) -> Ints:
    """Whole seconds from the place to the head of each arc."""
    behind = _behind_s(network, arc, fraction)
    return np.where(behind < UNREACHABLE, network.seconds[arc] - behind, UNREACHABLE)


def _piece(network: RoadNetwork, arc: NDArray[np.int32]) -> NDArray[np.int32]:
    twin = network.twin[arc]
    return np.where(twin >= 0, np.minimum(arc, twin), arc)


def _position(places: Snapped, rows: NDArray[np.intp], arc: NDArray[np.int32]) -> NDArray[np.float64]:
    """Fractions of the places as seen from the tail of the given arc of their piece."""
    fraction = places.fraction[rows]
    return np.where(places.arc[rows] == arc, fraction, 1.0 - fraction)


def _on_one_piece(
    origin_piece: NDArray[np.int32], destination_piece: NDArray[np.int32]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    order = np.argsort(destination_piece, kind="stable")
    ordered = destination_piece[order]
    low = np.searchsorted(ordered, origin_piece, side="left")
    count = np.searchsorted(ordered, origin_piece, side="right") - low
    o = np.repeat(np.arange(origin_piece.size), count)
    within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return o, order[np.repeat(low, count) + within]
