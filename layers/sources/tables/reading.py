"""Text tables (.csv, .tsv, .txt), every cell as text."""

from __future__ import annotations

import csv
import io
import re
from itertools import chain

from gis.faults import Param
from layers.county_spec import LayerSpec
from layers.sources.files import readable_source
from layers.sources.tables.decoding import Decoded, decode, told_bytes
from layers.sources.tables.source_table import MAX_CELLS, MAX_ROWS, Mark, Marks, SourceTable, fatal, table_from_records
from layers.sources.tables.workbooks import read_workbook, refuse_other_kinds

__all__ = ["read_text_table", "read_workbook"]

MAX_TABLE_BYTES = 200_000_000
_SEPARATORS = (",", "\t", ";", "|", "，", "；")
_SEP_LINE = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_CUT = re.compile(r"[\udc80-\udcff]+$")
_BAD = re.compile(r"[\udc80-\udcff]+")


def read_text_table(spec: LayerSpec) -> SourceTable:
    """Read a text table in UTF-8, UTF-16, GBK or GB18030, with or without marks of byte order.

    Parameters
    ----------
    spec
        ``encoding`` overrules what the text itself suggests. The separator is what a line ``sep=;`` says, else the
        one that the header has most.

    Returns
    -------
    SourceTable
        Cells with undecodable bytes are marked.

    Raises
    ------
    FaultsError
        If the file cannot be read as a table.
    """
    path = readable_source(spec, max_bytes=MAX_TABLE_BYTES)
    refuse_other_kinds(spec, path, expected=("text", ""))
    decoded = decode(spec, path.read_bytes())
    records = _records(spec, decoded.text)
    return table_from_records(spec, records, marks=_marks_of_bad_bytes(records, decoded), notes=decoded.notes)


def _records(spec: LayerSpec, text: str) -> list[list[str]]:
    lines = io.StringIO(text, newline="")
    skipped = []
    first_line = lines.readline()
    if stated := _SEP_LINE.fullmatch(first_line):
        separator, skipped = stated[1], [[""]]
    else:
        separator = _separator(text)
        lines.seek(0)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    records: list[list[str]] = []
    cells = 0
    try:
        for record in chain(skipped, reader):
            records.append([cell.strip() for cell in record])
            cells += len(record)
            if len(records) > MAX_ROWS or cells > MAX_CELLS:
                raise fatal(spec, "too-many-rows", value=f"{len(records)}", params={"limit": MAX_ROWS})
    except csv.Error as error:
        raise fatal(spec, "unreadable-table", row=reader.line_num, value=str(error)) from error
    return records


def _separator(text: str) -> str:
    header = re.split(r"\r\n|\n|\r", text.lstrip("\r\n"), maxsplit=1)[0]
    header = re.sub(r'"[^"]*"', "", header)
    return max(_SEPARATORS, key=header.count)


def _marks_of_bad_bytes(records: list[list[str]], decoded: Decoded) -> Marks:
    """Mark cells with bytes that could not be decoded; what is left of them is their text."""
    marks: Marks = {}
    if not decoded.bad:
        return marks
    told = iter(decoded.bad)
    for i, record in enumerate(records):
        for j, cell in enumerate(record):
            runs = _BAD.findall(cell)
            if not runs:
                continue
            record[j] = left = _BAD.sub("", cell).strip()
            first = next(told, 0)
            for _ in runs[1:]:
                next(told, 0)
            params: dict[str, Param] = {"byte": first, "encodings": decoded.shown, "left": left or "—"}
            if len(runs) == 1 and _CUT.search(cell) and decoded.is_cut_at(first):
                marks[i, j] = Mark("cut-character", left, "warning", params)
            else:
                marks[i, j] = Mark("undecodable-bytes", told_bytes(runs[0]), params=params)
    return marks
