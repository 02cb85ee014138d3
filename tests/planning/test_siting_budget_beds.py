"""A budget with beds: good plans without a program of all pairs, and a short budget told at once."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from siting_capacity import tight_problems
from siting_oracle import random_county
from siting_truth import ask, best, questions

from planning.siting import SitingProblem, Solution, budget, budget_coverage, capacitated, mclp, verify
from planning.siting.engine.capacity import within_budget
from planning.siting.engine.capacity.affordable import AffordablePlans
from planning.siting.engine.capacity.pooled import fill_cheaply, least_yuan_by_number, pool_cheapest, pool_loads
from planning.siting.engine.capacity.restricted import restrict
from planning.siting.engine.linear.compact import CompactQuestion
from planning.siting.limits import Limits
from planning.siting.proof.loads import load_faults
from planning.siting.spending import spent_yuan


@pytest.fixture
def beyond_highs(monkeypatch):
    """Take every program as too large for HiGHS; one of all pairs is not even compiled where that counts."""
    monkeypatch.setattr(within_budget, "LARGE", -1)


def homes(seed, *, dear=True, stand=False):
    """A county that needs beds: homes include some and are extended at a price."""
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(30, 60)), int(rng.integers(12, 30))
    seconds, people = random_county(n, m, seed=seed)
    loads = np.rint(people * 0.04).astype(int) + 1
    included = int(loads.sum() / rng.integers(3, 6))
    means = {"status": rng.choice(["candidate", "candidate", "closable"], m)} if stand else {}
    return SitingProblem.from_arrays(
        seconds,
        people,
        loads=loads,
        included=np.full(m, included),
        capacities=np.full(m, int(included * 1.4) + 10),
        extension_costs=rng.integers(1, 4, m) * 50_000,
        opening_costs=rng.integers(20, 45, m) * 10**6 if dear else np.full(m, 38_310_000),
        closing_costs=np.full(m, 150_000),
        **means,
    )


def best_affordable(problem, yuan, ask_for):
    """What the model of a given number of sites says at its best, of the plans that can be paid for."""
    plans = [ask_for(p) for p in range(1, problem.values.shape[1] + 1)]
    return [
        plan.objective
        for plan in plans
        if plan.objective is not None and spent_yuan(problem, plan.opened, plan.allocation) <= yuan
    ]


@pytest.mark.parametrize("seed", range(8))
def test_no_worse_than_the_best_number_of_sites_that_can_be_paid_for(seed, beyond_highs):
    problem = homes(seed, dear=seed % 2 == 0, stand=seed % 3 == 2)
    least, _ = pool_cheapest(CompactQuestion(problem, everyone=True), problem.capacity, Limits())
    for more in (20, 60):
        yuan = least + more * 10**6
        found = budget(problem, budget_yuan=yuan)
        assert verify(problem, found) == []
        assert spent_yuan(problem, found.opened, found.allocation) <= yuan
        others = best_affordable(problem, yuan, lambda p: capacitated(problem, p=p, time_limit_s=2))
        assert found.objective <= min(others, default=math.inf)


@pytest.mark.parametrize("seed", range(4))
def test_covers_no_fewer_than_the_best_number_of_sites_that_can_be_paid_for(seed, beyond_highs):
    problem = homes(seed)
    for yuan in (60_000_000, 150_000_000):
        found = budget_coverage(problem, budget_yuan=yuan, limit_s=900)
        others = best_affordable(problem, yuan, lambda p: mclp(problem, p=p, limit_s=900, time_limit_s=2))
        assert verify(problem, found) == []
        assert found.objective >= max(others)


def test_many_numbers_of_sites_are_halved(beyond_highs, monkeypatch):
    asked = []
    whole = AffordablePlans._ask
    monkeypatch.setattr(AffordablePlans, "_ask", lambda run, *how: asked.append(how[0]) or whole(run, *how))
    rng = np.random.default_rng(5)
    seconds, people = random_county(120, 60, seed=5)
    problem = SitingProblem.from_arrays(
        seconds, people, capacities=np.full(60, 4000), opening_costs=rng.integers(5, 15, 60), demand_ids=range(120)
    )
    found = budget(problem, budget_yuan=400)
    assert verify(problem, found) == []
    assert len(set(asked)) < 20
    assert found.objective <= capacitated(problem, p=36, time_limit_s=2).objective


@pytest.mark.parametrize("seed", range(12))
def test_a_short_budget_is_told_without_a_program_of_all_pairs(seed, beyond_highs, monkeypatch):
    problem = homes(seed, dear=seed % 2 == 0)
    with monkeypatch.context() as patched:
        patched.setattr(within_budget, "priced_program", None)
        solution = budget(problem, budget_yuan=0)
    assert solution.status == "infeasible"
    assert verify(problem, solution) == []
    told = solution.reasons[0]
    assert told.code in {"budget-short", "budget-short-between"}
    run = within_budget._Run(solution, problem, problem.capacity, problem.values * problem.weights[:, None])
    exact = run._least_spent(Limits(), only=np.arange(problem.values.shape[1]))
    assert told.params["short"] <= exact <= told.params.get("enough", told.params["short"])


@given(st.data())
@settings(max_examples=60)
def test_what_is_told_without_the_program_is_never_false(data):
    name = data.draw(st.sampled_from(["budget", "budget-coverage"]))
    county, asked = data.draw(questions(name, most=4))
    usual = within_budget.LARGE
    within_budget.LARGE = -1
    try:
        problem, solution, faults = ask(county, name, asked)
    finally:
        within_budget.LARGE = usual
    assert faults == []
    truth = best(county, name, asked)
    assert (truth is None) == (solution.status == "infeasible")
    figures = [solution.objective, truth] if name == "budget" else [truth, solution.objective]
    assert truth is None or figures[0] >= figures[1]
    assert (
        solution.objective is None or spent_yuan(problem, solution.opened, solution.allocation) <= asked["budget_yuan"]
    )


@st.composite
def costly_homes(draw):
    """Draw a small problem with scarce room, rules and prices, and how many sites there may be."""
    problem, p = draw(tight_problems())
    m = len(problem.candidate_ids)
    yuan = st.lists(st.integers(0, 9), min_size=m, max_size=m).map(np.array)
    included, prices = np.minimum(draw(yuan), problem.capacity.capacities), draw(yuan)
    capacity = replace(problem.capacity, included=included, extension_costs=prices)
    problem = replace(problem, capacity=capacity, opening_costs=draw(yuan), closing_costs=draw(yuan))
    return CompactQuestion(problem, p=draw(st.sampled_from([None, p])), everyone=True), capacity


def test_the_fewest_yuan_are_those_of_the_cheapest_number_of_sites():
    reached = []

    @given(costly_homes())
    @settings(max_examples=120)
    def check(question):
        asked, capacity = question
        at_once, by_number = (pool(asked, capacity, Limits()) for pool in (pool_loads, pool_cheapest))
        assert (at_once is None) == (by_number is None)
        bounds = least_yuan_by_number(asked, capacity)
        if at_once is not None:
            reached.append(len(bounds))
            assert at_once[0] == by_number[0]
            assert min(bounds.values()) <= at_once[0]
            assert bounds[len(by_number[1])] <= by_number[0]

    check()
    assert len(reached) > 40
    assert max(reached) > 2


def test_sites_are_filled_within_their_room_and_never_for_less_than_the_fewest_yuan():
    reached = []

    @given(costly_homes())
    @settings(max_examples=120)
    def check(question):
        asked, capacity = question
        found = pool_cheapest(asked, capacity, Limits())
        allocation = None if found is None else fill_cheaply(asked, capacity, found[1])
        if allocation is not None:
            reached.append(allocation)
            problem, sent = asked.problem, allocation >= 0
            assert problem.allowed[np.flatnonzero(sent), allocation[sent]].all()
            assert sent.tolist() == asked.served.tolist()
            load = np.bincount(allocation[sent], capacity.loads[sent], minlength=len(capacity.capacities))
            assert (load <= capacity.capacities)[found[1]].all()
            assert (load >= capacity.minimum_loads)[found[1]].all()
            assert spent_yuan(problem, found[1], allocation) >= found[0]

    check()
    assert len(reached) > 20


@given(costly_homes(), st.data())
@settings(max_examples=60)
def test_a_problem_with_some_of_its_sites_allows_exactly_their_plans(question, data):
    problem = question[0].problem
    m = len(problem.candidate_ids)
    only = np.array(sorted(data.draw(st.sets(st.integers(0, m - 1), min_size=1))))
    chosen = np.array(sorted(data.draw(st.sets(st.integers(0, len(only) - 1), min_size=1))))
    some = restrict(problem, only)
    whole, kept = only[chosen], np.flatnonzero(problem.rules.kept)
    assert problem.rules.broken_by(whole) == (some.rules.broken_by(chosen) or not set(kept) <= set(only.tolist()))
    allocation = np.full(len(problem.weights), chosen[0])
    shut = np.setdiff1d(np.flatnonzero(problem.rules.stands), only)
    assert spent_yuan(problem, whole, only[allocation]) == (
        spent_yuan(some, chosen, allocation) + problem.closing_costs[shut].sum()
    )
    assert some.values.tolist() == problem.values[:, only].tolist()


def test_places_where_nobody_lives_fill_no_least_load_but_of_a_cover_of_places():
    problem = SitingProblem.from_arrays([[1], [1]], [5, 0], loads=[1, 3], capacities=[9], minimum_loads=[2])
    plan = Solution("x", {}, "feasible", "min", "sites", opened=np.array([0]), allocation=np.array([0, 0]))
    for every_place, told in ((False, ["site-underused"]), (True, [])):
        assert [fault.code for fault in load_faults(problem, plan, everyone=True, every_place=every_place)] == told
    fuller = replace(problem, capacity=replace(problem.capacity, capacities=np.array([3])))
    found = load_faults(fuller, plan, everyone=True, every_place=True)
    assert [fault.code for fault in found] == ["site-overfull"]


def test_what_is_included_is_filled_before_anything_is_extended():
    problem = SitingProblem.from_arrays(
        [[0, 9]] * 4,
        [1] * 4,
        loads=[5, 4, 3, 1],
        capacities=[12, 9],
        included=[6, 9],
        extension_costs=[10, 10],
        opening_costs=[1, 1],
    )
    asked = CompactQuestion(problem, everyone=True)
    allocation = fill_cheaply(asked, problem.capacity, np.array([0, 1]))
    assert allocation.tolist() == [0, 1, 1, 0]  # 6 and 7 of what is included
    assert spent_yuan(problem, np.array([0, 1]), allocation) == 2
    full = replace(problem.capacity, capacities=np.array([12, 3]), included=np.array([6, 3]))
    assert fill_cheaply(asked, full, np.array([0, 1])).tolist() == [0, 0, 1, 0]  # nothing is free but the far one
    assert fill_cheaply(asked, replace(full, capacities=np.array([8, 3])), np.array([0, 1])) is None
