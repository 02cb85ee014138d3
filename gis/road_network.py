"""From a table of noded road pieces to the network of one travel mode, and its length figures."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from gis.arc_shapes import ArcShapes
from gis.cost_matrix import CLOSED_MS, LONGEST_S
from gis.network import RoadNetwork
from gis.road_speeds import may_be_joined, speeds_by_direction
from gis.stretches import round_along, trace_stretches
from gis.travel_modes import THROUGH_CLASSES, TravelMode

Ints = NDArray[np.int64]


def network_from_roads(roads: GeoDataFrame, *, mode: TravelMode) -> RoadNetwork:
    """Build the network that one mode travels on.

    Parameters
    ----------
    roads
        Noded pieces in a projected CRS with columns ``u``, ``v`` (node numbers 0…n−1), ``length_m``,
        ``road_class``, those of :func:`gis.road_speeds.speeds_by_direction` and LineString geometry from u to v.
    mode
        Speeds and rules of the mode.

    Returns
    -------
    RoadNetwork
        Piece ``i`` is arc ``2 i`` from u to v and arc ``2 i + 1`` back; a direction that the
        mode may not use is closed. All modes share this topology.
    """
    u, v = roads["u"].to_numpy(np.int32), roads["v"].to_numpy(np.int32)
    milliseconds = piece_milliseconds(roads, mode=mode)
    xy, start = _piece_points(roads)
    n = int(max(u.max(), v.max())) + 1 if u.size else 0
    x, y = np.zeros(n), np.zeros(n)
    x[u], y[u] = xy[start[:-1]].T
    x[v], y[v] = xy[start[1:] - 1].T
    return RoadNetwork(
        tail=_interleave(u, v),
        head=_interleave(v, u),
        milliseconds=_interleave(*milliseconds),
        x=x,
        y=y,
        length_m=np.repeat(roads["length_m"].to_numpy(np.float64), 2),
        twin=np.arange(2 * u.size, dtype=np.int32) ^ 1,
        shapes=_both_ways(xy, start),
        joinable=np.repeat(may_be_joined(roads), 2),
    )


def piece_milliseconds(roads: pd.DataFrame, *, mode: TravelMode) -> tuple[Ints, Ints]:
    """Milliseconds over each road piece, rounded cumulatively along each stretch from junction to junction.

    Parameters
    ----------
    roads
        All pieces of the network: columns ``u``, ``v``, ``length_m`` and those of
        :func:`gis.road_speeds.speeds_by_direction`. A part of them alone rounds otherwise.
    mode
        Speeds of the mode.

    Returns
    -------
    forward, backward : (k,) int64
        Along the line of each piece and against it; ``CLOSED_MS`` where the mode may not go. The pieces of a
        stretch add up to the rounded time of the whole, however finely it is cut.

    Raises
    ------
    OverflowError
        If a piece takes longer than ``LONGEST_S``.
    """
    u, v = roads["u"].to_numpy(np.int32), roads["v"].to_numpy(np.int32)
    stretches = trace_stretches(u, v, int(max(u.max(initial=-1), v.max(initial=-1))) + 1)
    ms_per_m = [3600.0 / speed_kmh for speed_kmh in speeds_by_direction(roads, mode=mode)]
    length_m = roads["length_m"].to_numpy(np.float64)
    forward, backward = round_along(stretches, *(length_m * per_m for per_m in ms_per_m))
    long = np.flatnonzero(np.maximum(forward, backward) >= CLOSED_MS)
    if long.size:
        raise OverflowError(
            f"{long.size} pieces of road take more than {LONGEST_S} s, the first {roads.index[long[0]]}"
        )
    return (np.where(forward < 0, CLOSED_MS, forward), np.where(backward < 0, CLOSED_MS, backward))


def is_through_road(road_class: pd.Series) -> NDArray[np.bool_]:
    """Tell roads that lead somewhere from streets inside a place.

    Parameters
    ----------
    road_class : (k,) str

    Returns
    -------
    (k,) bool
    """
    return road_class.astype(str).str.removesuffix("_link").isin(THROUGH_CLASSES).to_numpy(bool)


def _piece_points(roads: GeoDataFrame) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    lines = roads.geometry.to_numpy()
    counts = shapely.get_num_coordinates(lines)
    start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return shapely.get_coordinates(lines), start


def _both_ways(xy: NDArray[np.float64], start: NDArray[np.int64]) -> ArcShapes:
    """Lay the points of each piece out twice: as they are, then reversed."""
    counts = np.diff(start)
    doubled = np.concatenate([[0], np.cumsum(np.repeat(counts, 2))]).astype(np.int64)
    within = np.arange(doubled[-1]) - np.repeat(doubled[:-1], np.repeat(counts, 2))
    first = np.repeat(np.repeat(start[:-1], 2), np.repeat(counts, 2))
    last = np.repeat(np.repeat(start[1:] - 1, 2), np.repeat(counts, 2))
    is_back = np.repeat(np.arange(2 * counts.size) % 2 == 1, np.repeat(counts, 2))
    return ArcShapes(start=doubled, xy=xy[np.where(is_back, last - within, first + within)])


def _interleave(forward: NDArray[np.integer], backward: NDArray[np.integer]) -> NDArray[np.int32]:
    arcs = np.empty(2 * forward.size, dtype=np.int32)
    arcs[0::2], arcs[1::2] = forward, backward
    return arcs
