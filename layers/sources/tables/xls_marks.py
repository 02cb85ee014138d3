"""What the values of a sheet of an old workbook (.xls, BIFF) do not say: errors, formulas without result, hidden rows.

An .xls file is a file system of its own (MS-CFB) with one stream of records (MS-XLS); reading the values (calamine)
turns errors into blanks.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from layers.sources.tables.sheet_marks import SheetMarks

_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS = ("Workbook", "Book")
_BOF, _EOF, _BOUNDSHEET = 0x0809, 0x000A, 0x0085
_FORMULA, _BOOLERR, _ROW, _COLINFO, _FILTERMODE = 0x0006, 0x0205, 0x0208, 0x007D, 0x009B
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_HIDDEN_ROW, _CALCULATE_ON_LOAD = 0x20, 0x02
_IS_ERROR, _IS_EMPTY = 2, 3

Record = tuple[int, bytes]


def scan_xls(path: Path, number: int) -> SheetMarks:
    """Return the marks of one sheet of an .xls file.

    Parameters
    ----------
    path
    number
        Of the sheet in the workbook, from 0.

    Returns
    -------
    SheetMarks
        Merged ranges are not looked for; nothing where the file is older than Excel 5.

    Raises
    ------
    ValueError
        If the file is damaged.
    """
    marks = SheetMarks(merged=None)
    content = path.read_bytes()
    if not content.startswith(_MAGIC):
        return marks
    try:
        stream = _workbook_stream(content)
        sheets = [struct.unpack_from("<I", data)[0] for kind, data in _records(stream, 0) if kind == _BOUNDSHEET]
        for kind, data in _records(stream, sheets[number]):
            _mark(marks, kind, data)
    except (struct.error, IndexError) as error:
        raise ValueError(str(error)) from error
    return marks


def _mark(marks: SheetMarks, kind: int, data: bytes) -> None:
    if kind == _BOOLERR:
        row, column, _, value, is_error = struct.unpack_from("<HHHBB", data)
        if is_error:
            marks.errors[row, column] = _ERRORS.get(value, "#N/A")
    elif kind == _FORMULA:
        row, column, _, result, flags = struct.unpack_from("<HHH8sH", data)
        is_number = result[6:] != b"\xff\xff"
        if not is_number and result[0] == _IS_ERROR:
            marks.errors[row, column] = _ERRORS.get(result[2], "#N/A")
        elif (not is_number and result[0] == _IS_EMPTY) or (result == bytes(8) and flags & _CALCULATE_ON_LOAD):
            (marks.empty_texts if not is_number else marks.formulas)[row, column] = "="
    elif kind == _ROW and struct.unpack_from("<H", data, 12)[0] & _HIDDEN_ROW:
        marks.hidden_rows.append(struct.unpack_from("<H", data)[0])
    elif kind == _COLINFO and struct.unpack_from("<H", data, 8)[0] & 1:
        first, last = struct.unpack_from("<HH", data)
        marks.hidden_columns += range(first, min(last, 255) + 1)
    elif kind == _FILTERMODE:
        marks.is_filtered = True


def _records(stream: bytes, at: int) -> Iterator[Record]:
    """Yield the records from a BOF to its EOF, without those of charts inside."""
    depth = 0
    while True:
        kind, size = struct.unpack_from("<HH", stream, at)
        data = stream[at + 4 : at + 4 + size]
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return
        if depth == 1:
            yield kind, data
        at += 4 + size


def _workbook_stream(content: bytes) -> bytes:
    shift, mini_shift = struct.unpack_from("<HH", content, 30)
    first_of_directory, cutoff = (struct.unpack_from("<I", content, at)[0] for at in (48, 56))
    first_of_minis = struct.unpack_from("<I", content, 60)[0]
    table = _sector_table(content, shift)
    directory = _chain(content, table, first_of_directory, shift, 1)
    entries = [directory[k : k + 128] for k in range(0, len(directory) - 127, 128)]
    names = [
        entry[: max(0, struct.unpack_from("<H", entry, 64)[0] - 2)].decode("utf-16-le", "replace") for entry in entries
    ]
    entry = entries[next(names.index(name) for name in _STREAMS if name in names)]
    start, size = struct.unpack_from("<II", entry, 116)
    if size >= cutoff:
        return _chain(content, table, start, shift, 0)[:size]
    minis = _chain(content, table, struct.unpack_from("<I", entries[0], 116)[0], shift, 0)
    mini_table = np.frombuffer(_chain(content, table, first_of_minis, shift, 1), dtype="<u4")
    return _chain(minis, mini_table, start, mini_shift, 0, header=0)[:size]


def _sector_table(content: bytes, shift: int) -> NDArray[np.uint32]:
    """Return for every sector the next one of its chain."""
    named = list(struct.unpack_from("<109I", content, 76))
    following, left = struct.unpack_from("<II", content, 68)
    per_sector = (1 << shift) // 4 - 1
    while left and following < len(content) >> shift:
        *more, following = struct.unpack_from(f"<{per_sector + 1}I", content, (following + 1) << shift)
        named += more
        left -= 1
    parts = [content[(k + 1) << shift : (k + 2) << shift] for k in named if k < len(content) >> shift]
    return np.frombuffer(b"".join(parts), dtype="<u4")


def _chain(content: bytes, table: NDArray[np.uint32], start: int, shift: int, least: int, *, header: int = 1) -> bytes:
    """Return the sectors of a chain one after the other."""
    sectors: list[int] = []
    at = start
    while at < table.size:
        if len(sectors) > table.size:
            raise ValueError("a chain of sectors never ends")
        sectors.append(at)
        at = int(table[at])
    if len(sectors) < least:
        raise ValueError("a chain of sectors is missing")
    return b"".join(content[(k + header) << shift : (k + header + 1) << shift] for k in sectors)
