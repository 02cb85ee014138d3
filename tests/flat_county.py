"""A county on a flat earth, written by hand: four places along a road with a bridge, a home, a township's office."""

import numpy as np
import pandas as pd
import shapely

from planning.scenario.land import Land, Roads
from planning.scenario.places import Facility, Places

IDS = ["1", "2", "3", "4"]
PEOPLE = pd.DataFrame(
    {"resident": [90, 80, 70, 60], "registered": [95, 85, 75, 65], "age_60_plus": [30, 20, 10, 9],
     "age_65_plus": [20, 15, 8, 7], "age_80_plus": [3, 2, 1, 1], "age_5_14": [9, 8, 7, 6]},
    index=IDS,
)  # fmt: skip
KM = 0.01
"""A degree is 100 km on this flat earth."""


def at(x, y):
    return (x * KM, y * KM)


LINES = [[(0, 0), (1, 0)], [(1, 0), (2, 0)], [(2, 0), (3, 0)], [(0, 0), (0, 20)]]
ROADS = Roads(
    ids=np.array(["r1", "r2", "r3", "r4"], object),
    names=np.array(["东路", "东路", "大桥", ""], object),
    classes=np.array(["tertiary", "tertiary", "primary", "footway"], object),
    bridges=np.array([False, False, True, False]),
    nodes=np.array([[0, 1], [1, 2], [2, 3], [0, 4]]),
    lines=shapely.linestrings(np.array(LINES, float) * 1000),
)
LAND = Land(
    metres_of=lambda lon_lat: np.asarray(lon_lat, float) * 100_000,
    outline=shapely.box(-1000, -20_000, 10_000, 30_000),
    townships=(("甲", shapely.box(-1000, -20_000, 1500, 30_000)),),
    roads=ROADS,
)
PLACES = Places(
    PEOPLE,
    names=np.array(["东庄", "西庄", "西庄", "河口"], object),
    positions=np.array([[0.0, 0], [1000, 0], [2000, 0], [3000, 0]]),
    lon_lat=np.array([at(0, 0), at(1, 0), at(2, 0), at(3, 0)]),
    townships=np.array(["甲", "甲", "乙", "乙"], object),
    facilities=(
        Facility("F1", "敬老院", "elder-home", (0.0, 1000.0), at(0, 1), "甲", 40),
        Facility("F2", "中心", "township-office", (1000.0, 0.0), at(1, 0), "甲"),
    ),
    land=lambda: LAND,
)
