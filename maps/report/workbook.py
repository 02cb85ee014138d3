"""The one writer of Excel workbooks: text stays text, the same content gives the same bytes.

Whatever begins with =, +, - or @, looks like an address or has fifteen digits is written as the text that it is.
A formula comes only from a ``Formula``, with the value that programs show which do not compute.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from itertools import islice
from math import isfinite
from typing import Any

MAX_CHARACTERS = 32_767
"""What Excel keeps of a cell."""
_EXACT = 10**15
"""Excel keeps fifteen digits of a number: longer ones are written as text."""
_SHEET_CHARACTERS = 31
_NARROWEST, _WIDEST = 8, 60
_LOOKED_AT = 500  # rows that decide how wide a column is
MADE_AT = datetime(2000, 1, 1)  # noqa: DTZ001 - a stamp that is always the same; Excel knows no zones
OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}
"""Of every workbook: nothing that is written turns into anything else."""
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


@dataclass(frozen=True)
class Formula:
    """A formula, written on purpose.

    Parameters
    ----------
    text
        Beginning with =.
    value
        What it comes to; shown by whatever does not compute.
    """

    text: str
    value: int | float | str


Cell = str | int | float | bool | date | datetime | Formula | None


@dataclass(frozen=True)
class SheetColumn:
    """One column of a sheet.

    Parameters
    ----------
    heading
        With its unit.
    number_format
        Of figures and dates, as Excel writes it; texts are always formatted as text.
    width
        In characters; by content if not given.
    """

    heading: str
    number_format: str = ""
    width: int | None = None


@dataclass(frozen=True)
class Sheet:
    """One sheet.

    Parameters
    ----------
    name
        Shortened to what Excel allows.
    columns
    rows
        As many cells each as there are columns.
    has_filter
        Whether the header gets buttons to filter by.
    totals
        Rows below all others, as many cells each as there are columns: no filter touches them.
    """

    name: str
    columns: Sequence[SheetColumn]
    rows: Sequence[Sequence[Cell]]
    has_filter: bool = False
    totals: Sequence[Sequence[Cell]] = ()


def total_rows(
    rows: Sequence[Sequence[Cell]], sums: Sequence[int], *, by: Sequence[int] = (), label_at: int, label: str
) -> list[list[Cell]]:
    """Return the totals below the rows of a sheet as formulas: one for all of them, or one for each of their kinds.

    Parameters
    ----------
    rows
        All of the sheet, each of at most 26 cells.
    sums
        Columns of figures that are added up.
    by
        Columns of texts in which rows of one kind are alike; they stand in its total too. However rows are sorted, each
        total is of its kind.
    label_at, label
        Where the total says what it is.
    """
    kinds = dict.fromkeys(tuple(row[at] for at in by) for row in rows)
    found = []
    for line, kind in enumerate(kinds, start=len(rows) + 2):
        total: list[Cell] = [None] * len(rows[0])
        for at, word in zip(by, kind, strict=True):
            total[at] = word
        total[label_at] = label
        mine = [row for row in rows if tuple(row[at] for at in by) == kind]
        for at in sums:
            figures = [row[at] for row in mine]
            value = sum(one for one in figures if isinstance(one, int | float))
            total[at] = Formula(_sum_text(at, by, last=len(rows) + 1, line=line), value)
        found.append(total)
    return found


def _sum_text(at: int, by: Sequence[int], *, last: int, line: int) -> str:
    """Return the formula of a total; texts are compared as they are, without the wildcards of SUMIFS."""
    summed = f"{_letter(at)}$2:{_letter(at)}${last}"
    if not by:
        return f"=SUM({summed})"
    alike = "*".join(f"({_letter(one)}$2:{_letter(one)}${last}={_letter(one)}{line})" for one in by)
    return f"=SUMPRODUCT({alike}*{summed})"


def _letter(at: int) -> str:
    return chr(ord("A") + at)


def workbook_bytes(sheets: Sequence[Sheet], *, title: str = "") -> bytes:
    """Return an .xlsx file.

    Parameters
    ----------
    sheets
        At least one; names differ in more than case.
    title
        Kept among the properties of the file.

    Raises
    ------
    ValueError
        If a text is longer than Excel keeps, or a row has another number of cells than there are columns.
    """
    from xlsxwriter import Workbook  # noqa: PLC0415 - slow to import, and needed for downloads only

    file = BytesIO()
    book = Workbook(file, {**OPTIONS, "in_memory": True})
    book.set_properties({"title": clean(title), "created": MADE_AT})
    looks = _Looks(book)
    for sheet in sheets:
        _Writer(book.add_worksheet(sheet_name(sheet.name)), looks).write(sheet)
    book.close()
    return file.getvalue()


def sheet_name(name: str) -> str:
    """Return a name that Excel allows for a sheet."""
    allowed = _NOT_IN_NAMES.sub("_", clean(name)).strip("'")[:_SHEET_CHARACTERS]
    return allowed or "_"


def shown_width(text: str) -> int:
    """Return how many characters wide a text is; a Chinese character counts as two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


class _Looks:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[str, Any] = {}

    def heading(self) -> Any:
        """Return the format of the header."""
        look = {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E8F0FA", "bottom": 1}
        return self._get("heading", {**look, "num_format": "@"})

    def text(self) -> Any:
        """Return the format of texts: what is typed over them stays text too."""
        return self._get("text", {"num_format": "@", "text_wrap": True, "valign": "top"})

    def figure(self, number_format: str) -> Any:
        """Return the format of figures and dates."""
        return self._get(f"figure {number_format}", {"num_format": number_format or "General", "valign": "top"})

    def _get(self, name: str, look: dict[str, object]) -> Any:
        if name not in self._made:
            self._made[name] = self._book.add_format(look)
        return self._made[name]


class _Writer:
    """Writes one sheet."""

    def __init__(self, target: Any, looks: _Looks) -> None:
        self._target, self._looks = target, looks

    def write(self, sheet: Sheet) -> None:
        """Write header and rows."""
        for at, column in enumerate(sheet.columns):
            self._target.set_column(at, at, _width(sheet, at))
            self._text((0, at), column.heading, self._looks.heading())
        for number, row in enumerate([*sheet.rows, *sheet.totals], start=1):
            if len(row) != len(sheet.columns):
                raise ValueError(f"row {number} of {sheet.name} has {len(row)} of {len(sheet.columns)} cells")
            for at, (cell, column) in enumerate(zip(row, sheet.columns, strict=True)):
                self._cell((number, at), cell, column.number_format)
        self._target.freeze_panes(1, 0)
        self._target.repeat_rows(0)
        if sheet.has_filter and sheet.rows:
            self._target.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)

    def _cell(self, at: tuple[int, int], cell: Cell, number_format: str) -> None:
        look = self._looks.figure(number_format)
        if cell is None:
            self._target.write_blank(*at, None, look if number_format else self._looks.text())
        elif isinstance(cell, Formula):
            self._target.write_formula(*at, cell.text, look, cell.value)
        elif isinstance(cell, bool):
            self._target.write_boolean(*at, cell, look)
        elif isinstance(cell, date):
            plain = cell.replace(tzinfo=None) if isinstance(cell, datetime) else cell
            self._target.write_datetime(*at, plain, self._looks.figure(number_format or "yyyy-mm-dd"))
        elif isinstance(cell, int | float) and _is_kept(cell):
            self._target.write_number(*at, cell, look)
        else:
            self._text(at, str(cell), self._looks.text())

    def _text(self, at: tuple[int, int], text: str, look: Any) -> None:
        kept = clean(text)
        if len(kept.encode("utf-16-le")) // 2 > MAX_CHARACTERS:
            raise ValueError(f"a text of {len(kept)} characters is longer than a cell of Excel")
        self._target.write_string(*at, kept, look)


def _is_kept(figure: float) -> bool:
    """Whether Excel keeps all of a figure; it knows neither infinity nor what is no number."""
    return abs(figure) < _EXACT if isinstance(figure, int) else isfinite(figure)


def clean(text: str) -> str:
    """Return a text with what no XML file may hold replaced by a mark."""
    return _NOT_IN_XML.sub("\ufffd", text)


def _width(sheet: Sheet, at: int) -> int:
    column = sheet.columns[at]
    if column.width is not None:
        return column.width
    texts = (line for row in islice(sheet.rows, _LOOKED_AT) for line in _lines(row[at] if at < len(row) else None))
    widest = max((shown_width(text) for text in (column.heading, *texts)), default=0)
    return max(_NARROWEST, min(_WIDEST, widest + 3))


def _lines(cell: Cell) -> Iterator[str]:
    shown = cell.value if isinstance(cell, Formula) else cell
    if shown is not None:
        yield from (f"{shown:,}" if isinstance(shown, int | float) else str(shown)).splitlines()
