"""Files by content: whole or absent, read only as they were written, removed only when nobody names them."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from run_questions import act, question, some_result
from sqlalchemy import select, update

from layers.records.database import Database
from layers.records.files import FileStore
from layers.records.runs import RunStore
from layers.records.tables import file as file_table
from layers.records.tables import run as run_table


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


def test_a_file_is_where_its_content_says_and_for_its_owner_alone(files):
    stored = files.put(b"plan", media_type="text/plain")
    path = files.folder / stored.sha[:2] / stored.sha
    assert (stored.bytes, path.read_bytes(), path.stat().st_mode & 0o077) == (4, b"plan", 0)
    assert files.read(stored.sha) == b"plan"
    assert files.put(b"plan", media_type="text/plain") == stored


def test_what_is_damaged_gone_or_no_file_is_not_read_and_is_written_anew(files):
    stored = files.put(b"plan", media_type="text/plain")
    path = files.path_of(stored.sha)
    for content in (b"plam", b"", b"plan and more"):
        path.write_bytes(content)
        assert files.read(stored.sha) is None
        assert not path.exists()
        files.put(b"plan", media_type="text/plain")
        assert files.read(stored.sha) == b"plan"
    path.write_bytes(b"plam")
    files.put(b"plan", media_type="text/plain")
    assert files.read(stored.sha) == b"plan"
    for name in (None, "", "../app.sqlite", "A" * 64, "0" * 64, f"{stored.sha}\n"):
        assert files.read(name) is None


def test_a_write_that_fails_leaves_nothing(files, monkeypatch):
    monkeypatch.setattr(Path, "write_bytes", lambda *_given: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(OSError, match="full"):
        files.put(b"plan", media_type="text/plain")
    assert [path for path in files.folder.rglob("*") if path.is_file()] == []


def test_files_that_no_run_names_are_removed_once_they_are_old(files, database: Database):
    runs = RunStore(database)
    runs.ask(question(), asked_by=None, act=act(), result=some_result(files, claim=b"proof"))
    named = set(_shas(files))
    stray, young = (files.put(content, media_type="text/plain") for content in (b"stray", b"young"))
    hour_ago = time.time() - 3700
    for sha in {*named, stray.sha}:
        os.utime(files.path_of(sha), (hour_ago, hour_ago))
    draft = files.path_of(stray.sha).with_name(f".999999999-{'0' * 32}")
    draft.write_bytes(b"half")
    assert files.prune(database) == 1
    assert set(_shas(files)) == named | {young.sha}
    assert not draft.exists()


def test_a_row_that_no_run_names_goes_with_its_file(files, database: Database):
    runs = RunStore(database)
    run = runs.ask(question(), asked_by=None, act=act(), result=some_result(files, claim=b"proof"))
    with database.writing() as connection:
        connection.execute(update(run_table).values(claim_sha=None))
        connection.execute(update(file_table).values(made_at=datetime(2026, 1, 1, tzinfo=UTC)))
    os.utime(files.path_of(run.claim_sha), (0, 0))
    assert files.prune(database) == 1
    with database.reading() as connection:
        assert connection.scalars(select(file_table.c.sha)).all() == [run.result_sha]
    assert _shas(files) == [run.result_sha]


def _shas(files: FileStore) -> list[str]:
    return [path.name for path in files.folder.rglob("*") if path.is_file() and not path.name.startswith(".")]
