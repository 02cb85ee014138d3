"""What the commands about tables do and say."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from api.actions.table_changes import LARGEST_FILE, Change, Saved, TableChangedError, change_of_file, save_change
from api.actions.table_kinds import kind_here
from api.actions.table_page import changes_shown
from api.actions.tables import view_changes
from api.explain import ApiError
from api.settings import Settings
from gis.faults import Fault, FaultsError
from layers.records.audit import COMMAND_LINE
from layers.records.database import Database, open_database
from layers.records.database_faults import DatabaseDownError
from layers.records.documents import DocumentStore
from layers.sources.files import file_fault
from maps.catalogue import Lang, text
from maps.table_words import table_words, title_of
from planning.incidents.deadlines import CHINA_TIME
from planning.tables.definition import TableKind
from planning.tables.in_force import Tables
from planning.tables.registry import TABLES


@contextmanager
def records(settings: Settings) -> Iterator[DocumentStore]:
    """Open the tables in the records, which are made where there are none yet; as ``records_database``."""
    with records_database(settings) as database:
        yield DocumentStore(database)


@contextmanager
def records_database(settings: Settings) -> Iterator[Database]:
    """Open the records, which are made where there are none yet.

    Raises
    ------
    ApiError
        503 ``database-…`` if they cannot be opened.
    """
    try:
        database = open_database(settings.records_url, data_dir=settings.data)
    except DatabaseDownError as error:
        raise ApiError(503, f"database-{error.reason}") from error
    try:
        yield database
    except DatabaseDownError as error:
        raise ApiError(503, f"database-{error.reason}") from error
    finally:
        database.close()


@contextmanager
def records_if_any(settings: Settings) -> Iterator[DocumentStore | None]:
    """Open the records where there are any; a look at a table makes none."""
    if not settings.database_url and not (settings.data / "app.sqlite").exists():
        yield None
        return
    with records(settings) as store:
        yield store


def known_kind(name: str) -> TableKind:
    """Return a kind of table by its name.

    Raises
    ------
    FaultsError
        ``table-unknown`` with the names there are.
    """
    if name not in TABLES:
        raise FaultsError([Fault("table-unknown", field="KIND", value=name[:60], params={"known": ", ".join(TABLES)})])
    return TABLES[name]


def listed_lines(tables: Tables, lang: Lang) -> list[str]:
    """Return each table with the version that counts."""
    lines = []
    for kind in TABLES:
        version = tables.edition(kind).version
        name = text(lang, "table.page.version", version=version) if version else text(lang, "table.page.version-0")
        in_force = text(lang, "table.page.in-force", name=name)
        lines.append(f"{kind:<12}{text(lang, 'cli.figure', name=title_of(kind, lang), value=in_force)}")
    return lines


def import_table(
    settings: Settings, kind: str, file: Path, *, note: str, since: str, expected_version: int | None, lang: Lang
) -> Saved:
    """Check a file and save it as a new version of a table.

    Raises
    ------
    FaultsError
        With everything that is wrong; ``table-older-version`` or ``table-moved-on`` if somebody else was first.
    """
    wanted = known_kind(kind)
    refuse_no_file(wanted, file)
    valid_from = _valid_from(since)
    with records(settings) as store:
        try:
            read = change_of_file(
                store,
                kind_here(store, settings.data, wanted),
                file.read_bytes(),
                file.name,
                expected_version=expected_version,
                lang=lang,
                must_say=False,
            )
            change = Change(read.rows, read.expected_version, note, valid_from)
            return save_change(store, wanted, change, actor=COMMAND_LINE, now=datetime.now(UTC))
        except TableChangedError as error:
            raise FaultsError(error.faults) from error


def refuse_no_file(kind: TableKind, file: Path) -> None:
    """Refuse a path under which there is no file, or far too large a one.

    Raises
    ------
    FaultsError
    """
    if (fault := file_fault(file, layer=kind.name, max_bytes=LARGEST_FILE)) is not None:
        raise FaultsError([replace(fault, code="table-missing-file") if fault.code == "missing-file" else fault])


def saved_json(kind: str, saved: Saved) -> dict[str, Any]:
    """Return what came of a change."""
    told = {"kind": kind, "version": saved.edition.version, "sha": saved.edition.sha, "changed": saved.is_new}
    return {**told, "difference": view_changes(TABLES[kind], saved.changes)}


def saved_lines(kind: str, saved: Saved, lang: Lang) -> list[str]:
    """Return what came of a change, cell by cell."""
    number = saved.edition.version
    if not saved.is_new:
        return [text(lang, "table.page.unchanged" if number else "table.page.unchanged-0", version=number)]
    rows = changes_shown(TABLES[kind], saved.changes, table_words(TABLES[kind], lang), lang)
    lines = [text(lang, "table.page.saved", version=number)]
    for row in rows:
        name = f"{row['item']} · {row['column']}"
        lines.append(
            "  " + text(lang, "cli.figure", name=name, value=f"{row['before'] or '–'} → {row['after'] or '–'}")
        )
    return lines


def _valid_from(day: str) -> datetime | None:
    if not day:
        return None
    try:
        begun = datetime.combine(date.fromisoformat(day), time(), CHINA_TIME)
    except ValueError:
        raise FaultsError([Fault("table-bad-day", field="--since", value=day[:40])]) from None
    return None if begun.date() == datetime.now(CHINA_TIME).date() else begun
