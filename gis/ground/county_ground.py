"""A county's layers put together into its ground, in the form that :mod:`gis.ground` tells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from gis.ground.name_spots import inner_points
from gis.ground.names import names_along, names_by_size, people_of, texts_of
from gis.ground.plane import Plane, paths_of, plane_over
from gis.ground.road_bands import banded, classes_of, thinned, whole_roads
from gis.ground.settlements import STREET_CLASSES, settlement_areas

Geometries = NDArray[np.object_]
Layers = Mapping[str, GeoDataFrame]

EDITION = 1
LAYERS = ("county", "townships", "villages", "neighbourhoods", "roads", "rivers")
"""What the ground is made of; villages and roads are enough."""

_OUTLINE_DETAIL_M = 10.0
_RIVER_DETAIL_M = 4.0
_SAME_BORDER_M = 30.0
_NONE = np.empty(0, dtype=np.object_)


def county_ground(layers: Layers) -> dict[str, Any]:
    """Return the ground of a county.

    Parameters
    ----------
    layers
        Those of ``LAYERS`` that the county has, in degrees.
    """
    plane = plane_over(_bounds(layers))
    roads, lines = layers["roads"], plane.place(layers["roads"].geometry.to_numpy())
    classes = classes_of(roads)
    outline = _placed(plane, layers, "county")
    rivers = _placed(plane, layers, "rivers")
    extent = layers["county" if "county" in layers else "roads"].total_bounds
    return {
        "edition": EDITION,
        "origin": [round(plane.west, 2), round(plane.north, 2)],
        "unit": round(plane.unit, 9),
        "size": _size(plane, layers),
        "extent": [round(float(edge), 6) for edge in extent],
        "county": paths_of(shapely.simplify(outline, _OUTLINE_DETAIL_M)),
        "townships": paths_of(_inner_borders(_placed(plane, layers, "townships"), outline)),
        "settlements": paths_of(settlement_areas(lines[np.isin(classes, STREET_CLASSES)])),
        "rivers": paths_of(shapely.simplify(rivers, _RIVER_DETAIL_M)),
        **_drawn_roads(roads, lines, classes),
        "names": {
            "townships": _township_names(plane, layers),
            "villages": _village_names(plane, layers),
            "roads": names_along(lines, texts_of(roads, "name"), classes=classes),
            "rivers": names_along(rivers, texts_of(layers["rivers"], "name")) if "rivers" in layers else [],
        },
    }


def _bounds(layers: Layers) -> list[float]:
    """Return west, south, east, north of all layers together, degrees."""
    bounds = np.array([layers[name].total_bounds for name in LAYERS if name in layers and len(layers[name])])
    return [*bounds[:, :2].min(axis=0), *bounds[:, 2:].max(axis=0)]


def _size(plane: Plane, layers: Layers) -> list[int]:
    _, south, east, _ = _bounds(layers)
    corner = plane.place(np.array([shapely.Point(east, south)], dtype=np.object_))
    width, height = shapely.get_coordinates(corner)[0]
    return [int(np.ceil(width)), int(np.ceil(height))]


def _placed(plane: Plane, layers: Layers, name: str) -> Geometries:
    return plane.place(layers[name].geometry.to_numpy()) if name in layers else _NONE


def _inner_borders(townships: Geometries, outline: Geometries) -> shapely.Geometry:
    """Return the borders between townships, one line for both sides."""
    borders = shapely.union_all(shapely.simplify(shapely.boundary(townships), _OUTLINE_DETAIL_M / 2))
    own = shapely.buffer(shapely.boundary(shapely.union_all(outline)), _SAME_BORDER_M, quad_segs=2)
    inner = shapely.line_merge(shapely.difference(borders, own))
    return shapely.simplify(inner, _OUTLINE_DETAIL_M)


def _drawn_roads(roads: GeoDataFrame, lines: Geometries, classes: NDArray[np.str_]) -> dict[str, Any]:
    ways = texts_of(roads, "way")
    bands = [
        {"zoom": band.zoom, "detail_m": band.detail_m, "roads": _paths(drawn)}
        for band, drawn in banded(whole_roads(lines, classes, ways))
    ]
    over = roads["bridge"].to_numpy(dtype=bool) if "bridge" in roads else np.zeros(len(roads), dtype=bool)
    bridges = whole_roads(lines[over], classes[over], ways[over])
    return {"bands": bands, "bridges": _paths({name: thinned(whole, 1.0) for name, whole in bridges.items()})}


def _paths(drawn: Mapping[str, Geometries]) -> dict[str, list[list[int]]]:
    return {name: paths for name, lines in drawn.items() if (paths := paths_of(lines))}


def _township_names(plane: Plane, layers: Layers) -> list[list[Any]]:
    if "townships" not in layers:
        return []
    areas = _placed(plane, layers, "townships")
    return names_by_size(inner_points(areas), texts_of(layers["townships"], "name"), shapely.area(areas))


def _village_names(plane: Plane, layers: Layers) -> list[list[Any]]:
    frames = [layers[name] for name in ("villages", "neighbourhoods") if name in layers]
    points = np.concatenate([plane.place(frame.geometry.to_numpy()) for frame in frames])
    named = np.concatenate([texts_of(frame, "name") for frame in frames])
    return names_by_size(shapely.get_coordinates(points), named, np.concatenate([people_of(frame) for frame in frames]))
