"""What is changed about the roads of a county: closed, slowed, built, other speeds; on arrays, the county stays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from gis.edits import build_road, change_speeds, close_roads, node_near, slow_roads
from gis.network import RoadNetwork
from gis.travel_modes import TravelMode


@dataclass(frozen=True)
class BuiltRoad:
    """A road that is built, open in both directions, straight between its ends.

    Parameters
    ----------
    start, end
        Metres; it begins and ends at the junction nearest to each.
    speed_kmh
        Whoever goes slower on every road of their own goes as fast as on their fastest.
    """

    start: tuple[float, float]
    end: tuple[float, float]
    speed_kmh: float


@dataclass(frozen=True)
class RoadEdits:
    """Everything that is changed about the roads, in an order in which nothing depends on the order of asking.

    Parameters
    ----------
    closed
        Rows of the road table, ascending: closed in both directions.
    slowed
        (row, factor), ascending: both directions take so many times as long.
    built
    speeds_kmh
        (road class, speed) of the mode of travel that is asked for, ascending.
    """

    closed: tuple[int, ...] = ()
    slowed: tuple[tuple[int, float], ...] = ()
    built: tuple[BuiltRoad, ...] = ()
    speeds_kmh: tuple[tuple[str, float], ...] = ()


AS_BUILT = RoadEdits()
"""Roads as the county has them."""


def edit_roads(network: RoadNetwork, roads: pd.DataFrame, edits: RoadEdits, *, mode: TravelMode) -> RoadNetwork:
    """Return the network with everything changed: speeds first, then what is slower, closed, built.

    Parameters
    ----------
    network
        Made from `roads` for this mode; stays as it is.
    roads
        As for :func:`gis.road_network.network_from_roads`.
    edits
    mode
    """
    if edits.speeds_kmh:
        network = change_speeds(network, roads, mode=mode, speeds_kmh=dict(edits.speeds_kmh))
    rows = np.array([row for row, _ in edits.slowed], np.int64)
    factors = np.array([factor for _, factor in edits.slowed])
    for factor in np.unique(factors).tolist():
        both = 2 * rows[factors == factor, None] + np.arange(2)
        network = slow_roads(network, both.ravel(), factor=factor)
    if edits.closed:
        network = close_roads(network, 2 * np.array(edits.closed, np.int64))
    for road in edits.built:
        ends = (node_near(network, np.array(end)) for end in (road.start, road.end))
        network = build_road(network, *ends, speed_kmh=min(road.speed_kmh, max(mode.speeds_kmh.values())))
    return network
