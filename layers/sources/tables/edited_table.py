"""A table that an office has edited in Excel or as CSV: every row as it stands there, and what the file says it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from zipfile import ZipFile, is_zipfile

from gis.faults import Fault, FaultsError, Param, errors
from layers.county_spec import LayerSpec
from layers.sources.file_kinds import WORKBOOKS, kind_of
from layers.sources.tables.reading import read_text_table
from layers.sources.tables.source_table import Mark, SourceTable, fatal
from layers.sources.tables.workbooks import read_workbook
from planning.tables.checking import GivenTable
from planning.tables.definition import Column, TableKind
from planning.tables.words import TableWords, plain

MAX_UNZIPPED = 20_000_000
"""Bytes of all parts of a workbook: hundreds of times what the longest table has."""
_MOST_LINES = 10_000
"""Of a text table; more are no table of an office, and would only be counted."""
_ENDINGS = (".xlsx", ".xls", ".ods", ".csv", ".tsv", ".txt")
_TEXT_ENDINGS = (".csv", ".tsv", ".txt")
_CODES = {
    "empty-layer": "table-empty",
    "empty-file": "table-empty",
    "encoding-unclear": "table-encoding-unclear",
    "undecodable-bytes": "table-encoding-unclear",
    "merged-cells": "merged-figures",
    "missing-file": "table-missing-file",
}
"""Faults of any file whose texts speak of layers, and those that say the same of a table."""
_ONLY_IN_TEXTS = ("long-number",)
_SHOWN = 80


@dataclass(frozen=True)
class AboutWords:
    """How a workbook says what it is.

    Parameters
    ----------
    sheets
        What the sheet that says so may be called.
    labels
        Label, as ``plain`` writes it → fact.
    """

    sheets: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class EditedTable:
    """What a file holds.

    Parameters
    ----------
    given
        Its rows, and what was wrong already when they were read.
    says
        What it says of itself: fact → text, empty for a file that does not.
    """

    given: GivenTable
    says: Mapping[str, str]


def read_edited_table(path: Path, kind: TableKind, *, words: TableWords, about: AboutWords) -> EditedTable:
    """Read the first sheet of a workbook, or a text table, as rows of a kind of table.

    Parameters
    ----------
    path
        Its name is shown to people; its ending decides how it is read, or its content where it has none that is known.
    kind
    words
        Headings and words that are understood.
    about
        How a workbook says what it is.

    Returns
    -------
    EditedTable

    Raises
    ------
    FaultsError
        If the file cannot be read as a table at all.
    """
    spec = LayerSpec(kind.name, path)
    try:
        is_text = _is_text(spec, path)
        if is_text and (lines := path.read_bytes().count(b"\n")) > _MOST_LINES:
            raise _too_many_rows(spec, kind, lines)
        table, others = (read_text_table(spec), []) if is_text else _first_sheet(spec)
    except FaultsError as error:
        raise _as_of_a_table(error) from error
    sheet = next((name for name in about.sheets if name in others), None)
    says = _said(LayerSpec(kind.name, path, layer=sheet), about) if sheet else {}
    return EditedTable(_given(spec, kind, table, words), says)


def _as_of_a_table(error: FaultsError) -> FaultsError:
    """Return what is wrong in words for a table: what fits a county's layers, and what else may be told, is left."""
    return FaultsError(replace(one, code=_CODES.get(one.code, one.code)) for one in errors(error.faults))


def _is_text(spec: LayerSpec, path: Path) -> bool:
    ending = path.suffix.lower()
    if ending in _ENDINGS:
        return ending in _TEXT_ENDINGS
    found = kind_of(path)
    if found not in (*WORKBOOKS, "text"):
        raise fatal(spec, "unknown-ending", value=spec.file, params={"known": ", ".join(_ENDINGS)})
    return found == "text"


def _too_many_rows(spec: LayerSpec, kind: TableKind, count: int) -> FaultsError:
    return fatal(spec, "table-too-many-rows", value=str(count), params={"limit": kind.most_rows})


def _refuse_much_in_little(spec: LayerSpec, path: Path) -> None:
    """Refuse a workbook that unzips to far more than any table of an office."""
    if not is_zipfile(path):
        return
    with ZipFile(path) as parts:
        size = sum(part.file_size for part in parts.infolist())
    if size > MAX_UNZIPPED:
        raise fatal(spec, "unzips-too-large", value=f"{size} B", params={"limit_mb": MAX_UNZIPPED // 1_000_000})


def _first_sheet(spec: LayerSpec) -> tuple[SourceTable, list[str]]:
    """Return the first sheet and the names of the others that people see."""
    _refuse_much_in_little(spec, spec.source or Path())
    table = read_workbook(spec)
    told = next((note for note in table.notes if note.code == "other-sheets"), None)
    return table, str(told.params["others"]).split(", ") if told else []


def _said(spec: LayerSpec, about: AboutWords) -> dict[str, str]:
    """Return what the second sheet says; one that somebody has rewritten says nothing."""
    try:
        rows = read_workbook(spec).columns
    except FaultsError:
        return {}
    if rows.shape[1] < 2:
        return {}
    labels = (
        (about.labels.get(plain(label)), value) for label, value in zip(rows.iloc[:, 0], rows.iloc[:, 1], strict=True)
    )
    return {fact: str(value) for fact, value in labels if fact is not None}


def _given(spec: LayerSpec, kind: TableKind, table: SourceTable, words: TableWords) -> GivenTable:
    if len(table.rows) > kind.most_rows:
        raise _too_many_rows(spec, kind, len(table.rows))
    faults: list[Fault] = []
    found: dict[str, str] = {}
    for heading in map(str, table.columns.columns):
        column = words.column(kind, heading)
        if column is None:
            known = "、".join(words.heading(one.name) for one in kind.columns)
            faults.append(_fault(spec, "table-unknown-column", field=heading, known=known))
        elif column in found:
            faults.append(_fault(spec, "table-double-column", field=heading, value=heading, other=found[column]))
        else:
            found[column] = heading
    marked, told_cells = _marked(spec, kind, table, found)
    cells = zip(*(table.columns[heading].to_list() for heading in found.values()), strict=True)
    rows = [dict(zip(found, row, strict=True)) for row in cells] if found else [{} for _ in table.rows]
    numbers = [int(row) for row in table.rows]
    return GivenTable(rows, numbers, spec.file, found, (*faults, *marked), told_cells)


def _marked(
    spec: LayerSpec, kind: TableKind, table: SourceTable, found: Mapping[str, str]
) -> tuple[list[Fault], frozenset[tuple[int, str]]]:
    """Return what cells do not say themselves, and which cells these are."""
    faults, cells = [], set()
    for name, heading in found.items():
        for at, mark in sorted(table.marks.get(heading, {}).items()):
            if not _matters(mark, kind.column(name), table.columns[heading].iloc[at]):
                continue
            code = _CODES.get(mark.code, mark.code)
            row = int(table.rows[at])
            faults.append(_fault(spec, code, row=row, field=heading, value=mark.value[:_SHOWN], **mark.params))
            cells.add((at, name))
    return faults, frozenset(cells)


def _matters(mark: Mark, column: Column, text: str) -> bool:
    if mark.code in ("merged-cells", "merged-figures"):
        return not text
    if mark.code in _ONLY_IN_TEXTS:
        return not column.is_figure
    if mark.code == "date-in-cell" and (column.kind in ("day", "time") or column.takes_dates):
        return False  # that is what belongs there
    return mark.severity == "error" or mark.code == "cut-character"


def _fault(
    spec: LayerSpec, code: str, *, row: int | None = None, field: str = "", value: str = "", **params: Param
) -> Fault:
    return Fault(code, spec.name, spec.file, row, field[:_SHOWN], value, params=params)
