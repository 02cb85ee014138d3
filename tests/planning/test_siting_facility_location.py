"""Facility location against brute force and HiGHS; what the checker refuses; how the value of time decides."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from counted import counted
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp
from siting_oracle import random_county
from siting_plans import plans, ruled_problems

from gis.faults import FaultsError
from planning.siting import SitingProblem, facility_location, spent_yuan, verify


def county_with_costs(n=60, m=40, *, seed=0, dearest=20):
    """Return a county where sites cost differently and three stand."""
    seconds, people = random_county(n, m, seed=seed)
    rng = np.random.default_rng(seed)
    status = np.full(m, "candidate", object)
    status[rng.permutation(m)[:3]] = "closable"
    costs = rng.integers(5, dearest, m) * 10_000
    return SitingProblem.from_arrays(
        seconds, people, status=status, opening_costs=costs, closing_costs=np.full(m, 15_000)
    )


def yuan_of_travel(problem, seconds, hour_yuan, trips):
    paid = zip(problem.weights.tolist(), seconds.tolist(), strict=True)
    return sum((2 * w * t * hour_yuan * trips + 3600) // 7200 for w, t in paid if w)


@counted(plan=40, none=10)
@given(ruled_problems(), st.integers(1, 4000), st.integers(1, 3), st.one_of(st.none(), st.integers(1, 6)))
@settings(max_examples=120, deadline=None)
def test_equals_brute_force(seen, problem, hour_yuan, trips, p):
    m = problem.values.shape[1]
    p = None if p is None else min(p, m)
    figures = [
        yuan_of_travel(problem, times, hour_yuan, trips) + spent_yuan(problem, opened)
        for opened, times in plans(problem, range(1, m + 1) if p is None else [p])
    ]
    solution = facility_location(problem, hour_yuan=hour_yuan, trips=trips, p=p)
    seen["plan" if figures else "none"] += 1
    assert solution.objective == min(figures, default=None)
    assert solution.status == ("optimal" if figures else "infeasible")
    assert verify(problem, solution) == []
    if figures:
        assert solution.proof == "certificate"


def least_yuan_of_highs(problem, hour_yuan, trips):
    """Return the optimum of the strong program, every x_ij ≤ y_j, without a line of ours."""
    n, m = problem.values.shape
    stands = problem.rules.stands
    yuan = np.where(stands, -problem.closing_costs, problem.opening_costs).astype(float)
    travel = (2 * problem.weights[:, None] * problem.values.astype(np.int64) * hour_yuan * trips + 3600) // 7200
    one, link = np.zeros((n, m + n * m)), np.zeros((n * m, m + n * m))
    for i in range(n):
        one[i, m + i * m : m + (i + 1) * m] = 1
        for j in range(m):
            link[i * m + j, j], link[i * m + j, m + i * m + j] = 1, -1
    found = milp(
        np.concatenate([yuan, travel.ravel()]),
        constraints=[LinearConstraint(one, 1, 1), LinearConstraint(link, 0, np.inf)],
        integrality=np.ones(m + n * m),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0},
    )
    return round(found.fun) + int(problem.closing_costs[stands].sum())


@pytest.mark.parametrize("seed", range(4))
def test_equals_highs_on_the_strong_program(seed):
    problem = county_with_costs(30, 18, seed=seed, dearest=(8, 20, 60, 300)[seed])
    solution = facility_location(problem, hour_yuan=20, trips=24)
    assert (solution.status, solution.proof) == ("optimal", "certificate")
    assert solution.objective == solution.bound == least_yuan_of_highs(problem, 20, 24)
    assert verify(problem, solution) == []


def test_the_more_an_hour_is_worth_the_less_people_travel_and_the_more_is_built():
    problem = county_with_costs()
    found = [facility_location(problem, hour_yuan=hour, trips=24) for hour in (1, 5, 20, 100, 1000)]
    travel = [int((problem.values[:, one.opened].min(axis=1) * problem.weights).sum()) for one in found]
    spent = [spent_yuan(problem, one.opened) for one in found]
    assert travel == sorted(travel, reverse=True)
    assert spent == sorted(spent)
    assert travel[0] > travel[-1]
    assert [one.options["hour_yuan"] for one in found] == [1, 5, 20, 100, 1000]


def test_a_site_that_stands_is_closed_only_where_that_pays():
    problem = SitingProblem.from_arrays(
        [[0, 9], [9, 0]], [1, 1], status=["closable", "candidate"], opening_costs=[99, 5], closing_costs=[3, 99]
    )
    assert facility_location(problem, hour_yuan=3600, trips=1).opened.tolist() == [0, 1]  # 5 to build
    kept = facility_location(problem, hour_yuan=1200, trips=1)  # 3 yuan of travel
    assert (kept.opened.tolist(), kept.objective) == ([0], 3)
    moved = facility_location(problem, hour_yuan=1, trips=1, p=1)
    assert (moved.opened.tolist(), moved.objective) == ([0], 0)


@pytest.mark.parametrize("field", ["multipliers", "weights", "branch", "bound"])
def test_a_forged_certificate_is_refused(field):
    problem = county_with_costs(40, seed=1)
    solution = facility_location(problem, hour_yuan=20, trips=24)
    value = getattr(solution.certificate, field)
    forged = {
        "bound": lambda: value + 1,
        "multipliers": lambda: value * 0,
        "weights": lambda: value * 0,
        "branch": lambda: np.full_like(value, -2),
    }[field]()
    lie = dataclasses.replace(solution, certificate=dataclasses.replace(solution.certificate, **{field: forged}))
    assert "certificate-false" in {fault.code for fault in verify(problem, lie)}


def test_a_proof_holds_for_no_other_value_of_time_and_no_other_prices():
    problem = county_with_costs(40, seed=1)
    solution = facility_location(problem, hour_yuan=20, trips=24)
    for options in ({"hour_yuan": 19}, {"trips": 23}, {"hour_yuan": 0}, {"trips": -24, "hour_yuan": -20}):
        lie = dataclasses.replace(solution, options={**solution.options, **options})
        assert verify(problem, lie) != [], options
    cheaper = dataclasses.replace(problem, opening_costs=problem.opening_costs - 10_000)
    assert verify(cheaper, solution) != []


def test_sites_with_capacities_serve_whole_villages_and_pay_for_their_extensions():
    """Eight villages and four sites with room for what they need; every sending is tried."""
    rng = np.random.default_rng(3)
    seconds, people = rng.integers(0, 3000, (6, 4)), rng.integers(1, 9, 6)
    means = {"capacities": [12, 15, 9, 20], "included": [6, 8, 9, 10], "extension_costs": [40, 10, 0, 25]}
    problem = SitingProblem.from_arrays(seconds, people, loads=people, opening_costs=[90, 120, 60, 150], **means)
    best = None
    for goes in np.ndindex(*(4,) * 6):
        load = np.bincount(goes, people, minlength=4).astype(int)
        if (load > means["capacities"]).any():
            continue
        total = yuan_of_travel(problem, seconds[np.arange(6), list(goes)], 20, 3)
        # A site without anybody may as well stay closed.
        total += spent_yuan(problem, np.unique(goes), np.array(goes))
        best = total if best is None else min(best, total)
    solution = facility_location(problem, hour_yuan=20, trips=3)
    assert (solution.status, solution.objective) == ("optimal", best)
    assert verify(problem, solution) == []
    better = dataclasses.replace(solution, objective=best - 1, bound=best - 1)
    assert "objective-wrong" in {fault.code for fault in verify(problem, better)}


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"hour_yuan": 0}, "option-too-small"),
        ({"hour_yuan": 1.5}, "option-not-whole"),
        ({"trips": 2_000_000}, "option-too-large"),
        ({"hour_yuan": 10_000, "trips": 1_000_000}, "objective-too-large"),
        ({"p": 0}, "option-too-small"),
    ],
)
def test_figures_that_make_no_question_are_refused_by_name(asked, code):
    problem = SitingProblem.from_arrays([[10**6]], [10**6])
    with pytest.raises(FaultsError) as caught:
        facility_location(problem, **asked)
    assert [fault.code for fault in caught.value.faults] == [code]


def test_where_nobody_lives_the_cheapest_site_is_the_plan():
    problem = SitingProblem.from_arrays([[1, 1, 1]], [0], opening_costs=[5, 3, 4])
    solution = facility_location(problem)
    assert (solution.opened.tolist(), solution.objective) == ([1], 3)
    assert verify(problem, solution) == []
