"""Text tables (.csv, .tsv, .txt) and workbooks (.xlsx, .xls, .ods), every cell as text."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from gis.faults import FaultsError, Param
from layers.county_spec import LayerSpec
from layers.sources.files import closest, file_fault
from layers.sources.source_table import MAX_ROWS, SourceTable, fatal, table_from_records

MAX_TABLE_BYTES = 200_000_000
_SEPARATORS = (",", "\t", ";", "|")
_SHOWN = {"utf-8-sig": "UTF-8", "gb18030": "GBK, GB18030"}

Cell = str | int | float | bool | date | datetime | time | timedelta


def read_text_table(spec: LayerSpec) -> SourceTable:
    """Read a text table in UTF-8 (with or without BOM), UTF-16 with BOM, GBK or GB18030.

    Parameters
    ----------
    spec
        ``encoding`` overrides what is found out; the separator is the one that the header has most.

    Returns
    -------
    SourceTable

    Raises
    ------
    FaultsError
        If the file cannot be read as a table.
    """
    text = decode(spec, _bytes_of(spec))
    first_line = text.lstrip("\r\n").split("\n", 1)[0]
    separator = max(_SEPARATORS, key=first_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        records = [[cell.strip() for cell in record] for record in reader]
    except csv.Error as error:
        raise fatal(spec, "unreadable-table", row=reader.line_num, value=str(error)) from error
    return table_from_records(spec, records)


def read_workbook(spec: LayerSpec) -> SourceTable:
    """Read one sheet of a workbook, by name or the first.

    Parameters
    ----------
    spec

    Returns
    -------
    SourceTable

    Raises
    ------
    FaultsError
        If the workbook or the sheet cannot be read.
    """
    content = _bytes_of(spec)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        if spec.layer and spec.layer not in book.sheet_names:
            names = ", ".join(book.sheet_names)
            params = {"known": names, "closest": closest(spec.layer, book.sheet_names)}
            raise fatal(spec, "missing-sheet", value=spec.layer, params=params)
        sheet = book.get_sheet_by_name(spec.layer) if spec.layer else book.get_sheet_by_index(0)
        if sheet.total_height > MAX_ROWS:
            raise fatal(spec, "too-many-rows", value=str(sheet.total_height), params={"limit": MAX_ROWS})
        cells = sheet.to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError) as error:
        raise fatal(spec, "damaged-file", value=str(error)) from error
    return table_from_records(spec, [[_cell_text(cell) for cell in row] for row in cells])


def decode(spec: LayerSpec, content: bytes) -> str:
    """Decode a text table strictly.

    Parameters
    ----------
    spec
    content

    Returns
    -------
    str

    Raises
    ------
    FaultsError
        Naming row and byte where no encoding fits.
    """
    if spec.encoding:
        encodings: tuple[str, ...] = (spec.encoding,)
    elif content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    furthest = 0
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            furthest = max(furthest, error.start)
    row = len((content[:furthest] + b".").splitlines())
    value = f"0x{content[furthest]:02X}"
    params: dict[str, Param] = {"byte": furthest, "encodings": ", ".join(_SHOWN.get(name, name) for name in encodings)}
    raise fatal(spec, "undecodable-bytes", row=row, value=value, params=params)


def _bytes_of(spec: LayerSpec) -> bytes:
    path = spec.source or Path()
    if (fault := file_fault(path, layer=spec.name, max_bytes=MAX_TABLE_BYTES)) is not None:
        raise FaultsError([fault])
    return path.read_bytes()


def _cell_text(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
