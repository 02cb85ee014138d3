"""What a question means in a county: names turned into rows, kilometres into metres, money into columns, once."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.faults import Fault, FaultsError
from planning.closest import Closest
from planning.groups import Base
from planning.hub_rooms import Room
from planning.population import Weights, demand_weights, share_out
from planning.scenario.defaults import options_known, with_defaults
from planning.scenario.places import Places
from planning.scenario.question import Conditions, PlanQuestion
from planning.services import Service
from planning.siting import MODELS
from planning.tables.in_force import Tables


@dataclass(frozen=True, eq=False)
class Resolved:
    """A question as a county understands it: all that a problem is built from but the minutes.

    Parameters
    ----------
    question
        With its defaults.
    weights
        Who is counted, on what basis.
    children : (n,) int64
        Children of 5–14, ``None`` if the county gives no ages.
    rooms
        Room table of the question or of the office, ``None`` while the one that the program comes with counts.
    rules
        Which sets of sites are allowed, what sites take and cost: keywords of ``SitingProblem.from_arrays``.
    upper
        The centres above the rooms, for a model with two tiers.
    """

    question: PlanQuestion
    weights: Weights
    children: NDArray[np.int64] | None
    rooms: tuple[Room, ...] | None
    rules: dict[str, Any]
    upper: Resolved | None


def resolve(question: PlanQuestion, places: Places, tables: Tables, misfits: Iterable[Fault] = ()) -> Resolved:
    """Resolve a question in a county.

    Parameters
    ----------
    question
        With its defaults.
    places
        Each a demand point and a candidate.
    tables
        In force.
    misfits
        What is wrong with the question in any county, to be told together with the rest.

    Raises
    ------
    FaultsError
        With all of it, with what the county does not count, and with every place and township that is not known, is
        not the only one of its name, or is named twice.
    """
    faults = list(misfits)
    allowed = _allowed(_with_every_township(question, places), places, faults)
    weights = _weights(question, places, tables, faults)
    if weights is None or faults:
        raise FaultsError(faults)
    return Resolved(
        question,
        weights,
        children=_children(places, question.base),
        rooms=question.rooms or (tables.rooms if "rooms" in tables.edited else None),
        rules=allowed | means_of(question.conditions, tables.services[question.service], weights.values),
        upper=_upper_tier(question, places, tables),
    )


def means_of(conditions: Conditions, service: Service, weights: NDArray[np.int64]) -> dict[str, Any]:
    """Return what sites can take and what they cost, as keywords of ``SitingProblem.from_arrays``.

    Parameters
    ----------
    conditions
    service
        Says how much of a site's capacity 1,000 people need, and what a site usually costs.
    weights : (n,) int64
        People at each demand point; each is a candidate.
    """

    def column(name: str) -> NDArray[np.int64]:
        given = getattr(conditions, name)
        return np.full(len(weights), getattr(service, name) if given is None else given)

    means = {"opening_costs": column("opening_yuan"), "closing_costs": column("closing_yuan")}
    if conditions.capacity is not None:
        needed = (2 * int(weights.sum()) * service.load_per_mille + 1000) // 2000
        loads = share_out(weights.astype(np.float64), needed)
        means |= {"capacities": np.full(len(weights), conditions.capacity), "loads": loads}
        means |= {"included": column("included"), "extension_costs": column("extension_yuan")}
    return means


def _with_every_township(question: PlanQuestion, places: Places) -> Conditions:
    """Return the conditions; of two tiers, each township gets a site unless the question says otherwise."""
    conditions = question.conditions
    if question.model == "two-tiers" and conditions.every_township is None and places.townships is not None:
        return dataclasses.replace(conditions, every_township=1)
    return conditions


def _allowed(conditions: Conditions, places: Places, faults: list[Fault]) -> dict[str, Any]:
    """Return which sets of sites are allowed."""
    limits = _township_limits(conditions, places.townships, faults)
    rules: dict[str, Any] = {
        "status": _statuses(conditions, places, faults),
        "max_time_s": conditions.max_time_s,
    }
    if places.townships is not None:
        rules["demand_townships"] = places.townships
    if limits:
        rules |= {"townships": places.townships, "township_limits": limits}
    if conditions.separation_m is not None:
        rules |= {"positions": places.positions, "separation_m": conditions.separation_m}
    return rules


def _statuses(conditions: Conditions, places: Places, faults: list[Fault]) -> NDArray[np.object_]:
    status = np.full(len(places.names), "candidate", dtype=object)
    named: dict[int, str] = {}
    rows_of = places.rows_by_word()
    closest = Closest(rows_of)
    for place, kind in conditions.status:
        rows = rows_of.get(place, [])
        if len(rows) == 1 and named.setdefault(rows[0], kind) == kind:
            status[rows[0]] = kind
        elif len(rows) == 1:
            faults.append(Fault("status-twice", field="status", value=place))
        elif rows:
            ids = ", ".join(places.ids[row] for row in rows)
            faults.append(Fault("ambiguous-place", field="status", value=place, params={"ids": ids}))
        else:
            faults.append(Fault("unknown-place", field="status", value=place, params={"closest": closest.to(place)}))
    return status


def _township_limits(
    conditions: Conditions, labels: NDArray[np.object_] | None, faults: list[Fault]
) -> dict[str, tuple[int, int | None]]:
    if labels is None:
        if conditions.townships or conditions.every_township is not None:
            faults.append(Fault("missing-layer", layer="townships", field="township"))
        return {}
    known = sorted({str(label) for label in labels if label})
    limits: dict[str, tuple[int, int | None]] = {}
    if conditions.every_township:
        limits = dict.fromkeys(known, (conditions.every_township, None))
    for limit in conditions.townships:
        if limit.township in known:
            limits[limit.township] = (limit.least, limit.most)
        else:
            told = {"known": "、".join(known)}
            faults.append(Fault("unknown-township", field="township", value=limit.township, params=told))
    return limits


def _weights(question: PlanQuestion, places: Places, tables: Tables, faults: list[Fault]) -> Weights | None:
    """Return whom the question counts; what the county does not count is added to `faults`."""
    try:
        return demand_weights(places.people, base=question.base, group=tables.services[question.service].group)
    except FaultsError as error:
        faults.extend(error.faults)
        return None


def _children(places: Places, base: Base) -> NDArray[np.int64] | None:
    children = demand_weights(places.people, base=base, group="5-14")
    return None if children.basis == "no-age-data" else children.values


def _upper_tier(question: PlanQuestion, places: Places, tables: Tables) -> Resolved | None:
    """Return the centres above the rooms: elders, as an elder-care centre asks for them."""
    if "upper_p" not in options_known(MODELS[str(question.model)]):
        return None
    return resolve(with_defaults(PlanQuestion("elder-centre", base=question.base)), places, tables)
