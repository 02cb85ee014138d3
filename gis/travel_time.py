"""Travel times over the network: matrix, nearest, within."""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra

from gis.cost_matrix import UNREACHABLE, CostMatrix
from gis.network import RoadNetwork
from gis.travel_graph import Places, hang_in_places

_SOURCES_AT_ONCE = 64  # bounds the dense rows that scipy returns


def travel_times(
    network: RoadNetwork,
    origins: Places,
    destinations: Places,
    *,
    origin_ids: NDArray[np.object_] | None = None,
    destination_ids: NDArray[np.object_] | None = None,
    mode: str = "",
) -> CostMatrix:
    """Compute the fastest way from every origin to every destination.

    Parameters
    ----------
    network
        Directed network with the seconds of one mode.
    origins, destinations : Snapped or (k,) node numbers
    origin_ids, destination_ids : (n,), (m,) object, optional
        Names of the places; numbers if not given. A place reaches itself in 0 s.
    mode
        Written into the result.

    Returns
    -------
    CostMatrix
        Whole seconds door to door, ``UNREACHABLE`` where there is no way. Dijkstra's algorithm
        on the smaller side (Dijkstra 1959), by scipy.

    Raises
    ------
    OverflowError
        If a way takes longer than ``UNREACHABLE`` seconds.
    """
    graph = hang_in_places(network, origins, destinations)
    from_origins = len(origins) <= len(destinations)
    sources, targets = graph.origins, graph.destinations
    matrix = graph.matrix
    if not from_origins:
        sources, targets, matrix = targets, sources, matrix.T.tocsr()
    seconds = np.empty((sources.size, targets.size), dtype=np.int32)
    for first in range(0, sources.size, _SOURCES_AT_ONCE):
        rows = slice(first, first + _SOURCES_AT_ONCE)
        seconds[rows] = _whole_seconds(dijkstra(matrix, indices=sources[rows])[:, targets])
    if not from_origins:
        seconds = np.ascontiguousarray(seconds.T)
    names = (_names(origin_ids, len(origins)), _names(destination_ids, len(destinations)))
    if origin_ids is not None and destination_ids is not None:
        seconds[np.equal.outer(names[0], names[1]).astype(bool)] = 0
    return CostMatrix(seconds, *names, mode=mode)


def nearest(network: RoadNetwork, facilities: Places, *, k: int = 1) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Find the k facilities that each node of the network reaches first.

    Parameters
    ----------
    network
    facilities : Snapped or (f,) node numbers
    k
        How many, at most f.

    Returns
    -------
    seconds : (n, k) int32
        From the node *to* the facility, ascending; ``UNREACHABLE`` where there is none.
    facility : (n, k) int32
        Positions in ``facilities``, −1 where there is none; ties go to the lower position.
    """
    graph = hang_in_places(network, np.empty(0, dtype=np.int64), facilities)
    reverse = graph.matrix.T.tocsr()
    n, f = network.x.size, len(facilities)
    k = min(k, f)
    seconds = np.full((n, k), UNREACHABLE, dtype=np.int32)
    facility = np.full((n, k), -1, dtype=np.int32)
    for first in range(0, f, _SOURCES_AT_ONCE):
        rows = graph.destinations[first : first + _SOURCES_AT_ONCE]
        found = _whole_seconds(dijkstra(reverse, indices=rows)[:, :n]).T
        numbers = np.broadcast_to(np.arange(first, first + rows.size, dtype=np.int32), found.shape)
        pool_s = np.concatenate([seconds, found], axis=1)
        pool = np.concatenate([facility, numbers], axis=1)
        order = np.argsort(pool_s, axis=1, kind="stable")[:, :k]
        seconds, facility = np.take_along_axis(pool_s, order, 1), np.take_along_axis(pool, order, 1)
    facility[seconds >= UNREACHABLE] = -1
    return seconds, facility


def within(network: RoadNetwork, sources: Places, *, cutoff_s: int) -> NDArray[np.int32]:
    """Compute how long the nearest source takes to each node, up to a cut-off.

    Parameters
    ----------
    network
    sources : Snapped or (k,) node numbers
    cutoff_s
        Seconds.

    Returns
    -------
    (n,) int32
        Seconds from the nearest source to the node, ``UNREACHABLE`` beyond the cut-off.
    """
    graph = hang_in_places(network, sources, np.empty(0, dtype=np.int64))
    reached = dijkstra(graph.matrix, indices=graph.origins, min_only=True, limit=float(cutoff_s))
    return _whole_seconds(cast("NDArray[np.float64]", reached)[: network.x.size])


def _whole_seconds(seconds: NDArray[np.float64]) -> NDArray[np.int32]:
    finite = np.isfinite(seconds)
    if finite.any() and seconds[finite].max() >= UNREACHABLE:
        raise OverflowError(f"a way takes more than {UNREACHABLE} s; check the lengths of the roads")
    return np.where(finite, seconds, UNREACHABLE).astype(np.int32)


def _names(ids: NDArray[np.object_] | None, count: int) -> NDArray[np.object_]:
    return np.asarray(ids, dtype=object) if ids is not None else np.array([str(i) for i in range(count)], dtype=object)
