"""Speeds by mode and direction: class, what the road says of a vehicle, one-way rule, stated speeds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from gis.road_speeds import may_be_joined, speeds_by_direction
from gis.travel_modes import FERRY_KMH, MODES, ROAD_CLASSES

N = None


@pytest.mark.parametrize(
    ("row", "mode", "forward", "backward"),
    [
        ({"road_class": "residential"}, "car", 20, 20),
        ({"road_class": "residential", "oneway": True}, "car", 20, N),
        ({"road_class": "residential", "oneway": True}, "walk", 4.8, 4.8),
        ({"road_class": "residential", "oneway": True, "bicycle": "both"}, "e-bike", 18, 18),
        ({"road_class": "residential", "motorcar": "no"}, "car", N, N),
        ({"road_class": "residential", "motorcar": "backward"}, "car", N, 20),
        ({"road_class": "primary_link", "bicycle": "forward"}, "e-bike", 20, N),
        ({"road_class": "residential", "motorcar": "no"}, "e-bike", 18, 18),
        # stated speeds are those of cars
        ({"road_class": "primary", "speed_kmh": 36.0}, "car", 36, 36),
        ({"road_class": "primary", "speed_kmh": 36.0}, "e-bike", 20, 20),
        ({"road_class": "primary", "speed_kmh": 36.0, "speed_back_kmh": 50.0}, "car", 36, 50),
        ({"road_class": "primary", "speed_back_kmh": 50.0}, "car", 60, 50),
        # a class that the mode has no speed for: closed, unless the road says otherwise
        ({"road_class": "cycleway"}, "car", N, N),
        ({"road_class": "cycleway", "speed_kmh": 20.0}, "car", N, N),
        ({"road_class": "cycleway", "motorcar": "both"}, "car", 15, 15),
        ({"road_class": "cycleway", "motorcar": "both", "speed_kmh": 10.0}, "car", 10, 10),
        ({"road_class": "footway", "bicycle": "backward"}, "e-bike", N, 12),
        ({"road_class": "motorway", "foot": "both"}, "walk", 4.8, 4.8),
        # on a ferry everybody goes at the speed of the boat
        ({"road_class": "ferry"}, "walk", FERRY_KMH, FERRY_KMH),
        ({"road_class": "ferry", "speed_kmh": 0.5}, "walk", 0.5, 0.5),
        ({"road_class": "ferry", "speed_kmh": 2.0}, "car", N, N),
        ({"road_class": "ferry", "speed_kmh": 2.0, "motorcar": "both"}, "car", 2, 2),
        ({"road_class": "ferry", "speed_kmh": 2.0, "bicycle": "both"}, "e-bike", 2, 2),
        ({"road_class": "ferry", "bicycle": "both"}, "e-bike", FERRY_KMH, FERRY_KMH),
    ],
)
def test_speeds(row: dict[str, object], mode: str, forward: float | None, backward: float | None) -> None:
    found = speeds_by_direction(pd.DataFrame([row]), mode=MODES[mode])
    np.testing.assert_array_equal(np.ravel(found), np.array([forward, backward], dtype=np.float64))


def test_a_class_of_zero_is_closed_whatever_the_road_says() -> None:
    mode = replace(MODES["car"], speeds_kmh={**MODES["car"].speeds_kmh, "residential": 0.0})
    row = {"road_class": "residential", "motorcar": "both", "speed_kmh": 30.0}
    assert np.isnan(np.ravel(speeds_by_direction(pd.DataFrame([row]), mode=mode))).all()


def test_the_lowest_speed_of_a_mode_is_above_nought() -> None:
    mode = replace(MODES["car"], speeds_kmh={"primary": 60.0, "service": 0.0})
    row = {"road_class": "path", "motorcar": "both"}
    assert np.ravel(speeds_by_direction(pd.DataFrame([row]), mode=mode)).tolist() == [60, 60]


@pytest.mark.parametrize("road_class", ROAD_CLASSES)
def test_places_join_every_class_but_motorways_and_ferries(road_class: str) -> None:
    assert may_be_joined(pd.DataFrame({"road_class": [road_class]})).tolist() == [
        road_class not in ("motorway", "ferry")
    ]


@pytest.mark.parametrize("flag", ["bridge", "tunnel", "motorroad"])
def test_nobody_climbs_over_the_fence(flag: str) -> None:
    roads = pd.DataFrame({"road_class": "primary", flag: [True, False]})
    assert may_be_joined(roads).tolist() == [False, True]
