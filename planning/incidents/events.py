"""What happens to a case: append-only events, and who deals with it; where they lead to is in ``states``."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
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
    "warned",
    "escalated",
    "recomputed",
    "noted",
    "attached",
    "road_closed",
    "road_opened",
    "erased",
    "declared",
    "granted",
    "sampled",
    "upheld",
    "revoked",
    "withdrawn",
]
Level = Literal["grid", "village", "township", "county"]
LEVELS: tuple[Level, ...] = ("grid", "village", "township", "county")
"""From the ground up: an overdue step climbs one of them."""
Role = Literal["A", "B", "stand-in", "nearest", "coordinator", "team", "department", "chosen", "desk"]
"""By which way somebody came to have the case; ``chosen`` by a desk."""
Severity = Literal["emergency", "urgent", "normal"]
Channel = Literal["office", "worker", "hotline", "open311", "history", "example"]
"""By which way a case came in; ``example`` is invented."""


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
        By which way: ``A``, the stand-in ``B``, …, or a ``desk``.
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


def incident_id(reported_at: datetime, *, suffix: str) -> str:
    """Return a readable id that sorts by time: local date, time and the caller's random suffix.

    Two reports of one second share all but the suffix: give it 32 random bits.
    """
    return f"{reported_at.astimezone(CHINA_TIME):%Y%m%d-%H%M%S}-{suffix}"


def reported(
    incident: str,
    *,
    at: datetime,
    category: str,
    lon: float,
    lat: float,
    cell: str | None,
    county_version: str,
    **further: Any,
) -> IncidentEvent:
    """Return the first event of a case; what was said in words is kept elsewhere, where it can be erased.

    Parameters
    ----------
    incident, at, category, lon, lat, cell, county_version
    **further
        What else the table of moves lets a report carry: ``severity``, ``subcategory``, ``township``, ``channel``,
        ``actor`` and ``post``.
    """
    payload = {
        "id": incident,
        "category": category,
        "lon": float(lon),
        "lat": float(lat),
        "cell": cell,
        "county_version": county_version,
        **further,
    }
    return IncidentEvent(1, "reported", at, payload)


def assigned(
    assignment: Assignment,
    *,
    seq: int,
    at: datetime,
    route_seconds: int | None,
    tables: Mapping[str, int] | None = None,
    **further: Any,
) -> IncidentEvent:
    """Return the event that hands a case to a person or a desk, with the versions of the tables that decided."""
    payload = {
        **dataclasses.asdict(assignment),
        "route_seconds": route_seconds,
        "tables": dict(tables or {}),
        **further,
    }
    return IncidentEvent(seq, "assigned", at, payload)
