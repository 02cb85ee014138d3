"""Workbooks (.xlsx, .xls, .ods): one sheet as text, with marks for what its values do not say."""

from __future__ import annotations

from pathlib import Path

from gis.faults import Fault, FaultsError, Param, Severity
from layers.county_spec import LayerSpec
from layers.sources.apart import OutOfLimitsError, call_apart
from layers.sources.file_kinds import WORKBOOKS, kind_of
from layers.sources.files import closest, readable_source
from layers.sources.tables.source_table import Mark, Marks, SourceTable, fatal, table_from_records
from layers.sources.tables.workbook_cells import WorkbookCells, WorkbookError, read_cells

MAX_TABLE_BYTES = 200_000_000
_ROWS_SHOWN = 10


def read_workbook(spec: LayerSpec) -> SourceTable:
    """Read one sheet of a workbook, by name or the first that is visible.

    Parameters
    ----------
    spec

    Returns
    -------
    SourceTable
        Values of merged cells stand in each of their rows, with a mark.

    Raises
    ------
    FaultsError
        If the workbook or the sheet cannot be read.
    """
    path = readable_source(spec, max_bytes=MAX_TABLE_BYTES)
    refuse_other_kinds(spec, path, expected=(*WORKBOOKS, ""))
    try:
        cells: WorkbookCells = call_apart(read_cells, path, spec.layer)
    except WorkbookError as error:
        params: dict[str, Param] = dict(error.params)
        if error.code == "missing-sheet":
            params["closest"] = closest(spec.layer, str(params["known"]).split(", "))
        raise fatal(spec, error.code, value=error.value, params=params) from error
    except OutOfLimitsError as error:
        raise out_of_limits(spec, error) from error
    notes = _notes(spec, cells)
    try:
        return table_from_records(spec, cells.rows, marks=_marks(spec, cells), notes=notes)
    except FaultsError as error:  # which other sheets there are helps to mend it
        raise FaultsError([*error.faults, *notes]) from error


def refuse_other_kinds(spec: LayerSpec, path: Path, *, expected: tuple[str, ...]) -> None:
    """Raise a fault if a file is something else than its name says."""
    try:
        kind = kind_of(path)
    except OSError as error:
        raise fatal(spec, "unreadable-file", value=error.strerror or str(error)) from error
    if kind == "protected":
        raise fatal(spec, "password-protected", value=spec.file)
    if kind not in expected and path.stat().st_size:
        ending = path.suffix.lower()
        wanted = ending if ending in (".xlsx", ".csv", ".ods") else ".xlsx"
        params = {"what": "CSV" if kind == "text" else kind, "ending": ending, "wanted": wanted}
        raise fatal(spec, "other-format", value=spec.file, params=params)


def out_of_limits(spec: LayerSpec, error: OutOfLimitsError) -> FaultsError:
    """Return the fault of a file that asked for more memory or time than it may."""
    if error.kind == "memory":
        return fatal(spec, "too-much-memory", value=spec.file, params={"limit_mb": error.limit})
    if error.kind == "time":
        return fatal(spec, "too-much-time", value=spec.file, params={"limit_s": error.limit})
    return fatal(spec, "damaged-file", value=f"signal {-error.limit}")


def _notes(spec: LayerSpec, cells: WorkbookCells) -> tuple[Fault, ...]:
    def said(code: str, value: str, severity: Severity, **params: Param) -> Fault:
        return Fault(code, spec.name, spec.file, value=value, severity=severity, params=params)

    notes = []
    if cells.others and not spec.layer:
        notes.append(said("other-sheets", cells.sheet, "note", others=", ".join(cells.others), sheet=cells.sheet))
    with_values = [row for row in cells.marks.hidden_rows if row < len(cells.rows) and any(cells.rows[row])]
    if with_values:
        shown = ", ".join(str(row + 1) for row in with_values[:_ROWS_SHOWN])
        shown += " …" if len(with_values) > _ROWS_SHOWN else ""
        notes.append(said("hidden-rows", shown, "warning", count=len(with_values)))
    return tuple(notes)


def _marks(spec: LayerSpec, cells: WorkbookCells) -> Marks:
    """Collect the marks of single cells; fill in merged ranges, which keep their value in the first cell."""
    found = cells.marks
    marks: Marks = {at: Mark("formula-without-value", formula) for at, formula in found.formulas.items()}
    marks |= {at: Mark("formula-without-value", formula, "warning") for at, formula in found.empty_texts.items()}
    marks |= {at: Mark("error-cell", error) for at, error in found.errors.items()}
    for i, j in cells.dates:
        marks[i, j] = Mark("date-in-cell", cells.rows[i][j])
    for i, j in cells.long_numbers:
        marks[i, j] = Mark("long-number", cells.rows[i][j])
    for found_range in found.merged or ():
        marks |= _merged_marks(spec, cells, marks, found_range)
    return marks


def _merged_marks(spec: LayerSpec, cells: WorkbookCells, marks: Marks, merged: tuple[int, int, int, int]) -> Marks:
    """Mark the cells of a merged range but the first, which holds the value (or what is wrong with it)."""
    top, left, bottom, right = merged
    bottom, right = min(bottom, len(cells.rows) - 1), min(right, len(cells.rows[0]) - 1 if cells.rows else -1)
    if top > bottom or left > right or not (cells.rows[top][left] or (top, left) in marks):
        return {}
    params: dict[str, Param] = {"rows": f"{top + 1}–{bottom + 1}"}
    header = next(i for i, row in enumerate(cells.rows) if any(row))
    if top <= header:
        if sum(map(bool, cells.rows[header])) == 1:
            return {}  # a title above the header, which is said elsewhere
        raise fatal(spec, "merged-header", row=top + 1, value=cells.rows[top][left], params=params)
    value = cells.rows[top][left]
    own = Mark("merged-cells", value, params=params) if right == left else Mark("merged-figures", value, params=params)
    mark = marks.get((top, left), own)
    inside = ((i, j) for i in range(top, bottom + 1) for j in range(left, right + 1))
    return {at: mark for at in inside if at != (top, left)}
