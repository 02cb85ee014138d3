"""From the territory of each village to its cells: one, or several where many households live."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gis.cells.arrangement import Pieces, arrange, dissolve, grounds_of
from gis.cells.division import divide, settlement
from gis.cells.households import cells_needed, households_of, shared_out
from gis.cells.scraps import find_scraps, give_scraps, places_of

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Geometries = NDArray[np.object_]

_METRES = np.ones(2)
LEAST_TOLD_M2 = 1.0
"""Scraps below come of rounding: they are given away like the others, but nobody is told."""


@dataclass(frozen=True, eq=False)
class VillageCells:
    """The cells of a county without their codes.

    Parameters
    ----------
    ground : (k,) polygons
    unit : (k,) int64
        Row of the village.
    number : (k,) int64
        1, 2, … among the cells of its village, from west to east, then north to south.
    households : (k,) int64
        Those of the village, shared out by its streets.
    scraps : list of (int, int, Polygon)
        Village that a detached piece was of (−1: of none, though inside the county), village that it went to, and
        the piece.
    """

    ground: Geometries
    unit: Ints
    number: Ints
    households: Ints
    scraps: list[tuple[int, int, BaseGeometry]]


def cells_of_villages(
    ground: Geometries,
    units: GeoDataFrame,
    roads: Geometries,
    *,
    region: Ints,
    outlines: list[shapely.Geometry],
    county: shapely.Geometry,
) -> VillageCells:
    """Divide large villages, give detached scraps to the neighbour with the longest border, fill the county.

    Parameters
    ----------
    ground : (n,) polygons or ``None``
        Territory of each village.
    units
        Points, with what ``households_of`` asks for.
    roads : (r,) LineString
        All in metres.
    region : (n,) int64
        Outline that each village must stay in, −1 for none.
    outlines
    county
        What the cells are to fill.

    Returns
    -------
    VillageCells
        In the order of the villages. Each shares its borders with its neighbours, and hangs together wherever
        its outline does.
    """
    households = households_of(units)
    homes = units.geometry.to_numpy()
    parts, unit, at, houses = _parts(ground, homes, roads, cells_needed(households))
    pieces = arrange(parts, county)
    place = places_of(pieces, region[unit], outlines)
    owner = give_scraps(pieces, find_scraps(pieces, place, at), place, unit)
    scraps = _told(pieces, owner, unit)
    grounds = grounds_of(dissolve(pieces.ground, owner), unit.size)
    there = ~shapely.is_missing(grounds)
    grounds, unit = grounds[there], unit[there]
    order, number = _numbered(grounds, unit)
    grounds, unit = grounds[order], unit[order]
    return VillageCells(grounds, unit, number, _shared_out(grounds, unit, households, houses), scraps)


def _parts(
    ground: Geometries, homes: Geometries, roads: Geometries, needed: Ints
) -> tuple[Geometries, Ints, Geometries, dict[int, tuple[Floats, Floats]]]:
    """Return the parts of all territories, the village of each, a point of each, and the houses of what was divided."""
    tree, parts, unit, inside, houses = shapely.STRtree(roads), [], [], [], {}
    for k, one in enumerate(ground):
        if one is None or one.is_empty:
            continue
        own, at = [one], [homes[k]]
        if needed[k] > 1:
            main, rest = _main(one, homes[k])
            near = roads[np.sort(tree.query(main))]
            houses[k] = settlement(main, near, shapely.get_coordinates(homes[k])[0], metres=_METRES)
            own = divide(main, int(needed[k]), *houses[k], metres=_METRES)
            at = list(shapely.point_on_surface(own))
            own[0] = shapely.union_all([*rest, own[0]])  # they lie apart from each other
        parts += own
        inside += at
        unit += [k] * len(own)
    return np.array(parts, dtype=object), np.array(unit, dtype=np.int64), np.array(inside, dtype=object), houses


def _main(ground: BaseGeometry, home: shapely.Point) -> tuple[BaseGeometry, Geometries]:
    """Return the piece of a territory in which the village stands, else the largest, and the other pieces."""
    pieces = shapely.get_parts(ground)
    at = int(np.lexsort((-shapely.area(pieces), ~shapely.intersects(pieces, home)))[0])
    return pieces[at], np.delete(pieces, at)


def _told(pieces: Pieces, after: Ints, unit: Ints) -> list[tuple[int, int, BaseGeometry]]:
    before = pieces.owner
    one, other = np.where(before >= 0, unit[np.maximum(before, 0)], -1), unit[after]
    rows = np.flatnonzero((one != other) & (shapely.area(pieces.ground) >= LEAST_TOLD_M2))
    return [(int(one[k]), int(other[k]), pieces.ground[k]) for k in rows]


def _numbered(grounds: Geometries, unit: Ints) -> tuple[NDArray[np.intp], Ints]:
    """Return the order of the cells and their numbers in their villages."""
    x, y = shapely.get_coordinates(shapely.centroid(grounds)).T
    order = np.lexsort((-y, x, unit))
    first = np.searchsorted(unit[order], unit[order])
    return order, np.arange(unit.size) - first + 1


def _shared_out(grounds: Geometries, unit: Ints, households: Floats, houses: dict[int, tuple[Floats, Floats]]) -> Ints:
    found = np.rint(households[unit]).astype(np.int64)
    for k, (xy, weight) in houses.items():
        own = np.flatnonzero(unit == k)
        inside = [weight[shapely.intersects_xy(one, *xy.T)].sum() for one in grounds[own]]
        if own.size:
            found[own] = shared_out(float(households[k]), np.array(inside))
    return found
