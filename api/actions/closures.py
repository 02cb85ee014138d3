"""What if roads were closed: everyone's minutes anew, beside those of today."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from api.actions.going import going_to
from api.actions.open_county import OpenCounty
from api.actions.show import township_names
from gis.cost_matrix import UNREACHABLE
from gis.edits import close_roads
from gis.faults import Fault, FaultsError
from gis.road_network import is_through_road
from planning.groups import Base, Group
from planning.measures import compare_means, measures
from planning.population import demand_weights
from planning.services import SERVICES

_WORST = 5  # places told by name


@dataclass(frozen=True)
class ClosureRequest:
    """Which roads are closed, and whose minutes to what are asked.

    Parameters
    ----------
    closed
        Ids of road pieces.
    at
        Longitude and latitude of one more piece to close, or to open if it is closed; ``None`` for none.
    within_m
        How far from there the road may lie.
    streets
        Whether the streets inside places can be meant too, or through roads only.
    facilities
        Ids of the places to reach, villages or facilities; where there are none, all facilities of `kind`.
    kind
        Kind of facility, e.g. ``township-office``.
    mode, base, group
        Mode of travel, population base, whom of them to count.
    limit_minutes
        Who is within it counts as covered.
    goes
        (demand point, site) where a plan says who goes where; empty where everyone goes to the nearest.
    """

    closed: tuple[str, ...]
    at: tuple[float, float] | None
    within_m: float
    streets: bool
    facilities: tuple[str, ...]
    kind: str
    mode: str
    base: Base
    limit_minutes: float
    group: Group = "all"
    goes: tuple[tuple[str, str | None], ...] = ()

    def of_plan(self, plan: Mapping[str, Any]) -> ClosureRequest:
        """Return the same question about the sites and the people of a plan, in its mode and its limit.

        Parameters
        ----------
        plan
            As it is shown.

        Raises
        ------
        FaultsError
            ``no-plan-to-study`` if the plan opens nothing.
        """
        if not plan["opened"]:
            raise FaultsError([Fault("no-plan-to-study", field="plan_id")])
        return dataclasses.replace(
            self,
            facilities=tuple(plan["opened"]),
            mode=plan["mode"],
            base=plan["base"],
            group=SERVICES[plan["service"]].group,
            limit_minutes=plan["limit_minutes"],
            goes=tuple((row["demand_id"], row["facility_id"]) for row in plan["allocation"]),
        )


def close(at_hand: OpenCounty, request: ClosureRequest) -> dict[str, Any]:
    """Return every place's seconds to the nearest facility with these roads closed, and without.

    Parameters
    ----------
    at_hand
    request

    Returns
    -------
    dict
        ``closed`` (roads with their course), ``seconds`` (``None`` where no way is left), ``weights_basis`` (who is
        counted), ``goes`` (``nearest``, or ``allocated`` by the plan), ``before`` and ``after`` (measures),
        ``same_people`` (means over those who get there before and after), ``slower`` (places and people), ``worst``
        (by name).

    Raises
    ------
    FaultsError
        All unknown roads and facilities by name; ``no-road-near`` if there is none at the place clicked.
    """
    faults = _unknown("closed", request.closed, at_hand.roads.index)
    destinations = _destinations(at_hand, request)
    faults += _unknown("facilities", request.facilities, destinations.index)
    faults += [] if len(destinations) or faults else [Fault("unknown-facility-kind", field="kind", value=request.kind)]
    closed = list(dict.fromkeys(request.closed))
    if request.at is not None and not faults:
        road = _road_at(at_hand, request)
        faults += [] if road else [Fault("no-road-near", field="at", params={"metres": round(request.within_m)})]
        closed = (
            [other for other in closed if other != road] if road in closed else [*closed, *([road] if road else [])]
        )
    if faults:
        raise FaultsError(faults)
    pieces = at_hand.roads.index.get_indexer(closed)
    network = at_hand.network(request.mode)
    counted = demand_weights(at_hand.demand, base=request.base, group=request.group)
    people = counted.values  # noqa: PD011 - not a frame
    going = going_to(at_hand, destinations, request.goes, people, mode=request.mode)
    today = going.seconds(network)
    then = going.seconds(close_roads(network, 2 * pieces))
    limit_s = round(request.limit_minutes * 60)
    ids = at_hand.demand.index.astype(str)
    return {
        "closed": [_road(at_hand, int(piece)) for piece in pieces],
        "mode": request.mode,
        "base": request.base,
        "group": request.group,
        "weights_basis": counted.basis,
        "limit_minutes": request.limit_minutes,
        "facilities": len(destinations),
        "goes": "allocated" if going.sites is not None else "nearest",
        "seconds": dict(zip(ids, _or_none(then), strict=True)),
        "before": measures(people, today, limit_s=limit_s).as_dict(),
        "after": measures(people, then, limit_s=limit_s).as_dict(),
        "same_people": compare_means(people, today, then).as_dict(),
        "slower": {"places": int((then > today).sum()), "people": int(people[then > today].sum())},
        "worst": _worst(at_hand, today, then),
    }


def _unknown(field: str, ids: tuple[str, ...], known: pd.Index) -> list[Fault]:
    return [Fault("unknown-id", field=field, value=id_) for id_ in ids if id_ not in known]


def _destinations(at_hand: OpenCounty, request: ClosureRequest) -> GeoDataFrame:
    """Return the places to reach: those named, wherever they stand in the layers, or all of a kind."""
    standing = at_hand.county.layer("facilities") if at_hand.county.has("facilities") else at_hand.demand.iloc[:0]
    if not request.facilities:
        return standing[standing["kind"] == request.kind]
    frames = [frame.loc[frame.index.isin(request.facilities), ["geometry"]] for frame in (at_hand.demand, standing)]
    return GeoDataFrame(pd.concat(frames), crs=at_hand.demand.crs)


def _road_at(at_hand: OpenCounty, request: ClosureRequest) -> str | None:
    """Return the id of the road piece nearest to the place clicked."""
    lon, lat = request.at or (0.0, 0.0)
    here = shapely.Point(at_hand.metres_of(lon, lat)[0])
    near = at_hand.roads.sindex.query(here, predicate="dwithin", distance=request.within_m)
    is_open = at_hand.network(request.mode).passable
    roads = at_hand.roads.iloc[near[is_open[2 * near] | is_open[2 * near + 1]]]
    meant = roads[is_through_road(roads["road_class"]) | request.streets]
    return str(meant.index[np.argmin(meant.distance(here))]) if len(meant) else None


def _or_none(seconds: NDArray[np.int32]) -> list[int | None]:
    return [int(s) if s < UNREACHABLE else None for s in seconds]


def _road(at_hand: OpenCounty, piece: int) -> dict[str, Any]:
    row = at_hand.roads.iloc[piece]
    name = row.get("name")
    return {
        "id": str(row.name),
        "name": None if name is None or pd.isna(name) else str(name),
        "road_class": str(row["road_class"]),
        "length_m": round(float(row["length_m"]), 1),
        "line": at_hand.degrees_of(shapely.get_coordinates(row.geometry)),
    }


def _worst(at_hand: OpenCounty, today: NDArray[np.int32], then: NDArray[np.int32]) -> list[dict[str, Any]]:
    """Name the places that lose most; those that nobody reaches any more first."""
    lost = then.astype(np.int64) - today
    rows = [row for row in np.argsort(-lost, kind="stable")[:_WORST].tolist() if lost[row] > 0]
    townships = township_names(at_hand)
    told = []
    for row in rows:
        place = at_hand.demand.iloc[row]
        before_s, after_s = _or_none(np.array([today[row], then[row]]))
        name, township = str(place["name"]), townships.get(str(place.get("township_id")))
        told.append(
            {"id": str(place.name), "name": name, "township": township, "before_s": before_s, "after_s": after_s}
        )
    return told
