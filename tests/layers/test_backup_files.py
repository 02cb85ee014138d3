"""Files by content: kept with the records that name them, told where they are lacking, removed when nothing does."""

from __future__ import annotations

import json
import os
import stat
import time
import zipfile
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from backup_rows import add_one_of_each, content_of, contents_of, write_rows
from backup_site import MADE_AT, write_county
from sqlalchemy import Connection, delete, func, select, update

from gis.faults import FaultsError
from layers import content_files
from layers.backups import snapshot, writing
from layers.backups.manifest import Manifest
from layers.backups.restoring import restore_backup
from layers.backups.writing import write_backup
from layers.content_files import content_path, prune_files
from layers.records.database import Database
from layers.records.tables import attachment, file, publication, run


def back_up(data_dir: Path, url: str, target: Path) -> Manifest:
    return write_backup(data_dir, url, target, made_at=MADE_AT, program="1", settings={"PORT": "8080"})


def path_of(data_dir: Path, number: int) -> Path:
    return content_path(data_dir, sha256(content_of(number)).hexdigest())


def test_files_come_back_where_the_records_look_for_them(data_dir: Path, database_url: str, tmp_path: Path) -> None:
    write_county(data_dir)
    write_rows(database_url, data_dir, count=4)
    made = back_up(data_dir, database_url, tmp_path / "b.zip")
    assert restore_backup(tmp_path / "b.zip", tmp_path / "new") == made
    assert made.settings == {"PORT": "8080"}
    for number in range(4):
        restored = path_of(tmp_path / "new", number)
        assert restored.read_bytes() == content_of(number)
        assert stat.S_IMODE(restored.stat().st_mode) == 0o600  # as the service itself writes them
        assert made.files[restored.relative_to(tmp_path / "new").as_posix()].sha256 == restored.name
    assert contents_of(f"sqlite:///{tmp_path / 'new' / 'app.sqlite'}") == contents_of(database_url)


def test_files_that_no_record_names_are_left_out(data_dir: Path, database_url: str, tmp_path: Path) -> None:
    write_rows(database_url, data_dir, count=1)
    path_of(data_dir, 7).parent.mkdir()
    path_of(data_dir, 7).write_bytes(content_of(7))
    made = back_up(data_dir, database_url, tmp_path / "b.zip")
    assert set(made.files) == {"app.sqlite", path_of(data_dir, 0).relative_to(data_dir).as_posix()}


def test_what_is_gone_or_damaged_is_named_as_lacking(data_dir: Path, database_url: str, tmp_path: Path) -> None:
    write_rows(database_url, data_dir, count=4)
    path_of(data_dir, 0).unlink()
    path_of(data_dir, 1).write_bytes(content_of(1)[:-1])
    path_of(data_dir, 2).unlink()
    path_of(data_dir, 2).mkdir()
    names = [path_of(data_dir, number).relative_to(data_dir).as_posix() for number in range(4)]
    made = back_up(data_dir, database_url, tmp_path / "b.zip")
    assert set(made.lacking) == set(names[:3])
    assert set(made.files) == {"app.sqlite", names[3]}
    assert restore_backup(tmp_path / "b.zip", tmp_path / "new").lacking == made.lacking


def test_a_file_that_goes_while_the_backup_is_written_is_lacking(
    data_dir: Path, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_rows(database_url, data_dir, count=2)
    find = snapshot.named_files

    def then_it_goes(records: Path) -> list[str]:
        names = find(records)
        path_of(data_dir, 1).unlink()
        return names

    monkeypatch.setattr(writing, "named_files", then_it_goes)
    made = back_up(data_dir, database_url, tmp_path / "b.zip")
    assert made.lacking == (path_of(data_dir, 1).relative_to(data_dir).as_posix(),)


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"settings": {"PATH": "/tmp"}}, "backup-foreign"),
        ({"settings": {"PORT": "80\x1b[2J"}}, "backup-foreign"),
        ({"settings": ["PORT"]}, "backup-foreign"),
        ({"files": {f"files/{'a' * 2}/{'a' * 64}": {"size": 1, "sha256": "b" * 64}}}, "backup-foreign"),
        ({"files": {f"files/ab/{'a' * 64}": {"size": 1, "sha256": "a" * 64}}}, "backup-unsafe-name"),
    ],
)
def test_a_manifest_with_names_that_are_not_ours_is_refused(
    data_dir: Path, tmp_path: Path, told: dict[str, object], code: str
) -> None:
    write_county(data_dir)
    back_up(data_dir, f"sqlite:///{data_dir / 'app.sqlite'}", tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as old, zipfile.ZipFile(tmp_path / "x.zip", "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "manifest.json":
                content = json.dumps({**json.loads(content), **told}).encode()
            new.writestr(name, content)
    with pytest.raises(FaultsError) as refused:
        restore_backup(tmp_path / "x.zip", tmp_path / "new")
    assert next(fault.code for fault in refused.value.faults) == code
    assert not (tmp_path / "new").exists()


def test_a_backup_of_the_version_before_is_read(data_dir: Path, tmp_path: Path) -> None:
    write_county(data_dir)
    made = back_up(data_dir, f"sqlite:///{data_dir / 'app.sqlite'}", tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as old, zipfile.ZipFile(tmp_path / "x.zip", "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "manifest.json":
                told = {**json.loads(content), "format_version": 1}
                del told["settings"]
                content = json.dumps(told).encode()
            new.writestr(name, content)
    assert restore_backup(tmp_path / "x.zip", tmp_path / "new").files == made.files


# --- what goes


def forget_others(connection: Connection) -> None:
    """Let only runs name files."""
    for table in (publication, attachment):
        connection.execute(delete(table))


def age(path: Path, *, hours: float) -> None:
    moment = time.time() - hours * 3600
    os.utime(path, (moment, moment))


def test_files_and_rows_that_nothing_names_go_after_an_hour(data_dir: Path, database: Database) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    write_rows(url, data_dir, count=4)
    stray = path_of(data_dir, 9)
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(content_of(9))
    for number in (0, 1, 2, 9):
        age(path_of(data_dir, number), hours=1.1)
    with database.writing() as connection:
        forget_others(connection)
        connection.execute(delete(run).where(run.c.result_sha != path_of(data_dir, 0).name))
    assert prune_files(data_dir, database) == 3
    assert path_of(data_dir, 0).exists()  # named
    assert path_of(data_dir, 3).exists()  # young: a service may be about to name it
    assert not any(path_of(data_dir, number).exists() for number in (1, 2, 9))
    with database.reading() as connection:
        assert set(connection.scalars(select(file.c.sha))) == {path_of(data_dir, 0).name}


def test_a_row_of_the_last_hour_stays_with_its_file(
    data_dir: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_rows(database.engine.url.render_as_string(hide_password=False), data_dir, count=1)
    with database.writing() as connection:
        forget_others(connection)
        connection.execute(delete(run))
        made_at = connection.scalar(select(file.c.made_at))
    age(path_of(data_dir, 0), hours=2)
    with monkeypatch.context() as clock:
        clock.setattr(content_files, "now", lambda: made_at)
        assert prune_files(data_dir, database) == 0
    assert prune_files(data_dir, database) == 1


def test_a_file_that_is_touched_while_it_is_about_to_go_stays(
    data_dir: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A service has the same result anew: it finds the file, makes it young, and names it a moment later."""
    path = path_of(data_dir, 0)
    path.parent.mkdir(parents=True)
    path.write_bytes(content_of(0))
    age(path, hours=2)
    rename, touched = Path.rename, []

    def touch_first(one: Path, other: Path) -> Path:
        if one == path:
            os.utime(path)
            touched.append(path)
        return rename(one, other)

    monkeypatch.setattr(Path, "rename", touch_first)
    assert prune_files(data_dir, database) == 0
    assert touched
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    with database.writing() as connection:
        add_one_of_each(connection, 0)
        assert connection.scalar(select(func.count()).select_from(file)) == 1


@pytest.mark.parametrize("database_url", ["postgis"], indirect=True)
def test_a_row_that_is_named_anew_beside_the_pruning_stays(
    data_dir: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a server a service may end its transaction between two questions of ours."""
    write_rows(database.engine.url.render_as_string(hide_password=False), data_dir, count=1)
    with database.writing() as connection:
        forget_others(connection)
        connection.execute(delete(run))
        connection.execute(update(file).values(made_at=MADE_AT - timedelta(days=9)))
    ask = content_files._named

    def name_anew(connection: Connection) -> set[str]:
        named = ask(connection)
        with database.writing() as service:
            service.execute(update(file).values(made_at=datetime.now(UTC)))
        return named

    monkeypatch.setattr(content_files, "_named", name_anew)
    assert prune_files(data_dir, database) == 0
    with database.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(file)) == 1


def test_a_young_file_is_never_out_of_its_place(
    data_dir: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    path_of(data_dir, 0).parent.mkdir(parents=True)
    path_of(data_dir, 0).write_bytes(content_of(0))
    monkeypatch.setattr(Path, "rename", lambda *_: pytest.fail("nobody could read it meanwhile"))
    assert prune_files(data_dir, database) == 0


def test_other_files_in_the_folder_are_left_alone(data_dir: Path, database: Database) -> None:
    note = data_dir / "files" / "ab" / "note.txt"
    note.parent.mkdir(parents=True)
    note.write_text("ours")
    age(note, hours=99)
    assert prune_files(data_dir, database) == 0
    assert note.exists()
