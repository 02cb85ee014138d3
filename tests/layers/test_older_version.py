"""A data folder of the version before accounts: its incidents are all there, event for event."""

from __future__ import annotations

from pathlib import Path

import pytest
from backup_rows import contents_of
from backup_site import MADE_AT, NOW, empty_schema, tables_of, write_county
from older_site import KINDS, OLD, write_old
from sqlalchemy import make_url, text

from gis.faults import FaultsError
from layers.backups.before_migration import copies_beside, copies_in
from layers.backups.restoring import restore_backup
from layers.backups.writing import write_backup
from layers.records.audit import broken_links
from layers.records.case_lists import CaseFilter, CaseLists
from layers.records.database import open_database, sqlite_url
from layers.records.database_at_hand import DatabaseAtHand
from layers.records.database_faults import DatabaseDownError
from layers.records.engines import engine_for
from layers.records.incidents import IncidentStore


def assert_all_there(url: str) -> None:
    database = open_database(url)
    store = IncidentStore(database)
    listed = {one.id: one for one in CaseLists(database).newest(CaseFilter(), limit=100)}
    assert set(listed) == {one["id"] for one in OLD}
    texts = store.texts(list(listed))
    for one in OLD:
        told, case = listed[one["id"]], store.get(one["id"])
        assert (told.lon, told.lat, told.cell) == (one["lon"], one["lat"], one["cell"])
        assert case is not None
        stands = (told.state, told.level, told.assignee, told.due_at, told.version, told.category)
        assert stands == (case.state, case.level, case.assignee, case.due_at, case.version, case.category)
        events = [(event.kind, event.at, event.payload) for event in store.events(told.id)]
        said = {**one["events"][0]}.pop("text")
        first = {name: value for name, value in one["events"][0].items() if name != "text"}
        assert events == [(kind, NOW, payload) for kind, payload in zip(KINDS, [first, one["events"][1]], strict=True)]
        assert texts[told.id] == {1: said}
    database.close()


def test_every_incident_is_equal_after_the_upgrade(data_dir: Path, database_url: str, tmp_path: Path) -> None:
    write_old(database_url)
    at_hand = DatabaseAtHand(database_url, data_dir=data_dir)
    at_hand.get()
    assert at_hand.set_aside == []
    at_hand.close()
    assert_all_there(database_url)
    copies = [*copies_beside(data_dir / "app.sqlite"), *copies_in(data_dir)]
    assert len(copies) == 1
    copies[0].rename(tmp_path / "app.sqlite")
    assert tables_of(sqlite_url(tmp_path)) == {"incident", "incident_event", "alembic_version"}
    assert_all_there(sqlite_url(tmp_path))
    database = open_database(database_url)
    with database.reading() as connection:
        assert broken_links(connection) == []
    database.close()


def test_a_backup_of_an_old_file_restores_into_both_kinds(data_dir: Path, postgis_url: str, tmp_path: Path) -> None:
    write_county(data_dir)
    write_old(sqlite_url(data_dir))
    made = write_backup(data_dir, sqlite_url(data_dir), tmp_path / "b.zip", made_at=MADE_AT, program="1")
    assert made.revision == "0001"
    restore_backup(tmp_path / "b.zip", tmp_path / "file")
    assert_all_there(sqlite_url(tmp_path / "file"))
    with empty_schema(postgis_url) as url:
        restore_backup(tmp_path / "b.zip", tmp_path / "beside", database_url=url)
        assert_all_there(url)
        assert contents_of(url)["audit"].rows == 0


@pytest.mark.parametrize("database_url", ["postgis"], indirect=True)
def test_old_records_on_a_server_are_not_restored_over(data_dir: Path, database_url: str, tmp_path: Path) -> None:
    """Nor are their tables changed by a restore that is refused."""
    write_county(data_dir)
    write_old(sqlite_url(data_dir))
    write_backup(data_dir, sqlite_url(data_dir), tmp_path / "b.zip", made_at=MADE_AT, program="1")
    write_old(database_url)
    before = tables_of(database_url)
    engine = engine_for(make_url(database_url))
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO incident SELECT 'x', 'x', 'x', 1, 1, NULL, now()"))
    engine.dispose()
    with pytest.raises(FaultsError, match="restore-database-used"):
        restore_backup(tmp_path / "b.zip", tmp_path / "new", database_url=database_url)
    assert tables_of(database_url) == before
    assert not (tmp_path / "new").exists()


def test_a_newer_schema_is_refused_and_left_as_it_is(data_dir: Path, database_url: str, tmp_path: Path) -> None:
    open_database(database_url).close()
    database = open_database(database_url)
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    at_hand = DatabaseAtHand(database_url, data_dir=data_dir)
    for refused in (
        at_hand.get,
        lambda: open_database(database_url, data_dir=data_dir),
        lambda: write_backup(data_dir, database_url, tmp_path / "b.zip", made_at=MADE_AT, program="1"),
    ):
        with pytest.raises(DatabaseDownError, match="other-version"):
            refused()
    assert at_hand.set_aside == []
    assert copies_in(data_dir) == copies_beside(data_dir / "app.sqlite") == []
    assert not (tmp_path / "b.zip").exists()
