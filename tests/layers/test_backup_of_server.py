"""Before the tables of a server change, its rows are copied into the data folder, in full or there is no migration."""

from __future__ import annotations

import logging
import os
import threading
from pathlib import Path
from typing import Any

import pytest
from backup_rows import contents_of, write_rows
from backup_site import events_of, further_migrations, report, tables_of, write_incidents
from sqlalchemy import make_url, text

from layers.backups import older_rows, records_copy
from layers.backups.before_migration import copies_in
from layers.records import revisions
from layers.records.audit import broken_links
from layers.records.database import open_database, sqlite_url
from layers.records.database_at_hand import DatabaseAtHand
from layers.records.database_faults import DatabaseDownError
from layers.records.engines import engine_for
from layers.records.incidents import IncidentStore

pytestmark = pytest.mark.parametrize("database_url", ["postgis"], indirect=True)


def test_every_row_is_in_a_file_that_the_older_program_could_go_on_with(
    data_dir: Path, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_incidents(database_url, count=5)
    write_rows(database_url, data_dir, count=3)
    old, rows, events = revisions.newest_revision(), contents_of(database_url), events_of(database_url)
    engine = engine_for(make_url(database_url))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE somebody_elses (place geometry(Point, 4490))"))
    engine.dispose()
    monkeypatch.setattr(revisions, "_MIGRATIONS", further_migrations(tmp_path / "migrations"))
    at_hand = DatabaseAtHand(f"{database_url}%20-ctimezone=Asia/Shanghai", data_dir=data_dir)
    at_hand.get()
    at_hand.close()
    (copy,) = copies_in(data_dir)
    assert copy.read_bytes()[18:20] == b"\x01\x01"  # a file that needs no journal beside it
    assert copy.name.startswith("before-9999-")
    assert copy.stat().st_mode & 0o077 == 0
    assert "later_0" in tables_of(database_url)
    monkeypatch.undo()
    copy.rename(tmp_path / "app.sqlite")
    url = sqlite_url(tmp_path)
    assert tables_of(url) == {*rows, "alembic_version"}
    assert (contents_of(url), events_of(url)) == (rows, events)
    assert [path.name for path in data_dir.iterdir() if path.name.startswith(".")] == []
    database = open_database(url)
    with database.reading() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == old
        assert broken_links(connection) == []
    database.close()


def test_no_copy_of_new_tables_or_of_tables_that_are_up_to_date(data_dir: Path, database_url: str) -> None:
    for _ in range(2):
        open_database(database_url, data_dir=data_dir).close()
    assert copies_in(data_dir) == []


def test_only_the_latest_three_stay(
    data_dir: Path, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_incidents(database_url, count=1)
    for number in range(5):
        path = data_dir / f"before-000{number}-2020010{number}-000000.sqlite"
        path.touch()
        os.utime(path, (number, number))
    monkeypatch.setattr(revisions, "_MIGRATIONS", further_migrations(tmp_path / "migrations"))
    open_database(database_url, data_dir=data_dir).close()
    names = [path.name for path in copies_in(data_dir)]
    assert names[:2] == ["before-0003-20200103-000000.sqlite", "before-0004-20200104-000000.sqlite"]
    assert [name[:11] for name in names[2:]] == ["before-9999"]


def test_without_room_there_is_no_migration(
    data_dir: Path, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_incidents(database_url, count=1)
    monkeypatch.setattr(revisions, "_MIGRATIONS", further_migrations(tmp_path / "migrations"))

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(older_rows, "copy_records", full)
        with pytest.raises(DatabaseDownError, match="full"):
            open_database(database_url, data_dir=data_dir)
    assert list(data_dir.iterdir()) == []
    with monkeypatch.context() as disk:  # what was written is not what was read
        disk.setattr(older_rows, "copy_records", lambda *_, **__: None)
        with pytest.raises(DatabaseDownError, match="failing"):
            open_database(database_url, data_dir=data_dir)
    assert list(data_dir.iterdir()) == []
    assert "later_0" not in tables_of(database_url)


def test_a_call_without_a_data_folder_migrates_and_says_that_there_is_no_copy(
    data_dir: Path, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    write_incidents(database_url, count=1)
    monkeypatch.setattr(revisions, "_MIGRATIONS", further_migrations(tmp_path / "migrations"))
    with caplog.at_level(logging.WARNING):
        open_database(database_url).close()
    assert "without a copy" in caplog.text
    assert "later_0" in tables_of(database_url)
    assert list(data_dir.iterdir()) == []


def test_what_is_copied_is_what_is_migrated(
    data_dir: Path, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An older program's server reports on while the rows are copied: it waits, and its report comes after."""
    write_incidents(database_url, count=2)
    older = open_database(database_url)
    reported = threading.Thread(target=lambda: report(IncidentStore(older), "late"))

    def copy_beside_a_report(*source_and_target: Any, **tables: Any) -> None:
        reported.start()
        reported.join(0.3)
        assert reported.is_alive()
        records_copy.copy_records(*source_and_target, **tables)

    monkeypatch.setattr(older_rows, "copy_records", copy_beside_a_report)
    monkeypatch.setattr(revisions, "_MIGRATIONS", further_migrations(tmp_path / "migrations"))
    open_database(database_url, data_dir=data_dir).close()
    reported.join()
    older.close()
    assert "late" in events_of(database_url)
    monkeypatch.undo()
    (kept,) = copies_in(data_dir)
    kept.rename(tmp_path / "app.sqlite")
    assert set(events_of(sqlite_url(tmp_path))) == {"i0", "i1"}
