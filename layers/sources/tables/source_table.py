"""What a file holds before anybody asks whether it is right: text, rows, geometry."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.faults import Fault, FaultsError, Param, Severity
from layers.county_spec import LayerSpec

MAX_ROWS = 2_000_000
MAX_CELLS = 50_000_000
_NO_PARAMS: Mapping[str, Param] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Mark:
    """What a cell does not say itself; a fault where its column is used.

    Parameters
    ----------
    code
        Of the fault.
    value
        What stands in the cell; for ``merged-cells`` the value of the whole range.
    severity
    params
    """

    code: str
    value: str = ""
    severity: Severity = "error"
    params: Mapping[str, Param] = field(default_factory=lambda: _NO_PARAMS)


Marks = dict[tuple[int, int], Mark]
"""Marks by row and column of the sheet, from 0."""


@dataclass(frozen=True, eq=False)
class SourceTable:
    """A table as it stands in its file.

    Parameters
    ----------
    columns : DataFrame, (n, …) str
        Every value as text without surrounding blanks; missing is "".
    rows : (n,) int64
        Row of a spreadsheet (the header is row 1) or number of a feature (the first is 1).
    geometry : (n,) array of geometries, optional
    crs
        CRS of the geometry as text, "" if there is none.
    notes
        What the reader did not mind but people may want to know.
    marks
        Column → position among the rows → what is to be said of the cell if the column is used.
    """

    columns: pd.DataFrame
    rows: NDArray[np.int64]
    geometry: NDArray[np.object_] | None = None
    crs: str = ""
    notes: tuple[Fault, ...] = ()
    marks: Mapping[str, Mapping[int, Mark]] = field(default_factory=dict)


def fatal(
    spec: LayerSpec,
    code: str,
    *,
    row: int | None = None,
    field: str = "",
    value: str = "",
    params: Mapping[str, Param] | None = None,
) -> FaultsError:
    """Return the error that ends the reading of one source."""
    fault = Fault(code, layer=spec.name, file=spec.file, row=row, field=field, value=value, params=params or {})
    return FaultsError([fault])


def table_from_records(
    spec: LayerSpec, records: list[list[str]], *, marks: Marks | None = None, notes: tuple[Fault, ...] = ()
) -> SourceTable:
    """Turn the cells of a sheet into a table.

    Parameters
    ----------
    spec
    records
        All rows; the first with any value is the header. Rows without values or marks are skipped but counted.
    marks
    notes

    Returns
    -------
    SourceTable

    Raises
    ------
    FaultsError
        If there is no header, a name stands twice in it, or a row is longer than it.
    """
    marks = marks or {}
    top = next((row for row, record in enumerate(records) if any(record)), None)
    if top is None:
        raise fatal(spec, "empty-layer")
    if len(records) > MAX_ROWS:
        raise fatal(spec, "too-many-rows", value=str(len(records)), params={"limit": MAX_ROWS})
    header = _header(spec, records, top)
    width, marked_rows = len(header), {row for row, _ in marks}
    kept, rows = [], []
    for row, record in enumerate(records[top + 1 :], start=top + 1):
        if not any(record) and row not in marked_rows:
            continue
        if any(record[width:]):
            extra = next(cell for cell in record[width:] if cell)
            raise fatal(spec, "too-many-cells", row=row + 1, value=extra, params={"columns": width})
        kept.append(record[:width] + [""] * (width - len(record)))
        rows.append(row)
    columns = pd.DataFrame(kept, columns=header, dtype=str)
    position = {row: k for k, row in enumerate(rows)}
    by_column: dict[str, dict[int, Mark]] = {}
    for (row, column), mark in marks.items():
        if column < width and header[column] and row in position:
            by_column.setdefault(header[column], {})[position[row]] = mark
    named = columns.loc[:, [name != "" for name in header]]
    return SourceTable(named, np.array(rows, dtype=np.int64) + 1, notes=notes, marks=by_column)


def plain_name(name: str) -> str:
    """Return the name of a column without blanks, line breaks and marks that nobody sees, full-width as ASCII."""
    return "".join(show_only(unicodedata.normalize("NFKC", name)).split())


def show_only(text: str) -> str:
    """Return a text without characters that have no width: zero-width spaces, byte order marks, directions."""
    return text if text.isascii() else "".join(c for c in text if unicodedata.category(c) != "Cf")


def _header(spec: LayerSpec, records: list[list[str]], top: int) -> list[str]:
    width = max(k for k, name in enumerate(records[top], start=1) if name)
    header = [show_only(" ".join(name.split())) for name in records[top][:width]]
    below = next((record for record in records[top + 1 :] if any(record)), [])
    named, filled = sum(map(bool, header)), sum(map(bool, below))
    if (named == 1 and filled > 1) or 2 * named < filled:  # a title, or a title and a unit or date beside it
        raise fatal(spec, "title-above-header", row=top + 1, value=" ".join(filter(None, header)))
    for name in header:
        if name and header.count(name) > 1:
            raise fatal(spec, "duplicate-column", row=top + 1, field=name, value=name)
    return header
