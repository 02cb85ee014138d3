"""Whether layers lie where the roads are, and in the datum they claim."""

from __future__ import annotations

import numpy as np
import shapely
from geopandas import GeoDataFrame, GeoSeries
from numpy.typing import NDArray

from gis.crs import to_wgs84
from gis.faults import Fault
from layers.checks.nearest import distance_to_roads
from layers.imported_county import ImportedCounty
from layers.imported_layer import ImportedLayer

_NEAR_DEG = 0.5
_FEW = 5
_LEAST_SHIFT_M = 30.0

Floats = NDArray[np.float64]


def find_misplaced_layers(county: ImportedCounty) -> tuple[set[str], list[Fault]]:
    """Find layers that lie elsewhere than the roads but would fit with longitude and latitude swapped.

    Parameters
    ----------
    county

    Returns
    -------
    set of str
        Names of the layers.
    list of Fault
        ``swapped-coordinates``, once a layer.
    """
    if "roads" not in county.layers:
        return set(), []
    frame = county.layers["roads"].frame
    west, south, east, north = frame.total_bounds if isinstance(frame, GeoDataFrame) else (0, 0, 0, 0)
    box = (west - _NEAR_DEG, south - _NEAR_DEG, east + _NEAR_DEG, north + _NEAR_DEG)
    misplaced: set[str] = set()
    faults = []
    for name, layer in county.layers.items():
        if name == "roads" or not isinstance(layer.frame, GeoDataFrame) or layer.frame.empty:
            continue
        lon, lat = _middles(layer.frame)
        here, swapped = _inside(lon, lat, box), _inside(lat, lon, box)
        if here.mean() < 0.5 < swapped.mean():
            first = int(np.argmax(swapped))
            value, params = f"{lon[first]:.10g}, {lat[first]:.10g}", {"count": int(swapped.sum())}
            faults.append(layer.fault("swapped-coordinates", at=first, field="lon, lat", value=value, params=params))
            misplaced.add(name)
    return misplaced, faults


def check_datum(county: ImportedCounty) -> list[Fault]:
    """Suspect villages that lie on the roads only when the GCJ-02 shift is taken out.

    Parameters
    ----------
    county

    Returns
    -------
    list of Fault
        At most one warning, ``suspected-gcj02``.
    """
    layer = county.layers.get("villages")
    if "roads" not in county.layers or layer is None or not isinstance(layer.frame, GeoDataFrame):
        return []
    if len(layer.frame) < _FEW or layer.spec.datum not in ("WGS84", "CGCS2000"):
        return []
    as_declared = _median_distance(county, layer.frame.geometry)
    if as_declared < _LEAST_SHIFT_M:
        return []
    lon, lat = to_wgs84(layer.frame.geometry.x, layer.frame.geometry.y, datum="GCJ02")
    unshifted = _median_distance(county, GeoSeries(shapely.points(lon, lat), crs=layer.frame.crs))
    return [_suspicion(layer, as_declared, unshifted)] if unshifted < as_declared / 2 else []


def _suspicion(layer: ImportedLayer, as_declared: float, unshifted: float) -> Fault:
    params = {"declared_m": round(as_declared), "unshifted_m": round(unshifted)}
    return layer.fault("suspected-gcj02", field="datum", value=layer.spec.datum, severity="warning", params=params)


def _median_distance(county: ImportedCounty, points: GeoSeries) -> float:
    return float(np.median(distance_to_roads(county.metric("roads"), points.to_crs(county.crs).to_numpy())[1]))


def _middles(frame: GeoDataFrame) -> tuple[Floats, Floats]:
    bounds = shapely.bounds(frame.geometry.to_numpy())
    return (bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2


def _inside(lon: Floats, lat: Floats, box: tuple[float, float, float, float]) -> NDArray[np.bool_]:
    return (lon >= box[0]) & (lon <= box[2]) & (lat >= box[1]) & (lat <= box[3])
