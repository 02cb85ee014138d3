"""The roads inside each township, and where its places join them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from gis.road_speeds import may_be_joined

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Geometries = NDArray[np.object_]

_BESIDE_BORDER_M = 1.0  # a road this near to a border belongs to both sides: outlines follow roads, and digitising errs
_LEAST_PART_M = 1e-6  # what is shorter between two cuts is a touch of the border


@dataclass(frozen=True, eq=False)
class RegionRoads:
    """Parts of the pieces of road, each inside one region.

    A piece that leaves its region and comes back makes two parts; the way through another region is not theirs.

    Parameters
    ----------
    line : (k,) LineString
    length_m : (k,) float64
        Metres by road.
    region : (k,) int64
        Position of the outline.
    a, b : (k,) int64
        Node at the start and at the end of each line, 0…n−1; a node of two regions has two numbers.
    joinable : (k,) bool
        Whether places may join it between its nodes.
    """

    line: Geometries
    length_m: Floats
    region: Ints
    a: Ints
    b: Ints
    joinable: NDArray[np.bool_]

    def __len__(self) -> int:
        return int(self.line.size)

    @property
    def node_count(self) -> int:
        """Number of nodes of all regions."""
        return int(max(self.a.max(), self.b.max())) + 1 if len(self) else 0

    def nodes(self) -> tuple[Floats, Ints]:
        """Return where each node stands, (n, 2) metres, and its region, (n,)."""
        xy, region = np.zeros((self.node_count, 2)), np.zeros(self.node_count, dtype=np.int64)
        if not len(self):
            return xy, region
        corners, of_line = shapely.get_coordinates(self.line, return_index=True)
        first = np.searchsorted(of_line, np.arange(len(self)))
        last = np.append(first[1:], of_line.size) - 1
        xy[self.a], xy[self.b] = corners[first], corners[last]
        region[self.a] = region[self.b] = self.region
        return xy, region

    def points(self, part: Ints, at_m: Floats) -> Floats:
        """Return the points, (m, 2) metres, that lie so far along the given parts."""
        share = np.divide(at_m, self.length_m[part], out=np.zeros_like(at_m), where=self.length_m[part] > 0)
        found: Floats = shapely.get_coordinates(
            shapely.line_interpolate_point(self.line[part], share, normalized=True)
        ).reshape(-1, 2)
        return found


@dataclass(frozen=True, eq=False)
class Joins:
    """Where each unit joins the roads of its region.

    Parameters
    ----------
    part : (n,) int64
        −1 where the region has no road that a place may join.
    at_m : (n,) float64
        Metres by road from the start of the part.
    walk_m : (n,) float64
        Straight from the unit to that point.
    """

    part: Ints
    at_m: Floats
    walk_m: Floats


def roads_by_region(roads: GeoDataFrame, outlines: list[shapely.Geometry]) -> RegionRoads:
    """Cut the roads at the outlines.

    Parameters
    ----------
    roads
        Noded pieces with ``u``, ``v``, ``length_m``, in metres, and what ``may_be_joined`` asks for.
    outlines
        One a region, in metres; they may overlap.

    Returns
    -------
    RegionRoads
        Roads within a metre of an outline count as inside.
    """
    lines = roads.geometry.to_numpy()
    around = shapely.buffer(np.asarray(outlines, dtype=object), _BESIDE_BORDER_M, join_style="mitre")
    shapely.prepare(around)
    tree = shapely.STRtree(lines)
    whole, touched = (tree.query(around, predicate=how) for how in ("covers", "intersects"))
    is_cut = ~np.isin(touched[0] * lines.size + touched[1], whole[0] * lines.size + whole[1])
    cut, begin, end = _cut(lines, around, touched[:, is_cut])
    region, piece = np.concatenate([whole, cut], axis=1).astype(np.int64)
    geometry_m = shapely.length(lines)
    begin = np.concatenate([np.zeros(whole.shape[1]), begin])
    end = np.concatenate([geometry_m[whole[1]], end])
    u, v = roads["u"].to_numpy(np.int64), roads["v"].to_numpy(np.int64)
    a, b = _number_nodes(region, u[piece], v[piece], starts=begin <= 0, ends=end >= geometry_m[piece])
    share = np.divide(end - begin, geometry_m[piece], out=np.ones(piece.size), where=geometry_m[piece] > 0)
    part_lines = lines[piece].copy()
    for k in range(whole.shape[1], piece.size):
        part_lines[k] = _between(lines[piece[k]], float(begin[k]), float(end[k]))
    length_m = roads["length_m"].to_numpy(np.float64)[piece] * share
    joinable = may_be_joined(roads)[piece] if "road_class" in roads else np.ones(piece.size, dtype=bool)
    return RegionRoads(part_lines, length_m, region, a, b, joinable)


def join_roads(roads: RegionRoads, unit_xy: Floats, region_of_unit: Ints) -> Joins:
    """Find the nearest point of the roads of its region that each unit may join.

    Parameters
    ----------
    roads
    unit_xy : (n, 2) float64
        Metres.
    region_of_unit : (n,) int64
        −1: in none.

    Returns
    -------
    Joins
    """
    count = len(unit_xy)
    part, at_m, walk_m = np.full(count, -1, dtype=np.int64), np.zeros(count), np.zeros(count)
    points = np.asarray(shapely.points(unit_xy), dtype=object)
    for number in np.unique(region_of_unit[region_of_unit >= 0]):
        here = np.flatnonzero(region_of_unit == number)
        open_to_all = np.flatnonzero((roads.region == number) & roads.joinable)
        if open_to_all.size:
            unit, found = shapely.STRtree(roads.line[open_to_all]).query_nearest(points[here])
            order = np.lexsort((found, unit))  # of several at one distance the first
            first = order[np.append(True, np.diff(unit[order]) > 0)]
            part[here[unit[first]]] = open_to_all[found[first]]
    joined = np.flatnonzero(part >= 0)
    lines = roads.line[part[joined]]
    share = shapely.line_locate_point(lines, points[joined], normalized=True)
    at_m[joined] = np.where(np.isfinite(share), share, 0.0) * roads.length_m[part[joined]]
    walk_m[joined] = shapely.distance(lines, points[joined])
    return Joins(part, at_m, walk_m)


def _cut(lines: Geometries, around: Geometries, pairs: NDArray[np.intp]) -> tuple[NDArray[np.intp], Floats, Floats]:
    """Return (outline, line) of each stretch of the crossing lines that lies inside, its begin and its end."""
    crossing = shapely.intersection(lines[pairs[1]], shapely.boundary(around)[pairs[0]])
    xy, of_pair = shapely.get_coordinates(crossing, return_index=True)
    cuts = shapely.line_locate_point(lines[pairs[1][of_pair]], shapely.points(xy))
    length_m = shapely.length(lines[pairs[1]])
    pair = np.concatenate([np.arange(pairs.shape[1]), of_pair, np.arange(pairs.shape[1])])
    at = np.concatenate([np.zeros(pairs.shape[1]), cuts, length_m])
    order = np.lexsort((at, pair))
    pair, at = pair[order], at[order]
    real = np.flatnonzero((pair[1:] == pair[:-1]) & (at[1:] - at[:-1] > _LEAST_PART_M))
    of, begin, end = pair[real], at[real], at[real + 1]
    middle = shapely.line_interpolate_point(lines[pairs[1][of]], (begin + end) / 2)
    inside = shapely.intersects(around[pairs[0][of]], middle)
    of, begin, end = of[inside], begin[inside], end[inside]
    goes_on = (of[1:] == of[:-1]) & (begin[1:] - end[:-1] <= _LEAST_PART_M)  # it only touched the border
    return (
        pairs[:, of[np.append(True, ~goes_on)[: of.size]]],
        begin[np.append(True, ~goes_on)[: of.size]],
        end[np.append(~goes_on, True)[: of.size]],
    )


def _between(line: shapely.LineString, begin: float, end: float) -> shapely.LineString:
    """Return the line from one distance along it to another."""
    corners = shapely.get_coordinates(line)
    at = np.append(0.0, np.cumsum(np.hypot(*np.diff(corners, axis=0).T)))
    inner = corners[(at > begin) & (at < end)]
    ends = shapely.get_coordinates(shapely.line_interpolate_point(line, [begin, end]))
    return shapely.LineString(np.concatenate([ends[:1], inner, ends[1:]]))


def _number_nodes(
    region: Ints, u: Ints, v: Ints, *, starts: NDArray[np.bool_], ends: NDArray[np.bool_]
) -> tuple[Ints, Ints]:
    """Give the nodes of each region numbers of their own; a cut is a node too."""
    most = int(max(u.max(initial=0), v.max(initial=0))) + 1
    cuts = int(region.max(initial=0) + 1) * most
    a = np.where(starts, region * most + u, cuts + 2 * np.arange(u.size))
    b = np.where(ends, region * most + v, cuts + 2 * np.arange(u.size) + 1)
    number, _ = pd.factorize(np.concatenate([a, b]))
    return number[: u.size].astype(np.int64), number[u.size :].astype(np.int64)
