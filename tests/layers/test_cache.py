"""Cache files are whole or absent, checked on reading, bounded, and never a reason to fail."""

from __future__ import annotations

import io
import json
import os
import time
from pathlib import Path

import numpy as np
import pytest

from layers.cache import Cache

JSON, ARCHIVE = "plan-1.json", "matrix-1.npz"


def archive() -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, seconds=np.arange(6, dtype=np.int32))
    return buffer.getvalue()


CONTENT = {JSON: '{"name":"东庄","opened":[1,2]}'.encode(), ARCHIVE: archive()}


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


@pytest.mark.parametrize("name", CONTENT)
def test_what_was_written_is_read_back_by_any_server_and_stays_in_its_format(cache: Cache, name: str) -> None:
    cache.write(name, CONTENT[name])
    assert Cache(cache.folder).read(name) == CONTENT[name]
    if name == JSON:
        assert json.loads((cache.folder / name).read_bytes())["content"]["opened"] == [1, 2]
    else:
        with np.load(cache.folder / name) as kept:
            assert kept["seconds"].tolist() == list(range(6))


DAMAGES = {
    "empty": lambda raw: b"",
    "cut": lambda raw: raw[: len(raw) // 2],
    "one byte less": lambda raw: raw[:-1],
    "one byte more": lambda raw: raw + b" ",
    "one byte other": lambda raw: raw[:20] + bytes([raw[20] ^ 1]) + raw[21:],
    "zeros": lambda raw: bytes(len(raw)),
    "an empty list": lambda raw: b"[]",
    "an empty object": lambda raw: b"{}",
    "null": lambda raw: b"null",
    "not text": lambda raw: os.urandom(200),
    "content without digest": lambda raw: CONTENT[JSON],
    "an archive without digest": lambda raw: CONTENT[ARCHIVE],
}


@pytest.mark.parametrize("name", CONTENT)
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_not_there_and_can_be_written_anew(cache: Cache, name: str, damage: str) -> None:
    cache.write(name, CONTENT[name])
    path = cache.folder / name
    path.write_bytes(DAMAGES[damage](path.read_bytes()))
    assert cache.read(name) is None
    assert not cache.has(name)
    cache.write(name, CONTENT[name])
    assert cache.read(name) == CONTENT[name]


@pytest.mark.parametrize("place", ["folder", "link to nothing"])
def test_what_is_no_file_is_not_there(cache: Cache, place: str) -> None:
    cache.folder.mkdir()
    path = cache.folder / JSON
    if place == "folder":
        path.mkdir()
    else:
        path.symlink_to("nowhere")
    assert cache.read(JSON) is None
    cache.write(JSON, CONTENT[JSON])
    assert cache.read(JSON) == CONTENT[JSON]


def test_the_file_of_another_question_under_this_name_is_not_believed(cache: Cache) -> None:
    cache.write("plan-2.json", CONTENT[JSON])
    (cache.folder / "plan-2.json").rename(cache.folder / JSON)
    assert cache.read(JSON) is None


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file in the way")
    cache = Cache(tmp_path / "cache")
    cache.write(JSON, CONTENT[JSON])
    assert cache.read(JSON) == CONTENT[JSON], "a plan's claim is read right after it was written"
    assert not cache.is_written()
    (tmp_path / "cache").unlink()
    assert cache.is_written(), "tried again"
    assert Cache(cache.folder).read(JSON) == CONTENT[JSON]


def test_a_write_that_fails_half_way_leaves_the_old_file(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.write(JSON, CONTENT[JSON])

    def fail(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        cache.write(JSON, b"[1]")
    assert Cache(cache.folder).read(JSON) == CONTENT[JSON]
    assert [path.name for path in cache.folder.iterdir()] == [JSON], "no draft stays"


def test_readers_never_see_half_a_file(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.write(JSON, CONTENT[JSON])
    seen = []
    flush = os.fsync

    def look(descriptor: int) -> None:
        seen.append(Cache(cache.folder).read(JSON))
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", look)
    cache.write(JSON, b'"new"')
    assert seen[0] == CONTENT[JSON]
    assert cache.read(JSON) == b'"new"'


def test_the_files_used_least_lately_go_first(tmp_path: Path) -> None:
    cache = Cache(tmp_path, limit_mb=1)
    piece = b'"' + b"x" * 100_000 + b'"'
    for number in range(9):
        cache.write(f"plan-{number}.json", piece)
        past = time.time() - 1000 + number
        os.utime(tmp_path / f"plan-{number}.json", (past, past))
    assert cache.read("plan-0.json") == piece, "used again"
    for number in range(9, 12):
        cache.write(f"plan-{number}.json", piece)
    kept = {path.name for path in tmp_path.iterdir()}
    assert cache.size_mb() <= 1
    assert {"plan-0.json", "plan-11.json"} <= kept
    assert "plan-1.json" not in kept


def test_a_plan_and_its_claim_are_there_however_small_the_limit(tmp_path: Path) -> None:
    cache = Cache(tmp_path, limit_mb=1)
    for name in ("claim-1.json", "plan-1.json"):
        cache.write(name, b'"' + b"x" * 2**20 + b'"')
    assert cache.has("claim-1.json")
    assert cache.has("plan-1.json")


def test_drafts_of_killed_writers_go_and_those_at_work_stay(cache: Cache) -> None:
    cache.folder.mkdir()
    old, new, older = (cache.folder / f".{pid}-{'a' * 32}.json" for pid in (1, 2, 3))
    older = cache.folder / "tmpabc.part"
    for path in (old, new, older):
        path.write_bytes(b"x")
    for path in (old, older):
        os.utime(path, (time.time() - 7200, time.time() - 7200))
    cache.write(JSON, CONTENT[JSON])
    assert {path.name for path in cache.folder.iterdir()} == {new.name, JSON}


def test_files_are_for_their_owner_alone(cache: Cache) -> None:
    cache.write(JSON, CONTENT[JSON])
    assert (cache.folder / JSON).stat().st_mode & 0o777 == 0o600
    assert cache.folder.stat().st_mode & 0o777 == 0o700


def test_of_what_cannot_be_written_the_oldest_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cache").write_text("a file in the way")
    monkeypatch.setattr("layers.cache._UNWRITTEN_BYTES", 14)
    cache = Cache(tmp_path / "cache")
    for name in ("a.json", "b.json", "a.json", "c.json"):
        cache.write(name, b'"1234"')
    assert [cache.read(name) is not None for name in ("a.json", "b.json", "c.json")] == [True, False, True]
