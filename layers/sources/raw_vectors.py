"""The features of a vector file as GDAL gives them: no frame, no shapes, so that another process may read them."""

from __future__ import annotations

import json
import re
import sqlite3
import warnings
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import pyogrio.raw
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError, FieldError, GeometryError

MAX_DEPTH = 32
"""Brackets in brackets of a sound GeoJSON file: a multipolygon needs nine."""
PLAIN_BYTES = 20_000_000
"""Files up to this size are read here unless a look at them raises doubts: another process costs 0.3 s."""
GEOJSON = (".geojson", ".json")
_GDAL_ERRORS = (DataSourceError, DataLayerError, FieldError, GeometryError, IndexError)
_BYTE_PER_CHARACTER = "ISO-8859-1"


class VectorError(Exception):
    """Raised with the code, value and params of a fault of the whole file."""

    def __init__(self, code: str, value: str = "", params: dict[str, str | int | float] | None = None) -> None:
        super().__init__(code, value, params or {})
        self.code, self.value, self.params = code, value, params or {}


@dataclass(frozen=True)
class RawFeatures:
    """Features of one layer.

    Parameters
    ----------
    names
        Of the attributes.
    arrays
        One an attribute; text of a shapefile with one character a byte.
    wkb : (n,) bytes or None
        Two-dimensional.
    fids : (n,) int64
        Numbers that GDAL gives the features; in GeoJSON their ``id`` where that is a number.
    crs
        "" if there is none.
    said
        Warnings of GDAL.
    is_bytes
        Whether text is bytes that are not decoded yet.
    ids
        What stands as ``id`` beside the properties of GeoJSON features, "" where nothing does. GDAL makes a column of
        them where they are text, but where they are numbers only numbers its features by them.
    """

    names: list[str]
    arrays: list[NDArray[np.generic]]
    wkb: NDArray[np.object_] | None
    fids: NDArray[np.int64]
    crs: str
    said: list[str]
    is_bytes: bool
    ids: list[str] | None = None


def read_features(path: Path, wanted: str, max_rows: int, utf8: bytes | None = None) -> RawFeatures:
    """Read one layer.

    Parameters
    ----------
    path
    wanted
        Name of the layer, "" for the first.
    max_rows
    utf8
        Content to read in place of the file's, which is in another encoding.

    Returns
    -------
    RawFeatures

    Raises
    ------
    VectorError
    """
    is_shapefile = path.suffix.lower() == ".shp"
    options = {"encoding": _BYTE_PER_CHARACTER} if is_shapefile else {}

    def source() -> Path | BytesIO:
        return path if utf8 is None else BytesIO(utf8)

    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            names = [str(name) for name in pyogrio.list_layers(source())[:, 0]]
            if wanted and wanted not in names:
                raise VectorError("missing-sheet", wanted, {"known": ", ".join(names)})
            if not names:
                raise VectorError("empty-layer")
            layer: str | int = wanted or 0  # by number, since content without a file gets a new name each time
            if (count := pyogrio.read_info(source(), layer=layer, **options)["features"]) > max_rows:
                raise VectorError("too-many-rows", str(count), {"limit": max_rows})
            meta, fids, wkb, values = pyogrio.raw.read(
                source(), layer=layer, force_2d=True, return_fids=True, max_features=max_rows, **options
            )
    except UnicodeDecodeError as error:
        params: dict[str, str | int | float] = {"byte": error.start, "encodings": error.encoding, "left": "—"}
        raise VectorError("undecodable-bytes", f"0x{error.object[error.start]:02X}", params) from error
    except _GDAL_ERRORS as error:
        reason = str(error).split("; It might help", 1)[0].replace(str(path), path.name)
        raise VectorError("damaged-file", reason) from error
    said = sorted({str(warning.message) for warning in caught})
    names = [str(name) for name in meta["fields"]]
    ids = _feature_ids(path.read_bytes() if utf8 is None else utf8) if path.suffix.lower() in GEOJSON else None
    if ids is not None and len(ids) != len(fids):
        ids = None
    return RawFeatures(names, list(values), wkb, fids, str(meta["crs"] or ""), said, is_shapefile, ids)


def needs_care(path: Path) -> bool:
    """Tell whether a file is large, or such that reading it might never end or exhaust the stack."""
    if path.stat().st_size > PLAIN_BYTES:
        return True
    ending = path.suffix.lower()
    if ending == ".gpkg":
        return _runs_queries(path)
    return ending in GEOJSON and nesting(path.read_bytes()) > MAX_DEPTH


def nesting(content: bytes) -> int:
    """Return how deep brackets stand in brackets; those in texts count too, which errs on the side of care."""
    letters = np.frombuffer(content, dtype=np.uint8)
    opened = (letters == ord("[")) | (letters == ord("{"))
    closed = (letters == ord("]")) | (letters == ord("}"))
    steps = opened.astype(np.int8) - closed.astype(np.int8)
    return int(np.cumsum(steps[steps != 0], dtype=np.int64).max(initial=0))


def _feature_ids(content: bytes) -> list[str] | None:
    if not re.search(rb'"id"\s*:', content):
        return None
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    features = document.get("features") if isinstance(document, dict) else None
    ids = [feature.get("id") for feature in features or [] if isinstance(feature, dict)]
    return ["" if id_ is None else str(id_) for id_ in ids] if any(id_ is not None for id_ in ids) else None


def _runs_queries(path: Path) -> bool:
    """Tell whether a GeoPackage has views, or tables that compute: they run when they are read."""
    query = (
        "SELECT count(*) FROM sqlite_master WHERE type = 'view' OR sql LIKE '%GENERATED ALWAYS%' OR "
        "(sql LIKE 'CREATE VIRTUAL%' AND sql NOT LIKE '%USING rtree%' AND sql NOT LIKE '%USING \"rtree\"%')"
    )
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as book:
            return bool(book.execute(query).fetchone()[0])
    except sqlite3.Error:
        return True
