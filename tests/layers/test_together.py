"""Small writes of many threads share a commit; each is whole, and one that is refused takes nothing from the others."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from acts import REPORTED
from case_lives import REPORT
from newest_cases import newest
from sqlalchemy import Connection, insert, select, text
from sqlalchemy.exc import IntegrityError

from gis.faults import FaultsError
from layers.records.audit import broken_links
from layers.records.conflicts import ConflictError
from layers.records.database import Database
from layers.records.incidents import IncidentStore
from layers.records.new_cases import NewCase
from layers.records.tables import audit, incident, incident_event, secret
from planning.incidents.events import IncidentEvent

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)


def row(name: str) -> dict[str, Any]:
    about = {"county_version": "v", "lon": 1.0, "lat": 2.0, "created_at": NOW, "seq": 1, "state": "reported"}
    return {"id": name, "idempotency_key": name, "category": "party", "updated_pos": 1, "updated_at": NOW, **about}


def test_all_that_wait_are_written_and_a_refused_one_alone_is_told(database: Database) -> None:
    commits: list[int] = []
    begin = threading.Barrier(12)

    def write(number: int) -> str:
        def work(connection: Connection) -> str:
            time.sleep(0.02)  # so that the others come meanwhile
            connection.execute(insert(incident), [row(f"i{number % 10}")])
            return f"i{number % 10}"

        begin.wait()
        try:
            return database.write(work)
        except IntegrityError:
            return "refused"

    original = database.writing

    def counted() -> Any:
        commits.append(1)
        return original()

    database.writing = counted  # type: ignore[method-assign]
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(write, range(12)))
    assert sorted(answers) == sorted([*(f"i{n}" for n in range(10)), "refused", "refused"])
    assert set(newest(database)) == {f"i{n}" for n in range(10)}
    assert len(commits) < 12


def test_reports_of_one_moment_are_each_stored_once_and_audited_and_a_refused_one_is_told_alone(
    database: Database,
) -> None:
    store, begin = IncidentStore(database), threading.Barrier(12)
    again, other = [report_events("again")] * 2, [report_events("again", category="traffic")]
    taken = [report_events("i0")]  # the id of another
    each = [report_events(f"i{n}") for n in range(8)]
    store.report(report_events("i0"), idempotency_key="before", act=REPORTED)

    def send(told: tuple[str, list[IncidentEvent]]) -> str:
        begin.wait()
        try:
            return str(store.report(told[1], idempotency_key=told[0], act=REPORTED, texts={"text-1": told[0]})[1])
        except ConflictError as error:
            return error.faults[0].code

    keys = ["again", "again", "again", "taken", *(f"k{n}" for n in range(1, 9))]
    told = [*again, *other, *taken, *each[1:], report_events("i8")]
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(send, zip(keys, told, strict=True)))
    assert answers[3:] == ["incident-id-taken", *["True"] * 8]
    assert sorted(answers[:3]) in (
        ["False", "True", "idempotency-conflict"],
        ["True", "idempotency-conflict", "idempotency-conflict"],  # the other one was first
    )
    assert set(newest(database)) == {f"i{n}" for n in range(9)} | {"again"}
    with database.reading() as connection:
        texts = connection.execute(select(secret.c.subject_id, secret.c.value)).all()
        positions = list(connection.scalars(select(incident_event.c.pos).order_by(incident_event.c.pos)))
        audited = list(connection.scalars(select(audit.c.object_id)))
        assert broken_links(connection) == []
    assert {(f"i{n}", f"k{n}") for n in range(1, 9)} <= {tuple(row) for row in texts}
    assert positions == list(range(1, len(positions) + 1))
    assert sorted(audited) == sorted({f"i{n}" for n in range(9)} | {"again"})


def test_of_reports_that_one_sender_stores_at_once_each_is_told_its_own(database: Database) -> None:
    store = IncidentStore(database)
    store.report(report_events("i0"), idempotency_key="before", act=REPORTED)
    sent = [("new", "i1"), ("before", "i2"), ("other", "i0"), ("", "i3"), ("new", "i4"), ("last", "i5")]
    outcomes = store.report_all([(NewCase(key, report_events(name)), REPORTED) for key, name in sent])
    told = [one.faults[0].code if isinstance(one, FaultsError) else (one[0].id, one[1]) for one in outcomes]
    assert told == [
        ("i1", True),
        ("i0", False),
        "incident-id-taken",
        "bad-idempotency-key",
        ("i1", False),
        ("i5", True),
    ]
    assert set(newest(database)) == {"i0", "i1", "i5"}


def report_events(name: str, *, category: str = "party") -> list[IncidentEvent]:
    return [IncidentEvent(1, "reported", NOW, {**REPORT, "id": name, "category": category})]


def test_the_error_of_a_transaction_is_everybodys(database: Database) -> None:
    def fail(_connection: Connection) -> None:
        raise RuntimeError("the disk is gone")

    with pytest.raises(RuntimeError, match="the disk is gone"):
        database.write(fail)
    assert database.write(lambda connection: connection.scalar(text("SELECT 1"))) == 1
