"""What a scenario changes: each kind of edit, its fields and their bounds, defined once for whoever asks."""

# Command line and page read this file at their start: it loads neither arrays nor models.

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Literal, get_args

from planning.groups import Base, Group
from planning.scenario.field import Asked

Status = Literal["existing", "closable", "required", "excluded"]
"""What a planner says of a place."""
Bridges = Literal["closed", "open"]
Position = tuple[float, float]
"""Longitude and latitude, WGS-84."""


@dataclasses.dataclass(frozen=True)
class SiteStatus:
    """A site stays, may be closed, must be opened or never is."""

    target: str
    status: Status
    op: Literal["site-status"] = "site-status"


@dataclasses.dataclass(frozen=True)
class NewCandidate:
    """One more place where the service may stand.

    Parameters
    ----------
    target
        Its name.
    at
    capacity
        What it takes; as the question says where it is left out.
    """

    target: str
    at: Position
    capacity: int | None = None
    op: Literal["new-candidate"] = "new-candidate"


@dataclasses.dataclass(frozen=True)
class SiteCapacity:
    """What one site takes, whatever the others do."""

    target: str
    capacity: int
    op: Literal["site-capacity"] = "site-capacity"


@dataclasses.dataclass(frozen=True)
class Counted:
    """Who is counted: another population base, another age group, everyone as they will be in a year.

    Parameters
    ----------
    base, group
        As the question and its service say where they are left out.
    year
        People age by cohort until then; an estimate that says so.
    """

    base: Base | None = None
    group: Group | None = None
    year: int | None = None
    op: Literal["counted"] = "counted"


@dataclasses.dataclass(frozen=True)
class PlacePeople:
    """So many people, of those who are counted, live at a place: it moved, or grew."""

    target: str
    people: int
    op: Literal["place-people"] = "place-people"


@dataclasses.dataclass(frozen=True)
class RoadSpeed:
    """Another speed on a whole class of road; 0 closes it."""

    target: str
    mode: str
    speed_kmh: float
    op: Literal["road-speed"] = "road-speed"


@dataclasses.dataclass(frozen=True)
class RoadClosed:
    """A road is closed in both directions: a piece by its id, every piece of a name or a number."""

    target: str
    op: Literal["road-closed"] = "road-closed"


@dataclasses.dataclass(frozen=True)
class RoadSlowed:
    """A road takes so many times as long in both directions."""

    target: str
    factor: float
    op: Literal["road-slowed"] = "road-slowed"


@dataclasses.dataclass(frozen=True)
class RoadBuilt:
    """A road is built, straight between the junctions nearest to two positions.

    Parameters
    ----------
    target
        Its name.
    start, end
    speed_kmh
        No faster than the mode of travel goes anywhere: nobody walks at the speed of a car.
    """

    target: str
    start: Position
    end: Position
    speed_kmh: float
    op: Literal["road-built"] = "road-built"


@dataclasses.dataclass(frozen=True)
class Flooded:
    """Every road that touches an area is closed; its bridges stay open where that is said.

    Parameters
    ----------
    target
        Its name.
    area
        Corners of the area, the first not repeated.
    bridges
    """

    target: str
    area: tuple[Position, ...]
    bridges: Bridges = "closed"
    op: Literal["flooded"] = "flooded"


@dataclasses.dataclass(frozen=True)
class Standard:
    """Another standard of the service: how many minutes count as covered, and how many at most anybody may travel."""

    limit_minutes: float | None = None
    max_minutes: float | None = None
    op: Literal["standard"] = "standard"


@dataclasses.dataclass(frozen=True)
class AdoptedSite:
    """A site of a scheme that was adopted.

    Parameters
    ----------
    target
        Id of a place, a facility or a candidate that is proposed; else an id of its own, which needs a position.
    name
        As the county calls it where it is left out.
    at
    capacity
        What it takes; as the county knows it, or not told.
    """

    target: str
    name: str = ""
    at: Position | None = None
    capacity: int | None = None


@dataclasses.dataclass(frozen=True)
class Adopted:
    """A scheme was adopted: its sites are facilities of its service that stand.

    Parameters
    ----------
    target
        The service.
    sites
        Each an id of the county, or a place of its own.
    """

    target: str
    sites: tuple[AdoptedSite, ...]
    op: Literal["adopted"] = "adopted"


Edit = (
    SiteStatus
    | NewCandidate
    | SiteCapacity
    | Counted
    | PlacePeople
    | RoadSpeed
    | RoadClosed
    | RoadSlowed
    | RoadBuilt
    | Flooded
    | Standard
    | Adopted
)
OPS: Mapping[str, type[Any]] = {kind.op: kind for kind in get_args(Edit)}
"""Every kind of edit by its name."""

YEARS = (2030, 2035)
"""Years that people age to: farther ahead cohorts say too little."""
MOST_EDITS = 2000
MOST_OF_AN_ID = 200
"""Letters of a candidate's id: the name of one that is proposed, or an id with what it is before it."""
MOST_POSITIONS = 50_000
"""Corners of areas and sites of schemes in all edits together."""

CHOICES: Mapping[str, tuple[Any, ...]] = {
    "status": get_args(Status),
    "base": get_args(Base),
    "group": get_args(Group),
    "year": YEARS,
    "bridges": get_args(Bridges),
}
"""What may stand in each field that is a choice."""

FIELDS: Mapping[str, Asked] = {
    "target": Asked("words", "edit", least=1, most=120),
    "name": Asked("words", "edit", least=0, most=120),
    "status": Asked("choice", "edit"),
    "at": Asked("position", "edit"),
    "start": Asked("position", "edit"),
    "end": Asked("position", "edit"),
    "area": Asked("list", "edit", least=3, most=2000),
    "sites": Asked("list", "edit", least=1, most=5000),
    "capacity": Asked("whole", "edit", least=1, most=10**9, unit="beds or people"),
    "people": Asked("whole", "edit", least=0, most=10**7, unit="people"),
    "base": Asked("choice", "edit"),
    "group": Asked("choice", "edit"),
    "year": Asked("choice", "edit"),
    "mode": Asked("words", "edit", least=1, most=40),
    "speed_kmh": Asked("number", "edit", least=0, most=150, unit="km/h"),
    "factor": Asked("number", "edit", above=0, most=1000, unit="times"),
    "bridges": Asked("choice", "edit"),
    "limit_minutes": Asked("number", "edit", above=0, most=600, unit="min"),
    "max_minutes": Asked("number", "edit", above=0, most=6000, unit="min"),
}
"""Bounds of every field of the edits."""


def told(edit: Edit) -> dict[str, Any]:
    """Return an edit as JSON: ``op`` first, what is left out left out; an adopted site likewise."""
    given = dataclasses.asdict(edit)
    if isinstance(edit, Adopted):
        given["sites"] = [_said(site) for site in given["sites"]]
    return {"op": given.pop("op"), **_said(given)}


def _said(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _listed(value) for name, value in given.items() if value is not None and value != ""}


def _listed(value: Any) -> Any:
    return [_listed(one) for one in value] if isinstance(value, tuple) else value
