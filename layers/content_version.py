"""The version of a layer: a hash of what it holds, the same on every machine."""

from __future__ import annotations

import hashlib
import json

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame

_HASH_DIGITS = 16


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
