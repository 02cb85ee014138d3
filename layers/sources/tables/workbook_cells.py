"""The cells of one sheet, read in a process of its own: nothing is imported here that a sheet does not need."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from layers.sources.tables.sheet_marks import SheetMarks, scan_ods, scan_xlsx
from layers.sources.tables.xls_marks import scan_xls

MAX_UNZIPPED = 1_000_000_000
"""Bytes of all parts of a workbook: a sheet of a million rows and twenty columns has less."""
MAX_CELLS = 20_000_000
"""Rows times columns of a sheet, empty ones included."""
_EXACT = 10**15
"""Excel keeps fifteen digits of a number."""

Cell = str | int | float | bool | date | datetime | time | timedelta


class WorkbookError(Exception):
    """Raised with the code, value and params of a fault of the whole workbook."""

    def __init__(self, code: str, value: str = "", params: dict[str, str | int | float] | None = None) -> None:
        super().__init__(code, value, params or {})
        self.code, self.value, self.params = code, value, params or {}


@dataclass(frozen=True)
class WorkbookCells:
    """One sheet as text.

    Parameters
    ----------
    sheet
        Its name.
    others
        Other visible sheets.
    rows
        Text of every cell.
    marks
        What a value does not say: formulas without one, errors, merged ranges, what is hidden.
    dates, long_numbers
        (row, column) from 0 of cells that hold a date, or a number with more digits than Excel keeps.
    """

    sheet: str
    others: list[str]
    rows: list[list[str]]
    marks: SheetMarks
    dates: list[tuple[int, int]] = field(default_factory=list)
    long_numbers: list[tuple[int, int]] = field(default_factory=list)


def read_cells(path: Path, wanted: str) -> WorkbookCells:
    """Read a sheet by name, or the first that people see.

    Parameters
    ----------
    path
    wanted
        Name of the sheet, "" for the first visible one.

    Returns
    -------
    WorkbookCells

    Raises
    ------
    WorkbookError
        If there is no such sheet, or it is too large or damaged.
    """
    try:
        is_zip = _check_parts(path)
        book = CalamineWorkbook.from_path(path)
        sheet_name, others = _choose(book, wanted)
        marks = _marks(path, sheet_name, is_zip=is_zip, number=book.sheet_names.index(sheet_name))
        _check_extent(marks)
        sheet = book.get_sheet_by_name(sheet_name)
        if (cells := sheet.total_height * sheet.total_width) > MAX_CELLS:
            raise WorkbookError("sheet-too-wide", str(cells), {"limit": MAX_CELLS, "cell": "—"})
        if marks.merged is None:
            marks.merged = [(*first, *last) for first, last in sheet.merged_cell_ranges or []]
        values = sheet.to_python(skip_empty_area=False)
    except (CalamineError, BadZipFile, OSError, ValueError, KeyError, SyntaxError) as error:
        if "assword" in str(error):
            raise WorkbookError("password-protected", path.name) from error
        raise WorkbookError("damaged-file", str(error)) from error
    found = WorkbookCells(sheet_name, others, [[_text(cell) for cell in row] for row in values], marks)
    for i, row in enumerate(values):
        for j, cell in enumerate(row):
            if isinstance(cell, (date, time, timedelta)):
                found.dates.append((i, j))
            elif isinstance(cell, (int, float)) and abs(cell) >= _EXACT:
                found.long_numbers.append((i, j))
    return found


def _check_parts(path: Path) -> bool:
    """Tell whether the workbook is a zip file; refuse one that says itself how much it unzips to."""
    with path.open("rb") as file:
        if file.read(2) != b"PK":
            return False
    with ZipFile(path) as parts:
        size = sum(part.file_size for part in parts.infolist())
    if size > MAX_UNZIPPED:
        raise WorkbookError("unzips-too-large", f"{size} B", {"limit_mb": MAX_UNZIPPED // 1_000_000})
    return True


def _choose(book: CalamineWorkbook, wanted: str) -> tuple[str, list[str]]:
    sheets = [sheet for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    visible = [sheet.name for sheet in sheets if sheet.visible == SheetVisibleEnum.Visible]
    names = [sheet.name for sheet in sheets]
    if wanted and wanted not in names:
        raise WorkbookError("missing-sheet", wanted, {"known": ", ".join(names)})
    if not names:
        raise WorkbookError("empty-layer")
    chosen = wanted or (visible or names)[0]
    return chosen, [name for name in visible if name != chosen]


def _marks(path: Path, sheet: str, *, is_zip: bool, number: int) -> SheetMarks:
    if not is_zip:
        return scan_xls(path, number)
    with ZipFile(path) as parts:
        names = set(parts.namelist())
        if "xl/workbook.xml" in names:
            return scan_xlsx(parts, sheet)
        if "content.xml" in names:
            return scan_ods(parts, sheet)
    return SheetMarks(merged=None)


def _check_extent(marks: SheetMarks) -> None:
    height, width = marks.extent
    if height * width > MAX_CELLS:
        params: dict[str, str | int | float] = {"limit": MAX_CELLS, "cell": marks.farthest}
        raise WorkbookError("sheet-too-wide", f"{height} × {width}", params)


def _text(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
