"""How few people so many sites must leave out, and what the checker accepts as proof of it."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from counted import counted
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.siting import SitingProblem, mclp, verify
from planning.siting.engine.cover.left_out import LossTree
from planning.siting.engine.cover.losses import LossRelaxation
from planning.siting.engine.cover.p_sites import fit_plan
from planning.siting.limits import Limits
from planning.siting.proof.cover_certificate import CoverCertificate
from planning.siting.proof.cover_tree import proves_losses
from planning.siting.rules import STATUSES, Rules


@st.composite
def questions(draw, most=7):
    n, m = draw(st.integers(1, most)), draw(st.integers(1, most))
    covers = np.array(draw(st.lists(st.lists(st.booleans(), min_size=m, max_size=m), min_size=n, max_size=n)))
    losses = np.array(draw(st.lists(st.sampled_from([1, 1, 2, 3, 1000, 10**9]), min_size=n, max_size=n)), np.int64)
    rules = Rules.from_arrays(m, status=draw(st.lists(st.sampled_from(STATUSES), min_size=m, max_size=m)))
    return covers.reshape(n, m), losses, rules


def plans(sites, rules):
    """Every set of so many sites that the rules allow."""
    sets = (np.array(plan, np.int64) for plan in combinations(range(len(rules.status)), sites))
    return [plan for plan in sets if not rules.broken_by(plan)]


def lost(covers, losses, plan):
    return int(losses[~covers[:, plan].any(axis=1)].sum())


@counted(allowed=150, loss=60)
@settings(max_examples=300, deadline=None)
@given(st.data())
def test_as_few_are_left_out_as_by_trying_all_plans_and_the_proof_is_accepted(seen, data):
    covers, losses, rules = data.draw(questions())
    sites = data.draw(st.integers(1, covers.shape[1]))
    allowed = plans(sites, rules)
    if not allowed:
        return
    least = min(lost(covers, losses, plan) for plan in allowed)
    seen["allowed"] += 1
    seen["loss"] += least > 0
    tree = LossTree(covers, losses, sites, rules, allowed[data.draw(st.integers(0, len(allowed) - 1))], Limits())
    certificate = tree.run()
    assert tree.incumbent.value == tree.incumbent.bound == least
    assert lost(covers, losses, tree.incumbent.plan) == least
    assert len(tree.incumbent.plan) == sites
    assert not rules.broken_by(tree.incumbent.plan)
    assert certificate.bound == least
    assert proves_losses(covers, losses, certificate, rules) or least == 0


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_proof_of_a_loss_that_some_plan_does_not_have_is_accepted(data):
    covers, losses, rules = data.draw(questions(most=4))
    n, m = covers.shape
    sites, nodes, cuts = data.draw(st.integers(0, m)), data.draw(st.integers(1, 4)), data.draw(st.integers(0, 2))
    few = st.integers(0, 3)

    def table(rows, columns, figures):
        drawn = st.lists(st.lists(figures, min_size=columns, max_size=columns), min_size=rows, max_size=rows)
        return np.array(data.draw(drawn), np.int64).reshape(rows, columns)

    certificate = CoverCertificate(
        sites,
        data.draw(st.booleans()),
        table(nodes, n + cuts, few),
        np.array(data.draw(st.lists(st.integers(-2, m - 1), min_size=nodes, max_size=nodes)), np.int64),
        table(data.draw(st.integers(0, 3)), 4, st.integers(0, min(n, m) - 1)),
        table(cuts, 2, st.integers(-1, n - 1)),
        table(cuts, m + n, few),
        np.array(data.draw(st.lists(few, min_size=cuts, max_size=cuts)), np.int64),
        data.draw(st.integers(-1, 6)),
        data.draw(st.integers(0, 2)),
    )
    if proves_losses(covers, losses, certificate, rules):
        every = (
            plans(sites, rules) if certificate.exactly else [plan for k in range(sites + 1) for plan in plans(k, rules)]
        )
        assert all(lost(covers, losses, plan) >= certificate.bound for plan in every)


def open_question(seed=4, n=100, p=16):
    """A question that climbing leaves open: everyone lives alike, and the circles are small."""
    rng = np.random.default_rng(seed)
    xy = rng.uniform(0, 100, (n, 2))
    seconds = np.rint(np.hypot(*(xy[:, None] - xy[None]).T)).astype(np.int64)
    return SitingProblem.from_arrays(seconds, rng.integers(50, 60, n)), {"p": p, "limit_s": 14}


def test_what_climbing_leaves_open_is_proven_with_cuts(monkeypatch):
    monkeypatch.setattr("planning.siting.engine.cover.p_sites.LOOKS", 1)
    problem, options = open_question()
    found = mclp(problem, **options)
    assert found.proof == "certificate"
    assert isinstance(found.certificate, CoverCertificate)
    assert len(found.certificate.least) > 0
    assert not verify(problem, found)
    for field, wrong in (
        ("bound", found.certificate.bound + 1),
        ("sites", options["p"] - 1),
        ("least", found.certificate.least + 1),
    ):
        told = replace(found, certificate=replace(found.certificate, **{field: wrong}))
        if field == "bound":
            told = replace(told, objective=found.objective - 1, bound=found.bound - 1)
        assert verify(problem, told)


def test_a_limit_returns_a_bound_that_is_proven(monkeypatch):
    monkeypatch.setattr("planning.siting.engine.cover.p_sites.LOOKS", 1)
    problem, options = open_question()
    looks = iter(range(10**9))
    found = mclp(problem, **options, stop=lambda: next(looks) > 158)
    assert found.status == "interrupted"
    assert found.objective < found.bound
    assert isinstance(found.certificate, CoverCertificate)
    assert not verify(problem, found)


@pytest.mark.parametrize("change", [-1, 0, 1])
def test_a_neighbours_plan_is_fitted_and_taken_up(change):
    problem, options = open_question()
    options["p"] += change
    near = mclp(problem, **{**options, "p": 16})
    covers, rules = problem.values <= 14, problem.rules
    fitted = fit_plan(covers, problem.weights, near.opened, options["p"], rules)
    assert len(fitted) == options["p"]
    assert len(np.intersect1d(fitted, near.opened)) == min(16, options["p"])
    begun = mclp(problem, **options, beside=[near], stop=lambda: True)
    assert begun.objective >= problem.weights.sum() - lost(covers, problem.weights, fitted)


def test_a_relaxation_that_was_never_solved_proves_nothing(monkeypatch):
    monkeypatch.setattr("planning.siting.engine.cover.left_out.LossRelaxation.sharpen", lambda *_: None)
    problem, options = open_question()
    covers, opened = problem.values <= options["limit_s"], np.arange(options["p"])
    tree = LossTree(covers, problem.weights, options["p"], problem.rules, opened, Limits())
    tree.run()
    assert tree.incumbent.bound == 0 < tree.incumbent.value
    found = mclp(problem, **options)
    assert not verify(problem, found)


def test_a_relaxation_that_is_given_up_goes_on_with_the_multipliers_above(monkeypatch):
    problem, options = open_question()
    proven, solve, times = mclp(problem, **options), LossRelaxation.solve, iter(range(10**9))
    monkeypatch.setattr("planning.siting.engine.cover.p_sites.LOOKS", 1)
    monkeypatch.setattr(LossRelaxation, "solve", lambda *given: None if next(times) % 5 == 4 else solve(*given))
    found = mclp(problem, **options)
    assert not verify(problem, found)
    assert found.bound >= proven.objective


def test_cuts_that_no_solution_has_priced_count_nothing(monkeypatch):
    problem, options = open_question()
    solve, times = LossRelaxation.solve, iter(range(10**9))
    monkeypatch.setattr(LossRelaxation, "solve", lambda *given: solve(*given) if next(times) == 0 else None)
    covers, opened = problem.values <= options["limit_s"], np.arange(options["p"])
    tree = LossTree(covers, problem.weights, options["p"], problem.rules, opened, Limits())
    certificate = tree.run()
    assert tree.incumbent.bound > 0
    assert proves_losses(covers, problem.weights, certificate, problem.rules)
