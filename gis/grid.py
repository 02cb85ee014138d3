"""Grid cells: the territory of each village by road, its 15-digit code, and the cell a point lies in."""

from __future__ import annotations

import pandas as pd
import shapely
from geopandas import GeoDataFrame

from gis.territory import divide_by_road

_TOUCH_DEG = 1e-6  # a decimetre: slivers between cells that share a border


def build_cells(
    units: GeoDataFrame,
    townships: GeoDataFrame | None,
    county: GeoDataFrame | None,
    roads: GeoDataFrame,
    *,
    county_code: str,
) -> GeoDataFrame:
    """Divide the county into one cell a village: what is nearest to it by road inside its township.

    Parameters
    ----------
    units
        Villages and urban committees, points, index of ids; ``name`` and, where townships are
        given, ``township_id``.
    townships, county
        Outlines; without townships the county is one region, without a county the region is
        the hull of the places and 500 m round it.
    roads
        Noded pieces with ``u``, ``v``, ``length_m``. All frames in one projected CRS.
    county_code
        Leading digits of the codes.

    Returns
    -------
    GeoDataFrame
        Index ``id`` = 15-digit codes, columns ``village_id``, ``township_id``, ``name``; cells
        of a region share their borders and fill it. Network Voronoi diagram (Okabe et al. 2000).
    """
    territory = divide_by_road(units, townships, county, roads)
    cells = GeoDataFrame(
        {"village_id": units.index.astype(str), "name": units["name"].to_numpy()},
        geometry=territory,
        crs=units.crs,
    )
    cells["township_id"] = units["township_id"].astype(str).to_numpy() if "township_id" in units else ""
    cells.index = pd.Index(cell_codes(units, county_code=county_code), name="id")
    return cells[cells.geometry.notna() & ~cells.geometry.is_empty].sort_index()


def cell_codes(units: GeoDataFrame, *, county_code: str) -> list[str]:
    """Give each village's cell its 15 digits: 6 county + 3 township + 3 village + 3 sequence.

    Parameters
    ----------
    units
        Points with an index of ids. Ids that are the 12 digits of the national statistics code
        are used as they are; others are numbered from west to east, then north to south, within
        their township.
    county_code

    Returns
    -------
    list of str
        In the order of ``units``; the sequence is 001, one cell a village.

    Raises
    ------
    ValueError
        If a township has more than 999 villages, or there are more than 999 townships.
    """
    ids = units.index.astype(str)
    if bool(ids.str.fullmatch(r"[0-9]{12}").all()):
        return [f"{id_}001" for id_ in ids]
    digits = "".join(c for c in county_code if c in "0123456789")[:6].zfill(6)
    township = units["township_id"].astype(str) if "township_id" in units else pd.Series("", index=units.index)
    frame = pd.DataFrame(
        {"t": township.to_numpy(), "x": units.geometry.x.to_numpy(), "y": -units.geometry.y.to_numpy()}
    )
    by_position = frame.sort_values(["x", "y"], kind="stable")
    number_t = {t: k for k, t in enumerate(by_position["t"].drop_duplicates(), start=1)}
    number_v = by_position.groupby("t").cumcount().reindex(frame.index) + 1
    if len(number_t) > 999 or int(number_v.max()) > 999:
        raise ValueError("a 15-digit code holds 999 townships of 999 villages each")
    return [f"{digits}{number_t[t]:03d}{v:03d}001" for t, v in zip(frame["t"], number_v, strict=True)]


class CellIndex:
    """Finds the cell of a point.

    Parameters
    ----------
    cells
        Index of codes, polygons in longitude and latitude.
    """

    def __init__(self, cells: GeoDataFrame) -> None:
        self._codes = cells.index.astype(str).to_numpy()
        self._tree = shapely.STRtree(cells.geometry.to_numpy())

    def cell_at(self, lon: float, lat: float) -> str | None:
        """Return the code of the one cell that holds the point, ``None`` outside every cell.

        Parameters
        ----------
        lon, lat
            Degrees. A point on a border belongs to the lower code.
        """
        point = shapely.Point(lon, lat)
        found = self._tree.query(point, predicate="intersects")
        if not found.size:
            found = self._tree.query(point, predicate="dwithin", distance=_TOUCH_DEG)
        return str(min(self._codes[found])) if found.size else None
