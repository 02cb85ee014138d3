"""Layer versions and county builds at rest: files that are written once and never changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyogrio
import shapely
from geopandas import GeoDataFrame

from gis.faults import Fault, FaultsError
from layers.content_version import content_version
from layers.current import pointed_version
from layers.schema import PIECE_DTYPES, SCHEMAS, Kind
from layers.whole_files import OWNER_ONLY, replace_file, sweep_folder

_READ_ONLY = 0o444
_HASH_DIGITS = 16
GPKG_HEAD = b"SQLite format 3\0"  # every GeoPackage begins so
_UNREADABLE = (
    OSError,
    ValueError,
    TypeError,
    LookupError,
    RuntimeError,
    Warning,
    shapely.errors.ShapelyError,
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
    pyogrio.errors.FieldError,
    pyogrio.errors.GeometryError,
)
"""What reading a damaged GeoPackage may raise."""
_DTYPES: Mapping[Kind, str] = {"text": "str", "count": "Int64", "number": "float64", "flag": "bool"}

Manifest = dict[str, Any]


def write_layer(data_dir: Path, name: str, frame: pd.DataFrame) -> str:
    """Store a layer version unless it is there already, and sound.

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
    if not _is_sound(data_dir, name, version):
        table = frame.reset_index()
        options = _geometry_options(frame)
        replace_file(
            path,
            lambda draft: pyogrio.write_dataframe(table, draft, driver="GPKG", layer=name, use_arrow=False, **options),
            mode=_READ_ONLY,
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
        ``lost-store`` if the file is gone, ``damaged-store`` if it does not hold what was written.
    """
    path = layer_path(data_dir, name, version)
    if not path.is_file():
        raise FaultsError([Fault("lost-store", layer=name, file=path.name)])
    try:
        frame = _read_frame(path, name)
        is_whole = content_version(name, frame) == version
    except _UNREADABLE as error:
        raise FaultsError([Fault("damaged-store", layer=name, file=path.name, value=str(error)[:200])]) from error
    if not is_whole:
        raise FaultsError([Fault("damaged-store", layer=name, file=path.name)])
    return frame


def _read_frame(path: Path, name: str) -> pd.DataFrame:
    with path.open("rb") as file:
        if file.read(len(GPKG_HEAD)) != GPKG_HEAD:
            raise ValueError("not a GeoPackage")
    frame: pd.DataFrame = pyogrio.read_dataframe(path, layer=name, use_arrow=False)
    frame = frame.astype({column: dtype for column, dtype in _dtypes(name).items() if column in frame})
    texts = dict.fromkeys((column for column, dtype in _dtypes(name).items() if dtype == "str"), "")
    return frame.fillna(texts).set_index("id")


def _is_sound(data_dir: Path, name: str, version: str) -> bool:
    try:
        read_layer(data_dir, name, version)
    except FaultsError:
        return False
    return True


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
    keep_build(data_dir, manifest)
    point_to(data_dir, str(manifest["version"]))


def keep_build(data_dir: Path, manifest: Manifest) -> None:
    """Store a build beside the others, unless it is there already, and whole; the current one stays what it is.

    Parameters
    ----------
    data_dir
    manifest
        With its ``version``.
    """
    version = str(manifest["version"])
    text = json.dumps({**manifest, "digest": _digest(manifest)}, ensure_ascii=False, indent=1)
    if not _is_whole(data_dir, version):
        path = data_dir / "builds" / f"{version}.json"
        replace_file(path, lambda draft: _write_text(draft, text), mode=_READ_ONLY)


def point_to(data_dir: Path, version: str) -> None:
    """Make a build that is stored the current one."""
    if pointed_version(data_dir) != version:
        replace_file(data_dir / "current", lambda draft: _write_text(draft, version), mode=OWNER_ONLY)


def sealed(content: Mapping[str, Any], warnings: list[dict[str, Any]]) -> Manifest:
    """Return the manifest of a build: its version is the hash of what it consists of.

    Parameters
    ----------
    content
        All that makes one county differ from another.
    warnings
        Of the build, as plain values; no part of the version.
    """
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True)
    version = hashlib.sha256(canonical.encode()).hexdigest()[:_HASH_DIGITS]
    return {"version": version, **content, "warnings": warnings}


def _is_whole(data_dir: Path, version: str) -> bool:
    try:
        read_build(data_dir, version)
    except FaultsError:
        return False
    return True


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
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise FaultsError([Fault("no-such-build", file=path.name, value=version)]) from error
    except (OSError, ValueError, RecursionError) as error:
        raise FaultsError([Fault("damaged-store", file=path.name, value=str(error)[:200])]) from error
    if not _is_manifest(manifest, version):
        raise FaultsError([Fault("damaged-store", file=path.name)])
    manifest.pop("digest", None)
    return dict(manifest)


def _is_manifest(read: Any, version: str) -> bool:
    """Tell whether a file holds a manifest of this version, as it was written where it says so by a digest."""
    if not isinstance(read, dict) or read.get("version") != version:
        return False
    content = {name: value for name, value in read.items() if name != "digest"}
    if "digest" in read and read["digest"] != _digest(content):
        return False
    layers = read.get("layers")
    texts_are_there = all(isinstance(read.get(name), str) for name in ("name", "code", "crs"))
    return (
        texts_are_there
        and isinstance(read.get("warnings"), list)
        and isinstance(layers, dict)
        and all(name in SCHEMAS and isinstance(one, dict) and "version" in one for name, one in layers.items())
    )


def _digest(manifest: Manifest) -> str:
    canonical = json.dumps(manifest, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def sweep_drafts(data_dir: Path) -> None:
    """Remove the drafts of builds that were killed, but not of those still at work."""
    for folder in (data_dir, data_dir / "builds", *data_dir.glob("layers/*")):
        sweep_folder(folder)


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


def _write_text(path: Path, text: str) -> None:
    path.write_text(text + "\n", encoding="utf-8")


def _dtypes(name: str) -> dict[str, str]:
    columns = {"id": "str"}
    for column in SCHEMAS[name].columns:
        columns[column.name] = "int64" if column.kind == "count" and not column.blank else _DTYPES[column.kind]
    return columns | dict(PIECE_DTYPES) if name == "roads" else columns
