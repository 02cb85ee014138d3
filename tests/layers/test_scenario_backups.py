"""Scenarios through a backup and through a migration: the whole tree, its shares and comments, and rows before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from backup_rows import contents_of
from backup_site import MADE_AT, NOW, empty_schema, tables_of, write_county
from scenario_rows import ACT, OWNER, acts, content, content_id, new
from sqlalchemy import Connection, Table, insert, inspect, make_url, select, text
from sqlalchemy.exc import DBAPIError

from layers.backups.before_migration import copies_beside, copies_in
from layers.backups.records_copy import our_tables
from layers.backups.restoring import restore_backup
from layers.backups.writing import write_backup
from layers.records.audit import record
from layers.records.comments import CommentStore
from layers.records.database import Database, open_database, sqlite_url
from layers.records.engines import engine_for
from layers.records.revisions import upgrade_tables
from layers.records.runs import RunStore
from layers.records.scenario import ScenarioMovedOnError, Viewer
from layers.records.scenario_revisions import RevisionStore
from layers.records.scenario_shares import ShareStore, Subject
from layers.records.scenarios import ScenarioStore
from layers.records.tables import account, audit, document, run

RUN: dict[str, Any] = {
    "id": "e" * 32,
    "kind": "plan",
    "question_id": "q",
    "question": {"p": 1},
    "county_version": "v",
    "code_version": "1",
    "lane": "short",
    "state": "done",
    "asked_by": OWNER,
    "asked_at": NOW,
    "attempts": 1,
    "seq": 4,
    "progress": {},
    "summary": {"sites": 3},
    "result_sha": None,
    "claim_sha": None,
}
ACCOUNT: dict[str, Any] = {
    "id": OWNER,
    "name": "li",
    "display": "李",
    "prefs": {},
    "must_change": False,
    "created_at": NOW,
    "version": 3,
}
DOCUMENT: dict[str, Any] = {
    "kind": "rooms",
    "version": 1,
    "content": {"rows": []},
    "sha": "s",
    "valid_from": NOW,
    "at": NOW,
    "note": "x",
}


@pytest.fixture(params=["sqlite", "postgis"])
def target_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Where records are restored to; empty for a file in the folder."""
    if request.param == "sqlite":
        yield ""
        return
    with empty_schema(request.getfixturevalue("postgis_url")) as url:
        yield url


def write_tree(url: str) -> tuple[str, dict[str, object]]:
    """Keep a scenario with two ways, a share that ended and one that holds, two comments, one of them erased."""
    database = open_database(url)
    made, revisions = ScenarioStore(database).create(new(), act=ACT), RevisionStore(database)
    revisions.save(made.id, content(1), expected=1, act=ACT)
    with pytest.raises(ScenarioMovedOnError):
        revisions.save(made.id, content(2, note="旁边"), expected=1, act=ACT)
    revisions.undo(made.id, expected=2, act=ACT)
    shares, comments = ShareStore(database), CommentStore(database)
    shares.share(made.id, Subject("role", "planner"), "read", act=ACT)
    shares.share(made.id, Subject("role", "planner"), "edit", act=ACT)
    comments.erase_comment(comments.comment(made.id, "擦掉", act=ACT).id, act=ACT)
    comments.comment(made.id, "留下", act=ACT)
    told = tree_of(database, made.id)
    database.close()
    return made.id, told


def tree_of(database: Database, scenario_id: str) -> dict[str, object]:
    revisions = RevisionStore(database)
    return {
        "scenario": ScenarioStore(database).get(scenario_id, Viewer(OWNER)),
        "revisions": [revisions.revision(scenario_id, one.n) for one in revisions.revisions(scenario_id)],
        "shares": ShareStore(database).shares(scenario_id),
        "comments": CommentStore(database).comments(scenario_id),
        "acts": acts(database),
    }


def test_a_restored_scenario_is_the_one_that_was_kept_and_goes_on(
    data_dir: Path, database_url: str, target_url: str, tmp_path: Path
) -> None:
    write_county(data_dir)
    scenario_id, told = write_tree(database_url)
    made = write_backup(data_dir, database_url, tmp_path / "b.zip", made_at=MADE_AT, program="1")
    counted = {"scenario": 1, "scenario_revision": 3, "scenario_share": 2, "comment": 2, "secret": 2}
    assert {name: made.tables[name].rows for name in counted} == counted
    restore_backup(tmp_path / "b.zip", tmp_path / "new", database_url=target_url)
    url = target_url or sqlite_url(tmp_path / "new")
    assert contents_of(url) == contents_of(database_url)
    database = open_database(url)
    assert tree_of(database, scenario_id) == told
    revisions = RevisionStore(database)
    assert revisions.redo(scenario_id, expected=1, act=ACT).revision.content_id == content_id(1)
    assert revisions.save(scenario_id, content(3), expected=2, act=ACT).revision.n == 4
    with pytest.raises(DBAPIError, match="append-only"), database.writing() as connection:
        connection.execute(text("UPDATE scenario_revision SET note = 'x'"))
    database.close()


def write_before_scenarios(url: str) -> None:
    """Make the tables of the revision before scenarios and a row in some of them."""
    engine = engine_for(make_url(url))
    with engine.begin() as connection:
        upgrade_tables(connection, revision="0004")
        rows: list[tuple[Table, dict[str, Any]]] = [(account, ACCOUNT), (run, RUN), (document, DOCUMENT)]
        for table, row in rows:
            connection.execute(insert(table).values(row))
        record(connection, ACT.about("before"), at=NOW)
    engine.dispose()


def assert_goes_on(url: str) -> None:
    """All rows of before are there, no run was asked by a scenario, and scenarios can be kept."""
    database = open_database(url)
    with database.reading() as connection:
        for table, row in ((account, ACCOUNT), (document, DOCUMENT), (run, RUN)):
            found = connection.execute(select(table)).one()._mapping
            assert {name: found[name] for name in row} == row
        assert connection.scalar(select(audit.c.object_id)) == "before"
        assert columns_of(connection) == {one.name: set(one.columns.keys()) for one in our_tables()}
    old = RunStore(database).get(RUN["id"], asked_by=OWNER)
    assert old is not None
    assert (old.scenario_id, old.scenario_n) == (None, None)
    made = ScenarioStore(database).create(new(), act=ACT)
    assert RevisionStore(database).save(made.id, content(1), expected=1, act=ACT).is_new
    assert len(acts(database)) == 3
    database.close()


def columns_of(connection: Connection) -> dict[str, set[str]]:
    found = inspect(connection)
    names = [one.name for one in our_tables()]
    return {name: {one["name"] for one in found.get_columns(name)} - {"geom"} for name in names}


@pytest.mark.filterwarnings("ignore:Did not recognize type 'geometry'")
def test_rows_of_before_are_there_after_the_migration(data_dir: Path, database_url: str) -> None:
    write_before_scenarios(database_url)
    before = tables_of(database_url)
    assert "scenario" not in before
    open_database(database_url, data_dir=data_dir).close()
    assert_goes_on(database_url)
    (copy,) = (*copies_beside(data_dir / "app.sqlite"), *copies_in(data_dir))
    assert tables_of(f"sqlite:///{copy}") == before  # for the program of before


@pytest.mark.filterwarnings("ignore:Did not recognize type 'geometry'")
def test_a_backup_of_before_is_restored_into_the_tables_of_now(data_dir: Path, target_url: str, tmp_path: Path) -> None:
    write_county(data_dir)
    write_before_scenarios(sqlite_url(data_dir))
    made = write_backup(data_dir, sqlite_url(data_dir), tmp_path / "b.zip", made_at=MADE_AT, program="1")
    assert made.revision == "0004"
    restore_backup(tmp_path / "b.zip", tmp_path / "new", database_url=target_url)
    assert_goes_on(target_url or sqlite_url(tmp_path / "new"))
