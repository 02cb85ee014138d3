"""What the map shows: layers as GeoJSON, the search, minutes to what stands today."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import shapely

from api.actions.open_county import OpenCounty
from gis.cost_matrix import UNREACHABLE
from maps.features import feature_collection, merge_roads
from planning.groups import Base
from planning.measures import measures
from planning.population import demand_weights

_FOUND = 20  # search results at most
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


def search_places(at_hand: OpenCounty, text: str) -> list[dict[str, Any]]:
    """Find villages, neighbourhoods and facilities by name, community or id.

    Parameters
    ----------
    at_hand
    text
        Part of a name; names that begin with it come first.

    Returns
    -------
    list of dict
        With township and community, since short names repeat.
    """
    text = text.strip()
    if not text:
        return []
    places = [at_hand.demand.assign(kind=at_hand.demand["kind"])]
    if at_hand.county.has("facilities"):
        places.append(at_hand.county.layer("facilities").assign(kind="facility"))
    table = pd.concat(places)
    names = table["name"].astype(str)
    community = table["community"].fillna("").astype(str) if "community" in table else pd.Series("", index=table.index)
    hit = names.str.contains(text, regex=False) | community.str.contains(text, regex=False) | (table.index == text)
    rank = np.select([names == text, names.str.startswith(text)], [0, 1], default=2)
    order = pd.DataFrame({"rank": rank, "name": names.to_numpy()})[hit.to_numpy()].sort_values(["rank", "name"])
    townships = township_names(at_hand)
    return [_place(table.iloc[row], townships) for row in order.index[:_FOUND]]


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


def _place(row: pd.Series, townships: dict[str, str]) -> dict[str, Any]:
    def value(column: str) -> Any:
        found = row.get(column)
        return None if found is None or pd.isna(found) or found == "" else found

    resident = value("resident")
    return {
        "id": str(row.name),
        "name": str(row["name"]),
        "kind": str(row["kind"]),
        "township": townships.get(str(value("township_id")), value("township_id")),
        "community": value("community"),
        "lon": round(float(row.geometry.x), 6),
        "lat": round(float(row.geometry.y), 6),
        "resident": None if resident is None else int(resident),
    }
