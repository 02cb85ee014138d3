"""Capacitated p-medians with few villages a site: listed loads and a program over them, against trying everything."""

import numpy as np
import pytest
from benchmarks import siting_cases as cases
from hypothesis import given, settings
from siting_capacity import faults_of, tight_problems

from planning.siting import SitingProblem
from planning.siting.engine.capacity.case import CapacityCase
from planning.siting.engine.capacity.few_a_site import close_case, few_of_case
from planning.siting.engine.capacity.parts import Best
from planning.siting.limits import Limits
from planning.siting.models.capacitated import capacitated

pmedcap = pytest.mark.skipif(not cases.PMEDCAP.exists(), reason=f"no pmedcap files at {cases.PMEDCAP}")


def scattered(n, p, *, seed, slack=1.1):
    """Return points of a square, each a site that takes the loads of n / p of them with some slack."""
    rng = np.random.default_rng([n, p, seed])
    xy, loads = rng.integers(0, 100, (n, 2)), rng.integers(1, 21, n)
    apart = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)).astype(int)
    room = max(int(np.ceil(loads.sum() * slack / p)), int(loads.max()))
    return SitingProblem.from_arrays(apart, np.ones(n, int), loads=loads, capacities=np.full(n, room))


@given(tight_problems())
@settings(max_examples=300, deadline=None)
def test_listed_loads_find_what_the_tree_proves_under_rules_and_least_loads(case):
    problem, p = case
    proven = capacitated(problem, p=p)
    room, needy = problem.capacity, (problem.weights > 0) | (problem.capacity.loads > 0)
    total = int(room.loads.sum())
    costs = np.where(problem.allowed, problem.values.astype(np.int64) * problem.weights[:, None], -1)[needy]
    asked = CapacityCase(
        costs,
        room.loads[needy],
        np.minimum(room.capacities, total),
        np.minimum(room.minimum_loads, total + 1),
        problem.rules,
        sites=p,
        whole=True,
    )
    best = Best(asked.dearest + 1, Limits())
    few = few_of_case(asked)
    if few is None:  # the rules contradict themselves
        assert proven.objective is None
        return
    bound = close_case(few, asked, best, Limits())
    if proven.objective is None:
        assert best.plan is None
    else:
        assert (bound, best.value) == (proven.objective, proven.objective)


@pytest.mark.parametrize(("p", "seed"), [(6, 1), (8, 2), (10, 3)])
def test_many_small_sites_are_proven_on_the_word_of_the_solver_and_no_more_is_said(p, seed):
    problem = scattered(25, p, seed=seed, slack=1.25)
    solution = capacitated(problem, p=p)
    assert solution.status == "optimal"
    assert faults_of(problem, solution) == []
    assert solution.proof == "certificate" or (solution.proof == "solver" and solution.solver.startswith("HiGHS"))
    assert solution.certificate.bound <= solution.bound == solution.objective


@pmedcap
@pytest.mark.parametrize(("name", "optimum"), [("2_1", 383), ("4_1", 266)])
def test_questions_of_few_villages_a_site_meet_the_optima_that_two_programs_agree_on(name, optimum):
    problem, p = cases.pmedcap(name)
    solution = capacitated(problem, p=p)
    assert (solution.status, solution.objective, solution.bound) == ("optimal", optimum, optimum)
    assert faults_of(problem, solution) == []


@pmedcap
def test_a_question_that_the_tree_proves_keeps_its_certificate():
    problem, p = cases.pmedcap("1_2")
    solution = capacitated(problem, p=p)
    assert (solution.objective, solution.proof, solution.solver) == (740, "certificate", "")


def test_a_cancel_is_heard_while_loads_are_listed():
    problem, looks = scattered(60, 24, seed=5), []
    solution = capacitated(problem, p=24, stop=lambda: bool(looks.append(1)) or len(looks) > 700)
    assert solution.status in {"interrupted", "optimal"}
    assert len(looks) < 720
    assert faults_of(problem, solution) == []
