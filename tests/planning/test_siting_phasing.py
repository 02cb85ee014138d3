"""The order of building against all orders, and what every order must keep."""

from __future__ import annotations

import dataclasses
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from siting_oracle import random_county
from siting_plans import ruled_problems

from gis.faults import FaultsError
from planning.measures.travel_times import measures
from planning.siting import SitingProblem, p_median
from planning.siting.solution import Solution
from planning.siting.study import phasing
from planning.siting.study.phasing import phase


def plan_of(opened):
    """Return a plan that is not proven best."""
    return Solution("p-median", {}, "feasible", "min", "person-seconds", 9, 8, opened=np.array(opened, np.int64))


def best_by_brute_force(problem, opened, yearly, limit_s):
    """Return the largest sum over the years, trying every year for every step; None if nothing is allowed."""
    stands = set(np.flatnonzero(problem.rules.stands).tolist())
    opens, closes = sorted(set(opened) - stands), sorted(stands - set(opened))
    yuan = [*problem.opening_costs[opens].tolist(), *problem.closing_costs[closes].tolist()]
    years = max(1, -(-sum(yuan) // yearly))
    allowed = problem.allowed & problem.inhabited[:, None]
    slowest = int(np.where(allowed, problem.values, 0).max(initial=0))

    def fare(sites):
        open_to = allowed[:, sorted(sites)]
        none = max(slowest, (limit_s or 0) + 1)
        times = np.where(open_to, problem.values[:, sorted(sites)], none).min(axis=1, initial=none)
        if limit_s is not None:
            return int(problem.weights[times <= limit_s].sum()), open_to.any(axis=1)
        return int((problem.weights * (slowest - np.minimum(times, slowest))).sum()), open_to.any(axis=1)

    best = None
    for when in product(range(years), repeat=len(yuan)):
        sites, total = set(stands), 0
        served = fare(sites)[1]
        for year in range(years):
            now = {j for j, y in zip([*opens, *closes], when, strict=True) if y == year}
            sites = (sites | (now & set(opens))) - (now & set(closes))
            worth, has = fare(sites)
            spent = sum(cost for cost, y in zip(yuan, when, strict=True) if y <= year)
            if spent > (year + 1) * yearly or (served & ~has).any():
                break
            served, total = has, total + worth
        else:
            best = total if best is None else max(best, total)
    return best


@given(ruled_problems(), st.data())
@settings(max_examples=80, deadline=None)
def test_the_order_equals_brute_force(problem, data):
    m = problem.values.shape[1]
    opened = sorted(data.draw(st.sets(st.integers(0, m - 1), min_size=1, max_size=m)))
    yearly = data.draw(st.integers(4, 15))
    limit_s = data.draw(st.one_of(st.none(), st.integers(0, 9)))
    stands = problem.rules.stands
    assume(len(set(opened) ^ set(np.flatnonzero(stands).tolist())) <= 5)
    best = best_by_brute_force(problem, opened, yearly, limit_s)
    exact = phase(problem, plan_of(opened), yearly_budget_yuan=yearly, limit_s=limit_s)
    assert exact.objective == best
    assert exact.status == ("infeasible" if best is None else "optimal")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(phasing, "EXACT_STEPS", 0)
        bounded = phase(problem, plan_of(opened), yearly_budget_yuan=yearly, limit_s=limit_s)
    if best is not None:
        assert bounded.objective <= best <= bounded.bound
        assert (bounded.status == "optimal") == (bounded.objective == bounded.bound)


def county(n=80, *, homes=4):
    """Return a county with old homes that may close."""
    seconds, people = random_county(n, n)
    rng = np.random.default_rng(1)
    status = np.full(n, "candidate", object)
    status[rng.permutation(n)[:homes]] = "closable"
    return SitingProblem.from_arrays(
        seconds,
        people,
        status=status,
        opening_costs=rng.integers(8, 13, n) * 100_000,
        closing_costs=np.full(n, 150_000),
    )


@pytest.mark.parametrize("p", [5, 20])
def test_money_is_carried_over_and_the_plan_stands_in_the_end(p):
    problem = county()
    plan = p_median(problem, p=p)
    told = phase(problem, plan, yearly_budget_yuan=2_500_000)
    stands, spent = set(np.flatnonzero(problem.rules.stands).tolist()), 0
    for number, year in enumerate(told.years, start=1):
        stands = (stands | set(year.opened.tolist())) - set(year.closed.tolist())
        spent += year.spent_yuan
        assert spent + year.carried_yuan == number * 2_500_000
        assert year.carried_yuan >= 0
        times = problem.values[:, sorted(stands)].min(axis=1)
        assert year.measures == measures(problem.weights, times, limit_s=None)
    assert stands == set(plan.opened.tolist())
    assert told.end_is_optimal
    assert told.end_gap == 0
    assert told.objective == sum(year.worth for year in told.years) <= told.bound
    assert told.gap < 0.01


def test_an_old_home_waits_until_its_people_have_another_site():
    # Only site 0 (an old home) and site 2 serve the second village; site 2 is the dearest.
    problem = SitingProblem.from_arrays(
        [[9, 1, -1], [1, -1, 5]],
        [100, 1],
        status=["closable", "candidate", "candidate"],
        opening_costs=[0, 10, 20],
        closing_costs=[1, 0, 0],
    )
    told = phase(problem, plan_of([1, 2]), yearly_budget_yuan=11)
    assert [year.opened.tolist() for year in told.years] == [[1], [], [2]]
    assert [year.closed.tolist() for year in told.years] == [[], [], [0]]


def test_a_plan_that_takes_somebody_s_only_site_is_refused():
    problem = SitingProblem.from_arrays(
        [[9, 1], [1, -1]], [1, 1], status=["closable", "candidate"], opening_costs=[0, 1], demand_ids=["a", "b"]
    )
    told = phase(problem, plan_of([1]), yearly_budget_yuan=5)
    assert told.status == "infeasible"
    assert told.reasons[0] == ("service-lost", {"ids": ["b"], "count": 1})


def test_too_little_money_a_year_is_told():
    problem = SitingProblem.from_arrays([[1]], [1], opening_costs=[1000])
    told = phase(problem, plan_of([0]), yearly_budget_yuan=1)
    assert told.reasons[0].code == "phasing-too-long"


def test_an_unproven_end_says_by_how_much_it_may_be_beaten():
    problem = SitingProblem.from_arrays([[1]], [1])
    told = phase(problem, plan_of([0]), yearly_budget_yuan=0)
    assert not told.end_is_optimal
    assert told.end_gap == pytest.approx(1 / 9)
    assert len(told.years) == 1


def test_a_cancel_still_returns_an_order():
    problem = county()
    told = phase(problem, p_median(problem, p=20), yearly_budget_yuan=2_500_000, stop=lambda: True)
    assert told.status == "interrupted"
    assert told.objective <= told.bound
    assert dataclasses.is_dataclass(told.years[0])


def test_wrong_figures_are_told():
    with pytest.raises(FaultsError):
        phase(SitingProblem.from_arrays([[1]], [1]), plan_of([0]), yearly_budget_yuan=-1)
