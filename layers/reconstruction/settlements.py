"""Where villages and urban committees stand, before they have names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon

Points = NDArray[np.float64]

BORDER_M = 180.0
RIVER_M = 270.0
MAIN_ROAD_M = 175.0
VILLAGE_APART_M = 430.0
URBAN_APART_M = 820.0
_TRIES = 3
_URBAN_RINGS = {"邢侗": (5, 900.0), "临盘": (3, 600.0)}


@dataclass(frozen=True)
class Settlements:
    """Points of all units.

    Parameters
    ----------
    xy : (n, 2) metres
    township : (n,) str
        Township code of each point.
    is_urban : (n,) bool
        Urban committees, which stand in a ring around their town's crossroads.
    is_seat : (n,) bool
        The point of each township's own town.
    """

    xy: Points
    township: NDArray[np.str_]
    is_urban: NDArray[np.bool_]
    is_seat: NDArray[np.bool_]


def place_settlements(
    townships: gpd.GeoDataFrame,
    village_counts: Mapping[str, int],
    seats: dict[str, Points],
    *,
    rivers: NDArray[np.object_],
    main_roads: NDArray[np.object_],
    rng: np.random.Generator,
) -> Settlements:
    """Place every unit of every township.

    Villages are thrown one by one at the farthest of a few random spots from those already
    there: neither a lattice nor clumps, as on the North China plain. They keep clear of
    borders, rivers and main roads.

    Parameters
    ----------
    townships
        Index code; ``name`` and polygon in metres.
    village_counts
        Township code → number of village committees.
    seats
        Short township name → crossroads in metres.
    rivers, main_roads
        Lines to keep away from.
    rng
        Source of chance.

    Returns
    -------
    Settlements
    """
    obstacles = shapely.union_all(
        [*shapely.buffer(rivers, RIVER_M, quad_segs=4), *shapely.buffer(main_roads, MAIN_ROAD_M, quad_segs=4)]
    )
    urban = _urban_points(townships, seats, rng)
    points, codes, seat_flags = list(urban[0]), list(urban[1]), _first_of_each(urban[1])
    n_urban = len(points)
    for code, polygon in townships.geometry.items():
        free = polygon.buffer(-BORDER_M).difference(obstacles)
        shapely.prepare(free)
        has_urban = code in codes
        for number in range(village_counts[str(code)]):
            is_town = number == 0 and not has_urban
            middle = seats[short_township_name(townships["name"][code])] if is_town else None
            points.append(_next_point(free, np.array(points), n_urban, middle, rng))
            codes.append(str(code))
            seat_flags.append(is_town)
    return Settlements(np.array(points), np.array(codes), np.arange(len(points)) < n_urban, np.array(seat_flags))


def short_township_name(name: str) -> str:
    """Return a township's name without its kind: 孟寺镇 → 孟寺."""
    return name.removesuffix("街道").removesuffix("镇").removesuffix("乡")


def _first_of_each(codes: list[str]) -> list[bool]:
    return [code not in codes[:k] for k, code in enumerate(codes)]


def _urban_points(
    townships: gpd.GeoDataFrame, seats: dict[str, Points], rng: np.random.Generator
) -> tuple[list[Points], list[str]]:
    points, codes = [], []
    for code, name in townships["name"].items():
        if short_township_name(name) in _URBAN_RINGS:
            count, radius_m = _URBAN_RINGS[short_township_name(name)]
            angle = rng.uniform(0, 2 * np.pi) + np.arange(count) * 2 * np.pi / count
            ring = np.column_stack([np.cos(angle), np.sin(angle)]) * radius_m
            points += list(seats[short_township_name(name)] + ring + rng.uniform(-25, 25, (count, 2)))
            codes += [str(code)] * count
    return points, codes


def _next_point(free: Polygon, taken: Points, n_urban: int, middle: Points | None, rng: np.random.Generator) -> Points:
    """Choose the roomiest of a few free spots; a town stands beside its crossroads instead."""
    apart_m = np.where(np.arange(len(taken)) < n_urban, URBAN_APART_M, VILLAGE_APART_M)
    west, south, east, north = free.bounds
    if middle is not None:
        west, south, east, north = (*(middle - 420.0), *(middle + 420.0))
    for _ in range(400):
        spots = rng.uniform((west, south), (east, north), (60, 2))
        spots = spots[shapely.contains_xy(free, spots)]
        gaps = np.hypot(*(spots[:, None, :] - taken[None]).transpose(2, 0, 1)) - apart_m
        room_m = gaps.min(axis=1)
        spots, room_m = spots[room_m > 0], room_m[room_m > 0]
        if len(spots) >= _TRIES:
            return np.asarray(spots[:_TRIES][room_m[:_TRIES].argmax()])
    raise ValueError("no room left for a village")
