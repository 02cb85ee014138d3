"""Small writes of many threads share a commit; each is whole, and one that is refused takes nothing from the others."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from newest_cases import newest
from sqlalchemy import Connection, insert, text
from sqlalchemy.exc import IntegrityError

from layers.records.database import Database
from layers.records.tables import incident

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

    database._together._writing = counted
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(write, range(12)))
    assert sorted(answers) == sorted([*(f"i{n}" for n in range(10)), "refused", "refused"])
    assert set(newest(database)) == {f"i{n}" for n in range(10)}
    assert len(commits) < 12


def test_the_error_of_a_transaction_is_everybodys(database: Database) -> None:
    def fail(_connection: Connection) -> None:
        raise RuntimeError("the disk is gone")

    with pytest.raises(RuntimeError, match="the disk is gone"):
        database.write(fail)
    assert database.write(lambda connection: connection.scalar(text("SELECT 1"))) == 1
