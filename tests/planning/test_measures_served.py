"""Served, within reach but over capacity, outside: three numbers that are everyone, whatever the plan."""

from fractions import Fraction

import numpy as np
import pytest
from counted import counted
from hypothesis import given, settings
from hypothesis import strategies as st
from random_plans import random_plans

from planning.measures.flows import flows_of, seconds_of
from planning.measures.served import Served, count_served
from planning.measures.travel_times import measures
from planning.siting import SitingProblem, Solution
from planning.siting.models.capacitated import capacitated
from planning.siting.models.mclp import mclp
from planning.siting.models.p_median import p_median

LIMITS = st.sampled_from([None, 0, 5, 10, 15])


def plan(opened, allocation, shares=None):
    shares = None if shares is None else np.array(shares)
    return Solution(
        "capacitated",
        {},
        "feasible",
        "min",
        "s",
        opened=np.array(opened),
        allocation=np.array(allocation),
        shares=shares,
    )


def by_hand(problem, solution, limit_s):
    """Count place by place and site by site, in fractions of people."""
    most = min([x for x in (limit_s, problem.max_time_s) if x is not None], default=10**6)
    opened, served, reached = solution.opened.tolist(), 0, 0
    for i, people in enumerate(problem.weights.tolist()):
        reached += people if any(problem.values[i, j] <= most for j in opened) else 0
    for j in opened:
        here, load = 0, 0
        for i, people in enumerate(problem.weights.tolist()):
            parts = [row for row in ([] if solution.shares is None else solution.shares.tolist()) if row[0] == i]
            if parts:
                whole = sum(part for _, _, part in parts)
                goes = {site: people * part // whole for _, site, part in parts}
                largest = max(parts, key=lambda row: row[2])[1]
                goes[largest] += people - sum(goes.values())
                part, mine = goes.get(j, 0), sum(part for _, site, part in parts if site == j)
            else:
                sent = solution.allocation[i] == j
                part = people if sent else 0
                mine = int(problem.capacity.loads[i]) if sent and problem.capacity and solution.shares is None else 0
            here += part if problem.values[i, j] <= most else 0
            load += mine
        room = (
            Fraction(1) if problem.capacity is None or not load else Fraction(int(problem.capacity.capacities[j]), load)
        )
        served += int(here * min(Fraction(1), room))
    return Served(served, reached - served, int(problem.weights.sum()) - reached)


@counted(served=30, over=30, outside=30, divided=25)
@settings(max_examples=300)
@given(random_plans(), LIMITS)
def test_the_three_numbers_are_everyone_and_what_counting_by_hand_gives(seen, drawn, limit_s):
    problem, solution = drawn
    found = count_served(problem, solution, limit_s=limit_s)
    assert min(found.as_dict().values()) >= 0
    assert sum(found.as_dict().values()) == problem.weights.sum()
    assert found == by_hand(problem, solution, limit_s)
    seen["served"] += found.served_people > 0
    seen["over"] += found.over_capacity_people > 0
    seen["outside"] += found.outside_people > 0
    seen["divided"] += solution.shares is not None and len(solution.shares) > 1


@given(random_plans())
def test_who_goes_where_loses_nobody_who_is_sent_somewhere(drawn):
    problem, solution = drawn
    flows = flows_of(problem, solution)
    people = np.zeros(len(problem.weights), np.int64)
    np.add.at(people, flows.demand, flows.people)
    assert people.tolist() == np.where(solution.allocation >= 0, problem.weights, 0).tolist()


def test_without_capacity_served_are_those_within_the_limit():
    problem = SitingProblem.from_arrays([[60, 900], [700, 300], [800, 900], [-1, -1]], [10, 5, 3, 2])
    solution = p_median(problem, p=1)
    found = count_served(problem, solution, limit_s=600)
    within = measures(problem.weights, seconds_of(problem, solution.allocation), limit_s=600).people_within_limit
    assert found == Served(within, 0, 20 - within)


def test_whom_capacity_leaves_out_within_reach_are_over_capacity_and_not_outside():
    problem = SitingProblem.from_arrays([[60], [60], [9000]], [10, 8, 3], capacities=[12])
    solution = mclp(problem, p=1, limit_s=600)
    assert solution.allocation.tolist() == [0, -1, -1]
    assert count_served(problem, solution, limit_s=600) == Served(10, 8, 3)


def test_a_site_over_its_capacity_serves_the_same_share_of_all_its_people():
    problem = SitingProblem.from_arrays([[60], [60], [700]], [10, 8, 3], capacities=[14])
    assert count_served(problem, plan([0], [0, 0, 0]), limit_s=600) == Served(18 * 14 // 21, 6, 3)


def test_who_is_sent_beyond_reach_since_the_near_site_is_full_is_over_capacity():
    problem = SitingProblem.from_arrays([[60, 900], [60, 900]], [10, 10], capacities=[10, 10])
    solution = capacitated(problem, p=2)
    assert count_served(problem, solution, limit_s=600) == Served(10, 10, 0)


def test_a_divided_place_counts_part_by_part():
    problem = SitingProblem.from_arrays([[60, 900]], [10], capacities=[7, 7])
    solution = capacitated(problem, p=2, split=True)
    assert count_served(problem, solution, limit_s=600) == Served(7, 3, 0)
    assert count_served(problem, solution, limit_s=900) == Served(10, 0, 0)


@pytest.mark.parametrize("capacities", [None, [5, 5]])
def test_where_nothing_is_opened_everyone_is_outside(capacities):
    problem = SitingProblem.from_arrays([[60, 60]], [10], capacities=capacities)
    assert count_served(problem, plan(np.empty(0, np.int64), [-1]), limit_s=600) == Served(0, 0, 10)


def test_a_longest_time_shorter_than_the_limit_says_what_is_within_reach():
    problem = SitingProblem.from_arrays([[300], [700]], [10, 5], max_time_s=500)
    assert count_served(problem, plan([0], [0, -1]), limit_s=900) == Served(10, 0, 5)
