from __future__ import annotations

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from acts import REPORTED
from newest_cases import newest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from gis.faults import FaultsError
from layers.records.conflicts import ConflictError
from layers.records.database import Database, open_database
from layers.records.incidents import IncidentStore
from layers.records.tables import incident as incident_table
from planning.incidents.case import Case
from planning.incidents.events import Assignment, IncidentEvent, assigned, reported
from planning.incidents.states import replay

NINE = datetime(2026, 3, 2, 1, 0, 0, 123456, tzinfo=UTC)
WORKER = Assignment("w-1", "grid", "A", "grid-worker-a", "a-on-duty", {"village_id": "371424001001"})
DESK = Assignment(None, "county", "desk", "county-desk", "outside-cells")


def _events(incident: str = "i-1", *, assignment: Assignment = WORKER, **changes: Any) -> list[IncidentEvent]:
    report: dict[str, Any] = {
        "at": NINE,
        "category": "traffic",
        "lon": 116.866701,
        "lat": 37.1,
        "cell": "371424001001001",
        "county_version": "v1",
    }
    return [reported(incident, **(report | changes)), _assigned(2, assignment)]


def _assigned(seq: int, assignment: Assignment) -> IncidentEvent:
    route_seconds = 240 if assignment.assignee_id else None
    return assigned(
        assignment,
        seq=seq,
        at=NINE + timedelta(minutes=seq),
        due_at=(NINE + timedelta(hours=9)).isoformat(),
        workdays=0,
        calendar="state-council",
        route_seconds=route_seconds,
    )


def _handed_over(seq: int) -> IncidentEvent:
    """Return the event by which a desk takes a case to itself."""
    data = {"assignee_id": None, "why": "urgent", "actor": "a-1", "post": "county-desk"}
    return IncidentEvent(seq, "reassigned", NINE + timedelta(minutes=seq), data)


def _at_once(task: Callable[[int], Any], *, count: int) -> list[Any]:
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(task, range(count)))


@pytest.fixture
def store(database: Database) -> IncidentStore:
    return IncidentStore(database)


@pytest.mark.parametrize("assignment", [WORKER, DESK])
def test_what_is_reported_is_read_back_exactly(store: IncidentStore, assignment: Assignment) -> None:
    events = _events(assignment=assignment)
    incident, created = store.report(events, idempotency_key="k-1", act=REPORTED)
    assert created
    assert store.events("i-1") == events
    assert store.get("i-1") == incident == replay(events)


def test_it_survives_closing_the_database(database: Database, database_url: str, store: IncidentStore) -> None:
    incident, _ = store.report(_events(), idempotency_key="k-1", act=REPORTED)
    database.close()
    again = open_database(database_url)
    assert IncidentStore(again).get("i-1") == incident
    again.close()


def test_stored_rows_equal_the_replayed_view(database: Database, store: IncidentStore) -> None:
    store.report(_events(), idempotency_key="k-1", act=REPORTED)
    store.report(_events("i-2", assignment=DESK, cell=None, lon=0.1 + 0.2), idempotency_key="k-2", act=REPORTED)
    with database.reading() as connection:
        rows = connection.execute(select(incident_table).order_by(incident_table.c.id)).all()
    views = [store.get("i-1"), store.get("i-2")]
    assert [(r.id, r.county_version, r.lon, r.lat, r.cell, r.created_at) for r in rows] == [
        (v.id, v.county_version, v.lon, v.lat, v.cell, v.reported_at) for v in views if v
    ]


def test_an_unknown_id_is_nothing(store: IncidentStore) -> None:
    assert store.get("no-such") is None
    assert store.events("no-such") == []


def test_the_same_key_again_returns_the_first_incident(store: IncidentStore) -> None:
    first, _ = store.report(_events("i-1"), idempotency_key="k-1", act=REPORTED)
    retry = _events("i-2", at=NINE + timedelta(minutes=1), county_version="v2", cell=None, assignment=DESK)
    assert store.report(retry, idempotency_key="k-1", act=REPORTED) == (first, False)
    assert store.get("i-2") is None


def test_the_same_key_sees_what_happened_since(store: IncidentStore) -> None:
    store.report(_events(), idempotency_key="k-1", act=REPORTED)
    moved, _ = store.append("i-1", [_handed_over(3)], expected_seq=2, act=REPORTED)
    assert store.report(_events("i-2"), idempotency_key="k-1", act=REPORTED) == (moved, False)


@pytest.mark.parametrize("change", [{"text": "x"}, {"category": "party"}, {"lon": 116.9}, {"lat": 37.2}])
def test_the_same_key_with_another_content_is_a_conflict(
    database: Database, store: IncidentStore, change: dict[str, Any]
) -> None:
    words = "路灯坏了\n“two” lamps 💡"
    said = {"text-1": change.get("text", words)}
    change = {name: value for name, value in change.items() if name != "text"}
    store.report(_events("i-1"), idempotency_key="k-1", act=REPORTED, texts={"text-1": words})
    with pytest.raises(ConflictError) as caught:
        store.report(_events("i-2", **change), idempotency_key="k-1", act=REPORTED, texts=said)
    assert [fault.code for fault in caught.value.faults] == ["idempotency-conflict"]
    assert newest(database) == ["i-1"]


def test_a_taken_id_is_a_conflict(store: IncidentStore) -> None:
    store.report(_events("i-1"), idempotency_key="k-1", act=REPORTED)
    with pytest.raises(ConflictError) as caught:
        store.report(_events("i-1"), idempotency_key="k-2", act=REPORTED)
    assert [fault.code for fault in caught.value.faults] == ["incident-id-taken"]


@pytest.mark.parametrize("key", ["", "k" * 201, "a\nb", "a\0b"])
def test_an_odd_key_is_refused(store: IncidentStore, key: str) -> None:
    with pytest.raises(FaultsError, match="bad-idempotency-key"):
        store.report(_events(), idempotency_key=key, act=REPORTED)


def test_twenty_threads_with_one_key_make_one_incident(store: IncidentStore, database: Database) -> None:
    answers = _at_once(lambda i: store.report(_events(f"i-{i}"), idempotency_key="k", act=REPORTED), count=20)
    assert sum(created for _, created in answers) == 1
    assert len({incident.id for incident, _ in answers}) == 1
    assert len(newest(database)) == 1


def test_twenty_threads_with_their_own_keys_lose_nothing(store: IncidentStore, database: Database) -> None:
    _at_once(lambda i: store.report(_events(f"i-{i}"), idempotency_key=f"k-{i}", act=REPORTED), count=20)
    assert set(newest(database)) == {f"i-{i}" for i in range(20)}


def test_of_twenty_threads_that_expect_one_version_one_wins(store: IncidentStore) -> None:
    store.report(_events(), idempotency_key="k-1", act=REPORTED)

    def hand_over(_: int) -> Case | str:
        try:
            return store.append("i-1", [_handed_over(3)], expected_seq=2, act=REPORTED)[0]
        except ConflictError as error:
            return error.faults[0].code

    answers = _at_once(hand_over, count=20)
    assert answers.count("incident-moved-on") == 19
    assert store.get("i-1") in answers
    assert [event.seq for event in store.events("i-1")] == [1, 2, 3]


def test_appending_to_an_unknown_incident_is_a_fault(store: IncidentStore) -> None:
    with pytest.raises(FaultsError, match="unknown-incident"):
        store.append("no-such", [_handed_over(3)], expected_seq=2, act=REPORTED)


@pytest.mark.parametrize("events", [[], [_handed_over(4)], [_handed_over(3), _handed_over(3)]])
def test_events_that_cannot_follow_change_nothing(store: IncidentStore, events: list[IncidentEvent]) -> None:
    store.report(_events(), idempotency_key="k-1", act=REPORTED)
    with pytest.raises(ValueError):
        store.append("i-1", events, expected_seq=2, act=REPORTED)
    assert len(store.events("i-1")) == 2


def test_recent_gives_the_newest_first_and_no_more_than_asked(store: IncidentStore, database: Database) -> None:
    for i in (1, 3, 2):
        store.report(_events(f"i-{i}", at=NINE + timedelta(seconds=i)), idempotency_key=f"k-{i}", act=REPORTED)
    assert newest(database, limit=2) == ["i-3", "i-2"]


CHANGES = [
    "UPDATE incident_event SET kind = 'x'",
    "DELETE FROM incident_event WHERE seq = 2",
    "DELETE FROM incident",  # its events hold it
]
COLUMNS = "incident_id, seq, kind, at, payload"
REPLACE = f"INSERT OR REPLACE INTO incident_event ({COLUMNS}) SELECT {COLUMNS} FROM incident_event"


@pytest.mark.parametrize(
    ("database_url", "change"),
    [*itertools.product(["sqlite", "postgis"], CHANGES), ("sqlite", REPLACE), ("postgis", "TRUNCATE incident_event")],
    indirect=["database_url"],
)
def test_the_database_itself_refuses_to_rewrite_events(database: Database, change: str) -> None:
    store = IncidentStore(database)
    store.report(_events(), idempotency_key="k-1", act=REPORTED)
    with pytest.raises(IntegrityError), database.writing() as connection:
        connection.execute(text(change))
    assert store.events("i-1") == _events()


def test_no_event_without_its_incident(database: Database) -> None:
    ghost = "('ghost', 1, 'reported', '2026-03-02', '{}')"
    with pytest.raises(IntegrityError), database.writing() as connection:
        connection.execute(text(f"INSERT INTO incident_event ({COLUMNS}) VALUES {ghost}"))


def test_incidents_of_one_instant_have_one_order(store: IncidentStore, database: Database) -> None:
    for name in ("i-2", "i-9", "i-1", "i-5"):
        store.report(_events(name), idempotency_key=f"k-{name}", act=REPORTED)
    assert newest(database, limit=3) == ["i-9", "i-5", "i-2"]
