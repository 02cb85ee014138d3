"""kill -9 in backup, restore and migration: what was there before or what comes after, never half of it."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from backup_rows import contents_of, files_of, write_rows
from backup_site import (
    MADE_AT,
    empty_schema,
    further_migrations,
    go,
    start,
    tables_of,
    without_marks,
    write_county,
    write_incidents,
)

from layers.backups.before_migration import copies_beside, copies_in
from layers.backups.restoring import restore_backup
from layers.backups.writing import write_backup
from layers.records import revisions
from layers.records.database import open_database, sqlite_url

KILLS = 5
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
from layers.records import database, revisions
revisions._MIGRATIONS = Path(sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
database.open_database(sys.argv[1], data_dir=Path(sys.argv[3]))
"""


def _kill(code: str, *args: object, moment: random.Random, turn: int) -> None:
    """Kill a process at a random moment, each turn about twice as late: early and late ones on any machine."""
    process = start(code, *args)
    go(process)
    time.sleep(moment.uniform(0.06, 0.12) * 2**turn)
    process.kill()
    process.communicate()


def _drafts(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


def test_a_backup_that_was_killed_is_the_old_one_or_the_new_one(
    data_dir: Path, database_url: str, tmp_path: Path
) -> None:
    write_county(data_dir)
    write_incidents(database_url, count=5)
    write_rows(database_url, data_dir, count=5)
    rows, files = contents_of(database_url), files_of(data_dir)
    target, moment = tmp_path / "out" / "b.zip", random.Random(1)
    for turn in range(KILLS):
        _kill(BACK_UP_FOR_EVER, data_dir, database_url, target, moment=moment, turn=turn)
        if target.exists():
            assert restore_backup(target, tmp_path / f"new-{turn}").lacking == ()
            assert contents_of(sqlite_url(tmp_path / f"new-{turn}")) == rows
            assert files_of(tmp_path / f"new-{turn}") == files
    write_backup(data_dir, database_url, target, made_at=MADE_AT, program="1")
    assert _drafts(target.parent) == []  # what was killed is swept away


def test_a_folder_restored_before_a_kill_is_whole(data_dir: Path, tmp_path: Path) -> None:
    write_county(data_dir)
    write_incidents(sqlite_url(data_dir), count=5)
    write_rows(sqlite_url(data_dir), data_dir, count=5)
    made = write_backup(data_dir, sqlite_url(data_dir), tmp_path / "b.zip", made_at=MADE_AT, program="1")
    rows, moment = contents_of(sqlite_url(data_dir)), random.Random(2)
    for turn in range(KILLS):
        place = tmp_path / f"places-{turn}"
        _kill(RESTORE_FOR_EVER, tmp_path / "b.zip", place, moment=moment, turn=turn)
        for folder in (path for path in place.glob("*") if not path.name.startswith(".")):
            there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
            assert without_marks(there) == set(made.files)
            assert contents_of(sqlite_url(folder)) == rows
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
    assert without_marks(ready) == set(made.files)
    assert not (tmp_path / "new").exists()
    assert _drafts(tmp_path) == []


def test_a_database_restored_before_a_kill_is_whole_or_empty_and_can_be_restored_again(
    data_dir: Path, postgis_url: str, tmp_path: Path
) -> None:
    write_county(data_dir)
    write_incidents(sqlite_url(data_dir), count=60)
    write_rows(sqlite_url(data_dir), data_dir, count=10)
    write_backup(data_dir, sqlite_url(data_dir), tmp_path / "b.zip", made_at=MADE_AT, program="1")
    before, moment = contents_of(sqlite_url(data_dir)), random.Random(3)
    for turn in range(KILLS):
        with empty_schema(postgis_url) as url:
            folder = tmp_path / f"new-{turn}"
            _kill(RESTORE_ONCE, tmp_path / "b.zip", folder, url, moment=moment, turn=turn + 1)
            assert tables_of(url) in (set(), {*before, "alembic_version"})  # never tables without rows
            assert not tables_of(url) or contents_of(url) == before
            if not folder.exists():
                restore_backup(tmp_path / "b.zip", folder, database_url=url)
            assert contents_of(url) == before
            assert files_of(folder) == files_of(data_dir)


def _later_tables(url: str) -> int:
    return sum(name.startswith("later_") for name in tables_of(url))


def test_a_migration_that_was_killed_has_happened_or_not(
    data_dir: Path, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_incidents(database_url, count=5)
    write_rows(database_url, data_dir, count=5)
    before, moment = contents_of(database_url), random.Random(4)
    migrations = further_migrations(tmp_path / "migrations", tables=10, rest_s=0.02)
    for turn in range(KILLS):
        _kill(MIGRATE, database_url, migrations, data_dir, moment=moment, turn=turn)
        assert _later_tables(database_url) in (0, 10)
    monkeypatch.setattr(revisions, "_MIGRATIONS", migrations)
    open_database(database_url, data_dir=data_dir).close()
    assert _later_tables(database_url) == 10
    assert contents_of(database_url) == before
    monkeypatch.undo()
    copies = [*copies_beside(data_dir / "app.sqlite"), *copies_in(data_dir)]
    assert copies
    for number, copy in enumerate(copies):  # each of them whole, for the older program
        copy.rename(tmp_path / f"{number}.sqlite")
        assert contents_of(f"sqlite:///{tmp_path / f'{number}.sqlite'}") == before
    assert _drafts(data_dir) == []
