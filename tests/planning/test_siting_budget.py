"""Siting under a budget against brute force, and what the checker refuses."""

from __future__ import annotations

import dataclasses
import json
from itertools import combinations

import numpy as np
import pytest
from counted import counted
from hypothesis import given, settings
from hypothesis import strategies as st
from siting_oracle import random_county
from siting_plans import holds, plans, ruled_problems

from gis.faults import FaultsError
from planning.siting import Reason, SitingProblem, verify
from planning.siting.models.budget import budget
from planning.siting.models.budget_coverage import budget_coverage
from planning.siting.proof.capped_question import CappedQuestion
from planning.siting.proof.claim import claim_of, read_claim
from planning.siting.proof.statements.budget import STATEMENT
from planning.siting.rules import Rules
from planning.siting.spending import spent_yuan


def county_with_costs(n=60, *, closable=3, seed=0):
    """Return a county where sites cost differently and some stand."""
    seconds, people = random_county(n, n, seed=seed)
    rng = np.random.default_rng(seed)
    status = np.full(n, "candidate", object)
    status[rng.permutation(n)[:closable]] = "closable"
    costs = rng.integers(5, 20, n) * 100_000
    return SitingProblem.from_arrays(
        seconds, people, status=status, opening_costs=costs, closing_costs=np.full(n, 150_000)
    )


@counted(plan=25, short=10, none=10)
@given(ruled_problems(), st.integers(0, 25), st.one_of(st.none(), st.integers(1, 6)))
@settings(max_examples=150, deadline=None)
def test_budget_equals_brute_force(seen, problem, yuan, p):
    m = problem.values.shape[1]
    p = None if p is None else min(p, m)
    if not problem.inhabited.any():
        return  # without people any allowed set of sites will do, the empty one included
    figures = [
        (int((problem.weights * times).sum()), spent_yuan(problem, opened))
        for opened, times in plans(problem, range(1, m + 1) if p is None else [p])
    ]
    best = min((travel for travel, spent in figures if spent <= yuan), default=None)
    solution = budget(problem, budget_yuan=yuan, p=p)
    seen["plan" if best is not None else "short" if figures else "none"] += 1
    assert solution.objective == best
    if best is not None:
        assert solution.status == "optimal"
        assert solution.proof == "certificate"
        assert holds(STATEMENT, problem, solution)
        return
    assert solution.status == "infeasible"
    reason = solution.reasons[0]
    if reason.code == "budget-short":
        assert reason.params["short"] == min(spent for _, spent in figures) - yuan
    else:
        assert not figures
    assert verify(problem, solution) == []


def test_a_closable_site_costs_money_to_close_and_nothing_to_keep():
    values = [[0, 9], [9, 0]]
    problem = SitingProblem.from_arrays(
        values, [1, 1], status=["closable", "candidate"], opening_costs=[99, 5], closing_costs=[3, 99]
    )
    assert budget(problem, budget_yuan=4).opened.tolist() == [0]
    assert budget(problem, budget_yuan=5).opened.tolist() == [0, 1]
    moved = budget(problem, budget_yuan=8, p=1)
    assert moved.opened.tolist() in ([0], [1])
    assert budget(problem, budget_yuan=0, p=2).reasons[0].params == {"short": 5}


def test_more_money_never_buys_less_and_every_plan_stays_within_it():
    problem = county_with_costs()
    travel = []
    for yuan in (1_000_000, 2_000_000, 4_000_000, 6_000_000):
        solution = budget(problem, budget_yuan=yuan)
        assert spent_yuan(problem, solution.opened) <= yuan
        assert solution.proof == "certificate"
        assert holds(STATEMENT, problem, solution)
        travel.append(solution.objective)
    assert travel == sorted(travel, reverse=True)
    assert travel[0] > travel[-1]


@pytest.mark.parametrize("field", ["multipliers", "weights", "branch", "bound"])
def test_a_forged_certificate_is_refused(field):
    problem = county_with_costs(40, seed=1)
    solution = budget(problem, budget_yuan=2_000_000)
    value = getattr(solution.certificate, field)
    forged = {
        "bound": lambda: value + 1,
        "multipliers": lambda: value * 0,
        "weights": lambda: value * 0,
        "branch": lambda: np.full_like(value, -2),
    }[field]()
    certificate = dataclasses.replace(solution.certificate, **{field: forged})
    assert STATEMENT.proven_bound(problem, dataclasses.replace(solution, certificate=certificate)) is None


def test_a_bound_proven_for_less_money_does_not_hold_for_more():
    problem = county_with_costs(40, seed=1)
    poor = budget(problem, budget_yuan=2_000_000)
    rich = dataclasses.replace(poor, options={"budget_yuan": 4_000_000})
    assert STATEMENT.proven_bound(problem, rich) is None


def test_a_plan_beyond_the_budget_is_refused():
    problem = county_with_costs(40, seed=1)
    solution = budget(problem, budget_yuan=2_000_000)
    poorer = dataclasses.replace(solution, options={"budget_yuan": spent_yuan(problem, solution.opened) - 1})
    assert "budget-exceeded" in {fault.code for fault in STATEMENT.plan_faults(problem, poorer)}


def test_a_false_shortfall_is_refused():
    problem = SitingProblem.from_arrays([[0, 1], [1, 0]], [1, 1], opening_costs=[7, 5])
    solution = budget(problem, budget_yuan=3)
    assert solution.reasons[0].params == {"short": 2}
    assert solution.proof == "certificate"
    assert STATEMENT.reason_holds(problem, solution, solution.reasons[0])
    assert not STATEMENT.reason_holds(problem, solution, solution.reasons[0]._replace(params={"short": 3}))


def test_a_limit_returns_the_best_plan_with_an_honest_bound():
    problem = county_with_costs(120)
    asked = []
    solution = budget(problem, budget_yuan=9_000_000, stop=lambda: len(asked) > 25 or bool(asked.append(1)))
    assert solution.status == "interrupted"
    assert 0 <= solution.bound <= solution.objective
    assert holds(STATEMENT, problem, solution)


@pytest.mark.parametrize("asked", [{}, {"budget_yuan": -1}, {"budget_yuan": 0.5}, {"budget_yuan": 5, "p": 0}])
def test_wrong_figures_are_told(asked):
    with pytest.raises(FaultsError):
        budget(SitingProblem.from_arrays([[1]], [1]), **asked)


def homes_with_beds(**other):
    """Return a county of three villages and two homes: one stands with 10 beds, the other is new with 5."""
    means = {
        "status": ["closable", "candidate"],
        "loads": [8, 6, 4],
        "capacities": [18, 9],
        "included": [10, 5],
        "extension_costs": [20, 30],
        "opening_costs": [0, 100],
        "closing_costs": [7, 0],
    }
    asked = {"values": [[1, 9], [5, 2], [8, 1]], "weights": [80, 60, 40]}
    return SitingProblem.from_arrays(**(asked | means | other))


@pytest.mark.parametrize(
    ("yuan", "objective", "opened", "allocation"),
    [
        (159, None, [], []),  # 8 beds more at the home that stands cost 160
        (160, 80 + 300 + 320, [0], [0, 0, 0]),
        (180, 80 + 300 + 40, [0, 1], [0, 0, 1]),  # 4 beds more here, 100 yuan for the new home: 180
        (219, 80 + 300 + 40, [0, 1], [0, 0, 1]),
    ],
)
def test_beds_beyond_those_that_stand_are_paid_for(yuan, objective, opened, allocation):
    problem = homes_with_beds()
    solution = budget(problem, budget_yuan=yuan)
    assert (solution.objective, solution.opened.tolist(), solution.allocation.tolist()) == (
        objective,
        opened,
        allocation,
    )
    assert verify(problem, solution) == []
    if objective is not None:
        spent = {160: 160, 180: 180, 219: 180}[yuan]
        assert spent_yuan(problem, solution.opened, solution.allocation) == spent
    else:
        assert solution.reasons[0] == Reason("budget-short", {"short": 1})


def test_what_is_missing_counts_who_can_go_where():
    apart = [[1, -1], [5, -1], [-1, 1]]  # as if in one place, the home that stands would hold all for 160 yuan
    problem = homes_with_beds(weights=[80, 60, 40], values=apart)
    solution = budget(problem, budget_yuan=100)
    assert solution.reasons == (Reason("budget-short", {"short": 80}),)  # 4 beds more here, 100 for the new home: 180
    assert verify(problem, solution) == []


def test_rules_that_no_money_mends_are_told_as_rules():
    problem = homes_with_beds(status=["closable", "excluded"])
    solution = budget(problem, budget_yuan=100, p=2)
    assert solution.status == "infeasible"
    assert "budget-short" not in [reason.code for reason in solution.reasons]
    assert verify(problem, solution) == []


def test_extensions_that_are_not_paid_for_and_overfull_homes_are_refused():
    problem = homes_with_beds()
    true = budget(problem, budget_yuan=180)
    assert (true.status, true.proof, verify(problem, true)) == ("optimal", "solver", [])
    room = problem.capacity
    poorer = dataclasses.replace(true, options={"budget_yuan": 179})
    dearer = dataclasses.replace(problem, capacity=dataclasses.replace(room, extension_costs=room.extension_costs + 1))
    smaller = dataclasses.replace(problem, capacity=dataclasses.replace(room, included=room.included - 1))
    fuller = dataclasses.replace(true, allocation=np.array([0, 1, 1]), objective=80 + 120 + 40, bound=80 + 120 + 40)
    certain = dataclasses.replace(true, proof="certificate", solver="")
    for asked, lie, code in (
        (problem, poorer, "budget-exceeded"),
        (dearer, true, "budget-exceeded"),
        (smaller, true, "budget-exceeded"),
        (problem, fuller, "site-overfull"),
        (problem, certain, "bound-unproven"),
    ):
        assert code in [fault.code for fault in verify(asked, lie)]


@counted(exact=25)
@given(st.lists(st.integers(-9, 9), min_size=1, max_size=7), st.integers(-30, 40))
def test_no_set_of_sites_costs_more_than_what_can_be_spent(seen, costs, yuan):
    nobody, rules = [np.zeros(0, np.int64)] * 3, Rules.from_arrays(len(costs))
    question = CappedQuestion(*nobody, 1, rules, None, np.array(costs), yuan)
    sums = [sum(chosen) for size in range(len(costs) + 1) for chosen in combinations(costs, size)]
    within = [one for one in sums if one <= yuan]
    assert max(within, default=question.spendable) <= question.spendable <= yuan
    if within and len({one for one in costs if one}) <= 2:
        seen["exact"] += 1
        assert question.spendable == max(within)


def test_money_that_no_site_costs_loosens_no_bound():
    seconds, people = random_county(200, 200, seed=3)
    problem = SitingProblem.from_arrays(seconds, people, opening_costs=np.full(200, 1_000))
    exact, more = budget(problem, budget_yuan=8_000), budget(problem, budget_yuan=8_999)
    assert (more.objective, more.proof) == (exact.objective, "certificate")
    assert len(more.certificate.branch) == len(exact.certificate.branch)
    assert verify(problem, more) == []


def test_a_plan_as_good_as_without_loads_is_proven_by_that():
    problem = homes_with_beds(capacities=[18, 18])
    solution = budget(problem, budget_yuan=10_000)
    assert (solution.status, solution.proof, verify(problem, solution)) == ("optimal", "certificate", [])
    covering = budget_coverage(problem, budget_yuan=10_000, limit_s=2)
    assert (covering.objective, covering.proof, verify(problem, covering)) == (180, "certificate", [])


def test_a_claim_with_extensions_is_read_as_it_was_written():
    problem = homes_with_beds()
    solution = budget(problem, budget_yuan=180)
    again, told = read_claim(json.loads(json.dumps(claim_of(problem, solution))))
    assert verify(again, told) == []
    assert again.capacity.extension_costs.tolist() == [20, 30]
    assert again.capacity.included.tolist() == [10, 5]


def test_places_where_nobody_lives_fill_no_least_load():
    beds = {"loads": [3, 4, 0, 2, 1], "capacities": [10], "minimum_loads": [10]}
    problem = SitingProblem.from_arrays([[1], [9], [6], [3], [2]], [1, 0, 1, 1, 1], opening_costs=[6], **beds)
    for solution in (budget(problem, budget_yuan=18), budget_coverage(problem, budget_yuan=18, limit_s=9)):
        assert verify(problem, solution) == []
    assert budget(problem, budget_yuan=18).status == "infeasible"


def test_money_short_where_nobody_lives_buys_no_extension():
    beds = {"loads": [5], "capacities": [1, 2], "included": [0, 1], "extension_costs": [5, 1]}
    problem = SitingProblem.from_arrays([[1, 1]], [0], opening_costs=[1, 6], **beds)
    assert budget(problem, budget_yuan=0).reasons == (Reason("budget-short", {"short": 1}),)
