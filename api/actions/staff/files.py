"""Posts and leave as Excel files: out, and back in as rows with everything that is wrong with them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from api.actions.staff.reading import told
from api.actions.table_changes import refuse_other_table, safe_name
from gis.faults import Fault, Param
from layers.sources.tables.edited_table import AboutWords, read_edited_table
from maps.catalogue import Lang
from maps.report.table_workbook import TableFacts, about_labels, about_sheets, table_workbook
from maps.table_words import table_words
from planning.tables.checking import GivenTable, examine_table
from planning.tables.definition import Row, RowFault, TableKind


@dataclass
class SentTable:
    """A file that was sent.

    Parameters
    ----------
    kind
    given
    rows
        With their numbers from 0; those of which a cell is wrong are left out.
    faults
        Of file and cells, and by and by those of the rows.
    says_version
        What the file says of itself, "" if nothing.
    """

    kind: TableKind
    given: GivenTable
    rows: Sequence[tuple[int, Row]]
    faults: list[Fault] = field(default_factory=list)
    says_version: str = ""

    def tell(self, faults: Iterable[RowFault]) -> None:
        """Add what is wrong with rows, each with its row and column in the file."""
        self.faults += told(faults, value=self._value, place=self._place)

    def version(self, current: int, expected: int | None) -> int:
        """Return the version that the file was made from; one that is not the current one is a fault."""
        params: Mapping[str, Param] = {"current": current}
        said = int(self.says_version) if self.says_version.isdecimal() and len(self.says_version) < 10 else None
        if said is None and expected is None:
            self._say("table-expected-version-missing", "", params)
        elif said is not None and said != current:
            self._say("table-older-version", self.says_version, params)
        return current if expected is None else expected

    def _say(self, code: str, value: str, params: Mapping[str, Param]) -> None:
        self.faults.append(Fault(code, self.kind.name, self.given.file, value=value, params=params))

    def _value(self, fault: RowFault) -> str:
        if fault.column == "phone":
            return "***"  # a number is never written into a log
        found = self.given.rows[fault.row].get(fault.column)
        return "" if found is None else str(found)

    def _place(self, fault: RowFault) -> Mapping[str, object]:
        numbers = self.given.numbers
        row = fault.row + 1 if numbers is None else numbers[fault.row]
        return {"row": row, "field": self.given.headings.get(fault.column, fault.column), "file": self.given.file}


def read_sent(kind: TableKind, content: bytes, name: str, *, lang: Lang) -> SentTable:
    """Read a file that was sent.

    Raises
    ------
    FaultsError
        If it cannot be read as a table at all, or says that it is another one.
    """
    words = table_words(kind, lang)
    with tempfile.TemporaryDirectory(prefix="countygrid-") as folder:
        path = Path(folder) / safe_name(name, kind)
        path.write_bytes(content)
        read = read_edited_table(path, kind, words=words, about=AboutWords(about_sheets(), about_labels()))
    refuse_other_table(kind, read, lang)
    rows, faults = examine_table(kind, read.given, words=words)
    return SentTable(kind, read.given, rows, faults, read.says.get("version", ""))


def as_file(kind: TableKind, rows: Sequence[Row], version: int, *, lang: Lang) -> bytes:
    """Return rows as an Excel file that says from which version it was made."""
    return table_workbook(kind, rows, TableFacts(version, kind.sha_of(rows)), words=table_words(kind, lang), lang=lang)
