"""Files of a case: once for a key, seen by whoever may with a row in the audit, and gone once erased."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from publication_rows import published
from scenario_rows import acts

from gis.faults import FaultsError
from layers import content_files
from layers.content_files import prune_files
from layers.records import attachments
from layers.records.attachment_rows import attachments_of
from layers.records.attachments import AttachmentStore, NewAttachment
from layers.records.audit import COMMAND_LINE, Act
from layers.records.conflicts import ConflictError
from layers.records.database import Database
from layers.records.files import FileStore

OPENED, ERASED = (Act(COMMAND_LINE, f"attachment.{verb}", "incident") for verb in ("opened", "erased"))


@pytest.fixture
def store(database: Database, data_dir: Path) -> AttachmentStore:
    return AttachmentStore(database, FileStore(data_dir))


def new(data_dir: Path, content: bytes, *, case: str = "i-1", key: str = "k") -> NewAttachment:
    shown = FileStore(data_dir).put(b"shown " + content, media_type="image/jpeg")
    return NewAttachment(case, key, hashlib.sha256(content).hexdigest(), "photo", shown)


def files(data_dir: Path) -> int:
    return sum(path.is_file() for path in (data_dir / "files").glob("??/*"))


def test_a_file_is_kept_once_for_its_key_and_each_look_is_recorded(
    store: AttachmentStore, database: Database, data_dir: Path
) -> None:
    with ThreadPoolExecutor(4) as pool:
        sent = list(pool.map(lambda _: store.add(new(data_dir, b"a")), range(4)))
    assert sorted(is_new for _, is_new in sent) == [False, False, False, True]
    (kept,) = attachments_of(database, "i-1")
    assert {one.id for one, _ in sent} == {kept.id}
    with pytest.raises(ConflictError) as told:
        store.add(new(data_dir, b"b"))
    assert told.value.faults[0].code == "attachment-key-used"
    assert store.add(new(data_dir, b"b", case="i-2"))[1]
    opened = store.open("i-1", kept.id, act=OPENED)
    assert opened == (kept, b"shown a")
    assert store.open("i-2", kept.id, act=OPENED) is None
    assert store.open("i-1", "x'; --", act=OPENED) is None
    assert acts(database) == [("attachment.opened", "incident", "i-1", {"attachment": kept.id})]


def test_more_than_the_most_and_a_key_that_is_none_are_refused(
    store: AttachmentStore, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "MOST_ATTACHMENTS", 2)
    for key in ("1", "2"):
        store.add(new(data_dir, b"a", key=key))
    for key, code in (("3", "attachment-too-many"), ("", "bad-attachment-key"), ("a\n", "bad-attachment-key")):
        with pytest.raises(FaultsError) as told:
            store.add(new(data_dir, b"a", key=key))
        assert told.value.faults[0].code == code
    assert store.add(new(data_dir, b"a", key="2"))[1] is False


def test_an_erased_file_is_gone_unless_something_else_has_the_same_content(
    store: AttachmentStore, database: Database, data_dir: Path
) -> None:
    shared, _ = store.add(new(data_dir, b"a", key="1"))
    alone, _ = store.add(new(data_dir, b"b", key="2"))
    other, _ = store.add(new(data_dir, b"a", case="i-2"))
    assert files(data_dir) == 2
    assert store.erase("i-1", act=ERASED) == 2
    assert files(data_dir) == 1
    assert store.open("i-2", other.id, act=OPENED) == (other, b"shown a")
    for one in (shared, alone):
        opened = store.open("i-1", one.id, act=OPENED)
        assert opened is not None
        assert (opened[0].sha, opened[0].shown_sha, opened[1]) == ("", None, None)
        assert opened[0].erased_at is not None
    assert store.erase("i-1", act=ERASED) == 0
    assert store.erase("i-2", other.id, act=ERASED) == 1
    assert files(data_dir) == 0
    assert [row for row in acts(database) if row[0] == "attachment.erased"] == [
        ("attachment.erased", "incident", "i-1", {"attachments": 2}),
        ("attachment.erased", "incident", "i-2", {"attachments": 1}),
    ]


def test_files_of_cases_and_publications_outlive_the_pruning(
    store: AttachmentStore, database: Database, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add(new(data_dir, b"a"))
    published(database, data_dir)
    before = files(data_dir)
    later = content_files.now() + timedelta(hours=3)
    monkeypatch.setattr(content_files, "now", lambda: later)
    monkeypatch.setattr(content_files, "_is_old", lambda _path: True)
    assert before > 1
    assert prune_files(data_dir, database) == 0
    assert files(data_dir) == before
