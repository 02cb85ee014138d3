"""Long lists as a workbook of one sheet: written row by row, so that it needs no memory of its own; all of it text."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from maps.report.workbook import MADE_AT, MAX_CHARACTERS, OPTIONS, clean, sheet_name


def write_long_workbook(
    path: Path, rows: Iterable[Sequence[str]], *, name: str, headings: Sequence[str], widths: Sequence[int]
) -> int:
    """Write an .xlsx file and return how many rows it has.

    Parameters
    ----------
    path
    rows
        As many texts each as there are headings.
    name
        Of the sheet.
    headings, widths
        Widths in characters.
    """
    from xlsxwriter import Workbook  # noqa: PLC0415 - slow to import, and needed for downloads only

    with path.open("wb") as file:
        book = Workbook(file, {**OPTIONS, "constant_memory": True})
        book.set_properties({"title": clean(name), "created": MADE_AT})
        text, bold = book.add_format({"num_format": "@"}), book.add_format({"num_format": "@", "bold": True})
        sheet = book.add_worksheet(sheet_name(name))
        for at, (heading, width) in enumerate(zip(headings, widths, strict=True)):
            sheet.set_column(at, at, width)
            sheet.write_string(0, at, heading, bold)
        sheet.freeze_panes(1, 0)
        count = 0
        for count, row in enumerate(rows, start=1):
            for at, cell in enumerate(row):
                sheet.write_string(count, at, clean(cell)[:MAX_CHARACTERS], text)
        sheet.autofilter(0, 0, count, len(headings) - 1)
        book.close()
    return count
