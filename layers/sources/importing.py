"""From the source of one layer, whatever its format, to a layer with the columns of its schema."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from gis.crs import to_wgs84
from gis.faults import Fault, FaultsError
from layers.county_spec import LayerSpec
from layers.imported_layer import ImportedLayer
from layers.sources.lines.roads import roads_from_lines, turn_lines
from layers.sources.osm.reading import read_osm_rivers, read_osm_roads
from layers.sources.positions import locate_rows
from layers.sources.tables.columns import ColumnReader
from layers.sources.tables.reading import read_text_table, read_workbook
from layers.sources.tables.source_table import SourceTable, fatal
from layers.sources.vectors import read_vector
from layers.sources.ways import Ways


@dataclass(frozen=True, eq=False)
class _Rows:
    """The rows of a table: typed columns, where each lies, its row, the CRS that the file says."""

    faults: list[Fault]
    frame: pd.DataFrame
    geometry: NDArray[np.object_]
    rows: NDArray[np.int64]
    is_against: NDArray[np.bool_]
    crs: str = ""


_TABLE_READERS: Mapping[str, Callable[[LayerSpec], SourceTable]] = {
    **dict.fromkeys((".csv", ".tsv", ".txt"), read_text_table),
    **dict.fromkeys((".xlsx", ".xls", ".ods"), read_workbook),
    **dict.fromkeys((".gpkg", ".geojson", ".json", ".shp"), read_vector),
}
_OSM_ENDINGS = (".osm.pbf", ".osm", ".osm.gz", ".osm.bz2", ".osh", ".osh.pbf", ".osh.gz", ".osh.bz2", ".pbf")


def import_roads(spec: LayerSpec) -> tuple[Ways, list[Fault]]:
    """Read the roads from an OSM file, GraphML, a line layer or a download.

    Parameters
    ----------
    spec

    Returns
    -------
    Ways
    list of Fault

    Raises
    ------
    FaultsError
        If the source cannot be read or holds no road.
    """
    faults: list[Fault] = []
    if spec.place or _ending(spec) == ".graphml":
        from layers.sources.osm.graphs import download_roads, read_graphml  # noqa: PLC0415  (networkx loads slowly)

        ways, faults = download_roads(spec) if spec.place else read_graphml(spec), _without_line_options(spec)
    elif _is_osm(spec):
        ways, faults = read_osm_roads(spec)
        faults += _without_line_options(spec)
    else:
        ways, faults = _roads_of_lines(spec)
    if not len(ways.attributes):
        raise FaultsError([*faults, _empty(spec)])
    if (off_earth := _off_earth(ways, spec)) is not None:
        raise FaultsError([*faults, off_earth])
    is_drawn = not spec.place and _ending(spec) != ".graphml" and not _is_osm(spec)
    return ways if is_drawn else _in_wgs84(ways, spec), faults


def import_layer(spec: LayerSpec) -> tuple[ImportedLayer, list[Fault]]:
    """Read any layer but the roads.

    Parameters
    ----------
    spec

    Returns
    -------
    ImportedLayer
        In EPSG:4326, without the rows whose position is at fault.
    list of Fault

    Raises
    ------
    FaultsError
        If the source cannot be read or is empty.
    """
    if spec.name == "rivers" and _is_osm(spec):
        ways, faults = read_osm_rivers(spec)
        ways, faults = _in_wgs84(ways, spec), [*faults, *_without_line_options(spec)]
        frame, geometry = _numbered(ways.attributes), ways.lines()
        rows = np.zeros(len(frame), dtype=np.int64)
    else:
        found = _read_rows(spec)
        faults, frame, geometry, rows = found.faults, found.frame, found.geometry, found.rows
    if not len(rows):
        raise FaultsError([*faults, _empty(spec)])
    if spec.schema.shape == "none":
        return ImportedLayer(spec, frame, rows), faults
    is_there = ~shapely.is_missing(geometry)
    located = GeoDataFrame(frame[is_there], geometry=geometry[is_there], crs="EPSG:4326")
    return ImportedLayer(spec, located, rows[is_there]), faults


def _read_rows(spec: LayerSpec) -> _Rows:
    reader = _TABLE_READERS.get(_ending(spec))
    if reader is None:
        known = ", ".join([*_TABLE_READERS, *(_OSM_ENDINGS if spec.name in ("roads", "rivers") else ())])
        raise fatal(spec, "unknown-ending", value=spec.file, params={"known": known})
    table = reader(spec)
    columns = ColumnReader(table, spec)
    geometry = np.full(len(table.rows), None, dtype=object)
    if not len(table.rows):
        return _Rows([*table.notes], pd.DataFrame(), geometry, table.rows, columns.is_against)
    frame = columns.read()
    if spec.schema.shape not in ("none", "point") and table.geometry is None:
        raise fatal(spec, "no-geometry", value=spec.file)
    if spec.schema.shape != "none":
        geometry = locate_rows(table, spec, columns)
    if spec.name == "roads" and columns.source_column("road_class", required=False) is None:
        columns.fault("class-not-stated", field="road_class", severity="warning", params={"count": len(table.rows)})
    faults = [*table.notes, *columns.faults]
    return _Rows(faults, frame, geometry, table.rows, columns.is_against, table.crs or "EPSG:4326")


def _roads_of_lines(spec: LayerSpec) -> tuple[Ways, list[Fault]]:
    found = _read_rows(spec)
    is_there = ~shapely.is_missing(found.geometry)
    if not is_there.any():
        raise FaultsError([*found.faults] if len(found.rows) else [*found.faults, _empty(spec)])
    attributes = found.frame[is_there].reset_index(names="id")
    attributes["way"] = attributes["way"].where(attributes["way"] != "", attributes["id"])
    if spec.fields.keys().isdisjoint(("level", "layer")):
        # where nobody said so, a column "layer" may as well hold the names of files merged into one
        is_number = attributes["level"].str.fullmatch(r"[+-]?[0-9]{1,2}").to_numpy(bool)
        attributes["level"] = attributes["level"].where(is_number, "")
    lines, attributes = turn_lines(found.geometry[is_there], attributes.drop(columns="id"), found.is_against[is_there])
    ways, faults = roads_from_lines(lines, attributes, found.rows[is_there], spec=spec, crs=found.crs)
    return ways, [*found.faults, *faults]


def _empty(spec: LayerSpec) -> Fault:
    return Fault("empty-layer", layer=spec.name, file=spec.file)


def _without_line_options(spec: LayerSpec) -> list[Fault]:
    """Say that options of line layers mean nothing for sources whose roads have nodes and words of their own."""
    options = {"noding": spec.noding, "values": spec.words, "fields": spec.fields, "layer": spec.layer}
    options |= {"encoding": spec.encoding, "crs": spec.crs if _is_osm(spec) else ""}
    asked = [name for name, value in options.items() if value]
    return [
        Fault("only-for-lines", spec.name, spec.file, None, f"layers.{spec.name}.{name}", name, severity="warning")
        for name in asked
    ]


def _in_wgs84(ways: Ways, spec: LayerSpec) -> Ways:
    """Return the ways of an OSM file or a graph that was drawn over maps of a shifted datum."""
    if spec.datum in ("WGS84", "CGCS2000") or not ways.lon.size:
        return ways
    lon, lat = to_wgs84(ways.lon, ways.lat, datum=spec.datum)
    return replace(ways, lon=lon, lat=lat)


def _off_earth(ways: Ways, spec: LayerSpec) -> Fault | None:
    """Say where nodes of OSM files and graphs lie beyond 180° or 90°; libosmium and networkx do not mind."""
    is_good = (np.abs(ways.lon) <= 180) & (np.abs(ways.lat) <= 90)
    if is_good.all():
        return None
    first = int(np.argmin(is_good))
    is_swapped = bool((np.abs(ways.lat) <= 180).all() and (np.abs(ways.lon) <= 90).all())
    return Fault(
        "swapped-coordinates" if is_swapped else "coordinate-out-of-range",
        layer=spec.name,
        file=spec.file,
        field="lon, lat",
        value=f"{ways.lon[first]:.10g}, {ways.lat[first]:.10g}",
        params={"count": int((~is_good).sum())},
    )


def _numbered(attributes: pd.DataFrame) -> pd.DataFrame:
    """Give rivers the id of their way, and a number where a way was cut."""
    if attributes.empty:
        return attributes
    ordinal = attributes.groupby("way", sort=False).cumcount().astype(str)
    index = pd.Index(attributes["way"] + "-" + ordinal, name="id")
    return attributes[["name"]].set_axis(index)


def _is_osm(spec: LayerSpec) -> bool:
    return spec.source is not None and spec.file.lower().endswith(_OSM_ENDINGS)


def _ending(spec: LayerSpec) -> str:
    return spec.source.suffix.lower() if spec.source else ""
