"""Travel times over the network: matrix, nearest, within."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gis.cost_matrix import CLOSED_MS, LONGEST_S, UNREACHABLE, CostMatrix, whole_seconds
from gis.hierarchy.ends import Ends
from gis.hierarchy.nearest import Lists, gather_lists, list_nearest, offer_pairs
from gis.hierarchy.sweep import count_arcs_above, fill_matrix
from gis.network import RoadNetwork
from gis.overflow import refuse_lost_facilities, refuse_lost_ways
from gis.places import Places, ways_along, ways_in, ways_on_foot, ways_out
from gis.reach import reach
from gis.whole_numbers import whole_number

_LANES = 64  # sources side by side: rows of 256 bytes
_PARTS = 8  # of the sources, for threads to share


def travel_times(
    network: RoadNetwork,
    origins: Places,
    destinations: Places,
    *,
    origin_ids: NDArray[np.object_] | None = None,
    destination_ids: NDArray[np.object_] | None = None,
    mode: str = "",
    threads: ThreadPoolExecutor | None = None,
) -> CostMatrix:
    """Compute the fastest way from every origin to every destination.

    Parameters
    ----------
    network
        Directed network with the times of one mode.
    origins, destinations : Snapped or (k,) node numbers
    origin_ids, destination_ids : (n,), (m,) object, optional
        Names of the places; numbers if not given. A place reaches itself in 0 s.
    mode
        Written into the result.
    threads
        Share the work; the caller's thread does it all if not given.

    Returns
    -------
    CostMatrix
        Whole seconds door to door, ``UNREACHABLE`` where there is no way.

    Raises
    ------
    ValueError
        If a place names a node or arc that the network does not have, or there is not one name a place.
    OverflowError
        If a way takes longer than ``LONGEST_S``.
    """
    names = (_names(origin_ids, len(origins)), _names(destination_ids, len(destinations)))
    seconds = _matrix(network, origins, destinations, threads)
    if origin_ids is not None and destination_ids is not None:
        _, number = np.unique(np.concatenate([names[0], names[1]]).astype(str), return_inverse=True)
        seconds[np.equal.outer(number[: len(origins)], number[len(origins) :])] = 0
    return CostMatrix(seconds, *names, mode=mode)


def nearest(
    network: RoadNetwork, facilities: Places, *, k: int = 1, origins: Places | None = None
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Find the k facilities that each place reaches first.

    Parameters
    ----------
    network
    facilities : Snapped or (f,) node numbers
    k
        How many, at most f.
    origins : Snapped or (n,) node numbers, optional
        Where the ways begin; every node of the network if not given.

    Returns
    -------
    seconds : (n, k) int32
        From the place *to* the facility, ascending; ``UNREACHABLE`` where there is none.
    facility : (n, k) int32
        Positions in ``facilities``, −1 where there is none; nearest by milliseconds, ties go to the lower position.

    Raises
    ------
    ValueError
        If k is no whole number or negative, or a place names a node or arc that the network does not have.
    OverflowError
        If a way to one of the k takes longer than ``LONGEST_S``.
    """
    k = whole_number(k, name="the number of facilities k", least=0, most=np.iinfo(np.int32).max)
    into = ways_in(network, facilities)
    lists = list_nearest(network.hierarchy, _by_rank(network, into), min(k, len(facilities)))
    if origins is None:
        out = ways_out(network, np.arange(network.x.size))
        lists = Lists(lists.ms[network.topology.rank], lists.facility[network.topology.rank])
    else:
        out = ways_out(network, origins)
        lists = gather_lists(lists, _by_rank(network, out))
        for pairs in (ways_along(network, origins, facilities), ways_on_foot(network, origins, facilities)):
            offer_pairs(lists, pairs.origin, pairs.destination, pairs.ms)
    if (lists.facility < 0).any():
        refuse_lost_facilities(network.components, out, into, lists.facility)
    return whole_seconds(lists.ms), lists.facility


def within(network: RoadNetwork, sources: Places, *, cutoff_s: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Find the nodes that the nearest source reaches within a cut-off.

    Parameters
    ----------
    network
    sources : Snapped or (k,) node numbers
    cutoff_s
        Whole seconds.

    Returns
    -------
    node, seconds : (r,) int32
        Nodes in the order in which they are first seen, and how long the nearest source takes to each.
        The cost does not depend on how large the network is.

    Raises
    ------
    ValueError
        If the cut-off is no whole number, negative or longer than ``LONGEST_S``.
    """
    cutoff_s = whole_number(cutoff_s, name="the cut-off in seconds", least=0, most=LONGEST_S)
    ends = ways_out(network, sources)
    time = network.blank_times.pop() if network.blank_times else np.full(network.x.size, CLOSED_MS, np.int32)
    last_ms = cutoff_s * 1000 + 499  # what still rounds to the cut-off
    node, ms = reach(network.arcs_out, ends.at.ravel(), ends.ms.ravel(), last_ms, time)
    network.blank_times.append(time)
    return node, whole_seconds(ms)


def county_matrices(counties: Iterable[tuple[RoadNetwork, Places, Places]], *, executor: Executor) -> list[CostMatrix]:
    """Compute the matrices of many networks, as many at a time as the executor has workers.

    Parameters
    ----------
    counties
        Network, origins, destinations of each.
    executor
        Processes or threads, here or elsewhere.
    """
    return list(executor.map(travel_times, *zip(*counties, strict=True)))


def _matrix(
    network: RoadNetwork, origins: Places, destinations: Places, threads: ThreadPoolExecutor | None = None
) -> NDArray[np.int32]:
    """Sweep from the side that makes less work, sources of neighbouring ranks next to each other."""
    hierarchy = network.hierarchy
    begins, arrives = ways_out(network, origins), ways_in(network, destinations)
    out, into = (_by_rank(network, ends) for ends in (begins, arrives))
    from_origins = len(origins) * count_arcs_above(hierarchy.parent, hierarchy.fall, into.at)
    from_destinations = len(destinations) * count_arcs_above(hierarchy.parent, hierarchy.rise, out.at)
    if from_origins <= from_destinations:
        seconds = _sweep(network, out, into, threads, backward=False)
    else:
        seconds = np.ascontiguousarray(_sweep(network, into, out, threads, backward=True).T)
    for pairs in (ways_along(network, origins, destinations), ways_on_foot(network, origins, destinations)):
        np.minimum.at(seconds, (pairs.origin, pairs.destination), whole_seconds(pairs.ms))
    unreached = seconds >= UNREACHABLE
    if unreached.any():
        refuse_lost_ways(network.components, begins, arrives, unreached)
    return seconds


def _sweep(
    network: RoadNetwork, sources: Ends, targets: Ends, threads: ThreadPoolExecutor | None, *, backward: bool
) -> NDArray[np.int32]:
    """Return the seconds from sources to targets; `backward`: from targets to sources."""
    hierarchy = network.hierarchy
    rise, fall = (hierarchy.fall, hierarchy.rise) if backward else (hierarchy.rise, hierarchy.fall)
    order = np.argsort(sources.at.max(axis=1), kind="stable")
    seconds = np.empty((order.size, len(targets.at)), np.int32)

    def fill(part: NDArray[np.intp]) -> None:
        fill_matrix(hierarchy.parent, rise, fall, sources, part, targets, max(1, min(_LANES, part.size)), seconds)

    if threads is None:
        fill(order)
    else:
        list(threads.map(fill, np.array_split(order, max(1, min(_PARTS, order.size // _LANES)))))
    return seconds


def _by_rank(network: RoadNetwork, ends: Ends) -> Ends:
    rank = network.topology.rank
    return Ends(np.where(ends.at >= 0, rank[ends.at], -1), ends.ms)


def _names(ids: NDArray[np.object_] | None, count: int) -> NDArray[np.object_]:
    names = _numbers(count) if ids is None else np.asarray(ids, dtype=object)
    if names.shape != (count,):
        raise ValueError(f"{count} places and {names.size} names: one each is needed")
    return names


@lru_cache(maxsize=8)
def _numbers(count: int) -> NDArray[np.object_]:
    names = np.arange(count).astype(str).astype(object)
    names.flags.writeable = False
    return names
