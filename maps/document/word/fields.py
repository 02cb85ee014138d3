"""The fields that a template of Word may ask for: one list, in Chinese and in English names."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from maps.catalogue import LANGS, text
from maps.document.blocks import Document, Section
from maps.document.word.xml import DrawPicture, escaped, facts_xml, sections_xml, signatures_xml

PLAIN = ("title", "subtitle", "county", "badge", "page_words")
"""Fields that are words in a line."""
WHOLE = ("facts", "signatures", "body")
"""Fields that take the place of their paragraph; so does every section, by its code."""
PARTS = (
    *("summary", "schemes", "measures", "ranges", "curve", "maps", "differences", "made_good", "actions", "proof"),
    *("heard", "notes", "data"),
)
"""Sections; one that was not asked for is empty."""
FACTS = ("service", "schemes_named", "counted", "limit", "made_on", "made_by", "data_version", "program_version")
"""Facts of the cover, each as words in a line."""
FIELDS = (*PLAIN, *FACTS, *WHOLE, *PARTS)


def names_of(field: str) -> tuple[str, ...]:
    """Return what a template may call a field: its code, and its name in every language."""
    named = (text(lang, f"report.field.{field.replace('_', '-')}") for lang in LANGS)
    return tuple(dict.fromkeys((field, *named)))


def field_names() -> dict[str, str]:
    """Return every name that a template may use → the field."""
    return {name: field for field in FIELDS for name in names_of(field)}


def values_of(document: Document, pictures: DrawPicture, asked: frozenset[str]) -> Mapping[str, Markup]:
    """Return what stands in the fields that a template asks for, by the names that it uses.

    Parameters
    ----------
    document
    pictures
    asked
        Names in the template; all of them are known.
    """
    fields = field_names()
    made = {field: _value(document, field, pictures) for field in {fields[name] for name in asked}}
    return {name: made[fields[name]] for name in asked}


def _value(document: Document, field: str, pictures: DrawPicture) -> Markup:
    if field in PLAIN:
        return Markup(escaped(getattr(document, field)))  # noqa: S704 - escaped by ourselves
    if field in FACTS:
        code = {"schemes_named": "schemes"}.get(field, field.replace("_", "-"))
        told = next((fact.value for fact in document.facts if fact.code == code), "")
        return Markup(escaped(told))  # noqa: S704 - as above
    if field == "facts":
        return facts_xml(document.facts)
    if field == "signatures":
        return signatures_xml(document)
    return sections_xml(document.sections if field == "body" else part_of(document, field.replace("_", "-")), pictures)


def part_of(document: Document, code: str) -> tuple[Section, ...]:
    """Return a section with the parts that follow it."""
    found: list[Section] = []
    for section in document.sections:
        if section.level == 1:
            inside = section.code == code
        if inside:
            found.append(section)
    return tuple(found)
