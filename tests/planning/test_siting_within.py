"""p sites where not every site may serve everyone: every way the search goes, against trying everything."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from siting_oracle import allowed_sets, best_p_median, nearest, random_county, serves_everyone, small_problems
from siting_ruled import ruled_problems

from planning.siting import SitingProblem, p_median, verify
from planning.siting.proof.certificate import PLAIN, Certificate
from planning.siting.proof.claim import claim_of, read_claim
from planning.siting.proof.sites_tree import proves

OLDER = Path(__file__).parent / "plan_files" / "shared_multipliers.json"
"""A plan of November 2026, when proofs of this kind had nodes that share a few rows of multipliers."""


@settings(max_examples=160)
@given(problem=st.one_of(ruled_problems(), small_problems(rules=True)), data=st.data())
def test_the_search_ends_at_the_best_plan_with_a_proof(problem, data):
    p = data.draw(st.integers(1, problem.values.shape[1]))
    solution = p_median(problem, p=p)
    assert solution.objective == best_p_median(problem, p)
    assert verify(problem, solution) == []
    assert solution.proof == "certificate" or solution.objective is None


def test_a_part_in_which_no_site_is_left_to_decide_is_closed():
    one_apart = {"positions": [[0.0, 0.0], [1.0, 0.0], [2.0, 0.0]], "separation_m": 1.5}
    problem = SitingProblem.from_arrays([[1, 0, -1]], [1], **one_apart)
    solution = p_median(problem, p=2)
    assert (solution.objective, solution.proof) == (1, "certificate")
    assert verify(problem, solution) == []


def proves_shared(costs, certificate, rules):
    """Return whether the certificate holds, where everybody counts once at these costs."""
    return proves(costs, np.ones(len(costs), np.int64), certificate, rules)


def tight_county(seed=1):
    """Return a county in which the longest time makes plans dear, and its p."""
    seconds, people = random_county(120, 60, seed=seed)
    return SitingProblem.from_arrays(seconds, people, max_time_s=int(np.sort(seconds.min(axis=1))[-1]) + 1500), 5


@pytest.mark.parametrize("seed", range(4))
def test_a_county_with_a_longest_time_has_a_short_proof(seed):
    problem, p = tight_county(seed)
    solution = p_median(problem, p=p)
    assert solution.proof == "certificate"
    assert len(solution.certificate.branch) < 40
    assert verify(problem, solution) == []
    again, told = read_claim(json.loads(json.dumps(claim_of(problem, solution))))
    assert verify(again, told) == []


def test_a_stop_leaves_a_plan_with_a_proven_bound():
    problem, p = tight_county()
    asked = iter(range(100))
    stopped = p_median(problem, p=p, stop=lambda: next(asked) >= 1)
    assert (stopped.status, stopped.proof) == ("interrupted", None) or stopped.proof == "certificate"
    assert verify(problem, stopped) == []


def test_an_older_proof_is_read_and_refused_if_it_claims_one_more_or_lacks_a_node():
    problem, solution = read_claim(json.loads(OLDER.read_text(encoding="utf-8")))
    assert (verify(problem, solution), solution.proof) == ([], "certificate")
    true = solution.certificate
    people = problem.weights[:, None]
    costs = np.where(problem.allowed, problem.values * people, -1)
    assert proves_shared(costs, true, problem.rules)
    assert not proves_shared(costs, replace(true, bound=true.bound + 1), problem.rules)
    assert not proves_shared(costs, replace(true, row=true.row[:-1], branch=true.branch[:-1]), problem.rules)
    assert not proves_shared(costs, replace(true, scale=true.scale * 2), problem.rules)
    assert not proves_shared(costs, replace(true, row=np.full_like(true.row, PLAIN)), problem.rules)
    assert not proves_shared(costs, replace(true, scale=2**61), problem.rules)


@settings(max_examples=200)
@given(small_problems(most=5, rules=True), st.data())
def test_no_shared_multipliers_prove_more_than_the_truth(problem, data):
    m = problem.values.shape[1]
    p = data.draw(st.integers(1, m))
    best = best_p_median(problem, p)
    assume(best is not None)
    costs = np.where(problem.allowed, problem.values.astype(np.int64) * problem.weights[:, None], -1)
    costs = costs[problem.weights > 0]
    nodes = data.draw(st.integers(1, 6))
    price = st.one_of(st.integers(0, 4000), st.just(2**40))
    multipliers = data.draw(st.lists(st.lists(price, min_size=len(costs), max_size=len(costs)), min_size=1, max_size=2))
    row = data.draw(st.lists(st.integers(PLAIN, len(multipliers) - 1), min_size=nodes, max_size=nodes))
    branch = data.draw(st.lists(st.integers(-2 - len(costs), m - 1), min_size=nodes, max_size=nodes))
    rows = np.array(multipliers, np.int64).reshape(len(multipliers), -1)
    claim = Certificate(p, best + 1, 4, rows, np.array(branch), row=np.array(row))
    assert not proves_shared(costs, claim, problem.rules)


@settings(max_examples=100)
@given(small_problems(most=6, rules=True), st.data())
def test_branching_alone_proves_the_truth_and_no_more(problem, data):
    """A tree down to each single plan, priced so high that nobody is left alone."""
    m = problem.values.shape[1]
    p = data.draw(st.integers(1, m))
    every = [
        int((nearest(problem, opened) * problem.weights)[problem.weights > 0].sum())
        for opened in allowed_sets(problem, p)
        if serves_everyone(problem, opened)
    ]
    assume(every)
    costs = np.where(problem.allowed, problem.values.astype(np.int64) * problem.weights[:, None], -1)
    costs = costs[problem.weights > 0]
    high = np.full((1, len(costs)), int(costs.clip(0).max(axis=1).sum()) + 1 if len(costs) else 0, np.int64)
    depth, branch = m, []

    def grow(site):
        branch.append(site if site < depth else -1)
        if site < depth:
            grow(site + 1)
            grow(site + 1)

    grow(0)
    claim = Certificate(p, min(every), 1, high, np.array(branch), row=np.zeros(len(branch), np.int64))
    assert proves_shared(costs, claim, problem.rules)
    assert not proves_shared(costs, replace(claim, bound=min(every) + 1), problem.rules)
