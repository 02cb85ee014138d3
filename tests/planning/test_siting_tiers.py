"""Two tiers together against trying everything, under rules, and what must always be so."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from counted import counted
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from siting_oracle import random_county

from gis.cost_matrix import UNREACHABLE
from gis.faults import FaultsError
from planning.siting.models.p_median import p_median
from planning.siting.models.two_tiers import two_tiers
from planning.siting.problem import SitingProblem
from planning.siting.proof import verify as checker
from planning.siting.rules import STATUSES
from planning.siting.solution import Tier


@pytest.fixture
def verify():
    """Return the checker, told of the upper tier."""
    return lambda problem, upper, solution: [fault.code for fault in checker.verify(problem, solution, upper=upper)]


@st.composite
def tiers(draw, *, most=6, rules=True):
    """Draw two tiers with ties, empty places, pairs without a way, and rules of every kind."""
    m = draw(st.integers(1, most))
    townships = draw(st.lists(st.sampled_from("AB"), min_size=m, max_size=m))
    return tuple(_tier(draw, m, townships, rules=rules) for _ in range(2))


def _tier(draw, m, townships, *, rules):
    n = draw(st.integers(1, 6))
    seconds = st.integers(0, draw(st.sampled_from([2, 9, 1000])))
    if draw(st.booleans()):
        seconds = st.one_of(seconds, st.just(-1))
    values = draw(st.lists(st.lists(seconds, min_size=m, max_size=m), min_size=n, max_size=n))
    weights = draw(st.lists(st.sampled_from([0, 1, 1, 3, 500]), min_size=n, max_size=n))
    extra = {}
    if rules and draw(st.booleans()):
        extra["status"] = draw(st.lists(st.sampled_from(["candidate"] * 5 + list(STATUSES)), min_size=m, max_size=m))
    if rules and draw(st.booleans()):
        low, high = draw(st.integers(0, 2)) if "A" in townships else 0, draw(st.integers(1, 3))
        extra |= {"townships": townships, "township_limits": {"A": (min(low, high), high), "B": (0, 2)}}
    if rules and draw(st.booleans()):
        spots = draw(st.lists(st.integers(0, 5), min_size=m, max_size=m))
        extra |= {"positions": np.column_stack([spots, spots]).astype(float), "separation_m": 1.5}
    if rules and draw(st.booleans()):
        extra["max_time_s"] = draw(st.integers(0, 9))
    return SitingProblem.from_arrays(np.array(values), np.array(weights), **extra)


def cost_of(problem, sites):
    """Return person-seconds to the nearest site, or None if somebody is not served."""
    limit = UNREACHABLE - 1 if problem.max_time_s is None else problem.max_time_s
    seconds = problem.values[:, list(sites)].min(axis=1).astype(np.int64)
    inhabited = problem.weights > 0
    return None if (seconds[inhabited] > limit).any() else int((seconds * problem.weights)[inhabited].sum())


def best_of_all(problem, upper, p, q, weight=1):
    found = []
    for rooms in combinations(range(problem.values.shape[1]), p):
        below = cost_of(problem, rooms)
        if below is None or problem.rules.broken_by(np.array(rooms)):
            continue
        for centres in combinations(rooms, q):
            above = cost_of(upper, centres)
            if above is not None and not upper.rules.broken_by(np.array(centres)):
                found.append(below + weight * above)
    return min(found, default=None)


def numbers(draw, problem):
    p = draw(st.integers(1, problem.values.shape[1]))
    return p, draw(st.integers(1, p))


@settings(max_examples=250, deadline=None)
@given(pair=tiers(), data=st.data())
def test_equals_the_best_of_all_nested_plans(pair, data):
    problem, upper = pair
    p, q = numbers(data.draw, problem)
    weight = data.draw(st.sampled_from([1, 1, 7]))
    solution = two_tiers(problem, upper=upper, p=p, upper_p=q, upper_weight=weight)
    best = best_of_all(problem, upper, p, q, weight)
    assert checker.verify(problem, solution, upper=upper) == []
    if best is None:
        assert solution.status == "infeasible"
    else:
        assert (solution.status, solution.proof) == ("optimal", "certificate")
        assert solution.objective == solution.bound == best


@settings(max_examples=60, deadline=None)
@given(pair=tiers(rules=False), data=st.data())
def test_is_never_better_than_each_tier_alone(pair, data):
    problem, upper = pair
    p, q = numbers(data.draw, problem)
    solution = two_tiers(problem, upper=upper, p=p, upper_p=q)
    assume(solution.objective is not None)
    alone = [
        min(
            cost
            for sites in combinations(range(problem.values.shape[1]), count)
            if (cost := cost_of(tier, sites)) is not None
        )
        for tier, count in ((problem, p), (upper, q))
    ]
    assert solution.objective >= sum(alone)


@counted(more=40)
@settings(max_examples=40, deadline=None)
@given(pair=tiers(rules=False))
def test_one_more_room_or_centre_is_never_worse(seen, pair):
    problem, upper = pair
    m = problem.values.shape[1]
    worth = {
        (p, q): two_tiers(problem, upper=upper, p=p, upper_p=q).objective
        for p in range(1, m + 1)
        for q in range(1, p + 1)
    }
    for (p, q), cost in worth.items():
        for more in ((p + 1, q), (p, q + 1)):
            if cost is not None and more in worth:
                seen["more"] += 1
                assert worth[more] is not None
                assert worth[more] <= cost


@pytest.fixture(scope="module")
def county():
    seconds, people = random_county(120, 60)
    towns = (np.arange(60) // 10).astype(str)
    problem = SitingProblem.from_arrays(
        seconds, people, townships=towns, township_limits=dict.fromkeys(set(towns), (1, None))
    )
    upper = SitingProblem.from_arrays(seconds // 2, people // 5)
    return problem, upper, two_tiers(problem, upper=upper, p=14, upper_p=3)


def test_every_township_has_a_room(county):
    problem, _, solution = county
    assert set(problem.rules.township[solution.opened]) == set(range(6))
    assert set(solution.second.opened) <= set(solution.opened)


def test_a_county_is_proven_by_certificate(county, verify):
    problem, upper, solution = county
    assert (solution.status, solution.proof, solution.gap) == ("optimal", "certificate", 0)
    assert verify(problem, upper, solution) == []


def test_the_checker_refuses_what_is_changed(county, verify):
    problem, upper, good = county
    spare = np.setdiff1d(np.arange(60), good.opened)
    moved = np.sort(np.append(good.second.opened[1:], spare[0]))
    shifted = good.second.allocation.copy()
    shifted[0] = next(j for j in good.second.opened if upper.values[0, j] > upper.values[0, shifted[0]])
    low = good.certificate
    no_proof = replace(low, room_multipliers=np.zeros_like(low.room_multipliers))
    dear = replace(low, bound=low.bound + 1)
    false = {
        "centre-without-room": replace(good, second=Tier(moved, good.second.allocation)),
        "opened-count": replace(good, second=Tier(good.second.opened[1:], good.second.allocation)),
        "allocation-not-nearest": replace(good, second=Tier(good.second.opened, shifted)),
        "objective-wrong": replace(good, objective=good.objective - 1, bound=good.bound - 1),
        "certificate-false": replace(good, certificate=no_proof),
        "bound-unproven": replace(good, certificate=None),
        "bound-beyond-objective": replace(good, status="feasible", proof=None, bound=good.bound + 1, certificate=dear),
    }
    for code, solution in false.items():
        assert code in verify(problem, upper, solution), code
    heavier = SitingProblem.from_arrays(upper.values, upper.weights + 1)
    assert "objective-wrong" in verify(problem, heavier, good)


def test_the_first_bound_is_that_of_both_tiers_alone():
    seconds, people = random_county(200, 200)
    towns = (np.arange(200) // 20).astype(str)
    people[::25] *= 30
    limits = {"townships": towns, "township_limits": dict.fromkeys(set(towns), (1, None))}
    problem, upper = SitingProblem.from_arrays(seconds, people, **limits), SitingProblem.from_arrays(seconds, people)
    alone = p_median(problem, p=20).bound + p_median(upper, p=3).bound
    told = []
    two_tiers(problem, upper=upper, p=20, upper_p=3, stop=lambda: bool(told and told[-1].bound), report=told.append)
    assert told[-1].bound >= 0.999 * alone


def test_without_the_second_tier_the_claim_is_refused(county, verify):
    problem, upper, good = county
    assert "opened-count" in verify(problem, upper, replace(good, second=None))


def test_a_time_limit_gives_a_plan_with_its_bound(verify):
    seconds, people = random_county(200, 200)
    problem, upper = SitingProblem.from_arrays(seconds, people), SitingProblem.from_arrays(seconds // 2, people // 5)
    solution = two_tiers(problem, upper=upper, p=20, upper_p=4, time_limit_s=0.0)
    assert (solution.status, [reason.code for reason in solution.reasons]) == ("feasible", ["time-limit"])
    assert 0 <= solution.bound < solution.objective
    assert verify(problem, upper, solution) == []


def test_a_cancel_keeps_what_was_found(verify):
    seconds, people = random_county(200, 200)
    problem, upper = SitingProblem.from_arrays(seconds, people), SitingProblem.from_arrays(seconds // 2, people // 5)
    told = []
    solution = two_tiers(problem, upper=upper, p=20, upper_p=4, stop=lambda: len(told) > 3, report=told.append)
    assert solution.status == "interrupted"
    assert verify(problem, upper, solution) == []
    incumbents = [progress.incumbent for progress in told]
    assert incumbents == sorted(incumbents, reverse=True)


def test_rules_that_contradict_each_other_are_proven_to(verify):
    """The centre must stand where the rooms may not: both tiers alone are feasible."""
    near = [[1, 5], [5, 1]]
    problem = SitingProblem.from_arrays(near, [1, 1], status=["candidate", "excluded"])
    upper = SitingProblem.from_arrays(near, [1, 1], status=["candidate", "required"])
    solution = two_tiers(problem, upper=upper, p=1, upper_p=1)
    assert solution.status == "infeasible"
    assert [reason.code for reason in solution.reasons] == ["tiers-conflict"]
    assert verify(problem, upper, solution) == []
    free = SitingProblem.from_arrays(near, [1, 1])
    assert "reason-false" in verify(free, free, solution)


def test_says_who_reaches_no_centre(verify):
    problem = SitingProblem.from_arrays([[1, 2]], [1])
    upper = SitingProblem.from_arrays([[-1, -1], [3, 4]], [1, 1], demand_ids=["far", "near"])
    solution = two_tiers(problem, upper=upper, p=2, upper_p=1)
    assert solution.reasons[0].params["ids"] == ["far"]
    assert verify(problem, upper, solution) == []


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"p": 1, "upper_p": 1}, "option-missing"),
        ({"p": 2, "upper_p": 3, "upper": True}, "option-too-large"),
        ({"p": 2, "upper_p": 1, "upper": True, "upper_weight": 0}, "option-too-small"),
    ],
)
def test_refuses_senseless_options(options, code):
    problem = SitingProblem.from_arrays([[1, 2]], [1])
    asked = {**options, "upper": problem if options.get("upper") else None}
    with pytest.raises(FaultsError) as caught:
        two_tiers(problem, **asked)
    assert [fault.code for fault in caught.value.faults] == [code]


def test_refuses_tiers_with_different_candidates():
    problem = SitingProblem.from_arrays([[1, 2]], [1], candidate_ids=["a", "b"])
    with pytest.raises(FaultsError) as caught:
        two_tiers(problem, upper=SitingProblem.from_arrays([[1, 2]], [1], candidate_ids=["b", "a"]), p=1, upper_p=1)
    assert [fault.code for fault in caught.value.faults] == ["tiers-differ"]


def test_a_cancel_before_anything_is_known_claims_nothing_false(verify):
    seconds, people = random_county(10, 10)
    problem, upper = (SitingProblem.from_arrays(seconds**2 // 1000, people**2 // few) for few in (300, 1500))
    for p, upper_p in ((2, 1), (5, 3), (9, 3)):
        solution = two_tiers(problem, upper=upper, p=p, upper_p=upper_p, stop=lambda: True)
        assert (solution.status, solution.bound, verify(problem, upper, solution)) == ("interrupted", 0, [])


@counted(trees=100)
@settings(max_examples=300, deadline=None)
@given(pair=tiers(most=4), data=st.data())
def test_no_tree_of_any_multipliers_proves_more_than_the_optimum(seen, pair, data):
    problem, upper = pair
    p, q = numbers(data.draw, problem)
    solution = two_tiers(problem, upper=upper, p=p, upper_p=q)
    if not solution.objective or solution.certificate is None:
        return
    told, m = solution.certificate, problem.values.shape[1]
    branch = data.draw(st.lists(st.integers(-2, 2 * m - 1), max_size=6))
    for length in range(1, len(branch) + 8):
        rows = data.draw(st.lists(st.integers(0, len(told.branch) - 1), min_size=length, max_size=length))
        false = replace(
            told,
            bound=told.bound + 1,
            room_multipliers=told.room_multipliers[rows],
            centre_multipliers=told.centre_multipliers[rows],
            prices=told.prices[rows],
            branch=np.array([*branch, *[-1] * 8][:length]),
        )
        claim = replace(solution, certificate=false)
        assert "certificate-false" in {fault.code for fault in checker.verify(problem, claim, upper=upper)}
        seen["trees"] += 1
