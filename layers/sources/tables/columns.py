"""From text as it stands in a file to the columns of a schema, with a fault for each value that does not fit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.faults import Fault, Param, Severity
from layers.county_spec import LayerSpec
from layers.schema import ALIASES, UNIT_LAYERS, Column
from layers.sources.files import closest
from layers.sources.tables.clean_values import PLAIN_NUMBER, SCIENTIFIC_ID, clean_ids, clean_numbers, clean_texts
from layers.sources.tables.garbled import find_garbled, is_lost
from layers.sources.tables.marked_columns import MarkedColumns, find_column, is_odd_among
from layers.sources.tables.source_table import SourceTable
from layers.sources.tables.words import translate_words, unknown_values

MAX_COUNT = 2_000_000_000
_NO_VALUE = ("", "nan", "null", "none", "na", "n/a", "#n/a", "-", "—", "/")
_FLAGS = {
    **dict.fromkeys(("true", "yes", "y", "t", "1", "是", "有", "在岗", "√", "✓", "✔"), True),
    **dict.fromkeys(("", "false", "no", "n", "f", "0", "否", "无", "不在岗", "×", "✗"), False),
}
# [0-9] and not \d, which takes the digits of every script
_WHOLE = r"[+-]?[0-9]{1,15}(?:\.0*)?"
_HUGE = r"[+-]?[0-9]{16,}(?:\.0*)?"
_GROUPED = r"[+-]?[0-9０-９]{1,3}(?:[,，'’ \u00a0\u2009\u202f][0-9０-９]{3})+(?:\.[0-9]*)?"
_DECIMAL_COMMA = r"[+-]?[0-9]+[,，][0-9]+"
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"


def is_blank(text: pd.Series) -> NDArray[np.bool_]:
    """(n,) whether a text stands for no value: empty, NaN, null, a dash."""
    return text.str.lower().isin(_NO_VALUE).to_numpy(bool)


class ColumnReader:
    """Takes the columns of one layer out of its source and notes every fault.

    Parameters
    ----------
    table
        What the source holds.
    spec
        Schema and field mapping.
    """

    def __init__(self, table: SourceTable, spec: LayerSpec) -> None:
        self.table, self.spec = table, spec
        self.faults: list[Fault] = []
        self.is_against = np.zeros(len(table.rows), dtype=bool)
        """Of roads: whether the traffic of a one-way road goes against its line."""
        self._marked = MarkedColumns(table, spec, self.faults)

    def read(self) -> pd.DataFrame:
        """Return the typed columns, index ``id``; values with a fault are 0, "" or False."""
        columns = {column.name: self._typed(column) for column in self.spec.schema.columns}
        present = {name: values for name, values in columns.items() if values is not None}
        one_of = self.spec.schema.one_of
        reported = {fault.field for fault in self.faults if fault.code == "missing-column"}
        if one_of and not any(name in present or name in reported for name in one_of):
            self._missing_column(one_of[0], one_of[0])
        frame = pd.DataFrame(present, index=pd.RangeIndex(len(self.table.rows)))
        return frame.set_axis(self._ids())

    def source_column(self, name: str, *, required: bool) -> pd.Series | None:
        """Return the text of the column that a canonical name stands for, ``None`` if there is none."""
        aliases = [alias for alias, canonical in ALIASES.items() if canonical == name]
        mapped = next((self.spec.fields[key] for key in (name, *aliases) if key in self.spec.fields), None)
        found = find_column(self.table.columns.columns, [name, *aliases] if mapped is None else [mapped])
        if found is not None:
            return self._marked.read(found, name)
        if mapped is not None or required:
            self._missing_column(mapped or name, name)
        return None

    def note(
        self,
        code: str,
        at: NDArray[np.bool_],
        field: str,
        text: pd.Series,
        *,
        severity: Severity = "error",
        **params: str | int | float,
    ) -> None:
        """Note one fault for each row where ``at`` is true and nothing worse has been said of the cell."""
        for k in np.flatnonzero(at & ~self._marked.is_told(field)):
            self.fault(
                code,
                row=int(self.table.rows[k]),
                field=field,
                value=str(text.iloc[k]),
                severity=severity,
                params=params,
            )

    def fault(self, code: str, **details: Any) -> None:
        """Note one fault of the source."""
        self.faults.append(Fault(code, layer=self.spec.name, file=self.spec.file, **details))

    def _ids(self) -> pd.Index:
        text = self.source_column("id", required=not self.spec.schema.makes_ids)
        if text is None:
            return pd.Index([str(k) for k in self.table.rows], name="id", dtype="str")
        self._note_controls("id", text)
        ids = self._clean_ids("id", text)
        self.note("missing-value", (ids == "").to_numpy(bool), "id", ids)
        if self.spec.name in UNIT_LAYERS:
            self.note("odd-id", is_odd_among(ids), "id", ids, severity="warning")
        index: pd.Index = pd.Index(ids.to_list(), name="id", dtype="str")
        return index

    def _clean_ids(self, field: str, text: pd.Series) -> pd.Series:
        """Return ids or references as they were meant, "" for those that Excel has destroyed."""
        is_destroyed = text.str.fullmatch(SCIENTIFIC_ID).to_numpy(bool)
        self.note("scientific-id", is_destroyed, field, text)
        self._marked.tell(field, is_destroyed)
        ids = clean_ids(text).where(~is_destroyed, "")
        severity: Severity = "warning" if field == "id" else "note"
        for k in np.flatnonzero((ids != text).to_numpy(bool) & ~self._marked.is_told(field)):
            params = {"read_as": ids.iloc[k]}
            value = repr(text.iloc[k])[1:-1] if not text.iloc[k].isprintable() else text.iloc[k]
            row = int(self.table.rows[k])
            self.fault("id-read-as", row=row, field=field, value=value, severity=severity, params=params)
        return ids

    def _missing_column(self, wanted: str, field: str) -> None:
        names = [str(name) for name in self.table.columns.columns]
        params = {"columns": ", ".join(names), "closest": closest(wanted, names)}
        self.fault("missing-column", field=field, value=wanted, params=params)

    def _typed(self, column: Column) -> pd.Series | None:
        text = self.source_column(column.name, required=column.required)
        if text is None:
            if column.required:  # reported; empty, so that the other checks can go on
                return pd.Series("", index=pd.RangeIndex(len(self.table.rows)), dtype="str")
            if column.default is None:
                return None
            text = pd.Series(column.default, index=self.table.columns.index, dtype=str)
        text = self._in_our_words(column, text)
        convert: dict[str, Callable[[Column, pd.Series], pd.Series]] = {
            "count": self._counts,
            "number": self._numbers,
            "flag": self._flags,
            "text": self._texts,
        }
        values = convert[column.kind](column, text)
        return values.reset_index(drop=True)

    def _in_our_words(self, column: Column, text: pd.Series) -> pd.Series:
        translation = translate_words(column, text, self.spec, self.table.rows)
        self.faults += translation.faults
        if translation.is_against is not None:
            self.is_against = translation.is_against
        return translation.text

    def read_numbers(self, field: str, text: pd.Series) -> pd.Series:
        """Return figures in ASCII digits, with a note for each that was not."""
        clean = clean_numbers(text)
        for k in np.flatnonzero((clean != text).to_numpy(bool)):
            params, row = {"read_as": clean.iloc[k]}, int(self.table.rows[k])
            self.fault("number-read-as", row=row, field=field, value=str(text.iloc[k]), severity="note", params=params)
        return clean

    def _counts(self, column: Column, text: pd.Series) -> pd.Series:
        text = self.read_numbers(column.name, text)
        blanks = self._blanks(column, text)
        is_whole = text.str.fullmatch(_WHOLE).to_numpy(bool) & ~blanks
        numbers = pd.to_numeric(text.where(is_whole, "0")).to_numpy(np.float64)
        self._note_unreadable(column, text, ~is_whole & ~blanks)
        numbers = self._in_range(column, text, numbers)
        counts = pd.Series(numbers.astype(np.int64))
        return counts.astype("Int64").mask(blanks) if column.blank else counts

    def _numbers(self, column: Column, text: pd.Series) -> pd.Series:
        text = self.read_numbers(column.name, text)
        blanks = self._blanks(column, text)
        is_plain = text.str.fullmatch(PLAIN_NUMBER).to_numpy(bool) & ~blanks
        numbers = pd.to_numeric(text.where(is_plain, "0")).to_numpy(np.float64)
        is_number = (is_plain & np.isfinite(numbers)) | blanks
        self._note_unreadable(column, text, ~is_number)
        numbers = self._in_range(column, text, np.where(is_number & ~blanks, numbers, np.nan))
        return pd.Series(np.where(blanks, np.nan, numbers))

    def _flags(self, column: Column, text: pd.Series) -> pd.Series:
        """Read yes and no; blank is what a source without the column says, told where that is yes."""
        flags = clean_texts(text).str.normalize("NFKC").str.lower().map(_FLAGS)
        blanks = is_blank(text)
        self.note("not-yes-or-no", flags.isna().to_numpy(bool) & ~blanks, column.name, text)
        if not _FLAGS.get(column.default or "", False):
            return flags.eq(True).astype(bool)
        self.note("blank-is-yes", blanks, column.name, text, severity="warning")
        return (flags.eq(True) | blanks | self._marked.is_told(column.name)).astype(bool)

    def _texts(self, column: Column, text: pd.Series) -> pd.Series:
        text = self._clean_ids(column.name, text) if column.refers_to else self._clean_texts(column.name, text)
        is_empty = (text == "").to_numpy(bool)
        if not (column.blank or column.default is not None):
            self.note("missing-value", is_empty, column.name, text)
        self._note_controls(column.name, text)
        if column.choices:
            is_known = text.isin(column.choices).to_numpy(bool) | is_empty
            self.faults += unknown_values(column, text, ~is_known, self.spec, self.table.rows)
        return text.astype("str")

    def _clean_texts(self, field: str, text: pd.Series) -> pd.Series:
        """Return texts without unseen marks; say where they are not what was once written."""
        text = clean_texts(text)
        restored = find_garbled(text)
        if (garbled := np.flatnonzero(restored != "")).size:
            first = int(garbled[0])
            params: dict[str, Param] = {"count": int(garbled.size), "meant": restored.iloc[first]}
            row = int(self.table.rows[first])
            self.fault("garbled-text", row=row, field=field, value=str(text.iloc[first]), params=params)
        is_lost_text = text.map({value: is_lost(value) for value in text.unique()}).to_numpy(bool)
        self.note("lost-characters", is_lost_text & (restored == "").to_numpy(bool), field, text, severity="warning")
        return text

    def _note_controls(self, field: str, text: pd.Series) -> None:
        has_controls = text.str.contains(_CONTROL).to_numpy(bool)
        self.note("control-character", has_controls, field, text.map(ascii))

    def _blanks(self, column: Column, text: pd.Series) -> NDArray[np.bool_]:
        blanks = is_blank(text)
        if not column.blank:
            self.note("missing-value", blanks, column.name, text)
        return blanks

    def _note_unreadable(self, column: Column, text: pd.Series, is_bad: NDArray[np.bool_]) -> None:
        """Say why a text is no number: separators of thousands, decimals in a count, or words."""
        if not is_bad.any():
            return
        is_grouped = text.str.fullmatch(_GROUPED).to_numpy(bool) & is_bad
        is_decimal = text.str.fullmatch(r"[+-]?[0-9]+\.[0-9]+").to_numpy(bool) & is_bad
        is_comma = text.str.fullmatch(_DECIMAL_COMMA).to_numpy(bool) & is_bad & ~is_grouped
        is_huge = text.str.fullmatch(_HUGE).to_numpy(bool) & is_bad
        self.note("thousands-separator", is_grouped, column.name, text)
        self.note("decimal-comma", is_comma, column.name, text)
        self.note("not-a-whole-number", is_decimal, column.name, text)
        self.note("number-too-large", is_huge, column.name, text, maximum=MAX_COUNT)
        self.note("not-a-number", is_bad & ~is_grouped & ~is_comma & ~is_decimal & ~is_huge, column.name, text)

    def _in_range(self, column: Column, text: pd.Series, numbers: NDArray[np.float64]) -> NDArray[np.float64]:
        self.note("negative-number", numbers < 0, column.name, text)
        maximum = column.maximum or MAX_COUNT
        self.note("number-too-large", numbers > maximum, column.name, text, maximum=maximum)
        is_small = (numbers >= 0) & (numbers < column.minimum)
        self.note("number-too-small", is_small, column.name, text, minimum=column.minimum)
        return np.where((numbers < column.minimum) | (numbers > maximum), 0, numbers)
