"""Layer versions and county builds at rest: files that are written once and never changed."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import time
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyogrio
import shapely
from geopandas import GeoDataFrame

from gis.faults import Fault, FaultsError
from layers.current import current_version
from layers.schema import PIECE_DTYPES, SCHEMAS, Kind

_HASH_DIGITS = 16
_READ_ONLY = 0o444
_DRAFT = re.compile(r"\.(\d+)-[0-9a-f]{32}")  # GeoPackages in the making have a journal beside them
_LONGEST_WRITE_S = 3600.0
_DTYPES: Mapping[Kind, str] = {"text": "str", "count": "Int64", "number": "float64", "flag": "bool"}

Manifest = dict[str, Any]


def content_version(name: str, frame: pd.DataFrame) -> str:
    """Return the version of a layer: a hash of its columns, values, geometry and CRS.

    Parameters
    ----------
    name
        Layer.
    frame
        In the canonical form of its schema.

    Returns
    -------
    str
        First 16 hexadecimal digits of SHA-256; the same content gives the same version on
        every machine, however the file is laid out.
    """
    digest = hashlib.sha256(f"{name}\n{_crs_name(frame)}\n{len(frame)}\n".encode())
    digest.update(_column_bytes(frame.index.to_series()))
    for column in sorted(map(str, frame.columns)):
        digest.update(f"\n{column}:".encode())
        digest.update(_column_bytes(frame[column]))
    return digest.hexdigest()[:_HASH_DIGITS]


def write_layer(data_dir: Path, name: str, frame: pd.DataFrame) -> str:
    """Store a layer version unless it is there already.

    Parameters
    ----------
    data_dir
    name
        Layer.
    frame

    Returns
    -------
    str
        The version; the file is ``layers/<name>/<version>.gpkg``, read-only.
    """
    version = content_version(name, frame)
    path = layer_path(data_dir, name, version)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        table = frame.reset_index()
        options = _geometry_options(frame)
        _write_once(
            path,
            lambda draft: pyogrio.write_dataframe(table, draft, driver="GPKG", layer=name, use_arrow=False, **options),
        )
    return version


def read_layer(data_dir: Path, name: str, version: str) -> pd.DataFrame:
    """Read a layer version.

    Parameters
    ----------
    data_dir
    name, version

    Returns
    -------
    DataFrame or GeoDataFrame
        As it was written.

    Raises
    ------
    FaultsError
        If the file is gone or damaged.
    """
    path = layer_path(data_dir, name, version)
    try:
        frame: pd.DataFrame = pyogrio.read_dataframe(path, layer=name, use_arrow=False)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise FaultsError([Fault("damaged-store", layer=name, file=path.name, value=str(error))]) from error
    frame = frame.astype({column: dtype for column, dtype in _dtypes(name).items() if column in frame})
    texts = dict.fromkeys((column for column, dtype in _dtypes(name).items() if dtype == "str"), "")
    return frame.fillna(texts).set_index("id")


def layer_path(data_dir: Path, name: str, version: str) -> Path:
    """Return where a layer version stands."""
    return data_dir / "layers" / name / f"{version}.gpkg"


def write_build(data_dir: Path, manifest: Manifest) -> None:
    """Store a build and make it the current one, last of all.

    Parameters
    ----------
    data_dir
    manifest
        With its ``version``.
    """
    version = str(manifest["version"])
    path = data_dir / "builds" / f"{version}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(manifest, ensure_ascii=False, indent=1)
    if not path.exists():
        _write_once(path, lambda draft: _write_text(draft, text))
    if current_version(data_dir) != version:
        _write_once(data_dir / "current", lambda draft: _write_text(draft, version), mode=0o644)


def read_build(data_dir: Path, version: str) -> Manifest:
    """Read the manifest of a build.

    Parameters
    ----------
    data_dir
    version

    Returns
    -------
    dict

    Raises
    ------
    FaultsError
        If there is no such build or its manifest is damaged.
    """
    path = data_dir / "builds" / f"{version}.json"
    try:
        manifest: Manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise FaultsError([Fault("no-such-build", file=path.name, value=version)]) from error
    except ValueError as error:
        raise FaultsError([Fault("damaged-store", file=path.name, value=str(error))]) from error
    return manifest


def sweep_drafts(data_dir: Path) -> None:
    """Remove the drafts of builds that were killed, but not of those still at work."""
    for path in (*data_dir.glob(".*"), *data_dir.glob("builds/.*"), *data_dir.glob("layers/*/.*")):
        draft = _DRAFT.match(path.name)
        with contextlib.suppress(FileNotFoundError):  # another build has just put it in its place
            if draft and not _is_at_work(int(draft[1]), path):
                path.unlink()


def _is_at_work(process: int, draft: Path) -> bool:
    is_fresh = time.time() - draft.stat().st_mtime < _LONGEST_WRITE_S
    if not is_fresh or os.name != "posix":  # elsewhere, asking for a process by its number could end it
        return is_fresh
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _write_once(path: Path, write: Callable[[Path], object], *, mode: int = _READ_ONLY) -> None:
    """Write under a temporary name, flush to disk, then rename: all of the file or nothing."""
    draft = path.with_name(f".{os.getpid()}-{uuid.uuid4().hex}{path.suffix}")
    try:
        write(draft)
        draft.chmod(mode)
        _flush(draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    if os.name == "posix":  # elsewhere folders cannot be opened
        _flush(path.parent)


def _geometry_options(frame: pd.DataFrame) -> dict[str, Any]:
    """Keep geometries as they are; unless told, pyogrio turns polygons beside multipolygons into such."""
    if not isinstance(frame, GeoDataFrame):
        return {}
    types = frame.geom_type.unique()
    # Layers are read whole; QGIS can add a spatial index to a copy, and writing one takes a fifth of the time.
    return {
        "geometry_type": types[0] if len(types) == 1 else "Unknown",
        "promote_to_multi": False,
        "SPATIAL_INDEX": "NO",
    }


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_text(path: Path, text: str) -> None:
    path.write_text(text + "\n", encoding="utf-8")


def _dtypes(name: str) -> dict[str, str]:
    columns = {"id": "str"}
    for column in SCHEMAS[name].columns:
        columns[column.name] = "int64" if column.kind == "count" and not column.blank else _DTYPES[column.kind]
    return columns | dict(PIECE_DTYPES) if name == "roads" else columns


def _crs_name(frame: pd.DataFrame) -> str:
    return frame.crs.to_string() if isinstance(frame, GeoDataFrame) and frame.crs else ""


def _column_bytes(column: pd.Series) -> bytes:
    if column.dtype == "geometry":
        return b"".join(shapely.to_wkb(column.to_numpy(), byte_order=1))
    if pd.api.types.is_bool_dtype(column.dtype):
        return column.to_numpy(np.uint8).tobytes()
    if column.dtype == "int64":
        return column.to_numpy("<i8").tobytes()
    if pd.api.types.is_numeric_dtype(column.dtype):
        numbers = column.to_numpy("<f8", na_value=np.nan)
        return np.where(np.isnan(numbers), np.nan, numbers).tobytes()
    return json.dumps(column.to_list(), ensure_ascii=False).encode()
