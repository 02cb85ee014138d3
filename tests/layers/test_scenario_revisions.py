"""Revisions of scenarios: what was saved stays as it was, the head moves, and undoing leads the way back."""

from __future__ import annotations

import random

import pytest
from scenario_rows import ACT, OWNER, acts, content, content_id, new
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from gis.faults import FaultsError
from layers.records import scenario_rows as scenario_rows_of_layers
from layers.records.database import Database
from layers.records.scenario import Scenario, ScenarioContent, ScenarioMovedOnError, Viewer
from layers.records.scenario_revisions import RevisionStore
from layers.records.scenarios import ScenarioStore


@pytest.fixture
def scenario(database: Database) -> Scenario:
    return ScenarioStore(database).create(new(), act=ACT)


@pytest.fixture
def revisions(database: Database) -> RevisionStore:
    return RevisionStore(database)


def codes(refused: pytest.ExceptionInfo[FaultsError]) -> list[str]:
    return [fault.code for fault in refused.value.faults]


def test_the_first_revision_comes_with_the_scenario(scenario: Scenario, revisions: RevisionStore) -> None:
    first = revisions.revision(scenario.id)
    assert (first.n, first.parent, first.content_id, first.by_id) == (1, None, content_id(0), OWNER)
    assert first.body == content(0).body
    assert [one.n for one in revisions.revisions(scenario.id)] == [1]


def test_what_is_saved_counts_and_comes_back_as_it_was(
    database: Database, scenario: Scenario, revisions: RevisionStore
) -> None:
    saved = revisions.save(scenario.id, content(1, county_version="v2", note="桥 关了"), expected=1, act=ACT)
    assert saved.is_new
    assert (saved.revision.n, saved.revision.parent, saved.revision.note) == (2, 1, "桥 关了")
    assert revisions.revision(scenario.id) == revisions.revision(scenario.id, 2) == saved.revision
    now = ScenarioStore(database).get(scenario.id, Viewer(OWNER))
    assert now == saved.scenario
    assert (now.head, now.county_version, now.version) == (2, "v2", 2)


def test_the_content_that_counts_already_is_not_saved_again(
    database: Database, scenario: Scenario, revisions: RevisionStore
) -> None:
    for _ in range(3):
        saved = revisions.save(scenario.id, content(0), expected=1, act=ACT)
        assert (saved.is_new, saved.revision.n) == (False, 1)
    assert acts(database)[-1][3] == {"n": 1, "unchanged": True}
    rebased = revisions.save(scenario.id, content(0, county_version="v2"), expected=1, act=ACT)
    assert rebased.is_new  # the same question about another build of the county


def test_whoever_comes_second_is_told_and_both_are_kept(
    database: Database, scenario: Scenario, revisions: RevisionStore
) -> None:
    revisions.save(scenario.id, content(1), expected=1, act=ACT)
    with pytest.raises(ScenarioMovedOnError) as refused:
        revisions.save(scenario.id, content(2), expected=1, act=ACT)
    told = refused.value
    assert (told.expected, told.head.n, told.head.content_id, told.kept) == (1, 2, content_id(1), 3)
    assert told.head.body == content(1).body
    (fault,) = told.faults
    assert (fault.code, fault.value, fault.params) == ("scenario-moved-on-kept", "1", {"current": 2, "kept": 3})
    kept = revisions.revision(scenario.id, 3)
    assert (kept.parent, kept.content_id, kept.is_aside) == (1, content_id(2), True)
    assert revisions.revision(scenario.id).n == 2
    assert len(acts(database)) == 3


def test_a_request_that_is_repeated_keeps_nothing_twice(scenario: Scenario, revisions: RevisionStore) -> None:
    first = revisions.save(scenario.id, content(1), expected=1, act=ACT)
    again = revisions.save(scenario.id, content(1), expected=1, act=ACT)  # its answer was lost on the way
    assert (again.is_new, again.revision) == (False, first.revision)
    for _ in range(3):
        with pytest.raises(ScenarioMovedOnError) as refused:
            revisions.save(scenario.id, content(2), expected=1, act=ACT)
        assert refused.value.kept == 3
    assert [one.n for one in revisions.revisions(scenario.id)] == [3, 2, 1]


def test_undoing_two_hundred_saves_leads_the_way_back_and_redoing_there_again(
    scenario: Scenario, revisions: RevisionStore
) -> None:
    draw = random.Random(13)
    way = [content_id(0)]
    head = 1
    while len(way) <= 200:
        number = draw.randrange(10**6)
        if content_id(number) == way[-1]:
            continue
        head = revisions.save(scenario.id, content(number), expected=head, act=ACT).scenario.head
        way.append(content_id(number))
    for wanted in reversed(way[:-1]):
        undone = revisions.undo(scenario.id, expected=head, act=ACT)
        head = undone.scenario.head
        assert undone.revision.content_id == wanted
    with pytest.raises(FaultsError) as refused:
        revisions.undo(scenario.id, expected=head, act=ACT)
    assert codes(refused) == ["scenario-nothing-to-undo"]
    for wanted in way[1:]:
        redone = revisions.redo(scenario.id, expected=head, act=ACT)
        head = redone.scenario.head
        assert redone.revision.content_id == wanted
    assert len(revisions.revisions(scenario.id, limit=1000)) == 201


def test_undoing_and_redoing_lead_back_to_the_build_of_the_county_too(
    database: Database, scenario: Scenario, revisions: RevisionStore
) -> None:
    revisions.save(scenario.id, content(0, county_version="v2"), expected=1, act=ACT)
    for move, head, version in ((revisions.undo, 2, "v1"), (revisions.redo, 1, "v2")):
        moved = move(scenario.id, expected=head, act=ACT).scenario
        assert moved.county_version == version
        assert ScenarioStore(database).get(scenario.id, Viewer(OWNER)) == moved


def test_any_mixture_of_saves_undos_and_redos_is_as_a_list_of_contents(
    scenario: Scenario, revisions: RevisionStore
) -> None:
    """Against the plain model of an editor: what is done, what can be done again."""
    draw = random.Random(7)
    done, again, head = [0], [], 1
    for number in range(1, 250):
        turn = draw.random()
        if turn < 0.45:
            head = revisions.save(scenario.id, content(number), expected=head, act=ACT).scenario.head
            done, again = [*done, number], []
        elif turn < 0.8 and len(done) > 1:
            head = revisions.undo(scenario.id, expected=head, act=ACT).scenario.head
            again = [done[-1], *again]
            done = done[:-1]
        elif again:
            head = revisions.redo(scenario.id, expected=head, act=ACT).scenario.head
            done, again = [*done, again[0]], again[1:]
        assert revisions.revision(scenario.id).content_id == content_id(done[-1])


def test_redoing_never_leads_to_what_was_only_kept_aside(scenario: Scenario, revisions: RevisionStore) -> None:
    revisions.save(scenario.id, content(1), expected=1, act=ACT)
    with pytest.raises(ScenarioMovedOnError):
        revisions.save(scenario.id, content(2), expected=1, act=ACT)
    revisions.undo(scenario.id, expected=2, act=ACT)
    assert revisions.redo(scenario.id, expected=1, act=ACT).revision.content_id == content_id(1)
    with pytest.raises(FaultsError) as refused:
        revisions.redo(scenario.id, expected=2, act=ACT)
    assert codes(refused) == ["scenario-nothing-to-redo"]


def test_undoing_what_somebody_else_has_changed_is_refused(scenario: Scenario, revisions: RevisionStore) -> None:
    revisions.save(scenario.id, content(1), expected=1, act=ACT)
    for move in (revisions.undo, revisions.redo):
        with pytest.raises(ScenarioMovedOnError) as refused:
            move(scenario.id, expected=1, act=ACT)
        assert (refused.value.head.n, refused.value.kept, codes(refused)) == (2, None, ["scenario-moved-on"])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"scenario_id": "f" * 32}, "unknown-scenario"),
        ({"scenario_id": "x\x00"}, "unknown-scenario"),
        ({"expected": 2}, "unknown-scenario-revision"),
        ({"expected": 0}, "unknown-scenario-revision"),
        ({"expected": 2**70}, "unknown-scenario-revision"),
        ({"content": ScenarioContent({"a": "x" * 1_000_000}, "c", "v")}, "scenario-body-too-large"),
        ({"content": ScenarioContent({"a": "\x00"}, "c", "v")}, "scenario-body-not-plain"),
        ({"content": ScenarioContent({"a": "\ud800"}, "c", "v")}, "scenario-body-not-plain"),
        ({"content": ScenarioContent({"a": float("nan")}, "c", "v")}, "scenario-body-not-plain"),
        ({"content": ScenarioContent([], "c", "v")}, "scenario-body-not-plain"),
        ({"content": content(1, note="n" * 201)}, "scenario-bad-note"),
        ({"content": content(1, note="\x00")}, "scenario-bad-note"),
    ],
)
def test_what_cannot_be_saved_is_refused_and_leaves_nothing(
    database: Database, scenario: Scenario, revisions: RevisionStore, change: dict[str, object], code: str
) -> None:
    asked = {"scenario_id": scenario.id, "content": content(1), "expected": 1, **change}
    with pytest.raises(FaultsError) as refused:
        revisions.save(asked["scenario_id"], asked["content"], expected=asked["expected"], act=ACT)
    assert codes(refused) == [code]
    assert [one.n for one in revisions.revisions(scenario.id)] == [1]
    assert len(acts(database)) == 1


def test_a_scenario_has_no_more_revisions_than_its_history_can_list(
    database: Database, scenario: Scenario, revisions: RevisionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scenario_rows_of_layers, "MOST_REVISIONS", 3)
    for head in (1, 2):
        revisions.save(scenario.id, content(head), expected=head, act=ACT)
    for expected in (1, 3):  # nor is anything kept aside then
        with pytest.raises(FaultsError) as refused:
            revisions.save(scenario.id, content(9), expected=expected, act=ACT)
        assert codes(refused) == ["scenario-too-many-revisions"]
    assert not revisions.save(scenario.id, content(2), expected=3, act=ACT).is_new
    revisions.undo(scenario.id, expected=3, act=ACT)
    assert [one.n for one in revisions.revisions(scenario.id)] == [3, 2, 1]
    assert len(acts(database)) == 5


def test_the_history_is_listed_a_page_at_a_time_without_bodies(scenario: Scenario, revisions: RevisionStore) -> None:
    for head in range(1, 6):
        revisions.save(scenario.id, content(head), expected=head, act=ACT)
    assert [one.n for one in revisions.revisions(scenario.id, limit=4)] == [6, 5, 4, 3]
    assert [one.n for one in revisions.revisions(scenario.id, before=3)] == [2, 1]
    assert not hasattr(revisions.revisions(scenario.id)[0], "body")


@pytest.mark.parametrize("change", ["UPDATE scenario_revision SET note = 'x'", "DELETE FROM scenario_revision"])
def test_the_database_itself_refuses_to_change_a_revision(
    database: Database, scenario: Scenario, revisions: RevisionStore, change: str
) -> None:
    with pytest.raises(DBAPIError, match="append-only"), database.writing() as connection:
        connection.execute(text(change))
    assert revisions.revision(scenario.id).note == ""
