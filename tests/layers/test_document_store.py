"""Tables that an office edits, at rest: every edition stays, one is in force, nobody overwrites anybody."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select

from layers.records.audit import Act, Actor, broken_links
from layers.records.documents import DocumentStore, MovedOnError, NewDocument
from layers.records.documents_at_rest import documents_at_rest, versions_at_rest
from layers.records.tables import audit, document

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
ACT = Act(Actor("a1", "s1", "10.0.0.7"), "table.saved", "table")


@pytest.fixture
def store(database):
    return DocumentStore(database)


def edition(content="one", *, kind="rooms", at=NOON, valid_from=None, note="", sha_before="zero"):
    return NewDocument(kind, {"rows": [{"text": content}]}, f"sha-{content}", valid_from or at, at, note, sha_before)


def acts(database):
    with database.reading() as connection:
        assert not broken_links(connection)
        rows = connection.execute(select(audit).order_by("pos"))
        return [(row.object_kind, row.object_id, row.detail) for row in rows]


def test_before_the_first_edition_there_is_none(store):
    assert store.in_force(at=NOON) == {}
    assert store.current("rooms", at=NOON) is None
    assert store.latest("rooms") is None
    assert store.get("rooms", 0) is None
    assert store.history("rooms") == []


def test_an_edition_comes_back_as_it_was_saved(store):
    saved, is_new = store.save(edition(note="改了大厅"), expected_version=0, act=ACT)
    assert is_new
    assert (saved.version, saved.by_id, saved.note, saved.at) == (1, "a1", "改了大厅", NOON)
    assert store.get("rooms", 1) == saved
    assert store.latest("rooms") == saved
    assert store.current("rooms", at=NOON) == saved
    assert store.shas_in_force(at=NOON) == {"rooms": (1, "sha-one")}


def test_every_edition_stays_and_kinds_are_numbered_apart(store):
    store.save(edition("one"), expected_version=0, act=ACT)
    store.save(edition("two"), expected_version=1, act=ACT)
    store.save(edition("else", kind="speeds"), expected_version=0, act=ACT)
    assert [(one.version, one.sha) for one in store.history("rooms")] == [(2, "sha-two"), (1, "sha-one")]
    assert {kind: one.version for kind, one in store.in_force(at=NOON).items()} == {"rooms": 2, "speeds": 1}


def test_an_edition_counts_from_its_day_and_not_before(store):
    new_year = NOON + timedelta(days=33)
    store.save(edition("one"), expected_version=0, act=ACT)
    store.save(edition("two", valid_from=new_year), expected_version=1, act=ACT)
    assert store.current("rooms", at=NOON - timedelta(microseconds=1)) is None
    assert store.current("rooms", at=NOON).version == 1
    assert store.current("rooms", at=new_year - timedelta(microseconds=1)).version == 1
    assert store.current("rooms", at=new_year).version == 2
    assert store.latest("rooms").version == 2


def test_of_two_that_count_the_one_saved_last_does(store):
    later = NOON + timedelta(days=9)
    store.save(edition("one", valid_from=later), expected_version=0, act=ACT)
    store.save(edition("two"), expected_version=1, act=ACT)
    assert store.current("rooms", at=later + timedelta(days=1)).version == 2


@pytest.mark.parametrize("expected", [0, 2, 7, -1])
def test_whoever_has_not_seen_the_newest_edition_is_refused(database, store, expected):
    store.save(edition("one"), expected_version=0, act=ACT)
    with pytest.raises(MovedOnError) as refused:
        store.save(edition("two"), expected_version=expected, act=ACT)
    assert (refused.value.expected, refused.value.latest) == (expected, 1)
    (fault,) = refused.value.faults
    assert (fault.code, fault.field, fault.value, fault.params) == (
        "table-moved-on", "expected_version", str(expected), {"current": 1},
    )  # fmt: skip
    assert [one.version for one in store.history("rooms")] == [1]
    assert len(acts(database)) == 1


def test_of_many_who_save_at_once_one_wins(database, store):
    ready = Barrier(6)

    def save(number):
        ready.wait()
        try:
            store.save(edition(f"by-{number}"), expected_version=0, act=ACT)
        except MovedOnError as error:
            return error.latest
        return "saved"

    with ThreadPoolExecutor(6) as pool:
        said = list(pool.map(save, range(6)))
    assert sorted(map(str, said)) == ["1"] * 5 + ["saved"]
    with database.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(document)) == 1
    assert len(acts(database)) == 1


def test_each_save_leaves_one_row_of_the_audit(database, store):
    store.save(edition("one"), expected_version=0, act=ACT)
    store.save(edition("two"), expected_version=1, act=ACT)
    assert acts(database) == [
        ("table", "rooms", {"version": 1, "sha": "sha-one"}),
        ("table", "rooms", {"version": 2, "sha": "sha-two"}),
    ]


@pytest.mark.parametrize("is_default", [True, False])
def test_the_content_that_counts_already_is_not_saved_again(database, store, is_default):
    if not is_default:
        store.save(edition("one"), expected_version=0, act=ACT)
    number = 0 if is_default else 1
    same = edition("one", at=NOON + timedelta(hours=1), sha_before="sha-one" if is_default else "zero")
    saved, is_new = store.save(same, expected_version=number, act=ACT)
    assert not is_new
    assert (saved.version if saved else 0) == number
    assert len(store.history("rooms")) == number
    assert acts(database)[-1] == ("table", "rooms", {"version": number, "unchanged": True})


def test_the_same_content_from_an_earlier_day_is_an_edition_of_its_own(store):
    store.save(edition("one", valid_from=NOON + timedelta(days=30)), expected_version=0, act=ACT)
    saved, is_new = store.save(edition("one"), expected_version=1, act=ACT)
    assert is_new
    assert saved.version == 2
    assert store.current("rooms", at=NOON).version == 2


def test_the_same_is_read_without_opening_the_database_for_work(store, database_url):
    assert documents_at_rest(database_url, at=NOON) == {}
    store.save(edition("one"), expected_version=0, act=ACT)
    assert documents_at_rest(database_url, at=NOON) == store.in_force(at=NOON)
    assert documents_at_rest(database_url, at=NOON - timedelta(days=1)) == {}


def test_editions_are_found_by_their_numbers_as_far_as_there_are_any(store, database_url):
    store.save(edition("one"), expected_version=0, act=ACT)
    store.save(edition("two"), expected_version=1, act=ACT)
    store.save(edition("else", kind="speeds"), expected_version=0, act=ACT)
    asked = {"rooms": 1, "speeds": 1, "deadlines": 1}
    found = {"rooms": store.get("rooms", 1), "speeds": store.get("speeds", 1)}
    assert store.by_version(asked) == versions_at_rest(database_url, asked) == found
    assert store.by_version({}) == versions_at_rest(database_url, {}) == {}
    assert store.by_version({"rooms": 3}) == {}


def test_reading_makes_no_database_and_minds_none_without_documents(tmp_path):
    file = tmp_path / "away" / "app.sqlite"
    assert documents_at_rest(f"sqlite:///{file}", at=NOON) == {}
    assert not file.parent.exists()
    empty = tmp_path / "empty.sqlite"
    empty.touch()
    assert documents_at_rest(f"sqlite:///{empty}", at=NOON) == {}
    assert empty.stat().st_size == 0
    with sqlite3.connect(tmp_path / "old.sqlite") as old:
        old.execute("CREATE TABLE incident (id TEXT)")
    old.close()
    assert documents_at_rest(f"sqlite:///{tmp_path / 'old.sqlite'}", at=NOON) == {}
