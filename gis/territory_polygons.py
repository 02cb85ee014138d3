"""Whose ground is it: what lies nearest to the roads of a village, drawn so that the roads themselves are right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.region_roads import RegionRoads
from gis.territory import OwnedRoads
from gis.territory_kernels import Sites, is_another_nearer

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FINEST_M = 0.5
"""Where roads of two owners come nearer to each other than this, as at a bridge, the nearer point decides."""

_SPACING_M = 250.0  # of the points that carry a road's owner, where no other owner is near
_BESIDE_CHANGE_M = 0.25  # points as far on both sides of where the owner changes
_MOST_ROUNDS = 40  # each halves what is not right yet; ten reach FINEST_M
_LEAST_SQUARE_M = 50.0  # squares in which points are looked up
_APART_M = 1e-3  # points nearer to each other are one to the diagram, the first: it cannot tell them apart
_FAR = 20.0  # four points so many extents away bound the diagram and own nothing


@dataclass(frozen=True, eq=False)
class Links:
    """Bits of road between two neighbouring points, all of one owner.

    Parameters
    ----------
    part, unit : (k,) int64
    begin_m, end_m : (k,) float64
        Metres by road from the start of the part.
    """

    part: Ints
    unit: Ints
    begin_m: Floats
    end_m: Floats

    def take(self, rows: NDArray[np.bool_] | NDArray[np.intp]) -> Links:
        """Return some of them."""
        return Links(self.part[rows], self.unit[rows], self.begin_m[rows], self.end_m[rows])


def draw_ground(
    roads: RegionRoads, stretches: OwnedRoads, unit_xy: Floats, region_of_unit: Ints, outlines: list[shapely.Geometry]
) -> tuple[NDArray[np.object_], float]:
    """Give each unit the ground that is nearest to it or to its stretches of road.

    Parameters
    ----------
    roads, stretches
    unit_xy, region_of_unit : (n, 2) and (n,)
        Of several units on one point the first has the ground.
    outlines
        Of the regions.

    Returns
    -------
    ground : (n,) array of polygons
        ``None`` for a unit without any. The cells of a region fill it and share their borders.
    doubtful_m : float
        Length of road, beyond what ``FINEST_M`` allows, whose ground may go to another unit than the road.

    Notes
    -----
    The ground is the union of the Voronoi cells of points on the roads. Between two neighbouring points
    of one owner the road is all its own unless a point of another owner lies in the circle that has the
    two for a diameter (Gabriel & Sokal 1969); where one does, the bit is halved.
    """
    node_xy, node_region = roads.nodes()
    ground = np.full(len(unit_xy), None, dtype=object)
    doubtful_m = 0.0
    links = _links(roads, stretches)
    for region, outline in enumerate(outlines):
        here = np.flatnonzero(region_of_unit == region)
        if not here.size:
            continue
        nodes = np.flatnonzero(node_region == region)
        fixed_xy = np.concatenate([node_xy[nodes], unit_xy[here]])  # of several on one point the first counts
        fixed_owner = np.concatenate([stretches.unit_of_node[nodes], here])
        own = links.take(roads.region[links.part] == region)
        xy, owner, unsure_m = _settle(roads, own, _inner_points(roads, own), (fixed_xy, fixed_owner))
        doubtful_m += unsure_m
        for unit, polygon in _voronoi_by_owner(xy, owner, outline).items():
            ground[unit] = polygon
    return ground, doubtful_m


def _links(roads: RegionRoads, stretches: OwnedRoads) -> Links:
    """Cut the stretches into bits of at most the spacing, a little apart from where the owner changes."""
    part, unit = stretches.part, stretches.unit
    end_node_unit = [stretches.unit_of_node[nodes[part]] for nodes in (roads.a, roads.b)]
    at_start, at_end = stretches.begin_m <= 0, stretches.end_m >= roads.length_m[part] - 1e-6
    margin = np.minimum(_BESIDE_CHANGE_M, (stretches.end_m - stretches.begin_m) / 4)
    begin = stretches.begin_m + np.where(at_start & (end_node_unit[0] == unit), 0.0, margin)
    end = stretches.end_m - np.where(at_end & (end_node_unit[1] == unit), 0.0, margin)
    count = np.maximum(np.ceil((end - begin) / _SPACING_M), 1).astype(np.int64)
    row = np.repeat(np.arange(part.size), count)
    step = np.arange(row.size) - np.repeat(np.cumsum(count) - count, count)
    bit = (end - begin) / count
    return Links(part[row], unit[row], begin[row] + step * bit[row], begin[row] + (step + 1) * bit[row])


def _inner_points(roads: RegionRoads, links: Links) -> tuple[Floats, Ints]:
    """Return the points between links and beside changes of owner: all ends but the nodes, each once."""
    begins = np.flatnonzero(links.begin_m > 0)
    goes_on = np.append((links.part[1:] == links.part[:-1]) & (links.begin_m[1:] - links.end_m[:-1] < 1e-9), False)
    ends = np.flatnonzero(~goes_on[: links.part.size] & (links.end_m < roads.length_m[links.part] - 1e-6))
    part = np.append(links.part[begins], links.part[ends])
    at_m = np.append(links.begin_m[begins], links.end_m[ends])
    return roads.points(part, at_m), np.append(links.unit[begins], links.unit[ends])


def _settle(
    roads: RegionRoads, links: Links, inner: tuple[Floats, Ints], fixed: tuple[Floats, Ints]
) -> tuple[Floats, Ints, float]:
    """Halve links until no point of another owner is nearer to any of them than its own ends."""
    first = np.sort(np.unique(np.concatenate([fixed[0], inner[0]]), axis=0, return_index=True)[1])
    xy, owner = (np.concatenate(both)[first] for both in zip(fixed, inner, strict=True))
    middle = roads.points(links.part, (links.begin_m + links.end_m) / 2)
    for _ in range(_MOST_ROUNDS):
        half_m = (links.end_m - links.begin_m) / 2
        open_ = 2 * half_m > FINEST_M
        links, middle, half_m = links.take(open_), middle[open_], half_m[open_]
        wrong = is_another_nearer(_sort_into_squares(xy, owner), middle, half_m, links.unit)
        if not wrong.any():
            return xy, owner, 0.0
        xy, owner = np.concatenate([xy, middle[wrong]]), np.append(owner, links.unit[wrong])
        halves = _halve(links.take(wrong))
        links_middle = roads.points(halves.part, (halves.begin_m + halves.end_m) / 2)
        links, middle = _together(links.take(~wrong), halves), np.concatenate([middle[~wrong], links_middle])
    half_m = (links.end_m - links.begin_m) / 2
    wrong = is_another_nearer(_sort_into_squares(xy, owner), middle, half_m, links.unit)
    return xy, owner, float(2 * half_m[wrong].sum())


def _halve(links: Links) -> Links:
    middle_m = (links.begin_m + links.end_m) / 2
    return _together(
        Links(links.part, links.unit, links.begin_m, middle_m), Links(links.part, links.unit, middle_m, links.end_m)
    )


def _together(one: Links, other: Links) -> Links:
    return Links(
        np.append(one.part, other.part),
        np.append(one.unit, other.unit),
        np.append(one.begin_m, other.begin_m),
        np.append(one.end_m, other.end_m),
    )


def _sort_into_squares(xy: Floats, owner: Ints) -> Sites:
    """Sort points into squares, about as many squares as points."""
    low = xy.min(axis=0)
    extent = xy.max(axis=0) - low
    side = max(_LEAST_SQUARE_M, float(np.sqrt(extent.prod() / len(xy))), float(extent.max()) / len(xy))
    columns, rows = (int(extent[k] / side) + 1 for k in (0, 1))
    column, row = np.minimum((xy - low) / side, [columns - 1, rows - 1]).astype(np.int64).T
    square = row * columns + column
    order = np.argsort(square, kind="stable")
    first = np.searchsorted(square[order], np.arange(columns * rows + 1))
    return Sites(xy[order], owner[order], first, low, side, columns, rows)


def _voronoi_by_owner(xy: Floats, owner: Ints, outline: shapely.Geometry) -> dict[int, shapely.Geometry]:
    """Unite the Voronoi cells of each owner's points, inside the outline."""
    first = np.sort(np.unique(np.rint(xy / _APART_M), axis=0, return_index=True)[1])
    xy, owner = xy[first], owner[first]
    present = np.unique(owner)
    if present.size == 1:
        return {int(present[0]): outline}
    corners = np.concatenate([xy, np.reshape(shapely.bounds(outline), (2, 2))])
    least, most = corners.min(axis=0), corners.max(axis=0)
    far = _FAR * max(float((most - least).max()), 1.0)
    bounds = (least + most) / 2 + far * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])
    diagram = shapely.voronoi_polygons(shapely.multipoints(np.concatenate([xy, bounds])), ordered=True)
    cells = shapely.get_parts(diagram)[: len(xy)]
    order = np.argsort(owner, kind="stable")
    first = np.searchsorted(owner[order], present)
    united = np.array([shapely.coverage_union_all(rows) for rows in np.split(cells[order], first[1:])])
    shapely.prepare(outline)
    inside = shapely.covers(outline, united)
    united[~inside] = shapely.intersection(united[~inside], outline)
    return dict(zip(present.tolist(), united, strict=True))
