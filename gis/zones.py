"""What is wrong with coordinates that do not lie where their CRS is meant for, as surveys usually spoil them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer

_MARGIN_DEG = 3.0
_CHINA = (73.0, 15.0, 136.0, 54.0)

Slip = Literal["degrees", "swapped", "zone", "metres"]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Mistake:
    """What coordinates seem to be.

    Parameters
    ----------
    slip
        ``degrees`` in the place of metres, ``metres`` in the place of degrees, east and north ``swapped``, or metres of
        another ``zone``.
    likely
        The CRS that fits, "" if that cannot be told.
    is_swapped
        Whether X is north as well.
    """

    slip: Slip
    likely: str
    is_swapped: bool = False


def find_mistake(x: Floats, y: Floats, name: str) -> Mistake | None:
    """Find out why points do not lie where their CRS is meant for.

    Parameters
    ----------
    x, y : (n,) east and north as declared, n ≥ 1
    name
        Of the CRS.

    Returns
    -------
    Mistake or None
        ``None`` if most points lie where they may, or nothing explains where they lie.
    """
    crs = CRS.from_user_input(name)
    if crs.is_geographic:
        return _of_metres(x, y) if max(np.median(np.abs(x)), np.median(np.abs(y))) > 1000.0 else None
    if np.median(np.abs(x)) <= 180 and np.median(np.abs(y)) <= 180:
        return Mistake("degrees", "EPSG:4490", is_swapped=bool(np.median(np.abs(y)) > 90))
    if not crs.is_projected or _is_meant_for(crs, x, y):
        return None
    if _is_meant_for(crs, y, x):
        return Mistake("swapped", name, is_swapped=True)
    own_meridian = _meridian(crs)
    for is_swapped, east, north in ((False, x, y), (True, y, x)):
        likely = _zone_of(east, north, own_meridian)
        if likely and likely != name:
            return Mistake("zone", likely, is_swapped)
    return None


def _of_metres(x: Floats, y: Floats) -> Mistake:
    """Say which projection metres are of that were declared to be degrees."""
    for is_swapped, east, north in ((False, x, y), (True, y, x)):
        if likely := _zone_of(east, north, None):
            return Mistake("metres", likely, is_swapped)
    is_swapped = bool(1.5e6 < np.median(x) < 6e6 and 0 < np.median(y) < 1e6)
    return Mistake("metres", "", is_swapped)


def _zone_of(east: Floats, north: Floats, meridian: float | None) -> str:
    """Return the CGCS2000 zone that an easting with prefix tells, or that of a meridian for one without.

    Zones of six degrees have the numbers 13 to 23 (EPSG:4491 to 4501), of three degrees 25 to 45 (EPSG:4513 to 4533);
    without prefix EPSG:4502 to 4512 and EPSG:4534 to 4554.
    """
    x, y = float(np.median(east)), float(np.median(north))
    if not 1.5e6 < y < 7.5e6:
        return ""
    zone, rest = int(x // 1_000_000), x % 1_000_000
    candidates = []
    if 50_000 < rest < 950_000:
        if 13 <= zone <= 23:
            candidates.append(f"EPSG:{4491 + zone - 13}")
        elif 25 <= zone <= 45:
            candidates.append(f"EPSG:{4513 + zone - 25}")
        elif zone == 0 and meridian is not None and meridian % 3 == 0 and 75 <= meridian <= 135:
            candidates.append(f"EPSG:{4534 + int(meridian - 75) // 3}")
    if 8.1e6 < x < 15.2e6:
        candidates.append("EPSG:3857")
    return next((code for code in candidates if _is_meant_for(CRS.from_user_input(code), east, north)), "")


def _is_meant_for(crs: CRS, east: Floats, north: Floats) -> bool:
    """Tell whether most points lie in a CRS's area of use, give or take a neighbouring zone."""
    geodetic = crs.geodetic_crs
    if geodetic is None:
        return True
    lon, lat = Transformer.from_crs(crs, geodetic, always_xy=True).transform(east, north)
    area = crs.area_of_use
    west, south, most_east, most_north = (area.west, area.south, area.east, area.north) if area else _CHINA
    if crs.to_epsg() == 3857:
        west, south, most_east, most_north = _CHINA
    elif area is not None and area.west > area.east:
        return True
    is_in = (lon >= west - _MARGIN_DEG) & (lon <= most_east + _MARGIN_DEG)
    is_in &= (lat >= south - _MARGIN_DEG) & (lat <= most_north + _MARGIN_DEG)
    return bool(is_in.mean() > 0.5)


def _meridian(crs: CRS) -> float | None:
    operation = crs.coordinate_operation
    if operation is None:
        return None
    return next((float(p.value) for p in operation.params if p.name == "Longitude of natural origin"), None)
