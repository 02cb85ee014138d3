"""Roads for drawing: whole lines instead of pieces, in bands that grow finer as one comes closer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from gis.travel_modes import ROAD_CLASSES

Geometries = NDArray[np.object_]


@dataclass(frozen=True)
class Band:
    """What is drawn of the roads from a zoom of web maps on, until the next band.

    Parameters
    ----------
    zoom
    detail_m
        How far a line may be off.
    classes
        Of roads; all others are left out.
    """

    zoom: int
    detail_m: float
    classes: tuple[str, ...]


BANDS = (
    Band(0, 30.0, ROAD_CLASSES[:6]),
    Band(12, 8.0, ROAD_CLASSES[:7]),
    Band(14, 2.0, ROAD_CLASSES),
)
"""A pixel is some 30 m at zoom 12, 8 m at zoom 14 and 2 m at zoom 16, where the data end."""


def classes_of(roads: GeoDataFrame) -> NDArray[np.str_]:
    """Return the class of each road, slip roads as the class that they lead to."""
    return np.asarray(roads["road_class"].str.removesuffix("_link"), dtype=np.str_)


def whole_roads(lines: Geometries, classes: NDArray[np.str_], ways: NDArray[np.str_]) -> dict[str, Geometries]:
    """Join pieces of road into lines as long as possible.

    Parameters
    ----------
    lines : (k,) LineString
    classes : (k,)
    ways : (k,)
        The road that each piece was cut from, "" if not known: its pieces are joined across crossings, all
        others only where exactly two meet.

    Returns
    -------
    dict
        Class → lines, the greatest class first.
    """
    whole: dict[str, Geometries] = {}
    for name in ROAD_CLASSES:
        mine = classes == name
        if mine.any():
            whole[name] = _joined(_joined(lines[mine], ways[mine]))
    return whole


def thinned(lines: Geometries, detail_m: float) -> Geometries:
    """Simplify lines; those that are no longer than a tenth of the detail are gone."""
    kept = lines[shapely.length(lines) > detail_m / 10]
    return np.asarray(shapely.simplify(kept, detail_m, preserve_topology=False), dtype=np.object_)


def banded(whole: dict[str, Geometries]) -> Iterator[tuple[Band, dict[str, Geometries]]]:
    """Yield what each band draws of whole roads."""
    for band in BANDS:
        yield band, {name: thinned(lines, band.detail_m) for name, lines in whole.items() if name in band.classes}


def _joined(lines: Geometries, group: NDArray[np.str_] | None = None) -> Geometries:
    """Join the lines of each group, all of them where none is given."""
    numbers = np.zeros(len(lines), dtype=np.int64) if group is None else _numbered(group)
    order = np.argsort(numbers, kind="stable")
    together = shapely.multilinestrings(lines[order], indices=numbers[order])
    return np.asarray(shapely.get_parts(shapely.line_merge(together)), dtype=np.object_)


def _numbered(group: NDArray[np.str_]) -> NDArray[np.int64]:
    return np.asarray(pd.factorize(group)[0], dtype=np.int64)
