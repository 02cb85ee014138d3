"""Files of a case: only the copy that others see is kept; who looked at one is recorded; erased, they are gone."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, insert, select, true, update
from sqlalchemy.exc import IntegrityError

from gis.faults import Fault, FaultsError
from layers.attached.kinds import LAYER, Family
from layers.content_files import named_among
from layers.records.audit import Act, record
from layers.records.clock import now_of
from layers.records.database import Database
from layers.records.files import FileStore, StoredFile, name_files
from layers.records.incidents import ConflictError
from layers.records.tables import attachment as attachment_table
from layers.records.tables import file as file_table

MOST_ATTACHMENTS = 30
"""Of one case, erased ones among them."""
MAX_KEY_CHARACTERS = 200
CASE = "incident"
"""Kind of subject under which the files of a case stand."""
_ID = re.compile(r"[0-9a-f]{32}")


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


@dataclass(frozen=True)
class NewAttachment:
    """A file that was sent.

    Parameters
    ----------
    subject_id
        The case.
    key
        Chosen by the sender for this file; sending it again stores nothing.
    sha
        SHA-256 of what came in.
    kind
    shown
        The copy, which is on disk.
    """

    subject_id: str
    key: str
    sha: str
    kind: Family
    shown: StoredFile


class AttachmentStore:
    """Files of cases in a database and a data folder; who may send, see or erase them is the caller's to ask.

    Parameters
    ----------
    database
    files
    """

    def __init__(self, database: Database, files: FileStore) -> None:
        self._database, self._files = database, files

    def add(self, new: NewAttachment, *, act: Act) -> tuple[Attachment, bool]:
        """Keep a file.

        Parameters
        ----------
        new
        act
            Recorded with the case as its object.

        Returns
        -------
        Attachment, bool
            And whether it is new; the same key again is the file that is there.

        Raises
        ------
        ConflictError
            ``attachment-key-used`` if something else came in under the key.
        FaultsError
            ``bad-attachment-key``, ``attachment-too-many``.
        """
        if not (0 < len(new.key) <= MAX_KEY_CHARACTERS and new.key.isprintable()):
            raise _fault("bad-attachment-key", field="key", limit=MAX_KEY_CHARACTERS)
        try:
            with self._database.writing() as connection:
                known = _of_key(connection, new)
                if known is None:
                    return self._insert(connection, new, act), True
        except IntegrityError:  # on PostgreSQL the same key may have arrived in between
            with self._database.reading() as connection:
                known = _of_key(connection, new)
        if known is None or known.sha != new.sha:
            raise ConflictError([Fault("attachment-key-used", LAYER, field="key", value=new.key)])
        return known, False

    def of(self, subject_id: str) -> list[Attachment]:
        """Return the files of a case in the order in which they came; erased ones stay as entries."""
        with self._database.reading() as connection:
            asked = select(attachment_table).where(*_on(subject_id)).order_by("at", "id")
            return [_attachment(row._mapping) for row in connection.execute(asked)]

    def open(self, subject_id: str, attachment_id: str, *, act: Act) -> tuple[Attachment, bytes | None] | None:
        """Return a file with its content, and record that somebody looked at it.

        Parameters
        ----------
        subject_id, attachment_id
        act
            Recorded with the case as its object.

        Returns
        -------
        (Attachment, bytes or None) or None
            ``None`` if the case has no such file; without content if that was erased or is lost.
        """
        if not _ID.fullmatch(attachment_id):
            return None
        with self._database.writing() as connection:
            asked = select(attachment_table).where(*_on(subject_id), attachment_table.c.id == attachment_id)
            row = connection.execute(asked).first()
            if row is None:
                return None
            record(connection, replace(act, object_id=subject_id, detail={"attachment": attachment_id}))
        found = _attachment(row._mapping)
        return found, self._files.read(found.shown_sha)

    def erase(self, subject_id: str, attachment_id: str | None = None, *, act: Act) -> int:
        """Erase one file of a case, or all; that there was something stays.

        A file of the same content that something else refers to stays for that.

        Parameters
        ----------
        subject_id
        attachment_id
            All of the case if not given.
        act
            Recorded with the case as its object and how many, if there were any.

        Returns
        -------
        int
            How many there were.
        """
        with self._database.writing() as connection:
            gone, count = erase_attachments(connection, subject_id, attachment_id)
            if count:
                record(connection, replace(act, object_id=subject_id, detail={"attachments": count}))
        self._files.remove(gone)
        return count

    def _insert(self, connection: Connection, new: NewAttachment, act: Act) -> Attachment:
        count = connection.scalar(select(func.count()).select_from(attachment_table).where(*_on(new.subject_id)))
        if (count or 0) >= MOST_ATTACHMENTS:
            raise _fault("attachment-too-many", limit=MOST_ATTACHMENTS)
        name_files(connection, [new.shown])
        row = {
            "id": uuid.uuid4().hex,
            "subject_id": new.subject_id,
            "sha": new.sha,
            "shown_sha": new.shown.sha,
            "kind": new.kind,
            "media_type": new.shown.media_type,
            "bytes": new.shown.bytes,
            "by_id": act.actor.account_id,
            "at": now_of(connection),
        }
        connection.execute(insert(attachment_table).values({**row, "subject_kind": CASE, "key": new.key}))
        detail = {"attachment": row["id"], "kind": new.kind}
        record(connection, replace(act, object_id=new.subject_id, detail=detail))
        return _attachment(row)


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
    mine = (*_on(subject_id), which, attachment_table.c.erased_at.is_(None))
    shas = {sha for sha in connection.scalars(select(attachment_table.c.shown_sha).where(*mine)) if sha}
    emptied = {"shown_sha": None, "sha": "", "erased_at": now_of(connection)}
    count = connection.execute(update(attachment_table).where(*mine).values(emptied)).rowcount
    gone = sorted(shas - named_among(connection, shas))
    connection.execute(file_table.delete().where(file_table.c.sha.in_(gone)))
    return gone, count


def _on(subject_id: str) -> Iterable[ColumnElement[bool]]:
    return attachment_table.c.subject_kind == CASE, attachment_table.c.subject_id == subject_id


def _of_key(connection: Connection, new: NewAttachment) -> Attachment | None:
    asked = select(attachment_table).where(*_on(new.subject_id), attachment_table.c.key == new.key)
    row = connection.execute(asked).first()
    return _attachment(row._mapping) if row else None


def _attachment(row: Mapping[Any, Any]) -> Attachment:
    values: dict[str, Any] = {field.name: row.get(field.name) for field in fields(Attachment)}
    return Attachment(**values)


def _fault(code: str, *, field: str = "file", limit: int) -> FaultsError:
    return FaultsError([Fault(code, LAYER, field=field, params={"limit": limit})])
