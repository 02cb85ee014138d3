"""Deadlines worked out anew after calendar or duty hours have changed: once, and whom it moved is told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from acts import REPORTED
from callers import call
from case_lives import REPORT
from sqlalchemy import select

from api.actions.cases.passing import LEASE, recompute_if_changed
from api.actions.cases.recomputing import counted_by, recompute_open
from api.actions.cases.timetables import timetable_of
from api.settings import Settings
from layers.records.audit import THE_SERVICE
from layers.records.incidents import IncidentStore
from layers.records.message_tables import outbox
from layers.records.ticker import Ticker
from planning.incidents.events import IncidentEvent
from planning.incidents.states import apply, replay
from planning.incidents.timing import timed
from planning.tables.in_force import DEFAULTS, Edition, Tables
from planning.tables.registry import TABLES

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""Nine in China, on a Monday."""
TUESDAY_OFF = {"day": "2026-03-03", "kind": "holiday", "name": "", "basis": ""}


def report(store, name):
    first = {**REPORT, "id": name, "category": "livelihood", "post": "service"}
    to_worker = {"assignee_id": "w-1", "level": "grid", "role": "A", "rule": "r", "reason": "x", "post": "service"}
    case, events = None, []
    for kind, data in (("reported", first), ("assigned", to_worker)):
        events.append(timed(case, IncidentEvent(len(events) + 1, kind, NINE, data), timetable=timetable_of(DEFAULTS)))
        case = apply(case, events[-1])
    store.report(events, idempotency_key=name, act=REPORTED)


def with_rows(kind, *rows):
    return Tables({kind: Edition(kind, 1, rows, TABLES[kind].sha_of(rows))})


def recompute(database, tables, *, now=NINE):
    store = IncidentStore(database, channels=["webhook"])
    moved = recompute_open(database, store, tables=tables, timetable=timetable_of(tables), actor=THE_SERVICE, now=now)
    return {case.id: case for case in moved}


def told(database):
    with database.reading() as connection:
        rows = connection.execute(select(outbox).where(outbox.c.template == "recomputed")).all()
    return sorted(row.to_ref for row in rows)


def test_a_day_off_more_moves_what_is_counted_over_it_and_a_second_pass_changes_nothing(database):
    store = IncidentStore(database, channels=["webhook"])
    report(store, "c-1")
    before = store.get("c-1")
    tables = with_rows("calendar", TUESDAY_OFF)
    moved = recompute(database, tables)
    assert set(moved) == {"c-1"}
    case = store.get("c-1")
    assert case == moved["c-1"] == replay(store.events("c-1"))
    assert case.due_at - before.due_at == timedelta(days=1)  # two working days: Thursday instead of Wednesday
    assert case.clock.due_at == before.clock.due_at  # four hours of Monday
    assert store.events("c-1")[-1].payload["tables"] == {"calendar": 1, "duty-hours": 0}
    assert told(database) == ["desk:grid:", "person:w-1"]
    assert recompute(database, tables) == {}
    assert len(told(database)) == 2


def test_shorter_duty_moves_the_step_and_its_warning_and_back_again(database):
    store = IncidentStore(database)
    report(store, "c-1")
    before = store.get("c-1")
    tables = with_rows("duty-hours", {"from": "09:00", "to": "11:00", "basis": ""})
    moved = recompute(database, tables)["c-1"]
    assert moved.clock.due_at == NINE + timedelta(days=1, hours=2)  # two hours of Monday, two of Tuesday
    assert moved.clock.warn_at == NINE + timedelta(days=1, hours=1)
    back = recompute(database, DEFAULTS)["c-1"]
    assert (back.clock, back.due_at) == (before.clock, before.due_at)


@pytest.mark.parametrize(
    "moves",
    [
        [("pause", {"reason": "weather"})],
        [("void", {"reason": "test"})],
    ],
    ids=["paused", "ended"],
)
def test_what_rests_or_has_ended_is_left_alone(database, moves):
    store = IncidentStore(database)
    report(store, "c-1")
    case = store.get("c-1")
    kinds = {"pause": "paused", "void": "voided"}
    for move, data in moves:
        about = {"actor": "a-1", "post": "county-desk", **data}
        event = timed(case, IncidentEvent(3, kinds[move], NINE, about), timetable=timetable_of(DEFAULTS))
        store.append("c-1", [event], expected_seq=2, act=REPORTED)
    assert recompute(database, with_rows("calendar", TUESDAY_OFF)) == {}


def test_the_mark_is_another_one_for_other_tables_and_the_same_for_tables_that_count_nothing():
    today = date(2026, 11, 30)
    same = counted_by(DEFAULTS, today=today)
    rooms = with_rows("rooms", *TABLES["rooms"].defaults[:1])
    assert counted_by(rooms, today=today) == same > 0
    others = [with_rows("calendar", TUESDAY_OFF), with_rows("duty-hours", *TABLES["duty-hours"].defaults[:1])]
    assert len({same, *(counted_by(one, today=today) for one in others)}) == 3
    assert counted_by(DEFAULTS, today=date(2020, 1, 1)) != same


def test_the_service_does_it_by_itself_once_a_table_is_saved(toy_data, tmp_path):
    with call(Settings(data=toy_data, database_url=f"sqlite:///{tmp_path / 'app.sqlite'}")) as client:
        at_work = client.app.state.workplace
        report(at_work.incidents, "c-1")
        body = {"rows": [dict(TUESDAY_OFF), *TABLES["calendar"].defaults], "expected_version": 0}
        assert client.put("/api/tables/calendar", json=body).status_code == 200
        ticker = Ticker(at_work.database.get(), owner="test", lease=LEASE)
        for _ in range(2):  # the thread of the service may have been faster
            recompute_if_changed(at_work, ticker, actor=THE_SERVICE)
        events = at_work.incidents.events("c-1")
        assert [event.kind for event in events].count("recomputed") == 1
        assert at_work.incidents.get("c-1").due_at == datetime(2026, 3, 5, 10, tzinfo=UTC)
