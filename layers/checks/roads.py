"""Roads: one network, and every place near it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis.faults import Fault, Severity
from layers.checks.nearest import distance_to_roads
from layers.imported_county import ImportedCounty
from layers.imported_layer import ImportedLayer
from layers.schema import UNIT_LAYERS
from layers.sources.ways import renumber_nodes

FRAGMENT_SHARE = 0.02
"""A piece of network with less than this share of all roads is a scrap of a clipped map."""
LOST_SHARE, TOO_MUCH_LOST_SHARE = 0.03, 0.25
"""A clipped map loses one or two per cent as scraps. More deserves a warning; a quarter is no scrap but lines
that were drawn without common vertices."""
FAR_M, TOO_FAR_M = 1_000.0, 5_000.0
_NAMES_SHOWN = 10

Labels = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class _Parts:
    """Connected parts of the network: part of each piece, metres of each part, the main one."""

    of_piece: Labels
    length_m: NDArray[np.float64]
    main: int


def drop_fragments(county: ImportedCounty) -> tuple[ImportedCounty, list[Fault]]:
    """Drop scraps of road that no place needs and report islands that some place does.

    Parameters
    ----------
    county

    Returns
    -------
    ImportedCounty
        Roads in parts connected (one-way streets counted both ways) that hold at least
        ``FRAGMENT_SHARE`` of all roads, or places farther than ``FAR_M`` from the main part.
    list of Fault
        Error ``road-island`` with the places on it (a warning with ``islands = "keep"``),
        warning ``empty-road-island``, and ``fragments-dropped``: a note, a warning beyond ``LOST_SHARE``
        of the length, an error beyond ``TOO_MUCH_LOST_SHARE`` (a warning with ``islands = "keep"``).
    """
    layer = county.layers.get("roads")
    places = _places(county)
    if layer is None or not len(places):
        return county, []
    roads = county.metric("roads")
    parts = _connected_parts(layer.frame)
    part_of_place = parts.of_piece[distance_to_roads(roads, places.geometry.to_numpy())[0]]
    is_kept = parts.length_m >= FRAGMENT_SHARE * parts.length_m.sum()
    is_kept[parts.main] = True
    astray = np.flatnonzero(~is_kept[part_of_place])
    if astray.size:
        main = roads[parts.of_piece == parts.main]
        is_far = distance_to_roads(main, places.geometry.to_numpy()[astray])[1] > FAR_M
        is_kept[part_of_place[astray[is_far]]] = True
    faults = [
        _island_fault(layer, parts, int(part), places["name"][part_of_place == part])
        for part in np.flatnonzero(is_kept & (np.arange(is_kept.size) != parts.main))
    ]
    if is_kept.all():
        return county, faults
    faults.append(_dropped_fault(layer, parts, is_kept))
    return _with_pieces(county, layer, is_kept[parts.of_piece]), faults


def check_snapping(county: ImportedCounty) -> list[Fault]:
    """Measure how far villages, neighbourhoods and facilities lie from the roads.

    Parameters
    ----------
    county

    Returns
    -------
    list of Fault
        Warning ``far-from-road`` beyond ``FAR_M``, error ``too-far-from-road`` beyond
        ``TOO_FAR_M``, note ``snap-distances`` with median and maximum of each layer.
    """
    if "roads" not in county.layers:
        return []
    roads = county.metric("roads")
    faults: list[Fault] = []
    for name in (*UNIT_LAYERS, "facilities"):
        if name in county.layers and len(county.layers[name].frame):
            points = county.metric(name).geometry.to_numpy()
            faults += _snap_faults(county.layers[name], distance_to_roads(roads, points)[1])
    return faults


def _snap_faults(layer: ImportedLayer, distance_m: NDArray[np.float64]) -> Iterator[Fault]:
    for k in np.flatnonzero(distance_m > FAR_M):
        params = {"name": layer.name_of(int(k)), "metres": round(float(distance_m[k]))}
        value = f"{distance_m[k]:.0f} m"
        if distance_m[k] > TOO_FAR_M:
            yield layer.fault("too-far-from-road", at=int(k), field="lon, lat", value=value, params=params)
        else:
            yield layer.fault(
                "far-from-road", at=int(k), field="lon, lat", value=value, severity="warning", params=params
            )
    params = {"median_m": round(float(np.median(distance_m))), "max_m": round(float(distance_m.max()))}
    yield layer.fault("snap-distances", value=f"{params['max_m']} m", severity="note", params=params)


def _places(county: ImportedCounty) -> GeoDataFrame:
    frames = [county.metric(name)[["name", "geometry"]] for name in UNIT_LAYERS if name in county.layers]
    return pd.concat(frames) if frames else GeoDataFrame({"name": []}, geometry=[])


def _connected_parts(roads: pd.DataFrame) -> _Parts:
    u, v = roads["u"].to_numpy(), roads["v"].to_numpy()
    n = int(max(u.max(), v.max())) + 1
    graph = coo_array((np.ones(u.size, dtype=np.int8), (u, v)), shape=(n, n))
    count, label = connected_components(graph, directed=False)
    of_piece = label[u].astype(np.intp)
    length_m = np.bincount(of_piece, weights=roads["length_m"].to_numpy(), minlength=count)
    return _Parts(of_piece, length_m.astype(np.float64), int(np.argmax(length_m)))


def _island_fault(layer: ImportedLayer, parts: _Parts, part: int, names: pd.Series) -> Fault:
    km = round(float(parts.length_m[part]) / 1000.0, 1)
    params = {"km": km, "count": len(names), "percent": round(100 * parts.length_m[part] / parts.length_m.sum(), 1)}
    if not len(names):
        return layer.fault("empty-road-island", severity="warning", params=params)
    shown = "、".join(names[:_NAMES_SHOWN]) + ("…" if len(names) > _NAMES_SHOWN else "")
    severity = "warning" if layer.spec.islands == "keep" else "error"
    return layer.fault("road-island", field="geometry", value=shown, severity=severity, params=params)


def _dropped_fault(layer: ImportedLayer, parts: _Parts, is_kept: NDArray[np.bool_]) -> Fault:
    lost_m = float(parts.length_m[~is_kept].sum())
    share, km = lost_m / float(parts.length_m.sum()), round(lost_m / 1000.0, 1)
    severity: Severity = "note"
    if share > LOST_SHARE:
        is_refused = share > TOO_MUCH_LOST_SHARE and layer.spec.islands != "keep"
        severity = "error" if is_refused else "warning"
    params = {"count": int((~is_kept).sum()), "km": km, "percent": round(100 * share, 1)}
    return layer.fault("fragments-dropped", severity=severity, params=params)


def _with_pieces(county: ImportedCounty, layer: ImportedLayer, is_kept: NDArray[np.bool_]) -> ImportedCounty:
    metric = county.metric("roads")[is_kept]
    roads = renumber_nodes(layer.frame[is_kept])
    county = county.with_layers(ImportedLayer(layer.spec, roads, layer.rows[is_kept]))
    county.remember_metric("roads", roads.set_geometry(metric.geometry.to_numpy(), crs=county.crs))
    return county
