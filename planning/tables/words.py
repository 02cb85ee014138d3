"""How people write what a table holds in codes: headings of columns, and words for codes."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from planning.tables.definition import Column, TableKind, Value


@dataclass(frozen=True)
class TableWords:
    """The words of one kind of table in one language; codes are understood in every language.

    Parameters
    ----------
    headings
        Column → heading with its unit.
    words
        Column → code → word.
    codes
        Column → word, as ``plain`` writes it → code.
    known_headings
        Heading in any language, as ``plain`` writes it → column.
    """

    headings: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    known_headings: Mapping[str, str] = field(default_factory=dict)

    def heading(self, column: str) -> str:
        """Return the heading of a column."""
        return self.headings.get(column, column)

    def word(self, column: str, value: Value) -> str:
        """Return a value as people read it."""
        return self.words.get(column, {}).get(str(value), str(value))

    def code(self, column: Column, text: str) -> str:
        """Return the code that a text stands for; the text itself where it stands for none."""
        if text in column.choices or text in self.words.get(column.name, {}):
            return text
        return self.codes.get(column.name, {}).get(plain(text), text)

    def column(self, kind: TableKind, heading: str) -> str | None:
        """Return the column that a heading names, with its unit or without, in either language or as its code."""
        known = {plain(column.name): column.name for column in kind.columns}
        return known.get(plain(heading)) or self.known_headings.get(plain(heading))


PLAIN = TableWords()
"""No words at all: codes stand for themselves."""


def plain(text: str) -> str:
    """Return a text in lower case, full-width forms as ASCII, without blanks and marks that nobody sees."""
    shown = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    return "".join(shown.split()).casefold()
