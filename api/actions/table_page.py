"""What the page of a table shows: rows in words, every version, and what differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from api.actions.table_kinds import units_missing
from api.actions.tables import edition_in, words_now
from layers.records.documents import Document, DocumentStore
from maps.catalogue import Lang, text
from maps.table_words import shown, title_of
from planning.incidents.deadlines import CHINA_TIME
from planning.tables.definition import TableKind, Value
from planning.tables.difference import RowChange, difference
from planning.tables.registry import TABLES
from planning.tables.words import TableWords

_TAGS = {"since-day": ("tag-in-force", "good"), "from-day": ("tag-ahead", "fair")}
_LOOKS = {"added": "good", "removed": "bad", "changed": "fair"}


def tables_page(store: DocumentStore, *, now: datetime, lang: Lang) -> list[dict[str, str]]:
    """Return what the list of tables shows.

    Parameters
    ----------
    store
    now
    lang
    """
    in_force = store.in_force(at=now)
    return [_listed(name, in_force.get(name), store.latest(name), now, lang) for name in TABLES]


def table_page(
    store: DocumentStore,
    kind: TableKind,
    version: int | None,
    *,
    now: datetime,
    lang: Lang,
    names: Mapping[str, str],
) -> dict[str, Any] | None:
    """Return what the page of a table shows.

    Parameters
    ----------
    store
    kind
    version
        The one in force if not given.
    now
    lang
    names
        Account → display name.

    Returns
    -------
    dict or None
        ``None`` if there is no such version.
    """
    documents = store.history(kind.name)
    latest = documents[0].version if documents else 0
    in_force = next((one.version for one in documents if one.valid_from <= now), 0)
    number = in_force if version is None else version
    edition = edition_in(store, kind, number)
    if edition is None:
        return None
    words = words_now(store, kind, lang)
    before = edition_in(store, kind, number - 1) if number else None
    states = {one.version: _state(one, documents, now) for one in documents}
    history = [_version(one, states[one.version], lang, names) for one in documents]
    history.append(_version_0(lang, is_in_force=in_force == 0))
    return {
        "kind": kind.name,
        "title": title_of(kind.name, lang),
        "about": _about(kind.name, lang),
        "latest": latest,
        "ahead": _ahead(documents[0], lang) if documents and documents[0].valid_from > now else "",
        "version": next(one for one in history if one["number"] == number),
        "notes": _notes(units_missing(store, kind, edition.rows), words, lang),
        "columns": [
            {"heading": words.heading(one.name), "is_figure": one.is_figure, "is_key": one.name in kind.key}
            for one in kind.columns
        ],
        "rows": [[shown(one, row[one.name], words, lang) for one in kind.columns] for row in edition.rows],
        "before": _name(number - 1, lang) if number else "",
        "changes": changes_shown(kind, difference(kind, before.rows, edition.rows), words, lang) if before else [],
        "history": history,
    }


def _notes(missing: Sequence[str], words: TableWords, lang: Lang) -> list[str]:
    if not missing:
        return []
    names = [f"{word} ({code})" if (word := words.word("unit", code)) != code else code for code in missing]
    return [text(lang, "table.units-missing", units=text(lang, "table.and").join(names))]


def changes_shown(kind: TableKind, changes: Sequence[RowChange], words: TableWords, lang: Lang) -> list[dict[str, str]]:
    """Return a difference cell by cell, in words."""
    return [
        {
            "item": " · ".join(words.word(name, value) for name, value in zip(kind.key, row.key, strict=True)),
            "change": text(lang, f"table.page.{'change' if row.change == 'changed' else row.change}"),
            "look": _LOOKS[row.change],
            "column": words.heading(name),
            "before": _cell(kind, name, before, words, lang),
            "after": _cell(kind, name, after, words, lang),
        }
        for row in changes
        for name, before, after in row.cells
        if before or after or row.change == "changed"
    ]


def _cell(kind: TableKind, name: str, value: Value | None, words: TableWords, lang: Lang) -> str:
    return shown(kind.column(name), value, words, lang)


def _listed(name: str, current: Document | None, latest: Document | None, now: datetime, lang: Lang) -> dict[str, str]:
    ahead = _ahead(latest, lang) if latest and latest.valid_from > now else ""
    return {
        "kind": name,
        "title": title_of(name, lang),
        "about": _about(name, lang),
        "in_force": text(lang, "table.page.in-force", name=_name(current.version if current else 0, lang)),
        "ahead": ahead,
    }


def _state(document: Document, documents: Sequence[Document], now: datetime) -> str:
    """Return whether a version counts (``since-day``), will (``from-day``), did (``past``) or never could."""
    newer = [one for one in documents if one.version > document.version]
    if any(one.valid_from <= document.valid_from for one in newer):
        return "never"
    if document.valid_from > now:
        return "from-day"
    return "past" if any(one.valid_from <= now for one in newer) else "since-day"


def _ahead(newest: Document, lang: Lang) -> str:
    return text(lang, "table.page.ahead", version=newest.version, day=_day(newest.valid_from))


def _version(document: Document, state: str, lang: Lang, names: Mapping[str, str]) -> dict[str, Any]:
    tag, look = _TAGS.get(state, ("", ""))
    return {
        "number": document.version,
        "name": _name(document.version, lang),
        "state": text(lang, f"table.page.{state}", day=_day(document.valid_from)),
        "tag": text(lang, f"table.page.{tag}") if tag else "",
        "look": look,
        "valid_from": _minute(document.valid_from),
        "at": _minute(document.at),
        "by": names.get(document.by_id or "", "") or text(lang, "office.solo"),
        "note": document.note,
    }


def _version_0(lang: Lang, *, is_in_force: bool) -> dict[str, Any]:
    state = text(lang, "table.page.until-changed" if is_in_force else "table.page.past")
    tag = text(lang, "table.page.tag-in-force") if is_in_force else ""
    empty = dict.fromkeys(("valid_from", "at", "by", "note"), "")
    return {"number": 0, "name": _name(0, lang), "state": state, "tag": tag, "look": "good", **empty}


def _about(kind: str, lang: Lang) -> str:
    return text(lang, f"table.{kind}.about")


def _name(version: int, lang: Lang) -> str:
    return text(lang, "table.page.version", version=version) if version else text(lang, "table.page.version-0")


def _day(moment: datetime) -> str:
    return moment.astimezone(CHINA_TIME).date().isoformat()


def _minute(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA_TIME):%Y-%m-%d %H:%M}"
