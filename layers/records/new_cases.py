"""New cases as rows: any number in one transaction, with their events and with what was said."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from layers.records.case_rows import case_row, event_rows, last_position
from layers.records.case_texts import CONTACT_KEPT, PERSON, SUBJECT
from layers.records.secret_values import keep_many
from layers.records.tables import incident as incident_table
from layers.records.tables import incident_event as event_table
from planning.incidents.case import Case
from planning.incidents.events import IncidentEvent

_NEW_CASES, _NEW_EVENTS = insert(incident_table), insert(event_table)
_OF_KEYS = select(incident_table.c.idempotency_key, incident_table.c.id).where(
    incident_table.c.idempotency_key.in_(bindparam("keys", expanding=True))
)
"""Built once: a statement that is made anew each time costs more than what it does."""


@dataclass(frozen=True)
class NewCase:
    """A case to be stored.

    Parameters
    ----------
    key
        The sender's: what is there under it already is left as it is.
    events
        From its report on, with their clocks.
    texts
        What was said and by whom, as ``case_texts.keep_texts`` keeps it.
    """

    key: str
    events: Sequence[IncidentEvent]
    texts: Mapping[str, str] = field(default_factory=dict)


def cases_of_keys(connection: Connection, keys: Collection[str]) -> dict[str, str]:
    """Return the ids of the cases that were reported under some keys, by key."""
    return {row.idempotency_key: row.id for row in connection.execute(_OF_KEYS, {"keys": list(keys)})}


def insert_cases(connection: Connection, cases: Sequence[tuple[Case, NewCase]], *, now: datetime) -> None:
    """Write new cases, their events and where they lead to, and what was said of them.

    Parameters
    ----------
    connection
        In a writing transaction.
    cases
        Each after the last of its events; no key among them twice, and none that is there.
    now
        When they are stored.
    """
    pos = last_position(connection)
    rows: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []
    for case, new in cases:
        rows.append(case_row(case, new.events, key=new.key, pos=pos, stored_at=now))
        events += event_rows(case.id, new.events, pos=pos, key=None, stored_at=now)
        pos += len(new.events)
    connection.execute(_NEW_CASES, rows)
    connection.execute(_NEW_EVENTS, events)
    texts = {case.id: new.texts for case, new in cases}
    until = {(case.id, name): case.at + CONTACT_KEPT for case, _new in cases if case.has_ended for name in PERSON}
    keep_many(connection, SUBJECT, texts, erase_after=until)
