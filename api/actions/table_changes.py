"""A change of a table that an office edits, from rows or from a file: all of it, or what is wrong with it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from api.actions.tables import edition_in, words_now
from api.actions.tables_at_rest import edition_of
from gis.faults import Fault, FaultsError, Param
from layers.records.audit import Act, Actor
from layers.records.documents import MAX_NOTE_CHARACTERS, DocumentStore, MovedOnError, NewDocument
from layers.sources.tables.edited_table import AboutWords, EditedTable, read_edited_table
from maps.catalogue import Lang
from maps.report.table_workbook import about_labels, about_sheets
from maps.table_words import title_of
from planning.incidents.deadlines import CHINA_TIME
from planning.tables.checking import GivenTable, check_table
from planning.tables.definition import Row, TableKind
from planning.tables.difference import RowChange, difference
from planning.tables.in_force import Edition, default_edition
from planning.tables.words import TableWords

LARGEST_FILE = 2 * 2**20
"""Bytes of a table that is sent: thousands of times what its rows need."""


@dataclass(frozen=True)
class Change:
    """A change that somebody asks for.

    Parameters
    ----------
    rows
    expected_version
        The newest version that was known; of a file that does not say, and without one the newest counts.
    note
    valid_from
        In force from then on; at once if not given.
    """

    rows: Sequence[Row]
    expected_version: int | None
    note: str = ""
    valid_from: datetime | None = None


@dataclass(frozen=True)
class Saved:
    """What came of a change.

    Parameters
    ----------
    edition
        The newest.
    valid_from
        ``None`` for version 0.
    is_new
        Whether anything was changed.
    changes
        Against the version before.
    """

    edition: Edition
    valid_from: datetime | None
    is_new: bool
    changes: Sequence[RowChange]


class TableChangedError(Exception):
    """Raised when somebody else was first.

    Parameters
    ----------
    error
        What the store says.
    kind
    since
        What was changed since the version that the caller knew; ``None`` if there is no such version.
    """

    def __init__(self, error: MovedOnError, kind: TableKind, since: Sequence[RowChange] | None) -> None:
        super().__init__(str(error))
        self.faults, self.latest, self.kind, self.since = error.faults, error.latest, kind, since


def rows_of_body(kind: TableKind, rows: Sequence[Mapping[str, object]], words: TableWords) -> list[Row]:
    """Return the rows of a request as they are stored.

    Raises
    ------
    FaultsError
        With everything that is wrong.
    """
    return check_table(kind, GivenTable(rows), words=words)


def change_of_file(
    store: DocumentStore,
    kind: TableKind,
    content: bytes,
    name: str,
    *,
    expected_version: int | None,
    lang: Lang,
    must_say: bool = True,
) -> Change:
    """Read a table that was sent as a file.

    Parameters
    ----------
    store
    kind
    content
    name
        Of the file, as people know it.
    expected_version
        What the caller says; the file may say it as well.
    lang
        In which headings are named that are missing.
    must_say
        Whether the version that was changed has to be known, from the caller or from the file.

    Raises
    ------
    FaultsError
        With everything that is wrong with the file.
    TableChangedError
        If the file was made from an older version.
    """
    words = words_now(store, kind, lang)
    with tempfile.TemporaryDirectory(prefix="countygrid-") as folder:
        path = Path(folder) / safe_name(name, kind)
        path.write_bytes(content)
        read = read_edited_table(path, kind, words=words, about=AboutWords(about_sheets(), about_labels()))
    said = _version(read.says.get("version", ""))
    refuse_other_table(kind, read, lang)
    newest = store.latest(kind.name)
    latest = newest.version if newest else 0
    faults = list(_version_faults(kind, read, said, expected_version, latest, must_say=must_say))
    try:
        rows = check_table(kind, read.given, words=words)
    except FaultsError as error:
        raise FaultsError([*faults, *error.faults]) from error
    if faults and said is not None:
        raise _older(store, kind, faults, said, latest)
    if faults:
        raise FaultsError(faults)
    return Change(rows, latest if expected_version is None else expected_version)


def refuse_other_table(kind: TableKind, read: EditedTable, lang: Lang) -> None:
    """Refuse a file that says of itself that it is another table.

    Raises
    ------
    FaultsError
        ``table-wrong-kind``.
    """
    said = read.says.get("kind", "")
    if said and said != kind.name:
        told: dict[str, Param] = {"wanted": title_of(kind.name, lang), "found": title_of(said[:30], lang)}
        raise FaultsError([Fault("table-wrong-kind", kind.name, read.given.file, value=said[:30], params=told)])


def _version_faults(
    kind: TableKind, read: EditedTable, said: int | None, expected: int | None, latest: int, *, must_say: bool
) -> Iterator[Fault]:
    told: dict[str, Param] = {"current": latest}
    if said is not None and said != latest:
        yield Fault("table-older-version", kind.name, read.given.file, value=str(said), params=told)
    elif said is None and expected is None and must_say:
        yield Fault("table-expected-version-missing", kind.name, read.given.file, field="expected_version", params=told)


def save_change(store: DocumentStore, kind: TableKind, change: Change, *, actor: Actor, now: datetime) -> Saved:
    """Save a change.

    Parameters
    ----------
    store
    kind
    change
    actor
        Who asks for it.
    now

    Returns
    -------
    Saved

    Raises
    ------
    TableChangedError
        If somebody else was first.
    FaultsError
        If the note is too long, or the day lies in the past.
    """
    _check(kind, change, now)
    plain = [{column.name: row[column.name] for column in kind.columns} for row in change.rows]
    new = NewDocument(
        kind.name,
        {"rows": plain},
        kind.sha_of(change.rows),
        change.valid_from or now,
        now,
        change.note.strip(),
        kind.sha_of(kind.defaults),
    )
    act = Act(actor, "table.saved", "table", kind.name)
    expected = change.expected_version if change.expected_version is not None else -1
    try:
        document, is_new = store.save(new, expected_version=expected, act=act)
    except MovedOnError as error:
        raise changed(store, kind, error) from error
    edition = edition_of(document) if document else default_edition(kind.name)
    before = edition_in(store, kind, edition.version - 1) if is_new else None
    changes = difference(kind, before.rows, edition.rows) if before else []
    return Saved(edition, document.valid_from if document else None, is_new, changes)


def changed(store: DocumentStore, kind: TableKind, error: MovedOnError) -> TableChangedError:
    """Return what a caller is told who was not first: with what was changed meanwhile."""
    known, newest = (edition_in(store, kind, version) for version in (error.expected, error.latest))
    since = difference(kind, known.rows, newest.rows) if known and newest else None
    return TableChangedError(error, kind, since)


def _older(store: DocumentStore, kind: TableKind, faults: Sequence[Fault], version: int, latest: int) -> Exception:
    error = changed(store, kind, MovedOnError(kind.name, expected=version, latest=latest))
    error.faults = tuple(faults)
    return error


def _check(kind: TableKind, change: Change, now: datetime) -> None:
    faults = []
    note = change.note.strip()
    if len(note) > MAX_NOTE_CHARACTERS:
        told: dict[str, Param] = {"most": MAX_NOTE_CHARACTERS}
        faults.append(Fault("table-note-too-long", kind.name, field="note", value=note[:80], params=told))
    if not note.isprintable():
        faults.append(Fault("control-character", kind.name, field="note"))
    if change.valid_from is not None and change.valid_from < now:
        value = change.valid_from.astimezone(CHINA_TIME).isoformat(timespec="minutes")
        faults.append(Fault("table-valid-from-past", kind.name, field="valid_from", value=value))
    if faults:
        raise FaultsError(faults)


def _version(said: str) -> int | None:
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else None


def safe_name(name: str, kind: TableKind) -> str:
    """Return the last part of a name that somebody sent, fit for a file."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*').strip(". ")[-80:]
    return plain or kind.name
