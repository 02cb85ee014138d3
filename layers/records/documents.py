"""What an office edits, edition by edition: every one stays, and one of them is in force at any moment."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select, tuple_
from sqlalchemy.exc import IntegrityError

from gis.faults import Fault
from layers.records.audit import Act, record
from layers.records.conflicts import ConflictError
from layers.records.database import Database
from layers.records.tables import document as document_table

MAX_NOTE_CHARACTERS = 200


@dataclass(frozen=True)
class Document:
    """One edition.

    Parameters
    ----------
    kind, version
        Versions of a kind count from 1; version 0 is what the program comes with and is not stored.
    content
        Plain values.
    sha
        Of the content, as its owner computes it.
    valid_from
        In force from then on, unless a later version is.
    by_id
        Account, ``None`` in solo mode and on the command line.
    at
        When it was saved.
    note
    """

    kind: str
    version: int
    content: Any
    sha: str
    valid_from: datetime
    by_id: str | None
    at: datetime
    note: str


@dataclass(frozen=True)
class NewDocument:
    """An edition to be saved.

    Parameters
    ----------
    kind, content, sha, valid_from, at, note
        As of a document.
    sha_before
        Content of version 0, which no row tells.
    """

    kind: str
    content: Any
    sha: str
    valid_from: datetime
    at: datetime
    note: str = ""
    sha_before: str = ""


class MovedOnError(ConflictError):
    """Raised when somebody else has saved since.

    Parameters
    ----------
    kind
    expected
        Version that the caller acted on.
    latest
        Version that there is by now.
    """

    def __init__(self, kind: str, *, expected: int, latest: int) -> None:
        told = {"current": latest}
        super().__init__([Fault("table-moved-on", kind, field="expected_version", value=str(expected), params=told)])
        self.expected, self.latest = expected, latest


class DocumentStore:
    """Documents in a database.

    Parameters
    ----------
    database
        As ``open_database`` returns it; may be shared by threads and processes.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    def in_force(self, *, at: datetime) -> dict[str, Document]:
        """Return the edition of every kind that counts at an instant; kinds at version 0 are left out."""
        with self.database.reading() as connection:
            return documents_in_force(connection, at=at)

    def shas_in_force(self, *, at: datetime) -> dict[str, tuple[int, str]]:
        """Return version and content of what counts at an instant, without the contents themselves."""
        columns = select(document_table.c.kind, document_table.c.version, document_table.c.sha)
        with self.database.reading() as connection:
            return {row.kind: (row.version, row.sha) for row in connection.execute(_in_force(columns, at))}

    def current(self, kind: str, *, at: datetime) -> Document | None:
        """Return the edition of a kind that counts at an instant, ``None`` for version 0."""
        return self.in_force(at=at).get(kind)

    def get(self, kind: str, version: int) -> Document | None:
        """Return one edition, ``None`` if there is none of this number."""
        asked = select(document_table).where(document_table.c.kind == kind, document_table.c.version == version)
        with self.database.reading() as connection:
            found = connection.execute(asked).first()
        return _document(found) if found else None

    def by_version(self, versions: Mapping[str, int]) -> dict[str, Document]:
        """Return these editions by their kinds, as far as there are any."""
        with self.database.reading() as connection:
            return documents_by_version(connection, versions)

    def latest(self, kind: str) -> Document | None:
        """Return the newest edition, in force or not yet; ``None`` before the first."""
        with self.database.reading() as connection:
            return _latest(connection, kind)

    def history(self, kind: str) -> Sequence[Document]:
        """Return all editions of a kind, newest first."""
        asked = select(document_table).where(document_table.c.kind == kind).order_by(document_table.c.version.desc())
        with self.database.reading() as connection:
            return [_document(row) for row in connection.execute(asked)]

    def save(self, new: NewDocument, *, expected_version: int, act: Act) -> tuple[Document | None, bool]:
        """Save an edition, if nobody else has since the caller looked.

        Parameters
        ----------
        new
        expected_version
            The newest version that the caller knows.
        act
            Recorded with the version; also where the content is the one that counts already and nothing is saved.

        Returns
        -------
        document, saved
            The newest edition, and whether this call made it; ``None`` for version 0.

        Raises
        ------
        MovedOnError
            If there is a newer version than expected, or none as new.
        """
        try:
            with self.database.writing() as connection:
                return _save(connection, new, expected_version, act)
        except IntegrityError:  # PostgreSQL let another writer read the same newest version
            latest = self.latest(new.kind)
            number = latest.version if latest else 0
            raise MovedOnError(new.kind, expected=expected_version, latest=number) from None


def documents_in_force(connection: Connection, *, at: datetime) -> dict[str, Document]:
    """Return the edition of every kind that counts at an instant."""
    return {row.kind: _document(row) for row in connection.execute(_in_force(select(document_table), at))}


def documents_by_version(connection: Connection, versions: Mapping[str, int]) -> dict[str, Document]:
    """Return these editions by their kinds, as far as there are any.

    Parameters
    ----------
    connection
    versions
        Kind → version.
    """
    pairs = list(versions.items())
    asked = select(document_table).where(tuple_(document_table.c.kind, document_table.c.version).in_(pairs))
    return {row.kind: _document(row) for row in connection.execute(asked)} if pairs else {}


def _save(connection: Connection, new: NewDocument, expected: int, act: Act) -> tuple[Document | None, bool]:
    latest = _latest(connection, new.kind)
    number = latest.version if latest else 0
    if number != expected:
        raise MovedOnError(new.kind, expected=expected, latest=number)
    known, since = (latest.sha, latest.valid_from) if latest else (new.sha_before, new.valid_from)
    if known == new.sha and since <= new.valid_from:
        record(connection, _told(act, new.kind, {"version": number, "unchanged": True}), at=new.at)
        return latest, False
    row = {
        "kind": new.kind,
        "version": number + 1,
        "content": new.content,
        "sha": new.sha,
        "valid_from": new.valid_from,
        "by_id": act.actor.account_id,
        "at": new.at,
        "note": new.note,
    }
    connection.execute(insert(document_table).values(row))
    record(connection, _told(act, new.kind, {"version": number + 1, "sha": new.sha}), at=new.at)
    return Document(**row), True


def _told(act: Act, kind: str, detail: Mapping[str, Any]) -> Act:
    return dataclasses.replace(act, object_id=kind, detail={**act.detail, **detail})


def _latest(connection: Connection, kind: str) -> Document | None:
    newest = (
        select(document_table).where(document_table.c.kind == kind).order_by(document_table.c.version.desc()).limit(1)
    )
    found = connection.execute(newest).first()
    return _document(found) if found else None


def _in_force(columns: Select[Any], at: datetime) -> Select[Any]:
    """Return what is asked for of the newest version of each kind whose time has come."""
    newest = (
        select(document_table.c.kind, func.max(document_table.c.version).label("version"))
        .where(document_table.c.valid_from <= at)
        .group_by(document_table.c.kind)
        .subquery()
    )
    is_newest = (document_table.c.kind == newest.c.kind) & (document_table.c.version == newest.c.version)
    return columns.join_from(document_table, newest, is_newest)


def _document(row: Row[Any]) -> Document:
    return Document(row.kind, row.version, row.content, row.sha, row.valid_from, row.by_id, row.at, row.note)
