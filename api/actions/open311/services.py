"""What may be reported: the small kinds of the office's table, and each category for what is none of them."""

from __future__ import annotations

from typing import Any, NamedTuple

from maps.catalogue import Lang, has_text, text
from planning.incidents.categories import CATEGORIES
from planning.incidents.subcategories import Subcategory
from planning.tables.in_force import Tables

QUESTION = "question"
"""Code of the one attribute: what whoever takes the report asks."""


class Meant(NamedTuple):
    """What a service code means."""

    category: str
    subcategory: str | None
    severity: str


def services_told(tables: Tables, lang: Lang) -> list[dict[str, Any]]:
    """Return every service."""
    small = [_small(one, tables, lang) for one in tables.subcategories.values()]
    return [*small, *(_whole(category, tables, lang) for category in CATEGORIES)]


def meant_by(tables: Tables, code: str) -> Meant | None:
    """Return what a service code means, ``None`` if nothing."""
    found = tables.subcategories.get(code)
    if found is not None:
        return Meant(found.category, found.code, found.severity)
    return Meant(code, None, "normal") if code in CATEGORIES else None


def service_name(tables: Tables, code: str, lang: Lang) -> str:
    """Return what a service is called, its code if it is not there any more."""
    found = tables.subcategories.get(code)
    return found.names[lang] if found else _category_name(tables, code, lang)


def definition_told(tables: Tables, code: str, lang: Lang) -> dict[str, Any] | None:
    """Return what a service asks, ``None`` if there is no such service."""
    if meant_by(tables, code) is None:
        return None
    found = tables.subcategories.get(code)
    asked = _question(found, lang) if found else ""
    attribute = {
        "variable": True,
        "code": QUESTION,
        "datatype": "text",
        "required": False,
        "datatype_description": "",
        "order": 1,
        "description": asked,
    }
    return {"service_code": code, "attributes": [attribute] if asked else []}


def _small(one: Subcategory, tables: Tables, lang: Lang) -> dict[str, Any]:
    asked = _question(one, lang)
    return _service(one.code, one.names[lang], asked, _category_name(tables, one.category, lang))


def _whole(category: str, tables: Tables, lang: Lang) -> dict[str, Any]:
    name = _category_name(tables, category, lang)
    return _service(category, text(lang, "open311.other", name=name), "", name)


def _service(code: str, name: str, asked: str, group: str) -> dict[str, Any]:
    return {
        "service_code": code,
        "service_name": name,
        "description": asked or name,
        "metadata": bool(asked),
        "type": "realtime",
        "keywords": group,
        "group": group,
    }


def _question(one: Subcategory, lang: Lang) -> str:
    key = f"incident.question.{one.question}"
    return text(lang, key) if one.question and has_text(key) else one.question


def _category_name(tables: Tables, category: str, lang: Lang) -> str:
    names = tables.category_names.get(category)
    if names:
        return names[lang]
    return text(lang, f"incident.category.{category}") if has_text(f"incident.category.{category}") else category
