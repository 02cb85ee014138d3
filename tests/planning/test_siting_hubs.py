"""Hubs against trying every cover with every allocation, under rules, budgets and capacities."""

from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from siting_oracle import random_county

from gis.faults import FaultsError
from planning.hub_rooms import DEFAULT_ROOMS, Room, hub_area_mm2, hub_program, whole_figures
from planning.siting.engine.cover.covering import smallest_cover
from planning.siting.engine.hubs import stages
from planning.siting.limits import Limits
from planning.siting.models.hubs import hubs
from planning.siting.problem import SitingProblem
from planning.siting.proof import verify as checker
from planning.siting.rules import STATUSES

TABLES = (
    DEFAULT_ROOMS,
    (Room("hall", base_m2=300, per_1000_people_m2=50, minimum_m2=400),),
    (Room("small", base_m2=1, per_1000_people_m2=300), Room("school", per_child_m2=2, minimum_m2=300)),
)


@pytest.fixture
def verify():
    """Return the codes of what the checker finds, told of the children."""

    def check(problem, solution, children=None):
        return [fault.code for fault in checker.verify(problem, solution, children=children)]

    return check


@st.composite
def questions(draw):
    """Draw a problem with ties, empty places, pairs without a way and rules, and what is asked of it."""
    n, m = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    seconds = draw(st.lists(st.lists(st.integers(-1, 9), min_size=m, max_size=m), min_size=n, max_size=n))
    weights = draw(st.lists(st.sampled_from([0, 1, 700, 700, 1900, 2500, 9000]), min_size=n, max_size=n))
    extra = {}
    if draw(st.booleans()):
        extra["status"] = draw(st.lists(st.sampled_from(["candidate"] * 5 + list(STATUSES)), min_size=m, max_size=m))
    if draw(st.booleans()):
        high = draw(st.integers(1, 3))
        low = draw(st.integers(0, min(2, high)))
        extra |= {"townships": ["A"] * ((m + 1) // 2) + ["B"] * (m // 2), "township_limits": {"A": (low, high)}}
    if draw(st.booleans()):
        extra |= {"positions": np.arange(2.0 * m).reshape(m, 2) // 3, "separation_m": 1.0}
    if draw(st.integers(0, 3)) == 0:
        extra["capacities"] = draw(st.lists(st.sampled_from([1000, 3000, 20_000]), min_size=m, max_size=m))
        extra["minimum_loads"] = draw(st.lists(st.sampled_from([0, 0, 800]), min_size=m, max_size=m))
    costs = st.lists(st.sampled_from([0, 10_000, 400_000]), min_size=m, max_size=m)
    extra |= {"opening_costs": draw(costs), "closing_costs": draw(costs)}
    problem = SitingProblem.from_arrays(np.array(seconds), np.array(weights), **extra)
    asked = {"limit_s": draw(st.integers(1, 9)), "rooms": draw(st.sampled_from(TABLES))}
    if draw(st.booleans()):
        asked["children"] = draw(st.lists(st.sampled_from([0, 90, 700]), min_size=n, max_size=n))
    if draw(st.integers(0, 2)) == 0:
        asked["p"] = draw(st.integers(1, m))
    return problem, asked


def every_plan(problem, *, limit_s, rooms, children=None, p=None):
    """Yield (exact mm², yuan beside the area) of every plan."""
    figures = whole_figures(rooms, ages_known=children is not None)
    ages = [0] * len(problem.weights) if children is None else children
    somebody = np.flatnonzero(problem.weights)
    within = problem.allowed & (problem.values <= limit_s)
    m = problem.values.shape[1]
    for size in range(1, m + 1):
        for opened in combinations(range(m), size):
            if (p is not None and size != p) or problem.rules.broken_by(np.array(opened, np.int64)):
                continue
            stands = problem.rules.stands
            beside = sum(int(problem.opening_costs[j]) for j in opened if not stands[j])
            beside += sum(int(problem.closing_costs[j]) for j in np.flatnonzero(stands) if j not in opened)
            for hub_of in product(*([j for j in opened if within[i, j]] for i in somebody)):
                served = {j: [i for i, hub in zip(somebody, hub_of, strict=True) if hub == j] for j in opened}
                if not fits(problem, served):
                    continue
                yield area_of(problem, served, ages, figures), beside


def fits(problem, served):
    room = problem.capacity
    if room is None:
        return True
    loads = {j: sum(int(room.loads[i]) for i in here) for j, here in served.items()}
    return all(room.minimum_loads[j] <= load <= room.capacities[j] for j, load in loads.items())


def area_of(problem, served, ages, figures):
    return sum(
        hub_area_mm2(sum(int(problem.weights[i]) for i in here), sum(int(ages[i]) for i in here), figures)
        for here in served.values()
    )


def whole(millionths):
    return -(-millionths // 10**6)


def faults_of(problem, solution, children):
    return checker.verify(problem, solution, children=children)


@settings(max_examples=200, deadline=None)
@given(questions())
def test_equals_the_best_of_all_plans(question):
    problem, asked = question
    solution = hubs(problem, **asked)
    best = min((area for area, _ in every_plan(problem, **asked)), default=None)
    assert faults_of(problem, solution, asked.get("children")) == []
    if best is None:
        assert solution.status == "infeasible"
        assert solution.reasons
    else:
        assert solution.status == "optimal"
        assert solution.objective == solution.bound == whole(best)


@settings(max_examples=100, deadline=None)
@given(questions(), st.data())
def test_the_best_plan_that_the_budget_pays_for(question, data):
    problem, asked = question
    plans = sorted({(area, 2600 * area + 10**6 * beside) for area, beside in every_plan(problem, **asked)})
    if not plans:
        return
    costs = [whole(cost) for _, cost in plans]
    budget = max(0, data.draw(st.sampled_from([min(costs), max(costs)])) - data.draw(st.integers(0, 1)))
    affordable = [area for area, cost in plans if whole(cost) <= budget]
    solution = hubs(problem, **asked, budget_yuan=budget)
    assert faults_of(problem, solution, asked.get("children")) == []
    if affordable:
        assert (solution.status, solution.objective) == ("optimal", whole(min(affordable)))
    else:
        assert solution.status == "infeasible"
        assert solution.reasons[0].code in {"budget-short", "budget-short-between"}
        told = solution.reasons[0].params
        assert 0 < told["short"] <= min(costs) - budget <= told["enough"]


@pytest.fixture(scope="module")
def county():
    seconds, people = random_county(60, 60)
    return SitingProblem.from_arrays(seconds, people, demand_ids=[f"v{i}" for i in range(60)])


def test_a_county_is_sized_as_the_page_sizes_it(county, verify):
    solution = hubs(county, limit_s=900)
    assert solution.status == "optimal"
    assert verify(county, solution) == []
    served = [int(county.weights[solution.allocation == j].sum()) for j in solution.opened]
    shown = sum(hub_program(people).floor_area_m2 for people in served)
    assert solution.objective <= shown < solution.objective + len(served)


def test_a_wider_limit_never_needs_more(county):
    areas = [hubs(county, limit_s=limit).objective for limit in (400, 600, 900, 1500, 3000)]
    assert areas == sorted(areas, reverse=True)


def test_the_best_number_of_hubs_is_the_best_of_all_numbers(county):
    free = hubs(county, limit_s=1500)
    fixed = [hubs(county, limit_s=1500, p=len(free.opened) + more) for more in (-1, 0, 1)]
    areas = [solution.objective for solution in fixed if solution.status != "infeasible"]
    assert min(areas) == free.objective


def test_an_added_candidate_never_hurts(county):
    fewer = SitingProblem.from_arrays(county.values[:, :50], county.weights)
    assert hubs(county, limit_s=2000).objective <= hubs(fewer, limit_s=2000).objective


def test_the_checker_refuses_what_is_changed(county, verify):
    good = hubs(county, limit_s=900)
    far = good.allocation.copy()
    far[0] = next(j for j in good.opened if county.values[0, j] > 900)
    proof = good.certificate
    loose = replace(proof, multipliers=2 * proof.multipliers)
    free = replace(proof, mixes=np.where(np.arange(proof.mixes.shape[2]) == 0, proof.mixes, proof.scale + 1))
    dearer = replace(proof, bound=proof.bound + 500 * 10**6)
    false = {
        "somebody-unserved": replace(good, allocation=far),
        "objective-wrong": replace(good, objective=good.objective - 1, bound=good.objective - 1),
        "bound-beyond-objective": replace(good, bound=good.objective + 1, proof=None, status="feasible"),
        "opened-count": replace(good, options={**good.options, "p": len(good.opened) + 1}),
        "budget-exceeded": replace(good, options={**good.options, "budget_yuan": 2600 * good.objective - 2601}),
    }
    for code, solution in false.items():
        assert code in verify(county, solution), code
    for certificate in (loose, free, dearer):
        assert "certificate-false" in verify(county, replace(good, certificate=certificate))
    assert "bound-unproven" in verify(county, replace(good, certificate=None, proof="certificate", solver=""))
    assert "ages-differ" in verify(county, good, np.zeros(60, np.int64))


def test_a_count_of_hubs_proves_its_part_and_no_more(county, verify):
    reach = county.values <= 900
    fewest = smallest_cover(reach, Limits()).certificate
    good = hubs(county, limit_s=900)
    assert len(good.opened) == fewest.sites + 1
    counted = replace(good.certificate, fewest=fewest)
    assert verify(county, replace(good, certificate=counted)) == []
    false = (replace(fewest, sites=fewest.sites + 1), replace(fewest, exactly=True))
    for lie in false:
        assert "certificate-false" in verify(county, replace(good, certificate=replace(counted, fewest=lie)))
    assert "claim-malformed" in verify(county, replace(good, certificate=replace(counted, fewest=reach)))


def test_where_the_tree_is_left_small_a_count_of_hubs_proves_the_plan(verify, monkeypatch):
    monkeypatch.setattr(stages, "SMALL_NODES", 1)
    monkeypatch.setattr(stages, "LARGE_NODES", 1)
    problem = SitingProblem.from_arrays(*random_county(60, 60, seed=3))
    found = hubs(problem, limit_s=700)
    assert (found.proof, found.certificate.fewest.sites) == ("certificate", len(found.opened) - 1)
    assert verify(problem, found) == []


def test_a_time_limit_gives_a_plan_with_its_bound(county, verify):
    solution = hubs(county, limit_s=900, time_limit_s=0.0)
    assert (solution.status, [reason.code for reason in solution.reasons]) == ("feasible", ["time-limit"])
    assert 0 < solution.bound < solution.objective
    assert verify(county, solution) == []


def test_a_cancel_keeps_what_was_found(verify):
    seconds, people = random_county(150, 150)
    problem, told = SitingProblem.from_arrays(seconds, people), []
    solution = hubs(problem, limit_s=500, stop=lambda: len(told) > 2, report=told.append)
    assert solution.status == "interrupted"
    assert verify(problem, solution) == []
    incumbents = [progress.incumbent for progress in told]
    assert incumbents == sorted(incumbents, reverse=True)


def test_says_who_has_no_hub_within_the_limit(county, verify):
    problem = SitingProblem.from_arrays([[5, 9], [-1, 70], [-1, -1]], [1, 2, 0], demand_ids=["a", "b", "empty"])
    solution = hubs(problem, limit_s=60)
    assert solution.reasons[0] == ("uncovered-demand", {"ids": ["b"], "count": 1, "limit_s": 60})
    assert verify(problem, solution) == []


def test_too_few_hubs_are_proven_to_be(verify):
    problem = SitingProblem.from_arrays(np.where(np.eye(3, dtype=bool), 1, 99), [1, 1, 1])
    solution = hubs(problem, limit_s=60, p=2)
    assert (solution.status, solution.proof) == ("infeasible", "certificate")
    told = [reason.code for reason in solution.reasons]
    assert told == ["hubs-conflict", "sites-too-few", "everyone-served", "limit-short"]
    assert verify(problem, solution) == []
    three = replace(solution, options={**solution.options, "p": 3})
    assert "reason-false" in verify(problem, three)


def test_a_short_budget_is_told_in_yuan(verify):
    problem = SitingProblem.from_arrays([[1]], [0 + 1])
    needed = whole(2600 * hub_area_mm2(1, 0, whole_figures(ages_known=False)))
    solution = hubs(problem, limit_s=1, budget_yuan=needed - 7)
    assert solution.reasons[0] == ("budget-short", {"short": 7, "enough": 7})
    assert solution.proof == "certificate"
    assert verify(problem, solution) == []
    more = replace(solution, options={**solution.options, "budget_yuan": needed})
    assert "reason-false" in verify(problem, more)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({}, "option-missing"),
        ({"limit_s": -1}, "option-too-small"),
        ({"limit_s": 9, "p": 3}, "option-too-large"),
        ({"limit_s": 9, "children": [1, 2]}, "column-shape"),
        ({"limit_s": 9, "budget_yuan": 1.5}, "option-not-whole"),
    ],
)
def test_refuses_senseless_options(options, code):
    problem = SitingProblem.from_arrays([[1, 2]], [1])
    with pytest.raises(FaultsError) as caught:
        hubs(problem, **options)
    assert [fault.code for fault in caught.value.faults] == [code]
