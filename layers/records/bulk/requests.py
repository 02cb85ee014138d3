"""Cases as the public door lists them: by what was reported, when, and whether it has ended; page by page."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select

from layers.records.case_rows import events_of
from layers.records.case_texts import texts_of
from layers.records.database import Database
from layers.records.tables import incident, incident_event
from planning.incidents.case import Case
from planning.incidents.events import IncidentEvent
from planning.incidents.moves import ENDED
from planning.incidents.states import replay

_C, _E = incident.c, incident_event.c


@dataclass(frozen=True)
class RequestFilter:
    """Which cases are asked for.

    Parameters
    ----------
    ids
        Only these, and nothing else counts.
    codes
        Small kinds or categories that were reported.
    since, until
        Reported within, half-open.
    is_open, has_ended
        Which of both.
    by
        Reported by this account only.
    channels
        Only these; all if none is named.
    """

    ids: Collection[str] = ()
    codes: Collection[str] = ()
    since: datetime | None = None
    until: datetime | None = None
    is_open: bool = True
    has_ended: bool = True
    by: str | None = None
    channels: Collection[str] = ()


@dataclass(frozen=True)
class ReportedCase:
    """A case with what was reported.

    Parameters
    ----------
    report
        Its first event.
    case
        As it stands.
    text
        What was said, "" once it is erased.
    """

    report: IncidentEvent
    case: Case
    text: str


def reported_cases(database: Database, wanted: RequestFilter, *, limit: int, offset: int = 0) -> list[ReportedCase]:
    """Return cases, the latest report first.

    Parameters
    ----------
    database
    wanted
    limit, offset
    """
    asked = (
        select(_C.id)
        .join(incident_event, and_(_E.incident_id == _C.id, _E.seq == 1))
        .where(_C.flow == "incident", *_conditions(wanted))
        .order_by(_C.created_at.desc(), _C.id.desc())
        .limit(limit)
        .offset(offset)
    )
    with database.reading() as connection:
        ids: Sequence[str] = connection.scalars(asked).all()
        events, texts = events_of(connection, ids), texts_of(connection, ids)
    return [ReportedCase(events[one][0], replay(events[one]), texts.get(one, {}).get(1, "")) for one in ids]


def _conditions(wanted: RequestFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.by is not None:
        found.append(_E.actor == wanted.by)
    if wanted.channels:
        found.append(_C.channel.in_(list(wanted.channels)))
    if wanted.ids:
        return [*found, _C.id.in_(list(wanted.ids))]
    if wanted.codes:
        found.append(_reported_as(wanted.codes))
    if wanted.since is not None:
        found.append(_C.created_at >= wanted.since)
    if wanted.until is not None:
        found.append(_C.created_at < wanted.until)
    if not (wanted.is_open and wanted.has_ended):
        ended: Any = _C.state.in_(list(ENDED))
        found.append(ended if wanted.has_ended else ~ended if wanted.is_open else false())
    return found


def _reported_as(codes: Collection[str]) -> ColumnElement[bool]:
    """Return whether a case was reported as one of some kinds; one without a small kind goes by its category."""
    small = _E.payload["subcategory"].as_string()
    category = and_(small.is_(None), _E.payload["category"].as_string().in_(list(codes)))
    return or_(small.in_(list(codes)), category)
