"""Thirty thousand invented cases: written in batches, replayed, their ledger counted again by another program.

``python -m tests.benchmarks.bench_cases [COUNT]``; COUNTYGRID_TEST_DATABASE_URL names a PostgreSQL database in place of
a SQLite file. Exit 1 if a row differs from its events, or a minute is missing in any case.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from api.actions.case_files.replayed import replay_all
from api.actions.cases.timetables import timetable_of
from layers.records.audit import COMMAND_LINE, Act
from layers.records.bulk.reading import stored_cases
from layers.records.bulk.writing import CaseBatches, batches
from layers.records.database import Database, open_database, sqlite_url
from layers.records.new_cases import NewCase
from planning.incidents.bulk.example import Spot
from planning.incidents.bulk.month import invented_month
from planning.incidents.ledger import OWNERS, minutes
from planning.tables.in_force import DEFAULTS
from tests.time_counted import counted_again

T = TypeVar("T")
_NOW = datetime(2026, 11, 30, 4, tzinfo=UTC)
_SPOTS = [Spot(116.7 + n / 1000, 37.1, f"371424{n:09d}", f"v{n}", f"t{n % 12}", (f"a{n}", f"b{n}")) for n in range(857)]


def main() -> int:
    """Run it and return the exit code."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 30_000
    with tempfile.TemporaryDirectory(prefix="countygrid-cases-") as folder:
        database = open_database(os.environ.get("COUNTYGRID_TEST_DATABASE_URL") or sqlite_url(Path(folder)))
        try:
            return _run(database, count)
        finally:
            database.close()


def _run(database: Database, count: int) -> int:
    cases = _timed("invented", lambda: list(_cases(count)))
    store, act = CaseBatches(database), Act(COMMAND_LINE, "incident.imported", "incident")
    new = _timed("written", lambda: sum(store.write(batch, act=act) for batch in batches(iter(cases))))
    found = _timed("replayed", lambda: replay_all(database, now=_NOW, actor=COMMAND_LINE))
    wrong = _timed("counted again", lambda: _wrong(database))
    print(f"{new} cases, {found.events} events; rows that differ: {len(found.differences)}; minutes wrong: {wrong}")
    return 0 if found.is_sound and not wrong else 1


def _cases(count: int) -> list[NewCase]:
    since = _NOW - timedelta(days=30)
    timetable = timetable_of(DEFAULTS)
    month = invented_month(
        _SPOTS, seed=1, count=count, since=since, until=_NOW, county_version="bench", timetable=timetable
    )
    return [NewCase(one.key, one.events, {"text-1": one.text}) for one in month]


def _wrong(database: Database) -> int:
    """Return in how many cases the ledger is not what the other program counts."""
    wrong = 0
    for batch in stored_cases(database):
        for case in batch:
            told = minutes(case.events, until=_NOW)
            again = counted_again([(event.kind, event.at) for event in case.events], _NOW)
            adds_up = sum(told.values()) == (_NOW - case.events[0].at) // timedelta(minutes=1)
            wrong += not (adds_up and all(abs(told[owner] * 60 - again[owner]) < 60 for owner in OWNERS))
    return wrong


def _timed(what: str, work: Callable[[], T]) -> T:
    wall, cpu = time.perf_counter(), time.process_time()
    done = work()
    print(f"{what}: {time.perf_counter() - wall:.1f} s, {time.process_time() - cpu:.1f} s of processor")
    return done


if __name__ == "__main__":
    raise SystemExit(main())
