"""Whose customers: the facility that each node and each road turns to first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gis.network import RoadNetwork
from gis.places import Places
from gis.travel_time import nearest


def catchment_of_nodes(network: RoadNetwork, facilities: Places) -> NDArray[np.int32]:
    """Return the facility that each node reaches first.

    Parameters
    ----------
    network
    facilities : Snapped or (f,) node numbers

    Returns
    -------
    (n,) int32
        Positions in `facilities`, the lower of equally near ones; −1 where none is reached.
    """
    if not len(facilities):
        return np.full(network.x.size, -1, np.int32)
    return nearest(network, facilities, k=1)[1].reshape(-1)


def catchment_of_arcs(network: RoadNetwork, facilities: Places) -> NDArray[np.int32]:
    """Return the facility that serves each road throughout.

    Parameters
    ----------
    network
    facilities : Snapped or (f,) node numbers

    Returns
    -------
    (m,) int32
        Positions; −1 where the two ends turn to different facilities, or to none: there the border runs.
    """
    of = catchment_of_nodes(network, facilities)
    tail, head = of[network.tail], of[network.head]
    return np.where(tail == head, tail, np.int32(-1))
