"""The network with places hung into it, as the sparse matrix that shortest-path code reads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from gis.network import RoadNetwork
from gis.snapping import Snapped

Ints = NDArray[np.int64]
Places = Snapped | NDArray[np.integer]
"""Places to travel between: snapped points, or node numbers of the network."""
Part = tuple[NDArray[np.integer], NDArray[np.integer], NDArray[np.integer], NDArray[np.integer]]
"""Arcs as columns: tail, head, seconds, number of the network's arc."""


@dataclass(frozen=True, eq=False)
class TravelGraph:
    """Nodes of the network, then origins, then destinations.

    Parameters
    ----------
    matrix : (N, N) csr float64
        Seconds; of parallel arcs only the fastest (a sparse matrix would add them up).
    arc : (nnz,) int64
        Network arc behind each entry; −1 between two places on one piece of road.
    origins, destinations
        Row numbers of the places.
    """

    matrix: csr_array
    arc: Ints
    origins: Ints
    destinations: Ints


def hang_in_places(network: RoadNetwork, origins: Places, destinations: Places) -> TravelGraph:
    """Add a source for every origin and a sink for every destination.

    Parameters
    ----------
    network
    origins, destinations
        Snapped points or node numbers. Nothing passes *through* a place, so hanging in many
        changes no one's way.

    Returns
    -------
    TravelGraph
    """
    n = network.x.size
    first_origin, first_destination = n, n + len(origins)
    open_arcs = np.flatnonzero(network.passable)
    parts: list[Part] = [(network.tail[open_arcs], network.head[open_arcs], network.seconds[open_arcs], open_arcs)]
    parts += _leave(network, origins, first_origin)
    parts += _arrive(network, destinations, first_destination)
    if isinstance(origins, Snapped) and isinstance(destinations, Snapped):
        parts += _along_one_piece(network, origins, destinations, first_origin, first_destination)
    tail, head, seconds, arc = (np.concatenate(column).astype(np.int64) for column in zip(*parts, strict=True))
    size = first_destination + len(destinations)
    matrix, kept = _fastest_of_parallel(tail, head, seconds, size)
    return TravelGraph(
        matrix,
        arc[kept],
        origins=np.arange(first_origin, first_destination, dtype=np.int64),
        destinations=np.arange(first_destination, size, dtype=np.int64),
    )


def seconds_behind(network: RoadNetwork, arc: NDArray[np.int32], fraction: NDArray[np.float64]) -> Ints:
    """Return the whole seconds from the tail of each arc to the place on it."""
    return np.rint(fraction * network.seconds[arc]).astype(np.int64)


def _leave(network: RoadNetwork, places: Places, first: int) -> list[Part]:
    """From each origin ahead along its arc, and back along the twin where that is open."""
    if not isinstance(places, Snapped):
        return [_at_nodes(np.arange(first, first + len(places)), np.asarray(places))]
    rows = np.arange(first, first + len(places))
    ahead = network.seconds[places.arc] - seconds_behind(network, places.arc, places.fraction)
    parts: list[Part] = [(rows, network.head[places.arc], ahead + places.access_s, places.arc)]
    twin = network.twin[places.arc]
    has = (twin >= 0) & network.passable[twin]
    twin, back = twin[has], places.take(np.flatnonzero(has))
    left = network.seconds[twin] - seconds_behind(network, twin, 1.0 - back.fraction)
    parts.append((rows[has], network.head[twin], left + back.access_s, twin))
    return parts


def _arrive(network: RoadNetwork, places: Places, first: int) -> list[Part]:
    """To each destination along its arc, and along the twin where that is open."""
    if not isinstance(places, Snapped):
        rows, nodes, seconds, arc = _at_nodes(np.arange(first, first + len(places)), np.asarray(places))
        return [(nodes, rows, seconds, arc)]
    rows = np.arange(first, first + len(places))
    behind = seconds_behind(network, places.arc, places.fraction)
    parts: list[Part] = [(network.tail[places.arc], rows, behind + places.access_s, places.arc)]
    twin = network.twin[places.arc]
    has = (twin >= 0) & network.passable[twin]
    twin, back = twin[has], places.take(np.flatnonzero(has))
    behind = seconds_behind(network, twin, 1.0 - back.fraction)
    parts.append((network.tail[twin], rows[has], behind + back.access_s, twin))
    return parts


def _at_nodes(rows: NDArray[np.integer], nodes: NDArray[np.integer]) -> Part:
    return rows, nodes, np.zeros(rows.size, dtype=np.int64), np.full(rows.size, -1)


def _along_one_piece(
    network: RoadNetwork, origins: Snapped, destinations: Snapped, first_origin: int, first_destination: int
) -> list[Part]:
    """Directly from origin to destination where both lie beside the same piece of road."""
    o, d = _pairs_of_one_piece(_piece(network, origins.arc), _piece(network, destinations.arc))
    if not o.size:
        return []
    parts: list[Part] = []
    for reverse in (False, True):
        arc = network.twin[origins.arc[o]] if reverse else origins.arc[o]
        is_open = (arc >= 0) & network.passable[arc]
        from_, to = o[is_open], d[is_open]
        arc = arc[is_open]
        start = _position(origins, from_, arc)
        end = _position(destinations, to, arc)
        onward = end >= start
        seconds = seconds_behind(network, arc, end) - seconds_behind(network, arc, start)
        seconds += origins.access_s[from_] + destinations.access_s[to]
        rows, columns = first_origin + from_[onward], first_destination + to[onward]
        parts.append((rows, columns, seconds[onward], np.full(rows.size, -1)))
    return parts


def _piece(network: RoadNetwork, arc: NDArray[np.int32]) -> NDArray[np.int32]:
    twin = network.twin[arc]
    return np.where(twin >= 0, np.minimum(arc, twin), arc)


def _position(places: Snapped, rows: NDArray[np.intp], arc: NDArray[np.int32]) -> NDArray[np.float64]:
    """Fractions of the places as seen from the tail of the given arc of their piece."""
    fraction = places.fraction[rows]
    return np.where(places.arc[rows] == arc, fraction, 1.0 - fraction)


def _pairs_of_one_piece(
    origin_piece: NDArray[np.int32], destination_piece: NDArray[np.int32]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    order = np.argsort(destination_piece, kind="stable")
    ordered = destination_piece[order]
    low = np.searchsorted(ordered, origin_piece, side="left")
    count = np.searchsorted(ordered, origin_piece, side="right") - low
    o = np.repeat(np.arange(origin_piece.size), count)
    within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return o, order[np.repeat(low, count) + within]


def _fastest_of_parallel(tail: Ints, head: Ints, seconds: Ints, size: int) -> tuple[csr_array, NDArray[np.intp]]:
    key = tail * size + head
    order = np.lexsort((seconds, key))
    first = np.ones(order.size, dtype=bool)
    first[1:] = key[order][1:] != key[order][:-1]
    kept = order[first]
    indptr = np.concatenate([[0], np.cumsum(np.bincount(tail[kept], minlength=size))])
    matrix = csr_array((seconds[kept].astype(np.float64), head[kept], indptr), shape=(size, size))
    return matrix, kept
