"""What all models have in common: limits are results, and everything answered is what was said."""

import numpy as np
import pytest
from siting_oracle import random_county

from planning.siting import MODELS, SitingProblem, verify
from planning.siting.engine.sites.p_sites import choose_sites
from planning.siting.limits import Limits
from planning.siting.rules import Rules


def county(n):
    seconds, people = random_county(n, n, seed=1)
    return SitingProblem.from_arrays(
        seconds,
        people,
        demand_townships=[f"t{i % 5}" for i in range(n)],
        opening_costs=np.full(n, 100),
        capacities=None,
    )


def options_of(name, problem):
    usual = {"p": 9, "limit_s": 700, "budget_yuan": 900, "upper_p": 3, "upper": problem}
    return {need: usual[need] for need in MODELS[name].needs}


def sides_of(name, problem):
    return {"upper": problem} if name == "two-tiers" else {}


@pytest.mark.parametrize("stop_at_once", [True, False])
@pytest.mark.parametrize("name", list(MODELS))
def test_limits_are_results_and_not_exceptions(name, stop_at_once):
    problem = county(250)
    limit = {"stop": lambda: True} if stop_at_once else {"time_limit_s": 0.0}
    solution = MODELS[name].solve(problem, **options_of(name, problem), **limit)
    # A model that had no plan yet says so; one that had a proof at once may keep it.
    assert solution.status in ({"interrupted", "optimal"} if stop_at_once else {"interrupted", "feasible", "optimal"})
    assert solution.status == "optimal" or solution.reasons
    assert verify(problem, solution, **sides_of(name, problem)) == []


@pytest.mark.parametrize("name", list(MODELS))
def test_models_say_what_their_solutions_say(name):
    problem = county(30)
    solution = MODELS[name].solve(problem, **options_of(name, problem))
    said = (solution.model, solution.sense, solution.objective_unit)
    assert said == (name, MODELS[name].sense, MODELS[name].objective_unit)
    assert set(solution.options) >= set(MODELS[name].needs) - {"upper"}
    assert verify(problem, solution, **sides_of(name, problem)) == []


@pytest.mark.parametrize("seed", range(4))
def test_climbing_relaxing_and_the_solver_agree(seed, monkeypatch):
    seconds, people = random_county(60, 30, seed=seed)
    ask = {"rules": Rules.from_arrays(30), "limits": Limits()}
    usual = choose_sites(seconds, people, 6, **ask)
    assert usual.proof == "certificate"
    monkeypatch.setattr("planning.siting.engine.sites.branching.FEW_CLIMBS", 1)
    relaxed = choose_sites(seconds, people, 6, **ask)
    assert (relaxed.cost, relaxed.bound, relaxed.proof) == (usual.cost, usual.cost, "certificate")
    monkeypatch.setattr("planning.siting.engine.sites.branching.MOST_RELAXATIONS", 0)
    finished = choose_sites(seconds, people, 6, **ask)
    assert finished.cost == finished.bound == usual.cost
    assert finished.certificate.bound <= usual.cost
    assert finished.proof == "certificate" or "HiGHS" in finished.solver
