"""What a conflict says is missing, in figures: sites, beds, yuan, and villages by name."""

from dataclasses import replace

import numpy as np
import pytest
from counted import counted
from hypothesis import given, settings
from siting_questions import as_solution, ruled_questions

from planning.siting import SitingProblem
from planning.siting.engine.conflict.conflict import because_of_rules
from planning.siting.engine.conflict.figures import Figures
from planning.siting.engine.linear.compact import CompactQuestion
from planning.siting.limits import Limits
from planning.siting.proof.statements.conflict import _everything, conflict_holds
from planning.siting.solution import Reason, Solution


def asked_of(problem, **question):
    answer = Solution("p-median", {k: int(v) for k, v in question.items()}, "infeasible", "min", "person-seconds")
    return because_of_rules(answer, problem, **question, limits=Limits())


def test_a_township_that_needs_two_and_has_one_candidate():
    problem = SitingProblem.from_arrays(
        [[1, 5], [5, 1]], [3, 4], townships=["Linpan", "Other"], township_limits={"Linpan": (2, None)}
    )
    solution = asked_of(problem, p=1)
    assert solution.reasons == (Reason("township-short", {"township": "Linpan", "least": 2, "candidates": 1}),)
    assert (solution.status, solution.proof) == ("infeasible", "enumerated")


def test_beds_short_by_214():
    problem = SitingProblem.from_arrays([[1, 5], [5, 1]], [300, 414], capacities=[200, 300])
    solution = asked_of(problem, p=2, everyone=True)
    assert solution.reasons == (Reason("everyone-served", {}), Reason("beds-short", {"short": 214}))
    assert solution.proof == "enumerated"


def test_beds_that_travel_times_put_out_of_reach_are_missing_too():
    # 10 beds for 10 people, but the second site is too far for the 8 of the first village.
    problem = SitingProblem.from_arrays([[1, 99], [1, 1]], [8, 2], capacities=[5, 10], max_time_s=60)
    solution = asked_of(problem, everyone=True)
    assert Reason("beds-short", {"short": 8}) in solution.reasons
    assert solution.proof == "solver"
    assert "HiGHS" in solution.solver


def test_villages_that_nobody_reaches_are_named():
    problem = SitingProblem.from_arrays([[1, 2], [-1, -1], [-1, -1], [-1, -1]], [3, 4, 0, 5], demand_ids=list("abcd"))
    solution = asked_of(problem, p=1, everyone=True)
    assert solution.reasons == (Reason("nobody-reaches", {"ids": ["b", "d"], "count": 2}),)


def test_villages_beyond_the_longest_time_are_named():
    problem = SitingProblem.from_arrays([[1, 2], [90, 80]], [3, 4], demand_ids=["a", "b"], max_time_s=60)
    assert asked_of(problem, p=1).reasons == (Reason("max-time", {"max_time_s": 60, "ids": ["b"], "count": 1}),)


def test_more_sites_must_open_than_may():
    problem = SitingProblem.from_arrays(np.ones((2, 6), int), [1, 1], status=["required"] * 5 + ["candidate"])
    few, named = asked_of(problem, p=3).reasons
    assert few == Reason("sites-too-few", {"p": 3, "needed": 5})
    assert named.code == "must-open"
    assert named.params["count"] == 4


def test_sites_that_a_search_finds_needful():
    # Three villages, each in reach of its own site only.
    problem = SitingProblem.from_arrays(np.where(np.eye(3), 1, 99), [1, 1, 1], max_time_s=60)
    solution = asked_of(problem, p=2)
    assert Reason("sites-too-few", {"p": 2, "needed": 3}) in solution.reasons
    assert solution.proof == "solver"


def test_a_budget_short_by_what_the_cheapest_plan_exceeds_it():
    problem = SitingProblem.from_arrays(
        np.where(np.eye(3), 1, 99), [1, 1, 1], max_time_s=60, opening_costs=[100, 200, 300]
    )
    assert Reason("budget-short", {"budget": 450, "short": 150}) in asked_of(problem, budget=450).reasons


@pytest.mark.parametrize(
    "false",
    [
        Reason("township-short", {"township": "x", "least": 2, "candidates": 0}),
        Reason("township-short", {"township": "y", "least": 2, "candidates": 1}),
        Reason("township-short", {"township": "nowhere", "least": 2, "candidates": 1}),
        Reason("must-open", {"ids": [0], "count": 1}),
        Reason("unheard-of", {}),
        Reason("township-short", {}),
    ],
)
def test_the_checker_refuses_reasons_that_are_not_so(false):
    problem = SitingProblem.from_arrays(
        [[1, 5], [5, 1]], [3, 4], townships=["x", "y"], township_limits={"x": (2, None), "y": (1, 1)}
    )
    solution = asked_of(problem, p=1)
    assert conflict_holds(problem, solution)
    assert not conflict_holds(problem, replace(solution, reasons=(false,)))


@counted(beds=10, loads=10, yuan=5, needed=30)
@settings(max_examples=250, deadline=None)
@given(ruled_questions(loads=True))
def test_solver_and_checker_count_alike_what_is_missing(seen, asked):
    whole = Figures(asked, frozenset(asked.parts()))
    options = dict(as_solution(asked).options)
    theirs = _everything(asked.problem, asked.served.tolist(), options, everyone=asked.everyone, limited=True)
    assert whole.needed() == theirs.needed()
    assert whole.most == sum(theirs.counts()[1])
    for name, ours, said in (
        ("beds", whole.beds_short(), theirs.beds_short()),
        ("loads", whole.loads_short(), theirs.loads_short()),
        ("yuan", whole.yuan_short(), theirs.yuan_short()),
    ):
        assert ours == max(0, said), name
        seen[name] += ours > 0
    seen["needed"] += whole.needed() > 1


def test_as_many_sites_are_needed_as_hold_everyone_those_that_stand_first():
    means = {"loads": [4, 6], "capacities": [5, 5, 1]}
    for status, needed in ((["candidate"] * 3, 2), (["candidate", "candidate", "existing"], 3)):
        problem = SitingProblem.from_arrays([[0, 0, 0], [0, 0, 0]], [1, 1], status=status, **means)
        asked = CompactQuestion(problem, p=1, everyone=True)
        assert Figures(asked, frozenset(asked.parts())).needed() == needed
        theirs = _everything(problem, [True, True], {"p": 1}, everyone=True, limited=True)
        assert theirs.needed() == needed
