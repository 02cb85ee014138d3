"""Coordinates between two reference systems, computed in one thread for all.

A transformation of PROJ belongs to the thread that made it, and making one takes up to half a second: a service
whose requests come in ever new threads would pay for it again and again.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import Transformer


def project(x: ArrayLike, y: ArrayLike, *, source: str, target: str) -> NDArray[np.float64]:
    """Return positions in another reference system.

    Parameters
    ----------
    x, y : (n,)
        Longitude and latitude in degrees, or east and north in metres, as `source` has it.
    source, target
        Names of the reference systems, such as ``EPSG:4548``.

    Returns
    -------
    (n, 2) float64
        Longitude and latitude, or east and north.
    """
    x, y = np.atleast_1d(np.asarray(x, dtype=np.float64)), np.atleast_1d(np.asarray(y, dtype=np.float64))
    return np.column_stack(_thread().submit(_transform, x, y, source, target).result())


def _transform(x: NDArray[np.float64], y: NDArray[np.float64], source: str, target: str) -> tuple[Any, ...]:
    return tuple(_transformer(source, target).transform(x, y))


@lru_cache(maxsize=16)
def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


@lru_cache(maxsize=1)
def _thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="projection")
