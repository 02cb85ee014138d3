"""Points that are one point: within a tolerance of one of them, never by a chain of small steps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

COINCIDENT_M = 0.0115
"""Points this near are one: 1e-7 degrees, the precision of OpenStreetMap and of most exports, are up to 1.12 cm."""


def merge_points(xy: Floats, *, within_m: float = COINCIDENT_M) -> Ints:
    """Tell for each point at which of the points it stands.

    Parameters
    ----------
    xy : (n, 2) metres
    within_m
        Points nearer than this to a representative are one with it. Representatives are those with
        the most neighbours, then from west to east, and lie farther than this from each other, so that
        nothing is dragged along a row of points.

    Returns
    -------
    (n,) int64
        Index of the representative; representatives name the first point of their own coordinates.
    """
    _, first, spot = np.unique(xy[:, 0] + 1j * xy[:, 1], return_index=True, return_inverse=True)
    pairs = cKDTree(xy[first]).query_pairs(within_m, output_type="ndarray")
    return np.asarray(first[_stars(pairs, first.size)[spot.ravel()]], dtype=np.int64)


def _stars(pairs: Ints, n: int) -> Ints:
    """Index of the middle of the star to which each of n points belongs; most points stand alone."""
    centre = np.arange(n)
    if not len(pairs):
        return centre
    ends = np.concatenate([pairs, pairs[:, ::-1]])
    ends = ends[np.lexsort(ends.T[::-1])]
    points, begin, count = np.unique(ends[:, 0], return_index=True, return_counts=True)
    is_taken = np.zeros(n, dtype=bool)
    for k in np.lexsort([points, -count]):
        if is_taken[points[k]]:
            continue
        near = ends[begin[k] : begin[k] + count[k], 1]
        centre[near] = points[k]
        is_taken[near] = True
        is_taken[points[k]] = True
    return centre
