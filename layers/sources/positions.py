"""Where the rows of a source lie: in longitude and latitude, WGS-84, whatever the file says it in."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from gis.crs import places_points, to_wgs84
from layers.county_spec import LayerSpec
from layers.schema import GEOMETRY_TYPES
from layers.sources.columns import ColumnReader, is_blank
from layers.sources.source_table import SourceTable

Geometries = NDArray[np.object_]
Transform = Callable[[NDArray[np.float64], NDArray[np.float64]], tuple[NDArray[np.float64], ...]]

_TYPES = (
    *("Point", "LineString", "LinearRing", "Polygon"),
    *("MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection"),
)


def locate_rows(table: SourceTable, spec: LayerSpec, reader: ColumnReader) -> Geometries:
    """Return the geometry of every row.

    Parameters
    ----------
    table
    spec
        ``datum`` and ``crs``; columns ``lon`` and ``lat`` hold degrees, or metres of ``crs``.
    reader
        Takes the faults: missing, unreadable, swapped or impossible positions, wrong types.

    Returns
    -------
    (n,) array of geometries
        Degrees, WGS-84; ``None`` where there is a fault.
    """
    if table.geometry is None:
        geometry, crs = _points(reader), spec.crs or "EPSG:4326"
    elif table.crs:
        geometry, crs = _of_right_type(table.geometry, spec, reader), table.crs
    else:
        reader.fault("missing-crs")
        return np.full(len(table.rows), None, dtype=object)
    degrees = _to_degrees(geometry, crs, reader)
    degrees = _on_earth(degrees, geometry, reader)
    if spec.datum in ("WGS84", "CGCS2000"):
        return degrees
    return _transformed(degrees, lambda lon, lat: to_wgs84(lon, lat, datum=spec.datum))


def _points(reader: ColumnReader) -> Geometries:
    points = np.full(len(reader.table.rows), None, dtype=object)
    lon, lat = (reader.source_column(name, required=True) for name in ("lon", "lat"))
    if lon is None or lat is None:
        return points
    numbers = []
    for name, text in (("lon", lon), ("lat", lat)):
        missing = is_blank(text)
        number = pd.to_numeric(text.where(~missing, "0"), errors="coerce").to_numpy(np.float64)
        reader.note("missing-coordinate", missing, name, text)
        reader.note("not-a-number", np.isnan(number), name, text)
        numbers.append(np.where(missing, np.nan, number))
    is_there = ~np.isnan(numbers[0]) & ~np.isnan(numbers[1])
    points[is_there] = shapely.points(numbers[0][is_there], numbers[1][is_there])
    return points


def _of_right_type(geometry: Geometries, spec: LayerSpec, reader: ColumnReader) -> Geometries:
    """Return the geometries, those that are missing or of a wrong type replaced by ``None``."""
    shape = spec.schema.shape
    is_missing = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    if shape == "point":  # a MultiPoint of one point is what GIS programs like to save
        is_single = (shapely.get_type_id(geometry) == 4) & (shapely.get_num_geometries(geometry) == 1)
        geometry = np.where(is_single, shapely.get_geometry(geometry, 0), geometry)
    names = pd.Series([_TYPES[k] for k in shapely.get_type_id(geometry)], dtype=str)
    is_wrong = ~names.isin(GEOMETRY_TYPES[shape]).to_numpy(bool) & ~is_missing
    reader.note("missing-geometry", is_missing, "geometry", pd.Series("", index=names.index))
    reader.note("wrong-geometry-type", is_wrong, "geometry", names, expected=" / ".join(GEOMETRY_TYPES[shape]))
    xy, row = shapely.get_coordinates(geometry, return_index=True)
    has_nan = np.bincount(row[~np.isfinite(xy).all(axis=1)], minlength=len(geometry)) > 0
    reader.note("missing-coordinate", has_nan, "geometry", pd.Series("NaN", index=names.index))
    return _without(geometry, is_missing | is_wrong | has_nan)


def _to_degrees(geometry: Geometries, crs: str, reader: ColumnReader) -> Geometries:
    if not places_points(crs):
        reader.fault("unknown-crs", field="crs", value=crs[:80])
        return np.full(geometry.shape, None, dtype=object)
    if CRS.from_user_input(crs).is_geographic:
        return geometry  # CGCS2000 and WGS-84 agree to centimetres
    transformer = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    return _transformed(geometry, transformer.transform)


def _on_earth(degrees: Geometries, geometry: Geometries, reader: ColumnReader) -> Geometries:
    """Return the geometries, those beyond 180° E or 90° N replaced by ``None``.

    Latitude in the place of longitude is said once, with the number of rows.
    """
    west, south, east, north = shapely.bounds(degrees).T
    is_there = ~shapely.is_missing(degrees)
    is_good = (west >= -180) & (east <= 180) & (south >= -90) & (north <= 90)
    would_fit = (west >= -90) & (east <= 90) & (south >= -180) & (north <= 180)
    is_bad = is_there & ~is_good
    swapped = np.flatnonzero(is_bad & would_fit)
    if swapped.size:
        first, params = swapped[0], {"count": int(swapped.size)}
        row = int(reader.table.rows[first])
        reader.fault("swapped-coordinates", row=row, field="lon, lat", value=_text(geometry[first]), params=params)
    text = pd.Series([_text(geometry[k]) if is_bad[k] else "" for k in range(len(degrees))], dtype=str)
    reader.note("coordinate-out-of-range", is_bad & ~would_fit, "lon, lat", text)
    return _without(degrees, is_bad)


def _without(geometry: Geometries, is_bad: NDArray[np.bool_]) -> Geometries:
    kept = geometry.copy()
    kept[is_bad] = None
    return kept


def _text(geometry: shapely.Geometry) -> str:
    x, y = shapely.get_coordinates(geometry)[0]
    return f"{x:.10g}, {y:.10g}"


def _transformed(geometry: Geometries, transform: Transform) -> Geometries:
    moved = shapely.transform(geometry, lambda xy: np.column_stack(transform(xy[:, 0], xy[:, 1])))
    return np.asarray(moved, dtype=object)
