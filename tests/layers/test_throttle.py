"""How often something may be tried, counted in the database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from signed_in import NOW
from sqlalchemy import select

from layers.records.database import Database, open_database
from layers.records.tables import throttle as throttle_table
from layers.records.throttle import Limit, Throttle

FIVE = Limit(5, timedelta(minutes=5))
NONE = timedelta(0)


@pytest.fixture
def throttle(database: Database) -> Throttle:
    return Throttle(database)


def test_after_so_many_tries_one_waits_for_the_end_of_the_window(throttle: Throttle) -> None:
    waits = [throttle.wait_for({"a": FIVE}, now=NOW + timedelta(seconds=n)) for n in range(7)]
    assert waits == [NONE] * 5 + [timedelta(seconds=295), timedelta(seconds=294)]
    assert throttle.wait_for({"b": FIVE}, now=NOW) == NONE
    assert throttle.wait_for({"a": FIVE}, now=NOW + timedelta(minutes=5)) == NONE


def test_a_try_that_one_key_refuses_is_counted_under_none(throttle: Throttle) -> None:
    for _ in range(5):
        throttle.wait_for({"name": FIVE}, now=NOW)
    for _ in range(10):
        assert throttle.wait_for({"name": FIVE, "address": FIVE}, now=NOW) > NONE
    assert throttle.wait_for({"address": FIVE}, now=NOW) == NONE


def test_what_is_forgiven_is_not_counted(throttle: Throttle) -> None:
    for _ in range(20):
        assert throttle.wait_for({"name": FIVE, "address": FIVE}, now=NOW) == NONE
        throttle.forgive(("name",), counts=("address",))


def test_two_processes_that_try_at_once_share_the_count(database: Database, database_url: str) -> None:
    other = open_database(database_url)
    throttles = [Throttle(database), Throttle(other)]

    def attempt(number: int) -> bool:
        return throttles[number % 2].wait_for({"a": FIVE, f"own {number % 3}": Limit(99, FIVE.window)}, now=NOW) == NONE

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(40))) == 5
    other.close()


def test_rows_of_yesterday_are_gone(throttle: Throttle, database: Database) -> None:
    for number in range(20):
        throttle.wait_for({f"guess {number}": FIVE}, now=NOW)
    throttle.wait_for({"new": FIVE}, now=NOW + timedelta(days=1, seconds=1))
    with database.reading() as connection:
        assert connection.scalars(select(throttle_table.c.key)).all() == ["new"]
