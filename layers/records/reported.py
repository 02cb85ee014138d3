"""Reports that come at once, stored in one transaction: a statement for all of them, not for each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from gis.faults import Fault
from layers.records.audit import Act, record_all
from layers.records.case_rows import events_of
from layers.records.case_texts import text_field, texts_of
from layers.records.clock import now_of
from layers.records.conflicts import ConflictError
from layers.records.new_cases import NewCase, cases_of_keys, insert_cases
from layers.records.notice_rows import tell_all
from planning.incidents.case import Case
from planning.incidents.states import replay

_REPORT = text_field(1)


@dataclass(frozen=True)
class Reported:
    """A report that is to be stored.

    Parameters
    ----------
    case
        After its first events.
    new
        Its events, with the reporter's key and what was said.
    act
        Recorded with the case.
    channels
        By which messages leave.
    """

    case: Case
    new: NewCase
    act: Act
    channels: Collection[str]


def write_reports(connection: Connection, reports: Sequence[Reported]) -> list[tuple[Case, bool]]:
    """Store reports, and return the case under each key and whether it is new.

    Parameters
    ----------
    connection
        In a writing transaction.
    reports

    Raises
    ------
    ConflictError
        If a key belongs to another report, among those that are there or those of the same moment.
    """
    keys = [one.new.key for one in reports]
    if len(set(keys)) < len(keys):
        raise ConflictError([Fault("idempotency-conflict", "incidents", field="idempotency_key")])
    known = cases_of_keys(connection, keys)
    fresh = [one for one in reports if one.new.key not in known]
    if fresh:
        now = now_of(connection)
        insert_cases(connection, [(one.case, one.new) for one in fresh], now=now)
        for one in fresh:
            tell_all(connection, None, one.new.events, channels=one.channels, now=now)
        record_all(connection, [one.act.about(one.case.id) for one in fresh])
    return [
        (known_case(connection, known[one.new.key], one), False) if one.new.key in known else (one.case, True)
        for one in reports
    ]


def known_case(connection: Connection, incident_id: str, reported: Reported) -> Case:
    """Return the case that is there under a key; the rest of it may differ on a retry.

    Raises
    ------
    ConflictError
        If something else was reported. What was said counts for as long as it is kept.
    """
    events = events_of(connection, [incident_id])[incident_id]
    first = replay(events[:1])
    text = texts_of(connection, [incident_id]).get(incident_id, {}).get(1)
    new, said = reported.case, reported.new.texts
    is_same = (first.category, first.lon, first.lat) == (new.category, new.lon, new.lat)
    was_erased = any(event.kind == "erased" for event in events)
    if not is_same or not (was_erased or (text or "") == said.get(_REPORT, "")):
        raise ConflictError([Fault("idempotency-conflict", "incidents", field="idempotency_key", value=new.id)])
    return replay(events)
