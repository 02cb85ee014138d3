"""What the checker refuses of a capacitated p-median."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from siting_capacity import beds, faults_of, tight_problems

from planning.siting.models.capacitated import capacitated
from planning.siting.proof.capacity_certificate import CapacityCertificate
from planning.siting.proof.capacity_knapsacks import Knapsacks, raised_costs
from planning.siting.proof.claim import claim_of, read_claim
from planning.siting.proof.packing import pack
from planning.siting.proof.verify import verify


@pytest.fixture(scope="module")
def county():
    problem = beds(slack=1.15)
    return problem, capacitated(problem, p=5)


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


def test_false_claims_are_refused(county):
    for what, (problem, claim) in _claims(*county).items():
        assert faults_of(problem, claim) != [], what


@given(tight_problems(), st.data())
@settings(max_examples=150, deadline=None)
def test_no_tree_of_any_multipliers_proves_more_than_the_optimum(case, data):
    problem, p = case
    solution = capacitated(problem, p=p)
    assume(solution.status == "optimal")
    m, scale, figure = problem.values.shape[1], 1024, st.integers(-50, 3000)
    n = int(((problem.weights > 0) | (problem.capacity.loads > 0)).sum())
    u, toll = (np.array(data.draw(st.lists(figure, min_size=k, max_size=k)), np.int64) for k in (n, m))
    branches = [*range(-2, m), *range(m, m + n * m)]
    branch = [*data.draw(st.lists(st.sampled_from(branches), max_size=6)), *[-1] * 7]
    for length in range(1, len(branch) + 1):
        false = CapacityCertificate(
            sites=p,
            bound=solution.objective + 1,
            scale=scale,
            whole=True,
            multipliers=np.vstack([u * scale, u]),
            tolls=np.vstack([toll, toll // 9]),
            site_tolls=toll[None, :p],
            knapsacks=np.vstack([u * scale // 2, u * scale]),
            row=np.array([data.draw(st.integers(-1, 3)) for _ in range(length)]),
            branch=np.array(branch[:length]),
        )
        claim = replace(solution, certificate=false)
        assert "certificate-false" in faults_of(problem, claim)


@pytest.fixture(scope="module")
def filled():
    """A set of sites that no whole villages fill: its proof needs exact knapsacks."""
    problem = beds(slack=1.02, n=200, m=20, p=4, seed=0)
    return problem, capacitated(problem, p=4)


def test_a_set_of_sites_that_no_whole_villages_fill_needs_the_knapsacks(filled):
    problem, solution = filled
    told = solution.certificate
    assert (solution.status, solution.proof, faults_of(problem, solution)) == ("optimal", "certificate", [])
    rows = told.knapsacks
    assert len(rows) > 0
    for false in (rows // 2, rows[:-1], rows[:, 1:], rows * 3, rows[0]):
        assert "certificate-false" in faults_of(problem, replace(solution, certificate=replace(told, knapsacks=false)))


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_what_a_pair_adds_to_the_best_loads_is_that_of_trying_everything(data):
    k, p = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 3))
    cells = st.lists(st.integers(-9, 9), min_size=k * p, max_size=k * p)
    costs = np.array(data.draw(cells)).reshape(k, p)
    pairs = np.array(data.draw(cells)).reshape(k, p) > -5
    loads = np.array(data.draw(st.lists(st.integers(0, 3), min_size=k, max_size=k)))
    least, room = (np.array(data.draw(st.lists(st.integers(0, 5), min_size=p, max_size=p))) for _ in range(2))
    worth, inside, without = [], np.full((k, p), 10**6), np.full((k, p), 10**6)
    for j in range(p):
        sets = [c for size in range(k + 1) for c in combinations(np.flatnonzero(pairs[:, j]).tolist(), size)]
        fit = {c: int(costs[list(c), j].sum()) for c in sets if least[j] <= loads[list(c)].sum() <= room[j]}
        worth.append(min(fit.values(), default=10**6))
        for i in range(k):
            inside[i, j] = min((cost for c, cost in fit.items() if i in c), default=10**6)
            without[i, j] = min((cost for c, cost in fit.items() if i not in c), default=10**6)
    more = (
        np.array(inside) - worth + (np.array(without) - worth).sum(axis=1, keepdims=True) - (without - np.array(worth))
    )
    cost, raised = raised_costs(Knapsacks(costs, pairs, loads, least, room))
    assert min(cost, 10**5) == min(sum(worth), 10**5)
    if cost < 10**5:
        assert (np.minimum(raised, 10**5) == np.minimum(more, 10**5)).all()


@pytest.mark.parametrize("seed", [2, 3])
def test_beds_that_are_short_are_proven_by_knapsacks_in_few_nodes(seed):
    problem, looks = beds(slack=1.03, seed=seed, n=300, m=40, p=6), []
    solution = capacitated(problem, p=6, stop=lambda: bool(looks.append(1)) or len(looks) > 1000)  # else 3,000 and more
    assert (solution.status, solution.proof, faults_of(problem, solution)) == ("optimal", "certificate", [])


def test_plan_files_of_older_editions_are_read_with_their_knapsacks_or_without(county, filled):
    problem, solution = filled
    claim = claim_of(problem, solution) | {"edition": 1}
    fields = claim["certificate"]["fields"]
    fields["packs"] = fields.pop("knapsacks")
    assert verify(*read_claim(claim)) == []
    fields["packs"] = pack(2 * solution.certificate.knapsacks)
    assert [fault.code for fault in verify(*read_claim(claim))] == ["certificate-false"]
    problem, solution = county[0], capacitated(county[0], p=5, split=True)
    claim = claim_of(problem, solution) | {"edition": 2}
    assert not len(solution.certificate.knapsacks)
    del claim["certificate"]["fields"]["knapsacks"]
    assert verify(*read_claim(claim)) == []


def test_false_shares_are_refused():
    problem = beds(slack=1.1, n=60, m=8, p=3)
    solution = capacitated(problem, p=3, split=True)
    assert faults_of(problem, solution) == []
    assert (np.bincount(solution.shares[:, 0], solution.shares[:, 2]) == problem.capacity.loads).all()
    more, elsewhere = solution.shares.copy(), solution.shares.copy()
    more[0, 2] += 1
    elsewhere[:, 1] = solution.opened[0]
    for shares in (more, elsewhere, solution.shares[1:], None):
        assert faults_of(problem, replace(solution, shares=shares)) != []
