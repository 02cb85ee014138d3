"""Townships: every place in its own, none over another, no ground forgotten."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from gis.faults import Fault
from layers.imported_county import ImportedCounty
from layers.imported_layer import ImportedLayer
from layers.schema import UNIT_LAYERS

TOLERANCE_M = 1.0
"""A place this near to a border may belong to either side."""
LEAST_AREA_M2 = 10_000.0
"""Overlaps and gaps smaller than a hectare come from digitising."""

_PLACES = (*UNIT_LAYERS, "facilities")


def place_in_townships(county: ImportedCounty) -> tuple[ImportedCounty, list[Fault]]:
    """Compare declared townships with their outlines and fill in those not declared.

    Parameters
    ----------
    county

    Returns
    -------
    ImportedCounty
        Villages, neighbourhoods and facilities with ``township_id``, "" where there is none.
    list of Fault
        ``outside-township``, an error (a warning for facilities).
    """
    if "townships" not in county.layers:
        return county, []
    townships = county.metric("townships")
    faults: list[Fault] = []
    changed = []
    for name in _PLACES:
        if (layer := county.layers.get(name)) is None:
            continue
        points = county.metric(name).geometry.to_numpy()
        lies_in = _township_of(points, townships)
        frame = layer.frame
        declared = frame["township_id"] if "township_id" in frame else pd.Series("", index=frame.index)
        faults += _outside_declared(layer, declared, points, townships, lies_in)
        changed.append(layer.with_frame(frame.assign(township_id=declared.where(declared != "", lies_in))))
    return county.with_layers(*changed), faults


def check_outside(county: ImportedCounty) -> list[Fault]:
    """Report places outside the county, or outside all townships.

    Parameters
    ----------
    county

    Returns
    -------
    list of Fault
        ``outside-county``; an error for villages and neighbourhoods, a warning for facilities.
        The townships together stand for a county that has no outline.
    """
    outline_layer = next((name for name in ("county", "townships") if name in county.layers), None)
    if outline_layer is None:
        return []
    outline = shapely.union_all(county.metric(outline_layer).geometry.to_numpy())
    shapely.prepare(outline)
    faults = []
    for layer in (county.layers[name] for name in _PLACES if name in county.layers):
        points = county.metric(layer.spec.name).geometry.to_numpy()
        for k in np.flatnonzero(~shapely.dwithin(points, outline, TOLERANCE_M)):
            params = {"name": layer.name_of(int(k)), "km": _km(shapely.distance(points[k], outline))}
            value, severity = _position(layer, int(k)), _severity(layer)
            faults.append(
                layer.fault(
                    "outside-county", at=int(k), field="lon, lat", value=value, severity=severity, params=params
                )
            )
    return faults


def check_coverage(county: ImportedCounty) -> list[Fault]:
    """Warn of townships that overlap, leave ground of the county out, or reach beyond it.

    Parameters
    ----------
    county

    Returns
    -------
    list of Fault
        Warnings ``townships-overlap``, ``townships-gap``, ``townships-beyond`` with km².
    """
    if "townships" not in county.layers:
        return []
    layer, townships = county.layers["townships"], county.metric("townships")
    outlines = townships.geometry.to_numpy()
    faults = []
    first, second = shapely.STRtree(outlines).query(outlines, predicate="intersects")
    for i, j in zip(first[first < second], second[first < second], strict=True):
        names = f"{townships['name'].iloc[i]} / {townships['name'].iloc[j]}"
        faults += _area_fault(layer, "townships-overlap", shapely.intersection(outlines[i], outlines[j]), names)
    if "county" in county.layers:
        whole = shapely.union_all(county.metric("county").geometry.to_numpy())
        together = shapely.union_all(outlines)
        faults += _area_fault(layer, "townships-gap", shapely.difference(whole, together), "")
        faults += _area_fault(layer, "townships-beyond", shapely.difference(together, whole), "")
    return faults


def _township_of(points: NDArray[np.object_], townships: GeoDataFrame) -> NDArray[np.object_]:
    """(n,) ids of the townships that the points lie in, "" for none; on a border the first."""
    tree = shapely.STRtree(townships.geometry.to_numpy())
    found = np.full(len(points), "", dtype=object)
    for point, township in (
        tree.query(points, predicate="dwithin", distance=TOLERANCE_M),
        tree.query(points, predicate="intersects"),
    ):
        found[point[::-1]] = townships.index.to_numpy()[township[::-1]]
    return found


def _outside_declared(
    layer: ImportedLayer,
    declared: pd.Series,
    points: NDArray[np.object_],
    townships: GeoDataFrame,
    lies_in: NDArray[np.object_],
) -> list[Fault]:
    position = townships.index.get_indexer(pd.Index(declared))
    known = np.flatnonzero(position >= 0)
    outlines = townships.geometry.to_numpy()[position[known]]
    away = known[~shapely.dwithin(points[known], outlines, TOLERANCE_M)]
    faults = []
    for k in away:
        outline = townships.geometry.iloc[position[k]]
        actual = townships["name"].get(lies_in[k], "—")
        params = {
            "name": layer.name_of(int(k)),
            "township": str(townships["name"].iloc[position[k]]),
            "actual": str(actual),
            "km": _km(shapely.distance(points[k], outline)),
        }
        value, severity = str(declared.iloc[k]), _severity(layer)
        faults.append(
            layer.fault(
                "outside-township", at=int(k), field="township_id", value=value, severity=severity, params=params
            )
        )
    return faults


def _severity(layer: ImportedLayer) -> str:
    return "error" if layer.spec.name in UNIT_LAYERS else "warning"


def _position(layer: ImportedLayer, k: int) -> str:
    lon, lat = shapely.get_coordinates(layer.frame.geometry.iloc[k])[0]
    return f"{lon:.6f}, {lat:.6f}"


def _km(distance_m: float) -> float:
    return round(float(distance_m) / 1000.0, 2)


def _area_fault(layer: ImportedLayer, code: str, ground: shapely.Geometry, value: str) -> list[Fault]:
    area_m2 = float(shapely.area(ground))
    if area_m2 < LEAST_AREA_M2:
        return []
    params = {"km2": round(area_m2 / 1e6, 3)}
    return [layer.fault(code, field="geometry", value=value, severity="warning", params=params)]
