"""Elimination orders of road networks kept by content, since finding one takes longer than all else; safe to delete."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gis.network import RoadNetwork
from layers.matrices import content_key


def with_kept_order(folder: Path, network: RoadNetwork) -> RoadNetwork:
    """Return the network with its elimination order read from the cache, or found and kept there.

    Parameters
    ----------
    folder
        Where orders rest; made if absent.
    network

    Returns
    -------
    RoadNetwork
        Whatever the file holds, travel times are the same: an order is only faster or slower, and one that does not
        name every node once is found anew.
    """
    arrays = (network.tail, network.head, network.x, network.y)
    path = folder / f"order-{content_key(*(array.tobytes() for array in arrays))}.npy"
    order = _read(path)
    if order is not None:
        try:
            return network.with_order(order)
        except ValueError:  # damaged, or of another network
            pass
    _write(path, network.topology.order)
    return network


def _read(path: Path) -> NDArray[np.int32] | None:
    try:
        order = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return order if order.ndim == 1 and order.dtype == np.int32 else None


def _write(path: Path, order: NDArray[np.int32]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as part:
        np.save(part, order)
    os.replace(part.name, path)  # noqa: PTH105 - the atomic rename is meant
