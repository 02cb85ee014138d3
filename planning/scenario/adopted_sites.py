"""Schemes that were adopted: their sites stand, as candidates of their own service or as facilities of another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from planning.closest import Closest
from planning.scenario.candidates import UNKNOWN, Site, told_apart
from planning.scenario.contradictions import Contradictions, of_kind
from planning.scenario.edits import Adopted, AdoptedSite, Edit
from planning.scenario.places import Facility, Places
from planning.services import Service

MOST_MOVED_M = 100
"""A scheme that tells another position than the county for one id means another site."""


@dataclass(frozen=True)
class Standing:
    """A site of a scheme as it stands, with the number of its edit."""

    number: int
    service: str
    site: Site


def adopted_sites(
    edits: Sequence[Edit],
    places: Places,
    proposed: Mapping[str, Site],
    services: Mapping[str, Service],
    found: Contradictions,
) -> list[Standing]:
    """Return the sites of all adopted schemes.

    Parameters
    ----------
    edits
    places
    proposed
        New candidates by their names.
    services
        There are.
    found
        Told every contradiction.
    """
    if not any(isinstance(edit, Adopted) for edit in edits):
        return []
    known = {**_known(places), **proposed}
    closest = Closest(known)
    services_known = Closest(services)
    standing: list[Standing] = []
    seen: dict[tuple[str, str], int] = {}
    for number, edit in of_kind(edits, Adopted):
        if edit.target not in services:
            told = {"known": ", ".join(services), "closest": services_known.to(edit.target)}
            found.tell("edit-unknown-service", number, "target", edit.target, **told)
        for position, one in enumerate(edit.sites, 1):
            field = f"sites.{position}.target"
            if (edit.target, one.target) in seen:
                other = seen[edit.target, one.target]
                found.tell("edit-adopted-twice", number, field, one.target, other=other)
                continue
            seen[edit.target, one.target] = number
            site = _site(number, field, one, places, found, known=known, closest=closest)
            if site is not None:
                standing.append(Standing(number, edit.target, site))
    return standing


def as_facilities(standing: Iterable[Standing], services: Mapping[str, Service], places: Places) -> list[Facility]:
    """Return sites of other services as facilities that stand, of the kind that their service goes by.

    One that the county has as such is not told again.
    """
    there = {(id_, one.kind) for id_, one in _facilities(places).items()}
    made: list[Facility] = []
    for one in standing:
        kinds = services[one.service].facility_kinds if one.service in services else ()
        if any((one.site.id, kind) in there for kind in kinds):
            continue
        site, kind = one.site, kinds[0] if kinds else one.service
        capacity = None if site.capacity == UNKNOWN else site.capacity
        made.append(Facility(site.id, site.name, kind, site.xy, site.lon_lat, site.township, capacity))
    return made


def _known(places: Places) -> dict[str, Site]:
    """Return what the county has by the ids that candidates have: those of a plan are those of its scheme."""
    found = {
        id_: Site(id_, one.name, one.xy, one.lon_lat, one.township, capacity=one.capacity or UNKNOWN)
        for id_, one in _facilities(places).items()
    }
    xy, lon_lat = places.positions.tolist(), places.lon_lat.tolist()
    for row, id_ in enumerate(places.ids):
        township = "" if places.townships is None else str(places.townships[row])
        at, degrees = (xy[row][0], xy[row][1]), (lon_lat[row][0], lon_lat[row][1])
        found[id_] = Site(id_, str(places.names[row]), at, degrees, township, origin="place")
    return found


def _facilities(places: Places) -> dict[str, Facility]:
    ids = [one.id for one in places.facilities]
    return dict(zip(told_apart(ids, ["facility"] * len(ids), places.ids), places.facilities, strict=True))


def _site(
    number: int,
    field: str,
    one: AdoptedSite,
    places: Places,
    found: Contradictions,
    *,
    known: Mapping[str, Site],
    closest: Closest,
) -> Site | None:
    capacity = one.capacity or UNKNOWN
    if one.target in known:
        site = known[one.target]
        if one.at is not None and places.land is not None:
            moved = float(np.hypot(*(places.land().xy_of(one.at) - site.xy)))
            if moved > MOST_MOVED_M:
                found.tell("edit-adopted-elsewhere", number, field, one.target, metres=round(moved), name=site.name)
        return _with(site, one.name or site.name, capacity if one.capacity else site.capacity)
    if one.at is None:
        found.tell("edit-adopted-unknown", number, field, one.target, closest=closest.to(one.target))
        return None
    name = one.name or one.target
    return proposed_site(number, field, one.at, places, found, id_=one.target, name=name, capacity=capacity)


def proposed_site(
    number: int,
    field: str,
    at: tuple[float, float],
    places: Places,
    found: Contradictions,
    *,
    id_: str,
    name: str,
    capacity: int = UNKNOWN,
) -> Site | None:
    """Return a site at a position of its own; ``None``, and told, if none can stand there.

    Parameters
    ----------
    number, field
        Of the edit, and what of it says where.
    at
        Degrees, WGS-84.
    places
        With their land.
    found
    id_, name, capacity
        Of the site.
    """
    if places.land is None:
        raise LookupError("sites by their position need a map of the county")
    land = places.land()
    xy = land.xy_of(at)
    if not found.check_position(number, field, name, xy, land):
        return None
    township = land.township_at(xy)
    if township is None and places.townships is not None:
        township = str(places.townships[np.argmin(np.hypot(*(places.positions - xy).T))])
    here = (float(xy[0]), float(xy[1]))
    return Site(id_, name, here, at, township or "", origin="proposed", stands=False, capacity=capacity)


def _with(site: Site, name: str, capacity: int) -> Site:
    return Site(site.id, name, site.xy, site.lon_lat, site.township, site.origin, stands=True, capacity=capacity)
