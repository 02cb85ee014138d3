"""kill -9 in backup, restore and migration: what was there before or what comes after, never half of it."""

from __future__ import annotations

import random
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from backup_site import MADE_AT, empty_schema, events_of, further_migrations, go, start, write_county, write_incidents
from sqlalchemy import inspect, make_url, text

from gis.faults import FaultsError
from layers.backups import before_migration
from layers.backups.before_migration import copies_beside
from layers.backups.restoring import restore_backup
from layers.backups.writing import write_backup
from layers.records import database as database_module
from layers.records.database import open_database, sqlite_url
from layers.records.database_faults import DatabaseDownError
from layers.records.engines import engine_for

KILLS = 2
BACK_UP_FOR_EVER = """
import itertools
from datetime import UTC, datetime
from layers.backups.writing import write_backup
print("ready", flush=True)
sys.stdin.readline()
made_at = datetime(2026, 1, 1, tzinfo=UTC)
for _ in itertools.count():
    write_backup(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), made_at=made_at, program="1")
"""
RESTORE_FOR_EVER = """
import itertools
from layers.backups.restoring import restore_backup
print("ready", flush=True)
sys.stdin.readline()
for number in itertools.count():
    restore_backup(Path(sys.argv[1]), Path(sys.argv[2]) / str(number))
"""
RESTORE_ONCE = """
from layers.backups.restoring import restore_backup
print("ready", flush=True)
sys.stdin.readline()
restore_backup(Path(sys.argv[1]), Path(sys.argv[2]), database_url=sys.argv[3])
"""
MIGRATE = """
from layers.records import database
database._MIGRATIONS = Path(sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
database.open_database(sys.argv[1])
"""


def _kill(code: str, *args: object, moment: random.Random, within_s: float) -> None:
    process = start(code, *args)
    go(process)
    time.sleep(moment.uniform(0.01, within_s))
    process.kill()
    process.communicate()


def _drafts(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


def test_a_backup_that_was_killed_is_the_old_one_or_the_new_one(
    data_dir: Path, database_url: str, tmp_path: Path
) -> None:
    write_county(data_dir)
    write_incidents(database_url, count=5)
    target, moment = tmp_path / "out" / "b.zip", random.Random(1)
    for turn in range(KILLS):
        _kill(BACK_UP_FOR_EVER, data_dir, database_url, target, moment=moment, within_s=0.4)
        if target.exists():
            restore_backup(target, tmp_path / f"new-{turn}")
            assert events_of(sqlite_url(tmp_path / f"new-{turn}")) == events_of(database_url)
    write_backup(data_dir, database_url, target, made_at=MADE_AT, program="1")
    assert _drafts(target.parent) == []  # what was killed is swept away


def test_a_folder_restored_before_a_kill_is_whole(data_dir: Path, tmp_path: Path) -> None:
    write_county(data_dir)
    write_incidents(sqlite_url(data_dir), count=5)
    made = write_backup(data_dir, sqlite_url(data_dir), tmp_path / "b.zip", made_at=MADE_AT, program="1")
    moment = random.Random(2)
    for turn in range(KILLS):
        place = tmp_path / f"places-{turn}"
        _kill(RESTORE_FOR_EVER, tmp_path / "b.zip", place, moment=moment, within_s=0.4)
        for folder in (path for path in place.glob("*") if not path.name.startswith(".")):
            there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
            assert there == set(made.files)
            assert events_of(sqlite_url(folder)) == events_of(sqlite_url(data_dir))
        restore_backup(tmp_path / "b.zip", place / "last")
        assert _drafts(place) == []


def test_a_folder_appears_with_all_of_its_files(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped at its very last step, the renaming of a whole folder, a restore has left nothing."""
    write_county(data_dir)
    write_incidents(sqlite_url(data_dir), count=1)
    made = write_backup(data_dir, sqlite_url(data_dir), tmp_path / "b.zip", made_at=MADE_AT, program="1")
    ready = set()

    def stopped(draft: Path, target: Path) -> None:
        assert target == tmp_path / "new"
        ready.update(path.relative_to(draft).as_posix() for path in draft.rglob("*") if path.is_file())
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "rename", stopped)
    with pytest.raises(KeyboardInterrupt):
        restore_backup(tmp_path / "b.zip", tmp_path / "new")
    assert ready == set(made.files)
    assert not (tmp_path / "new").exists()
    assert _drafts(tmp_path) == []


@pytest.mark.parametrize("database_url", ["postgis"], indirect=True)
def test_a_database_restored_before_a_kill_is_whole_or_empty_and_can_be_restored_again(
    data_dir: Path, database_url: str, tmp_path: Path
) -> None:
    write_county(data_dir)
    write_incidents(sqlite_url(data_dir), count=300)
    write_backup(data_dir, sqlite_url(data_dir), tmp_path / "b.zip", made_at=MADE_AT, program="1")
    before, moment = events_of(sqlite_url(data_dir)), random.Random(3)
    for _ in range(KILLS):
        _kill(RESTORE_ONCE, tmp_path / "b.zip", tmp_path / "new", database_url, moment=moment, within_s=1.0)
        found = events_of(database_url)
        assert found in ({}, before)
        assert found == before or not (tmp_path / "new").exists()
    if not (tmp_path / "new").exists():
        restore_backup(tmp_path / "b.zip", tmp_path / "new", database_url=database_url)
    assert events_of(database_url) == before


def _later_tables(url: str) -> int:
    engine = engine_for(make_url(url))
    try:
        return sum(name.startswith("later_") for name in inspect(engine).get_table_names())
    finally:
        engine.dispose()


def test_a_migration_that_was_killed_has_happened_or_not(
    data_dir: Path, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_incidents(database_url, count=5)
    before, moment = events_of(database_url), random.Random(4)
    migrations = further_migrations(tmp_path / "migrations", tables=10, rest_s=0.02)
    for _ in range(KILLS):
        _kill(MIGRATE, database_url, migrations, moment=moment, within_s=0.3)
        assert _later_tables(database_url) in (0, 10)
    monkeypatch.setattr(database_module, "_MIGRATIONS", migrations)
    assert events_of(database_url) == before  # opened and brought up to date
    assert _later_tables(database_url) == 10


def test_a_migration_leaves_the_database_as_it_was_beside_it(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = sqlite_url(data_dir)
    write_incidents(url, count=5)
    old, before = database_module.newest_revision(), events_of(url)
    assert copies_beside(data_dir / "app.sqlite") == []  # making the first tables is no migration
    monkeypatch.setattr(database_module, "_MIGRATIONS", further_migrations(tmp_path / "migrations"))
    open_database(url).close()
    (copy,) = copies_beside(data_dir / "app.sqlite")
    assert copy.name.startswith("app.sqlite.before-9999-")
    assert copy.stat().st_mode & 0o077 == 0
    open_database(url).close()  # nothing to migrate, nothing to copy
    assert copies_beside(data_dir / "app.sqlite") == [copy]
    with closing(sqlite3.connect(copy)) as kept:
        assert kept.execute("SELECT version_num FROM alembic_version").fetchone() == (old,)
        assert kept.execute("SELECT count(*) FROM incident").fetchone() == (len(before),)
    monkeypatch.undo()
    copy.rename(tmp_path / "app.sqlite")
    assert events_of(sqlite_url(tmp_path)) == before  # the old program goes on with it


def test_only_the_latest_copies_stay(data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = sqlite_url(data_dir)
    write_incidents(url, count=1)
    other = [data_dir / "app.sqlite.damaged-20200101-000000", data_dir / "notes.before-x"]
    for path in other:
        path.touch()
    for number in range(5):
        (data_dir / f"app.sqlite.before-000{number}-2020010{number}-000000").touch()
    monkeypatch.setattr(database_module, "_MIGRATIONS", further_migrations(tmp_path / "migrations"))
    open_database(url).close()
    assert len(copies_beside(data_dir / "app.sqlite")) == 3
    assert any("before-9999" in path.name for path in copies_beside(data_dir / "app.sqlite"))
    assert all(path.exists() for path in other)


def test_without_room_for_the_copy_there_is_no_migration(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    url = sqlite_url(data_dir)
    write_incidents(url, count=1)
    monkeypatch.setattr(database_module, "_MIGRATIONS", further_migrations(tmp_path / "migrations"))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(before_migration, "copy_sqlite", full)
    with pytest.raises(DatabaseDownError, match="full"):
        open_database(url)
    assert _later_tables(url) == 0


def test_records_of_an_older_program_are_migrated_when_they_are_restored(
    data_dir: Path, database_url: str, postgis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    write_incidents(database_url, count=4)
    before = events_of(database_url)
    write_backup(data_dir, database_url, tmp_path / "b.zip", made_at=MADE_AT, program="1")
    monkeypatch.setattr(database_module, "_MIGRATIONS", further_migrations(tmp_path / "migrations"))
    restore_backup(tmp_path / "b.zip", tmp_path / "file")
    assert events_of(sqlite_url(tmp_path / "file")) == before
    with empty_schema(postgis_url) as url:
        restore_backup(tmp_path / "b.zip", tmp_path / "beside", database_url=url)
        assert list((tmp_path / "beside").iterdir()) == []
        assert _later_tables(url) == 3
        assert events_of(url) == before


@pytest.mark.parametrize("database_url", ["postgis"], indirect=True)
def test_older_tables_on_a_server_are_not_touched_by_a_backup(
    data_dir: Path, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    write_incidents(database_url, count=1)
    monkeypatch.setattr(database_module, "_MIGRATIONS", further_migrations(tmp_path / "migrations"))
    with pytest.raises(FaultsError, match="backup-older-tables"):
        write_backup(data_dir, database_url, tmp_path / "b.zip", made_at=MADE_AT, program="1")
    assert _later_tables(database_url) == 0


def test_older_tables_in_a_file_are_kept_as_they_are(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_incidents(sqlite_url(data_dir), count=1)
    old = database_module.newest_revision()
    monkeypatch.setattr(database_module, "_MIGRATIONS", further_migrations(tmp_path / "migrations"))
    made = write_backup(data_dir, sqlite_url(data_dir), tmp_path / "b.zip", made_at=MADE_AT, program="1")
    assert made.revision == old
    assert _later_tables(sqlite_url(data_dir)) == 0
    database = engine_for(make_url(sqlite_url(data_dir)))
    with database.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == old
    database.dispose()
