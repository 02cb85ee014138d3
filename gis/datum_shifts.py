"""From any CRS to WGS 84 degrees: by the best transformation that is known where the points lie, or not at all.

Beijing 1954, Xian 1980, Tokyo or ED50 differ from WGS 84 by tens to hundreds of metres, and how much depends on the
place. PROJ falls back to taking the degrees as they are ("ballpark"), which is right for CGCS2000 only.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS, Transformer
from pyproj.transformer import AreaOfInterest, TransformerGroup

_SAME_AS_WGS84 = re.compile(
    r"(d_)?(wgs_?1984|worldgeodeticsystem1984(ensemble)?|china_?(geodetic_coordinate_system_)?2000|cgcs_?2000|"
    r"chinageodeticcoordinatesystem2000|itrf_?[0-9]{2,4}|europeanterrestrialreferencesystem1989(ensemble)?|"
    r"internationalterrestrialreferenceframe[0-9]{4})"
)
_UNNAMED = re.compile(r"unknown|notspecified|unnamed|undefined")
_WGS84_AXIS_M = 6_378_137.0

Pair = tuple[NDArray[np.float64], NDArray[np.float64]]


@dataclass(frozen=True)
class DatumShift:
    """How to get from a CRS to WGS 84 degrees.

    Parameters
    ----------
    transformer
        Takes x (east, longitude) and y (north, latitude), whatever order the CRS itself has.
    accuracy_m
        0 where the datums agree; NaN where it is not known.
    area
        Where the transformation is meant for, "" where the datums agree.
    """

    transformer: Transformer
    accuracy_m: float
    area: str

    def to_degrees(self, x: ArrayLike, y: ArrayLike) -> Pair:
        """Return longitudes and latitudes, (n,) degrees each."""
        lon, lat = self.transformer.transform(np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64))
        return lon, lat


def agrees_with_wgs84(name: str) -> bool:
    """Tell whether a CRS has a datum that agrees with WGS 84 to about a metre, or one without a name on its ellipsoid.

    Parameters
    ----------
    name
        Of a CRS that exists, or its WKT or PROJJSON.
    """
    crs = CRS.from_user_input(name)
    geodetic = crs.geodetic_crs
    if crs.is_bound or geodetic is None or geodetic.datum is None:
        return False
    datum = geodetic.datum.name.lower().replace(" ", "")
    axis_m = geodetic.ellipsoid.semi_major_metre if geodetic.ellipsoid else 0.0
    if _UNNAMED.search(datum):
        return abs(axis_m - _WGS84_AXIS_M) < 1.0
    return _SAME_AS_WGS84.fullmatch(datum) is not None


def find_datum_shift(name: str, x: ArrayLike, y: ArrayLike) -> DatumShift | None:
    """Find the best transformation to WGS 84 for some points.

    Parameters
    ----------
    name
        Of a CRS of longitude and latitude or of a map projection.
    x, y : (n,) east and north, or longitude and latitude, in the CRS

    Returns
    -------
    DatumShift or None
        ``None`` where only a ballpark is known: for Xian 1980 everywhere, for Beijing 1954 in most of China.
    """
    crs = CRS.from_user_input(name)
    if agrees_with_wgs84(name):
        return DatumShift(Transformer.from_crs(crs, "EPSG:4326", always_xy=True), 0.0, "")
    lon, lat = _middle(crs, x, y)
    if not (np.isfinite(lon) and np.isfinite(lat)):
        return None
    here = AreaOfInterest(lon - 1e-6, lat - 1e-6, lon + 1e-6, lat + 1e-6)
    with warnings.catch_warnings():  # that a better one needs a grid from the internet: the accuracy says enough
        warnings.simplefilter("ignore")
        group = TransformerGroup(crs, "EPSG:4326", always_xy=True, area_of_interest=here, allow_ballpark=False)
    fitting = [one for one in group.transformers if _is_known(one) and _reaches(one, lon, lat)]
    if not fitting:
        return None
    best = min(fitting, key=lambda one: (_is_for_sea(one), one.accuracy if one.accuracy >= 0 else np.inf))
    area = best.area_of_use.name if best.area_of_use else ""
    return DatumShift(best, best.accuracy if best.accuracy >= 0 else np.nan, area)


def _middle(crs: CRS, x: ArrayLike, y: ArrayLike) -> tuple[float, float]:
    geodetic = crs.geodetic_crs
    if geodetic is None:
        return np.nan, np.nan
    middle = float(np.median(np.asarray(x))), float(np.median(np.asarray(y)))
    lon, lat = Transformer.from_crs(crs, geodetic, always_xy=True).transform(*middle)
    unit = geodetic.axis_info[0].unit_conversion_factor if geodetic.axis_info else 0.0  # radians
    degrees = np.degrees(unit) if unit else 1.0
    return float(lon) * degrees, float(lat) * degrees


def _is_known(transformer: Transformer) -> bool:
    return "ballpark" not in transformer.description.lower()


def _is_for_sea(transformer: Transformer) -> bool:
    """Areas of use are boxes, so that those of the sea reach far inland."""
    name = transformer.area_of_use.name.lower() if transformer.area_of_use else ""
    return "offshore" in name and "onshore" not in name


def _reaches(transformer: Transformer, lon: float, lat: float) -> bool:
    area = transformer.area_of_use
    if not area:
        return True
    crosses = area.west > area.east  # the antimeridian
    is_between = (area.west <= lon or lon <= area.east) if crosses else area.west <= lon <= area.east
    return bool(is_between and area.south <= lat <= area.north)
