"""From a table of noded road pieces to the network of one travel mode, and its length figures."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from gis.cost_matrix import UNREACHABLE
from gis.network import ArcShapes, RoadNetwork
from gis.road_speeds import speeds_by_direction
from gis.travel_modes import THROUGH_CLASSES, TravelMode


def network_from_roads(roads: GeoDataFrame, *, mode: TravelMode) -> RoadNetwork:
    """Build the network that one mode travels on.

    Parameters
    ----------
    roads
        Noded pieces in a projected CRS with columns ``u``, ``v`` (node numbers 0…n−1),
        ``offset_m`` (start of the piece along its way), ``length_m``, ``road_class``,
        ``oneway``, ``speed_kmh`` (NaN if not stated) and LineString geometry from u to v.
    mode
        Speeds and rules of the mode.

    Returns
    -------
    RoadNetwork
        Piece ``i`` is arc ``2 i`` from u to v and arc ``2 i + 1`` back; a direction that the
        mode may not use has ``UNREACHABLE`` seconds. All modes share this topology.
    """
    u, v = roads["u"].to_numpy(np.int32), roads["v"].to_numpy(np.int32)
    seconds, backward = piece_seconds(roads, mode=mode)
    xy, start = _piece_points(roads)
    n = int(max(u.max(), v.max())) + 1 if u.size else 0
    x, y = np.zeros(n), np.zeros(n)
    x[u], y[u] = xy[start[:-1]].T
    x[v], y[v] = xy[start[1:] - 1].T
    return RoadNetwork(
        tail=_interleave(u, v),
        head=_interleave(v, u),
        seconds=_interleave(seconds, backward),
        x=x,
        y=y,
        length_m=np.repeat(roads["length_m"].to_numpy(np.float64), 2),
        twin=np.arange(2 * u.size, dtype=np.int32) ^ 1,
        shapes=_both_ways(xy, start),
    )


def piece_seconds(roads: pd.DataFrame, *, mode: TravelMode) -> tuple[NDArray[np.int32], ...]:
    """Whole seconds over each road piece, rounded cumulatively along its way.

    Parameters
    ----------
    roads
        Columns ``offset_m``, ``length_m``, ``road_class``, ``speed_kmh``.
    mode
        Speeds of the mode.

    Returns
    -------
    (k,) int32
        ``UNREACHABLE`` on classes closed to the mode. The pieces of a way of one speed add up
        to the rounded time of the whole way, however finely it is cut.
    """
    return tuple(_whole_seconds(roads, speed_kmh) for speed_kmh in speeds_by_direction(roads, mode=mode))


def _whole_seconds(roads: pd.DataFrame, speed_kmh: NDArray[np.float64]) -> NDArray[np.int32]:
    is_open = np.isfinite(speed_kmh)
    seconds_per_m = 3.6 / np.where(is_open, speed_kmh, 1.0)
    begin = roads["offset_m"].to_numpy(np.float64)
    end = begin + roads["length_m"].to_numpy(np.float64)
    seconds = np.rint(end * seconds_per_m) - np.rint(begin * seconds_per_m)
    return np.where(is_open, seconds, UNREACHABLE).astype(np.int32)


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


def _interleave(forward: NDArray[np.int32], backward: NDArray[np.int32]) -> NDArray[np.int32]:
    arcs = np.empty(2 * forward.size, dtype=np.int32)
    arcs[0::2], arcs[1::2] = forward, backward
    return arcs
