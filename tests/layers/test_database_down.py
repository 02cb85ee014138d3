"""A database that is silent, gone, full or may only be read is told in seconds, and used again when it is back."""

from __future__ import annotations

import errno
import os
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from database_reports import reason, report
from mute_server import free_port, mute_server
from newest_cases import newest
from sqlalchemy import event, make_url, text

from layers.records.database import Database, open_database, sqlite_url
from layers.records.database_at_hand import DatabaseAtHand
from layers.records.database_faults import DatabaseDownError
from layers.records.limited_connection import LimitedConnection


def test_a_server_that_accepts_and_never_answers_is_given_up_in_seconds() -> None:
    with mute_server() as port:
        at_hand = DatabaseAtHand(f"postgresql://u:p@127.0.0.1:{port}/x")
        with ThreadPoolExecutor(20) as pool:
            begun = time.monotonic()
            told = list(pool.map(lambda _: reason(at_hand.get), range(20)))
        assert {code for code, _ in told} == {"silent"}
        assert time.monotonic() - begun < 5
        assert reason(at_hand.get)[1] < 0.1, "for a moment it is not asked again"


def test_a_server_that_is_not_there_is_told_at_once() -> None:
    at_hand = DatabaseAtHand(f"postgresql://u:p@127.0.0.1:{free_port()}/x")
    code, seconds = reason(at_hand.get)
    assert code == "refused"
    assert seconds < 3


@pytest.mark.parametrize("database_url", ["postgis"], indirect=True)
@pytest.mark.parametrize(("change", "code"), [({"password": "wrong"}, "refused"), ({"database": "no_such"}, "refused")])
def test_a_wrong_password_or_name_is_told(database_url: str, change: dict[str, str], code: str) -> None:
    wrong = make_url(database_url).set(**change).render_as_string(hide_password=False)
    assert reason(DatabaseAtHand(wrong).get)[0] == code


@pytest.mark.parametrize("database_url", ["postgis"], indirect=True)
def test_a_statement_that_takes_too_long_is_ended(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LimitedConnection, "limit_s", 0.5)

    def sleep() -> None:
        with database.reading() as connection:
            connection.execute(text("SELECT pg_sleep(20)"))

    code, seconds = reason(sleep)
    assert code == "silent"
    assert seconds < 3
    time.sleep(1.1)
    report(database, "afterwards")


@pytest.mark.parametrize("database_url", ["postgis"], indirect=True)
def test_the_server_has_limits_of_its_own(database: Database) -> None:
    with database.reading() as connection:
        limits = [connection.scalar(text(f"SHOW {name}")) for name in ("statement_timeout", "lock_timeout")]
    assert limits == ["4s", "3s"]


@pytest.mark.parametrize("database_url", ["postgis"], indirect=True)
def test_a_connection_that_was_cut_is_replaced(database: Database, database_url: str) -> None:
    with database.reading() as connection:
        ours = connection.scalar(text("SELECT pg_backend_pid()"))
    other = open_database(database_url)
    with other.reading() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": ours})
    other.close()
    report(database, "after")


def test_a_writer_that_holds_the_file_is_waited_for_and_then_told(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("database", "engines"):
        monkeypatch.setattr(f"layers.records.{module}.BUSY_TIMEOUT_S", 1)
    database = open_database(sqlite_url(data_dir))
    other = sqlite3.connect(data_dir / "app.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with ThreadPoolExecutor(5) as pool:
        told = list(pool.map(lambda number: reason(lambda: report(database, f"n{number}")), range(5)))
    assert {code for code, _ in told} == {"busy"}
    assert max(seconds for _, seconds in told) < 3, "nobody waits for all who wait before"
    assert database.refused_write == "busy"
    other.execute("COMMIT")
    report(database, "afterwards")
    assert database.refused_write is None
    other.close()
    database.close()


def test_a_full_disk_is_told_and_forgotten_when_there_is_room(data_dir: Path) -> None:
    database = open_database(sqlite_url(data_dir))
    room = [12]

    @event.listens_for(database.engine, "begin")
    def _bound(connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {room[0]}")

    codes = set()
    for number in range(60):
        try:
            report(database, f"n{number}")
        except DatabaseDownError as error:
            codes.add(error.reason)
    assert codes == {"full"}
    assert database.refused_write == "full"
    room[0] = 10_000
    database.try_to_write()
    assert database.refused_write is None
    report(database, "afterwards")
    database.close()


@pytest.mark.parametrize("database_url", ["sqlite", "postgis"], indirect=True)
def test_a_database_that_may_only_be_read_is_told_before_a_report_is_refused(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.reading() as connection:
        database.refuse_read_only(connection)
        if database.engine.dialect.name == "postgresql":
            connection.execute(text("SET TRANSACTION READ ONLY"))
        else:  # whoever runs the tests may be allowed everything
            monkeypatch.setattr("os.access", lambda _path, mode: mode != os.W_OK)
        assert reason(lambda: database.refuse_read_only(connection))[0] == "read-only"


def test_trying_to_write_leaves_nothing(database: Database) -> None:
    database.refused_write = "full"
    database.try_to_write()
    assert database.refused_write is None
    assert newest(database, limit=5) == []


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.EACCES, "read-only"), (errno.EIO, "failing"), (errno.ENOSPC, "full"), (errno.ELOOP, "refused")],
)
def test_a_file_that_cannot_be_looked_at_is_told(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    open_database(sqlite_url(data_dir)).close()

    def refuse(*_args: object, **_options: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("layers.records.database_at_hand.put_aside_if_damaged", refuse)
    assert reason(DatabaseAtHand(sqlite_url(data_dir)).get)[0] == code


def test_the_file_is_for_its_owner_alone_and_an_older_one_is_mended(data_dir: Path) -> None:
    database = open_database(sqlite_url(data_dir / "new"))
    report(database, "n")
    assert {p.stat().st_mode & 0o777 for p in (data_dir / "new").iterdir()} == {0o600}
    assert (data_dir / "new").stat().st_mode & 0o777 == 0o700
    database.close()
    (data_dir / "new" / "app.sqlite").chmod(0o644)
    open_database(sqlite_url(data_dir / "new")).close()
    assert (data_dir / "new" / "app.sqlite").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("database_url", ["sqlite", "postgis"], indirect=True)
def test_what_fails_does_not_tell_what_was_reported(database: Database) -> None:
    with pytest.raises(Exception, match="incident") as told, database.writing() as connection:
        connection.execute(text("INSERT INTO incident (id) VALUES (:id)"), {"id": "secret"})
    assert "secret" not in str(told.value).partition("DETAIL")[0], "what the server adds is left out of the log"
