"""Columns with what their cells do not say themselves: told once a column is used, and filled in where that is safe."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.faults import Fault
from layers.county_spec import LayerSpec
from layers.sources.tables.sheet_marks import ERROR
from layers.sources.tables.source_table import Mark, SourceTable, plain_name

_DIGITS_OF_A_VILLAGE = r"[0-9]{12}"


class MarkedColumns:
    """Hands out the columns of a table and tells of their marks.

    Parameters
    ----------
    table
    spec
    faults
        Takes what there is to say.
    """

    def __init__(self, table: SourceTable, spec: LayerSpec, faults: list[Fault]) -> None:
        self._table, self._spec, self._faults = table, spec, faults
        self._told: dict[str, NDArray[np.bool_]] = {}

    def read(self, column: str, field: str) -> pd.Series:
        """Return the text of a column that is read as a field of the schema, merged ranges filled in."""
        text = self._table.columns[column]
        marks = dict(self._table.marks.get(column, {}))
        for at in np.flatnonzero(text.str.startswith(("#", "Err:")).to_numpy(bool)).tolist():
            if re.fullmatch(ERROR, text.iloc[at]):
                marks.setdefault(at, Mark("error-cell", text.iloc[at]))
        if not marks:
            return text
        is_new = field not in self._told
        told = np.zeros(len(text), dtype=bool)
        filled = text.to_list()
        for k, mark in sorted(marks.items()):
            said = self._as_used(mark, field, text=filled[k])
            if said is None:
                continue
            if said.code == "merged-cells":
                filled[k] = said.value
            told[k] |= said.severity == "error"
            if is_new:
                self._say(said, k, field)
        self.tell(field, told)
        return pd.Series(filled, index=text.index, dtype="str", name=text.name)

    def tell(self, field: str, at: NDArray[np.bool_]) -> None:
        """Remember that an error has been told of some cells."""
        self._told[field] = self.is_told(field) | at

    def is_told(self, field: str) -> NDArray[np.bool_]:
        """(n,) whether an error has been told of the cell, so that nothing need be added."""
        return self._told.get(field, np.zeros(len(self._table.rows), dtype=bool))

    def _as_used(self, mark: Mark, field: str, *, text: str) -> Mark | None:
        """Return what to say of a cell that is used as a field, ``None`` if it does not matter there."""
        column = self._spec.schema.column(field)
        kind = column.kind if column else "number"  # ids and positions are as particular as figures
        if mark.code == "long-number":
            return mark if kind == "text" or field == "id" else None
        if mark.code in ("merged-cells", "merged-figures"):
            if text:
                return None
            if kind in ("count", "number") or mark.code == "merged-figures":
                return Mark("merged-figures", mark.value, params=mark.params)
            return replace(mark, severity="warning")
        return mark

    def _say(self, mark: Mark, k: int, field: str) -> None:
        self._faults.append(
            Fault(
                mark.code,
                self._spec.name,
                self._spec.file,
                int(self._table.rows[k]),
                field,
                mark.value,
                severity=mark.severity,
                params=mark.params,
            )
        )


def find_column(columns: Iterable[str], wanted: Sequence[str]) -> str | None:
    """Return the column that one of the names stands for.

    Parameters
    ----------
    columns
        As they stand in the file.
    wanted
        The first found is taken: as written, else whatever the case, else whatever the blanks, line breaks and
        full-width forms in it.
    """
    names = [str(column) for column in columns]
    for form in (str, str.lower, lambda name: plain_name(name).lower()):
        known = {form(name): name for name in reversed(names)}
        found = next((known[form(name)] for name in wanted if form(name) in known), None)
        if found is not None:
            return found
    return None


def is_odd_among(ids: pd.Series) -> NDArray[np.bool_]:
    """(n,) whether an id is no code of twelve digits although most are."""
    is_code = ids.str.fullmatch(_DIGITS_OF_A_VILLAGE).to_numpy(bool)
    odd: NDArray[np.bool_] = ~is_code & (ids != "").to_numpy(bool)
    return odd if is_code.mean() > 0.5 else np.zeros(len(ids), dtype=bool)
