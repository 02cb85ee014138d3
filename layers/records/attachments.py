"""Files of a case: only the copy that others see is kept; who looked at one is recorded; erased, they are gone."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, replace

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import IntegrityError

from gis.faults import Fault, FaultsError
from layers.attached.kinds import LAYER, Family
from layers.records.attachment_rows import CASE, Attachment, attachment_of, erase_attachments, on_case
from layers.records.audit import Act, record
from layers.records.clock import now_of
from layers.records.conflicts import ConflictError
from layers.records.database import Database
from layers.records.files import FileStore, StoredFile, name_files
from layers.records.tables import attachment as attachment_table

MOST_ATTACHMENTS = 30
"""Of one case, erased ones among them."""
MAX_KEY_CHARACTERS = 200
_ID = re.compile(r"[0-9a-f]{32}")


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
    by_id
        Account, ``None`` in solo mode.
    """

    subject_id: str
    key: str
    sha: str
    kind: Family
    shown: StoredFile
    by_id: str | None = None


class AttachmentStore:
    """Files of cases in a database and a data folder; who may send, see or erase them is the caller's to ask.

    Parameters
    ----------
    database
    files
    """

    def __init__(self, database: Database, files: FileStore) -> None:
        self._database, self._files = database, files

    def add(self, new: NewAttachment) -> tuple[Attachment, bool]:
        """Keep a file; the event of the case that tells of it, which comes next, is what stands in the audit.

        Parameters
        ----------
        new

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
                    return _insert(connection, new), True
        except IntegrityError:  # on PostgreSQL the same key may have arrived in between
            with self._database.reading() as connection:
                known = _of_key(connection, new)
        if known is None or known.sha != new.sha:
            raise ConflictError([Fault("attachment-key-used", LAYER, field="key", value=new.key)])
        return known, False

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
            asked = select(attachment_table).where(*on_case(subject_id), attachment_table.c.id == attachment_id)
            row = connection.execute(asked).first()
            if row is None:
                return None
            record(connection, replace(act, object_id=subject_id, detail={"attachment": attachment_id}))
        found = attachment_of(row._mapping)
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


def _insert(connection: Connection, new: NewAttachment) -> Attachment:
    count = connection.scalar(select(func.count()).select_from(attachment_table).where(*on_case(new.subject_id)))
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
        "by_id": new.by_id,
        "at": now_of(connection),
    }
    connection.execute(insert(attachment_table).values({**row, "subject_kind": CASE, "key": new.key}))
    return attachment_of(row)


def _of_key(connection: Connection, new: NewAttachment) -> Attachment | None:
    asked = select(attachment_table).where(*on_case(new.subject_id), attachment_table.c.key == new.key)
    row = connection.execute(asked).first()
    return attachment_of(row._mapping) if row else None


def _fault(code: str, *, field: str = "file", limit: int) -> FaultsError:
    return FaultsError([Fault(code, LAYER, field=field, params={"limit": limit})])
