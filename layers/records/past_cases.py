"""Cases as they were reported and the steps that began, read for what other tables would have made of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select

from layers.records.database import Database
from layers.records.tables import incident as incident_table
from layers.records.tables import incident_event as event_table
from planning.incidents.dry_run import PastCase, PastStep

_FLOW = "incident"
_BEGIN_STEPS = (
    *("reported", "opened", "assigned", "accepted", "arrived", "handled", "fed_back", "checked_bad"),
    *("returned", "reassigned", "moved", "recategorised", "reopened"),
)
"""Events with which a step may begin, or by which a case becomes another matter."""


def past_cases(
    database: Database, *, since: datetime, until: datetime, with_steps: bool = True
) -> tuple[list[PastCase], list[PastStep]]:
    """Return the cases that were reported within a time, half-open, and every step of theirs that began.

    Parameters
    ----------
    database
    since, until
        Aware.
    with_steps
        Whether steps are asked for; without them only the reports are read.

    Returns
    -------
    cases, steps
        Steps that an extension or the end of a pause set anew are left out: their first beginning counts.
    """
    of = event_table.c
    asked = (
        select(of.incident_id, of.seq, of.kind, of.at, of.payload)
        .join(incident_table, incident_table.c.id == of.incident_id)
        .where(incident_table.c.created_at >= since, incident_table.c.created_at < until)
        .where(incident_table.c.flow == _FLOW, incident_table.c.seq.is_not(None))
        .order_by(of.incident_id, of.seq)
    )
    asked = asked.where(of.kind.in_(_BEGIN_STEPS) if with_steps else of.seq == 1)
    cases: list[PastCase] = []
    steps: list[PastStep] = []
    category, severity = "", ""
    with database.reading() as connection:
        for event in connection.execute(asked.execution_options(yield_per=5000)):
            told = event.payload
            if event.seq == 1:
                cases.append(_reported(event))
                category, severity = cases[-1].category, cases[-1].severity
            category, severity = told.get("category", category), told.get("severity", severity)
            if with_steps:
                steps += _begun(event, category, severity)
    return cases, steps


def _reported(event: Any) -> PastCase:
    told = event.payload
    return PastCase(
        event.incident_id,
        told["category"],
        told.get("subcategory"),
        told.get("severity", "normal"),
        told.get("cell"),
        told.get("township"),
        event.at,
    )


def _begun(event: Any, category: str, severity: str) -> Iterator[PastStep]:
    clock = event.payload.get("clock")
    if clock and clock["since"] == event.seq and not clock["is_fixed"]:
        yield PastStep(event.incident_id, clock["step"], category, severity, event.at)
