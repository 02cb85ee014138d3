"""Whose ground is it: the county divided by road distance to the nearest village."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

_SAMPLE_M = 250.0  # spacing of the points that carry a road's territory
_THIN_M = 60.0  # of several such points in a square of this size one is enough
_MOST_POINTS = 30_000  # squares in the county's extent, so that a dense network costs no more than a county's
_MARGIN_M = 500.0  # round the places where no outline says how far the county goes

Labels = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class RoadPoints:
    """Points sampled on the roads.

    Parameters
    ----------
    xy : (k, 2) float64
        Metres.
    node : (k,) int64
        The nearer end of the piece of road that each point lies on.
    """

    xy: NDArray[np.float64]
    node: NDArray[np.int64]


def divide_by_road(
    units: GeoDataFrame, townships: GeoDataFrame | None, county: GeoDataFrame | None, roads: GeoDataFrame
) -> NDArray[np.object_]:
    """Give each unit the ground that is nearest to it by road, inside its own township.

    Parameters
    ----------
    units, townships, county, roads
        As for ``gis.grid.build_cells``.

    Returns
    -------
    (n,) array of polygons
        ``None`` for a unit without ground of its own. Network Voronoi diagram, drawn as the
        Voronoi cells of points sampled on the roads.
    """
    region_of_unit, outlines = _regions(units, townships, county)
    unit_xy = shapely.get_coordinates(units.geometry.to_numpy())
    points = _sample_roads(roads)
    region_of_point = _locate(points.xy, outlines)
    owner_of_node = _nearest_unit_of_nodes(roads, unit_xy, region_of_unit, outlines)
    territory = np.full(len(units), None, dtype=object)
    for region, outline in enumerate(outlines):
        here = np.flatnonzero(region_of_unit == region)
        if not here.size:
            continue
        rows = np.flatnonzero(region_of_point == region)
        owner = owner_of_node[points.node[rows]]
        lost = ~np.isin(owner, here)
        if lost.any():  # cut off from every unit inside the region: the straight line decides
            owner[lost] = here[cKDTree(unit_xy[here]).query(points.xy[rows[lost]])[1]]
        sites = np.concatenate([unit_xy[here], points.xy[rows]])
        labels = np.concatenate([here, owner])
        for unit, polygon in _voronoi_by_label(sites, labels, outline).items():
            territory[unit] = polygon
    return territory


def _regions(
    units: GeoDataFrame, townships: GeoDataFrame | None, county: GeoDataFrame | None
) -> tuple[Labels, list[shapely.Geometry]]:
    """Say which outline each unit's territory must stay in."""
    if townships is not None and "township_id" in units:
        position = pd.Index(townships.index.astype(str)).get_indexer(units["township_id"].astype(str).to_list())
        return position, list(townships.geometry)
    if county is not None:
        outline = shapely.union_all(county.geometry.to_numpy())
    else:
        outline = shapely.buffer(shapely.convex_hull(shapely.union_all(units.geometry.to_numpy())), _MARGIN_M)
    return np.zeros(len(units), dtype=np.intp), [outline]


def _sample_roads(roads: GeoDataFrame) -> RoadPoints:
    """Take the ends of every piece, and points between them on pieces longer than the spacing."""
    lines = roads.geometry.to_numpy()
    u, v = roads["u"].to_numpy(np.int64), roads["v"].to_numpy(np.int64)
    corners, line = shapely.get_coordinates(lines, return_index=True)
    first = np.searchsorted(line, np.arange(lines.size))
    last = np.append(first[1:], line.size) - 1
    steps = np.ceil(roads["length_m"].to_numpy(np.float64) / _SAMPLE_M).astype(np.int64)
    piece = np.repeat(np.arange(lines.size), np.maximum(steps - 1, 0))
    step = np.arange(piece.size) - np.searchsorted(piece, piece) + 1
    share = step / steps[piece]
    between = shapely.line_interpolate_point(lines[piece], share, normalized=True)
    xy = np.concatenate([corners[first], corners[last], shapely.get_coordinates(between)])
    node = np.concatenate([u, v, np.where(share <= 0.5, u[piece], v[piece])])
    kept = _thin(xy)
    return RoadPoints(xy[kept], node[kept])


def _thin(xy: NDArray[np.float64]) -> NDArray[np.intp]:
    """Keep one point a square, squares being larger where there are very many points."""
    extent = xy.max(axis=0) - xy.min(axis=0)
    side_m = max(_THIN_M, float(np.sqrt(extent.prod() / _MOST_POINTS)))
    column, row = np.floor((xy - xy.min(axis=0)) / side_m).astype(np.int64).T
    return np.unique(column * (int(row.max()) + 1) + row, return_index=True)[1]


def _locate(xy: NDArray[np.float64], outlines: list[shapely.Geometry]) -> Labels:
    """Return the outline that each point lies in, −1 for none; on a border the first."""
    point, region = shapely.STRtree(outlines).query(shapely.points(xy), predicate="intersects")
    found = np.full(len(xy), len(outlines), dtype=np.intp)
    np.minimum.at(found, point, region)
    return np.where(found == len(outlines), -1, found)


def _nearest_unit_of_nodes(
    roads: GeoDataFrame, unit_xy: NDArray[np.float64], region_of_unit: Labels, outlines: list[shapely.Geometry]
) -> Labels:
    """Return for each node the unit nearest along the roads of its own region, −1 where none is."""
    u, v = roads["u"].to_numpy(np.int64), roads["v"].to_numpy(np.int64)
    corners, line = shapely.get_coordinates(roads.geometry.to_numpy(), return_index=True)
    first = np.searchsorted(line, np.arange(len(roads)))
    n = int(max(u.max(), v.max())) + 1
    xy = np.zeros((n, 2))
    xy[u], xy[v] = corners[first], corners[np.append(first[1:], line.size) - 1]
    region = _locate(xy, outlines)
    unit_at = np.full(n, -1, dtype=np.intp)
    for number in np.unique(region_of_unit[region_of_unit >= 0]):
        here, nodes = np.flatnonzero(region_of_unit == number), np.flatnonzero(region == number)
        if nodes.size:
            unit_at[nodes[cKDTree(xy[nodes]).query(unit_xy[here])[1]]] = here
    sources = np.flatnonzero(unit_at >= 0)
    if not sources.size:
        return unit_at
    inside = (region[u] == region[v]) & (region[u] >= 0)
    length_m = np.maximum(roads["length_m"].to_numpy(np.float64)[inside], 1e-3)
    shortest = _shortest_of_parallel(u[inside], v[inside], length_m, n)
    reached, _, source = dijkstra(shortest, directed=False, indices=sources, min_only=True, return_predecessors=True)
    return np.where(np.isfinite(reached), unit_at[np.maximum(source, 0)], -1)


def _shortest_of_parallel(u: Labels, v: Labels, length_m: NDArray[np.float64], n: int) -> csr_array:
    """Build a sparse graph; of parallel roads only the shortest, since a sparse matrix adds them up."""
    low, high = np.minimum(u, v), np.maximum(u, v)
    order = np.lexsort((length_m, low * n + high))
    key = (low * n + high)[order]
    kept = order[np.append(True, key[1:] != key[:-1])] if order.size else order
    return csr_array((length_m[kept], (low[kept], high[kept])), shape=(n, n))


def _voronoi_by_label(
    sites: NDArray[np.float64], labels: Labels, outline: shapely.Geometry
) -> dict[int, shapely.Geometry]:
    first = np.sort(np.unique(sites, axis=0, return_index=True)[1])
    sites, labels = sites[first], labels[first]
    present = np.unique(labels)
    if present.size == 1:
        return {int(present[0]): outline}
    diagram = shapely.voronoi_polygons(shapely.multipoints(sites), extend_to=outline, ordered=True)
    polygons = shapely.get_parts(diagram)
    return {
        int(label): shapely.intersection(shapely.coverage_union_all(polygons[labels == label]), outline)
        for label in present
    }
