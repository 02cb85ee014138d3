"""From who is to hear something to the messages that are kept: one a channel, and one a person with a telephone."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, or_, select

from layers.records.outbox import Message, put
from layers.records.secret_values import secrets_of
from layers.records.staff_tables import person as person_table
from layers.records.staff_tables import post as post_table
from planning.incidents.case import Case
from planning.incidents.clocks import CHINA_TIME
from planning.incidents.events import IncidentEvent
from planning.incidents.notices import APPLICANT, Notice, notices
from planning.incidents.states import apply

SMS = "sms"
_POSTS = {
    "county": ("county-desk",),
    "township": ("township-desk",),
    "village": ("coordinator-a", "coordinator-b"),
}
"""Who answers for a desk; a grid has none beside its worker."""
_VILLAGE_DIGITS = 12
_NOBODY_REAL = "reconstructed"


def tell_all(
    connection: Connection,
    before: Case | None,
    events: Sequence[IncidentEvent],
    *,
    channels: Collection[str],
    now: datetime,
) -> int:
    """Keep the messages that events cause, in their transaction; return how many are new.

    Without a channel none is kept: nobody would send it, and what is sent weeks late is worse than what is not.

    Parameters
    ----------
    connection
        In a writing transaction, after the reporter's number has been kept.
    before
        The case before the first of `events`, ``None`` for a report.
    events
    channels
        Those that the site has set.
    now
    """
    if not channels:
        return 0
    messages: list[Message] = []
    for event in events:
        after = apply(before, event)
        told = notices(before, event, after, now=now)
        messages += (
            one for notice in told for one in _messages(connection, notice, event, after, channels=channels, now=now)
        )
        before = after
    return put(connection, messages, now=now)


def _messages(
    connection: Connection,
    notice: Notice,
    event: IncidentEvent,
    case: Case,
    *,
    channels: Collection[str],
    now: datetime,
) -> Iterator[Message]:
    for channel, to_ref in _ways(connection, notice, case, channels, now):
        about = f"{case.id}/{event.seq}/{notice.template}/{to_ref}/{channel}"
        yield Message(about, channel, to_ref, notice.template, notice.data, case.severity == "emergency")


def _ways(
    connection: Connection, notice: Notice, case: Case, channels: Collection[str], now: datetime
) -> Iterator[tuple[str, str]]:
    """Yield by which channels to whom; what an applicant is told concerns nobody else."""
    if notice.to_ref == APPLICANT:
        if SMS in channels and secrets_of(connection, "incident", [case.id], fields=("phone",)):
            yield SMS, f"{APPLICANT}:{case.id}"
        return
    yield from ((channel, notice.to_ref) for channel in channels if channel != SMS)
    if SMS in channels:
        yield from ((SMS, f"person:{one}") for one in _with_telephones(connection, notice.to_ref, now))


def _with_telephones(connection: Connection, to_ref: str, now: datetime) -> Sequence[str]:
    """Return the people behind a reference who can be reached; a reconstructed number is some stranger's."""
    asked = _people(to_ref, now)
    if asked is None:
        return ()
    real = asked.where(person_table.c.origin != _NOBODY_REAL, person_table.c.ended_at.is_(None)).distinct()
    ids: list[str] = list(connection.scalars(real))
    found = secrets_of(connection, "person", ids, fields=("phone",)) if ids else {}
    return [one for one in sorted(ids) if one in found]


def _people(to_ref: str, now: datetime) -> Select[Any] | None:
    kind, _, rest = to_ref.partition(":")
    people = select(person_table.c.id)
    if kind == "person":
        return people.where(person_table.c.id == rest)
    if kind == "account":
        return people.where(person_table.c.account_id == rest)
    level, _, area = rest.partition(":")
    if level not in _POSTS:
        return None
    day = now.astimezone(CHINA_TIME).date()
    here = [post_table.c.area_code.in_((area, area[:_VILLAGE_DIGITS]))] if level != "county" else []
    return people.join(post_table, post_table.c.person_id == person_table.c.id).where(
        post_table.c.post.in_(_POSTS[level]),
        *here,
        post_table.c.from_on <= day,
        or_(post_table.c.until_on.is_(None), post_table.c.until_on >= day),
    )
