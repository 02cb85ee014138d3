"""A list of places as a file: CSV for any program, a workbook for Excel, a GeoPackage for QGIS; each says its basis."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from maps.report.workbook import Cell, Sheet, SheetColumn, clean, workbook_bytes

FileKind = Literal["csv", "xlsx", "gpkg"]
MEDIA_TYPES: dict[FileKind, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "gpkg": "application/geopackage+sqlite3",
}
_BOM = "\ufeff"  # else Excel reads Chinese as the machine's own encoding
_ACTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class PlaceList:
    """Places with their columns, and what is said of them.

    Parameters
    ----------
    title
        Name of sheet and layer.
    columns
        Headings with their units.
    rows
        As many cells each as there are columns.
    lon_lat
        Degrees of each row.
    crs
        Of these degrees, such as ``EPSG:4490``.
    about_title
        Name of the second sheet and table.
    about_columns
        Its two headings.
    about
        What is said of all rows: item and content.
    """

    title: str
    columns: Sequence[SheetColumn]
    rows: Sequence[Sequence[Cell]]
    lon_lat: Sequence[tuple[float, float]]
    crs: str
    about_title: str
    about_columns: tuple[str, str]
    about: Sequence[tuple[str, str]]


def write_places(places: PlaceList, kind: FileKind) -> bytes:
    """Return the file of a list.

    Parameters
    ----------
    places
    kind
    """
    return {"csv": _as_csv, "xlsx": _as_workbook, "gpkg": _as_geopackage}[kind](places)


def _as_csv(places: PlaceList) -> bytes:
    """Return a table with nothing below it, which programs read; what is said of the rows is its last column."""
    lines = StringIO(newline="")
    writer = csv.writer(lines, lineterminator="\r\n")
    told = "; ".join(f"{item}: {content}" for item, content in places.about)
    writer.writerow([column.heading for column in places.columns] + [places.about_title])
    writer.writerows([*(_inert(cell) for cell in row), _inert(told)] for row in places.rows)
    return (_BOM + lines.getvalue()).encode("utf-8", "replace")


def _inert(cell: Cell) -> object:
    """Return a text that Excel does not take for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_ACTS) else cell


def _as_workbook(places: PlaceList) -> bytes:
    headings = [SheetColumn(name) for name in places.about_columns]
    sheets = [
        Sheet(places.title, places.columns, places.rows, has_filter=True),
        Sheet(places.about_title, headings, places.about),
    ]
    return workbook_bytes(sheets, title=places.title)


def _as_geopackage(places: PlaceList) -> bytes:
    """Points with their columns as a layer, and what is said of them as a table of the same file."""
    names = [column.heading for column in places.columns]
    table = pd.DataFrame([[_plain(cell) for cell in row] for row in places.rows], columns=names)
    degrees = np.array(places.lon_lat, np.float64).reshape(-1, 2)
    points = gpd.GeoDataFrame(table, geometry=shapely.points(degrees), crs=places.crs)
    about = pd.DataFrame([tuple(map(clean, pair)) for pair in places.about], columns=list(places.about_columns))
    with tempfile.TemporaryDirectory(prefix="countygrid-places-") as folder:
        path = Path(folder) / "places.gpkg"
        options = {"driver": "GPKG", "use_arrow": False}
        pyogrio.write_dataframe(points, path, layer=places.title, geometry_type="Point", **options)
        pyogrio.write_dataframe(about, path, layer=places.about_title, **options)
        return path.read_bytes()


def _plain(cell: Cell) -> Cell:
    return clean(cell) if isinstance(cell, str) else cell
