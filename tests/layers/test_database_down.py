"""A database that is silent, gone, full or damaged is told in seconds, and used again when it is back."""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from mute_server import free_port, mute_server
from sqlalchemy import event, make_url, text

from layers.records.database import Database, open_database, sqlite_url
from layers.records.database_at_hand import DatabaseAtHand
from layers.records.database_faults import DatabaseDownError
from layers.records.incidents import IncidentStore
from layers.records.limited_connection import LimitedConnection
from planning.incidents.incident import Assignment, assigned, reported

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
DESK = Assignment(None, "county", "desk", "county-desk", "outside-cells")


def report(database: Database, name: str) -> None:
    first = reported(name, at=NOW, category="party", lon=1.0, lat=2.0, cell=None, text="x", county_version="v")
    then = assigned(DESK, seq=2, at=NOW, due_at=NOW, workdays=0, calendar="weekdays", route_seconds=None)
    IncidentStore(database).report([first, then], idempotency_key=name)


def reason(work: Callable[[], object]) -> tuple[str, float]:
    """Why it is down, and how many seconds that took to tell."""
    begun = time.monotonic()
    with pytest.raises(DatabaseDownError) as told:
        work()
    return told.value.reason, time.monotonic() - begun


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
        monkeypatch.setattr(f"layers.{module}.BUSY_TIMEOUT_S", 1)
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
    assert IncidentStore(database).recent(limit=5) == []


DAMAGES: dict[str, Callable[[Path], object]] = {
    "garbage": lambda path: path.write_bytes(os.urandom(20_000)),
    "zeros": lambda path: path.write_bytes(bytes(20_000)),
    "text": lambda path: path.write_text("[]"),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:9000]),
    "head only": lambda path: path.write_bytes(path.read_bytes()[:50]),
    "hole": lambda path: path.write_bytes(path.read_bytes()[:4096] + bytes(path.stat().st_size - 4096)),
    "empty": lambda path: path.write_bytes(b""),
    "gone": lambda path: path.unlink(),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
    "words of no script": lambda path: path.write_bytes(
        path.read_bytes().replace(b"CREATE TABLE incident", b"CREATE TABLE \xff\xfe\xdf\xfa\xfb\xfc\xfd\xff")
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("journal", ["kept", "gone"])
def test_a_damaged_file_is_kept_beside_and_reports_are_taken_at_the_next_start(
    data_dir: Path, damage: str, journal: str
) -> None:
    path = data_dir / "app.sqlite"
    database = open_database(sqlite_url(data_dir))
    for number in range(50):
        report(database, f"old-{number}")
    if journal == "gone":
        database.close()
        DAMAGES[damage](path)
    else:  # as after a kill: what was reported stands in the journal
        for end in ("wal", "shm"):
            (data_dir / f"kept-{end}").write_bytes((data_dir / f"app.sqlite-{end}").read_bytes())
        database.close()
        DAMAGES[damage](path)
        for end in ("wal", "shm"):
            (data_dir / f"kept-{end}").rename(data_dir / f"app.sqlite-{end}")
    at_hand = DatabaseAtHand(sqlite_url(data_dir))
    report(at_hand.get(), "new")
    assert {incident.id for incident in IncidentStore(at_hand.get()).recent(limit=99)} >= {"new"}
    at_hand.close()
    if damage not in ("empty", "gone"):
        assert at_hand.set_aside or IncidentStore(open_database(sqlite_url(data_dir))).get("old-1") is not None


@pytest.mark.parametrize(
    "done",
    [
        "DROP TABLE incident_event",
        "DROP TABLE alembic_version",
        "DELETE FROM alembic_version",
        "ALTER TABLE incident_event RENAME COLUMN payload TO paid",
        "ALTER TABLE incident RENAME TO other",
    ],
)
@pytest.mark.parametrize("at_work", [False, True])
def test_tables_that_are_not_ours_are_put_aside_and_reports_are_taken(data_dir: Path, done: str, at_work: bool) -> None:
    at_hand = DatabaseAtHand(sqlite_url(data_dir))
    report(at_hand.get(), "old")
    if not at_work:
        at_hand.close()
        at_hand = DatabaseAtHand(sqlite_url(data_dir))
    with sqlite3.connect(data_dir / "app.sqlite") as other:
        other.execute(done)
    other.close()
    for _attempt in range(2):  # the first may find out
        with contextlib.suppress(DatabaseDownError):
            report(at_hand.get(), "new")
            break
    if "alembic" in done and at_work:  # the tables themselves are whole
        assert IncidentStore(at_hand.get()).get("old") is not None
    else:
        assert at_hand.set_aside
    assert IncidentStore(at_hand.get()).get("new") is not None
    at_hand.close()


@pytest.mark.parametrize(
    "done", ["DROP TABLE incident_event", "DELETE FROM alembic_version", "ALTER TABLE incident DROP COLUMN cell"]
)
@pytest.mark.parametrize("database_url", ["postgis"], indirect=True)
def test_a_server_whose_tables_are_not_ours_says_so(database_url: str, done: str) -> None:
    open_database(database_url).close()
    engine = open_database(database_url).engine
    with engine.begin() as connection:
        connection.execute(text(done))
    engine.dispose()
    at_hand = DatabaseAtHand(database_url)
    assert reason(lambda: report(at_hand.get(), "new"))[0] == "other-tables"
    at_hand.close()


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


@pytest.mark.parametrize("damage", ["gone", "replaced", "swapped", "emptied"])
def test_a_file_that_goes_while_it_is_used_is_made_anew(data_dir: Path, damage: str) -> None:
    path = data_dir / "app.sqlite"
    at_hand = DatabaseAtHand(sqlite_url(data_dir))
    report(at_hand.get(), "before")
    if damage == "replaced":
        path.rename(data_dir / "away")
        path.write_bytes(b"something else that is no database")
    elif damage == "swapped":  # for another sound one, as by putting a copy back
        open_database(sqlite_url(data_dir / "copy")).close()
        (data_dir / "copy" / "app.sqlite").replace(path)
        for end in ("wal", "shm"):
            (data_dir / f"app.sqlite-{end}").unlink()
    elif damage == "emptied":
        for name in ("app.sqlite", "app.sqlite-wal"):
            (data_dir / name).write_bytes(b"")
    else:
        for file in data_dir.iterdir():
            file.unlink()
    report(at_hand.get(), "after")
    other = open_database(sqlite_url(data_dir))
    assert IncidentStore(other).get("after") is not None, "whoever opens the file finds the report"
    other.close()
    at_hand.close()


def test_two_servers_on_one_damaged_file_both_go_on_with_one_new_file(data_dir: Path) -> None:
    (data_dir / "app.sqlite").write_bytes(os.urandom(9000))
    servers = [DatabaseAtHand(sqlite_url(data_dir)) for _ in range(4)]
    ready = threading.Barrier(4)

    def take(number: int) -> None:
        ready.wait()
        for _ in range(3):
            with contextlib.suppress(DatabaseDownError):
                report(servers[number].get(), f"n{number}")
                return
            time.sleep(1.1)
        raise AssertionError("not taken")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(take, range(4)))
    assert {i.id for i in IncidentStore(servers[0].get()).recent(limit=9)} == {"n0", "n1", "n2", "n3"}
    for server in servers:
        server.close()


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
