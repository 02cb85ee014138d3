"""What is restored is what was kept, from each kind of database into each."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import stat
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from backup_site import MADE_AT, VERSIONS, empty_schema, events_of, write_county, write_incidents
from sqlalchemy import JSON, Column, DateTime, Integer, LargeBinary, MetaData, String, Table, create_engine, text

from gis.faults import FaultsError
from layers.backups import reading
from layers.backups.manifest import Manifest
from layers.backups.records_copy import contents, copy_records
from layers.backups.restoring import restore_backup
from layers.backups.sqlite_copy import copy_sqlite
from layers.backups.writing import write_backup
from layers.records.database import open_database, sqlite_url
from layers.records.database_faults import DatabaseDownError
from layers.records.tables import UtcDateTime
from layers.soundness import damaged_layers
from layers.store import layer_path, read_build, read_layer


def back_up(data_dir: Path, url: str, target: Path) -> Manifest:
    return write_backup(data_dir, url, target, made_at=MADE_AT, program="1.2.3")


def codes(refused: pytest.ExceptionInfo[FaultsError]) -> list[str]:
    return sorted(fault.code for fault in refused.value.faults)


@pytest.fixture(params=["sqlite", "postgis"])
def target_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where records are restored to; empty for a file in the folder."""
    if request.param == "sqlite":
        yield ""
        return
    with empty_schema(request.getfixturevalue("postgis_url")) as url:
        yield url


def test_all_incidents_and_layers_come_back(data_dir: Path, database_url: str, target_url: str, tmp_path: Path) -> None:
    write_county(data_dir)
    write_incidents(database_url, count=7)
    before = events_of(database_url)
    made = back_up(data_dir, database_url, tmp_path / "out" / "b.zip")
    restored = restore_backup(tmp_path / "out" / "b.zip", tmp_path / "new", database_url=target_url)
    assert restored == made
    assert made.made_at == MADE_AT
    assert (made.program, made.lacking) == ("1.2.3", ())
    assert made.tables["incident_event"].rows == 14
    for name, entry in made.files.items():
        if name != "app.sqlite" or not target_url:
            content = (tmp_path / "new" / name).read_bytes()
            assert (len(content), hashlib.sha256(content).hexdigest()) == (entry.size, entry.sha256), name
    assert (tmp_path / "new" / "current").read_text() == (data_dir / "current").read_text()
    layer = read_build(tmp_path / "new", VERSIONS[0])["layers"]["rivers"]["version"]
    assert read_layer(tmp_path / "new", "rivers", layer).equals(read_layer(data_dir, "rivers", layer))
    assert events_of(target_url or sqlite_url(tmp_path / "new")) == before
    assert (tmp_path / "new" / "app.sqlite").exists() is not bool(target_url)


def test_a_backup_of_what_was_restored_is_the_same(data_dir: Path, database_url: str, tmp_path: Path) -> None:
    write_county(data_dir)
    write_incidents(database_url, count=3)
    first = back_up(data_dir, database_url, tmp_path / "1.zip")
    restore_backup(tmp_path / "1.zip", tmp_path / "new")
    second = back_up(tmp_path / "new", sqlite_url(tmp_path / "new"), tmp_path / "2.zip")
    assert second.tables == first.tables
    assert {**second.files, "app.sqlite": None} == {**first.files, "app.sqlite": None}


def test_an_archive_can_be_read_without_us(data_dir: Path, database_url: str, tmp_path: Path) -> None:
    write_incidents(database_url, count=2)
    back_up(data_dir, database_url, tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        assert archive.testzip() is None
        told = json.loads(archive.read("manifest.json"))
        archive.extractall(tmp_path / "by-hand")
    records = (tmp_path / "by-hand" / "app.sqlite").read_bytes()
    assert told["files"]["app.sqlite"] == {"size": len(records), "sha256": hashlib.sha256(records).hexdigest()}
    assert told["made_at"] == MADE_AT.isoformat()
    assert told["format_version"] == 2  # programs that know of no files by content refuse it as newer
    with closing(sqlite3.connect(tmp_path / "by-hand" / "app.sqlite")) as plain:
        assert plain.execute("SELECT count(*) FROM incident_event").fetchone() == (4,)
        assert plain.execute("SELECT version_num FROM alembic_version").fetchone() == (told["revision"],)


def test_what_was_reported_is_for_the_owner_only(data_dir: Path, database_url: str, tmp_path: Path) -> None:
    write_incidents(database_url, count=1)
    back_up(data_dir, database_url, tmp_path / "b.zip")
    restore_backup(tmp_path / "b.zip", tmp_path / "new")
    for path in (tmp_path / "b.zip", tmp_path / "new", tmp_path / "new" / "app.sqlite"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []


def test_a_backup_changes_nothing_in_what_it_copies(data_dir: Path, tmp_path: Path) -> None:
    url = sqlite_url(data_dir)
    back_up_of_nothing = pytest.raises(FaultsError)
    with back_up_of_nothing as refused:
        back_up(data_dir, url, tmp_path / "b.zip")
    assert codes(refused) == ["backup-nothing"]
    assert list(data_dir.iterdir()) == []
    write_county(data_dir)
    assert back_up(data_dir, url, tmp_path / "b.zip").database is None
    assert not (data_dir / "app.sqlite").exists()


def test_a_layer_that_is_gone_is_told_and_the_rest_kept(data_dir: Path, database_url: str, tmp_path: Path) -> None:
    write_county(data_dir)
    write_incidents(database_url, count=1)
    version = read_build(data_dir, VERSIONS[0])["layers"]["rivers"]["version"]
    layer_path(data_dir, "rivers", version).unlink()
    assert damaged_layers(data_dir, {"rivers": version}) == ["rivers"]
    (data_dir / "builds" / f"{VERSIONS[0]}.json").chmod(0o600)
    (data_dir / "builds" / f"{VERSIONS[0]}.json").write_text("{")
    made = back_up(data_dir, database_url, tmp_path / "b.zip")
    assert made.lacking == (f"builds/{VERSIONS[0]}.json", f"layers/rivers/{version}.gpkg")
    assert set(made.files) == {"app.sqlite", "current", f"builds/{VERSIONS[1]}.json"}
    assert restore_backup(tmp_path / "b.zip", tmp_path / "new").lacking == made.lacking


def test_damaged_records_do_not_replace_a_good_backup(data_dir: Path, tmp_path: Path) -> None:
    write_incidents(sqlite_url(data_dir), count=50)
    back_up(data_dir, sqlite_url(data_dir), tmp_path / "b.zip")
    good = (tmp_path / "b.zip").read_bytes()
    whole = (data_dir / "app.sqlite").read_bytes()
    (data_dir / "app.sqlite").write_bytes(whole[:4096] + b"\x55" * 8192 + whole[12288:])
    with pytest.raises(DatabaseDownError):
        back_up(data_dir, sqlite_url(data_dir), tmp_path / "b.zip")
    assert (tmp_path / "b.zip").read_bytes() == good
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_file_that_is_no_backup_is_not_replaced(data_dir: Path, tmp_path: Path) -> None:
    write_county(data_dir)
    (tmp_path / "plan.json").write_text("{}")
    with pytest.raises(FaultsError) as refused:
        back_up(data_dir, sqlite_url(data_dir), tmp_path / "plan.json")
    assert codes(refused) == ["backup-name-taken"]
    assert (tmp_path / "plan.json").read_text() == "{}"


def test_nothing_is_restored_over_what_is_there(
    data_dir: Path, database_url: str, target_url: str, tmp_path: Path
) -> None:
    write_incidents(database_url, count=2)
    back_up(data_dir, database_url, tmp_path / "b.zip")
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "note.txt").write_text("ours")
    with pytest.raises(FaultsError) as refused:
        restore_backup(tmp_path / "b.zip", tmp_path / "used", database_url=target_url)
    assert codes(refused) == ["restore-folder-used"]
    assert [path.name for path in (tmp_path / "used").iterdir()] == ["note.txt"]
    if target_url:
        write_incidents(target_url, count=1)
        with pytest.raises(FaultsError) as refused:
            restore_backup(tmp_path / "b.zip", tmp_path / "new", database_url=target_url)
        assert codes(refused) == ["restore-database-used"]
        assert len(events_of(target_url)) == 1
        assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("database_url", ["postgis"], indirect=True)
def test_a_restore_that_was_killed_between_database_and_folder_can_be_repeated(
    data_dir: Path, database_url: str, tmp_path: Path
) -> None:
    write_county(data_dir)
    write_incidents(database_url, count=3)
    before = events_of(database_url)
    back_up(data_dir, database_url, tmp_path / "b.zip")
    restore_backup(tmp_path / "b.zip", tmp_path / "new", database_url=database_url)
    assert events_of(database_url) == before
    assert (tmp_path / "new" / "current").exists()


def test_records_of_a_newer_program_are_refused(data_dir: Path, database_url: str, tmp_path: Path) -> None:
    write_incidents(database_url, count=1)
    back_up(data_dir, database_url, tmp_path / "b.zip")
    database = open_database(database_url)
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    for refused in (lambda: open_database(database_url), lambda: back_up(data_dir, database_url, tmp_path / "b.zip")):
        with pytest.raises(DatabaseDownError, match="other-version"):
            refused()


def test_every_kind_of_column_comes_through(data_dir: Path, database_url: str, target_url: str) -> None:
    """Tables of later migrations: numbered rows, bytes, empty JSON beside JSON's null."""
    made = MetaData()
    table = Table(
        "kinds",
        made,
        Column("id", Integer, primary_key=True),
        Column("words", String(20)),
        Column("at", UtcDateTime),
        Column("content", LargeBinary),
        Column("may_be_empty", JSON),
        Column("told_at", DateTime(timezone=True)),
    )
    rows = [
        {"id": 7, "words": "一", "at": MADE_AT, "content": b"\x00\xff", "may_be_empty": {"b": 1.0, "a": [None]}},
        {"id": 9, "words": None, "at": None, "content": None, "may_be_empty": None},
    ]
    source, target = open_database(database_url), open_database(target_url or sqlite_url(data_dir / "other"))
    for database in (source, target):
        with database.writing() as connection:
            made.create_all(connection)
    with source.writing() as connection:
        for row in rows:
            told = {name: value for name, value in row.items() if value is not None}
            connection.execute(table.insert().values(told))
    with source.reading() as one, target.writing() as other:
        copy_records(one, other, tables=[table])
        assert contents(one, tables=[table]) == contents(other, tables=[table])
        new = other.execute(table.insert().values(words="later")).inserted_primary_key
        assert new is not None
        assert new[0] == 10
        empty = other.scalar(text("SELECT count(*) FROM kinds WHERE may_be_empty IS NULL"))
        assert empty == 2  # the one that was copied and the later one
        changed = contents(other, tables=[table])
    with source.reading() as one:
        assert contents(one, tables=[table]) != changed
    for database in (source, target):
        database.close()


def test_a_copy_of_a_database_in_use_has_what_was_committed(data_dir: Path, tmp_path: Path) -> None:
    url = sqlite_url(data_dir)
    write_incidents(url, count=2)
    database = open_database(url)
    with database.writing() as open_transaction:
        open_transaction.execute(text("DELETE FROM alembic_version"))
        copy_sqlite(data_dir / "app.sqlite", tmp_path / "copy.sqlite")
    database.close()
    engine = create_engine(sqlite_url(tmp_path).replace("app.", "copy."))
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM alembic_version")) == 1
    engine.dispose()


def test_records_that_are_all_alike_can_be_restored(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is compressed beyond what reading allows is written without compression."""
    write_incidents(sqlite_url(data_dir), count=30)
    packed = back_up(data_dir, sqlite_url(data_dir), tmp_path / "packed.zip")
    monkeypatch.setattr(reading, "_GROWTH", 2)
    monkeypatch.setattr(reading, "_SMALL_BYTES", 0)
    assert back_up(data_dir, sqlite_url(data_dir), tmp_path / "plain.zip").tables == packed.tables
    restore_backup(tmp_path / "plain.zip", tmp_path / "new")
    with pytest.raises(FaultsError) as refused:
        restore_backup(tmp_path / "packed.zip", tmp_path / "other")
    assert codes(refused) == ["backup-too-large"]
