"""The plane on which the ground is drawn: Web Mercator in metres on the ground, and its paths in whole numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Geometries = NDArray[np.object_]
Path = list[int]

_EARTH_M = 6_378_137.0
_MOST_LATITUDE = 85.0


@dataclass(frozen=True)
class Plane:
    """A plane with its origin at the north-west corner of what is drawn; x to the east, y to the south.

    Parameters
    ----------
    west, north
        Web Mercator metres of the corner.
    unit
        Web Mercator metres that one metre on the ground is.
    """

    west: float
    north: float
    unit: float

    def place(self, geometries: Geometries) -> Geometries:
        """Return geometries in degrees as geometries in metres on the plane."""
        return np.asarray(shapely.transform(geometries, self._on_plane), dtype=np.object_)

    def _on_plane(self, lon_lat: Floats) -> Floats:
        x, y = _mercator(lon_lat).T
        return np.column_stack([(x - self.west) / self.unit, (self.north - y) / self.unit])


def plane_over(extent: Sequence[float]) -> Plane:
    """Return the plane of an area.

    Parameters
    ----------
    extent
        West, south, east, north in degrees.
    """
    west, south, _, north = extent
    corner = _mercator(np.array([[west, north]]))[0]
    unit = 1.0 / np.cos(np.radians((south + north) / 2))
    return Plane(float(corner[0]), float(corner[1]), float(unit))


def path_of(line: shapely.LineString | shapely.LinearRing) -> Path:
    """Return a line as its first point and the steps from each to the next; empty if it is no longer than a metre.

    Parameters
    ----------
    line
        In metres of the plane; a closed ring leaves out its last point.
    """
    xy = np.rint(shapely.get_coordinates(line)).astype(np.int64)
    steps = np.diff(xy, axis=0)
    kept = steps.any(axis=1)
    steps = steps[kept][:-1] if isinstance(line, shapely.LinearRing) else steps[kept]
    if not len(steps):
        return []
    whole: Path = np.vstack([xy[:1], steps]).ravel().tolist()
    return whole


def paths_of(geometries: Geometries | shapely.Geometry) -> list[Path]:
    """Return the paths of lines, or of all rings of polygons, however they are collected."""
    parts = shapely.get_parts(np.atleast_1d(np.asarray(geometries, dtype=np.object_)))
    areas = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    lines = parts[shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING]
    paths = [path_of(line) for line in (*shapely.get_rings(areas), *lines)]
    return [path for path in paths if path]


def points_of(path: Sequence[int]) -> NDArray[np.int64]:
    """Return the points (n, 2) of a path, metres of the plane."""
    return np.cumsum(np.asarray(path, dtype=np.int64).reshape(-1, 2), axis=0)


def _mercator(lon_lat: Floats) -> Floats:
    lon, lat = np.radians(lon_lat[:, 0]), np.radians(np.clip(lon_lat[:, 1], -_MOST_LATITUDE, _MOST_LATITUDE))
    return _EARTH_M * np.column_stack([lon, np.arctanh(np.sin(lat))])
