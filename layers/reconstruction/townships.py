"""Township outlines: a partition of the real county outline in the known arrangement."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely import Polygon

from layers.reconstruction.facts import AREAS_KM2, METRIC_CRS, LinyiFacts

_CELL_M = 260.0
_SMOOTH_M = 170.0

_MIDDLES_KM: dict[str, tuple[float, float]] = {
    "371424001": (487.6, 4115.9),  # 邢侗街道
    "371424002": (485.2, 4121.4),  # 恒源街道
    "371424003": (480.9, 4117.4),  # 临盘街道
    "371424100": (490.1, 4110.3),  # 临邑镇
    "371424102": (489.6, 4104.1),  # 临南镇
    "371424103": (493.0, 4148.0),  # 德平镇
    "371424104": (491.9, 4125.7),  # 林子镇
    "371424105": (484.3, 4103.8),  # 兴隆镇
    "371424106": (499.0, 4109.6),  # 孟寺镇
    "371424107": (494.6, 4133.0),  # 翟家镇
    "371424108": (484.7, 4128.6),  # 理合务镇
    "371424202": (498.7, 4122.6),  # 宿安乡
}
"""Rough middles of the townships in kilometres of EPSG:4548, after their known arrangement."""


def partition_townships(facts: LinyiFacts, *, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """Divide the county among its townships.

    Small Voronoi cells go to the township whose middle is nearest, middles being weighted until
    every township has its area (a power diagram), with distances warped by a smooth field so
    that borders wander as field borders do; shared borders are then simplified together.

    Parameters
    ----------
    facts
        Outline, townships and villages a township.
    rng
        Source of chance.

    Returns
    -------
    GeoDataFrame
        Index township code; ``name``, ``kind``, polygon in EPSG:4548. Neighbours share their
        border vertex by vertex and the outer border is the outline's.
    """
    cells = _small_cells(facts.outline, rng)
    xy = np.array([(cell.centroid.x, cell.centroid.y) for cell in cells])
    middles = np.array([_MIDDLES_KM[code] for code in facts.townships.index]) * 1000.0
    owner = _share_out(_warp(xy, rng), middles, shapely.area(cells), target_areas_m2(facts))
    polygons = _unite(cells, owner)
    smooth = shapely.coverage_simplify(polygons, tolerance=_SMOOTH_M, simplify_boundary=False)
    return gpd.GeoDataFrame(facts.townships.copy(), geometry=smooth, crs=METRIC_CRS)


def target_areas_m2(facts: LinyiFacts) -> NDArray[np.float64]:
    """Share the county's area: published areas first, the rest by number of villages.

    Returns
    -------
    (12,) m²
    """
    villages = facts.units.groupby("township_code").size().reindex(facts.townships.index)
    known = pd.Series(AREAS_KM2).reindex(villages.index) * 1e6
    rest = villages[known.isna()]
    return np.asarray(known.fillna(rest / rest.sum() * (facts.outline.area - known.sum())), dtype=np.float64)


def _small_cells(outline: Polygon, rng: np.random.Generator) -> NDArray[np.object_]:
    """Voronoi cells of a jittered grid, clipped to the outline; pieces cut off stay with a neighbour."""
    west, south, east, north = outline.buffer(2 * _CELL_M).bounds
    gx, gy = np.meshgrid(np.arange(west, east, _CELL_M), np.arange(south, north, _CELL_M))
    xy = np.column_stack([gx.ravel(), gy.ravel()]) + rng.uniform(-0.45, 0.45, (gx.size, 2)) * _CELL_M
    xy = xy[shapely.contains_xy(outline.buffer(2 * _CELL_M), xy)]
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(xy)))
    cut = ~shapely.contains_properly(outline, cells)
    cells[cut] = shapely.intersection(cells[cut], outline)
    parts = shapely.get_parts(cells[~shapely.is_empty(cells)])
    return np.asarray(parts[shapely.get_type_id(parts) == 3])


def _warp(xy: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Shift points by a few slow waves, so that straight borders become winding ones."""
    shift = np.zeros_like(xy)
    for wave_m, height_m in ((9000.0, 420.0), (4200.0, 260.0), (1900.0, 130.0)):
        for _ in range(3):
            angle, phase = rng.uniform(0, 2 * np.pi, 2)
            along = xy @ np.array([np.cos(angle), np.sin(angle)])
            wave = height_m * np.sin(2 * np.pi * along / wave_m + phase)
            shift += wave[:, None] * np.array([-np.sin(angle), np.cos(angle)])
    return xy + shift


def _share_out(
    xy: NDArray[np.float64], middles: NDArray[np.float64], area_m2: NDArray[np.float64], wanted_m2: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Assign cells to middles by weighted distance; weights move until the areas fit."""
    distance2 = ((xy[:, None, :] - middles[None]) ** 2).sum(axis=2)
    weight = np.zeros(len(middles))
    for step in np.geomspace(0.5, 0.05, 300):
        owner = (distance2 - weight).argmin(axis=1)
        area = np.bincount(owner, weights=area_m2, minlength=len(middles))
        weight += step * (wanted_m2 - area)
    return np.asarray(owner, dtype=np.int64)


def _unite(cells: NDArray[np.object_], owner: NDArray[np.int64]) -> NDArray[np.object_]:
    """Unite the cells of each owner; a part that stands alone joins the neighbour it borders most."""
    polygons = np.array([shapely.union_all(cells[owner == k]) for k in range(owner.max() + 1)])
    for k in range(len(polygons)):
        parts = shapely.get_parts(polygons[k])
        main = shapely.area(parts).argmax()
        polygons[k] = parts[main]
        for stray in np.delete(parts, main):
            border_m = shapely.length(shapely.intersection(polygons, stray))
            border_m[k] = 0.0
            polygons[border_m.argmax()] = shapely.union_all([polygons[border_m.argmax()], stray])
    return polygons
