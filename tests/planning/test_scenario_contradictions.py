"""Edits that contradict each other, the question or the county: each kind is told by number and name, all together."""

import dataclasses

import pytest
from flat_county import PEOPLE, PLACES, at

from api.explain import explain_fault
from gis.faults import FaultsError
from planning.scenario.defaults import with_defaults
from planning.scenario.edits import (
    Adopted,
    AdoptedSite,
    Counted,
    Flooded,
    NewCandidate,
    PlacePeople,
    RoadBuilt,
    RoadClosed,
    RoadSlowed,
    RoadSpeed,
    SiteCapacity,
    SiteStatus,
    Standard,
)
from planning.scenario.question import Conditions, PlanQuestion
from planning.scenario.resolve import resolve
from planning.tables.in_force import DEFAULTS

TRIANGLE = (at(0.2, -1), at(0.4, -1), at(0.3, 1))
BOW = (at(0, 0), at(1, 1), at(1, 0), at(0, 1))
WIDE = (at(1.5, -1), at(2.6, -1), at(2.5, 1))
BRIDGE = (at(2.4, -1), at(2.6, -1), at(2.5, 1))


def new(name, x=1.0, y=0.5, **more):
    return NewCandidate(name, at(x, y), **more)


def built(start=(0, 0), end=(2, 0), speed=40.0):
    return RoadBuilt("新路", at(*start), at(*end), speed)


def adopt(*targets, service="elder-centre", **more):
    return Adopted(service, tuple(AdoptedSite(target, **more) for target in targets))


def refused(*edits, places=PLACES, capacity=None, status=(), **asked):
    conditions = Conditions(capacity=capacity, status=status, max_minutes=asked.pop("max_minutes", None))
    question = PlanQuestion("elder-centre", p=1, conditions=conditions, edits=edits, **asked)
    with pytest.raises(FaultsError) as error:
        resolve(with_defaults(question, DEFAULTS.services), places, DEFAULTS)
    return [(fault.code, fault.row, fault.field, fault.value) for fault in error.value.faults]


ONE = [
    ("edit-unknown-place", [SiteStatus("东装", "required")], 1, "target", "东装"),
    ("edit-unknown-place", [SiteCapacity("9", 5)], 1, "target", "9"),
    ("edit-unknown-place", [PlacePeople("9", 5)], 1, "target", "9"),
    ("edit-ambiguous-place", [SiteStatus("西庄", "required")], 1, "target", "西庄"),
    ("edit-ambiguous-place", [PlacePeople("西庄", 5)], 1, "target", "西庄"),
    ("edit-candidate-taken", [new("东庄")], 1, "target", "东庄"),
    ("edit-candidate-taken", [new("中心")], 1, "target", "中心"),
    ("edit-candidate-twice", [new("新点"), new("新点", 2)], 2, "target", "新点"),
    ("edit-outside-county", [new("新点", 50)], 1, "at", "新点"),
    ("edit-far-from-road", [new("新点", 9, -8)], 1, "at", "新点"),
    ("edit-status-twice", [SiteStatus("1", "required"), SiteStatus("东庄", "excluded")], 2, "status", "东庄"),
    ("edit-status-twice", [SiteStatus("1", "required"), SiteStatus("1", "required")], 2, "status", "1"),
    ("edit-status-of-adopted", [SiteStatus("1", "excluded"), adopt("1")], 1, "status", "1"),
    ("edit-people-twice", [PlacePeople("1", 5), PlacePeople("东庄", 5)], 2, "people", "东庄"),
    ("edit-nobody-lives-there", [PlacePeople("F1", 5)], 1, "target", "F1"),
    ("edit-nobody-lives-there", [new("新点"), PlacePeople("新点", 5)], 2, "target", "新点"),
    ("edit-capacity-not-counted", [SiteCapacity("1", 5)], 1, "capacity", "1"),
    ("edit-set-twice", [Counted(base="registered"), Counted(base="resident")], 2, "base", "resident"),
    ("edit-set-twice", [Counted(group="65+"), Counted(group="65+")], 2, "group", "65+"),
    ("edit-set-twice", [Counted(year=2030), Counted(year=2035)], 2, "year", "2035"),
    ("edit-set-twice", [Standard(20), Standard(25, 50)], 2, "limit_minutes", "25"),
    ("edit-changes-nothing", [Counted(group="60+")], 1, "group", "60+"),
    ("edit-changes-nothing", [Standard(limit_minutes=30)], 1, "limit_minutes", "30"),
    ("edit-changes-nothing", [RoadSpeed("tertiary", "car", 40)], 1, "speed_kmh", "tertiary"),
    ("edit-changes-nothing", [RoadSlowed("r1", 1)], 1, "factor", "r1"),
    ("edit-ageing-not-elders", [Counted(group="all", year=2030)], 1, "year", "2030"),
    ("edit-ageing-not-elders", [Counted(group="5-14"), Counted(year=2035)], 2, "year", "2035"),
    ("edit-unknown-road", [RoadClosed("东陆")], 1, "target", "东陆"),
    ("edit-unknown-road", [RoadSlowed("", 2)], 1, "target", ""),
    ("edit-road-built-and-changed", [built(), RoadClosed("新路")], 2, "target", "新路"),
    ("edit-road-closed-twice", [RoadClosed("东路"), RoadClosed("r2")], 2, "target", "r2"),
    ("edit-road-slowed-twice", [RoadSlowed("r1", 2), RoadSlowed("东路", 2)], 2, "target", "东路"),
    ("edit-road-closed-and-slowed", [RoadSlowed("r1", 2), RoadClosed("东路")], 1, "target", "r1"),
    ("edit-road-slowed-and-flooded", [Flooded("水", TRIANGLE), RoadSlowed("东路", 2)], 2, "target", "东路"),
    ("edit-road-slowed-in-closed-class", [RoadSpeed("tertiary", "car", 0), RoadSlowed("r1", 2)], 2, "target", "r1"),
    ("edit-bridge-open-and-closed", [
        Flooded("大水", WIDE, "open"), Flooded("小水", BRIDGE)], 1, "bridges", "大水"),
    ("edit-area-invalid", [Flooded("水", BOW)], 1, "area", "水"),
    ("edit-area-invalid", [Flooded("水", (at(0, 0), at(1, 0), at(2, 0)))], 1, "area", "水"),
    ("edit-outside-county", [Flooded("水", (at(50, 0), at(51, 0), at(50, 1)))], 1, "area", "水"),
    ("edit-area-without-roads", [Flooded("水", (at(5, 5), at(6, 5), at(5, 6)))], 1, "area", "水"),
    ("edit-area-without-roads", [Flooded("水", BRIDGE, "open")], 1, "area", "水"),
    ("edit-far-from-junction", [built(end=(0, 10))], 1, "end", "新路"),
    ("edit-outside-county", [built(start=(-20, 0))], 1, "start", "新路"),
    ("edit-built-no-length", [built(end=(0.2, 0.1))], 1, "end", "新路"),
    ("edit-built-twice", [built(), built(start=(2, 0.1), end=(0, 0), speed=20.0)], 2, "target", "新路"),
    ("edit-built-standing", [built(speed=0.0)], 1, "speed_kmh", "新路"),
    ("edit-unknown-class", [RoadSpeed("tertary", "car", 5)], 1, "target", "tertary"),
    ("edit-class-absent", [RoadSpeed("trunk", "car", 5)], 1, "target", "trunk"),
    ("edit-class-closed", [RoadSpeed("footway", "car", 5)], 1, "target", "footway"),
    ("edit-unknown-mode", [RoadSpeed("tertiary", "bike", 5)], 1, "mode", "bike"),
    ("edit-mode-not-travelled", [RoadSpeed("tertiary", "e-bike", 5)], 1, "mode", "e-bike"),
    ("edit-speed-twice", [RoadSpeed("tertiary", "car", 5), RoadSpeed("tertiary", "car", 6)], 2, "speed_kmh",
     "tertiary"),
    ("edit-unknown-service", [adopt("1", service="huub")], 1, "target", "huub"),
    ("edit-adopted-twice", [adopt("1"), adopt("2", "1")], 2, "sites.2.target", "1"),
    ("edit-adopted-unknown", [adopt("X")], 1, "sites.1.target", "X"),
    ("edit-adopted-elsewhere", [adopt("1", at=at(2, 0))], 1, "sites.1.target", "1"),
    ("edit-outside-county", [adopt("X", at=at(50, 0))], 1, "sites.1.target", "X"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "edits", "number", "field", "value"), ONE)
def test_each_contradiction_is_told_with_the_number_and_the_name_of_its_edit(code, edits, number, field, value):
    assert refused(*edits) == [(code, number, field, value)]


AGAINST_THE_QUESTION = [
    ("edit-status-against-question", [SiteStatus("1", "excluded")], {"status": (("东庄", "required"),)}),
    ("edit-adopted-status", [adopt("1")], {"status": (("东庄", "excluded"),)}),
    ("edit-capacity-of-excluded", [SiteCapacity("1", 5)], {"capacity": 9, "status": (("东庄", "excluded"),)}),
    ("edit-capacity-of-excluded", [SiteStatus("1", "excluded"), SiteCapacity("东庄", 5)], {"capacity": 9}),
    ("edit-capacity-twice", [SiteCapacity("1", 5), SiteCapacity("东庄", 5)], {"capacity": 9}),
    ("edit-capacity-twice", [SiteCapacity("新点", 5), new("新点", capacity=5)], {"capacity": 9}),
    ("edit-capacity-not-counted", [new("新点", capacity=5)], {}),
    ("edit-against-question", [Standard(limit_minutes=20)], {"limit_minutes": 25}),
    ("edit-against-question", [Standard(limit_minutes=30)], {"limit_minutes": 25}),
    ("edit-against-question", [Standard(max_minutes=50)], {"max_minutes": 40}),
    ("edit-against-question", [Counted(base="resident")], {"base": "registered"}),
]


@pytest.mark.parametrize(("code", "edits", "asked"), AGAINST_THE_QUESTION)
def test_what_contradicts_the_question_or_needs_it_is_told(code, edits, asked):
    assert [told[0] for told in refused(*edits, **asked)] == [code]


def test_what_the_county_does_not_count_is_told():
    without = dataclasses.replace(PLACES, people=PEOPLE[["resident"]])
    told = refused(Counted(base="registered", group="65+", year=2030), places=without)
    assert [code for code, *_ in told] == ["edit-base-missing", "edit-no-age-bands", "edit-no-age-bands"]


def test_a_plan_of_two_tiers_takes_no_scheme_of_the_tier_above():
    question = PlanQuestion("service-room", model="two-tiers", p=2, upper_p=1, edits=(adopt("1"),))
    with pytest.raises(FaultsError) as error:
        resolve(with_defaults(question, DEFAULTS.services), PLACES, DEFAULTS)
    assert [(fault.code, fault.value) for fault in error.value.faults] == [("edit-adopted-above", "elder-centre")]


def test_every_kind_has_words_in_both_languages_that_name_what_it_is_about():
    everything = [(edits, {}) for _, edits, *_ in ONE] + [(edits, asked) for _, edits, asked in AGAINST_THE_QUESTION]
    kinds = set()
    for edits, asked in everything:
        conditions = Conditions(
            **{name: asked[name] for name in ("capacity", "status", "max_minutes") if name in asked}
        )
        rest = {name: asked[name] for name in ("limit_minutes", "base") if name in asked}
        question = with_defaults(
            PlanQuestion("elder-centre", p=1, conditions=conditions, edits=tuple(edits), **rest), DEFAULTS.services
        )
        with pytest.raises(FaultsError) as error:
            resolve(question, PLACES, DEFAULTS)
        for fault in error.value.faults:
            kinds.add(fault.code)
            for lang in ("zh", "en"):
                words = explain_fault(fault, lang)
                assert words["expected"]
                assert words["mend"]
    assert len(kinds) >= 40


def test_many_contradictions_are_told_together_in_the_order_of_the_edits():
    edits = [edit for _, some, *_ in ONE for edit in some]
    codes = {code for code, *_ in refused(*edits, status=(("无此村", "required"),))}
    assert "unknown-place" in codes
    assert len(codes) >= 35
    rows = [row for _, row, *_ in refused(*edits)]
    assert rows == sorted(rows)
