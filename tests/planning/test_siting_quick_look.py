"""Claims on a solver's word: what a quick look of the checker refutes is refused, and nothing true ever is."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from siting_oracle import random_county
from siting_ruled import ruled_problems
from siting_truth import ask, pose, questions

from planning.siting import MODELS, Reason, SitingProblem, backup, budget, hubs, lscp, mclp, p_center, p_median, verify
from planning.siting.proof.look.choice import Bounds, CountsPay, NearestPays, breaks, choose, cover_all, exchange
from planning.siting.proof.look.sending import send
from planning.siting.rules import STATUSES

CONFLICTS = {"hubs": "hubs-conflict", "two-tiers": "tiers-conflict"}


def on_word(solution, **changes):
    return replace(solution, **({"proof": "solver", "solver": "HiGHS", "certificate": None} | changes))


def no_plan(solution):
    """The claim that there is none, on a solver's word."""
    return on_word(
        solution,
        status="infeasible",
        objective=None,
        bound=None,
        opened=solution.opened[:0],
        allocation=solution.allocation[:0],
        shares=None,
        second=None,
        reasons=(Reason(CONFLICTS.get(solution.model, "rules-contradict"), {}),),
    )


def codes(problem, solution, **sides):
    return [fault.code for fault in verify(problem, solution, **sides)]


@pytest.mark.parametrize("name", MODELS)
def test_what_is_true_is_never_refused_and_what_is_false_seldom_passes(name):
    seen = Counter()

    @settings(max_examples=80)
    @given(questions(name))
    def check(question):
        county, asked = question
        problem, solution, _ = ask(county, name, asked)
        sides = {"upper": pose(asked["upper"])} if "upper" in asked else {}
        true = replace(solution, proof="solver", solver="HiGHS")
        assert codes(problem, true, **sides) == []
        seen[solution.status] += 1
        if solution.status == "optimal":
            refusal = codes(problem, no_plan(solution), **sides)
            assert refusal in ([], ["reason-false"])
            seen["refused"] += bool(refusal)

    check()
    assert seen["optimal"] > 15
    assert seen["infeasible"] > 3
    assert seen["refused"] > 0.8 * seen["optimal"]


def county(n, m, seed=0, **more):
    seconds, people = random_county(n, m, seed=seed)
    towns = [f"镇{k % 5}" for k in range(n)]
    return SitingProblem.from_arrays(seconds, people, demand_townships=towns, opening_costs=np.full(m, 10), **more)


def test_a_plan_far_from_the_best_is_not_the_best():
    for seed in range(12):
        problem = county(80, 40, seed)
        true = p_median(problem, p=5)
        opened = np.sort(np.argsort(problem.values.sum(axis=0))[-5:])
        cost = int((problem.values[:, opened].min(axis=1) * problem.weights).sum())
        claim = on_word(true, opened=opened, objective=cost, bound=cost)
        claim = replace(claim, allocation=opened[np.argmin(problem.values[:, opened], axis=1)])
        assert cost > 1.2 * true.objective
        assert codes(problem, claim) == ["bound-unproven"]


ASKED = {
    "p-median": {"p": 5},
    "mclp": {"p": 4, "limit_s": 600},
    "backup": {"p": 8, "limit_s": 1200, "require_first": False},
    "capacitated": {"p": 5},
    "budget": {"budget_yuan": 50},
    "budget-coverage": {"budget_yuan": 40, "limit_s": 600},
    "worst-township": {"p": 5},
    "hubs": {"limit_s": 1800},
    "two-tiers": {"p": 6, "upper_p": 2},
}


@pytest.mark.parametrize("name", ASKED)
def test_a_bound_between_a_poor_plan_and_the_best_is_refused(name):
    seen = 0
    for seed in range(6):
        problem = county(60, 26, seed)
        sides = {"upper": county(60, 26, seed)} if name == "two-tiers" else {}
        true, poor = (
            MODELS[name].solve(one, **ASKED[name], **sides) for one in (problem, without_the_best(name, problem, sides))
        )
        assert true.status == "optimal"
        assert codes(problem, on_word(true), **sides) == []
        if poor.objective is not None and abs(poor.objective - true.objective) > 0.06 * true.objective:
            seen += 1
            bound = (poor.objective + true.objective + (true.sense == "min")) // 2
            claim = on_word(poor, status="feasible", proof=None, bound=bound)
            assert codes(problem, claim, **sides) == ["bound-unproven"]
    assert seen >= 1


def without_the_best(name, problem, sides):
    """The problem in which none of its best sites may be opened."""
    opened = MODELS[name].solve(problem, **ASKED[name], **sides).opened
    status = problem.rules.status.copy()
    status[opened] = STATUSES.index("excluded")
    return replace(problem, rules=replace(problem.rules, status=status))


def test_a_covering_or_plan_that_is_there_is_not_infeasible():
    for seed in range(3):
        problem = county(80, 40, seed)
        for true in (
            lscp(problem, limit_s=1200),
            p_center(problem, p=4),
            mclp(problem, p=3, limit_s=600),
            backup(problem, p=12, limit_s=1500),
            budget(problem, budget_yuan=30),
            hubs(problem, limit_s=1200),
        ):
            assert true.status == "optimal"
            assert codes(problem, no_plan(true)) == ["reason-false"], true.model


def test_fewer_sites_than_are_said_to_be_needed_refute_that():
    problem = county(80, 40)
    true = lscp(problem, limit_s=1200)
    needed = true.objective
    few = backup(problem, p=needed - 1, limit_s=1200)
    assert few.status == "infeasible"
    assert few.reasons[0].params["needed"] == needed
    told = [reason._replace(params={**reason.params, "needed": needed + 3}) for reason in few.reasons]
    assert codes(problem, on_word(few, reasons=tuple(told))) != []


@pytest.mark.parametrize("more", [1, 17])
def test_less_money_than_is_said_to_be_missing_refutes_that(more):
    problem = county(50, 20, max_time_s=2500)
    true = budget(problem, budget_yuan=5)
    short = true.reasons[0].params["short"]
    assert short > 0
    word = on_word(true, reasons=(Reason("budget-short", {"short": short}),))
    assert codes(problem, word) == []
    lie = replace(word, reasons=(Reason("budget-short", {"short": short + more}),))
    assert codes(problem, lie) == ["reason-false"]


def test_beds_too_are_looked_at():
    seconds, people = random_county(60, 25, seed=3)
    loads = people // 20
    problem = SitingProblem.from_arrays(
        seconds,
        people,
        loads=loads,
        capacities=np.full(25, loads.sum() // 4),
        included=np.full(25, loads.sum() // 6),
        extension_costs=np.full(25, 1),
        opening_costs=np.full(25, int(loads.sum())),
    )
    for name, asked in {
        "capacitated": {"p": 5},
        "mclp": {"p": 4, "limit_s": 900},
        "lscp": {"limit_s": 1800},
        "budget": {"budget_yuan": 7 * int(loads.sum())},
        "p-median": {"p": 5},
        "hubs": {"limit_s": 1800},
    }.items():
        true = MODELS[name].solve(problem, **asked, time_limit_s=5)
        assert true.objective is not None
        assert codes(problem, no_plan(true)) == ["reason-false"], name
    divided = MODELS["capacitated"].solve(problem, p=5, split=True)
    assert codes(problem, on_word(divided)) == []
    assert codes(problem, no_plan(divided)) == ["reason-false"]


@given(ruled_problems(), st.none() | st.integers(1, 5), st.none() | st.integers(0, 20))
@settings(max_examples=200)
def test_chosen_sites_keep_to_their_bounds(problem, count, money):
    m = len(problem.candidate_ids)
    yuan = np.arange(m) % 4
    bounds = Bounds(problem.rules, count, yuan, money, 10**6)
    pay = np.where(problem.allowed, problem.values * 1.0, np.inf)
    for worth in (NearestPays(pay), CountsPay(problem.allowed, np.ones(len(pay)), np.zeros(len(pay)))):
        opened = choose(worth, bounds, pay.size)
        if opened is None:
            continue
        for found in (opened, exchange(worth, bounds, opened, pay.size), cover_all(problem.allowed, bounds, opened)):
            assert bounds.allows(found)
            assert not problem.rules.broken_by(found)
            assert count in (None, len(found))
            assert money is None or yuan[found].sum() <= money


@given(ruled_problems(), st.data())
@settings(max_examples=150)
def test_rules_are_said_twice_alike(problem, data):
    m = len(problem.candidate_ids)
    opened = np.array(sorted(data.draw(st.sets(st.integers(0, m - 1)))), np.int64)
    assert breaks(problem.rules, opened) == problem.rules.broken_by(opened)


def test_who_is_sent_somewhere_finds_room_there():
    seen = Counter()

    @settings(max_examples=200)
    @given(st.data())
    def check(data):
        n, k = data.draw(st.integers(1, 7)), data.draw(st.integers(1, 4))
        cell = st.sampled_from([0.0, 1.0, 3.0, 8.0, np.inf])
        pay = np.array(data.draw(st.lists(st.lists(cell, min_size=k, max_size=k), min_size=n, max_size=n)))
        loads = np.array(data.draw(st.lists(st.integers(0, 4), min_size=n, max_size=n)))
        room = np.array(data.draw(st.lists(st.integers(0, 12), min_size=k, max_size=k)))
        least = np.array(data.draw(st.lists(st.sampled_from([0, 0, 2]), min_size=k, max_size=k)))
        unserved = data.draw(st.sampled_from([None, np.full(n, 9.0)]))
        goes = send(pay, loads, room, least, unserved=unserved)
        seen["found" if goes is not None else "none"] += 1
        if goes is None:
            return
        held = np.bincount(goes[goes >= 0], loads[goes >= 0], minlength=k)
        assert (held <= room).all()
        assert (held >= least).all()
        assert unserved is not None or (goes >= 0).all()
        assert np.isfinite(pay[goes >= 0, goes[goes >= 0]]).all()

    check()
    assert min(seen["found"], seen["none"]) > 20
