"""The county in figures."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from api.actions.open_county import OpenCounty
from gis.detour import detour_index
from gis.road_graph import island_of_nodes
from gis.road_network import is_through_road

_SEED = 371424  # of the pairs that the detour index is measured on
AGE_BANDS = ("age_60_plus", "age_65_plus", "age_80_plus")


def describe_county(at_hand: OpenCounty) -> dict[str, Any]:
    """Return the figures of a county.

    Parameters
    ----------
    at_hand

    Returns
    -------
    dict
        ``county``, ``layers``, ``population``, ``network``, ``version``; a figure that the
        layers do not give is ``None``.
    """
    county = at_hand.county
    return {
        "county": {"name": county.name, "code": county.code, "area_km2": at_hand.area_km2, "crs": county.crs},
        "layers": county.layers,
        "population": _population(at_hand),
        "network": _network(at_hand),
        "version": county.version,
        "warnings": county.manifest["warnings"],
    }


def _population(at_hand: OpenCounty) -> dict[str, Any]:
    demand = at_hand.demand
    totals: dict[str, Any] = {
        column: int(demand[column].sum()) if column in demand else None
        for column in ("registered", "resident", *AGE_BANDS)
    }
    totals["age_basis"] = "resident" if "age_60_plus" in demand else None
    return totals


def _network(at_hand: OpenCounty) -> dict[str, Any]:
    name = f"network-{at_hand.county.version}.json"
    kept = at_hand.cache.read(name)
    if kept is not None:
        return dict(json.loads(kept))
    roads = at_hand.roads
    through = is_through_road(roads["road_class"])
    length_m = roads["length_m"].to_numpy()
    u, v = roads["u"].to_numpy(), roads["v"].to_numpy()
    nodes = int(max(u.max(), v.max())) + 1
    index = detour_index(at_hand.network("car"), at_hand.demand_xy, rng=np.random.default_rng(_SEED))
    figures = {
        "nodes": nodes,
        "arcs": 2 * len(roads),
        "length_km": round(float(length_m[through].sum()) / 1000, 3),
        "street_km": round(float(length_m[~through].sum()) / 1000, 3),
        "detour_index": None if index is None else round(index, 4),
        "components": int(island_of_nodes(u, v).max()) + 1,
    }
    at_hand.cache.write(name, json.dumps(figures).encode())
    return figures
