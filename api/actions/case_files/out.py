"""Cases taken out: line by line with everything that happened, or as a table with one row a case."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from layers.records.audit import Act, Actor, record
from layers.records.bulk.reading import StoredCase, stored_cases
from layers.records.case_texts import person_of, text_field, texts_of
from layers.records.database import Database
from layers.whole_files import replace_file
from maps.catalogue import Lang
from maps.report.long_workbook import write_long_workbook
from maps.report.table_workbook import TableFacts, table_workbook
from maps.table_words import table_words, title_of
from planning.incidents.bulk.lines import written_line
from planning.incidents.bulk.sheet import BATCH
from planning.incidents.clocks import CHINA_TIME
from planning.incidents.events import IncidentEvent
from planning.incidents.states import replay
from planning.tables.in_force import Tables

_WIDTH = 18
_BEGUN_ANEW = frozenset({"reopened", "returned", "assigned", "reassigned", "moved", "recategorised"})
"""From here on the instants of a case are others: a table has room for one of each."""
_KINDS = {"accepted": "accepted_at", "arrived": "arrived_at", "handled": "handled_at", "closed": "closed_at"}


def take_out(database: Database, file: Path, *, with_people: bool, actor: Actor, lang: Lang) -> int:
    """Write all cases to a file, ``.xlsx`` or lines, and return how many; that it was done is recorded.

    Parameters
    ----------
    database
    file
    with_people
        Whether what was said, and who said it, goes out too.
    actor
    lang
        Of a table's headings.
    """
    count = 0

    def lines(draft: Path) -> None:
        nonlocal count
        with draft.open("w", encoding="utf-8") as opened:
            for case, texts in _cases(database, with_people=with_people):
                opened.write(written_line(case.key, case.events, texts) + "\n")
                count += 1

    def table(draft: Path) -> None:
        nonlocal count
        words = table_words(BATCH, lang)
        columns = [column.name for column in BATCH.columns]
        found = _cases(database, with_people=with_people)
        rows = ([words.word(name, told[name]) for name in columns] for told in (_row(*one) for one in found))
        headings = [words.heading(name) for name in columns]
        title = title_of(BATCH.name, lang)
        count = write_long_workbook(draft, rows, name=title, headings=headings, widths=[_WIDTH] * len(headings))

    replace_file(file, table if file.suffix.lower() == ".xlsx" else lines)
    with database.writing() as connection:
        detail = {"count": count, "with_people": with_people}
        record(connection, Act(actor, "incident.exported", "incident", detail=detail))
    return count


def blank_batch(tables: Tables, *, lang: Lang) -> bytes:
    """Return the empty form of a batch as an .xlsx file, with a sheet that says what each column holds."""
    words = table_words(BATCH, lang, names={"incident.category": tables.category_names})
    return table_workbook(BATCH, [], TableFacts(0, BATCH.sha_of([])), words=words, lang=lang)


def _cases(database: Database, *, with_people: bool) -> Iterator[tuple[StoredCase, dict[str, str]]]:
    for batch in stored_cases(database):
        texts: dict[str, dict[str, str]] = {}
        if with_people:
            ids = [case.id for case in batch]
            with database.reading() as connection:
                for key, said in texts_of(connection, ids).items():
                    texts[key] = {text_field(seq): text for seq, text in said.items()}
                for key in ids:
                    texts.setdefault(key, {}).update(person_of(connection, key))
        yield from ((case, texts.get(case.id, {})) for case in batch)


def _row(stored: StoredCase, texts: dict[str, str]) -> dict[str, str]:
    """Return a case as a row of the table that an import reads."""
    case = replay(stored.events)
    told = {column.name: "" for column in BATCH.columns} | {
        "key": stored.key,
        "category": case.category,
        "subcategory": case.subcategory or "",
        "severity": case.severity,
        "lon": f"{case.lon:.6f}",
        "lat": f"{case.lat:.6f}",
        "datum": "WGS84",
        "text": texts.get(text_field(1), ""),
        "name": texts.get("name", ""),
        "phone": texts.get("phone", ""),
        "reported_at": _written(stored.events[0]),
    }
    for event in stored.events:
        if event.kind in _BEGUN_ANEW:
            told |= dict.fromkeys((*_KINDS.values(), "outcome"), "")
        if event.kind == "checked_bad":
            told |= {"handled_at": "", "outcome": ""}
        if event.kind in _KINDS:
            told[_KINDS[event.kind]] = _written(event)
        if event.kind == "handled":
            told["outcome"] = event.payload["outcome"]
    return told


def _written(event: IncidentEvent) -> str:
    return f"{event.at.astimezone(CHINA_TIME):%Y-%m-%d %H:%M:%S}"
