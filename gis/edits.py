"""What happens to roads: closed, flooded, slowed, built. Every edit is a new network; the old one stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray

from gis.cost_matrix import UNREACHABLE
from gis.network import RoadNetwork, arc_lines
from gis.road_network import piece_seconds
from gis.travel_modes import TravelMode


def close_roads(network: RoadNetwork, arcs: ArrayLike) -> RoadNetwork:
    """Close roads in both directions.

    Parameters
    ----------
    network
    arcs : (k,) int
        One arc of each road.
    """
    chosen = np.asarray(arcs, dtype=np.int64).reshape(-1)
    twins = network.twin[chosen[(chosen >= 0) & (chosen < network.twin.size)]]
    return network.edit(closed=np.concatenate([chosen, twins[twins >= 0]]))


def flood(network: RoadNetwork, area: shapely.Geometry) -> RoadNetwork:
    """Close every road that touches an area.

    Parameters
    ----------
    network
    area
        Polygon in metres, in the network's CRS.
    """
    lines = arc_lines(network, np.arange(network.tail.size))
    return network.edit(closed=np.sort(shapely.STRtree(lines).query(area, predicate="intersects")))


def slow_roads(network: RoadNetwork, arcs: ArrayLike, *, factor: float) -> RoadNetwork:
    """Make roads slower, or faster with a factor below 1; in the direction of the arcs only.

    Parameters
    ----------
    network
    arcs : (k,) int
    factor
        What their seconds are multiplied by, then rounded; above 0.

    Raises
    ------
    ValueError
        If the factor is not above 0.
    """
    if not factor > 0:
        raise ValueError(f"the factor must be above 0, not {factor}")
    chosen = np.asarray(arcs, dtype=np.int64).reshape(-1)
    chosen = chosen[network.passable[chosen]]
    return network.edit(seconds=(chosen, np.rint(network.seconds[chosen] * factor)))


def change_speeds(
    network: RoadNetwork, roads: pd.DataFrame, *, mode: TravelMode, speeds_kmh: Mapping[str, float]
) -> RoadNetwork:
    """Give whole classes of road another speed.

    Parameters
    ----------
    network
        Made from `roads` for this mode, edited or not: what is closed stays closed.
    roads
        As for :func:`gis.road_network.network_from_roads`.
    mode
    speeds_kmh
        New speed of each class that changes.
    """
    changed = replace(mode, speeds_kmh={**mode.speeds_kmh, **speeds_kmh})
    classes = roads["road_class"].astype(str).str.removesuffix("_link").isin(set(speeds_kmh)).to_numpy()
    pieces = np.flatnonzero(classes)
    seconds = np.column_stack(piece_seconds(roads.iloc[pieces], mode=changed)).ravel()
    arcs = np.column_stack([2 * pieces, 2 * pieces + 1]).ravel()
    is_open = network.passable[arcs]
    return network.edit(seconds=(arcs[is_open], seconds[is_open]))


def build_road(network: RoadNetwork, one: int, other: int, *, speed_kmh: float) -> RoadNetwork:
    """Build a straight road or bridge between two nodes, open in both directions.

    Parameters
    ----------
    network
    one, other
        Node numbers.
    speed_kmh
    """
    length_m = float(np.hypot(network.x[one] - network.x[other], network.y[one] - network.y[other]))
    seconds = min(int(np.rint(length_m * 3.6 / speed_kmh)), UNREACHABLE)
    return network.edit(added=[(one, other, seconds), (other, one, seconds)])


def node_near(network: RoadNetwork, xy: NDArray[np.float64]) -> int:
    """Return the node nearest to a position in a straight line.

    Parameters
    ----------
    network
    xy : (2,) float64
        Metres.
    """
    return int(np.argmin(np.hypot(network.x - xy[0], network.y - xy[1])))
