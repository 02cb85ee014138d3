"""A scenario is named by its content: the same asked otherwise is the same, anything else is another."""

import dataclasses
import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.hub_rooms import Room
from planning.scenario.difference import difference
from planning.scenario.edit_form import edits_from
from planning.scenario.edits import NewCandidate, RoadClosed, RoadSpeed, SiteStatus, told
from planning.scenario.question import Conditions, PlanQuestion, TownshipLimit
from planning.scenario.scenario import Scenario, told_question

VERSION = "0123456789abcdef"
TARGETS = st.sampled_from(["东庄", "西庄", "南桥", "00001"])
EDITS = st.one_of(
    st.builds(SiteStatus, TARGETS, st.sampled_from(["existing", "closable", "required", "excluded"])),
    st.builds(RoadClosed, TARGETS),
    st.builds(RoadSpeed, st.just("primary"), st.sampled_from(["car", "e-bike"]), st.sampled_from([0.0, 30.0, 45.5])),
    st.builds(
        NewCandidate, TARGETS, st.tuples(st.just(117.0), st.sampled_from([36.5, 37.0])), st.sampled_from([None, 5])
    ),
)
LISTS = st.lists(EDITS, max_size=6)


def scenario(edits=(), version=VERSION, name="甲", **asked):
    return Scenario(name, version, PlanQuestion("hub", **asked), tuple(edits))


def test_what_is_not_said_15_0_name_and_limits_of_the_search_change_nothing():
    plain = scenario(limit_minutes=15)
    same = (
        scenario(limit_minutes=15.0, name="乙"),
        scenario(limit_minutes=15, time_limit_s=5.0, memory_limit_mb=100),
        scenario(limit_minutes=15, base="resident", conditions=Conditions(status=(), split=False)),
    )
    assert {one.content_id for one in same} == {plain.content_id}
    assert len(plain.content_id) == 64


@pytest.mark.parametrize(
    "other",
    [
        scenario(version="f" * 16),
        scenario(limit_minutes=16),
        scenario(edits=[RoadClosed("南桥")]),
        scenario(base="registered"),
        scenario(conditions=Conditions(separation_km=0)),
        scenario(rooms=(Room("hall", base_m2=1),)),
    ],
)
def test_whatever_else_is_asked_is_another_content(other):
    assert other.content_id != scenario().content_id


def test_zero_is_said_and_nothing_is_not():
    assert told_question(PlanQuestion("hub", conditions=Conditions(every_township=0))) == {
        "service": "hub",
        "every_township": 0,
    }


@given(LISTS, st.randoms(use_true_random=False))
def test_edits_commute_and_the_reader_keeps_their_order(edits, chance: random.Random):
    mixed = chance.sample(edits, len(edits))
    assert scenario(mixed).content_id == scenario(edits).content_id
    assert [one["op"] for one in scenario(mixed).body()["edits"]] == [edit.op for edit in mixed]


@given(LISTS)
def test_what_is_written_is_read_again_as_the_same(edits):
    first = scenario(edits)
    written = json.loads(json.dumps(first.contract({"code": "371499"}), ensure_ascii=False))
    assert (written["content_id"], written["county"]) == (first.content_id, {"code": "371499"})
    assert scenario(edits_from(written["edits"])).content_id == first.content_id


def test_townships_rooms_and_places_are_written_as_the_api_takes_them():
    conditions = Conditions(
        status=(("西庄", "excluded"), ("东庄", "required")),
        townships=(TownshipLimit("乙", 1), TownshipLimit("甲", 0, 2)),
    )
    asked = scenario(conditions=conditions, rooms=(Room("hall", base_m2=120.0),)).body()["question"]
    assert asked == {
        "service": "hub",
        "rooms": [{"room": "hall", "base_m2": 120}],
        "status": {"东庄": "required", "西庄": "excluded"},
        "townships": [{"township": "乙", "least": 1}, {"township": "甲", "most": 2}],
    }


@given(LISTS, LISTS)
def test_a_difference_tells_what_leads_from_one_to_the_other(before, after):
    found = difference(scenario(before), scenario(after))["edits"]
    left = [told(edit) for edit in before]
    for one in found:
        if one["before"] is not None:
            left.remove(json.loads(json.dumps(one["before"])) if one["before"] not in left else one["before"])
    left += [one["after"] for one in found if one["after"] is not None]
    assert scenario(edits_from(left)).content_id == scenario(after).content_id
    assert (found == []) == (scenario(before).content_id == scenario(after).content_id)


def test_fields_versions_and_an_edit_of_the_same_thing_are_told_as_changed():
    before = scenario([SiteStatus("东庄", "required"), RoadClosed("南桥")], p=3)
    after = dataclasses.replace(
        scenario([SiteStatus("东庄", "excluded")], conditions=Conditions(capacity=9)), county_version="f" * 16
    )
    site = {"op": "site-status", "target": "东庄"}
    assert difference(before, after) == {
        "question": [
            {"field": "p", "before": 3, "after": None},
            {"field": "capacity", "before": None, "after": 9},
        ],
        "edits": [
            {"change": "changed", "before": {**site, "status": "required"}, "after": {**site, "status": "excluded"}},
            {"change": "removed", "before": {"op": "road-closed", "target": "南桥"}, "after": None},
        ],
        "county_version": {"before": VERSION, "after": "f" * 16},
    }
