"""What can be erased for good: names, numbers and free texts of people, apart from the records that they belong to."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, true, update

from layers.records.tables import secret as secret_table

_AT_A_TIME = 500
"""Subjects that one question names: databases take only so many parameters."""
_NEW = insert(secret_table)


def keep_secrets(
    connection: Connection,
    subject_kind: str,
    subject_id: str,
    values: Mapping[str, str],
    *,
    erase_after: Mapping[str, datetime] | None = None,
) -> None:
    """Keep values of a subject, in the transaction of the record that they belong to.

    Parameters
    ----------
    connection
        In a writing transaction.
    subject_kind, subject_id
    values
        Field → value; empty ones are not kept.
    erase_after
        Field → when it is to be erased at the latest; a field without a moment stays.
    """
    keep_many(connection, subject_kind, {subject_id: values}, erase_after=erase_after)


def keep_many(
    connection: Connection,
    subject_kind: str,
    values: Mapping[str, Mapping[str, str]],
    *,
    erase_after: Mapping[str, datetime] | None = None,
) -> None:
    """Keep values of many subjects, as ``keep_secrets``: subject → field → value."""
    moments = erase_after or {}
    rows = [
        {
            "ref": uuid.uuid4().hex,
            "subject_kind": subject_kind,
            "subject_id": subject_id,
            "field": field,
            "value": value,
            "erase_after": moments.get(field),
            "erased_at": None,
        }
        for subject_id, fields in values.items()
        for field, value in fields.items()
        if value
    ]
    if rows:
        connection.execute(_NEW, rows)


def put_secrets(connection: Connection, subject_kind: str, subject_id: str, values: Mapping[str, str]) -> None:
    """Put values in the place of those that are kept; an empty one takes it away.

    Parameters
    ----------
    connection
        In a writing transaction.
    subject_kind, subject_id
    values
        Field → value.
    """
    if not values:
        return
    those = (
        secret_table.c.subject_kind == subject_kind,
        secret_table.c.subject_id == subject_id,
        secret_table.c.field.in_(list(values)),
    )
    connection.execute(delete(secret_table).where(*those))
    keep_secrets(connection, subject_kind, subject_id, values)


def keep_until(connection: Connection, subject_kind: str, subject_id: str, moment: datetime | None) -> None:
    """Say when all values of a subject are to be erased at the latest; without a moment they stay."""
    mine = (
        secret_table.c.subject_kind == subject_kind,
        secret_table.c.subject_id == subject_id,
        secret_table.c.erased_at.is_(None),
    )
    connection.execute(update(secret_table).where(*mine).values(erase_after=moment))


def secrets_of(
    connection: Connection, subject_kind: str, subject_ids: Sequence[str], *, fields: Collection[str] | None = None
) -> dict[str, dict[str, str]]:
    """Return the values of subjects, of some fields or all, by subject and field; none that was erased."""
    found: dict[str, dict[str, str]] = {}
    for ids in _parts(subject_ids):
        asked = select(secret_table.c.subject_id, secret_table.c.field, secret_table.c.value).where(
            secret_table.c.subject_kind == subject_kind,
            secret_table.c.subject_id.in_(ids),
            true() if fields is None else secret_table.c.field.in_(list(fields)),
            secret_table.c.erased_at.is_(None),
        )
        for subject_id, field, value in connection.execute(asked):
            found.setdefault(subject_id, {})[field] = value
    return found


def erase_secrets(
    connection: Connection,
    subject_kind: str,
    subject_id: str,
    *,
    now: datetime,
    fields: Collection[str] | None = None,
) -> int:
    """Erase all values of a subject, or those of some fields, and return how many; that there was something stays."""
    mine = (
        secret_table.c.subject_kind == subject_kind,
        secret_table.c.subject_id == subject_id,
        secret_table.c.erased_at.is_(None),
        true() if fields is None else secret_table.c.field.in_(list(fields)),
    )
    return connection.execute(update(secret_table).where(*mine).values(value="", erased_at=now)).rowcount


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), _AT_A_TIME):
        yield ids[start : start + _AT_A_TIME]
