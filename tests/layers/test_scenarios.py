"""Scenarios as records: kept, listed for whoever may see them, named, put away, copied."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
from scenario_rows import ACT, OWNER, SOLO, acts, content, content_id, new
from sqlalchemy import update

from gis.faults import FaultsError
from layers.records.accounts import AccountStore, NewAccount
from layers.records.audit import Act
from layers.records.clock import now_of
from layers.records.conflicts import ConflictError
from layers.records.database import Database
from layers.records.people import People
from layers.records.scenario import NewScenario, Scenario, ScenarioContent, Viewer
from layers.records.scenario_revisions import RevisionStore
from layers.records.scenarios import ScenarioStore
from layers.records.tables import scenario

SOMEBODY = Viewer("b" * 32, ("planner",))
ME = Viewer(OWNER)


@pytest.fixture
def store(database: Database) -> ScenarioStore:
    return ScenarioStore(database)


def names(store: ScenarioStore, viewer: Viewer = ME, *, archived: bool = False) -> list[str]:
    return [one.name for one, _ in store.visible_to(viewer, archived=archived).entries]


def test_a_scenario_comes_back_as_it_was_kept(database: Database, store: ScenarioStore) -> None:
    made = store.create(new(name="  关闭\u3000大桥 "), act=ACT)
    assert store.get(made.id, ME) == made
    assert (made.name, made.owner, made.head, made.version) == ("关闭 大桥", OWNER, 1, 1)
    assert (made.county_name, made.county_code, made.county_version) == ("临邑县", "371424", "v1")
    assert made.created_at == made.changed_at
    assert acts(database) == [("scenario.saved", "scenario", made.id, {"n": 1, "content_id": content_id(0)})]


def test_a_scenario_is_its_owners_alone(store: ScenarioStore) -> None:
    mine = store.create(new(), act=ACT)
    assert store.level_of(mine.id, ME) == "owner"
    for other in (SOMEBODY, Viewer()):
        assert store.get(mine.id, other) is None
        assert store.level_of(mine.id, other) is None
        assert names(store, other) == []
    assert store.get("f" * 32, ME) is None
    assert store.get("\x00", ME) is None


def test_without_accounts_what_nobody_owns_is_ones_own(store: ScenarioStore) -> None:
    made = store.create(new(owner=None), act=SOLO)
    assert store.level_of(made.id, Viewer()) == "owner"
    assert names(store, Viewer()) == [made.name]
    assert store.get(made.id, ME) is None


def test_the_first_account_gets_what_was_made_before_there_was_one(database: Database, store: ScenarioStore) -> None:
    made = store.create(new(owner=None), act=SOLO)
    with database.reading() as connection:
        now = now_of(connection)
    first = AccountStore(database).add_first(NewAccount("first"), act=SOLO, now=now)
    assert store.level_of(made.id, Viewer(first.id)) == "owner"
    assert store.get(made.id, Viewer()) is None


def test_what_somebody_leaves_goes_to_the_heir(database: Database, store: ScenarioStore) -> None:
    with database.reading() as connection:
        now = now_of(connection)
    gone, heir = (AccountStore(database).add(NewAccount(name), act=SOLO, now=now) for name in ("gone", "heir"))
    made = store.create(new(owner=gone.id), act=ACT)
    People(database).disable(gone.id, heir=heir.id, act=SOLO, now=now)
    assert store.level_of(made.id, Viewer(heir.id)) == "owner"
    assert store.get(made.id, Viewer(gone.id)) is None


def test_the_list_shows_the_one_changed_last_first_a_page_at_a_time(database: Database, store: ScenarioStore) -> None:
    made = [store.create(new(name=str(number)), act=ACT) for number in range(7)]
    RevisionStore(database).save(made[2].id, content(1), expected=1, act=ACT)
    store.rename(made[0].id, "0 neu", act=ACT)
    wanted = ["0 neu", "2", "6", "5", "4", "3", "1"]
    assert names(store) == wanted
    seen, after = [], None
    for size in (3, 3, 1):
        page = store.visible_to(ME, limit=3, after=after)
        assert [level for _, level in page.entries] == ["owner"] * size
        seen += [one.name for one, _ in page.entries]
        after = page.following
    assert (seen, after) == (wanted, None)


def test_no_scenario_is_lost_between_pages_where_many_changed_at_one_instant(
    database: Database, store: ScenarioStore
) -> None:
    made = {store.create(new(name=str(number)), act=ACT).id for number in range(7)}
    with database.writing() as connection:
        connection.execute(update(scenario).values(changed_at=now_of(connection)))
    page = store.visible_to(ME, limit=2)
    seen = [one.id for one, _ in page.entries]
    while page.following is not None:
        page = store.visible_to(ME, limit=2, after=page.following)
        seen += [one.id for one, _ in page.entries]
    assert seen == sorted(made, reverse=True)


def test_what_is_put_away_is_listed_apart_and_changed_no_more(database: Database, store: ScenarioStore) -> None:
    made, revisions = store.create(new(), act=ACT), RevisionStore(database)
    away = store.archive(made.id, act=ACT)
    assert store.archive(made.id, act=ACT) == away  # once is enough
    assert (names(store), names(store, archived=True)) == ([], [made.name])
    changes: list[Callable[[], object]] = [
        lambda: revisions.save(made.id, content(1), expected=1, act=ACT),
        lambda: revisions.undo(made.id, expected=1, act=ACT),
        lambda: revisions.redo(made.id, expected=1, act=ACT),
    ]
    for change in changes:
        with pytest.raises(FaultsError, match="scenario-archived"):
            change()
    assert store.archive(made.id, act=ACT, archived=False).archived_at is None
    assert (names(store), names(store, archived=True)) == ([made.name], [])
    assert revisions.save(made.id, content(1), expected=1, act=ACT).is_new


def test_a_copy_is_a_scenario_of_its_own(database: Database, store: ScenarioStore) -> None:
    made, revisions = store.create(new(), act=ACT), RevisionStore(database)
    revisions.save(made.id, content(1), expected=1, act=ACT)
    assert SOMEBODY.account_id is not None
    of_first = store.clone(made.id, 1, owner=SOMEBODY.account_id, name="从头再来", act=ACT)
    of_head = store.clone(made.id, None, owner=OWNER, name="again", act=ACT)
    assert (of_first.parent_id, of_first.owner, of_first.head) == (made.id, SOMEBODY.account_id, 1)
    assert revisions.revision(of_first.id).content_id == content_id(0)
    assert revisions.revision(of_head.id).body == content(1).body
    revisions.save(of_head.id, content(2), expected=1, act=ACT)
    assert revisions.revision(made.id).content_id == content_id(1)
    with pytest.raises(FaultsError, match="unknown-scenario-revision"):
        store.clone(made.id, 9, owner=OWNER, name="no", act=ACT)
    assert acts(database)[2][3] == {"n": 1, "content_id": content_id(0), "copy_of": made.id, "copied": 1}


@pytest.mark.parametrize("name", ["", " \u3000", "x" * 121, "a\x00b", "a\x1bb"])
def test_a_bad_name_is_refused_wherever_it_is_given(database: Database, store: ScenarioStore, name: str) -> None:
    made = store.create(new(), act=ACT)
    changes: list[Callable[[], object]] = [
        lambda: store.create(new(name=name), act=ACT),
        lambda: store.rename(made.id, name, act=ACT),
        lambda: store.clone(made.id, 1, owner=OWNER, name=name, act=ACT),
    ]
    for change in changes:
        with pytest.raises(FaultsError, match="scenario-bad-name"):
            change()
    assert store.get(made.id, ME) == made
    assert len(acts(database)) == 1


def test_everything_wrong_with_a_new_scenario_is_told_at_once(store: ScenarioStore) -> None:
    wrong = NewScenario("", OWNER, "", "", ScenarioContent({"a": "\x00"}, "c", "v", "n" * 201))
    with pytest.raises(FaultsError) as refused:
        store.create(wrong, act=ACT)
    assert [one.code for one in refused.value.faults] == [
        *("scenario-bad-name", "scenario-body-not-plain", "scenario-bad-note"),
    ]


def test_every_change_leaves_one_row_of_the_audit(database: Database, store: ScenarioStore) -> None:
    def one(action: str) -> Act:
        return Act(ACT.actor, action, "else", "else")

    made = store.create(new(), act=one("made"))
    revisions = RevisionStore(database)
    revisions.save(made.id, content(1), expected=1, act=one("saved"))
    revisions.undo(made.id, expected=2, act=one("undone"))
    revisions.redo(made.id, expected=1, act=one("redone"))
    store.rename(made.id, "neu", act=one("renamed"))
    store.archive(made.id, act=one("archived"))
    told = acts(database)
    assert [action for action, *_ in told] == ["made", "saved", "undone", "redone", "renamed", "archived"]
    assert {(kind, name) for _, kind, name, _ in told} == {("scenario", made.id)}


def test_a_scenario_that_is_not_there_is_not_changed(database: Database, store: ScenarioStore) -> None:
    gone: Scenario = Scenario(**{**vars(store.create(new(), act=ACT)), "id": "f" * 32})
    changes: list[Callable[[], object]] = [
        lambda: store.rename(gone.id, "x", act=ACT),
        lambda: store.archive(gone.id, act=ACT),
        lambda: store.clone(gone.id, None, owner=OWNER, name="x", act=ACT),
        lambda: RevisionStore(database).revision(gone.id),
        lambda: RevisionStore(database).revisions(gone.id),
    ]
    for change in changes:
        with pytest.raises(FaultsError, match="unknown-scenario"):
            change()
    assert len(acts(database)) == 1


def test_the_same_key_makes_one_scenario_whatever_became_of_it_since(database: Database, store: ScenarioStore) -> None:
    asked = dataclasses.replace(new(), key="c" * 32)
    made = store.create(asked, act=ACT)
    assert made.id == "c" * 32
    store.rename(made.id, "乙", act=ACT)
    before = acts(database)
    again = store.create(asked, act=ACT)
    assert (again.id, again.name) == (made.id, "乙")
    copies = [store.clone(made.id, None, owner=OWNER, name="丙", act=ACT, key="d" * 32) for _ in range(2)]
    assert {one.id for one in copies} == {"d" * 32}
    assert len(acts(database)) == len(before) + 1  # nothing was done twice
    assert len(names(store)) == 2


@pytest.mark.parametrize("other", [{"owner": "b" * 32}, {"content": content(1)}, {"parent_id": "e" * 32}])
def test_a_key_that_belongs_to_another_scenario_is_refused(store: ScenarioStore, other: dict[str, object]) -> None:
    store.create(dataclasses.replace(new(), key="c" * 32), act=ACT)
    with pytest.raises(ConflictError) as refused:
        store.create(dataclasses.replace(new(), key="c" * 32, **other), act=ACT)  # type: ignore[arg-type]
    assert [fault.code for fault in refused.value.faults] == ["scenario-key-taken"]
