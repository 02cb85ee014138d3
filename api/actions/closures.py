"""What if roads were closed: everyone's minutes anew, beside those of today."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.actions.check_plan import asked_in
from api.actions.closure_ground import Ground, ground_of_county, ground_of_plan
from api.actions.going import going_to
from api.actions.open_county import OpenCounty
from api.actions.roads_near import piece_near, road_told
from api.actions.show import township_names
from gis.cost_matrix import UNREACHABLE
from gis.edits import close_roads
from gis.faults import Fault, FaultsError, refuse_together
from gis.network import RoadNetwork
from planning.groups import Base, Group
from planning.measures.travel_times import compare_means, measures
from planning.scenario.question import PlanQuestion
from planning.services import Service

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
    question
        Of a plan: its edits say who counts, where sites stand and how the roads are before any more is closed.
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
    question: PlanQuestion | None = None

    def of_plan(self, plan: Mapping[str, Any], services: Mapping[str, Service]) -> ClosureRequest:
        """Return the same question about the sites and the people of a plan, in its mode and its limit.

        Parameters
        ----------
        plan
            As it is shown.
        services
            In force when it was made.

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
            group=_group_of(plan, services),
            limit_minutes=plan["limit_minutes"],
            goes=tuple((row["demand_id"], row["facility_id"]) for row in plan["allocation"]),
            question=asked_in(plan, services),
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
        (by name), ``cut_off`` (by name: all that get there no more).

    Raises
    ------
    FaultsError
        All unknown roads and facilities by name; ``no-road-near`` if there is none at the place clicked.
    """
    grounds: list[Ground] = []
    refuse_together(
        lambda: _refuse_unknown_roads(at_hand, request.closed), lambda: grounds.append(_ground(at_hand, request))
    )
    ground = grounds[0]
    closed = _closed(at_hand, request, ground.network)
    pieces = at_hand.roads.index.get_indexer(closed)
    people = ground.counted.values
    going = going_to(at_hand, ground, request.goes, mode=request.mode)
    today = going.seconds(ground.network)
    then = going.seconds(close_roads(ground.network, 2 * pieces))
    limit_s = round(request.limit_minutes * 60)
    ids = at_hand.demand.index.astype(str)
    return {
        "closed": [road_told(at_hand, int(piece)) for piece in pieces],
        "mode": request.mode,
        "base": request.base,
        "group": request.group,
        "weights_basis": ground.counted.basis,
        "limit_minutes": request.limit_minutes,
        "facilities": len(ground.ids),
        "goes": "allocated" if going.sites is not None else "nearest",
        "seconds": dict(zip(ids, _or_none(then), strict=True)),
        "before": measures(people, today, limit_s=limit_s).as_dict(),
        "after": measures(people, then, limit_s=limit_s).as_dict(),
        "same_people": compare_means(people, today, then).as_dict(),
        "slower": {"places": int((then > today).sum()), "people": int(people[then > today].sum())},
        "worst": _worst(at_hand, today, then),
        "cut_off": _cut_off(at_hand, today, then),
    }


def _group_of(plan: Mapping[str, Any], services: Mapping[str, Service]) -> Group:
    """Return whom a plan counts: its edits may say otherwise than its service."""
    said: list[Group] = [edit["group"] for edit in plan.get("edits", []) if edit["op"] == "counted" and "group" in edit]
    return said[0] if said else services[plan["service"]].group


def _refuse_unknown_roads(at_hand: OpenCounty, ids: Iterable[str]) -> None:
    faults = [Fault("unknown-id", field="closed", value=id_) for id_ in ids if id_ not in at_hand.roads.index]
    if faults:
        raise FaultsError(faults)


def _ground(at_hand: OpenCounty, request: ClosureRequest) -> Ground:
    if request.question is not None:
        return ground_of_plan(at_hand, request.question, request.facilities)
    return ground_of_county(
        at_hand, request.facilities, kind=request.kind, mode=request.mode, base=request.base, group=request.group
    )


def _closed(at_hand: OpenCounty, request: ClosureRequest, network: RoadNetwork) -> list[str]:
    """Return the ids of the roads that are closed, the one at the place clicked among them, or no more."""
    closed = list(dict.fromkeys(request.closed))
    if request.at is None:
        return closed
    road = _road_at(at_hand, request, network)
    if road is None:
        raise FaultsError([Fault("no-road-near", field="at", params={"metres": round(request.within_m)})])
    return [other for other in closed if other != road] if road in closed else [*closed, road]


def _road_at(at_hand: OpenCounty, request: ClosureRequest, network: RoadNetwork) -> str | None:
    """Return the id of the road piece nearest to the place clicked."""
    lon, lat = request.at or (0.0, 0.0)
    piece = piece_near(at_hand, lon, lat, within_m=request.within_m, streets=request.streets, network=network)
    return None if piece is None else str(at_hand.roads.index[piece])


def _cut_off(at_hand: OpenCounty, today: NDArray[np.int32], then: NDArray[np.int32]) -> list[dict[str, Any]]:
    """Name every place that got there and does not any more, in the order of the county."""
    townships = township_names(at_hand)
    lost = at_hand.demand[(today < UNREACHABLE) & (then >= UNREACHABLE)]
    return [
        {"id": str(id_), "name": str(place["name"]), "township": townships.get(str(place.get("township_id")))}
        for id_, place in lost.iterrows()
    ]


def _or_none(seconds: NDArray[np.int32]) -> list[int | None]:
    return [int(s) if s < UNREACHABLE else None for s in seconds]


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
