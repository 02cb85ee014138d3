"""What colleagues say about a scenario: in order, kept out of the audit, and erasable for good."""

from __future__ import annotations

from pathlib import Path

import pytest
from scenario_rows import ACT, OWNER, acts, new
from sqlalchemy import func, make_url, select, text

from gis.faults import FaultsError
from layers.records import comments as comments_module
from layers.records.comments import CommentStore
from layers.records.database import Database, open_database, sqlite_url
from layers.records.engines import engine_for
from layers.records.revisions import upgrade_tables
from layers.records.scenario import Scenario
from layers.records.scenarios import ScenarioStore
from layers.records.tables import comment, secret

SECRET = "王秀英住在桥东三号,电话13800000000"


@pytest.fixture
def scenario(database: Database) -> Scenario:
    return ScenarioStore(database).create(new(), act=ACT)


@pytest.fixture
def comments(database: Database) -> CommentStore:
    return CommentStore(database)


def test_comments_come_back_in_the_order_in_which_they_were_made(
    scenario: Scenario, comments: CommentStore, database: Database
) -> None:
    other = ScenarioStore(database).create(new(), act=ACT)
    made = [comments.comment(scenario.id, f" 第{number}条\r\n再说 ", act=ACT) for number in range(5)]
    comments.comment(other.id, "elsewhere", act=ACT)
    assert comments.comments(scenario.id) == made
    assert comments.comments(scenario.id, limit=2) == made[3:]
    assert comments.get(made[0].id) == made[0]
    assert (made[0].text, made[0].by_id, made[0].subject_id) == ("第0条\n再说", OWNER, scenario.id)


def test_what_was_said_is_erased_and_that_it_was_said_stays(
    database: Database, scenario: Scenario, comments: CommentStore
) -> None:
    made, other = (comments.comment(scenario.id, words, act=ACT) for words in (SECRET, "留下"))
    erased = comments.erase_comment(made.id, act=ACT)
    assert erased is not None
    assert (erased.text, erased.by_id, erased.at) == (None, OWNER, made.at)
    assert erased.erased_at is not None
    assert comments.comments(scenario.id) == [erased, other]
    assert comments.erase_comment(made.id, act=ACT) == erased  # its first moment stays
    with database.reading() as connection:
        assert set(connection.scalars(select(secret.c.value))) == {"", "留下"}
        assert connection.scalar(select(func.count()).select_from(comment)) == 2


def test_the_audit_tells_who_commented_and_never_what(
    database: Database, scenario: Scenario, comments: CommentStore
) -> None:
    made = comments.comment(scenario.id, SECRET, act=ACT)
    comments.erase_comment(made.id, act=ACT)
    told = acts(database)[1:]
    assert [(kind, name) for _, kind, name, _ in told] == [("scenario", scenario.id)] * 2
    assert [detail for *_, detail in told] == [{"comment": made.id}, {"comment": made.id, "erased": True}]


def test_what_is_erased_is_gone_from_the_file(data_dir: Path) -> None:
    database = open_database(sqlite_url(data_dir))
    made = ScenarioStore(database).create(new(), act=ACT)
    said = CommentStore(database).comment(made.id, SECRET * 40, act=ACT)  # more than a page of the file
    database.close()
    assert SECRET.encode() in (data_dir / "app.sqlite").read_bytes()
    database = open_database(sqlite_url(data_dir))
    CommentStore(database).erase_comment(said.id, act=ACT)
    database.close()
    for file in data_dir.iterdir():
        assert SECRET.encode() not in file.read_bytes(), file.name


@pytest.mark.parametrize("words", ["", " \n ", "x" * 2001, "a\x00", "\ud800"])
def test_what_cannot_be_said_is_refused(
    database: Database, scenario: Scenario, comments: CommentStore, words: str
) -> None:
    with pytest.raises(FaultsError, match="scenario-bad-comment"):
        comments.comment(scenario.id, words, act=ACT)
    assert len(acts(database)) == 1


def test_comments_on_one_scenario_are_bounded(
    database: Database, scenario: Scenario, comments: CommentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comments_module, "MOST_COMMENTS", 2)
    for _ in range(2):
        comments.comment(scenario.id, "x", act=ACT)
    with pytest.raises(FaultsError, match="scenario-too-many-comments"):
        comments.comment(scenario.id, "x", act=ACT)
    assert len(acts(database)) == 3


def test_there_is_nothing_to_say_about_what_is_not_there(database: Database, comments: CommentStore) -> None:
    for name in ("f" * 32, "\x00"):
        with pytest.raises(FaultsError, match="unknown-scenario"):
            comments.comment(name, "x", act=ACT)
        with pytest.raises(FaultsError, match="unknown-scenario"):
            comments.comments(name)
        assert comments.get(name) is None
        assert comments.erase_comment(name, act=ACT) is None
    assert acts(database) == []


def test_what_was_said_before_there_was_one_erasable_table_is_said_still(database_url: str) -> None:
    engine = engine_for(make_url(database_url))
    with engine.begin() as connection:
        upgrade_tables(connection, revision="0005")
        row = "VALUES ('{}', 'scenario', 's', '2026-11-01 00:00:00')"
        for name, words, erased in (("a" * 32, "留下", "NULL"), ("b" * 32, "", "'2026-11-02 00:00:00'")):
            connection.execute(text(f"INSERT INTO comment (id, subject_kind, subject_id, at) {row.format(name)}"))
            connection.execute(text(f"INSERT INTO comment_text VALUES ('{name}', '{words}', {erased})"))
    engine.dispose()
    database = open_database(database_url)
    kept, erased = (CommentStore(database).get(name * 32) for name in "ab")
    database.close()
    assert kept is not None
    assert erased is not None
    assert (kept.text, kept.erased_at, erased.text) == ("留下", None, None)
    assert erased.erased_at is not None
