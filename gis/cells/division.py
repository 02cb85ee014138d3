"""Dividing the ground of a village into compact parts with as many houses in each, as its roads tell."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Floats = NDArray[np.float64]

_STEP_M = 20.0  # of the points along the roads that stand for houses
_NEAR_M = 250.0  # so far from the heart of a village a metre of road stands for half as many houses
_OFF = 0.1  # of the smaller half: houses that are too many or too few
_TURNS = np.radians([0.0, 90.0, 45.0, -45.0, 22.5, -22.5, 67.5, -67.5])
_GRID = 24  # points a side, where no road tells where houses are


def settlement(
    ground: BaseGeometry, roads: NDArray[np.object_], home: Floats, *, metres: Floats
) -> tuple[Floats, Floats]:
    """Return points that stand for the houses of a ground, and what each weighs.

    Parameters
    ----------
    ground
        Polygons.
    roads : (r,) LineString
    home : (2,) float64
        The heart of the village: houses stand closer together there.
    metres : (2,) float64
        How long a unit of each coordinate is.

    Returns
    -------
    xy : (m, 2) float64
    weight : (m,) float64
        Roads count by their length, half as much 250 m from the heart, a fifth at 500 m. Without roads the
        whole ground counts alike.
    """
    near = roads[shapely.intersects(roads, ground)] if roads.size else roads
    lines = shapely.get_parts(shapely.intersection(near, ground)) if near.size else near
    lines = lines[shapely.length(lines) > 0] if lines.size else lines
    if not lines.size:
        return _grid(ground), np.ones(len(_grid(ground)))
    step = _STEP_M / float(metres.mean())
    begin, end = _bits(shapely.segmentize(lines, step))
    xy = (begin + end) / 2
    length_m = np.hypot(*((end - begin) * metres).T)
    away_m = np.hypot(*((xy - home) * metres).T)
    return xy, length_m / (1 + (away_m / _NEAR_M) ** 2)


def divide(ground: BaseGeometry, count: int, xy: Floats, weight: Floats, *, metres: Floats) -> list[BaseGeometry]:
    """Cut a ground by straight lines into parts of one weight, each cut across the longer way.

    Parameters
    ----------
    ground
    count
        Of parts.
    xy, weight
        As ``settlement`` returns them.
    metres : (2,) float64
        How long a unit of each coordinate is.

    Returns
    -------
    list of geometry
        Together the ground; a part of a ground with bays may be of several pieces. Fewer than asked for where
        the ground cannot be cut any more.
    """
    if count < 2 or ground.is_empty:
        return [ground]
    first = count // 2
    best = _best_halves(ground, xy, weight, first / count, metres=metres)
    if best is None:
        return [ground]
    halves, side = best
    parts = []
    for half, rows, of in ((halves[0], side, first), (halves[1], ~side, count - first)):
        own = (xy[rows], weight[rows]) if rows.any() else (_grid(half), np.ones(len(_grid(half))))
        parts += divide(half, of, *own, metres=metres)
    return parts


def cut_by_line(ground: BaseGeometry, line: shapely.LineString) -> list[BaseGeometry]:
    """Cut a ground by a line that somebody has drawn: the pieces, of which there is one where it does not cross."""
    return list(_faces(ground, line))


def _best_halves(
    ground: BaseGeometry, xy: Floats, weight: Floats, share: float, *, metres: Floats
) -> tuple[tuple[BaseGeometry, BaseGeometry], NDArray[np.bool_]] | None:
    """Return two halves in one piece each, and which points lie in the first: across the longer way if that will do.

    A bay of the ground that a cut leaves on its own goes to the other half; where that upsets the balance, cuts in
    other directions are tried.
    """
    best, least = None, np.inf
    middle, longer = _longer_way(xy, weight, metres=metres)
    for turn in _TURNS:
        across = np.array([np.cos(longer + turn), np.sin(longer + turn)])
        cut = _cut(xy, weight, share, middle, across, metres=metres)
        halves = _halves(ground, cut, across, metres=metres)
        if halves is None:
            continue
        side = np.asarray(shapely.intersects_xy(halves[0], *xy.T))
        off = abs(float(weight[side].sum()) / float(weight.sum()) - share) / min(share, 1 - share)
        if off < least:
            best, least = (halves, side), off
        if least <= _OFF:
            break
    return best


def _longer_way(xy: Floats, weight: Floats, *, metres: Floats) -> tuple[Floats, float]:
    """Return the middle of the points, metres, and the direction in which they spread most, radians."""
    scaled = xy * metres
    middle = np.average(scaled, axis=0, weights=weight)
    spread = np.cov((scaled - middle).T, aweights=weight, ddof=0) if len(xy) > 1 else np.eye(2)
    return middle, float(np.round(np.arctan2(2 * spread[0, 1], spread[0, 0] - spread[1, 1]) / 2, 6))


def _cut(xy: Floats, weight: Floats, share: float, middle: Floats, across: Floats, *, metres: Floats) -> Floats:
    """Return a point of the line that leaves a share of the weight before it."""
    along = (xy * metres - middle) @ across
    order = np.argsort(along, kind="stable")
    before = np.cumsum(weight[order])
    at = int(np.searchsorted(before, share * before[-1]))
    low, high = along[order[min(at, along.size - 1)]], along[order[min(at + 1, along.size - 1)]]
    found: Floats = np.round(middle + across * (low + high) / 2, 3) / metres  # rounded: the same on every machine
    return found


def _halves(
    ground: BaseGeometry, cut: Floats, across: Floats, *, metres: Floats
) -> tuple[BaseGeometry, BaseGeometry] | None:
    west, south, east, north = ground.bounds
    far = 2 * float(np.hypot((east - west) * metres[0], (north - south) * metres[1]))
    along = np.array([-across[1], across[0]])
    faces = _faces(ground, shapely.LineString([cut - far * along / metres, cut + far * along / metres]))
    inner = shapely.get_coordinates(shapely.point_on_surface(faces))
    side = ((inner - cut) * metres) @ across < 0
    if side.all() or not side.any():
        return None
    area = shapely.area(faces)
    mains = [int(np.flatnonzero(rows)[np.argmax(area[rows])]) for rows in (side, ~side)]
    first = ~side  # what is cut off lies on the other half's border
    first[mains[0]], first[mains[1]] = True, False
    halves = [shapely.coverage_union_all(faces[rows]) for rows in (first, ~first)]
    if any(len(shapely.get_parts(half)) > 1 for half in halves):
        halves = [shapely.coverage_union_all(faces[rows]) for rows in (side, ~side)]
    return halves[0], halves[1]


def _faces(ground: BaseGeometry, line: shapely.LineString) -> NDArray[np.object_]:
    """Return the pieces of a ground that a line leaves; no corner of the ground moves."""
    drawn = shapely.union(shapely.boundary(ground), line)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(drawn)))
    inside: NDArray[np.object_] = faces[shapely.intersects(shapely.point_on_surface(faces), ground)]
    return inside


def _bits(lines: NDArray[np.object_]) -> tuple[Floats, Floats]:
    xy, of = shapely.get_coordinates(lines, return_index=True)
    goes_on = of[1:] == of[:-1]
    return xy[:-1][goes_on], xy[1:][goes_on]


def _grid(ground: BaseGeometry) -> Floats:
    west, south, east, north = ground.bounds
    across = (np.arange(_GRID) + 0.5) / _GRID * (east - west) + west
    up = (np.arange(_GRID) + 0.5) / _GRID * (north - south) + south
    points = np.array(np.meshgrid(across, up)).reshape(2, -1).T
    inside = shapely.intersects_xy(ground, *points.T)
    return points[inside] if inside.any() else shapely.get_coordinates(shapely.point_on_surface(ground))
