"""The words of tables that an office edits: headings with units, and what codes are called."""

from collections.abc import Mapping

from maps import catalogue
from maps.catalogue import LANGS, Lang
from planning.tables.definition import Column, TableKind
from planning.tables.words import TableWords, plain

Names = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Prefix of the catalogue → code → language → what an office calls it."""


def table_words(kind: TableKind, lang: Lang, *, names: Names | None = None) -> TableWords:
    """Return how a table is written in a language; words and headings of every language are understood.

    Parameters
    ----------
    kind
    lang
    names
        What codes are called now that an office names itself; the catalogue's words if not given.
    """
    names = names or {}
    words = {column.name: _words(column, lang, names) for column in kind.columns if column.words}
    codes: dict[str, dict[str, str]] = {}
    headings: dict[str, str] = {}
    for other in (*(one for one in LANGS if one != lang), lang):
        for column in kind.columns:
            for written in {heading(kind, column, other), name_of(kind, column, other)}:
                headings[plain(written)] = column.name
            if column.words:
                for found in (_words(column, other, {}), _words(column, other, names)):
                    codes.setdefault(column.name, {}).update({plain(word): code for code, word in found.items()})
    shown = {column.name: heading(kind, column, lang) for column in kind.columns}
    return TableWords(shown, words, codes, headings)


def name_of(kind: TableKind, column: Column, lang: Lang) -> str:
    """Return what a column is called, its code where the catalogue does not say."""
    return _text(lang, f"table.{kind.name}.column.{column.name}", column.name)


def heading(kind: TableKind, column: Column, lang: Lang) -> str:
    """Return what stands above a column: its name and its unit."""
    name = name_of(kind, column, lang)
    unit = unit_of(column, lang)
    if not unit:
        return name
    return f"{name}({unit})" if lang == "zh" else f"{name} ({unit})"


def unit_of(column: Column, lang: Lang) -> str:
    """Return the unit of a column, "" for none."""
    return _text(lang, f"table.unit.{column.unit}", column.unit) if column.unit else ""


def title_of(kind: str, lang: Lang) -> str:
    """Return what a table is called, its code where the catalogue does not say."""
    return _text(lang, f"page.table.{kind}", kind)


def meaning_of(kind: TableKind, column: Column, lang: Lang) -> str:
    """Return what a column means and what may stand in it."""
    told = _text(lang, f"table.{kind.name}.meaning.{column.name}", "")
    return "; ".join(part for part in (told, _bounds(column, lang)) if part)


def shown(column: Column, value: str | float | None, words: TableWords, lang: Lang) -> str:
    """Return a value as a page shows it."""
    if value is None:
        return ""
    if column.zero and value == 0:
        return catalogue.text(lang, column.zero)
    if column.listed:
        return catalogue.text(lang, "page.comma").join(
            _beside(column, code.strip(), lang) for code in f"{value}".split(",")
        )
    return f"{value:,}" if column.is_figure and not isinstance(value, str) else words.word(column.name, value)


def _beside(column: Column, code: str, lang: Lang) -> str:
    """Return a code that people write, with what it is called."""
    name = _text(lang, f"{column.listed}.{code}", "")
    return catalogue.text(lang, "table.named-code", name=name, code=code) if name else code


def _bounds(column: Column, lang: Lang) -> str:
    if column.kind == "choice":
        words = _words(column, lang, {}) if column.words else {}
        known = "、".join(words.get(choice, choice) for choice in column.choices)
        return catalogue.text(lang, "table.about.choices", known=known)
    if column.kind in ("day", "time"):
        return catalogue.text(lang, f"table.about.{column.kind}")
    if column.kind == "text":
        return catalogue.text(lang, "table.about.text", most=column.characters)
    key = "table.about.whole" if column.kind == "whole" else "table.about.figure"
    return catalogue.text(lang, key, minimum=f"{column.minimum:,}", maximum=f"{column.maximum:,}")


def _words(column: Column, lang: Lang, names: Names) -> dict[str, str]:
    prefix = f"{column.words}."
    found = catalogue.messages(lang, prefixes=(prefix,))
    words = {key.removeprefix(prefix): word for key, word in found.items()}
    if column.choices:
        words = {code: word for code, word in words.items() if code in column.choices}
    return words | {code: name[lang] for code, name in names.get(column.words, {}).items()}


def _text(lang: Lang, key: str, otherwise: str) -> str:
    return catalogue.text(lang, key) if catalogue.has_text(key) else otherwise
