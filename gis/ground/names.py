"""The names on the ground, the weightiest first."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from gis.ground.name_spots import Spot, spots_along
from gis.travel_modes import ROAD_CLASSES

Floats = NDArray[np.float64]
Texts = NDArray[np.str_]
Geometries = NDArray[np.object_]

_DETAIL_M = 2.0


def names_by_size(xy: Floats, named: Texts, sizes: Floats) -> list[list[Any]]:
    """Return ``[x, y, name]`` of all that have a name, the largest first."""
    order = np.argsort(-sizes, kind="stable")
    whole = np.rint(xy[order]).astype(np.int64).tolist()
    return [[*at, name] for at, name in zip(whole, named[order].tolist(), strict=True) if name]


def names_along(lines: Geometries, named: Texts, *, classes: Texts | None = None) -> list[dict[str, Any]]:
    """Return the names of lines with the spots where they may stand.

    Parameters
    ----------
    lines : (k,)
        Pieces, metres of the plane.
    named : (k,)
        Pieces of one name, and of one class, are one line; "" is no name.
    classes : (k,)
        Of roads: those of the greatest come first.

    Returns
    -------
    list of dict
        ``name``, ``class`` where there are classes, ``spots``; the longest first, none without a spot.
    """
    kinds = np.full(len(named), "") if classes is None else classes
    frame = pd.DataFrame({"name": named, "class": kinds, "line": lines})[named != ""]
    told = []
    for (name, kind), pieces in frame.groupby(["name", "class"], sort=True):
        whole = _joined(pieces["line"].to_numpy(dtype=np.object_))
        one = {"name": str(name)} if classes is None else {"name": str(name), "class": str(kind)}
        told.append((_rank(str(kind)), -float(shapely.length(whole)), {**one, "spots": _spots(whole)}))
    told.sort(key=lambda ranked: ranked[:2])
    return [one for _, _, one in told if one["spots"]]


def people_of(frame: GeoDataFrame) -> Floats:
    """Return how many people live in each place, none where that is not known."""
    column = next((name for name in ("resident", "registered") if name in frame), None)
    if column is None:
        return np.zeros(len(frame))
    return np.asarray(pd.to_numeric(frame[column]).fillna(0).to_numpy(dtype=np.float64))


def texts_of(frame: GeoDataFrame, column: str) -> Texts:
    """Return a column of texts, "" where there is none."""
    if column not in frame:
        return np.full(len(frame), "")
    return np.asarray(frame[column].fillna("").astype(str).str.strip(), dtype=np.str_)


def _joined(pieces: Geometries) -> shapely.Geometry:
    joined: shapely.Geometry = shapely.line_merge(shapely.MultiLineString(list(shapely.get_parts(pieces))))
    return joined


def _rank(road_class: str) -> int:
    return ROAD_CLASSES.index(road_class) if road_class in ROAD_CLASSES else len(ROAD_CLASSES)


def _spots(whole: shapely.Geometry) -> list[Spot]:
    """Return the spots of all parts of a line, the longest part first."""
    parts = sorted(shapely.get_parts(shapely.simplify(whole, _DETAIL_M)), key=lambda part: -part.length)
    return [spot for part in parts for spot in spots_along(part)]
