"""Cases line by line (.jsonl): read twice, so that nothing is stored unless every line is sound, and little is held."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from api.actions.case_files.batch_in import IMPORTED, Office, TakenIn
from api.actions.cases.timetables import timetable_of
from gis.faults import Fault, FaultsError
from layers.records.audit import Act
from layers.records.bulk.writing import MOST_AT_ONCE, CaseBatches, batches
from layers.records.new_cases import NewCase
from planning.incidents.bulk.lines import LineCase, read_line

_LONGEST_LINE = 4_000_000
_MOST_TOLD = 1000
"""Faults that are told of one file."""


def take_in_lines(office: Office, file: Path) -> TakenIn:
    """Take in a file of lines.

    Parameters
    ----------
    office
    file

    Raises
    ------
    FaultsError
        With everything that is wrong, by line; then nothing was stored.
    """
    store = CaseBatches(office.database)
    rows = _examined(office, store, file)
    act = Act(office.actor, IMPORTED, "incident", detail={"file": file.name[:100]})
    cases = (NewCase(one.key, one.events, one.texts) for one in _cases(office, file))
    return TakenIn(rows, sum(store.write(batch, act=act) for batch in batches(cases)))


def _examined(office: Office, store: CaseBatches, file: Path) -> int:
    """Read every line once and return how many there are."""
    faults: list[Fault] = []
    first: dict[str, int] = {}
    ids: dict[str, int] = {}
    fresh: dict[str, tuple[int, LineCase]] = {}
    rows = 0
    for number, line in _lines(file):
        rows += 1
        try:
            case = _read(office, line)
        except FaultsError as error:
            faults += [replace(one, file=file.name, row=number) for one in error.faults]
        else:
            twice = next(
                (name for name, seen in (("key", first.get(case.key)), ("id", ids.get(_id(case)))) if seen), ""
            )
            if twice:
                told = {"first": first.get(case.key) or ids[_id(case)]}
                value = case.key if twice == "key" else _id(case)
                faults.append(Fault("table-double-key", "", file.name, number, twice, value, params=told))
            first[case.key] = ids[_id(case)] = number
            fresh[case.key] = (number, case)
        if len(fresh) == MOST_AT_ONCE:
            faults += _conflicts(store, fresh, file.name)
            fresh = {}
        if len(faults) >= _MOST_TOLD:
            break
    faults += _conflicts(store, fresh, file.name)
    if not rows:
        faults.append(Fault("table-empty", "", file.name))
    if faults:
        raise FaultsError(sorted(faults, key=lambda fault: fault.row or 0))
    return rows


def _conflicts(store: CaseBatches, cases: dict[str, tuple[int, LineCase]], file: str) -> Iterator[Fault]:
    """Yield the lines whose key, or whose id, belongs to another case that is there."""
    known, owners = store.known(cases), store.keys_of([_id(case) for _number, case in cases.values()])
    for key, (number, case) in cases.items():
        if key in known and case.events[0].payload["category"] not in known[key].categories:
            yield Fault("idempotency-conflict", "", file, number, "key", key)
        if owners.get(_id(case), key) != key:
            yield Fault("incident-id-taken", "", file, number, "id", _id(case))


def _id(case: LineCase) -> str:
    return str(case.events[0].payload["id"])


def _cases(office: Office, file: Path) -> Iterator[LineCase]:
    for _number, line in _lines(file):
        yield _read(office, line, is_checked=True)


def _read(office: Office, line: str, *, is_checked: bool = False) -> LineCase:
    if len(line) > _LONGEST_LINE:
        raise FaultsError([Fault("line-too-long", params={"limit": _LONGEST_LINE})])
    return read_line(line, timetable=timetable_of(office.tables), now=office.now, is_checked=is_checked)


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines that say something, with their numbers."""
    with file.open(encoding="utf-8-sig", errors="replace") as opened:
        number = 0
        while line := opened.readline(_LONGEST_LINE + 2):
            number += 1
            if line.strip():
                yield number, line
