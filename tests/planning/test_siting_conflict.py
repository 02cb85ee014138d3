"""Minimal conflicts: no plan exists, and without any one part one does; against trying everything."""

from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest
from counted import counted
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.cost_matrix import UNREACHABLE
from planning.siting import SitingProblem
from planning.siting.engine.conflict.conflict import because_of_rules, find_conflict, minimal_conflict
from planning.siting.engine.conflict.figures import Figures
from planning.siting.engine.conflict.reasons import reasons_of
from planning.siting.engine.linear.compact import CompactQuestion, Part
from planning.siting.limits import Limits
from planning.siting.proof.statements.conflict import _everything, conflict_holds
from planning.siting.rules import STATUSES
from planning.siting.solution import Reason, Solution

KEPT = ("existing", "required")


@st.composite
def ruled_questions(draw, *, loads=False):
    """Draw questions with every rule, most of them too strict."""
    n, m = draw(st.integers(1, 3 if loads else 6)), draw(st.integers(1, 3 if loads else 6))
    seconds = st.sampled_from([0, 5, 10, 15, -1])
    towns = st.lists(st.sampled_from(["x", "y", "z"]), min_size=m, max_size=m)
    townships = draw(towns)
    limits = {
        name: (low, high)
        for name in sorted(set(townships))
        if draw(st.booleans())
        for low, high in [draw(st.sampled_from([(0, 1), (1, None), (2, None), (1, 1), (3, 4), (0, 0)]))]
    }
    given = {
        "status": draw(st.lists(st.sampled_from(["candidate", "candidate", *STATUSES]), min_size=m, max_size=m)),
        "townships": townships,
        "township_limits": limits,
        "positions": np.array(draw(st.lists(st.integers(0, 4), min_size=m, max_size=m)))[:, None] * [10.0, 0.0],
        "separation_m": draw(st.sampled_from([None, 5.0, 15.0])),
        "max_time_s": draw(st.sampled_from([None, None, 5, 10])),
        "opening_costs": draw(st.lists(st.integers(0, 3), min_size=m, max_size=m)),
        "closing_costs": draw(st.lists(st.integers(0, 3), min_size=m, max_size=m)),
    }
    weights = draw(st.lists(st.sampled_from([0, 1, 3]), min_size=n, max_size=n))
    if loads:
        figures = st.lists(st.integers(0, 5), min_size=m, max_size=m)
        given |= {"capacities": draw(figures), "loads": draw(st.lists(st.integers(0, 4), min_size=n, max_size=n))}
        given |= {"minimum_loads": draw(figures)} if draw(st.booleans()) else {}
    rows = draw(st.lists(st.lists(seconds, min_size=m, max_size=m), min_size=n, max_size=n))
    problem = SitingProblem.from_arrays(np.array(rows), np.array(weights), **given)
    return CompactQuestion(
        problem,
        p=draw(st.sampled_from([None, *range(1, m + 1)])),
        at_most=draw(st.booleans()),
        limit_s=draw(st.sampled_from([None, 0, 5, 10])),
        everyone=draw(st.booleans()),
        every_place=draw(st.booleans()),
        budget=draw(st.sampled_from([None, 0, 2, 5])),
    )


def possible(asked, parts):
    """Whether any set of sites keeps the parts, by trying all."""
    m = len(asked.problem.candidate_ids)
    return any(_fits(asked, parts, set(sites)) for k in range(m + 1) for sites in combinations(range(m), k))


def _fits(asked, parts, opened):
    problem, rules = asked.problem, asked.problem.rules
    for kind, of in parts:
        if kind == "keep" and of not in opened:
            return False
        if kind == "bar" and of in opened:
            return False
        inside = sum(rules.township[j] == of for j in opened)
        if (kind == "least" and inside < rules.least[of]) or (kind == "most" and inside > rules.most[of]):
            return False
        if kind == "apart" and any(a in opened and b in opened for a, b in rules.apart.tolist()):
            return False
        if (kind == "fewest" and len(opened) < asked.p) or (kind == "most-sites" and len(opened) > asked.p):
            return False
        if kind == "budget":
            stands = {j for j, status in enumerate(rules.status) if STATUSES[status] in ("existing", "closable")}
            yuan = sum(problem.opening_costs[j] for j in opened - stands)
            if yuan + sum(problem.closing_costs[j] for j in stands - opened) > asked.budget:
                return False
    return _serves(asked, {kind for kind, _ in parts}, opened)


def _serves(asked, kinds, opened):
    problem = asked.problem
    limit = min(
        [UNREACHABLE - 1]
        + ([problem.max_time_s] if "max-time" in kinds else [])
        + ([asked.limit_s] if "limit" in kinds else [])
    )
    must = bool(kinds & {"everyone", "max-time"})
    served = [i for i, w in enumerate(problem.weights) if w or asked.every_place]
    ways = [[j for j in opened if problem.values[i, j] <= limit] + ([] if must else [None]) for i in served]
    if problem.capacity is None or not kinds & {"capacity", "minimum"}:
        return all(ways)
    room = problem.capacity
    for plan in product(*ways):
        load = {j: sum(int(room.loads[i]) for i, to in zip(served, plan, strict=True) if to == j) for j in opened}
        full = "capacity" in kinds and any(load[j] > room.capacities[j] for j in opened)
        idle = "minimum" in kinds and any(load[j] < room.minimum_loads[j] for j in opened)
        if not full and not idle:
            return True
    return False


def check_conflict(seen, asked):
    conflict = minimal_conflict(asked, Limits())
    assert (not conflict) == possible(asked, frozenset(asked.parts()))
    seen["conflict" if conflict else "none"] += 1
    if not conflict:
        return
    assert not possible(asked, conflict)
    for part in conflict:
        assert possible(asked, conflict - {part})
    reasons = reasons_of(asked, conflict, Limits())
    figures = [reason.params.get(name) for reason in reasons for name in ("short", "needed", "possible")]
    assert reasons
    assert all(figure is None or figure >= (0 if asked.p else 1) for figure in figures)


@counted(conflict=60, none=20)
@settings(max_examples=250, deadline=None)
@given(ruled_questions())
def test_a_conflict_is_told_where_no_plan_exists_and_nothing_in_it_is_needless(seen, asked):
    check_conflict(seen, asked)


@counted(conflict=30, none=10)
@settings(max_examples=150, deadline=None)
@given(ruled_questions(loads=True))
def test_with_loads_as_well(seen, asked):
    check_conflict(seen, asked)


@counted(holds=30, counted=30, conflict=40, none=10)
@settings(max_examples=150, deadline=None)
@given(st.booleans().flatmap(lambda loads: ruled_questions(loads=loads)))
def test_the_checker_accepts_only_conflicts_that_are_there(seen, asked):
    rest = {"everyone": asked.everyone, "limited": True, "every_place": asked.every_place}
    solution = as_solution(asked)
    conflict = minimal_conflict(asked, Limits())
    seen["conflict" if conflict else "none"] += 1
    if conflict:
        solution = replace(solution, reasons=reasons_of(asked, conflict, Limits()))
        holds = conflict_holds(asked.problem, solution, **rest)
        seen["holds"] += holds
        # Where HiGHS worked a figure out that counting does not show, the conflict stands on its word.
        figures_counted = shown_by_counting(asked, solution.reasons)
        seen["counted"] += figures_counted
        assert holds or not figures_counted or not Figures(asked, conflict).contradictory()
        for k in range(len(solution.reasons)):  # nothing holds on fewer reasons
            fewer = replace(solution, reasons=solution.reasons[:k] + solution.reasons[k + 1 :])
            assert not conflict_holds(asked.problem, fewer, **rest)
    else:
        for reason in (Reason("nobody-reaches", {"ids": [0], "count": 1}), Reason("beds-short", {"short": 1})):
            assert not conflict_holds(asked.problem, replace(solution, reasons=(reason,)), **rest)


def shown_by_counting(asked, reasons):
    """Whether counting the whole question shows every figure of the reasons."""
    whole = Figures(asked, frozenset(asked.parts()))
    figures = {"beds-short": whole.beds_short, "load-short": whole.loads_short, "budget-short": whole.yuan_short}
    return all(
        reason.params["needed"] <= whole.needed()
        if reason.code == "sites-too-few"
        else reason.params["possible"] >= whole.most
        if reason.code == "sites-too-many"
        else reason.code not in figures or reason.params["short"] == figures[reason.code]()
        for reason in reasons
    )


def as_solution(asked):
    options = {"p": asked.p, "limit_s": asked.limit_s, "budget": asked.budget, "at_most": int(asked.at_most)}
    given = {name: figure for name, figure in options.items() if figure is not None}
    return Solution("p-median", given, "infeasible", "min", "person-seconds")


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


def test_a_cancel_leaves_reasons_that_still_contradict_each_other():
    problem = SitingProblem.from_arrays(np.where(np.eye(3), 1, 99), [1, 1, 1], max_time_s=60)
    stopped = Limits(stop=lambda: True)
    reasons = find_conflict(problem, p=2, known=True, limits=stopped)
    assert {reason.code for reason in reasons} == {"sites-not-possible", "max-time"}
    assert find_conflict(problem, p=2, limits=stopped) == ()
    assert Part("max-time") in minimal_conflict(CompactQuestion(problem, p=2), stopped, known=True)


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
