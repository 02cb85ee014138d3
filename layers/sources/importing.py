"""From the source of one layer, whatever its format, to a layer with the columns of its schema."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from gis.faults import Fault, FaultsError
from layers.county_spec import LayerSpec
from layers.imported_layer import ImportedLayer
from layers.sources.columns import ColumnReader
from layers.sources.osm import read_osm_rivers, read_osm_roads
from layers.sources.positions import locate_rows
from layers.sources.source_table import SourceTable, fatal
from layers.sources.tables import read_text_table, read_workbook
from layers.sources.vectors import read_vector
from layers.sources.ways import Ways, ways_from_lines

Found = tuple[list[Fault], pd.DataFrame, NDArray[np.object_], NDArray[np.int64]]

_TABLE_READERS: Mapping[str, Callable[[LayerSpec], SourceTable]] = {
    **dict.fromkeys((".csv", ".tsv", ".txt"), read_text_table),
    **dict.fromkeys((".xlsx", ".xls", ".ods"), read_workbook),
    **dict.fromkeys((".gpkg", ".geojson", ".json", ".shp"), read_vector),
}
_OSM_ENDINGS = (".osm.pbf", ".osm", ".osm.gz", ".osm.bz2", ".pbf")


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
        from layers.sources.graphs import download_roads, read_graphml  # noqa: PLC0415  (networkx loads slowly)

        ways = download_roads(spec) if spec.place else read_graphml(spec)
    elif _is_osm(spec):
        ways, faults = read_osm_roads(spec)
    else:
        ways, faults = _roads_of_lines(spec)
    if not len(ways.attributes):
        raise FaultsError([*faults, Fault("empty-layer", layer=spec.name, file=spec.file)])
    if (off_earth := _off_earth(ways, spec)) is not None:
        raise FaultsError([*faults, off_earth])
    return ways, faults


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
        frame, geometry = _numbered(ways.attributes), ways.lines()
        rows = np.zeros(len(frame), dtype=np.int64)
    else:
        faults, frame, geometry, rows = _read_rows(spec)
    if not len(rows):
        raise FaultsError([*faults, Fault("empty-layer", layer=spec.name, file=spec.file)])
    if spec.schema.shape == "none":
        return ImportedLayer(spec, frame, rows), faults
    is_there = ~shapely.is_missing(geometry)
    located = GeoDataFrame(frame[is_there], geometry=geometry[is_there], crs="EPSG:4326")
    return ImportedLayer(spec, located, rows[is_there]), faults


def _read_rows(spec: LayerSpec) -> Found:
    reader = _TABLE_READERS.get(_ending(spec))
    if reader is None:
        known = ", ".join([*_TABLE_READERS, *(_OSM_ENDINGS if spec.name in ("roads", "rivers") else ())])
        raise fatal(spec, "unknown-ending", value=spec.file, params={"known": known})
    table = reader(spec)
    columns = ColumnReader(table, spec)
    if not len(table.rows):
        return [*table.notes], pd.DataFrame(), np.empty(0, dtype=object), table.rows
    frame = columns.read()
    geometry = np.full(len(table.rows), None, dtype=object)
    if spec.schema.shape not in ("none", "point") and table.geometry is None:
        raise fatal(spec, "no-geometry", value=spec.file)
    if spec.schema.shape != "none":
        geometry = locate_rows(table, spec, columns)
    return [*table.notes, *columns.faults], frame, geometry, table.rows


def _roads_of_lines(spec: LayerSpec) -> tuple[Ways, list[Fault]]:
    faults, frame, geometry, rows = _read_rows(spec)
    is_there = ~shapely.is_missing(geometry)
    if rows.size and not is_there.any():
        raise FaultsError(faults)
    attributes = frame[is_there].reset_index(names="id")
    if rows.size:
        attributes["way"] = attributes["way"].where(attributes["way"] != "", attributes["id"])
    return ways_from_lines(geometry[is_there], attributes.drop(columns="id")), faults


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
