"""Archives that were damaged, torn, tampered with or are none of ours: told in full, nothing written."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import stat
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from backup_site import MADE_AT, VERSIONS, without_marks, write_county, write_incidents
from hypothesis import given
from hypothesis import strategies as st

from gis.faults import FaultsError
from layers.backups.restoring import restore_backup
from layers.backups.writing import write_backup
from layers.records.database import sqlite_url


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kept")
    write_county(folder / "data")
    write_incidents(sqlite_url(folder / "data"), count=3)
    write_backup(folder / "data", sqlite_url(folder / "data"), folder / "b.zip", made_at=MADE_AT, program="1")
    return folder / "b.zip"


def told_of(path: Path, folder: Path) -> list[tuple[str, str]]:
    """Return code and value of every fault of a restore, after which nothing may be left anywhere."""
    beside = set(path.parent.rglob("*"))
    with pytest.raises(FaultsError) as refused:
        restore_backup(path, folder)
    assert set(path.parent.rglob("*")) == beside
    return sorted((fault.code, fault.value) for fault in refused.value.faults)


Members = dict[str, bytes]


def rewritten(archive: Path, target: Path, change: Callable[[Members], object]) -> Path:
    """Write an archive anew with other members."""
    with zipfile.ZipFile(archive) as old:
        members = {name: old.read(name) for name in old.namelist()}
    change(members)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in members.items():
            new.writestr(name, content)
    return target


def manifest_with(**changes: object) -> Callable[[Members], None]:
    def change(members: Members) -> None:
        told = json.loads(members["manifest.json"])
        members["manifest.json"] = json.dumps({**told, **changes}).encode()

    return change


LAYER = "layers/rivers/"
OTHER_BUILD = "builds/0000000000000000.json"


def layer_of(members: Members) -> str:
    return next(name for name in members if name.startswith(LAYER))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda m: m.update(current=b"fedcba9876543211\n"), [("backup-altered", "current")]),
        (lambda m: m.update(current=b""), [("backup-altered", "current")]),
        (lambda m: m.pop("current"), [("backup-lacks", "current")]),
        (
            lambda m: m.update({"builds/0000000000000000.json": b"{}"}),
            [("backup-unlisted", "builds/0000000000000000.json")],
        ),
        (
            lambda m: (m.pop("current"), m.update({layer_of(m): b"x", "app.sqlite": b"y", "../up": b"z"})),
            [
                ("backup-altered", "app.sqlite"),
                ("backup-altered", LAYER),
                ("backup-lacks", "current"),
                ("backup-unsafe-name", "../up"),
            ],
        ),
        (lambda m: m.pop("manifest.json"), [("backup-foreign", "")]),
        (lambda m: m.update({"manifest.json": b"{}"}), [("backup-foreign", "")]),
        (lambda m: m.update({"manifest.json": b"[" * 100_000}), [("backup-foreign", "")]),
        (lambda m: m.update({"manifest.json": b"\xff\xfe"}), [("backup-foreign", "")]),
        (manifest_with(format_version=3, program="9.9"), [("backup-newer", "9.9")]),
        (manifest_with(made_at="yesterday"), [("backup-foreign", "")]),
        (manifest_with(made_at="2026-11-29T20:00:00"), [("backup-foreign", "")]),
        (manifest_with(files={}), [("backup-foreign", "")]),
        (manifest_with(files=[]), [("backup-foreign", "")]),
        (manifest_with(tables={}), [("backup-records-damaged", "app.sqlite")]),
        (manifest_with(revision="0000"), [("backup-records-damaged", "app.sqlite")]),
    ],
)
def test_everything_wrong_is_told_at_once(archive: Path, tmp_path: Path, change, told) -> None:
    found = told_of(rewritten(archive, tmp_path / "x.zip", change), tmp_path / "new")
    assert [(code, LAYER if value.startswith(LAYER) else value) for code, value in found] == told


@pytest.mark.parametrize(
    "name",
    [
        "../escaped",
        "/tmp/escaped",
        "layers/../../escaped",
        "layers/rivers/../../../escaped.gpkg",
        "..\\escaped",
        "C:\\escaped",
        "layers//0123456789abcdef.gpkg",
        "./current",
        "current/",
        "CURRENT",
        "app.sqlite-wal",
        "app.sqlite-journal",
        ".bashrc",
        "layers/ri\u202evers/0123456789abcdef.gpkg",
        "layers/rivers/0123456789abcdef.gpkg\n",
    ],
)
def test_no_name_leads_out_of_the_folder(archive: Path, tmp_path: Path, name: str) -> None:
    """The manifest lists the file, with its true hash."""

    def add(members: Members) -> None:
        members[name] = b"escaped"
        files = json.loads(members["manifest.json"])["files"]
        files[name] = {"size": 7, "sha256": hashlib.sha256(b"escaped").hexdigest()}
        manifest_with(files=files)(members)

    found = told_of(rewritten(archive, tmp_path / "x.zip", add), tmp_path / "deep" / "new")
    assert "backup-unsafe-name" in {code for code, _ in found}
    assert not list(tmp_path.rglob("*escaped*"))


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFDIR, stat.S_IFIFO, stat.S_IFBLK])
def test_links_and_devices_are_refused(archive: Path, tmp_path: Path, kind: int) -> None:
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(tmp_path / "x.zip", "w") as new:
        for member in old.infolist():
            content = old.read(member)
            if member.filename == "current":
                member.external_attr = (kind | 0o777) << 16
            new.writestr(member, content)
    assert ("backup-link", "current") in told_of(tmp_path / "x.zip", tmp_path / "new")


def test_a_file_that_is_there_twice_is_refused(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(archive.read_bytes())
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(tmp_path / "x.zip", "a") as more:
        more.writestr("current", VERSIONS[0])
    assert ("backup-twice", "current") in told_of(tmp_path / "x.zip", tmp_path / "new")


def test_an_archive_that_grows_without_end_is_not_unpacked(archive: Path, tmp_path: Path) -> None:
    zeros = b"\0" * (100 * 2**20)
    path = rewritten(archive, tmp_path / "x.zip", lambda members: members.update({"app.sqlite": zeros}))
    assert path.stat().st_size < 300_000
    assert told_of(path, tmp_path / "new") == [("backup-too-large", "")]
    huge = {"app.sqlite": {"size": 2**40, "sha256": "0" * 64}}
    path = rewritten(archive, tmp_path / "y.zip", manifest_with(files=huge))
    assert ("backup-too-large", "") in told_of(path, tmp_path / "new")


def test_more_than_the_manifest_says_is_never_written(archive: Path, tmp_path: Path) -> None:
    """The directory of the archive and the manifest both lie about a file that goes on."""
    path = rewritten(archive, tmp_path / "x.zip", lambda members: members.update(current=b"0" * 50_000))
    raw = path.read_bytes()
    at = raw.rindex(b"current") - 46  # its entry in the directory
    assert raw[at : at + 4] == b"PK\x01\x02"
    path.write_bytes(raw[: at + 24] + (17).to_bytes(4, "little") + raw[at + 28 :])
    assert told_of(path, tmp_path / "new") == [("backup-altered", "current")]


@pytest.mark.parametrize("content", [b"", b"county", b"PK\x05\x06", b"SQLite format 3\0" * 100])
def test_another_file_is_no_backup(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(content)
    assert told_of(tmp_path / "x.zip", tmp_path / "new") == [("backup-foreign", "")]


def test_another_archive_is_no_backup(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as other:
        other.writestr("xl/workbook.xml", "<workbook/>")
    assert told_of(tmp_path / "x.zip", tmp_path / "new") == [("backup-foreign", "")]


@pytest.mark.parametrize("share", [0.01, 0.3, 0.6, 0.9, 0.999])
def test_a_torn_archive_is_told(archive: Path, tmp_path: Path, share: float) -> None:
    whole = archive.read_bytes()
    (tmp_path / "x.zip").write_bytes(whole[: int(len(whole) * share)])
    assert told_of(tmp_path / "x.zip", tmp_path / "new") == [("backup-torn", "")]


def test_folder_and_archive_are_told_together(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "note").touch()
    path = rewritten(archive, tmp_path / "x.zip", lambda members: members.pop("current"))
    assert told_of(path, tmp_path / "used") == [("backup-lacks", "current"), ("restore-folder-used", "")]


def test_records_that_were_emptied_with_a_true_hash_are_told(archive: Path, tmp_path: Path) -> None:
    def empty(members: Members) -> None:
        (tmp_path / "r.sqlite").write_bytes(members["app.sqlite"])
        with closing(sqlite3.connect(tmp_path / "r.sqlite")) as records:
            records.execute("DROP TABLE incident_event")
            records.commit()
        members["app.sqlite"] = (tmp_path / "r.sqlite").read_bytes()
        files = json.loads(members["manifest.json"])["files"]
        digest = hashlib.sha256(members["app.sqlite"]).hexdigest()
        files["app.sqlite"] = {"size": len(members["app.sqlite"]), "sha256": digest}
        manifest_with(files=files)(members)

    path = rewritten(archive, tmp_path / "x.zip", empty)
    assert told_of(path, tmp_path / "new") == [("backup-records-damaged", "app.sqlite")]


@given(data=st.data())
def test_a_flipped_byte_is_told_or_harmless(archive: Path, data: st.DataObject) -> None:
    folder = Path(tempfile.mkdtemp(dir=archive.parent))
    raw = bytearray(archive.read_bytes())
    # Half of the flips hit the directory at the end, where a file's name, size and kind stand.
    start = data.draw(st.sampled_from([0, raw.index(b"PK\x01\x02")]))
    at = data.draw(st.integers(start, len(raw) - 1))
    raw[at] ^= data.draw(st.integers(1, 255))
    (folder / "x.zip").write_bytes(raw)
    try:
        manifest = restore_backup(folder / "x.zip", folder / "new")
    except FaultsError:
        assert not (folder / "new").exists()
        return
    with zipfile.ZipFile(archive) as whole:
        there = {path.relative_to(folder / "new").as_posix(): path for path in (folder / "new").rglob("*.*")}
        found = {name: there[name].read_bytes() for name in without_marks(there)}
        assert found == {name: whole.read(name) for name in manifest.files if name != "current"}
