"""Cut every road that crosses a river into road, bridge, road."""

from __future__ import annotations

import dataclasses

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from layers.reconstruction.roads import Road

_HALF_SPAN_M = 45.0


def cut_bridges(roads: list[Road], rivers: NDArray[np.object_]) -> list[Road]:
    """Put a bridge wherever a road crosses a river.

    Parameters
    ----------
    roads
        Roads that are not noded yet.
    rivers : (k,) LineString
        In metres.

    Returns
    -------
    list of Road
        Pieces of a crossing road share their end vertices; both ends of each bridge lie at
        least 30 m from the water line.
    """
    lines = np.array([road.line for road in roads])
    water = shapely.union_all(rivers)
    wet = shapely.intersects(lines, water)
    pieces: list[Road] = []
    for road, line, is_wet in zip(roads, lines, wet, strict=True):
        pieces += _cut(road, line, water) if is_wet else [road]
    return pieces


def _cut(road: Road, line: shapely.LineString, water: BaseGeometry) -> list[Road]:
    crossings = sorted(line.project(point) for point in shapely.get_parts(line.intersection(water)))
    pieces, done_m = [], 0.0
    for at in crossings:
        half_m = _HALF_SPAN_M
        while (
            half_m < 4 * _HALF_SPAN_M
            and min(water.distance(line.interpolate(at - half_m)), water.distance(line.interpolate(at + half_m))) < 30.0
        ):
            half_m += 10.0
        pieces += [(done_m, at - half_m, False), (at - half_m, at + half_m, True)]
        done_m = at + half_m
    pieces.append((done_m, line.length, False))
    return [
        dataclasses.replace(road, xy=shapely.get_coordinates(substring(line, start, end)), bridge=is_bridge)
        for start, end, is_bridge in pieces
        if end > start
    ]
