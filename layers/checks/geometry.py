"""Geometries: valid, or repaired without changing what they mean."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from gis.faults import Fault
from layers.imported_county import ImportedCounty

MAX_REPAIR_SHARE = 0.01
"""A repair that changes a polygon's area by more than this says something else than the file did."""


def repair_geometries(county: ImportedCounty) -> tuple[ImportedCounty, list[Fault]]:
    """Repair invalid polygons and report each.

    Parameters
    ----------
    county

    Returns
    -------
    ImportedCounty
    list of Fault
        Warning ``repaired-geometry`` where the repair keeps the area within
        ``MAX_REPAIR_SHARE``; error ``invalid-geometry`` where it does not, as with a bow-tie,
        whose drawn area is ambiguous.
    """
    faults: list[Fault] = []
    changed = []
    for name, layer in county.layers.items():
        frame = layer.frame
        if name == "roads" or not isinstance(frame, GeoDataFrame) or layer.spec.schema.shape != "polygon":
            continue
        geometry = frame.geometry.to_numpy()
        broken = np.flatnonzero(~shapely.is_valid(geometry))
        if not broken.size:
            continue
        repaired = _polygons(shapely.make_valid(geometry[broken], method="structure", keep_collapsed=False))
        area_change = _area_change(geometry[broken], repaired)
        for k, change in zip(broken, area_change, strict=True):
            reason = str(shapely.is_valid_reason(geometry[k]))
            details = {"field": "geometry", "value": reason, "params": {"percent": round(100 * float(change), 2)}}
            if change <= MAX_REPAIR_SHARE:
                faults.append(layer.fault("repaired-geometry", at=int(k), severity="warning", **details))
            else:
                faults.append(layer.fault("invalid-geometry", at=int(k), **details))
        geometry = geometry.copy()
        geometry[broken] = repaired
        changed.append(layer.with_frame(frame.set_geometry(geometry, crs=frame.crs)))
    return county.with_layers(*changed), faults


def _polygons(geometry: NDArray[np.object_]) -> NDArray[np.object_]:
    """Keep the polygons of what a repair made; lines and points left over have no area."""
    parts, row = shapely.get_parts(geometry, return_index=True)
    is_polygon = shapely.get_type_id(parts) == 3
    grouped = pd.Series(parts[is_polygon]).groupby(row[is_polygon]).agg(list)
    merged = [shapely.union_all(grouped[k]) if k in grouped else shapely.Polygon() for k in range(len(geometry))]
    return np.array(merged, dtype=object)


def _area_change(before: NDArray[np.object_], after: NDArray[np.object_]) -> NDArray[np.float64]:
    """Share by which the area of the outline changes; the outline's own area is that of its signed rings."""
    old, new = shapely.area(before), shapely.area(after)
    return np.abs(new - old) / np.maximum(np.maximum(old, new), 1e-300)
