"""Townships, age bands, loads, money, floor area, standards: parts of a plan that add up to the whole."""

import numpy as np
import pandas as pd
import pytest
from counted import counted
from hypothesis import given
from hypothesis import strategies as st
from random_plans import random_plans

from gis.cost_matrix import UNREACHABLE
from planning.hub_rooms import DEFAULT_ROOMS, hub_program
from planning.measures.floor_area import add_floor_area
from planning.measures.groups import find_worst_township, measure_ages, measure_townships
from planning.measures.loads import Loads, loads_of, site_loads
from planning.measures.money import yuan_of
from planning.measures.plan_measures import measure_in_county, measure_plan
from planning.measures.standards import Checked, Standard, check_facilities, check_facility, standard_of
from planning.scenario.places import Facility
from planning.siting import SitingProblem, Solution
from planning.siting.models.capacitated import capacitated
from planning.siting.models.p_median import p_median
from planning.siting.models.worst_township import worst_township
from planning.siting.solution import Tier
from planning.tables.in_force import DEFAULTS

HUB = Standard(least_floor_area_m2=500)
HOME = Standard(least_capacity=20, least_m2_per_place=35)
TOWNS = st.lists(
    st.tuples(st.sampled_from(["东镇", "西镇", ""]), st.integers(0, 9), st.sampled_from([60, 70, 900, UNREACHABLE])),
    min_size=1,
    max_size=12,
)


@counted(several=30)
@given(TOWNS)
def test_townships_add_up_to_the_county_and_the_worst_is_the_longest_mean(seen, places):
    names, people, seconds = (np.array(column) for column in zip(*places, strict=True))
    measured = measure_townships(names, people, seconds, limit_s=60)
    if not (names != "").any():
        assert measured == []
        assert find_worst_township(measured) is None
        return
    assert sum(one["people_total"] for one in measured) == people.sum()
    assert sum(one["people_within_limit"] for one in measured) == people[seconds <= 60].sum()
    means = {}
    for name in {*names.tolist()}:
        here = [(w, t) for town, w, t in places if town == name and w]
        served = [(w, t) for w, t in here if t < UNREACHABLE]
        if here:
            means[name] = sum(w * t for w, t in served) / sum(w for w, _ in served) if served else np.inf
    worst = find_worst_township(measured)
    if not means:
        assert worst is None
        return
    seen["several"] += len(means) > 1
    assert means[worst["township"] or ""] == max(means.values())
    assert worst["mean_s"] == (None if max(means.values()) == np.inf else max(means.values()))


def test_the_worst_township_is_the_one_that_its_model_speaks_of():
    rng = np.random.default_rng(5)
    towns = rng.choice(["a", "b", "c"], 12)
    problem = SitingProblem.from_arrays(
        rng.integers(60, 3000, (12, 12)), rng.integers(1, 90, 12), demand_townships=towns
    )
    solution = worst_township(problem, p=3)
    found = measure_plan(problem, solution, limit_s=900)["worst_township"]
    assert solution.objective - 1 <= 1000 * found["mean_s"] <= solution.objective


def test_age_bands_are_those_that_the_county_counts_and_say_when_they_are_estimates():
    units = pd.DataFrame({"resident": [100, 50], "registered": [120, 80], "age_60_plus": [20, 10], "age_5_14": [7, 3]})
    seconds = np.array([60, 900])
    bands = measure_ages(units, seconds, base="resident", limit_s=600)
    assert [(band["group"], band["people_within_limit"], band["people_total"]) for band in bands] == [
        ("60+", 20, 30),
        ("5-14", 7, 10),
    ]
    assert [(band["basis"], band["estimated"]) for band in bands] == [("age_60_plus", False), ("age_5_14", False)]
    elders = measure_ages(units, seconds, base="registered", limit_s=600)[0]
    assert (elders["basis"], elders["estimated"], elders["people_total"]) == ("registered-age_60_plus", True, 40)
    assert measure_ages(units[["resident"]], seconds, base="resident", limit_s=600) == []


@given(random_plans())
def test_loads_of_sites_are_what_is_sent_there(drawn):
    problem, solution = drawn
    wanted = np.zeros(len(problem.candidate_ids), np.int64)
    if solution.shares is not None:
        for _, site, load in solution.shares.tolist():
            wanted[site] += load
    elif problem.capacity is not None:
        for load, site in zip(problem.capacity.loads.tolist(), solution.allocation.tolist(), strict=True):
            wanted[site] += load if site >= 0 else 0
    assert site_loads(problem, solution).tolist() == wanted.tolist()
    found = loads_of(problem, solution)
    assert (found is None) == (problem.capacity is None)
    if found is not None:
        room = problem.capacity.capacities[solution.opened]
        assert (found.load, found.capacity) == (wanted[solution.opened].sum(), room.sum())
        assert found.sites_over_capacity == (wanted[solution.opened] > room).sum()


def test_load_against_capacity():
    problem = SitingProblem.from_arrays([[60, 90], [90, 60]], [30, 20], loads=[3, 2], capacities=[4, 8])
    assert loads_of(problem, capacitated(problem, p=2)) == Loads(5, 12, 75.0, 0)


def test_yuan_are_told_only_where_the_problem_knows_all_of_them():
    problem = SitingProblem.from_arrays(
        [[60, 90, 9], [90, 60, 9]], [30, 20], status=["candidate", "closable", "closable"],
        opening_costs=[7, 7, 7], closing_costs=[0, 100, 1000],
    )  # fmt: skip
    plan = Solution("p-median", {}, "feasible", "min", "s", opened=np.array([0, 1]), allocation=np.array([0, 1]))
    assert yuan_of(problem, plan) == 1007
    both = Solution(
        "two-tiers", {}, "feasible", "min", "s", opened=np.array([0]), allocation=np.array([0, 0]),
        second=Tier(np.array([0]), np.array([0, 0])),
    )  # fmt: skip
    assert yuan_of(problem, both) is None
    assert "spent_yuan" not in measure_plan(problem, both, limit_s=9)


def test_floor_area_by_room_adds_up_to_the_floor_area():
    programs = [hub_program(people, rooms=DEFAULT_ROOMS[:2]) for people in (100, 9000)]
    sites = [
        {"floor_area_m2": one.floor_area_m2, "rooms": [{"room": r, "area_m2": a} for r, a in one.rooms]}
        for one in programs
    ]
    found = add_floor_area(sites)
    assert found["floor_area_m2"] == sum(one.floor_area_m2 for one in programs)
    assert sum(room["area_m2"] for room in found["rooms"]) + found["beyond_rooms_m2"] == found["floor_area_m2"]
    assert [room["room"] for room in found["rooms"]] == [room for room, _ in programs[0].rooms]
    assert found["beyond_rooms_m2"] == 500 - sum(area for _, area in programs[0].rooms) > 0
    assert add_floor_area([{"people": 3}]) is None
    usual = add_floor_area([{"floor_area_m2": 80}, {"floor_area_m2": 80}])
    assert usual == {"floor_area_m2": 160, "rooms": [], "beyond_rooms_m2": 160}


@pytest.mark.parametrize(
    ("area", "places", "standard", "found"),
    [
        (500, None, HUB, Checked("met", None, None)),
        (499.9, None, HUB, Checked("short", None, None)),
        (None, None, HUB, Checked("unknown", None, None)),
        (700, 20, HOME, Checked(None, "met", "met")),
        (699, 20, HOME, Checked(None, "met", "short")),
        (700, 19, HOME, Checked(None, "short", "met")),
        (None, 30, HOME, Checked(None, "met", "unknown")),
        (900, None, HOME, Checked(None, "unknown", "unknown")),
        (1, 1, Standard(), Checked(None, None, None)),
    ],
)
def test_a_facility_meets_its_standard_or_is_short_or_nobody_knows(area, places, standard, found):
    assert check_facility(area, places, standard) == found


def test_facilities_that_stand_against_the_standard_of_their_service():
    at = {"kind": "home", "xy": (0.0, 0.0), "lon_lat": (117.0, 37.0)}
    homes = [
        Facility("a", "甲", capacity=20, floor_area_m2=699.0, **at),
        Facility("b", "乙", floor_area_m2=900.0, **at),
        Facility("c", "丙", capacity=20, floor_area_m2=700.0, **at),
    ]
    found = check_facilities(homes, HOME)
    assert (found["met"], found["short"], found["unknown"]) == (1, 1, 1)
    points = [{"capacity": "met", "area_per_place": "short"}, dict.fromkeys(("capacity", "area_per_place"), "unknown")]
    assert [one["points"] for one in found["facilities"][:2]] == points
    first = {"id": "a", "name": "甲", "floor_area_m2": 699.0, "capacity": 20, "points": points[0]}
    assert found["facilities"][0] == first
    assert check_facilities(homes, Standard()) is check_facilities([], HOME) is None


def test_the_standard_of_a_service_is_what_its_table_asks():
    standards = {name: standard_of(service) for name, service in DEFAULTS.services.items()}
    assert HUB in standards.values()
    assert HOME in standards.values()


def test_more_candidates_than_places_are_no_matter():
    problem = SitingProblem.from_arrays([[60, 90, 9, 5], [90, 60, 9, 700]], [30, 20], demand_townships=["a", "b"])
    solution = p_median(problem, p=2)
    figures = measure_plan(problem, solution, limit_s=60)
    units = pd.DataFrame({"resident": [30, 20], "age_60_plus": [3, 2]})
    assert measure_in_county(units, problem, solution, base="resident", limit_s=60)["by_age"][0]["people_total"] == 5
    assert (figures["served_people"], figures["second_nearest"]["people_within_limit"]) == (50, 30)


def test_where_nothing_is_opened_people_are_counted_and_no_minute_is_told():
    problem = SitingProblem.from_arrays([[60]], [30])
    nothing = Solution("p-median", {}, "infeasible", "min", "s")
    found = measure_plan(problem, nothing, limit_s=60)
    assert found.pop("outside_people") == found.pop("people_total") == found.pop("unreachable_people") == 30
    assert set(found.values()) == {0, None}
    assert measure_in_county(pd.DataFrame(), problem, nothing, base="resident", limit_s=60) == {}
