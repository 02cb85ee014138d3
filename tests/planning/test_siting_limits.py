"""Limits: the first cause is kept, work within work learns it, memory ends a search with its best plan and bound."""

import pytest
from siting_oracle import random_county

from planning.siting import MODELS, Reason, SitingProblem, lscp, p_center, p_median, verify
from planning.siting.limits import Limits, never, within_memory


def test_the_cause_of_work_within_work_is_told_as_it_is():
    outer = Limits(time_limit_s=0.0)
    inner = Limits(outer.stop)
    assert inner.reached()
    assert inner.reason == Reason("time-limit", {})
    assert Limits(lambda: True).stop() == Reason("cancelled", {})
    assert Limits().stop() is False


def test_a_cancel_is_a_cancel_whatever_memory_is_held():
    stop = within_memory(lambda: True, most_mb=1, resident_mb=lambda: 2)
    assert Limits(stop).stop() == Reason("cancelled", {})
    assert not Limits(within_memory(never, most_mb=2, resident_mb=lambda: 2)).reached()


@pytest.mark.parametrize("model", ["p-median", "p-center", "kolm-pollak", "worst-township", "budget"])
def test_memory_ends_a_search_with_its_best_plan_and_bound(model):
    times, people = random_county(60, 60, seed=1)
    homes = [k % 5 for k in range(60)]
    problem = SitingProblem.from_arrays(times, people, demand_townships=homes, opening_costs=[1] * 60)
    held = iter(range(10**6))
    stop = within_memory(never, most_mb=3, resident_mb=lambda: next(held))
    options = {"p": 7, "budget_yuan": 7}
    plan = MODELS[model].solve(problem, **{name: options[name] for name in MODELS[model].needs}, stop=stop)
    if plan.status == "optimal":
        return
    assert plan.reasons == (Reason("memory-limit", {"most_mb": 3}),)
    assert plan.status == "feasible"
    assert plan.bound <= plan.objective
    assert verify(problem, plan) == []


def test_a_search_that_may_hold_nothing_says_so():
    times, people = random_county(60, 60, seed=1)
    stop = within_memory(never, most_mb=0, resident_mb=lambda: 1)
    plan = p_median(SitingProblem.from_arrays(times, people), p=7, stop=stop)
    assert plan.reasons == (Reason("memory-limit", {"most_mb": 0}),)


def test_a_township_that_asks_for_more_than_there_is_never_keeps_a_search_going():
    one = {"status": ["existing"], "townships": ["a"], "township_limits": {"a": (2, 3)}}
    problem = SitingProblem.from_arrays([[1]], [1], **one)
    for solution in (p_center(problem, p=1), lscp(problem, limit_s=4, time_limit_s=5)):
        assert solution.status == "infeasible"
        assert verify(problem, solution) == []
