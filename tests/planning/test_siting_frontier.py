"""Frontiers against trying every plan."""

from dataclasses import replace
from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from siting_oracle import allowed_sets, nearest, random_county, serves_everyone, small_problems

from planning.siting import SitingProblem, p_center, verify
from planning.siting.solution import Reason
from planning.siting.study.frontier import coverage_against_budget, coverage_against_number, mean_against_worst


def not_dominated(pairs):
    """Return the pairs, both to be small, that none other beats in one without losing in the other."""
    return sorted({a for a in pairs if not any(b != a and b[0] <= a[0] and b[1] <= a[1] for b in pairs)})


def values_of(frontier):
    return [(point.first, point.second) for point in frontier.points]


@settings(max_examples=80)
@given(small_problems(most=6, rules=True), st.data())
def test_mean_against_worst_holds_every_plan_worth_having(problem, data):
    p = data.draw(st.integers(1, problem.values.shape[1]))
    inhabited = problem.weights > 0
    every = []
    for opened in allowed_sets(problem, p):
        if serves_everyone(problem, opened):
            seconds = nearest(problem, opened)
            every.append((int((seconds * problem.weights)[inhabited].sum()), int(seconds[inhabited].max(initial=0))))
    frontier = mean_against_worst(problem, p=p)
    assert values_of(frontier) == not_dominated(every)
    assert frontier.complete
    assert frontier.proven
    held = [problem, *(replace(problem, max_time_s=point.second - 1) for point in frontier.points if point.second)]
    for asked, point in zip(held, frontier.points, strict=False):
        assert verify(asked, point.solution) == []


def test_mean_against_worst_of_a_county_takes_each_step_to_the_p_center():
    problem = SitingProblem.from_arrays(*random_county(160, 80, seed=3))
    frontier = mean_against_worst(problem, p=4)
    assert frontier.complete
    assert frontier.proven
    assert len(frontier.points) > 3
    assert frontier.points[-1].second == p_center(problem, p=4).objective


@settings(max_examples=80)
@given(small_problems(most=6), st.sampled_from([1, 5, 500]))
def test_coverage_against_number_ends_where_more_cover_nobody_else(problem, limit_s):
    m = problem.values.shape[1]
    every = [
        (k, -int(problem.weights[nearest(problem, opened) <= limit_s].sum()))
        for k in range(1, m + 1)
        for opened in combinations(range(m), k)
    ]
    frontier = coverage_against_number(problem, limit_s=limit_s)
    assert [(first, -second) for first, second in values_of(frontier)] == not_dominated(every)
    assert frontier.complete


@settings(max_examples=40)
@given(small_problems(most=5), st.data())
def test_coverage_against_budget_spends_no_yuan_in_vain(problem, data):
    m = problem.values.shape[1]
    yuan = data.draw(st.lists(st.integers(1, 4), min_size=m, max_size=m))
    asked = SitingProblem.from_arrays(
        np.where(problem.reachable, problem.values, -1), problem.weights, opening_costs=yuan
    )
    every = [
        (-int(problem.weights[nearest(problem, opened) <= 5].sum()), sum(yuan[j] for j in opened))
        for k in range(1, m + 1)
        for opened in combinations(range(m), k)
    ]
    frontier = coverage_against_budget(asked, limit_s=5, budget_yuan=sum(yuan))
    assert [(-first, second) for first, second in values_of(frontier)] == not_dominated(every)


def test_every_point_carries_its_own_proof_and_a_count_stops_it():
    problem = SitingProblem.from_arrays(*random_county(80, 40))
    frontier = mean_against_worst(problem, p=4, count=3)
    assert len(frontier.points) == 3
    assert not frontier.complete
    assert all(point.solution.proof == "certificate" for point in frontier.points)
    assert verify(problem, frontier.points[0].solution) == []


def test_a_cancel_leaves_the_points_found_so_far():
    problem = SitingProblem.from_arrays(*random_county(80, 40))
    frontier = mean_against_worst(problem, p=4, stop=lambda: True)
    assert values_of(frontier) == []
    assert not frontier.complete


def test_a_point_that_is_cut_short_tells_the_cause():
    problem = SitingProblem.from_arrays(*random_county(80, 40))
    full = Reason("memory-limit", {"most_mb": 1})
    asked = iter(range(1000))
    frontier = mean_against_worst(problem, p=4, stop=lambda: next(asked) >= 2 and full)
    assert [point.solution.reasons for point in frontier.points] == [(full,)]
    assert not frontier.complete


def test_coverage_against_a_budget_of_equal_costs_is_coverage_against_number():
    problem = SitingProblem.from_arrays(*random_county(60, 60, seed=5), opening_costs=np.full(60, 1000))
    by_number = coverage_against_number(problem, limit_s=300)
    budget_yuan = 1000 * by_number.points[-1].first
    by_money = coverage_against_budget(problem, limit_s=300, budget_yuan=budget_yuan)
    assert by_number.proven
    assert by_money.proven
    assert by_money.complete
    told = [(point.first, point.second) for point in by_money.points]
    assert told == [(point.second, 1000 * point.first) for point in reversed(by_number.points)]
    money = budget_yuan
    for point in by_money.points:
        assert not verify(problem, point.solution)
        assert point.solution.options["budget_yuan"] <= money
        money = point.second - 1


def test_a_bound_for_too_few_sites_is_not_the_bound_of_a_budget():
    problem = SitingProblem.from_arrays(*random_county(60, 60, seed=5), opening_costs=np.full(60, 1000))
    found = coverage_against_budget(problem, limit_s=300, budget_yuan=3000, count=1).points[0].solution
    assert found.proof == "certificate"
    richer = replace(found, options={**found.options, "budget_yuan": 4000})
    assert {fault.code for fault in verify(problem, richer)} == {"certificate-false"}
    cheaper = problem.opening_costs.copy()
    cheaper[:4] = 100
    assert {fault.code for fault in verify(replace(problem, opening_costs=cheaper), found)} >= {"certificate-false"}


def test_a_frontier_without_a_point_says_why():
    problem = SitingProblem.from_arrays(*random_county(20, 20, seed=5), opening_costs=np.full(20, 1000))
    frontier = coverage_against_budget(problem, limit_s=300, budget_yuan=999)
    assert frontier.points == ()
    assert frontier.complete
    assert frontier.reasons[0] == Reason("budget-short", {"short": 1})
