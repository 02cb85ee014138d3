"""What a question means in a county: names turned into rows, kilometres into metres, money into columns, once."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.faults import Fault, FaultsError
from gis.road_edits import AS_BUILT, RoadEdits
from planning.groups import Base, Group
from planning.hub_rooms import Room
from planning.population import Weights, demand_weights
from planning.scenario.ageing import aged
from planning.scenario.candidates import Candidates
from planning.scenario.candidates_named import CandidatesNamed
from planning.scenario.changes import Changes, changes_of
from planning.scenario.co_location import away_from, keep_together
from planning.scenario.defaults import service_named, with_defaults
from planning.scenario.edits import Status
from planning.scenario.fit import without_price
from planning.scenario.means import means_of, with_capacities
from planning.scenario.places import Places
from planning.scenario.question import Conditions, PlanQuestion
from planning.siting import MODELS
from planning.tables.in_force import Tables


@dataclass(frozen=True, eq=False)
class Resolved:
    """A question as a county understands it: all that a problem is built from but the minutes.

    Parameters
    ----------
    question
        With its defaults, under the standard and on the population base that its edits give.
    people : (n,) frame
        Those of the places, aged where the edits say so.
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
    candidates
        Where the service may stand.
    roads
        What is changed about the roads.
    year
        In which people are counted as they will have aged by then; ``None`` as the county gives them.
    edits_told
        What each edit came to, as JSON.
    sites
        Rows of the candidates that the plan consists of, ascending; none where the model chooses.
    away
        Those of them that stand nowhere near the service that theirs has to share its place with.
    group
        Who is counted: of the service, or as the edits say.
    """

    question: PlanQuestion
    people: pd.DataFrame
    weights: Weights
    children: NDArray[np.int64] | None
    rooms: tuple[Room, ...] | None
    rules: dict[str, Any]
    upper: Resolved | None
    candidates: Candidates
    roads: RoadEdits = AS_BUILT
    year: int | None = None
    edits_told: tuple[dict[str, Any], ...] = ()
    sites: tuple[int, ...] = ()
    away: tuple[int, ...] = ()
    group: Group = "all"


def resolve(
    question: PlanQuestion,
    places: Places,
    tables: Tables,
    misfits: Iterable[Fault] = (),
    *,
    among: Candidates | None = None,
    chooses: bool = True,
) -> Resolved:
    """Resolve a question in a county.

    Parameters
    ----------
    question
        With its defaults.
    places
        Each a demand point and a candidate, and what stands in the county.
    tables
        In force.
    misfits
        What is wrong with the question in any county, to be told together with the rest.
    among
        The candidates of the tier below, where there is one.
    chooses
        Whether sites are to be chosen: what is not chosen is not held against the rules of its service.

    Raises
    ------
    FaultsError
        With all of it, with what the county does not count, and with every place and township that is not known, is
        not the only one of its name, or is named twice.
    """
    faults = list(misfits)
    changes = changes_of(question, places, tables, _upper_question(question, tables), faults)
    candidates = changes.sites.candidates if among is None else among
    named = CandidatesNamed(candidates)
    allowed = _allowed(_with_every_township(changes.question, places), places, candidates, named, faults)
    faults += without_price(changes.question, tables.services[question.service])
    sites = named.rows_of_sites(question.sites, faults) if among is None else ()
    if among is None:
        _say(allowed["status"], changes.sites.status, candidates)
        if chooses and not question.sites:
            hosts = changes.sites.hosts
            faults += keep_together(allowed["status"], question.service, tables.services, candidates, hosts)
    year = changes.people.year
    people = places.people if year is None or faults else aged(places.people, year)
    counted = _weights(changes, people, faults)
    if counted is None or faults:
        raise FaultsError(faults)
    question, service = changes.question, tables.services[question.service]
    means = means_of(question, service, counted.values, candidates)
    return Resolved(
        question,
        people,
        counted,
        children=_children(places, question.base),
        rooms=question.rooms or (tables.rooms if "rooms" in tables.edited else None),
        rules=allowed | with_capacities(means, changes.sites.capacities, candidates),
        upper=_upper_tier(changes, places, tables, candidates),
        candidates=candidates,
        roads=changes.roads(str(question.mode)),
        year=year,
        edits_told=changes.told,
        sites=sites,
        away=tuple(away_from(changes.sites.hosts, service, candidates, sites)),
        group=changes.people.group,
    )


def _with_every_township(question: PlanQuestion, places: Places) -> Conditions:
    """Return the conditions; of two tiers, each township gets a site unless the question says otherwise."""
    conditions = question.conditions
    tiered = bool(MODELS[str(question.model)].tier_above)
    if tiered and conditions.every_township is None and places.townships is not None:
        return dataclasses.replace(conditions, every_township=1)
    return conditions


def _allowed(
    conditions: Conditions, places: Places, candidates: Candidates, named: CandidatesNamed, faults: list[Fault]
) -> dict[str, Any]:
    """Return which sets of sites are allowed."""
    limits = _township_limits(conditions, places.townships, faults)
    rules: dict[str, Any] = {
        "status": _statuses(conditions, candidates, named, faults),
        "max_time_s": conditions.max_time_s,
    }
    if places.townships is not None:
        rules["demand_townships"] = places.townships
    if limits:
        rules |= {"townships": candidates.townships, "township_limits": limits}
    if conditions.separation_m is not None:
        rules |= {"positions": candidates.positions, "separation_m": conditions.separation_m}
    return rules


def _statuses(
    conditions: Conditions, candidates: Candidates, named: CandidatesNamed, faults: list[Fault]
) -> NDArray[np.object_]:
    """Return what is said of each candidate; what stands may be closed unless the question says otherwise."""
    status = np.where(candidates.stands, "closable", "candidate").astype(object)
    said: dict[int, str] = {}
    for place, kind in conditions.status:
        row = named.row_of(place, "status", faults)
        if row >= 0 and said.setdefault(row, kind) == kind:
            _say(status, {row: kind}, candidates)
        elif row >= 0:
            faults.append(Fault("status-twice", field="status", value=place))
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


def _say(status: NDArray[np.object_], said: Mapping[int, Status], candidates: Candidates) -> None:
    """Write down what is asked of candidates: what stands need not be built, and is closed where it is excluded."""
    of_standing = {"required": "existing", "excluded": "closed"}
    for row, kind in said.items():
        status[row] = of_standing.get(kind, kind) if candidates.stands[row] else kind


def _weights(changes: Changes, people: pd.DataFrame, faults: list[Fault]) -> Weights | None:
    """Return whom the question counts; what the county does not count is added to `faults`."""
    try:
        counted = demand_weights(people, base=changes.question.base, group=changes.people.group)
    except FaultsError as error:
        faults.extend(fault for fault in error.faults if (fault.code, fault.value) not in _said_of_edits(faults))
        return None
    values = counted.values.copy()  # noqa: PD011 - not a frame
    for row, count in changes.people.people.items():
        values[row] = count
    year = changes.people.year
    basis = counted.basis if year is None else f"{year}-{counted.basis}"
    return Weights(values, basis, estimated=counted.estimated)


def _said_of_edits(faults: list[Fault]) -> set[tuple[str, str]]:
    """Return what is known of the county already because an edit asked for it."""
    return {("base-missing", fault.value) for fault in faults if fault.code == "edit-base-missing"}


def _children(places: Places, base: Base) -> NDArray[np.int64] | None:
    children = demand_weights(places.people, base=base, group="5-14")
    return None if children.basis == "no-age-data" else children.values  # noqa: PD011 - not a frame


def _upper_tier(changes: Changes, places: Places, tables: Tables, candidates: Candidates) -> Resolved | None:
    """Return the tier above: whom the service above counts, and how they go there, among the same candidates."""
    upper = _upper_question(changes.question, tables)
    if upper is None:
        return None
    resolved = resolve(upper, places, tables, among=candidates)
    return dataclasses.replace(resolved, roads=changes.roads(str(upper.mode)))


def _upper_question(question: PlanQuestion, tables: Tables) -> PlanQuestion | None:
    model = MODELS[str(question.model)].tier_above
    if not model:
        return None
    above = service_named(tables.services[question.service].above, tables.services, field="above")
    asked = PlanQuestion(above.name, model=model, base=question.base, conditions=Conditions(unlimited=True))
    return with_defaults(asked, tables.services)
