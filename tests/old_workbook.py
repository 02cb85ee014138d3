"""Writes small workbooks of the old kind (.xls): records of MS-XLS in a file system of MS-CFB."""

import struct
from pathlib import Path

SECTOR, MINI, END, FREE, FAT = 512, 64, 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
CUTOFF = 4096
ERRORS = {"#NULL!": 0x00, "#DIV/0!": 0x07, "#VALUE!": 0x0F, "#REF!": 0x17, "#NAME?": 0x1D, "#NUM!": 0x24, "#N/A": 0x2A}


class Formula:
    """A formula cell; `result` is a number, an error, or None for the empty text."""

    def __init__(self, result, *, on_load=False):
        self.result, self.flags = result, 2 if on_load else 0

    def packed(self):
        if self.result is None:
            return b"\3" + bytes(5) + b"\xff\xff"
        if self.result in ERRORS:
            return bytes([2, 0, ERRORS[self.result], 0, 0, 0]) + b"\xff\xff"
        return struct.pack("<d", self.result)


def write_xls(path: Path, sheets, *, hidden_rows=(), is_filtered=False, pad=True):
    """Write sheets: name → rows of text, numbers, errors (``#N/A``) and formulas."""
    names = [struct.pack("<IBBBB", 0, 0, 0, len(n), 1) + n.encode("utf-16-le") for n in sheets]
    globals_size = 20 + sum(4 + len(name) for name in names) + 4
    bodies = [_sheet(rows, hidden_rows, is_filtered=is_filtered) for rows in sheets.values()]
    starts = [globals_size + sum(map(len, bodies[:k])) for k in range(len(bodies))]
    bound = b"".join(_record(0x85, struct.pack("<I", at) + name[4:]) for at, name in zip(starts, names, strict=True))
    stream = _bof(5) + bound + _record(0x0A) + b"".join(bodies)
    path.write_bytes(_file(stream + bytes(CUTOFF - len(stream)) if pad and len(stream) < CUTOFF else stream))


def _record(kind, data=b""):
    return struct.pack("<HH", kind, len(data)) + data


def _bof(kind):
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 1997, 0, 6))


def _sheet(rows, hidden_rows, *, is_filtered):
    chart = _bof(0x20) + _record(0x0205, struct.pack("<HHHBB", 1, 1, 0, 42, 1)) + _record(0x0A)  # not of the sheet
    out = [_bof(0x10), chart, _record(0x9B)] if is_filtered else [_bof(0x10), chart]
    width = max(map(len, rows))
    out.append(_record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0)))
    for i in range(len(rows)):
        flags = 0x20 if i in hidden_rows else 0
        out.append(_record(0x0208, struct.pack("<HHHHHHHH", i, 0, width, 255, 0, 0, flags, 0)))
    out += [_cell(i, j, value) for i, row in enumerate(rows) for j, value in enumerate(row) if value != ""]
    return b"".join([*out, _record(0x0A)])


def _cell(i, j, value):
    at = struct.pack("<HHH", i, j, 0)
    if isinstance(value, Formula):
        return _record(0x06, at + value.packed() + struct.pack("<HIH", value.flags, 0, 0))
    if value in ERRORS:
        return _record(0x0205, at + bytes([ERRORS[value], 1]))
    if isinstance(value, str):
        return _record(0x0204, at + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
    return _record(0x0203, at + struct.pack("<d", value))


def _file(stream):
    """Sectors: table, directory, then the stream, or the mini sectors and their table where it is small."""
    is_small = len(stream) < CUTOFF
    data = _padded(stream, SECTOR)
    count = len(data) // SECTOR
    table = [FAT, END, *range(3, 2 + count), END]
    mini = END
    minis = b""
    if is_small:
        mini, used = len(table), -(-len(stream) // MINI)
        minis = _padded(struct.pack(f"<{used}I", *range(1, used), END), SECTOR, b"\xff")
        table.append(END)
    root = _entry("Root Entry", 5, 2 if is_small else END, len(data) if is_small else 0, child=1)
    book = _entry("Workbook", 2, 0 if is_small else 2, len(stream))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6) + struct.pack("<III", 0, 1, 1)
    header += struct.pack("<IIIIII", 0, CUTOFF, mini, int(is_small), END, 0) + struct.pack("<I", 0) + b"\xff" * 432
    fat = _padded(struct.pack(f"<{len(table)}I", *table), SECTOR, b"\xff")
    return header + fat + _padded(root + book, SECTOR) + data + minis


def _entry(name, kind, start, size, *, child=FREE):
    text = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<BBIII", kind, 1, FREE, FREE, child)
    return text.ljust(64, b"\0") + struct.pack("<H", len(text)) + links + bytes(36) + struct.pack("<IQ", start, size)


def _padded(data, size, by=b"\0"):
    return data + by * (-len(data) % size)
