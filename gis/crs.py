"""Coordinate systems that Chinese county data arrives in, and the one to measure in."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError

Datum = Literal["WGS84", "CGCS2000", "GCJ02", "BD09"]
DATUMS: tuple[Datum, ...] = get_args(Datum)

_AXIS_M = 6378245.0  # Krassovsky 1940, the ellipsoid of the GCJ-02 shift
_ECCENTRICITY2 = 0.00669342162296594323
_BD_ANGLE = np.pi * 3000.0 / 180.0
_CHINA = (73.0, 18.0, 135.5, 54.0)
_MARGIN_DEG = 3.0

Pair = tuple[NDArray[np.float64], NDArray[np.float64]]


def to_wgs84(lon: ArrayLike, lat: ArrayLike, *, datum: Datum) -> Pair:
    """Convert longitudes and latitudes to WGS-84 (CGCS2000 agrees with it to centimetres).

    Parameters
    ----------
    lon, lat : (n,) degrees
    datum
        What the coordinates are: ``GCJ02`` (maps of AMap, Tencent), ``BD09`` (Baidu),
        ``WGS84`` or ``CGCS2000`` (surveys, GPS).

    Returns
    -------
    lon, lat : (n,) float64 degrees
        The inverse of the public GCJ-02 formula by fixed-point iteration, within 1e-9 degrees.

    Raises
    ------
    ValueError
        If the datum is unknown.
    """
    lon = np.asarray(lon, dtype=np.float64)
    lat = np.asarray(lat, dtype=np.float64)
    if datum in ("WGS84", "CGCS2000"):
        return lon, lat
    if datum == "BD09":
        lon, lat = _bd09_to_gcj02(lon, lat)
    elif datum != "GCJ02":
        raise ValueError(f"unknown datum {datum!r}; known: {', '.join(DATUMS)}")
    lon0, lat0 = lon.copy(), lat.copy()
    for _ in range(8):
        shifted_lon, shifted_lat = from_wgs84(lon0, lat0, datum="GCJ02")
        lon0, lat0 = lon0 + (lon - shifted_lon), lat0 + (lat - shifted_lat)
    return lon0, lat0


def from_wgs84(lon: ArrayLike, lat: ArrayLike, *, datum: Datum) -> Pair:
    """Convert WGS-84 longitudes and latitudes to another datum.

    Parameters
    ----------
    lon, lat : (n,) degrees
    datum
        The wanted datum; points outside China are not shifted by GCJ-02.

    Returns
    -------
    lon, lat : (n,) float64 degrees
    """
    lon = np.asarray(lon, dtype=np.float64)
    lat = np.asarray(lat, dtype=np.float64)
    if datum in ("WGS84", "CGCS2000"):
        return lon, lat
    east, north = _gcj02_offset(lon, lat)
    lon, lat = lon + east, lat + north
    return _gcj02_to_bd09(lon, lat) if datum == "BD09" else (lon, lat)


def fitting_crs(lon: float, lat: float) -> str:
    """Return the projected CRS in which distances near a point are metres.

    Parameters
    ----------
    lon, lat
        Degrees; the middle of the county.

    Returns
    -------
    str
        In China the CGCS2000 three-degree Gauss-Krüger zone without zone prefix
        (EPSG:4534 at 75° E to EPSG:4554 at 135° E); elsewhere the WGS-84 UTM zone.
    """
    west, south, east, north = _CHINA
    if west <= lon <= east and south <= lat <= north:
        meridian = int(np.clip(round(lon / 3) * 3, 75, 135))
        return f"EPSG:{4534 + (meridian - 75) // 3}"
    zone = int((lon + 180) // 6) % 60 + 1
    return f"EPSG:{(32600 if lat >= 0 else 32700) + zone}"


def places_points(name: str) -> bool:
    """Tell whether a name is that of a CRS of longitude and latitude or of a map projection.

    Parameters
    ----------
    name
        Such as ``EPSG:4548``; heights (``EPSG:5773``) and unknown names are not.
    """
    try:
        crs = CRS.from_user_input(name)
    except CRSError:
        return False
    return bool(crs.is_geographic or crs.is_projected)


def crs_name(name: str) -> str:
    """Return the name of a CRS that exists as people know it: what was given if short, else its own."""
    return name if len(name) <= 20 else CRS.from_user_input(name).name[:80]


def measures_in_metres(name: str) -> bool:
    """Tell whether a name is that of a map projection; unknown names are not."""
    return places_points(name) and bool(CRS.from_user_input(name).is_projected)


def measures_metres(name: str) -> bool:
    """Tell whether a CRS that exists is a map projection in metres."""
    crs = CRS.from_user_input(name)
    return bool(crs.is_projected) and all(axis.unit_name == "metre" for axis in crs.axis_info)


def is_made_for(name: str, lon: float, lat: float) -> bool:
    """Tell whether a CRS is meant for a place: distances far from its area of use are no metres.

    Parameters
    ----------
    name
        Of a CRS that exists.
    lon, lat
        Degrees; a neighbouring zone (``_MARGIN_DEG``) is near enough.
    """
    area = CRS.from_user_input(name).area_of_use
    if area is None:
        return True
    return bool(
        area.west - _MARGIN_DEG <= lon <= area.east + _MARGIN_DEG
        and area.south - _MARGIN_DEG <= lat <= area.north + _MARGIN_DEG
    )


def geographic_crs(projected: str) -> str:
    """Return the longitude-latitude CRS that goes with a projected one.

    Parameters
    ----------
    projected
        Such as ``EPSG:4548``.

    Returns
    -------
    str
        ``EPSG:4490`` for CGCS2000 zones, else ``EPSG:4326``.
    """
    code = projected.upper().removeprefix("EPSG:")
    is_cgcs2000 = code.isdigit() and 4491 <= int(code) <= 4554
    return "EPSG:4490" if is_cgcs2000 else "EPSG:4326"


def _gcj02_offset(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Pair:
    x, y = lon - 105.0, lat - 35.0
    ripple = (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
    root = np.sqrt(np.abs(x))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + ripple
    north += (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    north += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + ripple
    east += (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    east += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    phi = np.radians(lat)
    flat = 1.0 - _ECCENTRICITY2 * np.sin(phi) ** 2
    north = np.degrees(north / (_AXIS_M * (1.0 - _ECCENTRICITY2) / (flat * np.sqrt(flat))))
    east = np.degrees(east / (_AXIS_M / np.sqrt(flat) * np.cos(phi)))
    inside = (lon >= 72.004) & (lon <= 137.8347) & (lat >= 0.8293) & (lat <= 55.8271)
    return np.where(inside, east, 0.0), np.where(inside, north, 0.0)


def _bd09_to_gcj02(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Pair:
    x, y = lon - 0.0065, lat - 0.006
    radius = np.hypot(x, y) - 0.00002 * np.sin(y * _BD_ANGLE)
    angle = np.arctan2(y, x) - 0.000003 * np.cos(x * _BD_ANGLE)
    return radius * np.cos(angle), radius * np.sin(angle)


def _gcj02_to_bd09(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Pair:
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD_ANGLE)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD_ANGLE)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006
