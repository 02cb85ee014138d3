"""Rows of files of a case in a transaction: which they are, and how they are erased."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, true, update

from layers.attached.kinds import Family
from layers.content_files import named_among
from layers.records.clock import now_of
from layers.records.database import Database
from layers.records.tables import attachment as attachment_table
from layers.records.tables import file as file_table

CASE = "incident"
"""Kind of subject under which the files of a case stand."""


@dataclass(frozen=True)
class Attachment:
    """A file of a case.

    Parameters
    ----------
    id
    subject_id
        The case.
    sha
        SHA-256 of what came in, which itself is not kept.
    shown_sha
        SHA-256 of the copy that others see, ``None`` once it was erased.
    kind
        ``photo``, ``sound`` or ``file``.
    media_type, bytes
        Of the copy.
    by_id
        Account, ``None`` in solo mode.
    at
    erased_at
    """

    id: str
    subject_id: str
    sha: str
    shown_sha: str | None
    kind: Family
    media_type: str
    bytes: int
    by_id: str | None
    at: datetime
    erased_at: datetime | None = None


def attachment_of(row: Mapping[Any, Any]) -> Attachment:
    """Return a file of a case from its row."""
    values: dict[str, Any] = {field.name: row.get(field.name) for field in fields(Attachment)}
    return Attachment(**values)


def attachments_of(database: Database, subject_id: str) -> list[Attachment]:
    """Return the files of a case in the order in which they came; erased ones stay as entries."""
    asked = select(attachment_table).where(*on_case(subject_id)).order_by("at", "id")
    with database.reading() as connection:
        return [attachment_of(row._mapping) for row in connection.execute(asked)]


def on_case(subject_id: str) -> Iterable[ColumnElement[bool]]:
    """Return the conditions of the files of a case."""
    return attachment_table.c.subject_kind == CASE, attachment_table.c.subject_id == subject_id


def erase_attachments(
    connection: Connection, subject_id: str, attachment_id: str | None = None
) -> tuple[list[str], int]:
    """Take one file of a case, or all, out of the records, in the transaction of whoever erases the case.

    Returns
    -------
    list of str, int
        Files that nothing refers to any more: :meth:`FileStore.remove` takes them once the transaction has ended.
        And how many entries were erased.
    """
    which = true() if attachment_id is None else attachment_table.c.id == attachment_id
    mine = (*on_case(subject_id), which, attachment_table.c.erased_at.is_(None))
    shas = {sha for sha in connection.scalars(select(attachment_table.c.shown_sha).where(*mine)) if sha}
    emptied = {"shown_sha": None, "sha": "", "erased_at": now_of(connection)}
    count = connection.execute(update(attachment_table).where(*mine).values(emptied)).rowcount
    gone = sorted(shas - named_among(connection, shas))
    connection.execute(file_table.delete().where(file_table.c.sha.in_(gone)))
    return gone, count
