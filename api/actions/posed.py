"""A question put to an open county: resolved among its places, built with its minutes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from api.actions.open_county import OpenCounty
from api.actions.projection import project
from api.actions.show import township_names
from gis.cost_matrix import CostMatrix
from gis.faults import Fault
from gis.road_edits import AS_BUILT, RoadEdits
from planning.scenario.build import Built, Times, build
from planning.scenario.candidates import Candidates
from planning.scenario.land import Land, Roads
from planning.scenario.places import Facility, Places, township_labels
from planning.scenario.question import PlanQuestion
from planning.scenario.resolve import Resolved, resolve

F = TypeVar("F", int, float)
STANDS = ("existing", "")
"""Status of facilities that stand today; all others are planned, closed or gone."""
_NOWHERE_M = 1e9
"""Where positions lie that the county's projection does not reach: a quarter of the earth away."""


def resolved_at(
    at_hand: OpenCounty, question: PlanQuestion, misfits: Iterable[Fault] = (), *, chooses: bool = True
) -> Resolved:
    """Return what a question means in a county; see :func:`planning.scenario.resolve.resolve`."""
    return resolve(question, places_of(at_hand), at_hand.tables, misfits, chooses=chooses)


def built_at(
    at_hand: OpenCounty, question: PlanQuestion, misfits: Iterable[Fault] = (), *, places: Places | None = None
) -> Built:
    """Return a question ready to be solved; see :func:`planning.scenario.build.build`.

    Parameters
    ----------
    at_hand
    question
        With its defaults.
    misfits
        What is wrong with the question in any county.
    places
        Those of the county, if not given.
    """
    resolved = resolve(question, places or places_of(at_hand), at_hand.tables, misfits)
    return build(resolved, times_of(at_hand))


def times_of(at_hand: OpenCounty) -> Times:
    """Return what gives the minutes of a county; see :func:`times_at`."""

    def times(mode: str, candidates: Candidates, roads: RoadEdits) -> CostMatrix:
        return times_at(at_hand, candidates, mode=mode, roads=roads)

    return times


def times_at(at_hand: OpenCounty, candidates: Candidates, *, mode: str, roads: RoadEdits = AS_BUILT) -> CostMatrix:
    """Return the seconds from every place to every candidate.

    Parameters
    ----------
    at_hand
    candidates
        The places first; those to them are computed once for all questions that leave the roads as they are.
    mode
    roads
        What is changed about them.
    """
    if roads != AS_BUILT:
        return at_hand.seconds_to(candidates.ids, candidates.positions, mode=mode, roads=roads)
    count = len(at_hand.demand)
    to_places = at_hand.times_to(at_hand.demand, mode=mode)
    if len(candidates) == count:
        return to_places
    further = at_hand.seconds_to(candidates.ids[count:], candidates.positions[count:], mode=mode)
    seconds = np.hstack([to_places.seconds, further.seconds])
    return CostMatrix(seconds, to_places.origin_ids, candidates.ids, mode=mode)


def places_of(at_hand: OpenCounty) -> Places:
    """Return what a question is resolved among: the places, each a candidate, and what stands in the county."""
    return at_hand.once("places", lambda: _places(at_hand))


def _places(at_hand: OpenCounty) -> Places:
    demand = at_hand.demand
    has_townships = "township_id" in demand
    return Places(
        people=demand,
        names=demand["name"].astype(str).to_numpy(dtype=np.object_),
        positions=at_hand.demand_xy,
        lon_lat=np.column_stack([demand.geometry.x, demand.geometry.y]),
        townships=township_labels(demand["township_id"], township_names(at_hand)) if has_townships else None,
        facilities=_facilities(at_hand),
        land=lambda: land_of(at_hand),
    )


def land_of(at_hand: OpenCounty) -> Land:
    """Return outline, townships and roads of a county in metres, read when first asked for."""
    return at_hand.once("land", lambda: _land(at_hand))


def _land(at_hand: OpenCounty) -> Land:
    def ground(layer: str) -> GeoDataFrame:
        return at_hand.county.layer(layer).to_crs(at_hand.county.crs)

    def metres_of(lon_lat: NDArray[np.float64]) -> NDArray[np.float64]:
        xy = project(lon_lat[:, 0], lon_lat[:, 1], source="EPSG:4326", target=at_hand.county.crs)
        return np.nan_to_num(xy, nan=_NOWHERE_M, posinf=_NOWHERE_M, neginf=-_NOWHERE_M)

    townships = ground("townships") if at_hand.county.has("townships") else None
    labels = () if townships is None else township_labels(townships.index.to_series(), township_names(at_hand))
    grounds = () if townships is None else townships.geometry
    outline = shapely.union_all(ground("county").geometry) if at_hand.county.has("county") else None
    return Land(metres_of, outline, tuple(zip(map(str, labels), grounds, strict=True)), _roads(at_hand.roads))


def _roads(roads: GeoDataFrame) -> Roads:
    names = roads["name"].fillna("").astype(str) if "name" in roads else pd.Series("", index=roads.index)
    return Roads(
        ids=roads.index.astype(str).to_numpy(dtype=np.object_),
        names=names.to_numpy(dtype=np.object_),
        classes=roads["road_class"].astype(str).str.removesuffix("_link").to_numpy(dtype=np.object_),
        bridges=roads["bridge"].fillna(value=False).to_numpy(dtype=np.bool_),
        nodes=roads[["u", "v"]].to_numpy(dtype=np.int64),
        lines=roads.geometry.to_numpy(),
    )


def standing_facilities(facilities: GeoDataFrame) -> GeoDataFrame:
    """Return those facilities of a layer that stand today."""
    return facilities[facilities["status"].fillna("").isin(STANDS)] if "status" in facilities else facilities


def _facilities(at_hand: OpenCounty) -> tuple[Facility, ...]:
    if not at_hand.county.has("facilities"):
        return ()
    frame = at_hand.county.layer("facilities")
    standing = standing_facilities(frame)
    if "township_id" in standing:
        townships = township_labels(standing["township_id"], township_names(at_hand))
    else:
        townships = np.full(len(standing), "", dtype=object)
    rows = zip(standing.iterrows(), at_hand.metres(standing).tolist(), townships, strict=True)
    return tuple(
        Facility(
            str(id_),
            str(row["name"]),
            kind=str(row["kind"]),
            xy=(xy[0], xy[1]),
            lon_lat=(float(row.geometry.x), float(row.geometry.y)),
            township=str(township),
            capacity=_figure(row.get("capacity", pd.NA), int),
            floor_area_m2=_figure(row.get("floor_area_m2", pd.NA), float),
        )
        for (id_, row), xy, township in rows
    )


def _figure(value: Any, kind: type[F]) -> F | None:
    return None if pd.isna(value) else kind(value)
