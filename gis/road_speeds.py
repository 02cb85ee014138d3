"""How fast each piece of road is in each direction, and where a place may join it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.travel_modes import TravelMode

Floats = NDArray[np.float64]


def speeds_by_direction(roads: pd.DataFrame, *, mode: TravelMode) -> tuple[Floats, Floats]:
    """Return the speed of a mode along and against the line of each piece of road.

    Parameters
    ----------
    roads
        ``road_class``, and where they are known ``oneway``, ``speed_kmh``, ``speed_back_kmh`` (NaN: not stated;
        against the line as along it) and a column for the mode's vehicle (one of ``DIRECTIONS``, or "").
    mode

    Returns
    -------
    forward, backward : (k,) float64
        km/h; NaN where the mode may not go.
    """
    classes = roads["road_class"].astype(str).str.removesuffix("_link")
    of_class = classes.map(dict(mode.speeds_kmh)).to_numpy(np.float64)
    of_class = np.where(of_class > 0, of_class, np.nan)
    along, against = _directions(roads, mode)
    forward, backward = of_class, of_class
    if mode.uses_road_speed:
        stated = _numbers(roads, "speed_kmh")
        stated_back = _numbers(roads, "speed_back_kmh")
        stated_back = np.where(np.isfinite(stated_back), stated_back, stated)
        forward, backward = (np.where(np.isfinite(s) & (of_class > 0), s, of_class) for s in (stated, stated_back))
    return np.where(along, forward, np.nan), np.where(against, backward, np.nan)


def may_be_joined(roads: pd.DataFrame) -> NDArray[np.bool_]:
    """Tell the pieces of road that a place beside them may join between junctions.

    Parameters
    ----------
    roads
        ``road_class``, and where they are known the flags ``bridge``, ``tunnel``, ``motorroad``.

    Returns
    -------
    (k,) bool
        False on motorways and their links, motor roads, bridges and tunnels: nobody climbs over the fence.
    """
    joined = ~roads["road_class"].astype(str).isin(("motorway", "motorway_link")).to_numpy(bool)
    for flag in ("bridge", "tunnel", "motorroad"):
        if flag in roads:
            joined &= ~roads[flag].to_numpy(bool)
    return joined


def _directions(roads: pd.DataFrame, mode: TravelMode) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether the mode may go along, and against, the line of each piece."""
    oneway = roads["oneway"].to_numpy(bool) if "oneway" in roads and mode.obeys_oneway else np.zeros(len(roads), bool)
    said = roads[mode.vehicle].astype(str).to_numpy() if mode.vehicle in roads else np.full(len(roads), "")
    unsaid = said == ""
    along = np.isin(said, ("both", "forward")) | unsaid
    against = np.isin(said, ("both", "backward")) | (unsaid & ~oneway)
    return along, against


def _numbers(roads: pd.DataFrame, column: str) -> Floats:
    return roads[column].to_numpy(np.float64) if column in roads else np.full(len(roads), np.nan)
