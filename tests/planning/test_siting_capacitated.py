"""The capacitated p-median against trying everything, under rules, and what the checker refuses."""

from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from siting_oracle import random_county

from gis.faults import FaultsError
from planning.siting.models.capacitated import capacitated
from planning.siting.problem import SitingProblem
from planning.siting.proof import verify as checker
from planning.siting.proof.capacitated_statement import state_capacitated
from planning.siting.rules import STATUSES
from planning.siting.solution import Reason

BARRED = ["excluded", "candidate"]


def faults_of(problem, solution, monkeypatch):
    monkeypatch.setattr(checker, "STATEMENTS", {"capacitated": state_capacitated(problem, solution)})
    return [fault.code for fault in checker.verify(problem, solution)]


@pytest.fixture(scope="module")
def patch():
    with pytest.MonkeyPatch.context() as monkeypatch:
        yield monkeypatch


@st.composite
def tight_problems(draw):
    """Draw problems with ties, empty places, pairs without a way, scarce room, least loads and rules of every kind."""
    n, m = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    p = draw(st.integers(1, m))
    seconds = st.integers(0, draw(st.sampled_from([2, 9, 1000])))
    if draw(st.booleans()):
        seconds = st.one_of(seconds, seconds, seconds, st.just(-1))
    values = draw(st.lists(st.lists(seconds, min_size=m, max_size=m), min_size=n, max_size=n))
    weights = draw(st.lists(st.sampled_from([0, 1, 1, 3, 50, 2**20]), min_size=n, max_size=n))
    loads = draw(st.one_of(st.just(weights), st.lists(st.sampled_from([0, 1, 2, 3, 5, 7]), min_size=n, max_size=n)))
    shares = draw(st.lists(st.integers(7, 20), min_size=m, max_size=m))
    extra = {"loads": loads, "capacities": [sum(loads) * share // (10 * p) for share in shares]}
    if draw(st.booleans()):
        shares = draw(st.lists(st.integers(0, 9), min_size=m, max_size=m))
        extra["minimum_loads"] = [sum(loads) * share // (10 * p) for share in shares]
    return SitingProblem.from_arrays(np.array(values), np.array(weights), **extra, **_rules(draw, m)), p


def _rules(draw, m):
    extra = {}
    if draw(st.booleans()):
        extra["status"] = draw(st.lists(st.sampled_from(["candidate"] * 6 + list(STATUSES)), min_size=m, max_size=m))
    townships = draw(st.lists(st.sampled_from("AB"), min_size=m, max_size=m))
    if draw(st.booleans()) and "A" in townships:
        low = draw(st.integers(0, 2))
        extra |= {"townships": townships, "township_limits": {"A": (low, low + 1), "B": (0, 2)}}
    if draw(st.booleans()):
        spots = draw(st.lists(st.integers(0, 5), min_size=m, max_size=m))
        extra |= {"positions": np.column_stack([spots, spots]).astype(float), "separation_m": 1.5}
    if draw(st.booleans()):
        extra["max_time_s"] = draw(st.integers(0, 12))
    return extra


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
@settings(max_examples=250, deadline=None)
def test_whole_villages_cost_what_trying_everything_finds(patch, case):
    problem, p = case
    solution = capacitated(problem, p=p)
    truth = best_undivided(problem, p)
    assert (solution.objective, solution.status) == (truth, "infeasible" if truth is None else "optimal")
    assert solution.proof == "certificate" or solution.reasons[0].code != "rules-contradict"
    assert faults_of(problem, solution, patch) == []


@given(tight_problems())
@settings(max_examples=120, deadline=None)
def test_divided_villages_cost_what_linear_programs_find(patch, case):
    problem, p = case
    solution = capacitated(problem, p=p, split=True)
    truth = best_divided(problem, p)
    assert (solution.objective, solution.status) == (truth, "infeasible" if truth is None else "optimal")
    assert faults_of(problem, solution, patch) == []


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


def beds(*, slack, seed=0, n=857, m=102, p=5):
    """Return a county of elders who need beds, 4 % of the people, with sites of -20 % to +20 % of the mean size."""
    seconds, people = random_county(n, m, seed=seed)
    rng = np.random.default_rng(seed)
    loads = np.rint(people * 0.04).astype(int)
    sizes = np.rint(loads.sum() * slack / p * rng.uniform(0.8, 1.2, m)).astype(int)
    return SitingProblem.from_arrays(
        seconds, (people * rng.uniform(0.15, 0.3, n)).astype(int), loads=loads, capacities=sizes
    )


@pytest.fixture(scope="module")
def county():
    problem = beds(slack=1.15)
    return problem, capacitated(problem, p=5)


def test_a_county_with_15_percent_to_spare_is_proven(county, patch):
    problem, solution = county
    assert (solution.status, solution.proof) == ("optimal", "certificate")
    assert faults_of(problem, solution, patch) == []


def test_a_county_with_5_percent_to_spare_is_proven_divided_and_whole(patch):
    problem = beds(slack=1.05, n=300, m=40)
    for split in (False, True):
        solution = capacitated(problem, p=5, split=split)
        assert solution.proof == "certificate"
        assert faults_of(problem, solution, patch) == []


def test_dividing_and_more_room_never_cost_more(patch):
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


def _claims(problem, solution):
    """Return the county with something false in it, by name."""
    told, room = solution.certificate, problem.capacity
    elsewhere = solution.allocation.copy()
    elsewhere[0] = next(j for j in solution.opened if j != elsewhere[0])
    crowded = np.full_like(solution.allocation, solution.opened[0])
    held = int(room.loads[solution.allocation == solution.opened[0]].sum())
    smaller = room.capacities.copy()
    smaller[solution.opened[0]] = held - 1
    emptied = np.zeros_like(room.minimum_loads)
    emptied[solution.opened[0]] = held + 1
    cheaper = problem.values.copy()
    cheaper[:, solution.opened] -= np.minimum(cheaper[:, solution.opened], 30)
    proof = {
        "multipliers": told.multipliers // 2,
        "tolls": told.tolls * 0,
        "site_tolls": told.site_tolls * 2,
        "branch": told.branch[:-1],
        "row": told.row * 0,
        "scale": told.scale * 2,
        "bound": told.bound + 1,
        "sites": 4,
        "whole": False,
    }
    false = {
        name: (problem, replace(solution, certificate=replace(told, **{name: new}))) for name, new in proof.items()
    }
    return false | {
        "objective": (problem, replace(solution, objective=solution.objective - 1, bound=solution.bound - 1)),
        "higher_bound": (problem, replace(solution, objective=solution.objective + 1, bound=solution.bound + 1)),
        "allocation": (problem, replace(solution, allocation=elsewhere)),
        "all_in_one": (problem, replace(solution, allocation=crowded)),
        "no_proof": (problem, replace(solution, certificate=None)),
        "capacity": (replace(problem, capacity=replace(room, capacities=smaller)), solution),
        "least_load": (replace(problem, capacity=replace(room, minimum_loads=emptied)), solution),
        "matrix": (replace(problem, values=cheaper), solution),
        "shares": (problem, replace(solution, shares=np.array([[0, solution.opened[0], 1]]))),
    }


@pytest.mark.parametrize(
    "what",
    [
        "multipliers",
        "tolls",
        "site_tolls",
        "branch",
        "row",
        "scale",
        "bound",
        "sites",
        "whole",
        "objective",
        "higher_bound",
        "allocation",
        "all_in_one",
        "no_proof",
        "capacity",
        "least_load",
        "matrix",
        "shares",
    ],
)
def test_a_false_claim_is_refused(county, patch, what):
    assert faults_of(*_claims(*county)[what], patch) != []


def test_false_shares_are_refused(patch):
    problem = beds(slack=1.1, n=60, m=8, p=3)
    solution = capacitated(problem, p=3, split=True)
    assert faults_of(problem, solution, patch) == []
    assert (np.bincount(solution.shares[:, 0], solution.shares[:, 2]) == problem.capacity.loads).all()
    more, elsewhere = solution.shares.copy(), solution.shares.copy()
    more[0, 2] += 1
    elsewhere[:, 1] = solution.opened[0]
    for shares in (more, elsewhere, solution.shares[1:], None):
        assert faults_of(problem, replace(solution, shares=shares), patch) != []


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
def test_contradictions_are_named_and_need_no_solver(patch, p, asked, code, params):
    seconds, people = np.array([[1, 2], [3, -1], [5, 6]]), np.array([4, 4, 9])
    problem = SitingProblem.from_arrays(seconds, people, **asked)
    solution = capacitated(problem, p=p)
    assert [(reason.code, dict(reason.params)) for reason in solution.reasons] == [(code, params)]
    assert (solution.status, solution.proof == "certificate") == ("infeasible", code == "rules-contradict")
    assert faults_of(problem, solution, patch) == []
    false = Reason(code, {"ids": [0], "short": 9, "p": p})
    wider = SitingProblem.from_arrays(seconds, people, capacities=[17, 17])
    claims = [(wider, solution)] if code == "rules-contradict" else [(problem, replace(solution, reasons=(false,)))]
    for question, claim in [*claims, (problem, replace(solution, reasons=(Reason("too-few-sites", {}),)))]:
        assert faults_of(question, claim, patch) == ["reason-false"]


def test_where_nobody_needs_anything_any_sites_will_do(patch):
    problem = SitingProblem.from_arrays([[3, 1], [-1, -1]], [0, 0], capacities=[5, 5])
    for split in (False, True):
        solution = capacitated(problem, p=1, split=split)
        assert (solution.status, solution.objective, solution.allocation[1]) == ("optimal", 0, -1)
        assert faults_of(problem, solution, patch) == []


def test_a_limit_returns_the_best_plan_with_a_bound_that_holds(patch):
    problem = beds(slack=1.05)
    heard, asked = [], []

    def stop():
        asked.append(1)
        return len(asked) > 12

    solution = capacitated(problem, p=5, stop=stop, report=heard.append)
    assert solution.status == "interrupted"
    assert 0 < solution.bound < solution.objective
    assert faults_of(problem, solution, patch) == []
    assert heard[-1].bound <= heard[-1].incumbent
    assert capacitated(problem, p=5, stop=lambda: True).status == "interrupted"
    assert capacitated(problem, p=5, time_limit_s=0).status in {"feasible", "interrupted"}


@pytest.mark.parametrize(("p", "code"), [(None, "option-missing"), (0, "option-too-small"), (9, "option-too-large")])
def test_a_wrong_number_of_sites_is_named(p, code):
    with pytest.raises(FaultsError) as caught:
        capacitated(beds(slack=1.2, n=20, m=8), p=p)
    assert [fault.code for fault in caught.value.faults] == [code]
