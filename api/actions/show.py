"""What the map shows: layers as GeoJSON, whose cell a point lies in, minutes to what stands today."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from api.actions.open_county import OpenCounty
from gis.cost_matrix import UNREACHABLE
from maps.features import feature_collection, merge_roads
from planning.groups import Base
from planning.measures.travel_times import measures
from planning.population import demand_weights

_ACCESS_LIMIT_S = 15 * 60


def show_layer(at_hand: OpenCounty, name: str, *, streets: bool = False) -> dict[str, Any]:
    """Return a layer as GeoJSON with where it comes from.

    Parameters
    ----------
    at_hand
    name
        A layer with geometry that the county has.
    streets
        For roads: the streets inside places instead of the through roads.

    Raises
    ------
    FaultsError
        ``missing-layer`` if the county does not have it.
    """
    frame = at_hand.county.layer(name)
    if name == "roads":
        frame = merge_roads(frame, streets=streets)
    source = at_hand.county.layers[name]
    return {**feature_collection(frame), **{key: source.get(key) for key in ("source", "licence", "reconstructed")}}


def place_at(at_hand: OpenCounty, lon: float, lat: float) -> dict[str, Any]:
    """Return in which cell a point lies, so that whoever reports from there sees it before filing.

    Parameters
    ----------
    at_hand
    lon, lat
        WGS-84 degrees.

    Returns
    -------
    dict
        ``cell`` and ``cell_name`` (``None`` outside every cell), ``township``, ``inside`` (the county's outline, or
        where it has none its cells; ``None`` where it has neither).
    """
    county = at_hand.county
    code = at_hand.cells.cell_at(lon, lat) if county.has("cells") else None
    cell = None if code is None else county.layer("cells").loc[code]
    within = county.layer("county").covers(shapely.Point(lon, lat)).any() if county.has("county") else None
    inside = code is not None if within is None and county.has("cells") else within
    return {
        "cell": code,
        "cell_name": None if cell is None else str(cell["name"]),
        "township": None if cell is None else township_names(at_hand).get(str(cell["township_id"])),
        "inside": None if inside is None else bool(inside or code is not None),
    }


def township_names(at_hand: OpenCounty) -> dict[str, str]:
    """Return township id → name, empty for a county without townships."""
    if not at_hand.county.has("townships"):
        return {}
    return {str(k): str(v) for k, v in at_hand.county.layer("townships")["name"].items()}


def access_to(at_hand: OpenCounty, kind: str, *, mode: str, base: Base) -> dict[str, Any]:
    """Return how long every village takes to the nearest facility that stands today.

    Parameters
    ----------
    at_hand
    kind
        Kind of facility, e.g. ``township-office``.
    mode, base
        Mode of travel, population base of the measures.

    Raises
    ------
    KeyError
        If no facility is of that kind.
    """
    frame = at_hand.county.layer("facilities")
    frame = frame[frame["kind"] == kind]
    if frame.empty:
        raise KeyError(kind)
    matrix = at_hand.times_to(frame, mode=mode)
    best = matrix.seconds.argmin(axis=1)
    seconds = matrix.seconds[np.arange(len(best)), best]
    people = demand_weights(at_hand.demand, base=base, group="all")
    reached = seconds < UNREACHABLE
    ids = matrix.origin_ids
    return {
        "kind": kind,
        "mode": mode,
        "base": base,
        "facilities": [str(id_) for id_ in frame.index],
        "seconds": {id_: int(s) if ok else None for id_, s, ok in zip(ids, seconds, reached, strict=True)},
        "nearest": {
            id_: str(matrix.destination_ids[b]) if ok else None for id_, b, ok in zip(ids, best, reached, strict=True)
        },
        "measures": measures(people.values, seconds, limit_s=_ACCESS_LIMIT_S).as_dict(),
    }
