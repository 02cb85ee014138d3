"""Who works with the staff, and whose townships are theirs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from api.access.areas import Territory
from api.access.roles import Role
from api.actions.open_county import OpenCounty
from api.actions.workplace import Workplace
from api.explain import ApiError
from gis.faults import FaultsError
from layers.records.audit import Act, Actor
from layers.records.grants import Grant
from planning.incidents.staff import Person, Staff
from planning.incidents.staff_rules import Areas


@dataclass(frozen=True)
class StaffDesk:
    """Somebody at work with the staff.

    Parameters
    ----------
    at_work
    actor
    scope
        Townships whose staff is their business; ``None`` for the whole county.
    roles
        That count here.
    """

    at_work: Workplace
    actor: Actor
    scope: frozenset[str] | None
    roles: frozenset[str] = frozenset()

    @property
    def county(self) -> OpenCounty | None:
        """The county, ``None`` while none can be read."""
        try:
            return self.at_work.county
        except (ApiError, FaultsError):
            return None

    @property
    def staff(self) -> Staff:
        """Everybody, as it is now."""
        return self.at_work.staff.get(self.county)

    @property
    def is_county_desk(self) -> bool:
        """Whether they may decide on their own leave, too."""
        return str(Role.COUNTY_DESK) in self.roles

    @property
    def is_desk(self) -> bool:
        """Whether others' leave is their business."""
        return bool({str(Role.COUNTY_DESK), str(Role.TOWNSHIP_DESK)} & self.roles)

    def act(self, action: str, kind: str = "person", object_id: str = "") -> Act:
        """Return what is recorded of something that they do."""
        return Act(self.actor, action, kind, object_id)

    def is_own(self, person: Person) -> bool:
        """Whether somebody is the caller; in solo mode everybody is."""
        return person.account_id is not None and person.account_id == self.actor.account_id

    def sees(self, staff: Staff, person_id: str) -> bool:
        """Whether somebody works, or worked, in the caller's townships."""
        return self.scope is None or bool(staff.townships_of(person_id) & self.scope)

    def person(self, staff: Staff, person_id: str) -> Person:
        """Return somebody of the caller's townships, or the caller.

        Raises
        ------
        ApiError
            404 ``unknown-person``, the same for nobody and for somebody of others.
        """
        found = staff.people.get(person_id)
        if found is None or not (self.is_own(found) or self.sees(staff, person_id)):
            raise ApiError(404, "unknown-person", person=person_id[:60])
        return found


def scope_of(grants: Iterable[Grant], territory: Territory) -> frozenset[str] | None:
    """Return the townships that grants are about; ``None`` for the whole county.

    Parameters
    ----------
    grants
        That count here; a worker's cell is not a township.
    territory
        With its parts, unless every grant is for the county.
    """
    found: set[str] = set()
    for grant in grants:
        if grant.area_kind == "county" and grant.role != Role.GRID_WORKER:
            return None
        if grant.area_kind == "township" and grant.role != Role.GRID_WORKER:
            found.add(grant.area_code)
        if grant.area_kind == "cell" and grant.role != Role.GRID_WORKER:
            found.add((territory.cells or {}).get(grant.area_code, ""))
    return frozenset(found)


def areas_of_staff(county: OpenCounty | None, staff: Staff, *, at: datetime) -> Areas:
    """Return the areas in which a post may be held, by kind and code, with their names."""
    units = {unit.id: unit.name for unit in staff.units.values() if unit.ended_at is None or unit.ended_at > at}
    centres = {post.area_code: "" for post in staff.posts if post.area_kind == "centre"}
    if county is None:
        return {"unit": units, "centre": centres, "county": {"": ""}}
    of_layers = county.once("areas of staff", lambda: _of_layers(county))
    return {**of_layers, "unit": units, "centre": centres}


def _of_layers(county: OpenCounty) -> Areas:
    names = county.demand["name"].astype(str)
    townships = county.county.layer("townships")["name"].astype(str) if county.county.has("townships") else {}
    villages = {str(id_): name for id_, name in names.items()}
    cells = {cell: villages.get(village, "") for cell, (village, _township) in county.cell_facts.items()}
    return {
        "county": {"": county.county.name},
        "township": {str(id_): name for id_, name in townships.items()},
        "village": villages,
        "cell": cells,
    }
