"""Kolm–Pollak and worst township against brute force, and what the checker refuses."""

from __future__ import annotations

import dataclasses
from decimal import Decimal, localcontext
from math import log

import numpy as np
import pytest
from counted import counted
from hypothesis import given, settings
from hypothesis import strategies as st
from siting_oracle import random_county
from siting_plans import holds, plans, ruled_problems

from gis.faults import FaultsError
from planning.siting import SitingProblem
from planning.siting.kolm_pollak_costs import fitting_scale, kappa_of, kolm_pollak_costs
from planning.siting.models.kolm_pollak import equivalent_s, kolm_pollak
from planning.siting.models.worst_township import worst_township
from planning.siting.proof.statements import kolm_pollak as kolm_pollak_statement
from planning.siting.proof.statements import worst_township as worst_township_statement


def worst_mean_ms(problem, times):
    """Return the largest township mean in milliseconds, rounded up."""
    worst = 0
    for town in "xyz":
        inside = (problem.demand_townships == town) & problem.inhabited
        if inside.any():
            people, travel = int(problem.weights[inside].sum()), int((problem.weights * times)[inside].sum())
            worst = max(worst, -(-1000 * travel // people))
    return worst


@counted(plan=30, none=10)
@given(ruled_problems(), st.integers(1, 6))
@settings(max_examples=120, deadline=None)
def test_worst_township_equals_brute_force(seen, problem, p):
    p = min(p, problem.values.shape[1])
    best = min((worst_mean_ms(problem, times) for _, times in plans(problem, [p])), default=None)
    solution = worst_township(problem, p=p)
    seen["none" if best is None else "plan"] += 1
    assert solution.objective == best
    assert solution.status == ("infeasible" if best is None else "optimal")
    if best is not None:
        assert solution.proof == "certificate"
        assert holds(worst_township_statement.STATEMENT, problem, solution)


@counted(plan=30, none=10)
@given(ruled_problems(), st.integers(1, 6), st.sampled_from([1e-5, 0.001, 0.02]))
@settings(max_examples=100, deadline=None)
def test_kolm_pollak_equals_brute_force(seen, problem, p, kappa):
    p = min(p, problem.values.shape[1])
    people = problem.weights
    with localcontext() as exact:
        exact.prec = 50
        sums = [
            sum(int(w) * (Decimal(str(kappa)) * int(t)).exp() for w, t in zip(people, times, strict=True))
            for _, times in plans(problem, [p])
        ]
        best = min(sums, default=None)
        if not people.any():
            return
        seen["none" if best is None else "plan"] += 1
        solution = kolm_pollak(problem, p=p, kappa=kappa)
        assert (solution.status == "infeasible") == (best is None)
        if best is not None:
            seconds, rounding = equivalent_s(solution, problem)
            truth = float((best / int(people.sum())).ln() / Decimal(str(kappa)))
            assert abs(seconds - truth) <= rounding + 1e-9 * max(1.0, truth)
            assert holds(kolm_pollak_statement.STATEMENT, problem, solution)


def test_worst_township_of_a_county_is_proven_and_beats_the_p_median_where_it_counts():
    seconds, people = random_county(60, 60)
    towns = seconds[:, [3, 17, 28, 41]].argmin(axis=1).astype(str)
    problem = SitingProblem.from_arrays(seconds, people, demand_townships=towns)
    solution = worst_township(problem, p=4)
    assert solution.proof == "certificate"
    assert holds(worst_township_statement.STATEMENT, problem, solution)
    assert worst_township(problem, p=5).objective <= solution.objective


@pytest.mark.parametrize("field", ["multipliers", "weights", "branch", "counts", "areas", "subsets", "bound"])
def test_a_forged_worst_township_certificate_is_refused(field):
    seconds, people = random_county(40, 40, seed=2)
    towns = seconds[:, [3, 17, 28, 33]].argmin(axis=1).astype(str)
    problem = SitingProblem.from_arrays(seconds, people, demand_townships=towns)
    solution = worst_township(problem, p=4)
    certificate = solution.certificate
    assert (certificate.branch >= 0).any(), "a proof without a tree would not test the tree"
    assert certificate.counts.any(), "nor one without areas the areas"
    value = getattr(certificate, field)
    forged = {
        "bound": lambda: value + 1,
        "multipliers": lambda: value * 0,
        "weights": lambda: value * 0,
        "branch": lambda: np.where(value >= 0, -1, value),
        "counts": lambda: np.where(value > 0, value + 2, value),
        "areas": lambda: np.zeros_like(value) - 1,
        "subsets": lambda: np.ones((len(value) + 1, value.shape[1] + 1), np.int8),
    }[field]()
    lie = dataclasses.replace(solution, certificate=dataclasses.replace(certificate, **{field: forged}))
    assert worst_township_statement.STATEMENT.proven_bound(problem, lie) is None


def test_a_limit_returns_the_best_plan_with_an_honest_bound():
    seconds, people = random_county(120, 120)
    towns = seconds[:, [3, 17, 28, 41, 80, 90]].argmin(axis=1).astype(str)
    problem = SitingProblem.from_arrays(seconds, people, demand_townships=towns)
    asked = []
    solution = worst_township(problem, p=6, stop=lambda: len(asked) > 60 or bool(asked.append(1)))
    assert solution.status == "interrupted"
    assert solution.reasons[0].code == "cancelled"
    assert 0 < solution.bound <= solution.objective
    assert holds(worst_township_statement.STATEMENT, problem, solution)


def test_kappa_follows_from_a_given_baseline():
    seconds, people = random_county(30, 30)
    problem = SitingProblem.from_arrays(seconds, people)
    baseline = seconds[:, 0]
    solution = kolm_pollak(problem, p=3, baseline_s=baseline, aversion=2.0)
    exact = 2.0 * float(people @ baseline) / float(people @ baseline.astype(np.int64) ** 2)
    assert solution.options["kappa_e12"] == pytest.approx(exact * 1e12, rel=1e-6)
    assert solution.options["baseline"] == 1
    assert kolm_pollak(problem, p=3).options["baseline"] == 2


def test_aversion_to_long_ways_trades_the_mean_for_the_far():
    seconds, people = random_county(80, 80, seed=4)
    problem = SitingProblem.from_arrays(seconds, people)
    mild, strong = (kolm_pollak(problem, p=4, kappa=kappa) for kappa in (1e-6, 0.01))
    farthest = [int(seconds[:, plan.opened].min(axis=1).max()) for plan in (mild, strong)]
    travel = [int(people @ seconds[:, plan.opened].min(axis=1)) for plan in (mild, strong)]
    assert farthest[1] <= farthest[0]
    assert travel[0] <= travel[1]


def test_the_equivalent_lies_between_mean_and_worst_and_its_rounding_is_small():
    seconds, people = random_county(80, 80)
    problem = SitingProblem.from_arrays(seconds, people)
    solution = kolm_pollak(problem, p=4)
    times = seconds[:, solution.opened].min(axis=1)
    equivalent, rounding = equivalent_s(solution, problem)
    assert float(people @ times) / people.sum() <= equivalent <= times.max()
    assert rounding < 0.001
    kappa = solution.options["kappa_e12"] * 1e-12
    assert equivalent == pytest.approx(log(float(people @ np.exp(kappa * times)) / people.sum()) / kappa, abs=1e-3)


def test_another_kappa_in_the_options_is_refused():
    seconds, people = random_county(40, 40)
    problem = SitingProblem.from_arrays(seconds, people)
    solution = kolm_pollak(problem, p=3)
    lie = dataclasses.replace(solution, options={**solution.options, "kappa_e12": solution.options["kappa_e12"] + 1000})
    assert not holds(kolm_pollak_statement.STATEMENT, problem, lie)


def test_costs_are_the_same_whole_numbers_whatever_the_shape():
    values = np.array([[0, 600, 10**6], [1, 600, 3]], np.int32)
    weights = np.array([2, 1], np.int64)
    kappa = kappa_of(np.array([600, 600]), weights, 1.0)
    scale = fitting_scale(np.array([0, 3]), weights, kappa)
    costs = kolm_pollak_costs(values, values < 10**7, weights, kappa=kappa, scale_log2=scale)
    assert costs[0, 1] == costs[1, 1] == int(Decimal(kappa * 600).scaleb(-12).exp() * 2**scale)
    assert costs[0, 0] == 2**scale
    assert costs[0, 2] * 2 >= 2**43, "a way beyond the ceiling alone outweighs every good plan"


@pytest.mark.parametrize(
    "asked", [{"kappa": 0.0}, {"kappa": float("nan")}, {"aversion": -1.0}, {"baseline_s": [1.5, 2]}]
)
def test_wrong_figures_are_told_by_name(asked):
    problem = SitingProblem.from_arrays([[1, 2], [2, 1]], [1, 1])
    with pytest.raises(FaultsError) as caught:
        kolm_pollak(problem, p=1, **asked)
    assert caught.value.faults[0].field == next(iter(asked))


def test_worst_township_needs_townships():
    with pytest.raises(FaultsError) as caught:
        worst_township(SitingProblem.from_arrays([[1]], [1]), p=1)
    assert caught.value.faults[0].code == "townships-missing"


def test_where_nobody_lives_any_plan_is_best():
    problem = SitingProblem.from_arrays([[1, -1]], [0], demand_townships=["x"])
    for solution in (worst_township(problem, p=1), kolm_pollak(problem, p=1)):
        assert (solution.status, solution.objective) == ("optimal", 0)
