"""What happens to roads: closed, flooded, slowed, built. Every edit is a new network; the old one stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray

from gis.arc_columns import given_positions
from gis.cost_matrix import CLOSED_MS, LONGEST_S
from gis.network import RoadNetwork, arc_lines
from gis.road_network import piece_milliseconds
from gis.travel_modes import ROAD_CLASSES, TravelMode
from gis.whole_numbers import existing


def close_roads(network: RoadNetwork, arcs: ArrayLike) -> RoadNetwork:
    """Close roads in both directions.

    Parameters
    ----------
    network
    arcs : (k,) int
        One arc of each road.
    """
    chosen = existing(arcs, network.tail.size, "arc")
    twins = network.twin[chosen]
    return network.edit(closed=np.concatenate([chosen, twins[twins >= 0]]))


def flood(network: RoadNetwork, area: shapely.Geometry) -> RoadNetwork:
    """Close every road that touches an area.

    Parameters
    ----------
    network
    area
        Polygon in metres, in the network's CRS.

    Raises
    ------
    ValueError
        If it is not one geometry, is empty or lies nowhere.
    """
    if not isinstance(area, shapely.Geometry) or not np.isfinite(shapely.bounds(area)).all():
        raise ValueError(f"one area that is not empty is needed, not {str(area)[:40]}; shapely.union_all joins several")
    lines = arc_lines(network, np.arange(network.tail.size))
    return network.edit(closed=np.sort(shapely.STRtree(lines).query(area, predicate="intersects")))


def slow_roads(network: RoadNetwork, arcs: ArrayLike, *, factor: float) -> RoadNetwork:
    """Make roads slower, or faster with a factor below 1; in the direction of the arcs only.

    Parameters
    ----------
    network
    arcs : (k,) int
    factor
        What their milliseconds are multiplied by, then rounded; above 0.

    Raises
    ------
    ValueError
        If the factor is not above 0 and finite, or an arc does not exist.
    OverflowError
        If a road then takes longer than ``LONGEST_S``.
    """
    if not (factor > 0 and np.isfinite(factor)):
        raise ValueError(f"the factor must be above 0 and finite, not {factor}")
    chosen = existing(arcs, network.tail.size, "arc")
    chosen = chosen[network.passable[chosen]]
    slowed = np.rint(network.milliseconds[chosen] * float(factor))
    if (slowed >= CLOSED_MS).any():
        raise OverflowError(f"{int((slowed >= CLOSED_MS).sum())} arcs take more than {LONGEST_S} s at factor {factor}")
    return network.edit(milliseconds=(chosen, slowed))


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
        New speed of each class that changes; 0 closes it.

    Raises
    ------
    ValueError
        If a speed is negative or not finite, there is no such class, or the roads are not those of the network.
    """
    if unknown := sorted(set(speeds_kmh) - set(ROAD_CLASSES)):
        raise ValueError(
            f"no such classes of road: {', '.join(map(str, unknown))}; there are {', '.join(ROAD_CLASSES)}"
        )
    if 2 * len(roads) > network.tail.size:
        raise ValueError(f"{len(roads)} roads are not those of a network of {network.tail.size} arcs")
    changed = replace(mode, speeds_kmh={**mode.speeds_kmh, **speeds_kmh})
    classes = roads["road_class"].astype(str).str.removesuffix("_link").isin(set(speeds_kmh)).to_numpy()
    wrong = {name: speed for name, speed in speeds_kmh.items() if not 0 <= speed < np.inf}
    if wrong:
        raise ValueError(f"speeds must be finite and not negative: {wrong}")
    ms = np.column_stack(piece_milliseconds(roads, mode=changed)).ravel()  # of all roads: a part alone rounds otherwise
    arcs = np.flatnonzero(np.repeat(classes, 2) & network.passable[: ms.size])
    return network.edit(milliseconds=(arcs, ms[arcs]))


def build_road(network: RoadNetwork, one: int, other: int, *, speed_kmh: float) -> RoadNetwork:
    """Build a straight road or bridge between two nodes, open in both directions.

    Parameters
    ----------
    network
    one, other
        Node numbers.
    speed_kmh

    Raises
    ------
    ValueError
        If a node does not exist, or the speed is not above 0 and finite.
    """
    one, other = existing([one, other], network.x.size, "node").tolist()
    length_m = float(np.hypot(network.x[one] - network.x[other], network.y[one] - network.y[other]))
    if not (speed_kmh > 0 and np.isfinite(speed_kmh)):
        raise ValueError(f"the speed must be above 0 km/h and finite, not {speed_kmh}")
    ms = round(length_m * 3600.0 / speed_kmh)
    return network.edit(added_ms=[(one, other, ms), (other, one, ms)])


def node_near(network: RoadNetwork, xy: NDArray[np.float64]) -> int:
    """Return the node nearest to a position in a straight line.

    Parameters
    ----------
    network
    xy : (2,) float64
        Metres.

    Raises
    ------
    ValueError
        If the position is none, or the network has no node.
    """
    (x, y), *more = given_positions(xy).tolist() or [(np.nan, np.nan)]
    if more or not network.x.size or np.isnan(x):
        raise ValueError(f"one position and a network with nodes are needed; {network.x.size} nodes")
    return int(np.argmin(np.hypot(network.x - x, network.y - y)))
