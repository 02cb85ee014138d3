"""Who may do what with a scenario: persons and roles it is shared with, as long as that holds."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from scenario_rows import ACT, OWNER, acts, new
from sqlalchemy import func, select

from gis.faults import FaultsError
from layers.records import scenario_shares
from layers.records.accounts import AccountStore, NewAccount
from layers.records.clock import now_of
from layers.records.database import Database
from layers.records.people import People
from layers.records.scenario import SHARE_LEVELS, Scenario, Viewer
from layers.records.scenario_shares import ShareStore, Subject
from layers.records.scenarios import ScenarioStore
from layers.records.tables import scenario_share

PLANNERS = Subject("role", "planner")


@pytest.fixture
def scenario(database: Database) -> Scenario:
    return ScenarioStore(database).create(new(), act=ACT)


@pytest.fixture
def shares(database: Database) -> ShareStore:
    return ShareStore(database)


def account(database: Database, name: str) -> Subject:
    with database.reading() as connection:
        now = now_of(connection)
    return Subject("account", AccountStore(database).add(NewAccount(name), act=ACT, now=now).id)


def test_a_share_gives_its_level_until_it_is_taken_back(
    database: Database, scenario: Scenario, shares: ShareStore
) -> None:
    store, colleague = ScenarioStore(database), account(database, "li")
    viewer = Viewer(colleague.id)
    made = shares.share(scenario.id, colleague, "comment", act=ACT)
    assert shares.shares(scenario.id) == [made]
    assert store.level_of(scenario.id, viewer) == "comment"
    assert store.visible_to(viewer).entries == ((scenario, "comment"),)
    assert store.get(scenario.id, Viewer("c" * 32)) is None
    ended = shares.unshare(scenario.id, made.id, act=ACT)
    assert ended is not None
    assert ended.until_at is not None
    assert shares.unshare(scenario.id, made.id, act=ACT) is None
    assert shares.shares(scenario.id) == []
    assert store.get(scenario.id, viewer) is None
    assert store.visible_to(viewer).entries == ()
    with database.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(scenario_share)) == 1  # the row stays


def test_of_several_shares_the_most_counts(database: Database, scenario: Scenario, shares: ShareStore) -> None:
    """Every pair of a person's and a role's level, against the plain rule."""
    store, colleague = ScenarioStore(database), account(database, "li")
    for own, of_role in itertools.product(SHARE_LEVELS, SHARE_LEVELS):
        shares.share(scenario.id, colleague, own, act=ACT)
        shares.share(scenario.id, PLANNERS, of_role, act=ACT)
        assert len(shares.shares(scenario.id)) == 2
        most = max(own, of_role, key=["read", "comment", "edit"].index)
        for viewer, wanted in (
            (Viewer(colleague.id, ("clerk", "planner")), most),
            (Viewer(colleague.id), own),
            (Viewer("c" * 32, ("planner",)), of_role),
            (Viewer(None, ("planner",)), of_role),
            (Viewer(OWNER, ("planner",)), "owner"),
            (Viewer("planner", ("clerk",)), None),
            (Viewer("c" * 32, (colleague.id,)), None),
        ):
            assert store.level_of(scenario.id, viewer) == wanted
            assert [level for _, level in store.visible_to(viewer).entries] == ([wanted] if wanted else [])


def test_sharing_the_same_again_changes_nothing(database: Database, scenario: Scenario, shares: ShareStore) -> None:
    first = shares.share(scenario.id, PLANNERS, "read", act=ACT)
    assert shares.share(scenario.id, PLANNERS, "read", act=ACT) == first
    more = shares.share(scenario.id, PLANNERS, "edit", act=ACT)
    assert shares.shares(scenario.id) == [more]
    assert [detail["level"] for *_, detail in acts(database)[1:]] == ["read", "read", "edit"]


def test_a_share_ends_by_itself(database: Database, scenario: Scenario, shares: ShareStore) -> None:
    with database.reading() as connection:
        now = now_of(connection)
    shares.share(scenario.id, PLANNERS, "edit", act=ACT, until_at=now - timedelta(microseconds=1))
    assert ScenarioStore(database).get(scenario.id, Viewer("c" * 32, ("planner",))) is None
    shares.share(scenario.id, PLANNERS, "edit", act=ACT, until_at=now + timedelta(hours=1))
    assert ScenarioStore(database).level_of(scenario.id, Viewer("c" * 32, ("planner",))) == "edit"


def test_nobody_else_can_be_shared_with(database: Database, scenario: Scenario, shares: ShareStore) -> None:
    gone = account(database, "gone")
    with database.reading() as connection:
        People(database).disable(gone.id, act=ACT, now=now_of(connection))
    before = len(acts(database))
    for subject, code in (
        (Subject("account", OWNER), "scenario-share-nobody"),
        (Subject("account", "f" * 32), "scenario-share-nobody"),
        (Subject("account", "\x00"), "scenario-share-nobody"),
        (gone, "scenario-share-nobody"),
        (Subject("role", ""), "scenario-share-nobody"),
        (Subject("role", "\x00"), "scenario-share-nobody"),
        (Subject("role", "r" * 33), "scenario-share-nobody"),
        (Subject("village", "x"), "scenario-bad-share"),  # type: ignore[arg-type]
    ):
        with pytest.raises(FaultsError, match=code):
            shares.share(scenario.id, subject, "read", act=ACT)
    with pytest.raises(FaultsError, match="scenario-bad-share"):
        shares.share(scenario.id, PLANNERS, "owner", act=ACT)  # type: ignore[arg-type]
    assert shares.shares(scenario.id) == []
    assert len(acts(database)) == before


def test_a_scenario_is_not_shared_with_more_than_a_list_can_show(
    database: Database, scenario: Scenario, shares: ShareStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scenario_shares, "MOST_SHARES", 2)
    for role in ("a", "b"):
        shares.share(scenario.id, Subject("role", role), "read", act=ACT)
    with pytest.raises(FaultsError, match="scenario-too-many-shares"):
        shares.share(scenario.id, Subject("role", "c"), "read", act=ACT)
    shares.share(scenario.id, Subject("role", "b"), "edit", act=ACT)  # instead of what it had
    assert len(shares.shares(scenario.id)) == 2
