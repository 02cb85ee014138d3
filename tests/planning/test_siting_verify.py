"""The checker believes nothing: every part of a claim that is changed is refused."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from siting_oracle import best_p_median, random_county, small_problems

from planning.siting import Certificate, Reason, SitingProblem, lscp, mclp, p_median, relative_gap, verify
from planning.siting.proof import sites_tree
from planning.siting.proof.sites_tree import proves
from planning.siting.proof.statement import Demands, demands_of_covering, says_shortage


def codes(problem, solution):
    return {fault.code for fault in verify(problem, solution)}


@pytest.fixture(scope="module")
def county():
    return SitingProblem.from_arrays(*random_county(80, 40, seed=5))


@pytest.fixture(scope="module")
def plan(county):
    solution = p_median(county, p=4)
    assert solution.proof == "certificate"
    assert verify(county, solution) == []
    return solution


def test_refuses_another_objective_bound_or_status(county, plan):
    assert codes(county, replace(plan, objective=plan.objective - 1)) >= {"objective-wrong"}
    assert codes(county, replace(plan, bound=plan.bound - 1)) == {"bound-not-objective"}
    assert codes(county, replace(plan, bound=plan.bound + 1)) >= {"bound-beyond-objective", "bound-unproven"}
    assert codes(county, replace(plan, status="feasible")) == {"status-without-proof"}
    assert codes(county, replace(plan, proof=None)) == {"status-without-proof"}
    assert codes(county, replace(plan, sense="max")) == {"unknown-model"}
    assert codes(county, replace(plan, options={"p": 5})) >= {"opened-count"}


def test_refuses_other_sites_and_allocations(county, plan):
    closed = int(np.setdiff1d(np.arange(40), plan.opened)[0])
    other = np.sort(np.append(plan.opened[1:], closed))
    assert codes(county, replace(plan, opened=other)) >= {"objective-wrong", "allocation-not-nearest"}
    assert codes(county, replace(plan, opened=plan.opened[::-1])) == {"opened-not-candidates"}
    assert codes(county, replace(plan, opened=plan.opened + 40)) == {"opened-not-candidates"}
    assert codes(county, replace(plan, opened=plan.opened[:0])) == {"opened-missing"}
    moved = plan.allocation.copy()
    moved[7] = next(site for site in plan.opened if site != moved[7])
    assert codes(county, replace(plan, allocation=moved)) == {"allocation-not-nearest"}
    assert codes(county, replace(plan, allocation=moved[1:])) == {"allocation-shape"}


def test_refuses_a_certificate_that_does_not_carry_the_bound(county, plan):
    certificate = plan.certificate
    weaker = replace(certificate, multipliers=certificate.multipliers // 2)
    assert codes(county, replace(plan, certificate=weaker)) == {"certificate-false"}
    assert codes(county, replace(plan, certificate=None)) == {"bound-unproven"}
    assert codes(county, replace(plan, certificate=replace(certificate, scale=2 * certificate.scale))) == {
        "certificate-false"
    }
    assert codes(county, replace(plan, certificate=replace(certificate, sites=3))) == {"certificate-false"}
    lower = replace(certificate, bound=certificate.bound - 1)
    assert codes(county, replace(plan, certificate=lower)) == {"bound-unproven"}
    negative = certificate.multipliers.copy()
    negative[0, 0] = -1
    assert codes(county, replace(plan, certificate=replace(certificate, multipliers=negative))) == {"certificate-false"}


def test_refuses_a_tree_with_a_branch_cut_off():
    lawless = np.random.default_rng(2).integers(0, 100, (40, 25))  # no triangle inequality: a gap at the root
    problem = SitingProblem.from_arrays(lawless, np.ones(40))
    solution = p_median(problem, p=4)
    tree = solution.certificate
    assert (tree.branch >= 0).any(), "the example must branch"
    assert verify(problem, solution) == []
    for end in range(len(tree.branch)):
        short = replace(tree, multipliers=tree.multipliers[:end], branch=tree.branch[:end])
        assert codes(problem, replace(solution, certificate=short)) == {"certificate-false"}
    longer = replace(
        tree, multipliers=np.vstack([tree.multipliers, tree.multipliers[-1:]]), branch=np.append(tree.branch, -1)
    )
    assert codes(problem, replace(solution, certificate=longer)) == {"certificate-false"}


def test_refuses_the_plan_of_another_county(county, plan):
    dearer = SitingProblem.from_arrays(county.values + 1, county.weights)
    assert "objective-wrong" in codes(dearer, plan)
    heavier = SitingProblem.from_arrays(county.values, county.weights * 2)
    assert "objective-wrong" in codes(heavier, plan)


def test_a_solvers_word_needs_a_name(county, plan):
    said = replace(plan, proof="solver", solver="")
    assert codes(county, said) == {"solver-unnamed"}
    assert codes(county, replace(said, solver="HiGHS 1")) == set()


def test_refuses_covers_that_do_not_cover():
    problem = SitingProblem.from_arrays([[0, 9], [9, 0]], [1, 1])
    solution = lscp(problem, limit_s=5)
    assert solution.objective == 2
    alone = replace(solution, opened=np.array([0]), allocation=np.array([0, 0]), objective=1, bound=1)
    assert codes(problem, alone) == {"somebody-uncovered"}
    assert "objective-wrong" in codes(problem, replace(mclp(problem, p=1, limit_s=5), objective=2))


def test_refuses_false_reasons_for_infeasibility():
    problem = SitingProblem.from_arrays([[1, -1], [-1, 1], [-1, -1]], [1, 1, 1])
    solution = p_median(problem, p=1)
    assert verify(problem, solution) == []
    reachable = SitingProblem.from_arrays([[1, 1], [1, 1], [1, 1]], [1, 1, 1])
    assert codes(reachable, solution) == {"reason-false"}
    assert codes(problem, replace(solution, reasons=())) == {"reason-missing"}
    assert codes(problem, replace(solution, objective=3)) == {"infeasible-with-plan"}
    apart = SitingProblem.from_arrays([[1, -1], [-1, 1]], [1, 1])
    too_few = p_median(apart, p=1)
    assert verify(apart, too_few) == []
    assert codes(apart, replace(too_few, certificate=None)) == {"reason-false"}
    assert codes(SitingProblem.from_arrays([[1, 1], [-1, 1]], [1, 1]), too_few) == {"reason-false"}


@settings(max_examples=200, deadline=None)
@given(small_problems(most=5), st.data())
def test_no_multipliers_prove_more_than_the_truth(problem, data):
    m = problem.values.shape[1]
    p = data.draw(st.integers(1, m))
    best = best_p_median(problem, p)
    assume(best is not None)
    inhabited = problem.weights > 0
    costs = np.where(problem.allowed, problem.values, -1)[inhabited]
    nodes = data.draw(st.integers(1, 4))
    row = st.lists(st.integers(0, 4000), min_size=len(costs), max_size=len(costs))
    multipliers = data.draw(st.lists(row, min_size=nodes, max_size=nodes))
    branch = data.draw(st.lists(st.integers(-2, m - 1), min_size=nodes, max_size=nodes))
    claim = Certificate(p, best + 1, 4, np.array(multipliers, np.int64).reshape(nodes, -1), np.array(branch))
    assert not proves(costs, problem.weights[inhabited], claim, problem.rules)


@pytest.mark.parametrize(("cells", "pairs"), [(1, 0), (200, 0), (200, 400), (2**22, 2**22)])
def test_verdict_does_not_depend_on_what_is_kept_at_a_time(county, cells, pairs, monkeypatch):
    monkeypatch.setattr(sites_tree, "_CELLS_AT_ONCE", cells)
    monkeypatch.setattr(sites_tree, "_MOST_PAIRS", pairs)
    for p in (2, 6, 15):
        solution = p_median(county, p=p)
        assert (solution.proof, codes(county, solution)) == ("certificate", set())
        claim = solution.certificate
        assert not proves(county.values, county.weights, replace(claim, bound=claim.bound + 1), county.rules)


def test_proofs_in_finer_units_than_64_bits_carry_hold_as_well(county):
    claim = p_median(county, p=6).certificate
    finer = 2**62 // (int(claim.multipliers.max()) + 1)
    claim = replace(claim, scale=claim.scale * finer, multipliers=claim.multipliers * finer)
    assert proves(county.values, county.weights, claim, county.rules)
    assert not proves(county.values, county.weights, replace(claim, bound=claim.bound + 1), county.rules)


def test_multipliers_near_the_end_of_64_bits_prove_nothing_false():
    nothing = SitingProblem.from_arrays([[0] * 6], [1])
    huge = Certificate(5, 1, 1, np.array([[2**61 - 2**10], [1]]), np.array([-2, -1]))
    assert not proves(nothing.values, nothing.weights, huge, nothing.rules)


def test_refuses_sites_named_twice_or_beyond_the_last(county, plan):
    for wrong in (
        np.sort(np.append(plan.opened[:-1], plan.opened[0])),
        np.append(plan.opened[:-1], 40),
        np.append(-1, plan.opened[1:]),
        plan.opened[[1, 0, 2, 3]],
    ):
        assert codes(county, replace(plan, opened=wrong)) == {"opened-not-candidates"}, wrong
    double = SitingProblem.from_arrays([[4, 4]], [1])
    twice = replace(p_median(double, p=2), opened=np.array([0, 0]), allocation=np.array([0]))
    assert codes(double, twice) == {"opened-not-candidates"}


@pytest.mark.parametrize("model", ["mclp", "p-median"])
def test_refuses_a_bound_beyond_the_plan_whichever_way_is_good(county, model):
    true = mclp(county, p=3, limit_s=900) if model == "mclp" else p_median(county, p=3)
    sign = 1 if true.sense == "min" else -1
    found = replace(true, status="feasible", proof=None)
    assert codes(county, found) == set()
    assert codes(county, replace(found, bound=found.bound - sign)) == set()
    beyond = codes(county, replace(found, bound=found.bound + sign))
    assert beyond == {"bound-beyond-objective", "bound-unproven"}


@pytest.mark.parametrize(
    ("objective", "bound", "gap"),
    [(10, 8, 0.2), (8, 10, 0.25), (10, 10, 0.0), (0, 0, 0.0), (1, 0, 1.0), (0, 3, 3.0), (2, 1, 0.5), (-4, -6, 0.5)],
)
def test_a_gap_is_a_share_of_the_plans_own_objective(objective, bound, gap):
    assert relative_gap(objective, bound) == gap
    assert relative_gap(objective, None) is relative_gap(None, bound) is None


@pytest.mark.parametrize(
    ("code", "told", "says"),
    [
        ("budget-short", {"short": 1}, True),
        ("budget-short", {"short": 0}, False),
        ("budget-short", {"short": -3}, False),
        ("budget-short", {"short": 5, "enough": 5}, True),
        ("budget-short", {"short": 5, "enough": 6}, False),
        ("budget-short-least", {"short": 5}, True),
        ("budget-short-least", {"short": 5, "enough": 6}, False),
        ("budget-short-between", {"short": 5, "enough": 6}, True),
        ("budget-short-between", {"short": 5, "enough": 5}, False),
        ("budget-short-between", {"short": 5}, False),
        ("budget-short-between", {"short": 5, "enough": 6, "more": 7}, False),
        ("rules-contradict", {"short": 5}, False),
        ("budget-short", {}, False),
    ],
)
def test_what_is_missing_is_said_exactly_at_least_or_between(code, told, says):
    assert says_shortage(Reason(code, told)) is says


def test_no_sites_are_no_plan_with_an_objective(county, plan):
    nothing = replace(plan, opened=plan.opened[:0], allocation=plan.allocation[:0], certificate=None, proof=None)
    begun = replace(nothing, status="interrupted", objective=None, bound=0)
    assert codes(county, begun) == set()
    assert codes(county, replace(begun, objective=5)) == {"opened-missing"}
    assert codes(county, replace(begun, status="feasible")) == {"opened-missing"}


def test_whoever_no_site_reaches_is_sent_nowhere():
    problem = SitingProblem.from_arrays([[1, 2], [-1, -1], [3, 1]], [1, 0, 1])
    true = p_median(problem, p=1)
    assert (true.allocation.tolist()[1], codes(problem, true)) == (-1, set())
    for site in (0, 1):
        sent = true.allocation.copy()
        sent[1] = site
        assert codes(problem, replace(true, allocation=sent)) == {"allocation-not-nearest"}


def test_sites_are_too_few_only_where_more_are_needed_and_proven():
    apart = SitingProblem.from_arrays([[0, 9, 9], [9, 0, 9], [9, 9, 0]], [1, 1, 1], max_time_s=5)
    true = p_median(apart, p=1)
    reason, *rest = true.reasons
    assert (reason.code, dict(reason.params), codes(apart, true)) == ("too-few-sites", {"p": 1, "needed": 3}, set())
    for told in ({"p": 1, "needed": 4}, {"p": 1, "needed": 1}, {"p": 2, "needed": 3}):
        assert codes(apart, replace(true, reasons=(Reason("too-few-sites", told), *rest))) == {"reason-false"}, told
    word = replace(true, proof="solver", solver="HiGHS", certificate=None)
    for needed, told in ((3, set()), (2, set()), (1, {"reason-false"}), (0, {"reason-false"})):
        said = replace(word, reasons=(Reason("too-few-sites", {"p": 1, "needed": needed}), *rest))
        assert codes(apart, said) == told, needed


def test_who_must_be_served_by_a_covering():
    for capacities, longest, demands in (
        (None, None, (False, False)),
        ([5], None, (False, True)),
        (None, 9, (True, False)),
        ([5], 9, (True, False)),
    ):
        more = {} if capacities is None else {"capacities": capacities}
        problem = SitingProblem.from_arrays([[1]], [1], max_time_s=longest, **more)
        assert demands_of_covering(problem, None) == Demands(*demands, every_place=False)


def test_a_claim_that_there_is_no_plan_shows_none():
    apart = SitingProblem.from_arrays([[0, 9], [9, 0]], [1, 1], max_time_s=5)
    true = p_median(apart, p=1)
    assert (true.status, codes(apart, true)) == ("infeasible", set())
    shown = replace(true, opened=np.array([0]), allocation=np.array([0, -1]))
    assert codes(apart, shown), "a plan beside the claim that there is none"
    assert codes(apart, replace(true, opened=np.array([0])))
