"""Answers in bulk: the queue as an Excel file, and back again, all of it or nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from api.actions.publications.published import Published
from api.actions.publications.queue import about_words, answer_fit, village_words
from api.actions.scenarios.visitor import Visitor
from api.actions.table_changes import safe_name
from gis.faults import Fault, FaultsError
from layers.records.audit import Act
from layers.records.hearings import HearingStore
from layers.records.remark import REMARK_STATES, Decision, Remark, RemarkFilter
from layers.sources.tables.edited_table import AboutWords, EditedTable, read_edited_table
from maps.catalogue import LANGS, Lang, text
from maps.report.table_workbook import TableFacts, about_labels, about_sheets, table_workbook
from maps.table_words import table_words
from planning.hearing.answers import ANSWERS, MOST_ROWS, READ_ONLY
from planning.hearing.homes import mask_homes
from planning.incidents.deadlines import CHINA_TIME
from planning.tables.checking import check_table
from planning.tables.definition import Row


@dataclass(frozen=True)
class Answered:
    """What a file did.

    Parameters
    ----------
    rows
        That it holds.
    changed
        Remarks whose state or answer is another now.
    """

    rows: int
    changed: int


def answers_out(who: Visitor, published: Published, wanted: RemarkFilter, *, lang: Lang) -> bytes:
    """Return remarks as an Excel file, the latest 5,000 at most; without names, telephones and homes.

    Parameters
    ----------
    who
    published
    wanted
    lang
    """
    slug = published.publication.slug
    found = HearingStore(who.at_work.database.get()).find(slug, wanted, limit=MOST_ROWS)
    rows = [{**_shown(published, one, lang), "remark": one.id, **_changeable(one)} for one in found]
    who.at_work.note(Act(who.actor, "remark.exported", "publication", slug, {"count": len(rows)}))
    facts = TableFacts(1, ANSWERS.sha_of(rows), None, published.publication.title)
    return table_workbook(ANSWERS, rows, facts, words=table_words(ANSWERS, lang), lang=lang)


def answers_in(who: Visitor, published: Published, content: bytes, name: str, *, lang: Lang) -> Answered:
    """Take in states and answers from such a file; what is as it was changes nothing.

    Parameters
    ----------
    who
    published
    content
    name
        Of the file, as people know it.
    lang
        In which headings are named that are missing.

    Raises
    ------
    FaultsError
        With everything that is wrong, each with row and column; then nothing was saved.
    """
    read, rows = _read(content, name, lang)
    store, slug = HearingStore(who.at_work.database.get()), published.publication.slug
    known = {one.id: one for one in store.find(slug, RemarkFilter())}
    numbers = read.given.numbers or range(1, len(rows) + 1)
    faults, decisions, lines = [], [], []
    for number, row in zip(numbers, rows, strict=True):
        found = list(_misfits(published, row, known.get(str(row["remark"])), read, number))
        faults += found
        if not found:
            decisions.append(_decision(row, known[str(row["remark"])]))
            lines.append(number)
    if faults:
        raise FaultsError(faults)
    try:
        changed = store.decide(slug, decisions, act=Act(who.actor, "remark.decided", "publication"))
    except FaultsError as error:  # somebody was faster than this file
        raise FaultsError(_in_lines(error.faults, lines, read)) from error
    who.at_work.published.forget(slug)
    return Answered(len(rows), len(changed))


def _read(content: bytes, name: str, lang: Lang) -> tuple[EditedTable, list[Row]]:
    words = table_words(ANSWERS, lang)
    with tempfile.TemporaryDirectory(prefix="countygrid-answers-") as folder:
        path = Path(folder) / safe_name(name, ANSWERS)
        path.write_bytes(content)
        read = read_edited_table(path, ANSWERS, words=words, about=AboutWords(about_sheets(), about_labels()))
    said = read.says.get("kind", "")
    if said and said != ANSWERS.name:
        raise FaultsError([Fault("answers-wrong-file", ANSWERS.name, name, value=said[:30])])
    given = replace(read.given, file=name or read.given.file)
    return replace(read, given=given), check_table(ANSWERS, given, words=words)


def _misfits(published: Published, row: Row, known: Remark | None, read: EditedTable, number: int) -> Iterator[Fault]:
    """Tell what of a row does not fit the remark that it names."""

    def fault(code: str, column: str, value: object) -> Fault:
        heading = read.given.headings.get(column, column)
        return Fault(code, ANSWERS.name, read.given.file, number, heading, str(value)[:80])

    if known is None:
        yield fault("unknown-remark", "remark", row["remark"])
        return
    if row["version"] != known.version:
        yield fault("remark-moved-on", "version", row["version"])
    languages = [_shown(published, known, lang) for lang in LANGS]
    for column in READ_ONLY:
        if all(_plain(row[column]) != _plain(one[column]) for one in languages):
            yield fault("answers-read-only", column, row[column])
    try:
        answer_fit(str(row["answer"]))
    except FaultsError as error:
        for one in error.faults:
            yield replace(fault(one.code, "answer", row["answer"]), params=one.params)


def _decision(row: Row, known: Remark) -> Decision:
    """Return what a row decides; an answer of several lines, which a cell holds as one, is left as it was."""
    answer = str(row["answer"])
    kept = known.answer if _plain(answer) == _plain(known.answer) else answer_fit(answer)
    state = next(one for one in REMARK_STATES if one == row["state"])
    return Decision(known.id, state, kept, known.version)


def _shown(published: Published, one: Remark, lang: Lang) -> dict[str, str]:
    """Return what a row says of a remark, which nobody changes there."""
    return {
        "at": f"{one.at.astimezone(CHINA_TIME):%Y-%m-%d %H:%M}",
        "about": about_words(published, one, lang),
        "village": village_words(published, one),
        "channel": text(lang, f"hearing.channel.{one.channel}"),
        "stance": text(lang, f"hearing.stance.{one.stance or 'none'}"),
        "text": mask_homes(one.text or ""),
    }


def _changeable(one: Remark) -> Mapping[str, str | int]:
    return {"version": one.version, "state": one.state, "answer": one.answer}


def _plain(value: object) -> str:
    return "".join(str(value).split())


def _in_lines(faults: Sequence[Fault], lines: Sequence[int], read: EditedTable) -> list[Fault]:
    """Return faults of decisions by the lines of the file that they stand in."""
    file = read.given.file
    return [replace(one, layer=ANSWERS.name, file=file, row=lines[one.row - 1] if one.row else None) for one in faults]
