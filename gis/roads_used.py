"""Which roads the fastest ways use."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gis.cost_matrix import CLOSED_MS
from gis.hierarchy.way import find_way
from gis.network import RoadNetwork
from gis.places import Places, ways_along, ways_in, ways_on_foot, ways_out
from gis.snapping import Snapped
from gis.whole_numbers import existing


def arcs_used(network: RoadNetwork, origins: Places, destinations: Places, to: ArrayLike) -> NDArray[np.bool_]:
    """Tell the arcs that lie on the fastest way of some place to the destination that it goes to.

    Parameters
    ----------
    network
    origins, destinations : Snapped or (k,) node numbers
    to : (n,) int
        Position of the destination of each origin, −1 for none.

    Returns
    -------
    (m,) bool
        The piece of road that a place stands beside is used too, in the direction that the place names it by; no road
        is where the place walks straight to its destination.

    Raises
    ------
    ValueError
        If a destination does not exist.
    """
    to = np.asarray(to, np.int64)
    rows = np.flatnonzero(to >= 0)
    existing(to[rows], len(destinations), "destination")
    topology, out, into = network.topology, ways_out(network, origins), ways_in(network, destinations)
    source, target = (np.where(ends.at >= 0, topology.rank[ends.at], -1) for ends in (out, into))
    direct_ms, on_foot = _direct(network, origins, destinations, to)
    used = np.zeros(network.tail.size, np.bool_)
    for i in rows.tolist():
        j = to[i]
        ms, _, _, arcs = find_way(
            topology.first, topology.head, network.hierarchy, source[i], out.ms[i], target[j], into.ms[j]
        )
        if on_foot[i] and direct_ms[i] <= ms:
            continue
        if ms < direct_ms[i]:
            used[arcs] = True
        if min(ms, direct_ms[i]) < CLOSED_MS:
            used[_own(origins, i)] = used[_own(destinations, j)] = True
    return used


def _direct(
    network: RoadNetwork, origins: Places, destinations: Places, to: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """(n,) the least milliseconds of each place without a junction, ``CLOSED_MS`` for none, and whether on foot."""
    least = np.full((2, to.size), CLOSED_MS, np.int64)
    for slot, pairs in enumerate(
        (ways_along(network, origins, destinations), ways_on_foot(network, origins, destinations))
    ):
        meant = to[pairs.origin] == pairs.destination
        np.minimum.at(least[slot], pairs.origin[meant], pairs.ms[meant])
    return least.min(axis=0), np.asarray(least[1] < least[0])


def _own(places: Places, row: int) -> NDArray[np.int32]:
    """Return the arc that a place stands beside, between its ends; none at a junction."""
    if not isinstance(places, Snapped) or places.fraction[row] in (0.0, 1.0):
        return np.empty(0, np.int32)
    return places.arc[row : row + 1]
