"""Long lists as a workbook of one sheet: written row by row, so that it needs no memory of its own; all of it text."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MAX_CHARACTERS = 32_767
_MADE_AT = datetime(2000, 1, 1)  # noqa: DTZ001 - a stamp that is always the same; Excel knows no zones
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


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

    book = Workbook(str(path), {**_OPTIONS, "tmpdir": str(path.parent)})
    book.set_properties({"title": name, "created": _MADE_AT})
    sheet = book.add_worksheet(name)
    text, bold = book.add_format({"num_format": "@"}), book.add_format({"num_format": "@", "bold": True})
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width)
    sheet.freeze_panes(1, 0)
    for at, heading in enumerate(headings):
        sheet.write_string(0, at, heading, bold)
    count = 0
    for count, row in enumerate(rows, start=1):
        for at, cell in enumerate(row):
            sheet.write_string(count, at, _NOT_IN_XML.sub("\ufffd", cell)[:_MAX_CHARACTERS], text)
    sheet.autofilter(0, 0, count, len(headings) - 1)
    book.close()
    return count
