"""What each kind of edit comes to, worked out by hand on a flat earth."""

import dataclasses

import pytest
from drawn_edits import edits
from flat_county import PLACES, at
from hypothesis import given, settings
from hypothesis import strategies as st
from random_edits import without_contradictions

from gis.road_edits import AS_BUILT, BuiltRoad
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


def resolved(*edits, service="elder-centre", places=PLACES, **asked):
    question = PlanQuestion(service, edits=edits, **({"p": 1} | asked))
    return resolve(with_defaults(question, DEFAULTS.services), places, DEFAULTS)


def status_of(found):
    return dict(zip(found.candidates.ids, found.rules["status"], strict=True))


def test_without_edits_no_road_is_read_and_nothing_changes():
    def never():
        raise AssertionError("the map was asked for")

    found = resolved(places=dataclasses.replace(PLACES, land=never))
    assert (found.roads, found.edits_told, found.year) == (AS_BUILT, (), None)
    resolved(SiteStatus("1", "required"), PlacePeople("1", 5), places=dataclasses.replace(PLACES, land=never))


def test_a_new_candidate_lies_in_the_township_of_its_ground_else_of_the_place_nearest():
    found = resolved(NewCandidate("北点", at(1, 5)), NewCandidate("东点", at(3.2, 1)), SiteStatus("北点", "required"))
    here = found.candidates
    rows = [here.ids.tolist().index(name) for name in ("北点", "东点")]
    assert here.townships[rows].tolist() == ["甲", "乙"]
    assert here.positions[rows].tolist() == [[1000, 5000], [3200, 1000]]
    assert (here.origins[rows].tolist(), here.stands[rows].tolist()) == (["proposed"] * 2, [False] * 2)
    assert (status_of(found)["北点"], status_of(found)["东点"]) == ("required", "candidate")


def test_one_site_takes_what_is_said_of_it_whatever_the_others_do():
    edits = (SiteCapacity("F1", 70), SiteCapacity("1", 30), NewCandidate("新点", at(1, 1), 50))
    rules = resolved(*edits, conditions=Conditions(capacity=200, included=100)).rules
    assert rules["capacities"].tolist() == [30, 200, 200, 200, 70, 50]
    assert rules["included"].tolist() == [30, 100, 100, 100, 70, 50], (
        "what stands has it, the rest gets no more than it"
    )


def test_people_are_those_of_the_base_the_group_and_the_year_and_single_places_go_first():
    assert resolved(Counted(base="registered", group="all")).weights.values.tolist() == [95, 85, 75, 65]
    found = resolved(Counted(group="80+", year=2030), PlacePeople("河口", 44))
    assert (found.weights.basis, found.weights.values[3]) == ("2030-age_80_plus", 44)
    assert found.people["age_60_plus"].sum() > PLACES.people["age_60_plus"].sum()
    assert PLACES.people["age_60_plus"].tolist() == [30, 20, 10, 9], "the county stays"


def test_roads_are_named_by_piece_or_by_name_and_come_out_in_one_order():
    built = RoadBuilt("新路", at(2.1, 0.1), at(0.1, 0), 40.0)
    found = resolved(RoadSlowed("r4", 3), RoadSlowed("r3", 2), built, RoadClosed("东路"))
    assert (found.roads.closed, found.roads.slowed) == ((0, 1), ((2, 2), (3, 3)))
    assert found.roads.built == (BuiltRoad((0.0, 0.0), (2000.0, 0.0), 40.0),)
    assert [told.get("pieces", told.get("metres")) for told in found.edits_told] == [1, 1, 2000, 2]


@pytest.mark.parametrize(("bridges", "closed"), [("closed", (1, 2)), ("open", (1,))])
def test_a_flood_closes_what_touches_it_but_bridges_where_they_stay_open(bridges, closed):
    area = (at(1.5, -1), at(2.6, -1), at(2.5, 1))
    assert resolved(Flooded("水", area, bridges)).roads.closed == closed


def test_each_tier_goes_by_the_speeds_of_its_own_mode_and_the_same_closed_roads():
    edits = (RoadSpeed("tertiary", "e-bike", 9), RoadSpeed("tertiary", "car", 30), RoadClosed("r3"))
    found = resolved(*edits, service="service-room", model="two-tiers", mode="e-bike", p=2, upper_p=1)
    assert found.roads.speeds_kmh == (("tertiary", 9),)
    assert found.upper.roads.speeds_kmh == (("tertiary", 30),)
    assert found.roads.closed == found.upper.roads.closed == (2,)


def test_another_standard_counts_and_the_question_under_it_is_the_same_question():
    found = resolved(Standard(limit_minutes=20, max_minutes=45), Counted(base="registered"))
    assert (found.question.limit_s, found.rules["max_time_s"], found.question.base) == (1200, 2700, "registered")
    again = resolve(found.question, PLACES, DEFAULTS)
    assert (again.question, again.weights.values.tolist()) == (found.question, found.weights.values.tolist())


def test_sites_of_an_adopted_scheme_stand_and_stay():
    sites = (
        AdoptedSite("1", capacity=60),
        AdoptedSite("F2"),
        AdoptedSite("X", "新院", at(2, 1), 80),
        AdoptedSite("F1"),
    )
    found = resolved(Adopted("elder-centre", sites), conditions=Conditions(capacity=200))
    here = found.candidates
    told = dict(zip(here.ids, zip(here.names, here.stands, here.capacities, strict=True), strict=True))
    assert told["1"] == ("东庄", True, 60)
    assert told["F2"] == ("中心", True, -1)
    assert told["X"] == ("新院", True, 80)
    assert told["F1"] == ("敬老院", True, 40)
    assert {id_ for id_, status in status_of(found).items() if status == "existing"} == {"1", "F2", "X", "F1"}


def test_a_scheme_of_another_service_leaves_the_candidates_alone():
    found = resolved(Adopted("hub", (AdoptedSite("1"), AdoptedSite("X", at=at(2, 1)))))
    assert found.candidates.ids.tolist() == [*PLACES.ids, "F1"]
    assert not found.candidates.stands[:4].any()


def test_a_candidate_of_this_scenario_may_be_adopted():
    found = resolved(NewCandidate("新点", at(1, 1)), Adopted("elder-centre", (AdoptedSite("新点"),)))
    assert (status_of(found)["新点"], found.candidates.ids.tolist().count("新点")) == ("existing", 1)


@settings(max_examples=300)
@given(edits, st.sampled_from(["elder-centre", "hub", "service-room"]), st.permutations(range(8)))
def test_whatever_the_form_allows_is_resolved_in_any_order_or_refused(drawn, service, order):
    def resolve_them(some):
        return resolved(*some, service=service, **({} if service == "elder-centre" else {"p": None}))

    possible, one = without_contradictions(drawn, resolve_them)
    other = resolve_them([possible[k] for k in order if k < len(possible)])
    assert outcome(one) == outcome(other)


def outcome(found):
    sites = sorted(zip(found.candidates.ids, found.rules["status"], found.candidates.stands.tolist(), strict=True))
    return found.roads, found.weights.values.tolist(), sites, found.question.limit_s, found.rules["max_time_s"]
