"""Grid cells: the territory of each village by road, its 15-digit code, and the cell a point lies in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, overload

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gis.cell_codes import NONE_KNOWN, cell_codes, has_statistics_code
from gis.cells.villages import VillageCells, cells_of_villages
from gis.region_roads import join_roads, roads_by_region
from gis.territory import divide_roads
from gis.territory_polygons import draw_ground

__all__ = ["CellIndex", "DrawnCells", "Scrap", "build_cells", "cell_codes", "draw_cells"]

_TOUCH_DEG = 1e-6  # a decimetre: slivers between cells that share a border
_MARGIN_M = 500.0  # round the places where no outline says how far the county goes


class Scrap(NamedTuple):
    """A detached piece of ground.

    Parameters
    ----------
    of
        Unit that is nearest to it by road; "" for ground of nobody inside the county.
    to
        Unit that it went to.
    ground
        Metres.
    """

    of: str
    to: str
    ground: BaseGeometry


@dataclass(frozen=True, eq=False)
class DrawnCells:
    """Cells, and what is to be said of them.

    Parameters
    ----------
    cells
        As ``build_cells`` returns them.
    stands_with
        Of each unit without a cell that stands on one point with another: that other, which has the cell.
    without_cell
        Units without a cell for any other reason: in no township, or outside its outline and its roads.
    without_road
        Units whose township has no road that a place may join: the straight line decides.
    made_code
        Of each unit whose id is not a statistics code, in a county where others are: the code of its cell.
    doubtful_m
        Length of road whose ground may belong to another unit than the road itself; 0 but for
        networks that defy drawing.
    scraps
        Pieces of a square metre or more that did not hang together with the rest of their cell.
    """

    cells: GeoDataFrame
    stands_with: dict[str, str]
    without_cell: list[str]
    without_road: list[str]
    made_code: dict[str, str]
    doubtful_m: float
    scraps: list[Scrap]


def build_cells(
    units: GeoDataFrame,
    townships: GeoDataFrame | None,
    county: GeoDataFrame | None,
    roads: GeoDataFrame,
    *,
    county_code: str,
) -> GeoDataFrame:
    """Divide the county into cells: what is nearest to a village by road inside its township.

    Parameters
    ----------
    units, townships, county, roads, county_code
        As for ``draw_cells``.

    Returns
    -------
    GeoDataFrame
        Index ``id`` = 15-digit codes, columns ``village_id``, ``name``, ``township_id``, ``households``; cells
        share their borders and fill their regions, or the county where it is given.
    """
    return draw_cells(units, townships, county, roads, county_code=county_code).cells


def draw_cells(
    units: GeoDataFrame,
    townships: GeoDataFrame | None,
    county: GeoDataFrame | None,
    roads: GeoDataFrame,
    *,
    county_code: str,
    known: Mapping[str, str] = NONE_KNOWN,
) -> DrawnCells:
    """Divide the county into cells and say which units have none, no road, or a code of our making.

    Every point of a road belongs to the unit nearest to it in metres along the roads of its township, with
    the unit's straight walk to the road; every other point to the unit whose roads or house are nearest. The
    ground of a unit of more than ``MOST_HOUSEHOLDS`` is divided.

    Parameters
    ----------
    units
        Villages and urban committees, points, index of ids; ``name`` and, where townships are
        given, ``township_id``.
    townships, county
        Outlines; without townships the county is one region, without a county the region is
        the hull of the places and 500 m round it.
    roads
        Noded pieces with ``u``, ``v``, ``length_m`` and what ``gis.road_speeds.may_be_joined`` asks for.
        All frames in one projected CRS.
    county_code
        Leading digits of the codes.
    known
        The 12 digits that units had so far, as for ``cell_codes``.

    Returns
    -------
    DrawnCells
        Of units as near as each other the lower id has the ground, whatever the order of the rows.
    """
    units = units.iloc[np.argsort(units.index.astype(str).to_numpy(), kind="stable")]
    region, outlines = _regions(units, townships, county)
    xy = shapely.get_coordinates(units.geometry.to_numpy())
    inside = roads_by_region(roads, outlines)
    joins = join_roads(inside, xy, region)
    ground, doubtful_m = draw_ground(inside, divide_roads(inside, joins, xy, region), xy, region, outlines)
    ids = units.index.astype(str).to_numpy()
    codes = np.array(cell_codes(units, county_code=county_code, known=known), dtype=object)
    whole = shapely.union_all(outlines if county is None else county.geometry.to_numpy())
    lines = roads.geometry.to_numpy()
    found = cells_of_villages(ground, units, lines, region=region, outlines=outlines, county=whole)
    missing = ~np.isin(np.arange(len(units)), found.unit)
    partner = _first_on_point(xy, region)
    shares = missing & (partner != np.arange(len(units))) & (region >= 0)
    made = ~has_statistics_code(units)
    return DrawnCells(
        cells=_named(found, units, codes).sort_index(),
        stands_with=dict(zip(ids[shares], ids[partner[shares]], strict=True)),
        without_cell=ids[missing & ~shares].tolist(),
        without_road=ids[(joins.part < 0) & (region >= 0)].tolist(),
        made_code=dict(zip(ids[made], codes[made], strict=True)) if not made.all() else {},
        doubtful_m=doubtful_m,
        scraps=[Scrap("" if of < 0 else ids[of], ids[to], piece) for of, to, piece in found.scraps],
    )


def _named(found: VillageCells, units: GeoDataFrame, codes: NDArray[np.object_]) -> GeoDataFrame:
    """Return the cells with codes and names: those of a village that has several are numbered."""
    several = np.bincount(found.unit, minlength=len(units))[found.unit] > 1
    names = units["name"].to_numpy()[found.unit]
    columns = {
        "village_id": units.index.astype(str).to_numpy()[found.unit],
        "name": [f"{name}第{n}网格" if of else name for name, n, of in zip(names, found.number, several, strict=True)],
    }
    cells = GeoDataFrame(columns, geometry=found.ground, crs=units.crs)
    cells["township_id"] = units["township_id"].astype(str).to_numpy()[found.unit] if "township_id" in units else ""
    cells["households"] = pd.array(found.households, dtype="Int64")
    cells.index = pd.Index(
        [f"{codes[k][:12]}{n:03d}" for k, n in zip(found.unit, found.number, strict=True)], name="id"
    )
    return cells


def _regions(
    units: GeoDataFrame, townships: GeoDataFrame | None, county: GeoDataFrame | None
) -> tuple[NDArray[np.int64], list[shapely.Geometry]]:
    """Say which outline each unit's territory must stay in, −1 for none."""
    if townships is not None and "township_id" in units:
        position = pd.Index(townships.index.astype(str)).get_indexer(units["township_id"].astype(str).to_list())
        return position.astype(np.int64), list(townships.geometry)
    if county is not None:
        outline = shapely.union_all(county.geometry.to_numpy())
    else:
        outline = shapely.buffer(shapely.convex_hull(shapely.union_all(units.geometry.to_numpy())), _MARGIN_M)
    return np.zeros(len(units), dtype=np.int64), [outline]


def _first_on_point(xy: NDArray[np.float64], region: NDArray[np.int64]) -> NDArray[np.intp]:
    """Return for each unit the first unit of its region on the same point: most often itself."""
    _, first, of = np.unique(np.column_stack([region, xy]), axis=0, return_index=True, return_inverse=True)
    found: NDArray[np.intp] = first[of.ravel()]
    return found


class CellIndex:
    """Finds the cell of a point.

    Parameters
    ----------
    cells
        Index of codes, polygons in longitude and latitude.
    """

    def __init__(self, cells: GeoDataFrame) -> None:
        order = np.argsort(cells.index.astype(str).to_numpy(), kind="stable")
        codes = cells.index.astype(str).to_numpy()[order]
        self._codes = np.array([*codes.tolist(), None], dtype=object)  # the last: outside every cell
        self._tree = shapely.STRtree(cells.geometry.to_numpy()[order])

    @overload
    def cell_at(self, lon: float, lat: float) -> str | None: ...
    @overload
    def cell_at(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.object_]: ...
    def cell_at(
        self, lon: float | NDArray[np.float64], lat: float | NDArray[np.float64]
    ) -> str | NDArray[np.object_] | None:
        """Return the code of the one cell that holds the point, ``None`` outside every cell.

        Parameters
        ----------
        lon, lat : float or (k,) float64
            Degrees. A point on a border belongs to the lower code.

        Returns
        -------
        str, None, or (k,) array of them
        """
        points = np.asarray(shapely.points(np.atleast_1d(lon), np.atleast_1d(lat)), dtype=object)
        within = self._holding(points)
        found = np.full(points.size, self._codes.size - 1)
        np.minimum.at(found, within[0], within[1])
        outside = np.flatnonzero(found == self._codes.size - 1)
        if outside.size:
            beside = self._tree.query(points[outside], predicate="dwithin", distance=_TOUCH_DEG)
            np.minimum.at(found, outside[beside[0]], beside[1])
        codes: NDArray[np.object_] = self._codes[found]
        if np.ndim(lon):
            return codes
        return None if codes[0] is None else str(codes[0])

    def _holding(self, points: NDArray[np.object_]) -> NDArray[np.intp]:
        """Return pairs of a point and a cell that it lies in or on: of many points by cells, which are prepared."""
        if points.size < self._tree.geometries.size:
            return np.asarray(self._tree.query(points, predicate="intersects"))
        return np.asarray(shapely.STRtree(points).query(self._tree.geometries, predicate="intersects")[::-1])
