"""National, provincial and county roads, drawn from town to town before any village is placed."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon

from layers.reconstruction.curves import draw_curve
from layers.reconstruction.facts import COUNTY_CENTRE, to_metres
from layers.reconstruction.roads import Road

Place = str | tuple[float, float]

_SEATS_KM: dict[str, tuple[float, float]] = {
    "恒源": (486.9, 4121.7),
    "临盘": (479.0, 4114.8),
    "临邑": (490.2, 4113.4),
    "临南": (488.8, 4102.2),
    "德平": (495.8, 4145.4),
    "林子": (492.8, 4129.2),
    "兴隆": (479.4, 4105.0),
    "孟寺": (498.6, 4116.2),
    "翟家": (495.3, 4135.8),
    "理合务": (487.4, 4131.8),
    "宿安": (498.4, 4124.6),
}
"""Kilometres of EPSG:4548, shifted by chance; 邢侗 stands at the county centre itself."""

_ROADS: tuple[tuple[str, str, tuple[Place, ...]], ...] = (
    ("primary", "南北国道", ((497.6, 4158.0), "德平", "翟家", "林子", "邢侗", "临南", (488.2, 4093.0))),
    ("primary", "东西国道", ((470.0, 4112.8), "临盘", "邢侗", "孟寺", (508.0, 4116.8))),
    ("secondary", "兴隆—临南省道", ((469.0, 4107.4), "兴隆", "临南", (498.0, 4098.2))),
    ("secondary", "理合务—翟家省道", ((480.0, 4130.4), "理合务", "翟家", (504.0, 4137.0))),
    ("secondary", "邢侗—理合务省道", ("邢侗", "恒源", "理合务")),
    ("secondary", "邢侗—宿安省道", ("邢侗", "宿安", (508.0, 4127.6))),
    ("secondary", "德平省道", ((486.0, 4143.2), "德平", (506.0, 4146.4))),
    ("tertiary", "理合务—德平公路", ("理合务", (490.9, 4138.2), "德平")),
    ("tertiary", "邢侗—临邑公路", ("邢侗", "临邑")),
    ("tertiary", "邢侗—兴隆公路", ("邢侗", "兴隆")),
    ("tertiary", "临盘—兴隆公路", ("临盘", "兴隆", (479.6, 4095.0))),
    ("tertiary", "临盘—恒源公路", ("临盘", "恒源")),
    ("tertiary", "临邑—孟寺公路", ("临邑", "孟寺")),
    ("tertiary", "孟寺—宿安公路", ((502.8, 4107.0), "孟寺", "宿安")),
    ("tertiary", "宿安—林子公路", ("宿安", "林子")),
    ("tertiary", "林子—理合务公路", ("林子", "理合务")),
)
"""Descriptive names: which real road number runs where has not been verified."""


def place_seats(*, rng: np.random.Generator) -> dict[str, NDArray[np.float64]]:
    """Choose the crossroads at which each township has its town.

    Parameters
    ----------
    rng
        Source of chance: up to 250 m either way.

    Returns
    -------
    dict
        Short township name → (2,) metres.
    """
    seats = {name: np.array(km) * 1000.0 + rng.uniform(-250, 250, 2) for name, km in _SEATS_KM.items()}
    return {"邢侗": np.array(to_metres(*COUNTY_CENTRE)), **seats}


def draw_main_roads(seats: dict[str, NDArray[np.float64]], outline: Polygon, *, rng: np.random.Generator) -> list[Road]:
    """Draw the roads that join towns and leave the county.

    Parameters
    ----------
    seats
        Crossroads of the towns in metres.
    outline
        County outline; roads end at it.
    rng
        Source of chance.

    Returns
    -------
    list of Road
        ``primary``, ``secondary`` and ``tertiary`` roads; crossings are not noded yet.
    """
    roads = []
    for road_class, name, places in _ROADS:
        through = [seats[p] if isinstance(p, str) else np.array(p) * 1000.0 for p in places]
        line = shapely.linestrings(draw_curve(through, rng=rng, wander=0.02))
        inside = shapely.get_parts(shapely.intersection(line, outline.buffer(-5.0)))
        roads.append(Road(road_class, shapely.get_coordinates(max(inside, key=lambda part: part.length)), name))
    return roads
