"""What the edits of a scenario change about the sites: new candidates, adopted ones, what is said of each."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from planning.closest import Closest
from planning.scenario.adopted_sites import Standing, adopted_sites, as_facilities, proposed_site
from planning.scenario.candidates import UNKNOWN, Candidates, Site, candidates_of
from planning.scenario.co_location import hosts_of, sites_within
from planning.scenario.contradictions import Contradictions, of_kind
from planning.scenario.edits import Edit, NewCandidate, SiteCapacity, SiteStatus, Status
from planning.scenario.places import Facility, Places
from planning.scenario.question import PlanQuestion
from planning.services import Service


@dataclass(frozen=True, eq=False)
class SiteChanges:
    """The candidates, and what is said of them.

    Parameters
    ----------
    candidates
    facilities
        All that stand, sites of adopted schemes of other services among them.
    hosts
        Those of the service that this one has to share its place with.
    status
        Row of a candidate -> what is said of it.
    capacities
        Row of a candidate -> what it takes, whatever the others do.
    rows
        Number of an edit -> rows that it is about.
    """

    candidates: Candidates
    facilities: tuple[Facility, ...]
    hosts: Sequence[Facility]
    status: dict[int, Status] = field(default_factory=dict)
    capacities: dict[int, int] = field(default_factory=dict)
    rows: dict[int, list[int]] = field(default_factory=dict)


def site_changes(
    edits: Sequence[Edit],
    question: PlanQuestion,
    services: Mapping[str, Service],
    places: Places,
    found: Contradictions,
) -> SiteChanges:
    """Return the candidates of a question, changed.

    Parameters
    ----------
    edits, question
    services
        There are.
    places
    found
        Told every contradiction.
    """
    proposed = _proposed(edits, places, found)
    adopted = adopted_sites(edits, places, {one.id: one for one in proposed.values()}, services, found)
    own = [one for one in adopted if one.service == question.service]
    others = as_facilities([one for one in adopted if one.service != question.service], services, places)
    facilities = (*places.facilities, *others)
    service = services[question.service]
    hosts = hosts_of(service, services, facilities)
    sites = [*standing(service, facilities), *sites_within(hosts)]
    in_county = {one.id for one in sites}
    sites += [one for one in proposed.values() if one.id not in in_county]
    candidates, rows = _with_adopted(places, sites, own)
    changes = SiteChanges(candidates, facilities, hosts, dict.fromkeys((row for _, row in rows), "existing"))
    for one, row in rows:
        changes.rows.setdefault(one.number, []).append(row)
    asked = _asked(question, candidates)
    _check_adopted(rows, asked, candidates, found)
    _say_status(edits, asked, {row: one.number for one, row in rows}, changes, found)
    _say_capacity(edits, question, asked, changes, found)
    return changes


def standing(service: Service, facilities: Iterable[Facility]) -> list[Site]:
    """Return the facilities of a service as they stand: each a candidate where it is."""
    return [
        Site(
            one.id,
            one.name,
            xy=one.xy,
            lon_lat=one.lon_lat,
            township=one.township,
            capacity=UNKNOWN if one.capacity is None else one.capacity,
        )
        for one in facilities
        if one.kind in service.facility_kinds
    ]


def _proposed(edits: Sequence[Edit], places: Places, found: Contradictions) -> dict[int, Site]:
    """Return number of an edit -> the candidate that it proposes."""
    there = set(places.rows_by_word) | {word for one in places.facilities for word in (one.id, one.name)}
    named: dict[str, int] = {}
    proposed: dict[int, Site] = {}
    for number, edit in of_kind(edits, NewCandidate):
        if edit.target in there:
            found.tell("edit-candidate-taken", number, "target", edit.target)
        elif named.setdefault(edit.target, number) != number:
            found.tell("edit-candidate-twice", number, "target", edit.target, other=named[edit.target])
        site = proposed_site(number, "at", edit.at, places, found, id_=edit.target, name=edit.target)
        if site is not None:
            proposed[number] = site
    return proposed


def _with_adopted(
    places: Places, sites: list[Site], own: list[Standing]
) -> tuple[Candidates, list[tuple[Standing, int]]]:
    """Return all candidates, those that were adopted standing, and the row of each of these."""
    row_of = {id_: row for row, id_ in enumerate(candidates_of(places, sites).ids.tolist())}
    rows: list[tuple[Standing, int]] = []
    for one in own:
        if one.site.id not in row_of:
            row_of[one.site.id] = len(places.names) + len(sites)
            sites = [*sites, one.site]
        rows.append((one, row_of[one.site.id]))
    candidates = candidates_of(places, sites)
    stands, capacities = candidates.stands.copy(), candidates.capacities.copy()
    for one, row in rows:
        stands[row] = True
        capacities[row] = one.site.capacity
    return dataclasses.replace(candidates, stands=stands, capacities=capacities), rows


def _asked(question: PlanQuestion, candidates: Candidates) -> dict[int, Status]:
    """Return what the question itself says of candidates, as far as it names them rightly."""
    known = candidates.rows_by_word
    named = ((known.get(word, []), status) for word, status in question.conditions.status)
    return {rows[0]: status for rows, status in named if len(rows) == 1}


def _check_adopted(
    rows: list[tuple[Standing, int]], asked: Mapping[int, Status], candidates: Candidates, found: Contradictions
) -> None:
    for one, row in rows:
        if asked.get(row, "existing") != "existing":
            name = str(candidates.names[row])
            found.tell("edit-adopted-status", one.number, "sites", name, status=asked[row])


def _say_status(
    edits: Sequence[Edit],
    asked: Mapping[int, Status],
    adopted: Mapping[int, int],
    changes: SiteChanges,
    found: Contradictions,
) -> None:
    known, ids = changes.candidates.rows_by_word, changes.candidates.ids.tolist()
    closest = Closest(known)
    told: dict[int, int] = {}
    for number, edit in of_kind(edits, SiteStatus):
        row = found.row_of(number, edit.target, known, closest, ids)
        if row < 0:
            continue
        changes.rows[number] = [row]
        if told.setdefault(row, number) != number:
            found.tell("edit-status-twice", number, "status", edit.target, other=told[row])
        elif asked.get(row, edit.status) != edit.status:
            found.tell("edit-status-against-question", number, "status", edit.target, asked_for=asked[row])
        elif row in adopted and edit.status != "existing":
            found.tell("edit-status-of-adopted", number, "status", edit.target, other=adopted[row])
        changes.status[row] = edit.status


def _say_capacity(
    edits: Sequence[Edit],
    question: PlanQuestion,
    asked: Mapping[int, Status],
    changes: SiteChanges,
    found: Contradictions,
) -> None:
    known, ids = changes.candidates.rows_by_word, changes.candidates.ids.tolist()
    closest = Closest(known)
    told: dict[int, int] = {}
    given: list[tuple[int, NewCandidate | SiteCapacity]] = [
        *of_kind(edits, NewCandidate),
        *of_kind(edits, SiteCapacity),
    ]
    for number, edit in given:
        if isinstance(edit, NewCandidate):  # one that could not be placed has been told already
            rows = known.get(edit.target, [])
            row = rows[0] if len(rows) == 1 else -1
        else:
            row = found.row_of(number, edit.target, known, closest, ids)
        if row < 0:
            continue
        changes.rows.setdefault(number, [row])
        if edit.capacity is None:
            continue
        if question.conditions.capacity is None:
            found.tell("edit-capacity-not-counted", number, "capacity", edit.target)
        if told.setdefault(row, number) != number:
            found.tell("edit-capacity-twice", number, "capacity", edit.target, other=told[row])
        if "excluded" in (changes.status.get(row), asked.get(row)):
            found.tell("edit-capacity-of-excluded", number, "capacity", edit.target)
        changes.capacities[row] = edit.capacity
