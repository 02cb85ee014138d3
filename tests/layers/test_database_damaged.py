"""A database that is damaged or not ours is set aside or told, and reports are taken again."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from database_reports import reason, report
from newest_cases import newest
from sqlalchemy import text

from layers.records.database import open_database, sqlite_url
from layers.records.database_at_hand import DatabaseAtHand, put_aside_if_damaged
from layers.records.database_faults import DatabaseDownError
from layers.records.incidents import IncidentStore
from layers.records.tables import metadata

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
    assert set(newest(at_hand.get())) >= {"new"}
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
        "DROP TABLE audit",
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


@pytest.mark.parametrize("name", sorted(metadata.tables))
def test_a_lack_of_any_table_or_column_is_noticed_at_the_next_start(data_dir: Path, name: str) -> None:
    path = data_dir / "app.sqlite"
    for number, done in enumerate((f"DROP TABLE {name}", f"ALTER TABLE {name} RENAME COLUMN {a_column(name)} TO gone")):
        open_database(sqlite_url(data_dir)).close()
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("PRAGMA foreign_keys = OFF")
            other.execute(done)
        put_aside_if_damaged(path)
        assert not path.exists()
        (kept,) = data_dir.glob("app.sqlite.damaged-*")
        kept.rename(data_dir / f"kept-{number}")


def a_column(name: str) -> str:
    return [column.name for column in metadata.tables[name].columns][-1]


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
    assert set(newest(servers[0].get())) == {"n0", "n1", "n2", "n3"}
    for server in servers:
        server.close()


def test_a_second_look_at_a_file_in_use_leaves_its_journal_to_those_who_write(data_dir: Path) -> None:
    """Closing a file takes away all locks that its process holds on it; the next process then tidies up after it."""
    at_hand = DatabaseAtHand(sqlite_url(data_dir))
    with at_hand.get().reading() as connection:
        connection.execute(text("SELECT count(*) FROM incident"))
    DatabaseAtHand(sqlite_url(data_dir)).get().close()
    look = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT * FROM incident'); c.close()"
    subprocess.run([sys.executable, "-c", look, data_dir / "app.sqlite"], check=True)
    assert (data_dir / "app.sqlite-wal").exists()
    at_hand.close()
