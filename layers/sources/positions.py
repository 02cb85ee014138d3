"""Where the rows of a source lie: in longitude and latitude, WGS-84, whatever the file says it in."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.crs import crs_name, measures_in_metres, places_points, to_wgs84
from gis.datum_shifts import find_datum_shift
from gis.faults import Param
from gis.zones import Mistake, find_mistake
from layers.county_spec import LayerSpec
from layers.schema import GEOMETRY_TYPES
from layers.sources.angles import FAMILIES, is_packed, read_angles, split_pairs
from layers.sources.tables.clean_values import PLAIN_NUMBER, clean_numbers
from layers.sources.tables.columns import ColumnReader, is_blank
from layers.sources.tables.source_table import SourceTable

FINE_M = 5.0
"""A datum shift of this accuracy is noted; a coarser one is warned of."""

Geometries = NDArray[np.object_]
Floats = NDArray[np.float64]
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
        crs = spec.crs or "EPSG:4326"
        geometry = _points(reader, crs)
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


def _points(reader: ColumnReader, crs: str) -> Geometries:
    columns = _position_columns(reader)
    if columns is None:
        return np.full(len(reader.table.rows), None, dtype=object)
    read = _read_figures if measures_in_metres(crs) else _read_degrees
    if read is _read_degrees and _are_packed(*columns, reader):
        return np.full(len(reader.table.rows), None, dtype=object)
    lon, lat = (read(name, text, reader) for name, text in zip(("lon", "lat"), columns, strict=True))
    points = np.full(len(reader.table.rows), None, dtype=object)
    is_there = ~np.isnan(lon) & ~np.isnan(lat)
    points[is_there] = shapely.points(lon[is_there], lat[is_there])
    return points


def _position_columns(reader: ColumnReader) -> tuple[pd.Series, pd.Series] | None:
    """Return the texts of longitude and latitude, taken apart where one column holds both and is named for both."""
    fields = reader.spec.fields
    is_one = "lon" in fields and fields["lon"] == fields.get("lat")
    lon = reader.source_column("lon", required=True)
    if lon is not None and (pair := split_pairs(lon)) is not None:
        if is_one:
            return pair
        first = int(np.argmax((lon != "").to_numpy(bool)))
        params = {"column": str(lon.name)}
        reader.fault(
            "both-in-one-cell", row=int(reader.table.rows[first]), field="lon", value=lon.iloc[first], params=params
        )
        return None
    lat = reader.source_column("lat", required=True)
    return None if lon is None or lat is None else (lon, lat)


def _read_figures(name: str, text: pd.Series, reader: ColumnReader) -> Floats:
    """Read metres."""
    text = reader.read_numbers(name, text)
    missing = is_blank(text)
    is_plain = text.str.fullmatch(PLAIN_NUMBER).to_numpy(bool)
    reader.note("missing-coordinate", missing, name, text)
    reader.note("not-a-number", ~is_plain & ~missing, name, text)
    number = pd.to_numeric(text.where(is_plain, "nan")).to_numpy(np.float64)
    return np.where(np.isfinite(number), number, np.nan)


def _are_packed(lon: pd.Series, lat: pd.Series, reader: ColumnReader) -> bool:
    """Tell, and say once, whether both columns look like degrees, minutes and seconds with nothing between."""
    missing = is_blank(lon) | is_blank(lat)
    if missing.all() or not (is_packed(lon, "lon") & is_packed(lat, "lat") | missing).all():
        return False
    first = int(np.argmin(missing))
    params: dict[str, Param] = {"count": int((~missing).sum())}
    row, value = int(reader.table.rows[first]), f"{lon.iloc[first]}, {lat.iloc[first]}"
    reader.fault("packed-degrees", row=row, field="lon, lat", value=value, params=params)
    return True


def _read_degrees(name: str, text: pd.Series, reader: ColumnReader) -> Floats:
    """Read degrees, in whatever form all rows of the column have."""
    missing = is_blank(text)
    reader.note("missing-coordinate", missing, name, text)
    angles = read_angles(text)
    main = FAMILIES.get(angles.main_form, "")
    is_other = np.array([bool(form) and FAMILIES[form] != main for form in angles.forms]) & ~missing
    is_crossed = np.array([axis not in ("", name) for axis in angles.axes]) & ~missing
    is_comma = text.str.fullmatch(r"[+-]?[0-9]+[,，][0-9]+").to_numpy(bool)
    is_bad = (angles.forms == "") & ~missing & ~is_comma & ~is_crossed
    reader.note("decimal-comma", is_comma, name, text)
    reader.note("not-a-number", is_bad, name, text)
    reader.note("mixed-degrees", is_other & ~is_crossed, name, text, main=main)
    reader.note("letter-of-other-axis", is_crossed, name, text)
    is_good = ~(missing | is_bad | is_other | is_crossed | is_comma)
    is_rewritten = (clean_numbers(text) != text).to_numpy(bool) if main == FAMILIES["decimal"] else is_good
    if (is_rewritten & is_good).any():
        first = int(np.argmax(is_good & is_rewritten))
        params = {"count": int((is_good & is_rewritten).sum()), "read_as": f"{angles.degrees[first]:.7f}"}
        row, value = int(reader.table.rows[first]), str(text.iloc[first])
        reader.fault("degrees-read-as", row=row, field=name, value=value, severity="note", params=params)
    return np.where(is_good, angles.degrees, np.nan)


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
    nowhere = np.full(geometry.shape, None, dtype=object)
    if not places_points(crs):
        reader.fault("unknown-crs", field="crs", value=crs[:80])
        return nowhere
    xy, row = shapely.get_coordinates(geometry, return_index=True)
    if not len(xy):
        return geometry
    name = crs_name(crs)
    if (mistake := find_mistake(xy[:, 0], xy[:, 1], crs)) is not None and mistake.slip != "metres":
        _say_mistake(mistake, geometry[row[0]], int(row[0]), name, reader)
        return nowhere
    if crs in ("EPSG:4326", "EPSG:4490"):
        return geometry
    shift = find_datum_shift(crs, xy[:, 0], xy[:, 1])
    if shift is None:
        reader.fault("no-transformation", field="crs", value=name)
        return nowhere
    if shift.accuracy_m != 0:
        severity = "note" if shift.accuracy_m <= FINE_M else "warning"
        accuracy = "—" if np.isnan(shift.accuracy_m) else f"{shift.accuracy_m:g}"
        params: dict[str, Param] = {"accuracy_m": accuracy, "area": shift.area[:100] or "—"}
        reader.fault("datum-transformed", field="crs", value=name, severity=severity, params=params)
    return _transformed(geometry, shift.to_degrees)


def _say_mistake(mistake: Mistake, geometry: shapely.Geometry, k: int, name: str, reader: ColumnReader) -> None:
    """Say once a layer why its coordinates cannot be those of its CRS."""
    row = int(reader.table.rows[k])
    params: dict[str, Param] = {"crs": name, "likely": mistake.likely or "—", "lon": "—", "lat": "—"}
    if reader.table.geometry is None:
        params |= {"lon": reader.spec.fields.get("lat", "lat"), "lat": reader.spec.fields.get("lon", "lon")}
    details = {"row": row, "field": "lon, lat", "value": _text(geometry), "params": params}
    if mistake.slip == "degrees":
        reader.fault("degrees-not-metres", **details)
    elif mistake.slip == "swapped":
        reader.fault("swapped-northing", **details)
    elif mistake.is_swapped:
        reader.fault("swapped-northing-and-zone", **details)
    else:
        reader.fault("other-zone", **details)


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
    is_out = is_bad & ~would_fit
    xy = shapely.get_coordinates(degrees[is_out])
    xy = xy[np.isfinite(xy).all(axis=1)]
    mistake = find_mistake(xy[:, 0], xy[:, 1], "EPSG:4326") if len(xy) else None
    if mistake is not None and mistake.is_swapped:
        reader.note("north-before-east", is_out, "lon, lat", text, likely=mistake.likely or "EPSG:4548")
    elif mistake is not None and mistake.likely:
        first = int(np.argmax(is_out))
        likely: dict[str, Param] = {"count": int(is_out.sum()), "likely": mistake.likely}
        row = int(reader.table.rows[first])
        reader.fault("metres-not-degrees", row=row, field="lon, lat", value=text.iloc[first], params=likely)
    else:
        reader.note("coordinate-out-of-range", is_out, "lon, lat", text)
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
