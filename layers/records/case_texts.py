"""What people said of a case, and who they are: kept apart from its events, where it can be erased."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, update

from layers.records.secret_values import erase_secrets, keep_secrets, secrets_of
from layers.records.tables import secret as secret_table

SUBJECT = "incident"
PERSON = ("name", "phone")
"""Fields that tell who reported."""
CONTACT_KEPT = timedelta(days=365)
"""Name and telephone are erased a year after a case has ended: by then nobody calls back any more."""
_TEXT = re.compile(r"text-(\d+)")


def text_field(seq: int) -> str:
    """Return the field of what was said with an event."""
    return f"text-{seq}"


def keep_texts(
    connection: Connection,
    incident_id: str,
    texts: Mapping[str, str],
    *,
    erase_after: Mapping[str, datetime] | None = None,
) -> None:
    """Keep what was said with an event, in its transaction.

    Parameters
    ----------
    connection
        In a writing transaction.
    incident_id
    texts
        By field: ``name`` and ``phone`` of who reported, and ``text_field`` of an event.
    erase_after
        Field → when it is to be erased.
    """
    keep_secrets(connection, SUBJECT, incident_id, texts, erase_after=erase_after)


def texts_of(connection: Connection, ids: Sequence[str]) -> dict[str, dict[int, str]]:
    """Return what was said of cases, by the numbers of their events."""
    found = secrets_of(connection, SUBJECT, ids)
    return {
        key: {int(match[1]): value for field, value in fields.items() if (match := _TEXT.fullmatch(field))}
        for key, fields in found.items()
    }


def person_of(connection: Connection, incident_id: str) -> dict[str, str]:
    """Return name and telephone of who reported, as far as they were told and are still kept."""
    return secrets_of(connection, SUBJECT, [incident_id], fields=PERSON).get(incident_id, {})


def erase_person_after(connection: Connection, incident_id: str, *, ended_at: datetime | None) -> None:
    """Set the day on which name and telephone are erased, or none while the case goes on."""
    mine = (secret_table.c.subject_kind == SUBJECT) & (secret_table.c.subject_id == incident_id)
    fields = secret_table.c.field.in_(PERSON) & secret_table.c.erased_at.is_(None)
    until = ended_at + CONTACT_KEPT if ended_at else None
    connection.execute(update(secret_table).where(mine, fields).values(erase_after=until))


def erase_texts(connection: Connection, incident_id: str, what: Sequence[str], *, now: datetime) -> int:
    """Erase what was said (``texts``), who reported (``person``), or both, and return how many values there were."""
    known = secrets_of(connection, SUBJECT, [incident_id]).get(incident_id, {})
    fields = [field for field in known if ("person" if field in PERSON else "texts") in what]
    return erase_secrets(connection, SUBJECT, incident_id, now=now, fields=fields) if fields else 0
