"""Cost matrices kept by the content of what they were computed from; safe to delete at any time."""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from gis.cost_matrix import CostMatrix

_EDITION = "2"  # raised when the same inputs would give another matrix


def content_key(*parts: str | bytes) -> str:
    """Return a name for what a result was computed from.

    Parameters
    ----------
    *parts
        Everything that decides the result, in order.

    Returns
    -------
    str
        32 hexadecimal digits.
    """
    digest = hashlib.sha256(_EDITION.encode())
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()[:32]


def cached_matrix(folder: Path, key: str, compute: Callable[[], CostMatrix]) -> CostMatrix:
    """Read a matrix from the cache, or compute and keep it.

    Parameters
    ----------
    folder
        Where matrices rest; made if absent.
    key
        From ``content_key``.
    compute
        Called when the cache holds no readable matrix of that name.

    Returns
    -------
    CostMatrix
    """
    path = folder / f"matrix-{key}.npz"
    try:
        with path.open("rb") as file, np.load(file) as kept:
            origins, destinations = kept["origin_ids"].astype(object), kept["destination_ids"].astype(object)
            return CostMatrix(kept["seconds"], origins, destinations, mode=str(kept["mode"]))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        matrix = compute()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as part:
        np.savez(
            part,
            seconds=matrix.seconds,
            origin_ids=matrix.origin_ids.astype(str),
            destination_ids=matrix.destination_ids.astype(str),
            mode=np.array(matrix.mode),
        )
    os.replace(part.name, path)  # noqa: PTH105 - the atomic rename is meant
    return matrix
