"""When two questions are the same one: what names a plan, whoever asks and however a number is written."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from planning.hub_rooms import Room
from planning.scenario.edits import told
from planning.scenario.question import Conditions, PlanQuestion, names_of
from planning.services import Service
from planning.tables.in_force import Tables

_LATER = ("hour_yuan", "trips")
"""Conditions that came after plans were kept by their names."""


def identity_of(tables: Tables, question: PlanQuestion) -> dict[str, Any]:
    """Return what makes a question this one and no other, as plain values.

    Limits of time and memory are no part of it. A figure that the page spells out and the command line leaves to
    the service counts as left out, 15.0 is 15, and the room table in force is no room table of one's own. A table
    that the office has edited makes another question, with its content and its version. Edits come to the same in any
    order.

    Parameters
    ----------
    tables
        In force.
    question
        With its defaults.
    """
    rooms = own_rooms(tables, question)
    conditions = _without_usual(question.conditions, tables.services[question.service])
    plain = dataclasses.replace(question, rooms=rooms, conditions=conditions)
    identity: dict[str, Any] = same_figures(dataclasses.asdict(plain)) | dict.fromkeys(names_of("search"), 0)
    identity["conditions"] = _without_later(identity["conditions"])
    identity["edits"] = sorted(identity["edits"], key=lambda edit: json.dumps(edit, sort_keys=True))
    named = list(dict.fromkeys(identity.pop("sites")))  # their order is that of their numbers
    identity |= {"sites": named} if named else {}  # plans of before sites could be named keep their names
    told = tables_told(tables, question)
    if told["tables"]:
        identity |= told
    return identity if tables.are_read else {**identity, "tables": "unread"}


def question_told(question: PlanQuestion) -> dict[str, Any]:
    """Return what was asked, as JSON; limits of the search are no part of it, nor sites where a model chooses them."""
    plain = {name: value for name, value in dataclasses.asdict(question).items() if name not in names_of("search")}
    sites = plain.pop("sites")
    plain["conditions"] = _without_later(plain["conditions"])
    return plain | ({"sites": list(sites)} if sites else {}) | {"edits": [told(edit) for edit in question.edits]}


def tables_told(tables: Tables, question: PlanQuestion) -> dict[str, dict[str, Any]]:
    """Return the edited tables that a question is answered by.

    Parameters
    ----------
    tables
        In force.
    question

    Returns
    -------
    dict
        ``tables``: kind → version, and ``tables_sha``: kind → content; kinds at version 0 are left out.
    """
    kinds = ["services", "unit-costs", "speeds"]
    if tables.services[question.service].has_rooms and own_rooms(tables, question) is None:
        kinds.append("rooms")
    return {"tables": tables.versions(kinds), "tables_sha": tables.shas(kinds)}


def own_rooms(tables: Tables, question: PlanQuestion) -> tuple[Room, ...] | None:
    """Return the room table that a question brings, ``None`` where the one in force answers it."""
    return None if question.rooms == tables.rooms else question.rooms


def same_figures(value: Any) -> Any:
    """Return a value with 30.0 as 30, so that a question is the same whoever asks it."""
    if isinstance(value, dict):
        return {name: same_figures(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [same_figures(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _without_later(conditions: dict[str, Any]) -> dict[str, Any]:
    """Return conditions without what only later ones ask, where it is not asked: earlier plans keep their names."""
    return {name: value for name, value in conditions.items() if name not in _LATER or value is not None}


def _without_usual(conditions: Conditions, service: Service) -> Conditions:
    """Return the conditions without the costs that the service has anyway."""
    usual = [name for name in names_of("cost") if getattr(conditions, name) == getattr(service, name)]
    unstated: dict[str, Any] = dict.fromkeys(usual)
    return dataclasses.replace(conditions, **unstated)
