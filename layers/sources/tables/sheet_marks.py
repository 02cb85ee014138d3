"""What the values of a sheet do not say: formulas without a result, errors, merged ranges, what is hidden.

Reading the values (calamine) turns all of these into blanks. The parts of the file are read as a stream, so that
memory stays small however large they are.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat
from zipfile import ZipFile

ERROR = r"#(?:REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|N/A|SPILL!|CALC!)|Err:[0-9]{3}|#{3,}"
"""What spreadsheets show in place of a value; "####" is a column too narrow that was saved as text."""

_CHUNK = 1 << 16
_MAX_MARKS = 100_000
_MAX_REPEATS = 1000
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_RELATION = "http://purl.oclc.org/ooxml/officeDocument/relationships"

Place = tuple[int, int]


@dataclass
class SheetMarks:
    """Rows and columns count from 0.

    Parameters
    ----------
    formulas
        Text of formulas that were saved without a result, by cell.
    empty_texts
        Formulas of .xls files whose result is the empty text, or that were never calculated: both look alike.
    errors
        Errors such as ``#REF!``, by cell.
    merged
        First row, first column, last row, last column of merged ranges; ``None`` if not looked for.
    hidden_rows, hidden_columns
    is_filtered
        Whether a filter is on.
    extent
        Rows and columns up to the last cell that is written down.
    farthest
        Name of the cell that makes the sheet so large.
    """

    formulas: dict[Place, str] = field(default_factory=dict)
    empty_texts: dict[Place, str] = field(default_factory=dict)
    errors: dict[Place, str] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] | None = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    is_filtered: bool = False
    extent: Place = (0, 0)
    farthest: str = ""
    _growth: int = 0

    def reach(self, row: int, column: int) -> None:
        """Note that there is a cell with something in it."""
        height, width = self.extent
        if row < height and column < width:
            return
        self.extent = (max(height, row + 1), max(width, column + 1))
        growth = self.extent[0] * self.extent[1] - height * width
        if growth > self._growth:
            self._growth, self.farthest = growth, f"{_letters(column)}{row + 1}"


def scan_xlsx(parts: ZipFile, sheet: str) -> SheetMarks:
    """Return the marks of one sheet of an .xlsx file."""
    part, is_uncalculated = _sheet_part(parts, sheet)
    scan = _XlsxScan(is_uncalculated=is_uncalculated)
    with parts.open(part) as stream:
        _parse(stream, scan.start, scan.end, scan.text)
    return scan.marks


def scan_ods(parts: ZipFile, sheet: str) -> SheetMarks:
    """Return the marks of one sheet of an .ods file."""
    scan = _OdsScan(sheet)
    with parts.open("content.xml") as stream:
        _parse(stream, scan.start, scan.end, scan.text)
    return scan.marks


class _XlsxScan:
    def __init__(self, *, is_uncalculated: bool = False) -> None:
        self.marks, self.is_uncalculated = SheetMarks(), is_uncalculated
        self.row, self.column, self.kind = -1, -1, ""
        self.formula, self.value, self.into = "", "", ""
        self.has_formula = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        if local == "c":
            self._cell(attributes)
        elif local == "row":
            self._row(attributes)
        elif local in ("f", "v", "is"):
            self.into = local
            self.has_formula |= local == "f"
            self.marks.reach(self.row, self.column)
        elif local == "col" and attributes.get("hidden") in ("1", "true"):
            first, last = int(attributes["min"]) - 1, int(attributes["max"])
            self.marks.hidden_columns += range(first, min(last, first + _MAX_REPEATS))
        elif local == "mergeCell" and self.marks.merged is not None and len(self.marks.merged) < _MAX_MARKS:
            first_cell, _, last_cell = attributes["ref"].partition(":")
            self.marks.merged.append((*_place(first_cell), *_place(last_cell or first_cell)))
        elif local == "filterColumn":
            self.marks.is_filtered = True

    def end(self, name: str) -> None:
        local = name.rpartition(" ")[2]
        if local in ("f", "v"):
            self.into = ""
        if local != "c":
            return
        at = (self.row, self.column)
        if self.kind == "e":
            self.marks.errors[at] = self.value
        elif self.has_formula and self._lacks_value() and len(self.marks.formulas) < _MAX_MARKS:
            self.marks.formulas[at] = f"={self.formula[:60]}"

    def text(self, text: str) -> None:
        if self.into == "f" and len(self.formula) < 100:
            self.formula += text
        elif self.into == "v" and len(self.value) < 100:
            self.value += text

    def _lacks_value(self) -> bool:
        """Tell whether nobody has calculated the formula; XlsxWriter writes 0, and asks for it on opening."""
        return (not self.value and self.kind != "str") or (self.is_uncalculated and self.value == "0")

    def _row(self, attributes: dict[str, str]) -> None:
        self.row = int(attributes["r"]) - 1 if "r" in attributes else self.row + 1
        self.column = -1
        if attributes.get("hidden") in ("1", "true"):
            self.marks.hidden_rows.append(self.row)

    def _cell(self, attributes: dict[str, str]) -> None:
        self.row, self.column = _place(attributes["r"]) if "r" in attributes else (self.row, self.column + 1)
        self.kind = attributes.get("t", "n")
        self.formula, self.value, self.has_formula = "", "", False


class _OdsScan:
    def __init__(self, sheet: str) -> None:
        self.marks, self.sheet = SheetMarks(), sheet
        self.is_inside, self.row, self.column, self.repeats = False, -1, -1, 1
        self.has_result, self.formula, self.shown, self.is_error = False, "", "", False
        self.in_cell = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        plain = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        if local == "table":
            self.is_inside = plain.get("name") == self.sheet
        if not self.is_inside:
            return
        if local == "table-row":
            self.row, self.column = self.row + self.repeats, -1
            self.repeats = int(plain.get("number-rows-repeated", "1"))
            if plain.get("visibility") in ("collapse", "filter"):
                self.marks.hidden_rows += range(self.row + (self.row < 0), self.row + min(self.repeats, _MAX_REPEATS))
                self.marks.is_filtered |= plain["visibility"] == "filter"
        elif local in ("table-cell", "covered-table-cell"):
            self._cell(plain, is_covered=local != "table-cell")

    def end(self, name: str) -> None:
        local = name.rpartition(" ")[2]
        if local == "table":
            self.is_inside = False
        if not self.in_cell or local != "table-cell":
            return
        self.in_cell = False
        at = (self.row, self.column)
        if self.is_error or (self.formula and re.fullmatch(ERROR, self.shown)):
            self.marks.errors[at] = self.shown
        elif self.formula and not self.has_result and len(self.marks.formulas) < _MAX_MARKS:
            self.marks.formulas[at] = self.formula[:60]

    def text(self, text: str) -> None:
        if self.in_cell and len(self.shown) < 100:
            self.shown += text

    def _cell(self, plain: dict[str, str], *, is_covered: bool) -> None:
        self.row = max(self.row, 0)
        self.column += 1
        first, repeated = self.column, int(plain.get("number-columns-repeated", "1"))
        self.column += repeated - 1
        self.in_cell, self.shown = not is_covered, ""
        self.formula = plain.get("formula", "")
        self.is_error = plain.get("value-type") == "error" or plain.get("error-type") is not None
        self.has_result = "value-type" in plain
        if "value-type" in plain:
            self.marks.reach(self.row + self.repeats - 1, self.column)
        down, across = (int(plain.get(f"number-{way}-spanned", "1")) for way in ("rows", "columns"))
        if (down > 1 or across > 1) and self.marks.merged is not None:
            self.marks.merged.append((self.row, first, self.row + down - 1, first + across - 1))


def _parse(
    stream: IO[bytes],
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.EntityDeclHandler = _refuse_entities
    try:
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise ValueError(str(error)) from error


def _refuse_entities(*_: object) -> None:
    raise ValueError("XML entities")


def _sheet_part(parts: ZipFile, sheet: str) -> tuple[str, bool]:
    """Return the name of the part that holds a sheet, and whether the workbook is to be calculated when opened."""
    relation: list[str] = []
    is_uncalculated: list[bool] = []
    target: dict[str, str] = {}

    def in_book(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(" ")[2] == "calcPr":
            is_uncalculated.append(attributes.get("fullCalcOnLoad") in ("1", "true"))
        if name.rpartition(" ")[2] == "sheet" and attributes.get("name") == sheet:
            relation.append(
                next(attributes[k] for k in (f"{_RELATION} id", f"{_STRICT_RELATION} id") if k in attributes)
            )

    def in_relations(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(" ")[2] == "Relationship":
            target[attributes["Id"]] = attributes["Target"]

    for part, look in (("xl/workbook.xml", in_book), ("xl/_rels/workbook.xml.rels", in_relations)):
        with parts.open(part) as stream:
            _parse(stream, look, lambda _: None, lambda _: None)
    return posixpath.normpath(posixpath.join("/xl", target[relation[0]])).lstrip("/"), any(is_uncalculated)


def _place(name: str) -> Place:
    """Row and column of ``B3``."""
    found = re.fullmatch(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})", name)
    if found is None:
        raise ValueError(f"cell {name}")
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1


def _letters(column: int) -> str:
    text = ""
    while column >= 0:
        text = chr(65 + column % 26) + text
        column = column // 26 - 1
    return text
