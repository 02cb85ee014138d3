"""Deadlines worked out anew when calendar or duty hours have changed, or a year has been announced."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime

from layers.records.audit import Act, Actor
from layers.records.case_wakes import open_cases
from layers.records.conflicts import ConflictError
from layers.records.database import Database
from layers.records.incidents import IncidentStore
from layers.workdays import calendar_of
from planning.incidents.case import Case
from planning.incidents.events import IncidentEvent
from planning.incidents.timetable import Timetable
from planning.incidents.timing import recomputed
from planning.tables.in_force import Tables

KINDS = ("calendar", "duty-hours")
"""Tables that move deadlines which run already; those of targets count for steps that begin from then on."""
_YEARS_AHEAD = 3


def counted_by(tables: Tables, *, today: date) -> int:
    """Return a number that is another one as soon as deadlines may be counted otherwise.

    Parameters
    ----------
    tables
        In force.
    today
        The years from this one on, announced or not, are part of it.
    """
    years = range(today.year, today.year + _YEARS_AHEAD)
    told = [*(tables.edition(kind).sha for kind in KINDS), *(calendar_of(date(year, 6, 30)) for year in years)]
    return int.from_bytes(hashlib.sha256("/".join(told).encode()).digest()[:7], "big") + 1


def recompute_open(
    database: Database, store: IncidentStore, *, tables: Tables, timetable: Timetable, actor: Actor, now: datetime
) -> Iterator[Case]:
    """Write the deadlines that have moved of every open case, and yield each case as it is stored.

    Two servers may do this at once, and one may be killed anywhere: what has been written does not move again, and what
    somebody moved meanwhile was timed by the tables in force. What rests is worked out when it goes on.

    Parameters
    ----------
    database, store
    tables, timetable
        In force.
    actor
        Whose rows in the audit these are.
    now
    """
    versions = {kind: tables.edition(kind).version for kind in KINDS}
    for name in open_cases(database):
        case = store.get(name)
        if case is None or case.has_ended or case.state == "paused":
            continue
        told = recomputed(case, timetable=timetable)
        if not told:
            continue
        at = max(now.astimezone(UTC), case.at)  # servers' clocks may differ by seconds
        event = IncidentEvent(case.version + 1, "recomputed", at, {"post": "service", "tables": versions, **told})
        act = Act(actor, "incident.recomputed", "incident")
        try:
            after, is_new = store.append(case.id, [event], expected_seq=case.version, act=act)
        except ConflictError:
            continue
        if is_new:
            yield after
