"""How fast a ferry is over all: waiting, crossing and all."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import Geod
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from layers.sources.ways import Ways

SAILING_KMH = 10.0
"""Speed of a river ferry whose crossing time is not stated; an assumption."""
WAIT_S = 15 * 60.0
"""Wait for a ferry whose interval is not stated; an assumption. With an interval it is half of that."""


def set_ferry_speeds(ways: Ways) -> Ways:
    """Give every ferry the speed that its length and its time from arrival to landing come to.

    Parameters
    ----------
    ways
        Attributes ``road_class``, and of ferries ``crossing_s`` and ``interval_s``, NaN if not stated.

    Returns
    -------
    Ways
        The same without these two, with ``speed_kmh``. A crossing drawn as several ways, no road between
        them, is waited for once: its parts share the wait by their length.
    """
    attributes = ways.attributes.drop(columns=["crossing_s", "interval_s"])
    ferry = np.flatnonzero((ways.attributes["road_class"] == "ferry").to_numpy(bool))
    if ferry.size:
        length_m = np.array([_length_m(ways, way) for way in ferry.tolist()])
        crossing_s, interval_s = (
            ways.attributes[name].to_numpy(np.float64)[ferry] for name in ("crossing_s", "interval_s")
        )
        crossing_s = np.where(np.isfinite(crossing_s), crossing_s, length_m * 3.6 / SAILING_KMH)
        wait_s = np.where(np.isfinite(interval_s), interval_s / 2, WAIT_S)
        share = length_m / pd.Series(length_m).groupby(_crossing(ways, ferry)).transform("sum").to_numpy()
        speed_kmh = attributes["speed_kmh"].to_numpy(np.float64).copy()
        speed_kmh[ferry] = length_m * 3.6 / (crossing_s + wait_s * np.where(length_m > 0, share, 1.0))
        attributes = attributes.assign(speed_kmh=speed_kmh)
    return Ways(ways.node, ways.lon, ways.lat, ways.start, attributes)


def ferry_figures(attributes: pd.DataFrame) -> dict[str, int]:
    """Count the ferries, and those of which something is assumed or not said.

    Parameters
    ----------
    attributes
        As for :func:`set_ferry_speeds`.

    Returns
    -------
    dict
        ``count``; ``assumed``: without interval; ``closed``: not said to take cars; ``wait_min`` of the assumption.
    """
    ferries = attributes[attributes["road_class"] == "ferry"]
    return {
        "count": len(ferries),
        "assumed": int(ferries["interval_s"].isna().sum()),
        "closed": int(ferries["motorcar"].isin(("", "no")).sum()),
        "wait_min": int(WAIT_S / 60),
    }


def _length_m(ways: Ways, way: int) -> float:
    own = slice(ways.start[way], ways.start[way + 1])
    return float(Geod(ellps="WGS84").line_length(ways.lon[own], ways.lat[own]))


def _crossing(ways: Ways, ferry: NDArray[np.int64]) -> NDArray[np.int32]:
    """(f,) number of the crossing of each ferry way: those that meet where no road ends or passes."""
    way = np.repeat(np.arange(ways.start.size - 1), np.diff(ways.start))
    is_ferry = np.isin(way, ferry)
    at_sea = is_ferry & ~np.isin(ways.node, ways.node[~is_ferry])
    node = np.unique(ways.node[at_sea], return_inverse=True)[1]
    owner = np.searchsorted(ferry, way[at_sea])
    n = ferry.size + (int(node.max()) + 1 if node.size else 0)
    graph = coo_array((np.ones(node.size), (owner, ferry.size + node)), shape=(n, n))
    label: NDArray[np.int32] = connected_components(graph, directed=False)[1]
    return label[: ferry.size]
