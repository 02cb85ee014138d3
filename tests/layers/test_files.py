"""Files by content: whole or absent, read only as they were written, removed only when nobody names them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from run_questions import act, question, some_result

from layers.content_files import prune_files
from layers.records.database import Database
from layers.records.files import FileStore
from layers.records.runs import RunStore


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path)


def test_a_file_is_where_its_content_says_and_for_its_owner_alone(files, tmp_path):
    stored = files.put(b"plan", media_type="text/plain")
    path = tmp_path / "files" / stored.sha[:2] / stored.sha
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


def test_a_write_that_fails_leaves_nothing(files, tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "write_bytes", lambda *_given: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(OSError, match="full"):
        files.put(b"plan", media_type="text/plain")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_what_is_put_again_is_young_and_stays_when_old_files_go(files, database: Database, tmp_path):
    stray, again = (files.put(content, media_type="text/plain") for content in (b"stray", b"again"))
    runs = RunStore(database)
    run = runs.ask(question(), asked_by=None, act=act(), result=some_result(files, claim=b"proof"))
    for sha in _shas(tmp_path):
        os.utime(files.path_of(sha), (0, 0))
    files.put(b"again", media_type="text/plain")
    assert prune_files(tmp_path, database) == 1
    assert set(_shas(tmp_path)) == {again.sha, run.result_sha, run.claim_sha}
    assert files.read(stray.sha) is None


def _shas(data_dir: Path) -> list[str]:
    return [path.name for path in (data_dir / "files").rglob("*") if path.is_file() and not path.name.startswith(".")]
