"""When two questions are the same one: what names a plan, whoever asks and however a number is written."""

from __future__ import annotations

import dataclasses
from typing import Any

from api.actions.plan_conditions import Conditions
from api.actions.plan_question import PlanRequest
from planning.hub_rooms import DEFAULT_ROOMS
from planning.services import SERVICES


def identity_of(request: PlanRequest) -> dict[str, Any]:
    """Return what makes a question this one and no other, as plain values.

    Limits of time and memory are no part of it. A figure that the page spells out and the command line leaves to
    the service counts as left out, 15.0 is 15, and the room table as it comes is no room table of one's own.

    Parameters
    ----------
    request
        With its defaults.
    """
    rooms = None if request.rooms == DEFAULT_ROOMS else request.rooms
    conditions = _without_usual(request.conditions, request.service)
    plain = dataclasses.replace(request, time_limit_s=0, memory_limit_mb=0, rooms=rooms, conditions=conditions)
    identity: dict[str, Any] = same_figures(dataclasses.asdict(plain))
    return identity


def same_figures(value: Any) -> Any:
    """Return a value with 30.0 as 30, so that a question is the same whoever asks it."""
    if isinstance(value, dict):
        return {name: same_figures(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [same_figures(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _without_usual(conditions: Conditions, service: str) -> Conditions:
    """Return the conditions without the costs that the service has anyway."""
    usual = SERVICES[service]

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
