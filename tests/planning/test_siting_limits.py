"""Limits: the first cause is kept, work within work learns it, memory ends a search with its best plan and bound."""

import numpy as np
import pytest
from siting_oracle import random_county

from planning.siting import MODELS, Reason, SitingProblem, Solution, lscp, p_center, p_median, verify
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


ANSWER = Solution("p-median", {"p": 1}, "infeasible", "min", "person-seconds")
STOPPED, LATE = Reason("cancelled", {}), Reason("time-limit", {})


@pytest.mark.parametrize(
    ("proof", "limit", "status", "reasons"),
    [
        ("certificate", None, "optimal", ()),
        ("certificate", LATE, "optimal", ()),
        ("solver", STOPPED, "optimal", ()),
        (None, None, "feasible", ()),
        (None, LATE, "feasible", (LATE,)),
        (None, STOPPED, "interrupted", (STOPPED,)),
        (None, Reason("memory-limit", {"most_mb": 9}), "feasible", (Reason("memory-limit", {"most_mb": 9}),)),
    ],
)
def test_a_plan_says_whether_it_is_the_best_or_why_it_may_not_be(proof, limit, status, reasons):
    sites = np.array([0])
    found = ANSWER.found(
        opened=sites, allocation=sites, objective=3, bound=2, proof=proof, certificate=None, solver="", limit=limit
    )
    assert (found.status, found.reasons, found.proof, found.gap) == (status, reasons, proof, 1 / 3)


@pytest.mark.parametrize(
    ("how", "proof"),
    [
        ({}, "enumerated"),
        ({"certificate": object()}, "certificate"),
        ({"by_solver": True, "solver": "HiGHS"}, "solver"),
        ({"by_solver": True, "solver": "HiGHS", "certificate": object()}, "solver"),
    ],
)
def test_no_plan_is_plain_to_see_proven_or_a_solvers_word(how, proof):
    told = ANSWER.because(LATE, **how)
    assert (told.status, told.proof, told.reasons, told.objective) == ("infeasible", proof, (LATE,), None)
    assert ANSWER.unfinished(LATE).reasons == (LATE,)
    assert (ANSWER.unfinished(None).status, ANSWER.unfinished(None).reasons) == ("interrupted", ())
