"""The k facilities nearest to every place, with their names, in one sweep.

Each rank keeps a short list of facilities, nearest first. The lists rise from the facilities over the
falling arcs, since the ways lead *to* them, and are then handed down from the highest rank; no list
ever needs more than k. This is the sweep of PHAST (Delling, Goldberg, Nowatzyk & Werneck 2011) with
lists in the place of times.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled
from gis.cost_matrix import CLOSED_MS
from gis.hierarchy.customization import Hierarchy
from gis.hierarchy.ends import Ends

Ints = NDArray[np.int32]


class Lists(NamedTuple):
    """Facilities of each rank or place, nearest first, of equally near ones the lower position first.

    Parameters
    ----------
    ms : (n, k) int32
        Milliseconds; ``CLOSED_MS`` where there are fewer.
    facility : (n, k) int32
        Positions; −1 where there are fewer.
    """

    ms: Ints
    facility: Ints


@compiled
def list_nearest(hierarchy: Hierarchy, facilities: Ends, k: int) -> Lists:
    """Return the k nearest facilities of every rank.

    Parameters
    ----------
    hierarchy
    facilities
        Ways into the facilities.
    k
    """
    parent, rise, fall = hierarchy.parent, hierarchy.rise, hierarchy.fall
    lists = empty_lists(len(parent), k)
    for facility in range(len(facilities.at)):
        for end in range(2):
            if facilities.at[facility, end] >= 0:
                offer(lists, facilities.at[facility, end], facilities.ms[facility, end], facility)
    for v in range(len(parent)):
        if lists.facility[v, 0] >= 0:
            for e in range(fall.first[v], fall.first[v + 1]):
                _hand_on(lists, v, fall.head[e], fall.ms[e])
    for v in range(len(parent) - 1, -1, -1):
        for e in range(rise.first[v], rise.first[v + 1]):
            _hand_on(lists, rise.head[e], v, rise.ms[e])
    return lists


@compiled
def empty_lists(n: int, k: int) -> Lists:
    """Return lists with nothing in them."""
    return Lists(np.full((n, k), CLOSED_MS, np.int32), np.full((n, k), -1, np.int32))


@compiled
def gather_lists(lists: Lists, places: Ends) -> Lists:
    """Return the lists of places from those of the ranks at their ends."""
    gathered = empty_lists(len(places.at), lists.ms.shape[1])
    for place in range(len(places.at)):
        for end in range(2):
            v = places.at[place, end]
            for i in range(lists.ms.shape[1]):
                if v < 0 or lists.facility[v, i] < 0:
                    break
                offer(gathered, place, lists.ms[v, i] + places.ms[place, end], lists.facility[v, i])
    return gathered


@compiled
def offer_pairs(lists: Lists, place: NDArray[np.int64], facility: NDArray[np.int64], ms: NDArray[np.int64]) -> None:
    """Enter facilities that places reach otherwise."""
    for i in range(len(place)):
        offer(lists, place[i], ms[i], facility[i])


@compiled
def offer(lists: Lists, row: int, ms: int, facility: int) -> bool:
    """Enter a facility where it belongs; whether a nearer one than this could be entered."""
    times, names = lists.ms, lists.facility
    last = times.shape[1] - 1
    if ms > times[row, last] or ms >= CLOSED_MS:
        return False
    if ms == times[row, last] and facility >= names[row, last]:
        return False
    at = 0
    while at < last and names[row, at] != facility:
        at += 1
    if names[row, at] == facility and times[row, at] <= ms:
        return True
    while at > 0 and (ms < times[row, at - 1] or (ms == times[row, at - 1] and facility < names[row, at - 1])):
        times[row, at], names[row, at] = times[row, at - 1], names[row, at - 1]
        at -= 1
    times[row, at], names[row, at] = ms, facility
    return True


@compiled
def _hand_on(lists: Lists, by: int, to: int, ms: int) -> None:
    last = lists.ms.shape[1] - 1
    for i in range(last + 1):
        at = lists.ms[by, i] + ms
        if at > lists.ms[to, last] or lists.facility[by, i] < 0:  # most arcs end here
            break
        if not offer(lists, to, at, lists.facility[by, i]):
            break
