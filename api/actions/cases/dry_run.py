"""What a changed table would have done to the cases of the past weeks, before anybody saves it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from api.actions.cases.timetables import timetable_of
from layers.records.database import Database
from layers.records.past_cases import past_cases
from planning.incidents.clocks import CHINA_TIME
from planning.incidents.dry_run import Deciding, DryRun, Moved, dry_run
from planning.incidents.rules import Routed
from planning.tables.definition import Row, TableKind
from planning.tables.in_force import Edition, Tables

KINDS = ("subcategories", "deadlines", "steps", "rules", "calendar", "duty-hours")
"""Tables that decide about a case."""
USUAL_DAYS = 31
_ABOUT_PEOPLE = ("subcategories", "rules")
"""Those that move no deadline: what is due when need not be read."""


def try_table(
    database: Database, tables: Tables, kind: TableKind, rows: Sequence[Row], *, now: datetime, days: int = USUAL_DAYS
) -> DryRun:
    """Return what other rows of a table would have made of the cases reported lately.

    Parameters
    ----------
    database
    tables
        In force: what the change is held against.
    kind, rows
        As they would be stored.
    now
    days
        So many days before now.
    """
    edition = Edition(kind.name, -1, tuple(rows), kind.sha_of(rows))
    changed = dataclasses.replace(tables, edited={**tables.edited, kind.name: edition})
    is_about_time = kind.name not in _ABOUT_PEOPLE
    cases, steps = past_cases(database, since=now - timedelta(days=days), until=now, with_steps=is_about_time)
    return dry_run(cases, steps, _deciding(tables), _deciding(changed))


def view_dry_run(run: DryRun, *, kind: str, days: int) -> dict[str, Any]:
    """Return what came of it as JSON."""
    return {
        "kind": kind,
        "days": days,
        "cases": run.cases,
        "rerouted": sum(one.count for one in run.rerouted),
        "routes": [
            {
                "before": _routed(one.before),
                "after": _routed(one.after),
                "count": one.count,
                "examples": list(one.examples),
            }
            for one in run.rerouted
        ],
        "deadlines": [_moved(one) for one in run.moved],
    }


def _deciding(tables: Tables) -> Deciding:
    return Deciding(tables.rules, tables.subcategories, timetable_of(tables))


def _routed(one: Routed) -> dict[str, str]:
    return {"rule": one.rule, "level": one.level, "post": one.post, "unit": one.unit}


def _moved(one: Moved) -> dict[str, Any]:
    counts = ("step", "count", "earlier", "later", "added", "dropped", "median_minutes", "most_minutes")
    examples = [{"id": case, "before": _told(before), "after": _told(after)} for case, before, after in one.examples]
    return {**{name: getattr(one, name) for name in counts}, "examples": examples}


def _told(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(CHINA_TIME).isoformat(timespec="minutes")
