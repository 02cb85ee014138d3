"""A whole table: every fault of every cell and row at once, or the rows as they are stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gis.faults import Fault, FaultsError, Param
from planning.tables.cells import read_cell
from planning.tables.definition import Row, RowFault, TableFault, TableKind, Value
from planning.tables.faults import CellFault
from planning.tables.words import PLAIN, TableWords

_SHOWN = 80


@dataclass(frozen=True)
class GivenTable:
    """Rows as somebody gave them.

    Parameters
    ----------
    rows
        Column → what stands there.
    numbers
        Row of the spreadsheet for each, ``None`` where there is no file: then rows count from 1.
    file
        Name of the file as shown to people, "" without one.
    headings
        Column → what the file calls it.
    faults
        What was found while reading.
    told
        (number among the rows, column) of cells of which something has been said.
    """

    rows: Sequence[Mapping[str, object]]
    numbers: Sequence[int] | None = None
    file: str = ""
    headings: Mapping[str, str] = field(default_factory=dict)
    faults: Sequence[Fault] = ()
    told: frozenset[tuple[int, str]] = frozenset()


def check_table(kind: TableKind, given: GivenTable, *, words: TableWords = PLAIN) -> list[Row]:
    """Return the rows of a table as they are stored.

    Parameters
    ----------
    kind
    given
    words
        What people write in place of codes.

    Returns
    -------
    list of dict
        In the order given; with fixed keys in the order of the defaults.

    Raises
    ------
    FaultsError
        With everything that is wrong.
    """
    checker = _Checker(kind, given, words)
    rows = checker.rows()
    if checker.faults:
        raise FaultsError(checker.faults)
    return kind.in_order(rows)


def examine_table(
    kind: TableKind, given: GivenTable, *, words: TableWords = PLAIN
) -> tuple[list[tuple[int, Row]], list[Fault]]:
    """Return the rows whose cells are all sound, with their numbers from 0, and everything that is wrong.

    For tables whose rows say something of other records: what those find wrong is told beside it.
    """
    checker = _Checker(kind, given, words)
    rows = checker.read()
    return [(number, row) for number, row in rows if len(row) == len(kind.columns)], checker.faults


class _Checker:
    def __init__(self, kind: TableKind, given: GivenTable, words: TableWords) -> None:
        self.kind, self.given, self.words = kind, given, words
        self.faults = list(given.faults)

    def rows(self) -> list[Row]:
        """Read every cell, then compare the rows."""
        rows = [row for _number, row in self.read()]
        if not self.faults:
            for fault in self.kind.check(rows):
                self._tell(fault)
        return rows

    def read(self) -> list[tuple[int, Row]]:
        """Read every cell; return the rows whose key can be read, with their numbers."""
        given = self.given.rows
        missing = self._columns()
        if not given:
            self._say("table-empty")
        if len(given) > self.kind.most_rows:
            self._say("table-too-many-rows", value=str(len(given)), limit=self.kind.most_rows)
            return []
        rows = [self._row(number, row, missing) for number, row in enumerate(given)]
        self._keys(rows)
        return [(number, row) for number, row in enumerate(rows) if row is not None]

    def _columns(self) -> set[str]:
        """Tell of columns that are not there and of those that nobody knows; return the former."""
        known = [column.name for column in self.kind.columns]
        there = set(self.given.headings) or {str(name) for row in self.given.rows for name in row}
        if not self.given.headings:
            shown = "、".join(known)
            for name in sorted(there - set(known)):
                self._say("table-unknown-column", field=name[:_SHOWN], known=shown)
        missing = set(known) - there if self.given.rows or self.given.headings else set()
        for name in known:
            if name in missing:
                heading = self.words.heading(name) if self.given.file else name
                self._say("table-missing-column", field=heading, columns="、".join(self.given.headings.values()) or "—")
        return missing

    def _row(self, number: int, given: Mapping[str, object], missing: set[str]) -> Row | None:
        """Return a row, ``None`` where its key cannot be read; cells with a fault are left out."""
        row: dict[str, Value] = {}
        for column in self.kind.columns:
            if column.name in missing or (number, column.name) in self.given.told:
                continue
            try:
                row[column.name] = read_cell(column, given.get(column.name), self.words)
            except CellFault as fault:
                self._at(fault.code, number, column.name, fault.params)
        return row if all(name in row for name in self.kind.key) else None

    def _keys(self, rows: Sequence[Row | None]) -> None:
        """Tell of rows that stand twice, of those that no table has, and of those that are not there."""
        wanted = {self.kind.key_of(row) for row in self.kind.defaults}
        first: dict[tuple[Value, ...], int] = {}
        for number, row in enumerate(rows):
            if row is None:
                continue
            key = self.kind.key_of(row)
            if key in first:
                twice = {"first": self._number(first[key])}
                self._at("table-double-key", number, self.kind.key[-1], twice, value=self._told(key))
            elif not self.kind.may_grow and key not in wanted:
                self._at("table-unknown-key", number, self.kind.key[-1], value=self._told(key))
            first.setdefault(key, number)
        if self.kind.may_grow or None in rows or not rows:
            return
        for row in self.kind.defaults:
            if self.kind.key_of(row) not in first:
                field = self._called(self.kind.key[-1])
                self._say("table-missing-row", field=field, value=self._told(self.kind.key_of(row)))

    def _tell(self, fault: RowFault | TableFault) -> None:
        params = {name: self._in_words(name, value) for name, value in fault.params.items()}
        if isinstance(fault, TableFault):
            field = self._called(fault.column)
            self.faults.append(Fault(fault.code, self.kind.name, self.given.file, field=field, params=params))
        else:
            self._at(fault.code, fault.row, fault.column, params)

    def _in_words(self, name: str, value: Param) -> Param:
        """Return codes of a column, one or several with 、 between them, as people read them."""
        if not isinstance(value, str) or all(column.name != name for column in self.kind.columns):
            return value
        return "、".join(self.words.word(name, code) for code in value.split("、"))

    def _told(self, key: tuple[Value, ...]) -> str:
        return " · ".join(self.words.word(name, value) for name, value in zip(self.kind.key, key, strict=True))

    def _called(self, column: str) -> str:
        return self.given.headings.get(column) or (self.words.heading(column) if self.given.file else column)

    def _number(self, number: int) -> int:
        return number + 1 if self.given.numbers is None else self.given.numbers[number]

    def _at(
        self, code: str, number: int, column: str, params: Mapping[str, Param] | None = None, *, value: str = ""
    ) -> None:
        found = self.given.rows[number].get(column)
        shown = value or ("" if found is None else str(found)[:_SHOWN])
        self._say(code, row=self._number(number), field=self._called(column), value=shown, **(params or {}))

    def _say(self, code: str, *, row: int | None = None, field: str = "", value: str = "", **params: Param) -> None:
        self.faults.append(Fault(code, self.kind.name, self.given.file, row, field, value, params=params))
