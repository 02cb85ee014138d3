"""Limits of townships: every answer is proven, and the checker accepts it, also where no site lies outside them."""

import numpy as np
import pytest

from planning.siting import MODELS, SitingProblem, verify
from planning.siting.models.worst_township import worst_township

MODELS_OF_PEOPLE = sorted(MODELS)
KINDS = ("exactly one everywhere", "exactly one but in one township", "between", "one at least")


def limits_of(kind, names, rng):
    if kind == KINDS[0]:
        return dict.fromkeys(names, (1, 1))
    if kind == KINDS[1]:
        return dict.fromkeys(names[1:], (1, 1))
    if kind == KINDS[2]:
        lows = rng.integers(0, 2, len(names)).tolist()
        return {name: (low, low + int(rng.integers(0, 2))) for name, low in zip(names, lows, strict=True)}
    return dict.fromkeys(names, (1, None))


def county(seed, kind):
    """Villages on a plane, in townships by the nearest of some centres; sites in villages; whoever asks a model."""
    rng = np.random.default_rng(seed)
    n, m, towns = int(rng.integers(12, 36)), int(rng.integers(6, 16)), int(rng.integers(2, 6))
    places, centres = rng.uniform(0, 20_000, (n, 2)), rng.uniform(0, 20_000, (towns, 2))
    home = np.argmin(np.hypot(*(places[:, None] - centres).transpose(2, 0, 1)), axis=1)
    sites = rng.permutation(n)[: min(n, m)]
    seconds = np.rint(np.hypot(*(places[:, None] - places[sites]).transpose(2, 0, 1)) / 11).astype(int)
    names = sorted({f"镇{k}" for k in home[sites]})
    problem = SitingProblem.from_arrays(
        seconds,
        rng.lognormal(5, 0.8, n).astype(int),
        townships=[f"镇{k}" for k in home[sites]],
        township_limits=limits_of(kind, names, rng),
        demand_townships=[f"乡{k}" for k in home],
        opening_costs=rng.integers(1, 9, len(sites)) * 100,
    )
    near = int(seconds.min(axis=1).max())
    asked = {
        "p": len(names),
        "upper_p": 1,
        "upper": SitingProblem.from_arrays(seconds, problem.weights),
        "budget_yuan": int(np.sort(problem.opening_costs)[-len(names) :].sum()),
        "limit_s": near + 300,
    }
    return problem, asked


def ask(problem, asked, name):
    posed = {need: asked[need] for need in MODELS[name].needs}
    solution = MODELS[name].solve(problem, **posed, time_limit_s=20)
    upper = {"upper": posed["upper"]} if "upper" in posed else {}
    return solution, [fault.code for fault in verify(problem, solution, **upper)]


@pytest.mark.parametrize("name", MODELS_OF_PEOPLE)
def test_exactly_one_in_every_township_is_proven_and_accepted(name):
    plans = 0
    for seed in range(40):
        problem, asked = county(seed, KINDS[0])
        solution, faults = ask(problem, asked, name)
        assert faults == [], (seed, solution.status)
        assert solution.proof is not None, seed
        plans += solution.status == "optimal"
    assert plans >= 20, "most of these counties have a plan"


@pytest.mark.parametrize("kind", KINDS[1:])
@pytest.mark.parametrize("name", MODELS_OF_PEOPLE)
def test_other_limits_are_proven_and_accepted(name, kind):
    for seed in range(100, 108):
        problem, asked = county(seed, kind)
        solution, faults = ask(problem, asked, name)
        assert faults == [], (seed, solution.status)
        assert solution.proof is not None, seed


def test_the_halves_of_the_only_township_are_a_proof():
    problem = SitingProblem.from_arrays(
        [[3, 0], [0, 5]], [1, 1], townships=["A", "A"], township_limits={"A": (1, 1)}, demand_townships=["X", "Z"]
    )
    solution = worst_township(problem, p=1)
    assert (solution.objective, solution.bound, solution.proof) == (3000, 3000, "certificate")
    assert verify(problem, solution) == []
