"""An incident: append-only events, and the current view that their replay gives."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from gis.faults import Param
from planning.incidents.deadlines import CHINA_TIME

Kind = Literal[
    "reported",
    "verified",
    "opened",
    "refused",
    "assigned",
    "accepted",
    "arrived",
    "handled",
    "fed_back",
    "checked_good",
    "checked_bad",
    "closed",
    "rated",
    "returned",
    "reassigned",
    "extension_asked",
    "extension_granted",
    "extension_denied",
    "paused",
    "resumed",
    "merged",
    "split",
    "moved",
    "recategorised",
    "voided",
    "reopened",
]
Level = Literal["grid", "township", "county"]
Role = Literal["A", "B", "desk"]


@dataclass(frozen=True)
class Assignment:
    """Who deals with an incident, and why that person or desk.

    Parameters
    ----------
    assignee_id
        Person of the roster, or ``None`` for the desk on duty at `level`.
    level
        Rung on which the incident stands.
    role
        ``A``, the stand-in ``B``, or a ``desk``.
    rule, reason
        Codes of the rule that matched and of the fact that made it match.
    params
        Ids that the text of the reason mentions; never a name or a telephone number.
    """

    assignee_id: str | None
    level: Level
    role: Role
    rule: str
    reason: str
    params: Mapping[str, Param] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class IncidentEvent:
    """One thing that happened to an incident; it is written once and never changed.

    Parameters
    ----------
    seq
        1, 2, 3, … within the incident.
    kind
        What happened.
    at
        When, aware; kept in UTC.
    payload
        Values that JSON carries unchanged.

    Raises
    ------
    ValueError
        If `at` names no time zone.
    """

    seq: int
    kind: Kind
    at: datetime
    payload: Mapping[str, Any]

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("the time of an event needs a time zone")
        object.__setattr__(self, "at", self.at.astimezone(UTC))


@dataclass(frozen=True)
class Incident:
    """The current view of one incident.

    Parameters
    ----------
    id, category
        Which one, and one of ``CATEGORIES``.
    lon, lat
        Degrees in the county's geographic CRS.
    cell
        15-digit grid code, or ``None`` outside every cell.
    text
        What the reporter wrote.
    county_version
        Version of the layers that cell and assignment were read from.
    reported_at
        UTC.
    seq
        Number of the latest event: the version that the next append must expect.
    assignment, due_at, workdays, calendar, route_seconds
        Set by the event ``assigned``; `workdays` were allowed, `calendar` is the code of the
        calendar that counted them, `route_seconds` is ``None`` for a desk or without a way.
    tables
        Versions of the office's tables that decided, by their kinds; empty for older records.
    """

    id: str
    category: str
    lon: float
    lat: float
    cell: str | None
    text: str
    county_version: str
    reported_at: datetime
    seq: int
    assignment: Assignment | None = None
    due_at: datetime | None = None
    workdays: int | None = None
    calendar: str | None = None
    route_seconds: int | None = None
    tables: Mapping[str, int] = dataclasses.field(default_factory=dict)


def incident_id(reported_at: datetime, *, suffix: str) -> str:
    """Return a readable id that sorts by time: local date, time and the caller's random suffix.

    Two reports of one second share all but the suffix: give it 32 random bits.
    """
    return f"{reported_at.astimezone(CHINA_TIME):%Y%m%d-%H%M%S}-{suffix}"


def reported(  # the fields of a report, no more
    incident: str,
    *,
    at: datetime,
    category: str,
    lon: float,
    lat: float,
    cell: str | None,
    text: str,
    county_version: str,
) -> IncidentEvent:
    """Return the first event of an incident; `text` has passed ``clean_text``."""
    payload = {
        "id": incident,
        "category": category,
        "lon": float(lon),
        "lat": float(lat),
        "cell": cell,
        "text": text,
        "county_version": county_version,
    }
    return IncidentEvent(1, "reported", at, payload)


def assigned(
    assignment: Assignment,
    *,
    seq: int,
    at: datetime,
    due_at: datetime,
    workdays: int,
    calendar: str,
    route_seconds: int | None,
    tables: Mapping[str, int] | None = None,
) -> IncidentEvent:
    """Return the event that hands an incident to a person or a desk, with the versions of the tables that decided."""
    payload = {
        **dataclasses.asdict(assignment),
        "due_at": due_at.astimezone(UTC).isoformat(),
        "workdays": workdays,
        "calendar": calendar,
        "route_seconds": route_seconds,
        "tables": dict(tables or {}),
    }
    return IncidentEvent(seq, "assigned", at, payload)


def replay(events: Iterable[IncidentEvent]) -> Incident:
    """Return the view that the events of one incident lead to.

    Parameters
    ----------
    events
        All of them, in order.

    Raises
    ------
    ValueError
        If there are none, the first is not a report, a later one is, or a number is missing.
    """
    incident: Incident | None = None
    for seq, event in enumerate(events, start=1):
        if event.seq != seq:
            raise ValueError(f"event {seq} expected, {event.seq} found")
        incident = _begin(event) if incident is None else _advance(incident, event)
    if incident is None:
        raise ValueError("an incident has at least one event")
    return incident


def _begin(event: IncidentEvent) -> Incident:
    if event.kind != "reported":
        raise ValueError(f"an incident begins with a report, not with {event.kind}")
    return Incident(**event.payload, reported_at=event.at, seq=1)


def _advance(incident: Incident, event: IncidentEvent) -> Incident:
    if event.kind == "reported":
        raise ValueError("a second report cannot follow the first")
    now = dataclasses.replace(incident, seq=event.seq)
    if event.kind == "extension_granted":
        return dataclasses.replace(now, due_at=datetime.fromisoformat(event.payload["until"]))
    return _handed_over(now, event.payload) if event.kind in ("assigned", "reassigned") else now


def _handed_over(incident: Incident, payload: Mapping[str, Any]) -> Incident:
    return dataclasses.replace(
        incident,
        assignment=Assignment(**{f.name: payload[f.name] for f in dataclasses.fields(Assignment)}),
        due_at=datetime.fromisoformat(payload["due_at"]),
        workdays=payload["workdays"],
        calendar=payload["calendar"],
        route_seconds=payload["route_seconds"],
        tables=payload.get("tables", {}),
    )
