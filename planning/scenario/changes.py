"""A scenario resolved: all edits turned into rows and figures before any is applied, whatever their order."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gis.faults import Fault
from gis.road_edits import AS_BUILT, RoadEdits
from planning.scenario.contradictions import Contradictions, of_kind
from planning.scenario.edits import Adopted, Edit, Flooded, RoadBuilt, RoadClosed, RoadSlowed, RoadSpeed
from planning.scenario.land import Land
from planning.scenario.people_changes import PeopleChanges, people_changes, with_standard
from planning.scenario.places import Places
from planning.scenario.question import PlanQuestion
from planning.scenario.road_changes import Meant, road_changes
from planning.scenario.site_changes import SiteChanges, site_changes
from planning.scenario.speed_changes import Speeds, speed_changes
from planning.services import Service
from planning.tables.in_force import Tables

_ROAD_EDITS = (RoadClosed, RoadSlowed, RoadBuilt, Flooded)


@dataclass(frozen=True, eq=False)
class Changes:
    """What the edits of a question come to in a county.

    Parameters
    ----------
    question
        Under the new standard and on the new population base.
    people
    sites
    pieces
        What is changed about the roads, but for speeds.
    speeds
        Mode of travel -> speeds of classes of road.
    told
        What each edit came to, in their order, as JSON.
    """

    question: PlanQuestion
    people: PeopleChanges
    sites: SiteChanges
    pieces: RoadEdits
    speeds: dict[str, Speeds]
    told: tuple[dict[str, Any], ...]

    def roads(self, mode: str) -> RoadEdits:
        """Return what is changed about the roads for a mode of travel."""
        return dataclasses.replace(self.pieces, speeds_kmh=self.speeds.get(mode, ()))


def changes_of(
    question: PlanQuestion, places: Places, tables: Tables, above: PlanQuestion | None, faults: list[Fault]
) -> Changes:
    """Resolve all edits of a question together.

    Whatever order they stand in, they come to the same: what would depend on it is a contradiction.

    Parameters
    ----------
    question
        With its defaults.
    places
    tables
        In force.
    above
        Question of the tier above, ``None`` where there is one tier.
    faults
        Every contradiction is added.
    """
    edits, service, found = question.edits, tables.services[question.service], Contradictions()
    people = people_changes(edits, question, service, places, found)
    sites = site_changes(edits, question, tables.services, places, found)
    pieces, meant = AS_BUILT, Meant()
    if any(isinstance(edit, _ROAD_EDITS) for edit in edits):
        pieces, meant = road_changes(edits, _land(places), found)
    speeds: dict[str, Speeds] = {}
    modes = (str(question.mode),) if above is None else (str(question.mode), str(above.mode))
    if any(isinstance(edit, RoadSpeed) for edit in edits):
        speeds = speed_changes(edits, tables.modes, modes, lambda: _land(places).roads, found)
    changed = _changed(question, service, people, found)
    _check_above(edits, above, found)
    faults.extend(sorted(found.faults, key=lambda fault: fault.row or 0))
    about: dict[int, dict[str, Any]] = {
        **meant,
        **{number: {"sites": [str(sites.candidates.ids[row]) for row in rows]} for number, rows in sites.rows.items()},
        **{number: {"sites": [str(places.people.index[row])]} for number, row in people.rows.items()},
    }
    told = tuple(_named(edit) | about.get(number, {}) for number, edit in enumerate(edits, 1))
    return Changes(changed, people, sites, pieces, speeds, told)


def _check_above(edits: Sequence[Edit], above: PlanQuestion | None, found: Contradictions) -> None:
    """Tell of schemes of the tier above: a plan of two tiers chooses all sites of both anew."""
    for number, edit in of_kind(edits, Adopted):
        if above is not None and edit.target == above.service:
            found.tell("edit-adopted-above", number, "target", edit.target)


def _changed(question: PlanQuestion, service: Service, people: PeopleChanges, found: Contradictions) -> PlanQuestion:
    under = with_standard(question.edits, question, service, found)
    return under if people.base is None else dataclasses.replace(under, base=people.base)


def _land(places: Places) -> Land:
    if places.land is None:
        raise LookupError("edits of roads need a map of the county")
    return places.land()


def _named(edit: Edit) -> dict[str, Any]:
    return {"op": edit.op, **({"target": edit.target} if hasattr(edit, "target") else {})}
