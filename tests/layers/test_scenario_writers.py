"""Many who save one scenario at once, and kill -9 while they do: no revision is lost, none is half there."""

from __future__ import annotations

import itertools
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import NamedTuple

from scenario_rows import ACT, OWNER, acts, content, content_id, new
from sqlalchemy import select, text

from layers.records.database import Database, open_database
from layers.records.scenario import ScenarioMovedOnError, ScenarioRevision, Viewer
from layers.records.scenario_revisions import RevisionStore
from layers.records.scenarios import ScenarioStore
from layers.records.tables import scenario_revision

ROOT = Path(__file__).parents[2]
KILLS = 4
SAVE = """
import itertools, sys, threading
sys.path.insert(0, "tests")
from scenario_rows import ACT, content
from layers.records.database import open_database
from layers.records.scenario import ScenarioMovedOnError
from layers.records.scenario_revisions import RevisionStore

url, scenario_id, name, threads, most = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])
store = RevisionStore(open_database(url))

def save(thread):
    seen = store.revision(scenario_id).n
    for number in range(most):
        number += 10**6 * (10 * name + thread)
        try:
            seen = kept = store.save(scenario_id, content(number), expected=seen, act=ACT).revision.n
        except ScenarioMovedOnError as moved:
            seen, kept = moved.head.n, moved.kept
        sys.stdout.write(f"{kept} {number}\\n")
        sys.stdout.flush()

print("ready", flush=True)
sys.stdin.readline()
for thread in range(threads):
    threading.Thread(target=save, args=(thread,)).start()
"""


def start(url: str, scenario_id: str, name: int, *, threads: int, most: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", SAVE, url, scenario_id, *map(str, (name, threads, most))]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def rows_of(database: Database, scenario_id: str) -> dict[int, ScenarioRevision]:
    mine = select(scenario_revision).where(scenario_revision.c.scenario_id == scenario_id)
    with database.reading() as connection:
        return {row.n: ScenarioRevision(**row._mapping) for row in connection.execute(mine)}


def sound_rows(database: Database, scenario_id: str) -> dict[int, ScenarioRevision]:
    """Return all revisions, none of them half there: numbered without gaps, a tree, each with its whole content."""
    rows = rows_of(database, scenario_id)
    assert set(rows) == set(range(1, len(rows) + 1))
    for n, one in rows.items():
        assert one.parent is None if n == 1 else (one.parent is not None and one.parent < n)
        number = one.body["question"]["p"]
        assert (one.body, one.content_id) == (content(number).body, content_id(number))
    scenario = ScenarioStore(database).get(scenario_id, Viewer(OWNER))
    assert scenario is not None
    head = rows[scenario.head]
    assert scenario.county_version == head.county_version
    way = {head.n}
    while head.parent is not None:
        head = rows[head.parent]
        way.add(head.n)
    assert way == {n for n, one in rows.items() if not one.is_aside}  # whoever won stands on the way to the head
    assert len(acts(database)) == len(rows)
    return rows


class Came(NamedTuple):
    """What came of a save: the number of the revision that counts, and of the one that holds what was saved."""

    head: int
    kept: int | None


def save(store: RevisionStore, scenario_id: str, number: int, *, expected: int) -> Came:
    try:
        n = store.save(scenario_id, content(number), expected=expected, act=ACT).revision.n
    except ScenarioMovedOnError as moved:
        return Came(moved.head.n, moved.kept)
    return Came(n, n)


def test_of_threads_that_save_at_once_none_is_lost(database: Database) -> None:
    made, store = ScenarioStore(database).create(new(), act=ACT), RevisionStore(database)
    ready = Barrier(8)

    def save_eight(thread: int) -> dict[int, Came]:
        ready.wait()
        came, seen = {}, 1
        for number in range(1000 * thread, 1000 * thread + 8):
            came[number] = save(store, made.id, number, expected=seen)
            assert came[number].head != seen
            seen = came[number].head
        return came

    with ThreadPoolExecutor(8) as pool:
        came = {number: one for part in pool.map(save_eight, range(1, 9)) for number, one in part.items()}
    rows = sound_rows(database, made.id)
    assert len(rows) == 1 + 64
    assert {one.kept: content_id(number) for number, one in came.items()} == {
        n: one.content_id for n, one in rows.items() if n > 1
    }
    assert {one.kept for one in came.values() if one.kept != one.head} == {n for n in rows if rows[n].is_aside} != set()


def test_of_processes_that_save_at_once_none_is_lost(database: Database, database_url: str) -> None:
    made = ScenarioStore(database).create(new(), act=ACT)
    processes = [start(database_url, made.id, name, threads=2, most=15) for name in range(1, 4)]
    for process in processes:
        go(process)
    told: dict[int, int] = {}
    for process in processes:
        lines = process.communicate()[0].splitlines()
        assert process.returncode == 0
        assert len(lines) == 30
        told |= {int(kept): int(number) for kept, number in map(str.split, lines)}
    rows = sound_rows(database, made.id)
    assert {n: one.body["question"]["p"] for n, one in rows.items() if n > 1} == told
    assert len(told) == 90


def test_two_who_save_the_first_change_at_once_are_both_kept(database: Database) -> None:
    store = RevisionStore(database)
    for _ in range(10):
        made, ready = ScenarioStore(database).create(new(), act=ACT), Barrier(2)

        def save_once(number: int, scenario_id: str = made.id, ready: Barrier = ready) -> Came:
            ready.wait()
            return save(store, scenario_id, number, expected=1)

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(save_once, (1, 2))) == [Came(2, 2), Came(2, 3)]
        assert len(rows_of(database, made.id)) == 3


def test_killed_in_the_middle_of_saves_nothing_acknowledged_is_lost_and_nothing_half_there(
    database: Database, database_url: str
) -> None:
    made, draw = ScenarioStore(database).create(new(), act=ACT), random.Random(9)
    told: dict[int, int] = {}
    for turn in range(1, KILLS + 1):
        process = start(database_url, made.id, turn, threads=3, most=10**5)
        assert process.stdout is not None
        go(process)
        lines = list(itertools.islice(process.stdout, draw.randrange(5, 60)))
        process.kill()
        lines += process.stdout.readlines()
        process.communicate()
        told |= {int(kept): int(number) for kept, number in (one.split() for one in lines if one.endswith("\n"))}
        again = open_database(database_url)
        rows = sound_rows(again, made.id)
        assert told.items() <= {n: one.body["question"]["p"] for n, one in rows.items()}.items()
        if again.engine.dialect.name == "sqlite":
            with again.reading() as connection:
                assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
        again.close()
    head = RevisionStore(database).revision(made.id).n
    assert RevisionStore(database).save(made.id, content(1), expected=head, act=ACT).is_new
