"""How fast each piece of road is in each direction, and where a place may join it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.travel_modes import FERRY_KMH, TravelMode

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
        km/h; NaN where the mode may not go. A road of a class that the mode has no speed for, opened to its
        vehicle by its own column (cars on a cycleway), is travelled at the mode's lowest speed. On ferries the
        stated speed counts in every mode: the boat takes all on board at one speed.
    """
    along, against = _directions(roads, mode)
    speed = _speed_of_class(roads, mode)
    is_stated_for_mode = (roads["road_class"].astype(str) == "ferry").to_numpy(bool) | mode.uses_road_speed
    stated = np.where(is_stated_for_mode & (speed > 0), _numbers(roads, "speed_kmh"), np.nan)
    stated_back = np.where(is_stated_for_mode & (speed > 0), _numbers(roads, "speed_back_kmh"), np.nan)
    forward = np.where(np.isfinite(stated), stated, speed)
    backward = np.where(np.isfinite(stated_back), stated_back, forward)
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
        False on motorways and their links, motor roads, bridges, tunnels and ferries: nobody climbs over the
        fence or boards in the middle of the river.
    """
    joined = ~roads["road_class"].astype(str).isin(("motorway", "motorway_link", "ferry")).to_numpy(bool)
    for flag in ("bridge", "tunnel", "motorroad"):
        if flag in roads:
            joined &= ~roads[flag].to_numpy(bool)
    return joined


def _directions(roads: pd.DataFrame, mode: TravelMode) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether the mode may go along, and against, the line of each piece."""
    oneway = roads["oneway"].to_numpy(bool) if "oneway" in roads and mode.obeys_oneway else np.zeros(len(roads), bool)
    said = roads[mode.vehicle].astype(str).to_numpy() if mode.vehicle in roads else np.full(len(roads), "")
    open_by_class = (said == "") & _classes(roads).isin(set(mode.speeds_kmh)).to_numpy(bool)
    along = np.isin(said, ("both", "forward")) | open_by_class
    against = np.isin(said, ("both", "backward")) | (open_by_class & ~oneway)
    return along, against


def _speed_of_class(roads: pd.DataFrame, mode: TravelMode) -> Floats:
    """Speed of the mode on the class of each piece, as if it were open; NaN on a class of 0 km/h."""
    speeds = {"ferry": FERRY_KMH, **mode.speeds_kmh}
    on_roads = (kmh for name, kmh in mode.speeds_kmh.items() if name != "ferry" and kmh > 0)
    lowest = min(on_roads, default=np.nan)
    speed = np.array([speeds.get(name, lowest) for name in _classes(roads)], dtype=np.float64)
    return np.where(speed > 0, speed, np.nan)


def _classes(roads: pd.DataFrame) -> pd.Series:
    return roads["road_class"].astype(str).str.removesuffix("_link")


def _numbers(roads: pd.DataFrame, column: str) -> Floats:
    return roads[column].to_numpy(np.float64) if column in roads else np.full(len(roads), np.nan)
