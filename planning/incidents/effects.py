"""What an event changes of a case beside its state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from planning.incidents.assignment import CHOSEN_REASON, CHOSEN_RULE
from planning.incidents.case import Case
from planning.incidents.events import Assignment, IncidentEvent, Level, Role

_ABOUT_THE_MOVE = ("actor", "post", "key")
"""What every event of a move says beside its data: who, in which post, under which key of the sender."""


def told_with(event: IncidentEvent) -> dict[str, Any]:
    """Return the data of a move, without who made it."""
    return {name: value for name, value in event.payload.items() if name not in _ABOUT_THE_MOVE}


def _assigned(case: Case, event: IncidentEvent) -> dict[str, Any]:
    payload = event.payload
    person = payload["assignee_id"]
    level: Level = payload.get("level") or case.level
    role: Role = payload.get("role") or ("desk" if person is None else "chosen")
    why = (payload.get("rule") or CHOSEN_RULE, payload.get("reason") or CHOSEN_REASON)
    return {
        "assignment": Assignment(person, level, role, *why, payload.get("params") or {}),
        "level": level,
        "route_seconds": payload.get("route_seconds"),
        "tables": payload.get("tables") or {},
    }


def _placed(_case: Case, event: IncidentEvent) -> dict[str, Any]:
    payload = event.payload
    told = {name: payload[name] for name in ("lon", "lat")}
    where = ("cell", "township", "county_version")
    return told | {name: payload[name] for name in where if name in payload}


def _named(case: Case, event: IncidentEvent) -> dict[str, Any]:
    payload = event.payload
    return {
        "category": payload["category"],
        "subcategory": payload.get("subcategory"),
        "severity": payload.get("severity") or case.severity,
    }


def _escalated(case: Case, event: IncidentEvent) -> dict[str, Any]:
    following = event.payload.get("next_at")
    return {
        "level": event.payload["to_level"],
        "climbs": case.climbs + 1,
        "climbs_at": datetime.fromisoformat(following) if following else None,
    }


def _accepted(case: Case, event: IncidentEvent) -> dict[str, Any]:
    actor = str(event.payload["actor"])
    return {"handler": actor, "handlers": case.handlers | {actor}}


def _asked(_case: Case, event: IncidentEvent) -> dict[str, Any]:
    return {"asked_until": datetime.fromisoformat(event.payload["until"]), "asker": event.payload["actor"]}


def _extended(_case: Case, event: IncidentEvent) -> dict[str, Any]:
    until = datetime.fromisoformat(event.payload["until"])
    return {"due_at": until, "extended_until": until, **_NOT_ASKED}


_BEGUN_ANEW: Mapping[str, Any] = MappingProxyType(
    {"stars": None, "due_at": None, "pauses": (), "extended_until": None, "clock": None}
)
_NOT_ASKED: Mapping[str, Any] = MappingProxyType({"asked_until": None, "asker": None})
_NOT_PAUSED: Mapping[str, Any] = MappingProxyType({"paused_since": None, "paused_in": None})

CHANGES: Mapping[str, Callable[[Case, IncidentEvent], Mapping[str, Any]]] = {
    "assigned": _assigned,
    "reassigned": _assigned,
    "accepted": _accepted,
    "granted": _accepted,
    "sampled": lambda case, event: {"facts": {**case.facts, "seed": event.payload["seed"]}},
    "extension_asked": _asked,
    "extension_granted": _extended,
    "extension_denied": lambda _case, _event: _NOT_ASKED,
    "handled": lambda _case, _event: _NOT_ASKED,
    "paused": lambda case, event: {"paused_since": event.at, "paused_in": case.state},
    "resumed": lambda case, event: {**_NOT_PAUSED, "pauses": (*case.pauses, (case.paused_since, event.at))},
    "voided": lambda _case, _event: _NOT_PAUSED,
    "merged": lambda _case, event: {"merged_into": event.payload["into"]},
    "split": lambda case, event: {"parts": (*case.parts, *event.payload["parts"])},
    "rated": lambda _case, event: {"stars": event.payload["stars"]},
    "reopened": lambda _case, event: {**_BEGUN_ANEW, "whole_since": event.at},
    "moved": _placed,
    "recategorised": _named,
    "warned": lambda _case, _event: {"warned": True},
    "escalated": _escalated,
    "road_closed": lambda _case, event: {"road": told_with(event)},
    "road_opened": lambda _case, _event: {"road": None},
}
"""What an event changes beside the state."""
