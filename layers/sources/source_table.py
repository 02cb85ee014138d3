"""What a file holds before anybody asks whether it is right: text, rows, geometry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.faults import Fault, FaultsError, Param
from layers.county_spec import LayerSpec

MAX_ROWS = 2_000_000


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
    """

    columns: pd.DataFrame
    rows: NDArray[np.int64]
    geometry: NDArray[np.object_] | None = None
    crs: str = ""
    notes: tuple[Fault, ...] = ()


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


def table_from_records(spec: LayerSpec, records: list[list[str]]) -> SourceTable:
    """Turn the cells of a sheet into a table.

    Parameters
    ----------
    spec
    records
        All rows; the first with any value is the header. Rows without are skipped but counted.

    Returns
    -------
    SourceTable

    Raises
    ------
    FaultsError
        If there is no header, a name stands twice in it, or a row is longer than it.
    """
    top = next((row for row, record in enumerate(records) if any(record)), None)
    if top is None:
        raise fatal(spec, "empty-layer")
    if len(records) > MAX_ROWS:
        raise fatal(spec, "too-many-rows", value=str(len(records)), params={"limit": MAX_ROWS})
    width = max(k for k, name in enumerate(records[top], start=1) if name)
    header = records[top][:width]
    for name in header:
        if name and header.count(name) > 1:
            raise fatal(spec, "duplicate-column", row=top + 1, field=name, value=name)
    kept, rows = [], []
    for row, record in enumerate(records[top + 1 :], start=top + 2):
        if not any(record):
            continue
        if any(record[width:]):
            extra = next(cell for cell in record[width:] if cell)
            raise fatal(spec, "too-many-cells", row=row, value=extra, params={"columns": width})
        kept.append(record[:width] + [""] * (width - len(record)))
        rows.append(row)
    columns = pd.DataFrame(kept, columns=header, dtype=str)
    return SourceTable(columns.loc[:, [name != "" for name in header]], np.array(rows, dtype=np.int64))
