"""Cases by the hundred: stored once, as they stand by their events; only invented ones can leave again."""

from datetime import UTC, datetime, timedelta

import pytest
from case_lives import REPORT, event
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from api.actions.case_files.replayed import replay_all
from api.actions.cases.timetables import timetable_of
from layers.records.audit import COMMAND_LINE, Act
from layers.records.bulk.forgetting import examples_in_use, forget_examples, is_untouched
from layers.records.bulk.writing import CaseBatches, batches
from layers.records.incidents import IncidentStore
from layers.records.new_cases import NewCase
from planning.incidents.bulk.example import Spot
from planning.incidents.bulk.month import invented_month
from planning.tables.in_force import DEFAULTS

NOW = datetime(2026, 11, 30, 4, tzinfo=UTC)
ACT = Act(COMMAND_LINE, "incident.examples-added", "incident")
SPOTS = [Spot(116.8, 37.1, "371424100000001", "v1", "t1", ("w1", "w2")), Spot(117.0, 37.0)]


@pytest.fixture(scope="module")
def month():
    made = invented_month(
        SPOTS,
        seed=7,
        count=60,
        since=NOW - timedelta(days=30),
        until=NOW,
        county_version="v",
        timetable=timetable_of(DEFAULTS),
    )
    return [NewCase(one.key, one.events, {"text-1": one.text}) for one in made]


def stored(database, month):
    return sum(CaseBatches(database).write(batch, act=ACT) for batch in batches(iter(month)))


def test_a_batch_sent_twice_is_stored_once_and_each_row_says_what_its_events_do(database, month):
    assert (stored(database, month), stored(database, month)) == (60, 0)
    found = replay_all(database, now=NOW, actor=COMMAND_LINE)
    assert (found.is_sound, found.cases, found.events) == (True, 60, sum(len(one.events) for one in month))
    case = IncidentStore(database).get(month[0].events[0].payload["id"])
    assert case.version == len(month[0].events)
    with database.reading() as connection:
        places = connection.scalars(text("SELECT pos FROM incident_event ORDER BY pos")).all()
    assert places == list(range(1, found.events + 1))


def test_a_row_that_differs_from_its_events_is_found_and_mended(database, month):
    stored(database, month[:5])
    with database.writing() as connection:
        connection.execute(text("UPDATE incident SET state = 'opened', seq = 1 WHERE id LIKE '%-00003'"))
    found = replay_all(database, now=NOW, actor=COMMAND_LINE)
    assert {one.case[-5:] for one in found.differences} == {"00003"}
    assert not found.is_sound
    assert replay_all(database, now=NOW, actor=COMMAND_LINE, mends=True).mended == 1
    assert replay_all(database, now=NOW, actor=COMMAND_LINE).is_sound


def test_only_invented_cases_can_be_deleted(database, month):
    assert is_untouched(database)
    stored(database, month[:9])
    store = IncidentStore(database)
    store.report([event(None, "report", post="county-desk", **REPORT)], idempotency_key="real", act=ACT)
    for told in ("DELETE FROM incident_event WHERE incident_id = 'i-1'", "UPDATE incident_event SET seq = 99"):
        with pytest.raises(DBAPIError), database.writing() as connection:
            connection.execute(text(told))
    assert examples_in_use(database) == 0
    assert (forget_examples(database, act=ACT), forget_examples(database, act=ACT)) == (9, 0)
    assert store.get("i-1") is not None
    assert replay_all(database, now=NOW, actor=COMMAND_LINE).cases == 1
    assert not is_untouched(database)
    with database.reading() as connection:
        assert connection.scalar(text("SELECT count(*) FROM secret WHERE subject_kind = 'incident'")) == 0
