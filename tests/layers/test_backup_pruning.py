"""Which backups go: the oldest of the same county and name, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from backup_site import MADE_AT, write_county

from layers.backups.pruning import prune_backups
from layers.backups.writing import write_backup
from layers.records.database import sqlite_url
from layers.store import write_build


@pytest.fixture
def folder(data_dir: Path, tmp_path: Path) -> Path:
    """Backups of five days; the name of the last sorts first."""
    write_county(data_dir)
    for day in range(5):
        target = tmp_path / "kept" / f"linyi-{(day + 1) % 5}.zip"
        write_backup(data_dir, sqlite_url(data_dir), target, made_at=MADE_AT + timedelta(days=day), program="1")
    return tmp_path / "kept"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def made_last(data_dir: Path, target: Path, *, keep: int) -> list[str]:
    made = write_backup(data_dir, sqlite_url(data_dir), target, made_at=MADE_AT + timedelta(days=9), program="1")
    return [path.name for path in prune_backups(target, made, keep=keep)]


@pytest.mark.parametrize(
    ("keep", "gone"),
    [
        (1, {"linyi-0.zip", "linyi-1.zip", "linyi-2.zip", "linyi-3.zip", "linyi-4.zip"}),
        (2, {"linyi-1.zip", "linyi-2.zip", "linyi-3.zip", "linyi-4.zip"}),
        (5, {"linyi-1.zip"}),
        (6, set()),
        (100, set()),
    ],
)
def test_the_oldest_go_by_the_moment_they_tell(data_dir: Path, folder: Path, keep: int, gone: set[str]) -> None:
    before = set(names(folder))
    assert set(made_last(data_dir, folder / "linyi-20261130.zip", keep=keep)) == gone
    assert set(names(folder)) == before - gone | {"linyi-20261130.zip"}


def test_the_new_backup_stays_even_where_the_clock_went_back(data_dir: Path, folder: Path) -> None:
    target = folder / "linyi-9.zip"
    made = write_backup(data_dir, sqlite_url(data_dir), target, made_at=MADE_AT - timedelta(days=99), program="1")
    prune_backups(target, made, keep=1)
    assert names(folder) == ["linyi-9.zip"]


def test_what_is_not_ours_stays(data_dir: Path, folder: Path) -> None:
    ours = (folder / "linyi-1.zip").read_bytes()
    (folder / "linyi-1.zip").write_bytes(b"a letter")
    (folder / "linyi-2.zip").write_bytes((folder / "linyi-2.zip").read_bytes()[:-40])
    (folder / "other-1.zip").write_bytes(ours)
    (folder / "linyi-1.zip.old").write_bytes(ours)
    (folder / "linyi-x.zip").write_bytes(ours)
    (folder / "linyi-77.zip").mkdir()
    (folder / "linyi-78.zip").symlink_to(folder / "other-1.zip")
    gone = made_last(data_dir, folder / "linyi-20261130.zip", keep=1)
    assert sorted(gone) == ["linyi-0.zip", "linyi-3.zip", "linyi-4.zip"]


def test_backups_of_another_county_stay(data_dir: Path, folder: Path) -> None:
    for path in data_dir.glob("builds/*.json"):
        path.chmod(0o600)
        path.unlink()
    told = {"version": "00000000000000aa", "name": "别县", "code": "371499", "crs": "EPSG:4548"}
    write_build(data_dir, {**told, "warnings": [], "layers": {}})
    assert made_last(data_dir, folder / "linyi-20261130.zip", keep=1) == []
    assert len(names(folder)) == 6
