"""The plane in which lines were drawn: what is straight in the file is straight there, in metres."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Geod, Transformer

from gis.crs import Datum, from_wgs84, to_wgs84

Floats = NDArray[np.float64]
Shift = Callable[[Floats, Floats], tuple[Floats, Floats]]

_METRES_PER_DEGREE = 111_195.0
_SMALL_DEG = 1e-4


@dataclass(frozen=True, eq=False)
class LinePlane:
    """A plane in metres.

    Parameters
    ----------
    to_drawing, to_degrees
        From longitude and latitude, WGS-84, to the coordinates of the file and back.
    origin, scale
        Of the file's coordinates: metres = (coordinate − origin) · scale.
    """

    to_drawing: Shift
    to_degrees: Shift
    origin: Floats
    scale: Floats

    def metres(self, lon: Floats, lat: Floats) -> Floats:
        """(n, 2) metres of points in degrees, WGS-84."""
        return (np.column_stack(self.to_drawing(lon, lat)) - self.origin) * self.scale

    def degrees(self, xy: Floats) -> tuple[Floats, Floats]:
        """Longitude and latitude, WGS-84, of points in metres."""
        drawing = xy / self.scale + self.origin
        return self.to_degrees(drawing[:, 0], drawing[:, 1])


def plane_of_lines(lon: Floats, lat: Floats, *, crs: str = "EPSG:4326", datum: Datum = "WGS84") -> LinePlane:
    """Return the plane of a layer.

    Ten kilometres drawn straight from west to east in degrees and in a map projection lie 1.5 m
    apart in the middle, so a road that ends there meets the line in one plane only: the file's own.

    Parameters
    ----------
    lon, lat : (n,) degrees, WGS-84
        All points, at least one.
    crs
        Of the file.
    datum
        Of the file's degrees.

    Returns
    -------
    LinePlane
    """
    middle = float(np.median(lon)), float(np.median(lat))
    system = CRS.from_user_input(crs)
    if system.is_geographic:
        scale = np.array([_METRES_PER_DEGREE * np.cos(np.radians(middle[1])), _METRES_PER_DEGREE])
        to_datum: Shift = lambda x, y: from_wgs84(x, y, datum=datum)  # noqa: E731
        to_degrees: Shift = lambda x, y: to_wgs84(x, y, datum=datum)  # noqa: E731
        return LinePlane(to_datum, to_degrees, np.array(middle), scale)
    onto = Transformer.from_crs("EPSG:4326", system, always_xy=True)
    back = Transformer.from_crs(system, "EPSG:4326", always_xy=True)

    def to_drawing(x: Floats, y: Floats) -> tuple[Floats, Floats]:
        east, north = onto.transform(*from_wgs84(x, y, datum=datum))
        return east, north

    def from_drawing(x: Floats, y: Floats) -> tuple[Floats, Floats]:
        return to_wgs84(*back.transform(x, y), datum=datum)

    lons, lats = np.full(2, middle[0]), middle[1] + np.array([0.0, _SMALL_DEG])
    drawn = np.column_stack(to_drawing(lons, lats))
    step_m = Geod(ellps="WGS84").inv(lons[0], lats[0], lons[1], lats[1])[2]
    scale = np.full(2, step_m / float(np.hypot(*(drawn[1] - drawn[0]))))
    return LinePlane(to_drawing, from_drawing, drawn[0], scale)
