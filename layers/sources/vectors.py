"""Vector files (.gpkg, .geojson, .shp) by pyogrio, attributes as text."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.faults import Fault, Param
from layers.county_spec import LayerSpec
from layers.sources.apart import OutOfLimitsError, call_apart
from layers.sources.files import closest, readable_source
from layers.sources.raw_vectors import RawFeatures, VectorError, needs_care, read_features
from layers.sources.shapefile_text import decode_names, decode_values, shapefile_encoding
from layers.sources.tables.decoding import decode
from layers.sources.tables.encodings import codec_of
from layers.sources.tables.source_table import MAX_ROWS, Mark, SourceTable, fatal, show_only
from layers.sources.tables.workbooks import out_of_limits

MAX_VECTOR_BYTES = 1_000_000_000
_EXACT = 1e15
_GEOJSON = (".geojson", ".json")

Objects = NDArray[np.object_]


def read_vector(spec: LayerSpec) -> SourceTable:
    """Read one layer of a vector file, by name or the first.

    Parameters
    ----------
    spec
        ``crs`` overrides that of the file, ``encoding`` what a shapefile says or seems to be in.

    Returns
    -------
    SourceTable
        With 2-D geometry, ``None`` where a feature has none. Features of GeoJSON whose ``id`` stands beside their
        properties have it as a column ``id``.

    Raises
    ------
    FaultsError
        If the file or the layer cannot be read.
    """
    path = readable_source(spec, max_bytes=MAX_VECTOR_BYTES)
    raw = _read(spec, path)
    notes = [Fault("source-warning", spec.name, spec.file, value=text, severity="note") for text in raw.said]
    rows = np.arange(1, len(raw.fids) + 1, dtype=np.int64)
    names, texts, marks = _attributes(spec, path, raw)
    if raw.ids is not None and "id" not in map(str.lower, names) and (all(raw.ids) or not spec.schema.makes_ids):
        names, texts = [*names, "id"], [*texts, np.array(raw.ids, dtype=object)]
    columns = pd.DataFrame(dict(zip(names, texts, strict=True)), index=pd.RangeIndex(len(rows)), dtype=str)
    if raw.wkb is None:
        return SourceTable(columns, rows, notes=tuple(notes), marks=marks)
    with np.errstate(invalid="ignore"):  # a vertex that is no number is told by its row
        geometry = np.asarray(shapely.from_wkb(raw.wkb), dtype=object)
    return SourceTable(columns, rows, geometry, spec.crs or raw.crs, tuple(notes), marks)


def _read(spec: LayerSpec, path: Path) -> RawFeatures:
    utf8 = _as_utf8(spec, path) if path.suffix.lower() in _GEOJSON else None
    try:
        if needs_care(path):
            found: RawFeatures = call_apart(read_features, path, spec.layer, MAX_ROWS, utf8)
            return found
        return read_features(path, spec.layer, MAX_ROWS, utf8)
    except VectorError as error:
        params: dict[str, Param] = dict(error.params)
        if error.code == "missing-sheet":
            params["closest"] = closest(spec.layer, str(params["known"]).split(", "))
        raise fatal(spec, error.code, value=error.value, params=params) from error
    except OutOfLimitsError as error:
        raise out_of_limits(spec, error) from error


def _as_utf8(spec: LayerSpec, path: Path) -> bytes | None:
    """Return the content of a GeoJSON file that is not in UTF-8 as it should be, ``None`` if it is."""
    content = path.read_bytes()
    if spec.encoding and codec_of(spec.encoding) != "utf-8":
        return decode(spec, content).text.encode("utf-8", "replace")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        decoded = decode(spec, content)
        if decoded.bad:  # a character cut in two inside a JSON text leaves nothing to mark
            byte = decoded.bad[0]
            params: dict[str, Param] = {"byte": byte, "encodings": decoded.shown, "left": "—"}
            row, value = content[:byte].count(b"\n") + 1, f"0x{content[byte]:02X}"
            raise fatal(spec, "undecodable-bytes", row=row, value=value, params=params) from None
        return decoded.text.encode()
    return content.lstrip(b"\xef\xbb\xbf") if content.startswith(b"\xef\xbb\xbf" * 2) else None


def _attributes(
    spec: LayerSpec, path: Path, raw: RawFeatures
) -> tuple[list[str], list[Objects], dict[str, dict[int, Mark]]]:
    """Return names, text and marks of the attributes."""
    names, texts = raw.names, raw.arrays
    marks: dict[str, dict[int, Mark]] = {}
    encoding = shapefile_encoding(spec, path, raw) if raw.is_bytes else ""
    if encoding:
        names = decode_names(names, encoding)
    names = [show_only(" ".join(name.split())) for name in names]
    found: list[Objects] = []
    for name, values in zip(names, texts, strict=True):
        text, is_long = _texts(values)
        if encoding:
            text, marks[name] = decode_values(text, encoding)
        marks.setdefault(name, {}).update({int(k): Mark("long-number", text[k]) for k in np.flatnonzero(is_long)})
        found.append(text)
    return names, found, marks


def _texts(values: NDArray[np.generic]) -> tuple[Objects, NDArray[np.bool_]]:
    """Return values as text, and where a number has more digits than a float keeps."""
    if values.dtype.kind == "f":
        numbers = values.astype(np.float64)
        return np.array([_number(value) for value in numbers.tolist()], dtype=object), np.abs(numbers) >= _EXACT
    if values.dtype.kind == "M":
        texts = ["" if np.isnat(value) else str(value).replace("T", " ") for value in values]
        return np.array(texts, dtype=object), np.zeros(len(values), dtype=bool)
    texts = ["" if value is None else str(value).strip() for value in values.tolist()]
    return np.array(texts, dtype=object), np.zeros(len(values), dtype=bool)


def _number(value: float) -> str:
    if value != value:  # noqa: PLR0124 - NaN
        return ""
    return str(int(value)) if value.is_integer() else str(value)
