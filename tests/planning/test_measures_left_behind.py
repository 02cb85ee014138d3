"""Who is left behind: place by place, and in sum exactly what the measures say."""

from fractions import Fraction

import numpy as np
from counted import counted
from hypothesis import given, settings
from hypothesis import strategies as st
from random_plans import random_plans

from planning.measures.left_behind import find_left_behind
from planning.measures.served import count_served, served_by_place
from planning.siting import SitingProblem, Solution
from planning.siting.models.mclp import mclp

LIMITS = st.sampled_from([None, 0, 5, 10, 15])
NO_WAY = 2**29


def plan(opened, allocation):
    columns = {"opened": np.array(opened, np.int64), "allocation": np.array(allocation, np.int64)}
    return Solution("capacitated", {}, "feasible", "min", "s", **columns)


@counted(over=30, outside=30, no_way=30)
@settings(max_examples=300)
@given(random_plans(), LIMITS)
def test_the_places_sum_to_the_measures_and_each_has_its_reason(seen, drawn, limit_s):
    problem, solution = drawn
    found = find_left_behind(problem, solution, limit_s=limit_s)
    told = count_served(problem, solution, limit_s=limit_s)
    assert sum(one.people for one in found if one.reason == "over-capacity") == told.over_capacity_people
    assert sum(one.people for one in found if one.reason != "over-capacity") == told.outside_people
    assert len({one.row for one in found}) == len(found)
    most = min([x for x in (limit_s, problem.max_time_s) if x is not None], default=10**6)
    for one in found:
        times = {j: int(problem.values[one.row, j]) for j in solution.opened.tolist()}
        ways = {j: s for j, s in times.items() if s < NO_WAY}
        expected = "no-way" if not ways else "over-capacity" if min(ways.values()) <= most else "outside"
        assert one.reason == expected
        assert one.seconds == min(ways.values(), default=None)
        assert one.site is None if not ways else ways[one.site] == one.seconds
        assert 0 < one.people <= one.counted == problem.weights[one.row]
        seen[{"over-capacity": "over", "outside": "outside", "no-way": "no_way"}[expected]] += 1


@given(random_plans(), LIMITS)
def test_the_three_parts_of_a_place_are_its_people(drawn, limit_s):
    problem, solution = drawn
    here = served_by_place(problem, solution, limit_s=limit_s)
    assert (sum(here) == problem.weights).all()
    assert min(int(part.min()) for part in here) >= 0


@counted(shared=30)
@settings(max_examples=100)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=8), st.integers(0, 20))
def test_the_places_of_an_overloaded_site_share_what_it_takes_to_within_a_person(seen, people, room):
    problem = SitingProblem.from_arrays([[60]] * len(people), people, capacities=[room])
    here = served_by_place(problem, plan([0], [0] * len(people)), limit_s=600)
    assert int(here.served.sum()) == min(room, sum(people))
    for served, one in zip(here.served.tolist(), people, strict=True):
        exact = Fraction(one * min(room, sum(people)), max(1, sum(people)))
        assert abs(served - exact) < 1
        seen["shared"] += served != exact


def test_names_come_with_the_most_people_first_and_a_place_without_people_is_none():
    problem = SitingProblem.from_arrays([[60], [700], [800], [-1], [900]], [10, 3, 8, 5, 0])
    found = find_left_behind(problem, plan([0], [0, 0, 0, -1, 0]), limit_s=600)
    assert [(one.row, one.reason, one.people, one.seconds) for one in found] == [
        (2, "outside", 8, 800),
        (3, "no-way", 5, None),
        (1, "outside", 3, 700),
    ]


def test_whom_a_full_site_leaves_out_is_named_where_they_live():
    problem = SitingProblem.from_arrays([[60], [60], [9000]], [10, 8, 3], capacities=[12])
    found = find_left_behind(problem, mclp(problem, p=1, limit_s=600), limit_s=600)
    assert [(one.row, one.reason, one.people, one.counted) for one in found] == [
        (1, "over-capacity", 8, 8),
        (2, "outside", 3, 3),
    ]


def test_an_overload_is_shared_in_whole_people():
    problem = SitingProblem.from_arrays([[60], [60], [60]], [1, 1, 1], capacities=[2])
    found = find_left_behind(problem, plan([0], [0, 0, 0]), limit_s=600)
    assert [(one.row, one.people) for one in found] == [(2, 1)]


def test_where_nothing_is_opened_everyone_is_left_without_a_way():
    problem = SitingProblem.from_arrays([[60], [60]], [4, 9])
    found = find_left_behind(problem, plan([], []), limit_s=600)
    assert [(one.row, one.reason, one.people, one.site) for one in found] == [
        (1, "no-way", 9, None),
        (0, "no-way", 4, None),
    ]
