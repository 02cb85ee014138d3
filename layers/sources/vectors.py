"""Vector files (.gpkg, .geojson, .shp) by pyogrio, attributes as text."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
from geopandas import GeoDataFrame
from pyogrio.errors import DataLayerError, DataSourceError, FieldError, GeometryError

from gis.faults import Fault, FaultsError, Param
from layers.county_spec import LayerSpec
from layers.sources.files import closest, file_fault
from layers.sources.source_table import MAX_ROWS, SourceTable, fatal

MAX_VECTOR_BYTES = 1_000_000_000
_GDAL_ERRORS = (DataSourceError, DataLayerError, FieldError, GeometryError)


def read_vector(spec: LayerSpec) -> SourceTable:
    """Read one layer of a vector file, by name or the first.

    Parameters
    ----------
    spec
        ``crs`` overrides that of the file.

    Returns
    -------
    SourceTable
        With 2-D geometry, ``None`` where a feature has none.

    Raises
    ------
    FaultsError
        If the file or the layer cannot be read.
    """
    path = spec.source or Path()
    if (fault := file_fault(path, layer=spec.name, max_bytes=MAX_VECTOR_BYTES)) is not None:
        raise FaultsError([fault])
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        frame = _read(spec, path)
    said = sorted({str(warning.message) for warning in caught})
    notes = [Fault("source-warning", layer=spec.name, file=spec.file, value=text, severity="note") for text in said]
    attributes = pd.DataFrame(frame.drop(columns=frame.columns[frame.dtypes == "geometry"]))
    columns = attributes.apply(lambda column: column.map(_text, na_action=None)).astype(str)
    columns.columns = pd.Index([str(name).strip() for name in columns.columns])
    rows = np.arange(1, len(frame) + 1, dtype=np.int64)
    if not isinstance(frame, GeoDataFrame):
        return SourceTable(columns, rows, notes=tuple(notes))
    crs = spec.crs or (json.dumps(frame.crs.to_json_dict()) if frame.crs else "")
    return SourceTable(columns, rows, frame.geometry.to_numpy(), crs, tuple(notes))


def _read(spec: LayerSpec, path: Path) -> pd.DataFrame:
    try:
        names = [str(name) for name in pyogrio.list_layers(path)[:, 0]]
        if spec.layer and spec.layer not in names:
            params = {"known": ", ".join(names), "closest": closest(spec.layer, names)}
            raise fatal(spec, "missing-sheet", value=spec.layer, params=params)
        layer = spec.layer or names[0]
        encoding = spec.encoding or _dbf_encoding(path)
        if (count := pyogrio.read_info(path, layer=layer, encoding=encoding)["features"]) > MAX_ROWS:
            raise fatal(spec, "too-many-rows", value=str(count), params={"limit": MAX_ROWS})
        frame: pd.DataFrame = pyogrio.read_dataframe(path, layer=layer, encoding=encoding, force_2d=True)
    except UnicodeDecodeError as error:
        params_encoding: dict[str, Param] = {"byte": error.start, "encodings": error.encoding}
        raise fatal(
            spec, "undecodable-bytes", value=f"0x{error.object[error.start]:02X}", params=params_encoding
        ) from error
    except (*_GDAL_ERRORS, IndexError) as error:
        reason = str(error).split("; It might help", 1)[0].replace(str(path), path.name)
        raise fatal(spec, "damaged-file", value=reason) from error
    return frame


def _dbf_encoding(path: Path) -> str | None:
    """Find out the encoding of a shapefile's table that neither a .cpg file nor its header tells."""
    table = path.with_suffix(".dbf")
    if path.suffix.lower() != ".shp" or path.with_suffix(".cpg").exists() or not table.is_file():
        return None
    content = table.read_bytes()
    if len(content) < 32 or content[29] != 0:
        return None
    header_bytes = int.from_bytes(content[8:10], "little")
    try:
        content[header_bytes:].decode("utf-8")
    except UnicodeDecodeError:
        return "GB18030"
    return "UTF-8"


def _text(value: object) -> str:
    if value is None or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
