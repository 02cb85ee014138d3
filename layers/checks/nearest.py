"""The road nearest to each place."""

from __future__ import annotations

import numpy as np
from geopandas import GeoDataFrame
from numpy.typing import NDArray


def distance_to_roads(roads: GeoDataFrame, points: NDArray[np.object_]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Find the nearest piece of road of each point.

    Parameters
    ----------
    roads
        In a projected CRS; their spatial index is kept with them.
    points : (k,) array of points
        In the same CRS.

    Returns
    -------
    piece : (k,) position in ``roads``
    distance_m : (k,) float64
    """
    found, distance_m = roads.sindex.nearest(points, return_all=False, return_distance=True)
    return found[1], distance_m
