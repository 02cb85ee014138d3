"""The pass by two processes, one killed between: each warning and each climb once, with its messages."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

from acts import REPORTED
from case_lives import REPORT
from sqlalchemy import select

from api.actions.cases.escalating import Resting, escalate_due
from api.actions.cases.passing import ESCALATE, LATE_AFTER
from api.actions.cases.timetables import timetable_of
from api.health import _clocks as clocks_part
from layers.records.audit import THE_SERVICE
from layers.records.case_wakes import wakes_next, waking
from layers.records.database import Database, open_database
from layers.records.incidents import IncidentStore
from layers.records.message_tables import outbox
from layers.records.tables import audit, incident_event
from layers.records.ticker import Ticker
from planning.incidents.events import IncidentEvent
from planning.incidents.states import apply, replay
from planning.incidents.timing import timed
from planning.tables.in_force import DEFAULTS

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
LATE = NINE + timedelta(days=1)
"""Nine on Tuesday: four hours of duty have passed, and what nobody has accepted is overdue."""
TIMETABLE = timetable_of(DEFAULTS)


def report(store: IncidentStore, name: str, *, when: datetime = NINE) -> None:
    first = {**REPORT, "id": name, "category": "livelihood", "post": "service"}
    to_worker = {"assignee_id": "w-1", "level": "grid", "role": "A", "rule": "r", "reason": "x", "post": "service"}
    case, events = None, []
    for kind, data in (("reported", first), ("assigned", to_worker)):
        event = timed(case, IncidentEvent(len(events) + 1, kind, when, data), timetable=TIMETABLE)
        case = apply(case, event)
        events.append(event)
    store.report(events, idempotency_key=name, act=REPORTED)


def the_pass(database: Database, now: datetime, *, resting: Resting | None = None) -> list[str]:
    store = IncidentStore(database, channels=["webhook"])
    done = escalate_due(database, store, timetable=TIMETABLE, actor=THE_SERVICE, now=now, resting=resting)
    return [f"{one.case.id} {one.move.data.get('to_level', one.move.kind)}" for one in done]


def test_the_second_pass_changes_nothing(database):
    store = IncidentStore(database, channels=["webhook"])
    report(store, "c-1")
    report(store, "c-2", when=LATE)
    assert the_pass(database, NINE) == []
    assert the_pass(database, LATE) == ["c-1 warned", "c-1 village"]
    with database.reading() as connection:
        kept = connection.execute(select(outbox)).all(), connection.execute(select(incident_event)).all()
    assert the_pass(database, LATE) == []
    with database.reading() as connection:
        assert kept == (connection.execute(select(outbox)).all(), connection.execute(select(incident_event)).all())
        acts = connection.scalars(select(audit.c.action).order_by(audit.c.pos)).all()
    assert acts.count("incident.escalated") == acts.count("incident.warned") == 1
    told = Counter((row.template, row.to_ref) for row in kept[0] if row.data["case"] == "c-1")
    assert told == {
        ("overdue", "person:w-1"): 1,
        ("overdue", "desk:grid:"): 1,
        ("overdue", "desk:village:"): 1,
    }


def test_what_falls_due_at_night_is_not_read_again_and_again(database, monkeypatch):
    store = IncidentStore(database)
    report(store, "c-1", when=NINE + timedelta(hours=5))  # 14:00: due at 18:00, the close of duty
    night = NINE + timedelta(hours=11)
    resting, reads = Resting(), []
    monkeypatch.setattr(
        IncidentStore, "get", lambda self, name, get=IncidentStore.get: reads.append(name) or get(self, name)
    )
    for _ in range(3):
        assert the_pass(database, night, resting=resting) == []
    assert reads == ["c-1"]
    assert list(waking(database, now=night)) == [("c-1", 2)]
    assert the_pass(database, NINE + timedelta(hours=23, minutes=30), resting=resting) == ["c-1 warned", "c-1 village"]
    following = wakes_next(database, now=NINE + timedelta(hours=24))
    assert following == replay(store.events("c-1")).climbs_at


def test_every_case_is_found_however_many_wake_in_one_instant(database, monkeypatch):
    monkeypatch.setattr("layers.records.case_wakes._AT_A_TIME", 3)
    for n in range(8):
        report(IncidentStore(database), f"c-{n}")
    assert [name for name, _ in waking(database, now=LATE)] == [f"c-{n}" for n in range(8)]


def test_clocks_that_nobody_looks_at_are_told(database):
    at_work = SimpleNamespace(database=SimpleNamespace(get=lambda: database))
    young, old = (SimpleNamespace(age=LATE_AFTER + timedelta(seconds=n)) for n in (-1, 1))
    assert clocks_part(at_work, young)["state"] == "ok", "the first pass may be under way"
    assert clocks_part(at_work, old)["state"] == "late"
    ticker = Ticker(database, owner="me", lease=timedelta(minutes=1))
    assert ticker.begin(ESCALATE)
    assert clocks_part(at_work, old)["state"] == "late", "begun is not made"
    ticker.done(ESCALATE)
    assert clocks_part(at_work, old)["state"] == "ok"


_PASS = """
import os, sys
from datetime import datetime
sys.path[:0] = sys.argv[4:]
from test_escalating import TIMETABLE, THE_SERVICE, IncidentStore, escalate_due, open_database
database = open_database(sys.argv[1])
store = IncidentStore(database, channels=["webhook"])
now = datetime.fromisoformat(sys.argv[2])
for n, one in enumerate(escalate_due(database, store, timetable=TIMETABLE, actor=THE_SERVICE, now=now), start=1):
    print(one.case.id, one.move.key, flush=True)
    if n == int(sys.argv[3]):
        sys.stdin.read()  # until somebody ends this
"""


def test_two_processes_killed_between_make_each_move_once(database_url):
    database, root = open_database(database_url), Path(__file__).parents[2]
    store = IncidentStore(database, channels=["webhook"])
    for n in range(30):
        report(store, f"c-{n:02}")
    environment = {**os.environ, "PYTHONPATH": str(root)}

    def start(stops_after: int) -> subprocess.Popen:
        command = [sys.executable, "-c", _PASS, database_url, LATE.isoformat(), str(stops_after)]
        command += [str(root / "tests"), str(root / "tests" / "api")]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, text=True)

    killed, other = start(7), start(9)
    for process, lines in ((killed, 7), (other, 9)):
        assert all(process.stdout.readline() for _ in range(lines))
    os.kill(killed.pid, signal.SIGKILL)
    rest, _ = other.communicate(timeout=120)  # its input ends, and it goes on to the end
    assert (killed.wait(), other.returncode) == (-signal.SIGKILL, 0)
    killed.stdin.close()
    killed.stdout.close()
    assert rest
    the_pass(database, LATE)
    for n in range(30):
        kinds = [event.kind for event in store.events(f"c-{n:02}")]
        assert kinds == ["reported", "assigned", "warned", "escalated"]
    with database.reading() as connection:
        told = Counter(connection.scalars(select(outbox.c.dedup).where(outbox.c.template == "overdue")).all())
    assert len(told) == 30 * 3
    assert the_pass(database, LATE) == []
    database.close()
