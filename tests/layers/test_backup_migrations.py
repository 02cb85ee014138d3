"""What a migration leaves behind, and what backups make of tables of another revision."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from backup_site import MADE_AT, empty_schema, events_of, further_migrations, tables_of, without_marks, write_incidents
from sqlalchemy import make_url, text

from gis.faults import FaultsError
from layers.backups import before_migration
from layers.backups.before_migration import copies_beside
from layers.backups.restoring import restore_backup
from layers.backups.writing import write_backup
from layers.records import revisions
from layers.records.database import open_database, sqlite_url
from layers.records.database_faults import DatabaseDownError
from layers.records.engines import engine_for


def _later_tables(url: str) -> int:
    return sum(name.startswith("later_") for name in tables_of(url))


def test_a_migration_leaves_the_database_as_it_was_beside_it(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = sqlite_url(data_dir)
    write_incidents(url, count=5)
    old, before = revisions.newest_revision(), events_of(url)
    assert copies_beside(data_dir / "app.sqlite") == []  # making the first tables is no migration
    monkeypatch.setattr(revisions, "_MIGRATIONS", further_migrations(tmp_path / "migrations"))
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
    monkeypatch.setattr(revisions, "_MIGRATIONS", further_migrations(tmp_path / "migrations"))
    open_database(url).close()
    assert len(copies_beside(data_dir / "app.sqlite")) == 3
    assert any("before-9999" in path.name for path in copies_beside(data_dir / "app.sqlite"))
    assert all(path.exists() for path in other)


def test_without_room_for_the_copy_there_is_no_migration(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    url = sqlite_url(data_dir)
    write_incidents(url, count=1)
    monkeypatch.setattr(revisions, "_MIGRATIONS", further_migrations(tmp_path / "migrations"))

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
    monkeypatch.setattr(revisions, "_MIGRATIONS", further_migrations(tmp_path / "migrations"))
    restore_backup(tmp_path / "b.zip", tmp_path / "file")
    assert events_of(sqlite_url(tmp_path / "file")) == before
    with empty_schema(postgis_url) as url:
        restore_backup(tmp_path / "b.zip", tmp_path / "beside", database_url=url)
        assert without_marks(path.name for path in (tmp_path / "beside").iterdir()) == set()
        assert _later_tables(url) == 3
        assert events_of(url) == before


@pytest.mark.parametrize("database_url", ["postgis"], indirect=True)
def test_older_tables_on_a_server_are_not_touched_by_a_backup(
    data_dir: Path, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    write_incidents(database_url, count=1)
    monkeypatch.setattr(revisions, "_MIGRATIONS", further_migrations(tmp_path / "migrations"))
    with pytest.raises(FaultsError, match="backup-older-tables"):
        write_backup(data_dir, database_url, tmp_path / "b.zip", made_at=MADE_AT, program="1")
    assert _later_tables(database_url) == 0


def test_older_tables_in_a_file_are_kept_as_they_are(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_incidents(sqlite_url(data_dir), count=1)
    old = revisions.newest_revision()
    monkeypatch.setattr(revisions, "_MIGRATIONS", further_migrations(tmp_path / "migrations"))
    made = write_backup(data_dir, sqlite_url(data_dir), tmp_path / "b.zip", made_at=MADE_AT, program="1")
    assert made.revision == old
    assert _later_tables(sqlite_url(data_dir)) == 0
    database = engine_for(make_url(sqlite_url(data_dir)))
    with database.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == old
    database.dispose()
