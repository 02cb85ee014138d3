"""A batch taken in: every row checked, then all of them stored, some hundred in a transaction; or none and why."""

from __future__ import annotations

import contextlib
import secrets
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from api.actions.case_files.batch_places import Places
from api.actions.case_files.batch_rows import BatchReader, BatchRow
from api.actions.cases.report import NO_COUNTY, Report, events_of_report
from api.actions.cases.timetables import timetable_of
from api.actions.open_county import OpenCounty
from api.actions.table_changes import safe_name
from api.actions.who_answers import cell_at
from gis.crs import to_wgs84
from gis.faults import Fault, FaultsError
from layers.records.audit import Act, Actor
from layers.records.bulk.writing import CaseBatches, batches
from layers.records.case_texts import text_field
from layers.records.database import Database
from layers.records.new_cases import NewCase
from layers.sources.tables.edited_table import AboutWords, EditedTable, read_edited_table
from maps.catalogue import Lang
from maps.report.table_workbook import about_labels, about_sheets
from maps.table_words import table_words
from planning.incidents.bulk.history import HISTORY, past_events
from planning.incidents.bulk.sheet import BATCH
from planning.incidents.events import IncidentEvent, incident_id, reported
from planning.incidents.moves import CLOCK_DATA
from planning.incidents.states import apply
from planning.incidents.timetable import Timetable
from planning.incidents.timing import timed
from planning.tables.in_force import Tables

IMPORTED = "incident.imported"


@dataclass(frozen=True)
class TakenIn:
    """What a file did.

    Parameters
    ----------
    rows
        That it holds.
    created
        Cases that are new; the others were there under their keys.
    """

    rows: int
    created: int


@dataclass(frozen=True)
class Office:
    """With what a batch is read and stored.

    Parameters
    ----------
    at_hand
        ``None`` while no county can be read.
    database
    tables
        In force.
    actor
    now
    lang
        In which headings are named that are missing.
    """

    at_hand: OpenCounty | None
    database: Database
    tables: Tables
    actor: Actor
    now: datetime
    lang: Lang


def take_in_batch(office: Office, content: bytes, name: str) -> TakenIn:
    """Take in a table of cases.

    Parameters
    ----------
    office
    content
    name
        Of the file, as people know it; its ending says what it is.

    Raises
    ------
    FaultsError
        With everything that is wrong, each with row and column; then nothing was stored.
    """
    words = table_words(BATCH, office.lang, names={"incident.category": office.tables.category_names})
    with tempfile.TemporaryDirectory(prefix="countygrid-batch-") as folder:
        path = Path(folder) / safe_name(name, BATCH)
        path.write_bytes(content)
        read = read_edited_table(path, BATCH, words=words, about=AboutWords(about_sheets(), about_labels()))
    read = _called(read, name)
    rows, faults = BatchReader(Places(office.at_hand), office.tables, words, office.now).read(read.given)
    store = CaseBatches(office.database)
    known = store.known([row.key for row in rows])
    faults += [
        Fault("idempotency-conflict", "", read.given.file, row.number, words.heading("key"), row.key)
        for row in rows
        if row.key in known and row.category not in known[row.key].categories
    ]
    if faults:
        raise FaultsError(sorted(faults, key=lambda fault: fault.row or 0))
    fresh = [row for row in rows if row.key not in known]
    return TakenIn(len(rows), _store(office, store, fresh, read.given.file))


def _called(read: EditedTable, name: str) -> EditedTable:
    return replace(read, given=replace(read.given, file=name or read.given.file))


def _store(office: Office, store: CaseBatches, rows: Sequence[BatchRow], file: str) -> int:
    act = Act(office.actor, IMPORTED, "incident", detail={"file": file[:100]})
    return sum(store.write(batch, act=act) for batch in batches(_cases(office, rows)))


def _cases(office: Office, rows: Sequence[BatchRow]) -> Iterator[NewCase]:
    timetable = timetable_of(office.tables)
    for row in rows:
        texts = {text_field(1): row.text, "name": row.name, "phone": row.phone}
        yield NewCase(row.key, _events(office, row, timetable), texts)


def _events(office: Office, row: BatchRow, timetable: Timetable) -> list[IncidentEvent]:
    """Return the events of a row: of the past as it tells, else reported then and assigned now."""
    reported_at = row.reported_at or office.now
    name = incident_id(reported_at, suffix=secrets.token_hex(4))
    if row.past.begun():
        return past_events(_past_report(office, row, reported_at, name), row.past, timetable=timetable)
    report = Report(
        row.category,
        row.lon,
        row.lat,
        row.key,
        datum=row.datum,
        text=row.text,
        severity=row.severity,
        subcategory=row.subcategory,
        channel="hotline",
    )
    events = events_of_report(office.at_hand, report, actor=office.actor, now=office.now, tables=office.tables)
    first = _bare(events[0], at=reported_at)
    return _timed_anew([replace(first, payload={**first.payload, "id": name}), *events[1:]], timetable)


def _past_report(office: Office, row: BatchRow, at: datetime, name: str) -> IncidentEvent:
    lon, lat = (float(value) for value in to_wgs84(row.lon, row.lat, datum=row.datum))
    at_hand, cell = office.at_hand, None
    with contextlib.suppress(FaultsError):
        cell = cell_at(at_hand, lon, lat) if at_hand is not None else None
    further = {"subcategory": row.subcategory, "actor": office.actor.account_id}
    return reported(
        name,
        at=at,
        category=row.category,
        lon=lon,
        lat=lat,
        cell=cell.code if cell else None,
        county_version=at_hand.county.version if at_hand else NO_COUNTY,
        township=cell.township_id if cell else None,
        severity=row.severity,
        channel=HISTORY,
        **{key: value for key, value in further.items() if value is not None},
    )


def _bare(event: IncidentEvent, *, at: datetime) -> IncidentEvent:
    """Return an event at another instant, without the clocks that counted from its own."""
    payload = {name: value for name, value in event.payload.items() if name not in CLOCK_DATA}
    return replace(event, at=at, payload=payload)


def _timed_anew(events: Sequence[IncidentEvent], timetable: Timetable) -> list[IncidentEvent]:
    case, told = None, []
    for event in events:
        told.append(timed(case, _bare(event, at=event.at), timetable=timetable))
        case = apply(case, told[-1])
    return told
