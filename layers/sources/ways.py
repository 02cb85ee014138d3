"""Lines through numbered nodes, as OpenStreetMap has them, and their pieces between junctions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from pyproj import Transformer

from layers.sources.lines.coincidence import merge_points
from layers.sources.lines.plane import plane_of_lines

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Ways:
    """Lines in travel direction.

    Parameters
    ----------
    node : (k,) int64
        Node ids of all ways, one way after the other.
    lon, lat : (k,) float64
        Degrees, WGS-84.
    start : (w + 1,) int64
        Way ``i`` owns positions ``start[i]`` to ``start[i + 1]``.
    attributes : DataFrame
        One row a way; for roads ``way``, ``road_class``, ``name``, ``oneway``, ``bridge``,
        ``speed_kmh``.
    """

    node: Ints
    lon: Floats
    lat: Floats
    start: Ints
    attributes: pd.DataFrame

    def select(self, is_kept: NDArray[np.bool_]) -> Ways:
        """Return the ways with only some of their positions; ways left with fewer than two are dropped."""
        way = np.repeat(np.arange(self.start.size - 1), np.diff(self.start))
        counts = np.bincount(way[is_kept], minlength=self.start.size - 1)
        is_long = counts >= 2
        kept = is_kept & is_long[way]
        start = np.concatenate([[0], np.cumsum(counts[is_long])]).astype(np.int64)
        return Ways(self.node[kept], self.lon[kept], self.lat[kept], start, self.attributes[is_long])

    def lines(self) -> NDArray[np.object_]:
        """(w,) LineStrings in degrees."""
        way = np.repeat(np.arange(self.start.size - 1), np.diff(self.start))
        return np.asarray(shapely.linestrings(self.lon, self.lat, indices=way), dtype=object)


def ways_from_lines(lines: NDArray[np.object_], attributes: pd.DataFrame) -> Ways:
    """Turn lines into ways: vertices within a centimetre of each other become one node.

    Parameters
    ----------
    lines : (w,) LineStrings or MultiLineStrings
        Degrees, WGS-84.
    attributes : (w,) rows

    Returns
    -------
    Ways
        A MultiLineString gives one way a part.
    """
    parts, row = shapely.get_parts(lines, return_index=True)
    lon, lat = shapely.get_coordinates(parts).T
    start = np.concatenate([[0], np.cumsum(shapely.get_num_coordinates(parts))]).astype(np.int64)
    node = np.arange(lon.size)
    if np.isfinite(lon).all() and np.isfinite(lat).all() and lon.size:
        node = merge_points(plane_of_lines(lon, lat).metres(lon, lat))
    return Ways(node, lon[node], lat[node], start, attributes.iloc[row])


def node_ways(ways: Ways, *, projected: str, geographic: str) -> GeoDataFrame:
    """Cut ways at their junctions and measure the pieces.

    Parameters
    ----------
    ways
    projected
        CRS in which lengths are measured, metres.
    geographic
        CRS of the result.

    Returns
    -------
    GeoDataFrame
        Layer ``roads``: a junction is the end of a way or a node that is passed twice. Nodes
        are numbered 0…n−1; index ``id`` is the way and the number of the piece in it.
    """
    ways = _without_repeats(_with_coincident_nodes_merged(ways))
    way = np.repeat(np.arange(ways.start.size - 1), np.diff(ways.start))
    to_metres = Transformer.from_crs(geographic, projected, always_xy=True)
    along_m = _distance_along(ways, way, to_metres)
    first, last = _piece_ends(ways, way)
    pieces = ways.attributes.iloc[way[first]].reset_index(drop=True)
    ordinal = pieces.groupby("way", sort=False).cumcount().astype(str)
    pieces.index = pd.Index(pieces["way"] + "-" + ordinal, name="id")
    _, number = np.unique(ways.node[np.concatenate([first, last])], return_inverse=True)
    pieces["u"], pieces["v"] = number[: first.size], number[first.size :]
    pieces["length_m"] = along_m[last] - along_m[first]
    counts = last - first + 1
    position = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts - first, counts)
    owner = np.repeat(np.arange(first.size), counts)
    lines = shapely.linestrings(ways.lon[position], ways.lat[position], indices=owner)
    return GeoDataFrame(pieces, geometry=lines, crs=geographic)


def renumber_nodes(roads: GeoDataFrame) -> GeoDataFrame:
    """Return the roads with nodes numbered 0…n−1 again after pieces were dropped."""
    number = np.unique(roads[["u", "v"]].to_numpy(), return_inverse=True)[1].reshape(-1, 2)
    return roads.assign(u=number[:, 0].astype(np.int64), v=number[:, 1].astype(np.int64))


def _with_coincident_nodes_merged(ways: Ways) -> Ways:
    """Give consecutive nodes of a way that lie on one spot one number, so that no piece has length 0."""
    same_spot = (np.diff(ways.lon) == 0) & (np.diff(ways.lat) == 0) & (np.diff(ways.node) != 0)
    same_spot[ways.start[1:-1] - 1] = False
    if not same_spot.any():
        return ways
    _, spot = np.unique(ways.lon + 1j * ways.lat, return_inverse=True)
    least = np.full(spot.max() + 1, np.iinfo(np.int64).max)
    np.minimum.at(least, spot, ways.node)
    is_repeated = np.isin(spot, spot[:-1][same_spot])
    node = np.where(is_repeated, least[spot], ways.node)
    return Ways(node, ways.lon, ways.lat, ways.start, ways.attributes)


def _without_repeats(ways: Ways) -> Ways:
    is_new = np.ones(ways.node.size, dtype=bool)
    is_new[1:] = np.diff(ways.node) != 0
    is_new[ways.start[:-1]] = True
    return ways.select(is_new)


def _distance_along(ways: Ways, way: Ints, to_metres: Transformer) -> Floats:
    """(k,) metres from the start of the first way, the gaps between ways not counted."""
    x, y = to_metres.transform(ways.lon, ways.lat)
    step_m = np.hypot(np.diff(x), np.diff(y))
    step_m[np.diff(way) != 0] = 0.0
    return np.concatenate([[0.0], np.cumsum(step_m)])


def _piece_ends(ways: Ways, way: Ints) -> tuple[Ints, Ints]:
    _, number, count = np.unique(ways.node, return_inverse=True, return_counts=True)
    is_junction = count[number] > 1
    is_junction[ways.start[:-1]] = True
    is_junction[ways.start[1:] - 1] = True
    junction = np.flatnonzero(is_junction)
    is_piece = way[junction[:-1]] == way[junction[1:]]
    return junction[:-1][is_piece], junction[1:][is_piece]
