"""Tables that an office edits: what counts, how it came about, and as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from api.actions.tables_at_rest import edition_of
from layers.records.documents import Document, DocumentStore
from maps.catalogue import Lang
from maps.report.table_workbook import TableFacts, table_workbook
from maps.table_words import table_words, title_of, unit_of
from planning.incidents.deadlines import CHINA_TIME
from planning.tables.definition import Column, TableKind
from planning.tables.difference import RowChange
from planning.tables.in_force import Edition, default_edition
from planning.tables.names import names_of
from planning.tables.registry import TABLES
from planning.tables.words import TableWords

_NAMED = {"incident.category": "categories", "page.service": "services"}
"""Words in tables that another table says: what an office calls kinds of incident and services."""


def words_now(store: DocumentStore | None, kind: TableKind, lang: Lang) -> TableWords:
    """Return the words of a table; what an office names itself is called as it does now, where that is known."""
    asked = {column.words for column in kind.columns} & _NAMED.keys() if store is not None else set()
    return table_words(kind, lang, names={words: _names_now(store, _NAMED[words]) for words in asked})


def _names_now(store: DocumentStore | None, kind: str) -> Mapping[str, Mapping[str, str]]:
    named = store.current(kind, at=datetime.now(UTC)) if store is not None else None
    rows = edition_of(named).rows if named else TABLES[kind].defaults
    return names_of(rows, TABLES[kind].key[0])


def edition_in(store: DocumentStore | None, kind: TableKind, version: int) -> Edition | None:
    """Return one edition of a table, ``None`` if there is none of this number."""
    if version == 0:
        return default_edition(kind.name)
    found = store.get(kind.name, version) if store is not None and 0 < version < 2**31 else None
    return edition_of(found) if found else None


def facts_of(edition: Edition, document: Document | None) -> TableFacts:
    """Return what a workbook says of an edition."""
    if document is None:
        return TableFacts(0, edition.sha)
    since = document.valid_from.astimezone(CHINA_TIME).date()
    return TableFacts(document.version, document.sha, since, document.note)


def as_workbook(store: DocumentStore | None, kind: TableKind, version: int | None, *, lang: Lang) -> bytes | None:
    """Return a table as an Excel file.

    Parameters
    ----------
    store
        ``None`` where there are no records yet.
    kind
    version
        The newest if not given: that is the one to change.
    lang

    Returns
    -------
    bytes or None
        ``None`` if there is no such version.
    """
    newest = store.latest(kind.name) if store is not None else None
    number = (newest.version if newest else 0) if version is None else version
    edition = edition_in(store, kind, number)
    if edition is None:
        return None
    document = store.get(kind.name, number) if store is not None and number else None
    words = words_now(store, kind, lang)
    return table_workbook(kind, edition.rows, facts_of(edition, document), words=words, lang=lang)


def list_tables(store: DocumentStore, *, now: datetime, lang: Lang) -> list[dict[str, Any]]:
    """Return every table with the version that counts and the newest.

    Parameters
    ----------
    store
    now
    lang
    """
    in_force = store.in_force(at=now)
    return [_listed(store, kind, in_force.get(name), lang) for name, kind in TABLES.items()]


def view_table(
    store: DocumentStore, kind: TableKind, version: int | None, *, now: datetime, lang: Lang
) -> dict[str, Any] | None:
    """Return one version of a table with its columns and rows.

    Parameters
    ----------
    store
    kind
    version
        The one that counts now if not given.
    now
    lang
        Of headings and words.

    Returns
    -------
    dict or None
        ``None`` if there is no such version.
    """
    current = store.current(kind.name, at=now)
    number = (current.version if current else 0) if version is None else version
    edition = edition_in(store, kind, number)
    if edition is None:
        return None
    document = store.get(kind.name, number) if number else None
    words = words_now(store, kind, lang)
    return {
        **_listed(store, kind, current, lang),
        **_told(document, edition.sha),
        "columns": [_column(column, words, lang) for column in kind.columns],
        "rows": [dict(row) for row in edition.rows],
    }


def table_history(store: DocumentStore, kind: TableKind) -> list[dict[str, Any]]:
    """Return all versions of a table without their rows, newest first; the last is what the program comes with."""
    told = [_told(document, document.sha) for document in store.history(kind.name)]
    return [*told, _told(None, default_edition(kind.name).sha)]


def view_changes(kind: TableKind, changes: Sequence[RowChange]) -> list[dict[str, Any]]:
    """Return a difference as JSON."""
    return [
        {
            "change": row.change,
            "key": dict(zip(kind.key, row.key, strict=True)),
            "cells": [{"column": name, "before": before, "after": after} for name, before, after in row.cells],
        }
        for row in changes
    ]


def _listed(store: DocumentStore, kind: TableKind, current: Document | None, lang: Lang) -> dict[str, Any]:
    newest = store.latest(kind.name)
    return {
        "kind": kind.name,
        "title": title_of(kind.name, lang),
        "in_force": current.version if current else 0,
        "latest": newest.version if newest else 0,
        **_told(current, default_edition(kind.name).sha),
    }


def _told(document: Document | None, sha: str) -> dict[str, Any]:
    """Return what is known of a version; the one that the program comes with has neither day nor author."""
    return {
        "version": document.version if document else 0,
        "sha": document.sha if document else sha,
        "valid_from": _china(document.valid_from) if document else None,
        "at": _china(document.at) if document else None,
        "by": document.by_id if document else None,
        "note": document.note if document else "",
    }


def _china(moment: datetime) -> str:
    return moment.astimezone(CHINA_TIME).isoformat(timespec="seconds")


def _column(column: Column, words: TableWords, lang: Lang) -> Mapping[str, Any]:
    told: dict[str, Any] = {
        "name": column.name,
        "heading": words.heading(column.name),
        "unit": unit_of(column, lang),
        "kind": column.kind,
    }
    if column.is_figure:
        told |= {"minimum": column.minimum, "maximum": column.maximum, "decimals": column.decimals}
    if column.words or column.choices:
        told["words"] = {code: words.word(column.name, code) for code in column.choices} or dict(
            words.words.get(column.name, {})
        )
    return told
