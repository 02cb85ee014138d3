"""What all models have in common: limits are results, and everything answered is what was said."""

import numpy as np
import pytest
from siting_oracle import random_county

from planning.siting import MODELS, SitingProblem, p_median, verify


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


@pytest.mark.parametrize("seed", range(8))
def test_climbing_and_relaxing_agree(seed, monkeypatch):
    seconds, people = random_county(60, 30, seed=seed)
    seconds[seed % 3 :: 3, 20:] = -1
    problem = SitingProblem.from_arrays(seconds, people)
    monkeypatch.setattr("planning.siting.engine.sites.branching.ROOT_ROUNDS", 1)
    monkeypatch.setattr("planning.siting.engine.sites.branching.MOST_ROOT_ROUNDS", 1)
    found = []
    for dense in (0.0, 2.0):
        monkeypatch.setattr("planning.siting.engine.sites.node.DENSE", dense)
        found.append(p_median(problem, p=6))
        assert (found[-1].proof, verify(problem, found[-1])) == ("certificate", [])
    assert found[0].objective == found[1].objective
