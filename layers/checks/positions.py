"""Whether layers lie where the roads are, and in the datum they claim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from gis.faults import Fault, Param, Severity, errors
from layers.checks.datums import FEW, DatumTrial, Suspicion
from layers.imported_county import ImportedCounty
from layers.imported_layer import ImportedLayer
from layers.schema import UNIT_LAYERS

_NEAR_DEG = 0.5
_PLACES = (*UNIT_LAYERS, "facilities")

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


def check_datum(county: ImportedCounty, *, known: Iterable[Fault] = ()) -> list[Fault]:
    """Suspect layers of places that lie on the roads only when they are taken to be in another datum.

    Parameters
    ----------
    county
    known
        Faults found so far: where many places lie outside their township or the county, the suspicion that explains
        it is an error and leads them.

    Returns
    -------
    list of Fault
        ``suspected-gcj02``, ``suspected-bd09``, ``suspected-wgs84`` of a layer, or ``suspected-road-datum``.
    """
    if "roads" not in county.layers:
        return []
    outside = Counter(f.layer for f in errors(known) if f.code in ("outside-township", "outside-county"))
    found = []
    for name in _PLACES:
        layer = county.layers.get(name)
        if layer is None or not isinstance(layer.frame, GeoDataFrame) or len(layer.frame) < FEW:
            continue
        if (suspicion := DatumTrial(county, layer).suspect()) is not None:
            severity: Severity = "error" if outside[name] >= FEW else "warning"
            found.append(_suspicion(county, layer, suspicion, severity))
    return found


def _suspicion(county: ImportedCounty, layer: ImportedLayer, found: Suspicion, severity: Severity) -> Fault:
    params: dict[str, Param] = {
        "declared_m": round(found.declared_m),
        "unshifted_m": round(found.fitted_m),
        "shift_m": round(found.shift_m),
        "outside": found.outside,
        "left": found.outside_left,
        "places": layer.spec.name,
        "datum": found.datum,
    }
    if found.is_of_roads:
        roads = county.layers["roads"]
        return roads.fault(
            "suspected-road-datum", field="datum", value=roads.spec.datum, severity=severity, params=params
        )
    details: dict[str, Any] = {"field": "datum", "value": layer.spec.datum, "severity": severity, "params": params}
    if found.datum == "GCJ02":
        return layer.fault("suspected-gcj02", **details)
    if found.datum == "BD09":
        return layer.fault("suspected-bd09", **details)
    return layer.fault("suspected-wgs84", **details)


def _middles(frame: GeoDataFrame) -> tuple[Floats, Floats]:
    bounds = shapely.bounds(frame.geometry.to_numpy())
    return (bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2


def _inside(lon: Floats, lat: Floats, box: tuple[float, float, float, float]) -> NDArray[np.bool_]:
    return (lon >= box[0]) & (lon <= box[2]) & (lat >= box[1]) & (lat <= box[3])
