"""What a table that an office edits consists of: a new kind is one ``TableKind`` in a file of its own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from gis.faults import Param

Value = str | int | float
Row = Mapping[str, Value]
Noun = Literal["planning-table", "incident-table", "hearing", "staff"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Parameters
    ----------
    name
        Stable code; its heading stands in the catalogue under ``table.<kind>.column.<name>``.
    kind
        ``text``; ``choice``: one of `choices`; ``whole``: a whole number; ``number``: one with `decimals`; ``day``:
        2027-02-06; ``time``: of a day, 08:30, at most 24:00.
    unit
        Code of the unit in the heading (``table.unit.<unit>``), "" for none.
    minimum, maximum
        Of a figure.
    decimals
        Places of a number; more are refused.
    characters
        The longest text.
    choices
        Codes that may stand here.
    words
        Prefix of the catalogue under which codes have words, such as ``page.mode``: people read and write these.
    listed
        Prefix of the catalogue for each of several codes in one text: pages show their words beside them.
    spoken
        Words that people write in place of a figure, such as 当日 for 0.
    zero
        Key of the catalogue for a figure of 0, "" if it is shown as 0.
    is_optional
        Whether a text may be empty.
    takes_dates
        Whether a date of a spreadsheet may stand in a text, which tells it as 2026-12-01 or 2026-12-01 14:00:00.
    """

    name: str
    kind: Literal["text", "choice", "whole", "number", "day", "time"]
    unit: str = ""
    minimum: float = 0
    maximum: float = 0
    decimals: int = 0
    characters: int = 200
    choices: tuple[str, ...] = ()
    words: str = ""
    listed: str = ""
    spoken: Mapping[str, int] = field(default_factory=dict)
    zero: str = ""
    is_optional: bool = False
    takes_dates: bool = False

    @property
    def is_figure(self) -> bool:
        """Whether numbers stand in it."""
        return self.kind in ("whole", "number")


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with a row beside the others.

    Parameters
    ----------
    code
        Of the fault.
    row
        Number of the row, from 0.
    column
    params
        What the texts mention; what is called like a column holds codes of it, with 、 between several.
    """

    code: str
    row: int
    column: str
    params: Mapping[str, Param] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TableFault:
    """What is wrong with a table as a whole: something that no row says.

    Parameters
    ----------
    code, column, params
        As of a row.
    """

    code: str
    column: str
    params: Mapping[str, Param] = field(default_factory=dict)


@dataclass(frozen=True)
class TableKind:
    """One kind of table.

    Parameters
    ----------
    name
        Stable code, e.g. ``unit-costs``; its texts stand in the catalogue under ``table.<name>``.
    columns
    key
        Columns that tell rows apart.
    defaults
        The rows that the program comes with: version 0.
    noun
        What it is for: under this noun the table of rights says who reads and who changes it.
    may_grow
        Whether rows may be added and removed; otherwise there is one for each key of the defaults.
    most_rows
    check
        Finds what single cells do not show.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    defaults: tuple[Row, ...]
    noun: Noun
    may_grow: bool = False
    most_rows: int = 200
    check: Callable[[Sequence[Row]], Iterable[RowFault | TableFault]] = lambda _rows: ()

    def column(self, name: str) -> Column:
        """Return a column by its name."""
        return next(column for column in self.columns if column.name == name)

    def key_of(self, row: Row) -> tuple[Value, ...]:
        """Return what tells a row from the others."""
        return tuple(row[name] for name in self.key)

    def sha_of(self, rows: Sequence[Row]) -> str:
        """Return the SHA-256 of a content, the same on every machine."""
        plain = [{column.name: row[column.name] for column in self.columns} for row in rows]
        content = {"kind": self.name, "rows": plain}
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def in_order(self, rows: Sequence[Row]) -> list[Row]:
        """Return the rows of a table with fixed keys in the order of the defaults: its order means nothing."""
        if self.may_grow:
            return list(rows)
        place = {self.key_of(row): number for number, row in enumerate(self.defaults)}
        return sorted(rows, key=lambda row: place[self.key_of(row)])
