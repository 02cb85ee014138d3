"""Pieces of road that somebody points at or names."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import shapely

from api.actions.open_county import OpenCounty
from api.actions.posed import land_of
from gis.network import RoadNetwork
from gis.road_network import is_through_road


def piece_near(
    at_hand: OpenCounty, lon: float, lat: float, *, within_m: float, streets: bool, network: RoadNetwork | None = None
) -> int | None:
    """Return the row of the piece of road nearest to a position, ``None`` if there is none.

    Parameters
    ----------
    at_hand
    lon, lat
    within_m
        How far it may lie.
    streets
        Whether the streets inside places can be meant too, or through roads only.
    network
        Pieces that are closed in it are not meant; all can be if not given.
    """
    here = shapely.Point(at_hand.metres_of(lon, lat)[0])
    near = at_hand.roads.sindex.query(here, predicate="dwithin", distance=within_m)
    if network is not None:
        is_open = network.passable
        near = near[is_open[2 * near] | is_open[2 * near + 1]]
    roads = at_hand.roads.iloc[near]
    near = near[is_through_road(roads["road_class"]) | streets]
    lines = at_hand.roads.geometry.to_numpy()[near]
    return int(near[np.argmin(shapely.distance(here, lines))]) if len(near) else None


def roads_named(at_hand: OpenCounty, word: str) -> list[dict[str, Any]]:
    """Return the pieces that an edit with this target is about: one by its id, else all of a name or a number."""
    return [road_told(at_hand, piece) for piece in land_of(at_hand).roads.rows_by_word.get(word, [])]


def road_told(at_hand: OpenCounty, piece: int) -> dict[str, Any]:
    """Return a piece of road as JSON, with its course in degrees."""
    row = at_hand.roads.iloc[piece]
    name, bridge = row.get("name"), row.get("bridge")
    return {
        "id": str(row.name),
        "name": None if name is None or pd.isna(name) else str(name),
        "road_class": str(row["road_class"]),
        "bridge": bool(bridge) if bridge is not None and not pd.isna(bridge) else False,
        "length_m": round(float(row["length_m"]), 1),
        "line": at_hand.degrees_of(shapely.get_coordinates(row.geometry)),
    }
