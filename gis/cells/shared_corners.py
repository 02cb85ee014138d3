"""Corners of a new border where it meets an old one: both sides have them, so that no sliver lies between."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Geometries = NDArray[np.object_]

_ON_DEG = 1e-11  # a micrometre: what is this near to a border lies on it


def with_corners(others: Geometries, grounds: Geometries) -> Geometries:
    """Return polygons that share the corners of some of them.

    Parameters
    ----------
    others
        The neighbours.
    grounds
        Ground that was cut anew, which may have corners that they lack.

    Returns
    -------
    (n + k,) array of polygons
        The others, then the grounds. Only those beside new corners differ from what was given.
    """
    together = np.concatenate([others, grounds])
    corners = np.unique(shapely.get_coordinates(grounds), axis=0)
    tree = shapely.STRtree(np.asarray(shapely.points(corners), dtype=object))
    near = tree.query(shapely.boundary(together), predicate="dwithin", distance=_ON_DEG)
    result = together.copy()
    for row in np.unique(near[0]):
        result[row] = _with_points(together[row], corners[np.sort(near[1][near[0] == row])])
    return result


def _with_points(ground: shapely.Geometry, points: Floats) -> shapely.Geometry:
    """Return a polygon with further corners on its border; itself if it has all of them."""
    there = {tuple(xy) for xy in shapely.get_coordinates(ground)}
    new = np.array([xy for xy in points if tuple(xy) not in there])
    if not new.size:
        return ground
    polygons = [
        shapely.Polygon(_ring(part.exterior, new), [_ring(hole, new) for hole in part.interiors])
        for part in shapely.get_parts(ground)
    ]
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)


def _ring(ring: shapely.LinearRing, points: Floats) -> Floats:
    """Return the corners of a ring with those points that lie on it, each between its two neighbours."""
    own = shapely.distance(ring, shapely.points(points)) <= _ON_DEG
    corners = shapely.get_coordinates(ring)
    if not own.any():
        return corners
    at = shapely.line_locate_point(ring, shapely.points(points[own]))
    steps = np.append(0.0, np.cumsum(np.hypot(*np.diff(corners, axis=0).T)))
    order = np.argsort(np.concatenate([steps, at]), kind="stable")
    found: Floats = np.concatenate([corners, points[own]])[order]
    if not np.array_equal(found[0], found[-1]):  # a point beside the first corner may sort after the last
        found = np.concatenate([corners[:-1], points[own]])[np.argsort(np.concatenate([steps[:-1], at]), kind="stable")]
        found = np.concatenate([found, found[:1]])
    return found
