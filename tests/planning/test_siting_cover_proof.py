"""The checker of covering proofs: whatever a certificate says, where a cover exists it is refused."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import block_diag
from scipy.optimize import linprog

from planning.siting import SitingProblem, lscp, verify
from planning.siting.engine.cover.choice import Question
from planning.siting.engine.cover.local_cuts import find_cut
from planning.siting.engine.cover.relaxed import CoverRelaxation
from planning.siting.engine.cover.tree import decide_cover
from planning.siting.limits import Limits
from planning.siting.proof.certificate import CLOSED, FREE
from planning.siting.proof.cover_certificate import CoverCertificate
from planning.siting.proof.cover_tree import lightest_cover, proves_uncovered
from planning.siting.rules import Rules

SIZES = st.integers(1, 5)


@st.composite
def coverings(draw):
    n, m = draw(SIZES), draw(SIZES)
    return np.array(draw(st.lists(st.lists(st.booleans(), min_size=m, max_size=m), min_size=n, max_size=n)))


@st.composite
def rules_of(draw, m):
    statuses = st.sampled_from(["candidate", "candidate", "candidate", "existing", "excluded"])
    townships = draw(st.lists(st.sampled_from("ab"), min_size=m, max_size=m))
    limits = draw(st.sampled_from([None, {}, {"a": (1, None)}, {"a": (0, 1)}, {"a": (1, 2), "b": (0, 1)}]))
    given_limits = {name: limit for name, limit in (limits or {}).items() if name in townships}
    apart = draw(st.sampled_from([None, 1.5]))
    return Rules.from_arrays(
        m,
        status=draw(st.lists(statuses, min_size=m, max_size=m)),
        townships=townships,
        township_limits=given_limits,
        positions=np.column_stack([draw(st.lists(st.integers(0, 4), min_size=m, max_size=m)), np.zeros(m)]),
        separation_m=apart,
    )


def cover_exists(covers, sites, rules, *, exactly):
    m = covers.shape[1]
    numbers = [sites] if exactly else range(sites + 1)
    plans = (np.array(plan, np.int64) for k in numbers for plan in combinations(range(m), k))
    return any(covers[:, plan].any(axis=1).all() and not rules.broken_by(plan) for plan in plans)


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_no_certificate_proves_what_is_false(data):
    covers = data.draw(coverings())
    n, m = covers.shape
    rules = data.draw(rules_of(m))
    sites, exactly = data.draw(st.integers(0, m)), data.draw(st.booleans())
    nodes, cuts = data.draw(st.integers(1, 5)), data.draw(st.integers(0, 2))
    small = st.integers(0, 3)
    branch = data.draw(st.lists(st.integers(-2, m - 1), min_size=nodes, max_size=nodes))
    row = st.lists(small, min_size=n + cuts, max_size=n + cuts)
    pair = st.tuples(st.integers(0, nodes - 1), st.integers(0, 3), *[st.integers(0, min(n, m) - 1)] * 2)
    places = data.draw(st.lists(st.lists(st.integers(-1, n - 1), min_size=2, max_size=2), min_size=cuts, max_size=cuts))
    weights = data.draw(st.lists(st.lists(small, min_size=m, max_size=m), min_size=cuts, max_size=cuts))
    certificate = CoverCertificate(
        sites,
        exactly,
        np.array(data.draw(st.lists(row, min_size=nodes, max_size=nodes)), np.int64).reshape(nodes, n + cuts),
        np.array(branch, np.int64),
        np.array(data.draw(st.lists(pair, max_size=6)), np.int64).reshape(-1, 4),
        np.array(places, np.int64).reshape(cuts, 2),
        np.array(weights, np.int64).reshape(cuts, m),
        np.array(data.draw(st.lists(small, min_size=cuts, max_size=cuts)), np.int64),
    )
    if proves_uncovered(covers, certificate, rules):
        assert not cover_exists(covers, sites, rules, exactly=exactly)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_every_question_is_decided_as_by_trying_all_plans(data):
    covers = data.draw(coverings())
    rules = data.draw(rules_of(covers.shape[1]))
    sites, exactly = data.draw(st.integers(1, covers.shape[1])), data.draw(st.booleans())
    verdict = decide_cover(covers, Question(sites, exactly, rules), limits=Limits())
    if cover_exists(covers, sites, rules, exactly=exactly):
        assert covers[:, verdict.opened].any(axis=1).all()
        assert not rules.broken_by(verdict.opened)
        assert len(verdict.opened) == sites or (not exactly and len(verdict.opened) < sites)
    else:
        assert proves_uncovered(covers, verdict.certificate, rules)


@settings(max_examples=200, deadline=None)
@given(coverings(), st.lists(st.integers(0, 5), min_size=5, max_size=5))
def test_the_lightest_cover_is_the_lightest_of_all(covers, heavy):
    m = covers.shape[1]
    weights = np.array(heavy[:m], np.int64)
    plans = [list(plan) for k in range(m + 1) for plan in combinations(range(m), k)]
    fitting = [int(weights[plan].sum()) for plan in plans if covers[:, plan].any(axis=1).all()]
    assert lightest_cover(covers, weights) == min(fitting, default=float("inf"))


@pytest.mark.parametrize("size", [3, 5, 7, 9])
def test_odd_rings_are_cut_at_half_the_places_rounded_up(size):
    ring = np.eye(size, dtype=bool) | np.roll(np.eye(size, dtype=bool), 1, axis=1)
    cut = find_cut(ring, np.full(size, 0.5), np.arange(size), np.arange(size))
    assert (cut.weights == cut.weights[0]).all()
    assert 2 * cut.least == cut.weights[0] * (size + 1)
    assert find_cut(ring[:-1], np.full(size, 0.5), np.arange(size - 1), np.arange(size)) is None


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000))
def test_cuts_are_true_of_all_covers_and_broken_by_the_relaxation(seed):
    rng = np.random.default_rng(seed)
    covers = rng.random((8, 14)) < 0.3
    covers[:, :8] |= np.eye(8, dtype=bool)
    primal = np.where(rng.random(14) < 0.7, rng.choice([0.25, 1 / 3, 0.5], 14), 0.0)
    cut = find_cut(covers, primal, np.arange(8), np.flatnonzero(rng.random(14) < 0.8))
    if cut is not None:
        assert cut.weights @ primal < cut.least <= lightest_cover(covers[cut.places], cut.weights)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_relaxations_keep_every_row_though_they_hold_few(seed):
    rng = np.random.default_rng(seed)
    covers = rng.random((30, 30)) < 0.15
    covers |= np.eye(30, dtype=bool)
    cuts, free = [], np.full(30, FREE, np.int8)
    question = Question(30, exactly=False, rules=Rules.from_arrays(30))
    relaxation = CoverRelaxation(covers, free, question, cuts, Limits())
    costs = []
    for shut in ([], rng.choice(30, 3, replace=False), []):
        state = free.copy()
        state[shut] = CLOSED
        state[~covers[:, state == FREE].any(axis=1)] = FREE
        relaxed = relaxation.sharpen(state, 30.0)
        primal = relaxation.primal(relaxed)
        everyone = linprog(np.ones(30), -1.0 * covers, -np.ones(30), bounds=[(0, int(k == FREE)) for k in state])
        assert relaxed.cost >= everyone.fun - 1e-6, "no row that is left out may matter"
        assert (covers @ primal > 1 - 1e-5).all()
        assert all(cut.weights @ primal > cut.least - 1e-4 for cut in cuts)
        costs.append(relaxed.cost)
    assert costs[0] <= costs[2] + 1e-6, "cuts are kept"


def test_proofs_with_cuts_fall_with_them():
    rings = [np.eye(size, dtype=bool) | np.roll(np.eye(size, dtype=bool), 1, axis=1) for size in (5, 7, 9)]
    problem = SitingProblem.from_arrays(np.where(block_diag(*rings) > 0, 0, 100), np.ones(21, int))
    plan = lscp(problem, limit_s=50)
    proof = plan.certificate
    assert (plan.objective, plan.bound, plan.proof) == (12, 12, "certificate"), "half of each ring, rounded up"
    assert len(proof.least) >= 3
    assert verify(problem, plan) == []
    for wrong in (
        replace(proof, least=proof.least + proof.weights.sum(axis=1)),
        replace(proof, weights=proof.weights[:, ::-1] * 0),
        replace(proof, weights=-proof.weights),
        replace(proof, places=np.full_like(proof.places, -1)),
        replace(proof, places=proof.places + 21),
        replace(proof, sites=proof.sites + 1),
    ):
        codes = {fault.code for fault in verify(problem, replace(plan, certificate=wrong))}
        assert "certificate-false" in codes
