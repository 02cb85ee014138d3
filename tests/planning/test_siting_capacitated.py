"""The capacitated p-median against trying everything, under rules, and what the checker refuses."""

from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from scipy.optimize import linprog
from siting_capacity import beds, faults_of, tight_problems
from siting_oracle import random_county

from gis.faults import FaultsError
from planning.siting.models.capacitated import capacitated
from planning.siting.problem import SitingProblem
from planning.siting.solution import Reason

BARRED = ["excluded", "candidate"]


def plans(problem, p):
    """Yield the sets of sites within the rules, and for each the demand points that need one."""
    needy = np.flatnonzero((problem.weights > 0) | (problem.capacity.loads > 0))
    for opened in combinations(range(problem.values.shape[1]), p):
        if not problem.rules.broken_by(np.array(opened)) and problem.allowed[needy][:, opened].any(axis=1).all():
            yield np.array(opened), needy


def best_undivided(problem, p):
    room = problem.capacity
    costs = problem.values.astype(np.int64) * problem.weights[:, None]
    found = []
    for opened, needy in plans(problem, p):
        for goes in product(opened, repeat=len(needy)):
            held = np.bincount(np.array(goes, int), room.loads[needy], problem.values.shape[1])[opened]
            fits = (held <= room.capacities[opened]).all() and (held >= room.minimum_loads[opened]).all()
            if fits and problem.allowed[needy, goes].all():
                found.append(int(costs[needy, goes].sum()))
    return min(found, default=None)


def best_divided(problem, p):
    room = problem.capacity
    found = []
    for opened, _ in plans(problem, p):
        loaded = np.flatnonzero(room.loads)
        costs = np.where(problem.allowed, problem.values, 0)[np.ix_(loaded, opened)]
        most = np.where(problem.allowed[np.ix_(loaded, opened)], room.loads[loaded][:, None], 0)
        if not len(loaded):
            found += [0] if not room.minimum_loads[opened].any() else []
            continue
        held = np.kron(np.ones(len(loaded)), np.eye(p))
        told = linprog(
            costs.ravel(),
            A_ub=np.vstack([held, -held]),
            b_ub=np.concatenate([room.capacities[opened], -room.minimum_loads[opened]]),
            A_eq=np.kron(np.eye(len(loaded)), np.ones(p)),
            b_eq=room.loads[loaded],
            bounds=[(0, int(high)) for high in most.ravel()],
        )
        found += [round(told.fun)] if told.status == 0 else []
    return min(found, default=None)


@given(tight_problems())
@settings(max_examples=400, deadline=None)
def test_whole_villages_cost_what_trying_everything_finds(case):
    problem, p = case
    solution = capacitated(problem, p=p)
    truth = best_undivided(problem, p)
    assert (solution.objective, solution.status) == (truth, "infeasible" if truth is None else "optimal")
    assert solution.proof == "certificate" or solution.reasons[0].code != "rules-contradict"
    assert faults_of(problem, solution) == []


@given(tight_problems())
@settings(max_examples=120, deadline=None)
def test_divided_villages_cost_what_linear_programs_find(case):
    problem, p = case
    solution = capacitated(problem, p=p, split=True)
    truth = best_divided(problem, p)
    assert (solution.objective, solution.status) == (truth, "infeasible" if truth is None else "optimal")
    assert faults_of(problem, solution) == []


@given(tight_problems())
@settings(max_examples=60, deadline=None)
def test_another_order_of_villages_and_sites_costs_the_same(case):
    problem, p = case
    assume(problem.rules.plain)
    room, rows, columns = (
        problem.capacity,
        np.arange(len(problem.weights))[::-1],
        np.arange(len(problem.values[0]))[::-1],
    )
    turned = SitingProblem.from_arrays(
        problem.values[rows][:, columns],
        problem.weights[rows],
        loads=room.loads[rows],
        capacities=room.capacities[columns],
        minimum_loads=room.minimum_loads[columns],
        max_time_s=problem.max_time_s,
    )
    assert capacitated(turned, p=p).objective == capacitated(problem, p=p).objective


@pytest.fixture(scope="module")
def county():
    problem = beds(slack=1.15)
    return problem, capacitated(problem, p=5)


def test_who_is_sent_to_fill_a_least_load_fits_in():
    loads = np.array([0, 1, 1, 3, 3])
    problem = SitingProblem.from_arrays(
        np.array([[0, 0], [0, 0], [1, 0], [0, 0], [0, 0]]), loads, capacities=[6, 3], loads=loads, minimum_loads=[0, 3]
    )
    plan = capacitated(problem, p=2)
    assert (plan.status, plan.objective, faults_of(problem, plan)) == ("optimal", 1, [])


def test_a_county_with_15_percent_to_spare_is_proven(county):
    problem, solution = county
    assert (solution.status, solution.proof) == ("optimal", "certificate")
    assert faults_of(problem, solution) == []


def test_a_county_with_5_percent_to_spare_is_proven_divided_and_whole():
    problem = beds(slack=1.05, n=300, m=40)
    for split in (False, True):
        solution = capacitated(problem, p=5, split=split)
        assert solution.proof == "certificate"
        assert faults_of(problem, solution) == []


def test_dividing_and_more_room_never_cost_more():
    seconds, people = random_county(40, 8)
    room = np.full(8, people.sum() // 3 + 20)
    costs = [
        capacitated(SitingProblem.from_arrays(seconds, people, capacities=sizes), p=3, split=split).objective
        for sizes, split in ((room, False), (room, True), (room * 2, True))
    ]
    assert costs == sorted(costs, reverse=True)
    assert costs[0] > costs[2]


def test_without_capacities_it_is_the_p_median():
    seconds, people = random_county(30, 6)
    problem = SitingProblem.from_arrays(seconds, people)
    truth = min(int((seconds[:, list(o)].min(axis=1) * people).sum()) for o in combinations(range(6), 2))
    assert capacitated(problem, p=2).objective == truth


@pytest.mark.parametrize(
    ("p", "asked", "code", "params"),
    [
        (2, {"capacities": [8, 8]}, "load-too-large", {"ids": [2], "count": 1}),
        (
            2,
            {"capacities": [20, 9], "status": ["excluded", "candidate"]},
            "unreachable-demand",
            {"ids": [1], "count": 1},
        ),
        (2, {"capacities": [9, 9], "max_time_s": 2}, "unreachable-demand", {"ids": [1, 2], "count": 2}),
        (1, {"capacities": [14, 9]}, "capacity-short", {"short": 3, "p": 1}),
        (2, {"capacities": [9, 7]}, "capacity-short", {"short": 1, "p": 2}),
        (1, {"capacities": [9, 17]}, "rules-contradict", {}),
        (2, {"capacities": [17, 17], "minimum_loads": [9, 9]}, "rules-contradict", {}),
        (2, {"capacities": [12, 5]}, "rules-contradict", {}),
    ],
)
def test_contradictions_are_named_and_need_no_solver(p, asked, code, params):
    seconds, people = np.array([[1, 2], [3, -1], [5, 6]]), np.array([4, 4, 9])
    problem = SitingProblem.from_arrays(seconds, people, **asked)
    solution = capacitated(problem, p=p)
    assert (solution.reasons[0].code, dict(solution.reasons[0].params)) == (code, params)
    assert (solution.status, solution.proof == "certificate") == ("infeasible", code == "rules-contradict")
    assert faults_of(problem, solution) == []
    false = Reason(code, {"ids": [0], "short": 9, "p": p})
    wider = SitingProblem.from_arrays(seconds, people, capacities=[17, 17])
    claims = [(wider, solution)] if code == "rules-contradict" else [(problem, replace(solution, reasons=(false,)))]
    for question, claim in [*claims, (problem, replace(solution, reasons=(Reason("too-few-sites", {}),)))]:
        assert faults_of(question, claim) == ["reason-false"]


def test_where_nobody_needs_anything_any_sites_will_do():
    problem = SitingProblem.from_arrays([[3, 1], [-1, -1]], [0, 0], capacities=[5, 5])
    for split in (False, True):
        solution = capacitated(problem, p=1, split=split)
        assert (solution.status, solution.objective, solution.allocation[1]) == ("optimal", 0, -1)
        assert faults_of(problem, solution) == []


def test_a_limit_returns_the_best_plan_with_a_bound_that_holds():
    problem = beds(slack=1.05)
    heard, asked = [], []

    def stop():
        asked.append(1)
        return len(asked) > 12

    solution = capacitated(problem, p=5, stop=stop, report=heard.append)
    assert solution.status == "interrupted"
    assert 0 < solution.bound < solution.objective
    assert faults_of(problem, solution) == []
    assert heard[-1].bound <= heard[-1].incumbent
    assert capacitated(problem, p=5, stop=lambda: True).status == "interrupted"
    assert capacitated(problem, p=5, time_limit_s=0).status in {"feasible", "interrupted"}


@pytest.mark.parametrize(("p", "code"), [(None, "option-missing"), (0, "option-too-small"), (9, "option-too-large")])
def test_a_wrong_number_of_sites_is_named(p, code):
    with pytest.raises(FaultsError) as caught:
        capacitated(beds(slack=1.2, n=20, m=8), p=p)
    assert [fault.code for fault in caught.value.faults] == [code]


@pytest.mark.parametrize("split", [False, True])
def test_a_site_that_must_be_filled_beyond_its_room_is_never_opened(split):
    room = {"capacities": [9, 9, 4], "minimum_loads": [1, 1, 6]}
    problem = SitingProblem.from_arrays([[1, 8, 0], [8, 1, 0]], [4, 4], **room)
    solution = capacitated(problem, p=2, split=split)
    assert (solution.status, solution.proof, solution.opened.tolist()) == ("optimal", "certificate", [0, 1])
    assert faults_of(problem, solution) == []
    refused = capacitated(problem, p=3, split=split)
    assert (refused.status, faults_of(problem, refused)) == ("infeasible", [])


def test_sites_of_which_each_shuts_the_others_are_searched_to_the_end():
    seconds = [
        [39, 7, 45, 15, 85], [59, 50, 55, 92, 34], [47, 98, 56, 2, 70], [58, 8, 16, 78, 68], [95, 23, 36, 16, 23],
    ]  # fmt: skip
    places = [(0, 1), (4, 1), (1, 0), (2, 1), (4, 0)]
    problem = SitingProblem.from_arrays(seconds, [2, 5, 40, 40, 40], positions=places, separation_m=4)
    solution = capacitated(problem, p=2)
    assert (solution.status, solution.opened.tolist()) == ("optimal", [0, 1])
    assert faults_of(problem, solution) == []
