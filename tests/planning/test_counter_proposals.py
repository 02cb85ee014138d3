"""The best plan with each candidate: as good as trying everything finds, with its gains and losses counted anew."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from siting_oracle import allowed_sets, nearest, random_county, serves_everyone, small_problems

from gis.cost_matrix import UNREACHABLE
from planning.comparison.counter_proposals import PROPOSAL, SCHEME, SchemeAsked, counter_proposals
from planning.comparison.scheme import Aligned
from planning.measures.flows import seconds_of
from planning.siting import MODELS, SitingProblem, Solution
from planning.siting.study.question import Question

FEW = settings(max_examples=20)  # each example solves one question a candidate


def county(n, m, *, seed):
    return SitingProblem.from_arrays(*random_county(n, m, seed=seed))


def asked(problem, model="p-median", **options):
    solution = MODELS[model].solve(problem, **options)
    return about(problem, solution, model, **options)


def about(problem, solution, model="p-median", **options):
    n = len(problem.weights)
    words = np.full(n, "", dtype=object)
    seconds = seconds_of(problem, solution.allocation) if len(solution.allocation) else np.zeros(n, np.int32)
    places = Aligned(
        words, words, words, np.zeros((n, 2)), problem.weights, problem.weights // 2, {SCHEME: seconds},
        {SCHEME: np.ones(n, bool)},
    )  # fmt: skip
    return SchemeAsked(Question(problem, solution, MODELS[model].solve, options), places, {})


def with_candidate(problem, sizes, candidate):
    """Every set of sites that the rules allow and that has the candidate."""
    return [opened for size in sizes for opened in allowed_sets(problem, size) if candidate in opened]


def least_travel(problem, p, candidate):
    costs = [
        int((nearest(problem, opened) * problem.weights)[problem.weights > 0].sum())
        for opened in with_candidate(problem, [p], candidate)
        if serves_everyone(problem, opened)
    ]
    return min(costs, default=None)


@FEW
@given(small_problems(most=6, rules=True), st.integers(1, 4))
def test_each_is_the_best_plan_with_its_candidate(problem, p):
    m = problem.values.shape[1]
    assume(p <= m)
    scheme = asked(problem, p=p)
    assume(scheme.question.solution.status == "optimal")
    found = counter_proposals(scheme)
    assert [one.candidate for one in found] == list(range(m))
    for one in found:
        best = least_travel(problem, p, one.candidate)
        if problem.rules.barred[one.candidate]:
            assert one.state == "excluded"
        elif best is None:
            assert one.state == "impossible"
        else:
            assert (one.state, one.plan.objective) == ("proven", best)
            assert one.candidate in one.plan.opened
            assert one.worse_by == one.least_worse_by == best - scheme.question.solution.objective


@FEW
@given(small_problems(most=5), st.integers(1, 3), st.sampled_from([1, 9, 500]))
def test_most_people_within_the_limit_with_each_candidate(problem, p, limit_s):
    m = problem.values.shape[1]
    assume(p <= m)
    for one in counter_proposals(asked(problem, "mclp", p=p, limit_s=limit_s)):
        sets = with_candidate(problem, [p], one.candidate)
        best = max(int(problem.weights[nearest(problem, opened) <= limit_s].sum()) for opened in sets)
        assert (one.state, one.plan.objective) == ("proven", best)
        assert one.worse_by >= 0


@FEW
@given(small_problems(most=5, rules=True), st.sampled_from([2, 9, 900]))
def test_fewest_sites_with_each_candidate(problem, limit_s):
    scheme = asked(problem, "lscp", limit_s=limit_s)
    assume(scheme.question.solution.status == "optimal")
    limit, m = min(limit_s, problem.max_time_s or limit_s), problem.values.shape[1]
    for one in counter_proposals(scheme):
        sets = with_candidate(problem, range(1, m + 1), one.candidate)
        sizes = [len(opened) for opened in sets if (nearest(problem, opened) <= limit).all()]
        if one.state not in ("excluded", "impossible"):
            assert one.plan.objective == min(sizes)
        else:
            assert not sizes


@FEW
@given(small_problems(most=5, rules=True), st.integers(1, 3), st.integers(0, 3))
def test_who_gains_and_who_loses_is_counted_place_by_place(problem, p, price):
    m = problem.values.shape[1]
    assume(p <= m)
    problem = replace(problem, opening_costs=np.arange(m, dtype=np.int64) * price)
    scheme = asked(problem, p=p)
    assume(scheme.question.solution.status == "optimal")
    before = scheme.places.seconds[SCHEME].astype(int)
    for one in counter_proposals(scheme):
        if one.seconds is None:
            continue
        gain = lose = losing = net = 0
        for was, now, people in zip(before.tolist(), one.seconds.tolist(), problem.weights.tolist(), strict=True):
            if UNREACHABLE in (was, now):
                losing += people * (was < UNREACHABLE)
                continue
            gain, lose = gain + people * (now < was), lose + people * (now > was)
            losing, net = losing + people * (now - was > 300), net + people * (was - now)
        assert (one.moved.gain, one.moved.lose) == (gain, lose)
        assert (one.losing["people"], one.travel.net) == (losing, net)
        stands = problem.rules.stands
        cost = [sum(int(problem.opening_costs[j]) for j in opened if not stands[j]) for opened in
                (one.plan.opened, scheme.question.solution.opened)]  # fmt: skip
        assert one.extra_yuan == cost[0] - cost[1]


def test_of_a_county_each_is_an_independent_solve_and_workers_change_nothing():
    problem = county(90, 40, seed=4)
    scheme = asked(problem, p=4)
    alone = counter_proposals(scheme)
    with ThreadPoolExecutor(2) as threads:
        together = counter_proposals(scheme, threads=threads)
    for one, other in zip(alone, together, strict=True):
        status = np.where(np.arange(40) == one.candidate, "required", "candidate").astype(object)
        independent = MODELS["p-median"].solve(
            SitingProblem.from_arrays(problem.values, problem.weights, status=status), p=4
        )
        assert one.state == other.state == "proven"
        assert one.plan.objective == independent.objective
        assert one.plan.opened.tolist() == other.plan.opened.tolist()


def test_with_no_time_left_the_best_exchange_answers_and_claims_nothing():
    problem = county(60, 20, seed=1)
    scheme = asked(problem, p=3)
    best = {one.candidate: one.plan.objective for one in counter_proposals(scheme)}
    for one in counter_proposals(scheme, stop=lambda: True):
        if one.candidate in scheme.question.solution.opened:
            assert one.state == "proven"  # by the scheme's own proof
            continue
        assert one.state == "found"
        assert one.plan.objective == int(nearest(problem, one.plan.opened) @ problem.weights) >= best[one.candidate]
        assert one.plan.proof is None
        assert one.least_worse_by <= best[one.candidate] - scheme.question.solution.objective


def test_sites_that_somebody_placed_are_compared_by_people_alone():
    problem = county(30, 10, seed=2)
    opened = np.array([0, 1])
    allocation = opened[problem.values[:, opened].argmin(axis=1)]
    placed = Solution("placed", {}, "feasible", "min", "person-seconds", opened=opened, allocation=allocation)
    found = counter_proposals(about(problem, placed, p=2))
    best = asked(problem, p=2).question.solution
    assert {one.state for one in found} == {"proven"}
    assert {one.worse_by for one in found} == {None}
    assert min(one.plan.objective for one in found) == best.objective
    now = int(nearest(problem, opened) @ problem.weights)
    assert max(one.travel.net for one in found) == now - best.objective


def test_a_plan_that_the_checker_refuses_is_no_answer():
    problem = county(20, 8, seed=3)
    scheme = asked(problem, p=2)

    def lie(*args, **options):
        true = MODELS["p-median"].solve(*args, **options)
        return replace(true, objective=true.objective - 1)

    with pytest.raises(RuntimeError, match="refuses"):
        counter_proposals(replace(scheme, question=replace(scheme.question, solve=lie)))
    assert PROPOSAL not in scheme.places.seconds
