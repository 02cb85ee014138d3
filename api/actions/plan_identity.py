"""When two questions are the same one: what names a plan, whoever asks and however a number is written."""

from __future__ import annotations

import dataclasses
from typing import Any

from api.actions.plan_conditions import Conditions
from api.actions.plan_question import PlanRequest
from planning.hub_rooms import Room
from planning.services import Service
from planning.tables.in_force import Tables


def identity_of(tables: Tables, request: PlanRequest) -> dict[str, Any]:
    """Return what makes a question this one and no other, as plain values.

    Limits of time and memory are no part of it. A figure that the page spells out and the command line leaves to
    the service counts as left out, 15.0 is 15, and the room table in force is no room table of one's own. A table
    that the office has edited makes another question, with its content and its version.

    Parameters
    ----------
    tables
        In force.
    request
        With its defaults.
    """
    rooms = own_rooms(tables, request)
    conditions = _without_usual(request.conditions, tables.services[request.service])
    plain = dataclasses.replace(request, time_limit_s=0, memory_limit_mb=0, rooms=rooms, conditions=conditions)
    identity: dict[str, Any] = same_figures(dataclasses.asdict(plain))
    told = tables_told(tables, request)
    if told["tables"]:
        identity |= told
    return identity if tables.are_read else {**identity, "tables": "unread"}


def tables_told(tables: Tables, request: PlanRequest) -> dict[str, dict[str, Any]]:
    """Return the edited tables that a question is answered by.

    Parameters
    ----------
    tables
        In force.
    request

    Returns
    -------
    dict
        ``tables``: kind → version, and ``tables_sha``: kind → content; kinds at version 0 are left out.
    """
    kinds = ["unit-costs", "speeds"]
    if request.service == "hub" and own_rooms(tables, request) is None:
        kinds.append("rooms")
    return {"tables": tables.versions(kinds), "tables_sha": tables.shas(kinds)}


def own_rooms(tables: Tables, request: PlanRequest) -> tuple[Room, ...] | None:
    """Return the room table that a question brings, ``None`` where the one in force answers it."""
    return None if request.rooms == tables.rooms else request.rooms


def same_figures(value: Any) -> Any:
    """Return a value with 30.0 as 30, so that a question is the same whoever asks it."""
    if isinstance(value, dict):
        return {name: same_figures(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [same_figures(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _without_usual(conditions: Conditions, usual: Service) -> Conditions:
    """Return the conditions without the costs that the service has anyway."""

    def stated(name: str) -> int | None:
        given: int | None = getattr(conditions, name)
        return None if given == getattr(usual, name) else given

    return dataclasses.replace(
        conditions,
        opening_yuan=stated("opening_yuan"),
        closing_yuan=stated("closing_yuan"),
        included=stated("included"),
        extension_yuan=stated("extension_yuan"),
    )
