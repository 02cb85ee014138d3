"""Elimination orders of road networks kept by content, since finding one takes longer than all else; safe to delete."""

from __future__ import annotations

import numpy as np

from gis.network import RoadNetwork
from layers.cache import Cache
from layers.matrices import content_key


def with_kept_order(cache: Cache, network: RoadNetwork) -> RoadNetwork:
    """Return the network with its elimination order read from the cache, or found and kept there.

    Parameters
    ----------
    cache
        Where orders rest.
    network

    Returns
    -------
    RoadNetwork
        Whatever the file holds, travel times are the same: an order is only faster or slower, and one that does not
        name every node once is found anew.
    """
    arrays = (network.tail, network.head, network.x, network.y)
    name = f"order-{content_key(*(array.tobytes() for array in arrays))}"
    kept = cache.read(name)
    if kept is not None and len(kept) == 4 * network.x.size:
        try:
            return network.with_order(np.frombuffer(kept, dtype="<i4").astype(np.int32))
        except ValueError:  # of another network
            pass
    cache.write(name, network.topology.order.astype("<i4").tobytes())
    return network
