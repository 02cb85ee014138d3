"""Barriers on nodes: bollards, gates and the like, as the last centimetre of every road that leads to one."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.travel_modes import VEHICLES, Vehicle
from layers.sources.osm.access import OPEN_BY_CLASS
from layers.sources.ways import Ways

BEFORE_M = 0.01
"""Length of the piece that is closed. Too short to tell in any time, and no place stands on it."""
_M_PER_DEGREE = 111_195.0

Flags = NDArray[np.bool_]


def cut_at_barriers(ways: Ways, blocked: Mapping[int, frozenset[Vehicle]]) -> Ways:
    """Close the last centimetre before each barrier to whom it stops.

    One topology serves all modes, so a barrier that some pass and others do not is a piece of road like
    any other: on every arm the stretch between the barrier's node and a new node a centimetre before it
    becomes a way of its own, with the same attributes but ``no`` for whom the barrier stops. It does not
    matter whether the node lies within a way, at its end or where several meet.

    Parameters
    ----------
    ways
        Attributes ``road_class``, ``foot``, ``bicycle``, ``motorcar``.
    blocked
        Who cannot pass which node.

    Returns
    -------
    Ways
        Arms that are closed anyway to all whom the barrier stops stay as they are.
    """
    if not blocked:
        return ways
    way = np.repeat(np.arange(ways.start.size - 1), np.diff(ways.start))
    is_last = np.append(way[1:] != way[:-1], True)[: way.size]
    is_same_spot = ~is_last[:-1] & (np.diff(ways.lon) == 0) & (np.diff(ways.lat) == 0)
    closes: Flags = _stopped(ways.node, is_same_spot, blocked) & _is_open(ways.attributes)[way]
    closes_any: Flags = np.asarray(closes.any(axis=1))
    before = np.flatnonzero(closes_any[1:] & ~is_last[:-1] & ~is_same_spot) + 1
    after = np.flatnonzero(closes_any[:-1] & ~is_last[:-1] & ~is_same_spot)
    if not before.size + after.size:
        return ways
    # a new node on each arm: in the order of travel just before the barrier, or just after it
    arm = np.concatenate([before, after])
    lon, lat = _centimetre_from(ways, arm, np.concatenate([before - 1, after + 1]))
    order = np.argsort(np.concatenate([np.arange(way.size), before - 0.4, after + 0.4]), kind="stable")
    node = np.concatenate([ways.node, ways.node.max() + 1 + np.arange(arm.size)])[order]
    lon, lat = np.concatenate([ways.lon, lon])[order], np.concatenate([ways.lat, lat])[order]
    side = np.repeat([0, 1, 2], [way.size, before.size, after.size])[order]
    of = np.concatenate([np.arange(way.size), arm])[order]  # the barrier's position, for nodes that are new
    is_cut = (side > 0) | closes_any[of] | is_last[of] | np.roll(is_last, 1)[of]
    cut = np.flatnonzero(is_cut)
    is_piece = way[of[cut[:-1]]] == way[of[cut[1:]]]
    first, last = cut[:-1][is_piece], cut[1:][is_piece]
    barrier = np.where(side[first] == 1, of[first], np.where(side[last] == 2, of[last], -1))
    attributes = ways.attributes.iloc[way[of[first]]].reset_index(drop=True)
    for column, vehicle in enumerate(VEHICLES):
        is_closed = (barrier >= 0) & closes[barrier, column]
        attributes[vehicle] = attributes[vehicle].where(~is_closed, "no")
    counts = last - first + 1
    start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    position = np.arange(start[-1]) - np.repeat(start[:-1] - first, counts)
    return Ways(node[position], lon[position], lat[position], start, attributes)


def _stopped(node: NDArray[np.int64], is_same_spot: Flags, blocked: Mapping[int, frozenset[Vehicle]]) -> Flags:
    """(k, 3) whom the node at each position of the ways stops; nodes on one spot are one node."""
    numbers, at = np.unique(node, return_inverse=True)
    stops = np.zeros((numbers.size, len(VEHICLES)), dtype=bool)
    own = np.array(sorted(blocked), dtype=np.int64)
    _, here, barrier = np.intersect1d(numbers, own, assume_unique=True, return_indices=True)
    found = [[v in blocked[number] for v in VEHICLES] for number in own[barrier].tolist()]
    stops[here] = np.array(found, dtype=bool).reshape(-1, len(VEHICLES))
    spot = np.concatenate([[0], np.cumsum(~is_same_spot)])
    first = np.flatnonzero(np.append(True, np.diff(spot) > 0))
    of_spot = np.logical_or.reduceat(stops[at], first)[spot]
    shared = np.zeros_like(stops)
    np.logical_or.at(shared, at, of_spot)
    return shared[at]


def _is_open(attributes: pd.DataFrame) -> Flags:
    """(w, 3) whether each way is open to each vehicle, in one direction at least."""
    classes = attributes["road_class"].str.removesuffix("_link")
    by_class = {v: classes.isin(OPEN_BY_CLASS[v]).to_numpy(bool) for v in VEHICLES}
    said = {v: attributes[v].to_numpy(object) for v in VEHICLES}
    return np.column_stack([np.where(said[v] == "", by_class[v], said[v] != "no").astype(bool) for v in VEHICLES])


def _centimetre_from(
    ways: Ways, at: NDArray[np.int64], towards: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the points a centimetre from one position towards another, never beyond a third of the way."""
    east, north = ways.lon[towards] - ways.lon[at], ways.lat[towards] - ways.lat[at]
    length_m = _M_PER_DEGREE * np.hypot(east * np.cos(np.radians(ways.lat[at])), north)
    share = np.minimum(BEFORE_M / length_m, 1 / 3)
    return ways.lon[at] + share * east, ways.lat[at] + share * north
