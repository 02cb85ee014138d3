"""Accounts, sessions, runs, files and audit beside incidents: one instant of all of them, with hashes that agree."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from backup_rows import OTHERS, content_of, contents_of, files_of, write_one_of_each, write_rows
from backup_site import MADE_AT, empty_schema, go, report, start
from sqlalchemy import make_url

from layers.backups.restoring import restore_backup
from layers.backups.writing import write_backup
from layers.records.audit import broken_links, head_of
from layers.records.audit_heads import heads_file, noted_heads
from layers.records.database import open_database, sqlite_url
from layers.records.database_at_hand import DatabaseAtHand
from layers.records.incidents import IncidentStore

WRITE_FIFTY_A_SECOND = """
import itertools, time
sys.path.insert(0, "tests")
from backup_rows import write_one_of_each
from backup_site import report
from layers.records.database_at_hand import DatabaseAtHand
from layers.records.incidents import IncidentStore

database = DatabaseAtHand(sys.argv[1], data_dir=Path(sys.argv[2])).get()
store = IncidentStore(database)
print("ready", flush=True)
sys.stdin.readline()
begun = time.monotonic()
for number in itertools.count():
    write_one_of_each(database, Path(sys.argv[2]), number)
    report(store, str(number))
    print(number, flush=True)
    time.sleep(max(0.0, begun + number / 25 - time.monotonic()))
"""


@pytest.fixture(params=["sqlite", "postgis"])
def target_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Where records are restored to; empty for a file in the folder."""
    if request.param == "sqlite":
        yield ""
        return
    with empty_schema(request.getfixturevalue("postgis_url")) as url:
        yield url


def test_a_backup_under_fifty_writes_a_second_is_one_instant(data_dir: Path, database_url: str, tmp_path: Path) -> None:
    process = start(WRITE_FIFTY_A_SECOND, database_url, data_dir)
    assert process.stdout is not None
    try:
        go(process)
        for turn in range(3):
            acknowledged = [int(process.stdout.readline()) for _ in range(8)][-1]
            archive, folder = tmp_path / f"{turn}.zip", tmp_path / str(turn)
            made = write_backup(data_dir, database_url, archive, made_at=MADE_AT, program="1")
            assert restore_backup(archive, folder) == made
            rows = {name: table.rows for name, table in made.tables.items()}
            assert rows["secret"] == rows["run"] + rows["incident"]  # the text of every case rests there too
            assert {rows[name] for name in OTHERS if name != "secret"} == {rows["run"]}
            assert rows["run"] - rows["incident"] in (0, 1)
            assert rows["audit"] == rows["run"] + rows["incident"]
            assert rows["incident"] > acknowledged
            assert made.lacking == ()
            assert contents_of(sqlite_url(folder)) == made.tables
            assert sorted(files_of(folder).values()) == sorted(map(content_of, range(rows["run"])))
            assert chain_of(sqlite_url(folder), folder) == ([], rows["audit"])
        assert process.poll() is None, "the backup disturbed the writer"
    finally:
        process.kill()
        process.communicate()


def chain_of(url: str, data_dir: Path) -> tuple[list[object], int]:
    """Return where the chain of the audit is broken, and how far what is noted beside it leads."""
    heads = noted_heads(heads_file(data_dir, make_url(url)))
    database = open_database(url)
    with database.reading() as connection:
        broken: list[object] = list(broken_links(connection, heads=heads))
        assert max(heads, default=0) <= head_of(connection).pos
    database.close()
    return broken, max(heads, default=0)


def test_the_chain_holds_in_whatever_database_it_is_restored_to(
    data_dir: Path, database_url: str, target_url: str, tmp_path: Path
) -> None:
    """Figures in the detail of a row, such as 1.0 and 1e23, come back from JSONB otherwise than they were given."""
    write_rows(database_url, data_dir, count=3)
    made = write_backup(data_dir, database_url, tmp_path / "b.zip", made_at=MADE_AT, program="1")
    restore_backup(tmp_path / "b.zip", tmp_path / "new", database_url=target_url)
    url = target_url or sqlite_url(tmp_path / "new")
    assert contents_of(url) == made.tables
    assert chain_of(url, tmp_path / "new") == ([], 3)
    at_hand = DatabaseAtHand(url, data_dir=tmp_path / "new")  # and it is lengthened there
    write_one_of_each(at_hand.get(), tmp_path / "new", 7)
    at_hand.close()
    assert chain_of(url, tmp_path / "new") == ([], 4)


def test_a_chain_that_was_cut_after_a_restore_is_found(data_dir: Path, tmp_path: Path) -> None:
    write_rows(sqlite_url(data_dir), data_dir, count=2)
    write_backup(data_dir, sqlite_url(data_dir), tmp_path / "less.zip", made_at=MADE_AT, program="1")
    database = open_database(sqlite_url(data_dir))
    report(IncidentStore(database), "late")
    database.close()
    write_backup(data_dir, sqlite_url(data_dir), tmp_path / "more.zip", made_at=MADE_AT, program="1")
    for name in ("less", "more"):
        restore_backup(tmp_path / f"{name}.zip", tmp_path / name)
    (tmp_path / "less" / "app.sqlite").replace(tmp_path / "more" / "app.sqlite")
    broken, noted = chain_of_cut(tmp_path / "more")
    assert (broken, noted) == (["cut"], 3)


def chain_of_cut(data_dir: Path) -> tuple[list[str], int]:
    heads = noted_heads(heads_file(data_dir, make_url(sqlite_url(data_dir))))
    database = open_database(sqlite_url(data_dir))
    with database.reading() as connection:
        codes = [broken.code for broken in broken_links(connection, heads=heads)]
    database.close()
    return codes, max(heads)
