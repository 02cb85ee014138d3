"""Cost matrices kept by the content of what they were computed from; safe to delete at any time."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable

import numpy as np

from gis.cost_matrix import CostMatrix
from layers.cache import Cache

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


def cached_matrix(cache: Cache, key: str, compute: Callable[[], CostMatrix]) -> CostMatrix:
    """Read a matrix from the cache, or compute and keep it.

    Parameters
    ----------
    cache
        Where matrices rest.
    key
        From ``content_key``.
    compute
        Called when the cache holds no sound matrix of that name.

    Returns
    -------
    CostMatrix
    """
    name = f"matrix-{key}.npz"
    kept = cache.read(name)
    if kept is not None:
        return _unpacked(kept)
    matrix = compute()
    cache.write(name, _packed(matrix))
    return matrix


def _packed(matrix: CostMatrix) -> bytes:
    buffer = io.BytesIO()
    np.savez(
        buffer,
        seconds=matrix.seconds,
        origin_ids=matrix.origin_ids.astype(str),
        destination_ids=matrix.destination_ids.astype(str),
        mode=np.array(matrix.mode),
    )
    return buffer.getvalue()


def _unpacked(content: bytes) -> CostMatrix:
    with np.load(io.BytesIO(content)) as kept:
        origins, destinations = kept["origin_ids"].astype(object), kept["destination_ids"].astype(object)
        return CostMatrix(kept["seconds"], origins, destinations, mode=str(kept["mode"]))
