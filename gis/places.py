"""Where places meet the network: the nodes at their ends, and the roads they share."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.cost_matrix import CLOSED_MS
from gis.hierarchy.ends import Ends
from gis.network import RoadNetwork
from gis.snapping import Snapped
from gis.whole_numbers import existing

Ints = NDArray[np.int64]
Places = Snapped | NDArray[np.integer]
"""Places to travel between: snapped points, or node numbers of the network."""


class Pairs(NamedTuple):
    """Ways between places that need no junction.

    Parameters
    ----------
    origin, destination : (k,) int
        Positions.
    ms : (k,) int64
    """

    origin: Ints
    destination: Ints
    ms: Ints


def ways_out(network: RoadNetwork, places: Places) -> Ends:
    """Return the nodes that one reaches from each place, ahead along its arc and back along the twin.

    Parameters
    ----------
    network
    places

    Returns
    -------
    Ends
        −1 where the road is closed that way; a place at a node has that node alone.

    Raises
    ------
    ValueError
        If a place names a node or arc that the network does not have.
    """
    if not isinstance(places, Snapped):
        return _at_nodes(network, places)
    existing(places.arc, network.tail.size, "arc")
    twin = network.twin[places.arc]
    ahead = _left_ms(network, places.arc, places.fraction), network.head[places.arc]
    back = _left_ms(network, twin, 1.0 - places.fraction), network.head[twin]
    return _join(network, places, ahead, back)


def ways_in(network: RoadNetwork, places: Places) -> Ends:
    """Return the nodes that one comes from to each place; as :func:`ways_out`."""
    if not isinstance(places, Snapped):
        return _at_nodes(network, places)
    existing(places.arc, network.tail.size, "arc")
    twin = network.twin[places.arc]
    along = _behind_ms(network, places.arc, places.fraction), network.tail[places.arc]
    against = _behind_ms(network, twin, 1.0 - places.fraction), network.tail[twin]
    return _join(network, places, along, against)


def ways_along(network: RoadNetwork, origins: Places, destinations: Places) -> Pairs:
    """Return the ways between places beside the same piece of road, where it leads that way."""
    if not isinstance(origins, Snapped) or not isinstance(destinations, Snapped):
        return _NO_PAIRS
    o, d = _matches(_piece(network, origins.arc), _piece(network, destinations.arc))
    found = [_NO_PAIRS]
    for arc in (origins.arc[o], network.twin[origins.arc[o]]):
        begin, end = _position(origins, o, arc), _position(destinations, d, arc)
        rows = np.flatnonzero((arc >= 0) & (network.milliseconds[arc] < CLOSED_MS) & (end >= begin))
        along = _behind_ms(network, arc[rows], end[rows]) - _behind_ms(network, arc[rows], begin[rows])
        found.append(Pairs(o[rows], d[rows], along + origins.walk_ms[o[rows]] + destinations.walk_ms[d[rows]]))
    return Pairs(*(np.concatenate(column) for column in zip(*found, strict=True)))


def ways_on_foot(network: RoadNetwork, origins: Places, destinations: Places) -> Pairs:
    """Return the straight walks between places beside the same road, from junction to junction.

    A place at a junction lies beside every road that meets there.
    """
    if not isinstance(origins, Snapped) or not isinstance(destinations, Snapped):
        return _NO_PAIRS
    walk_kmh = np.fmin(origins.walk_kmh, destinations.walk_kmh)
    if origins.xy is None or destinations.xy is None or not walk_kmh > 0:
        return _NO_PAIRS
    (o, of_origin), (d, of_destination) = _beside(network, origins), _beside(network, destinations)
    one, other = _matches(of_origin, of_destination)
    o, d = o[one], d[other]
    distance_m = np.hypot(*(origins.xy[o] - destinations.xy[d]).T)
    return Pairs(o, d, np.rint(distance_m * 3600.0 / walk_kmh).astype(np.int64))


_NO_PAIRS = Pairs(*(np.empty(0, np.int64) for _ in range(3)))


def _at_nodes(network: RoadNetwork, nodes: NDArray[np.integer]) -> Ends:
    nodes = existing(nodes, network.x.size, "node")
    at, ms = np.full((nodes.size, 2), -1, np.int32), np.zeros((nodes.size, 2), np.int32)
    at[:, 0] = nodes
    return Ends(at, ms)


def _join(
    network: RoadNetwork, places: Snapped, one: tuple[Ints, NDArray[np.int32]], other: tuple[Ints, NDArray[np.int32]]
) -> Ends:
    ms = np.stack([one[0], other[0]], axis=1) + places.walk_ms[:, None]
    nodes = np.stack([one[1], other[1]], axis=1)
    nodes[ms >= CLOSED_MS] = -1
    at_tail, at_head = places.fraction <= 0.0, places.fraction >= 1.0
    for here, node in ((at_tail, network.tail[places.arc]), (at_head, network.head[places.arc])):
        nodes[here, 0], nodes[here, 1], ms[here, 0] = node[here], -1, places.walk_ms[here]
    return Ends(nodes.astype(np.int32), np.minimum(ms, CLOSED_MS).astype(np.int32))


def _behind_ms(network: RoadNetwork, arc: NDArray[np.int32], fraction: NDArray[np.float64]) -> Ints:
    """Milliseconds from the tail of each arc to the place on it; ``CLOSED_MS`` where it is closed or −1."""
    is_open = (arc >= 0) & (network.milliseconds[arc] < CLOSED_MS)
    return np.where(is_open, np.rint(fraction * network.milliseconds[arc]), CLOSED_MS).astype(np.int64)


def _left_ms(network: RoadNetwork, arc: NDArray[np.int32], fraction: NDArray[np.float64]) -> Ints:
    """Milliseconds from the place to the head of each arc."""
    behind = _behind_ms(network, arc, fraction)
    return np.where(behind < CLOSED_MS, network.milliseconds[arc] - behind, CLOSED_MS)


def _piece(network: RoadNetwork, arc: NDArray[np.int32]) -> NDArray[np.int32]:
    twin = network.twin[arc]
    return np.where(twin >= 0, np.minimum(arc, twin), arc)


def _position(places: Snapped, rows: NDArray[np.intp], arc: NDArray[np.int32]) -> NDArray[np.float64]:
    """Fractions of the places as seen from the tail of the given arc of their piece."""
    fraction = places.fraction[rows]
    return np.where(places.arc[rows] == arc, fraction, 1.0 - fraction)


def _beside(network: RoadNetwork, places: Snapped) -> tuple[NDArray[np.intp], NDArray[np.int32]]:
    """Return rows of places and the stretches beside them, one row a stretch."""
    node = np.where(places.fraction <= 0.0, network.tail[places.arc], network.head[places.arc])
    at_node = np.flatnonzero((places.fraction <= 0.0) | (places.fraction >= 1.0))
    between = np.flatnonzero((places.fraction > 0.0) & (places.fraction < 1.0))
    rows, found = [between], [network.stretch[places.arc[between]]]
    if at_node.size:
        first, meeting = network.stretches_at
        counts = first[node[at_node] + 1] - first[node[at_node]]
        begins = np.repeat(first[node[at_node]] - np.cumsum(counts) + counts, counts)
        rows.append(np.repeat(at_node, counts))
        found.append(meeting[begins + np.arange(counts.sum())])
    return np.concatenate(rows), np.concatenate(found)


def _matches(one: NDArray[np.int32], other: NDArray[np.int32]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the positions of all pairs that are equal."""
    order = np.argsort(other, kind="stable")
    ordered = other[order]
    low = np.searchsorted(ordered, one, side="left")
    count = np.searchsorted(ordered, one, side="right") - low
    o = np.repeat(np.arange(one.size), count)
    within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return o, order[np.repeat(low, count) + within]
