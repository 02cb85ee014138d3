"""The rows of a batch, held against the county and the calendar: every fault with its row and column."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import cast

from api.actions.case_files.batch_places import Places
from gis.crs import DATUMS, Datum
from gis.faults import Fault, FaultsError, Param
from layers.sources.files import closest
from planning.incidents.bulk.history import Past
from planning.incidents.bulk.moments import read_moment
from planning.incidents.bulk.sheet import BATCH, INSTANTS, OUTCOMES, SEVERITIES
from planning.incidents.description import clean_text
from planning.incidents.events import Severity
from planning.tables.cells import read_cell
from planning.tables.checking import GivenTable
from planning.tables.faults import CellFault
from planning.tables.in_force import Tables
from planning.tables.words import TableWords

_PHONE = re.compile(r"[0-9+()\- ]*")
_NUMBER = re.compile(r"[+-]?\d{1,3}(\.\d{1,15})?")
_SHOWN = 80


@dataclass(frozen=True)
class BatchRow:
    """A row that is sound.

    Parameters
    ----------
    number
        Row of the file.
    key, category, subcategory, severity
    lon, lat
        Degrees, as given.
    datum
        Theirs.
    text, name, phone
    reported_at
        Aware; ``None`` for now.
    past
        What is told of it, where it is of the past.
    """

    number: int
    key: str
    category: str
    subcategory: str | None
    severity: Severity
    lon: float
    lat: float
    datum: Datum
    text: str
    name: str
    phone: str
    reported_at: datetime | None
    past: Past


@dataclass(frozen=True)
class BatchReader:
    """Reads rows.

    Parameters
    ----------
    places
        Where villages are.
    tables
        In force.
    words
        What people write in place of codes.
    now
        Nothing of a batch is later.
    """

    places: Places
    tables: Tables
    words: TableWords
    now: datetime

    def read(self, given: GivenTable) -> tuple[list[BatchRow], list[Fault]]:
        """Return the rows of a file that are sound, and everything that is wrong with the others."""
        faults = list(given.faults)
        rows: list[BatchRow] = []
        first: dict[str, int] = {}
        for column in ("key", "category"):
            if column not in given.headings:
                told: dict[str, Param] = {"columns": "、".join(given.headings.values()) or "—"}
                fault = Fault("table-missing-column", "", given.file, field=self.words.heading(column))
                faults.append(_with(fault, told))
        for number, cells in zip(given.numbers or range(1, len(given.rows) + 1), given.rows, strict=True):
            found = _Row(self, given, number, cells)
            row = found.read()
            if row is not None and row.key in first:
                found.say("table-double-key", "key", {"first": first[row.key]})
            if row is not None:
                first.setdefault(row.key, number)
            faults += found.faults
            if row is not None and not found.faults:
                rows.append(row)
        if not given.rows:
            faults.append(Fault("table-empty", "", given.file))
        return rows, faults


class _Row:
    """One row on its way: what it says, and what is wrong with it."""

    def __init__(self, by: BatchReader, given: GivenTable, number: int, cells: Mapping[str, object]) -> None:
        self.by, self.given, self.number, self.cells = by, given, number, cells
        self.faults: list[Fault] = []
        self.values: dict[str, str] = {}

    def say(self, code: str, column: str, params: Mapping[str, Param] | None = None) -> None:
        """Tell a fault of a cell."""
        heading = self.given.headings.get(column) or self.by.words.heading(column)
        value = str(self.cells.get(column) or "")[:_SHOWN]
        fault = Fault(code, "", self.given.file, self.number, heading, value)
        self.faults.append(_with(fault, params or {}))

    def read(self) -> BatchRow | None:
        """Return the row, ``None`` if something of it cannot be read."""
        for column in BATCH.columns:
            if column.name in self.given.headings or column.is_optional:
                try:
                    self.values[column.name] = str(read_cell(column, self.cells.get(column.name), self.by.words))
                except CellFault as fault:
                    self.say(fault.code, column.name, fault.params)
        if not {"key", "category"} <= set(self.values):
            return None
        self._one_of("severity", SEVERITIES)
        self._one_of("outcome", OUTCOMES)
        self._subcategory()
        place, moments = self._place(), self._moments()
        text = self._text()
        if self.faults or place is None:
            return None
        value = self.values
        accepted, arrived, handled, closed = (moments.get(name) for name in INSTANTS)
        past = Past(
            accepted,
            arrived,
            handled,
            closed,
            outcome=value["outcome"] or "solved",
            has_person=bool(value["name"] or value["phone"]),
        )
        severity = cast("Severity", value["severity"] or self._usual_severity())
        return BatchRow(
            self.number, value["key"], value["category"], value["subcategory"] or None, severity, *place,
            text, value["name"], value["phone"], moments.get("reported_at"), past,
        )  # fmt: skip

    def _one_of(self, column: str, known: Sequence[str]) -> None:
        if self.values.get(column) and self.values[column] not in known:
            told = "、".join(self.by.words.word(column, code) for code in known)
            self.say("table-unknown-choice", column, {"known": told})

    def _usual_severity(self) -> str:
        kind = self.by.tables.subcategories.get(self.values["subcategory"])
        return kind.severity if kind else "normal"

    def _subcategory(self) -> None:
        """Find the small kind by its code or name, under the category of the row."""
        told = self.values.get("subcategory", "")
        mine = {
            code: one for code, one in self.by.tables.subcategories.items() if one.category == self.values["category"]
        }
        found = next((code for code, one in mine.items() if told in (code, *one.names.values())), None)
        if told and found is None:
            self.say(
                "table-unknown-choice", "subcategory", {"known": "、".join(one.names["zh"] for one in mine.values())}
            )
        self.values["subcategory"] = found or ""

    def _place(self) -> tuple[float, float, Datum] | None:
        """Return longitude, latitude and datum: as told, else those of the village."""
        lon, lat, village = (self.values.get(name, "") for name in ("lon", "lat", "village"))
        if lon or lat:
            return self._degrees(lon, lat)
        if not village:
            self.say("batch-no-place", "village")
            return None
        found = self.by.places.named(village)
        if len(found) != 1:
            near = closest(village, self.by.places.names()) if not found else ""
            told: dict[str, Param] = {"known": "、".join(one.words for one in found[:6]), "closest": near}
            self.say("batch-village-ambiguous" if found else "batch-village-unknown", "village", told)
            return None
        return found[0].lon, found[0].lat, "WGS84"

    def _degrees(self, lon: str, lat: str) -> tuple[float, float, Datum] | None:
        datum = (self.values.get("datum") or "WGS84").upper().replace("-", "")
        if datum not in DATUMS:
            self.say("table-unknown-choice", "datum", {"known": "、".join(DATUMS)})
        degrees = []
        for column, told, largest in (("lon", lon, 180.0), ("lat", lat, 90.0)):
            if not _NUMBER.fullmatch(told):
                self.say("table-not-a-number" if told else "table-missing-value", column)
            elif abs(float(told)) > largest:
                self.say("position-off-earth", column, {"limit": largest})
            else:
                degrees.append(float(told))
        return (degrees[0], degrees[1], datum) if len(degrees) == 2 and datum in DATUMS else None

    def _moments(self) -> dict[str, datetime]:
        """Return the instants, in their order or told that they are not."""
        found: dict[str, datetime] = {}
        for column in ("reported_at", *INSTANTS):
            if not (told := self.values.get(column)):
                continue
            moment = read_moment(told)
            if moment is None:
                self.say("batch-not-an-instant", column)
            elif moment > self.by.now:
                self.say("batch-in-the-future", column)
            else:
                found[column] = moment
        if set(found) & set(INSTANTS) and not self.values.get("reported_at"):
            self.say("table-missing-value", "reported_at")
        for (earlier, first), (later, second) in pairwise(found.items()):
            if second < first:
                self.say("batch-out-of-order", later, {"before": self.by.words.heading(earlier)})
        return found

    def _text(self) -> str:
        phone = self.values.get("phone", "")
        if not _PHONE.fullmatch(phone):
            self.say("batch-bad-phone", "phone")
        try:
            return clean_text(self.values.get("text", ""))
        except FaultsError as error:
            for one in error.faults:
                self.say(one.code, "text", one.params)
            return ""


def _with(fault: Fault, params: Mapping[str, Param]) -> Fault:
    return Fault(fault.code, fault.layer, fault.file, fault.row, fault.field, fault.value, params=params)
