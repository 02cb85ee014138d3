"""The question and the edits of a scenario in words: what is asked, and each edit as a county office would say it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from api.field_words import word_of
from maps.catalogue import Lang, has_text, text

_NAMES: Mapping[str, str] = {
    "service": "page.service",
    "model": "page.model",
    "mode": "page.mode",
    "base": "page.base",
    "group": "measures.group",
    "status": "page.status",
    "bridges": "edit.bridges",
}
"""Field → where the catalogue says what its codes are called."""
_TARGETS: Mapping[str, str] = {"road-speed": "table.road", "adopted": "page.service"}
"""Kind of edit whose target is a code."""


def asked_words(field: str, values: Sequence[Any], lang: Lang) -> str:
    """Return one field of a question with what is asked, or what was asked and is asked now."""
    told = " → ".join(value_words(field, value, lang) for value in values)
    return text(lang, "cli.figure", name=word_of(field, lang), value=told)


def edit_words(edit: Mapping[str, Any], lang: Lang) -> str:
    """Return an edit on one line: its kind, what it is about, and what it says of it."""
    op = str(edit["op"])
    parts = [_called(_TARGETS.get(op, ""), edit["target"], lang)] if "target" in edit else []
    parts += [_field_words(name, value, lang) for name, value in edit.items() if name not in ("op", "target")]
    return text(lang, "cli.figure", name=text(lang, f"edit.op.{op}"), value=text(lang, "page.comma").join(parts))


def _field_words(name: str, value: Any, lang: Lang) -> str:
    if name == "status":
        return value_words(name, value, lang)
    return f"{text(lang, f'edit.field.{name}')} {value_words(name, value, lang)}"


def value_words(field: str, value: Any, lang: Lang) -> str:
    """Return a value as it is read: codes by their names, figures with commas, lists by what is in them."""
    if value is None or value in ({}, []):
        return text(lang, "cli.scenario.not-asked")
    told = _TOLD.get(field)
    if told is not None:
        return told(value, lang)
    if isinstance(value, bool):
        return text(lang, "table.yes-no.yes" if value else "table.yes-no.no")
    if isinstance(value, int | float):
        return f"{value}" if field == "year" else f"{value:,}"
    return _called(_NAMES.get(field, ""), value, lang)


def _called(prefix: str, code: object, lang: Lang) -> str:
    key = f"{prefix}.{code}"
    return text(lang, key) if prefix and has_text(key) else str(code)


def _statuses(value: Any, lang: Lang) -> str:
    """Return what is said of places: of one in an edit, of many in a question."""
    if isinstance(value, str):
        return _called("page.status", value, lang)
    pairs = value.items() if isinstance(value, Mapping) else value
    told = [f"{place} {_called('page.status', status, lang)}" for place, status in pairs]
    return text(lang, "page.comma").join(told)


def _townships(value: Sequence[Mapping[str, Any]], lang: Lang) -> str:
    told = [f"{one['name']} {one['least']}–{'' if one['most'] is None else one['most']}" for one in value]
    return text(lang, "page.comma").join(told)


def _position(value: Sequence[float], _lang: Lang) -> str:
    return f"{value[0]}, {value[1]}"


def _corners(value: Sequence[Any], lang: Lang) -> str:
    return text(lang, "edit.corners", count=f"{len(value):,}")


def _sites(value: Sequence[Any], lang: Lang) -> str:
    """Return sites by name: of a scheme that was adopted each with what is known of it, of a question words alone."""
    named = (one if isinstance(one, str) else one.get("name") or one["target"] for one in value)
    return text(lang, "page.comma").join(named)


def _rooms(value: Sequence[Any], lang: Lang) -> str:
    return text(lang, "edit.rooms", count=f"{len(value):,}")


_TOLD: Mapping[str, Callable[[Any, Lang], str]] = {
    "status": _statuses,
    "townships": _townships,
    "at": _position,
    "start": _position,
    "end": _position,
    "area": _corners,
    "sites": _sites,
    "rooms": _rooms,
}
"""Fields that are no single word or figure."""
