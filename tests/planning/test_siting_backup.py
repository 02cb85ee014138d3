"""Backup coverage against trying everything, and its certificate against changes."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from counted import counted
from hypothesis import given, settings
from hypothesis import strategies as st
from siting_oracle import random_county

from gis.cost_matrix import UNREACHABLE
from gis.faults import FaultsError
from planning.siting import SitingProblem, verify
from planning.siting.engine.linear.question import LinearQuestion, RowList, crowded_groups
from planning.siting.limits import Progress
from planning.siting.models.backup import backup
from planning.siting.proof.linear_certificate import LinearCertificate, proven
from planning.siting.proof.statements.backup import STATEMENT
from planning.siting.rules import STATUSES
from planning.siting.solution import Reason

LIMITS = st.sampled_from([0, 1, 5, 300, 2000])


@st.composite
def ruled_problems(draw):
    n, m = draw(st.integers(1, 7)), draw(st.integers(1, 7))
    seconds = st.sampled_from([0, 1, 4, 5, 200, 300, 900, -1])
    rows = draw(st.lists(st.lists(seconds, min_size=m, max_size=m), min_size=n, max_size=n))
    weights = draw(st.lists(st.sampled_from([0, 1, 1, 3, 500, 2**28]), min_size=n, max_size=n))
    if draw(st.booleans()):
        return SitingProblem.from_arrays(np.array(rows), np.array(weights))
    townships = draw(st.lists(st.sampled_from(["x", "y"]), min_size=m, max_size=m))
    limits = {name: draw(st.sampled_from([(0, 1), (1, None), (0, None), (1, 2)])) for name in set(townships)}
    return SitingProblem.from_arrays(
        np.array(rows),
        np.array(weights),
        status=draw(st.lists(st.sampled_from(["candidate"] * 5 + list(STATUSES)), min_size=m, max_size=m)),
        townships=townships,
        township_limits=limits,
        positions=np.array(draw(st.lists(st.integers(0, 20), min_size=m, max_size=m)))[:, None] * [10.0, 0.0],
        separation_m=draw(st.sampled_from([None, 15.0])),
        max_time_s=draw(st.sampled_from([None, None, 300])),
    )


def best_backup(problem, p, limit_s, *, require_first):
    """Return the most people with a second site, or None."""
    best = None
    limit = min(limit_s, UNREACHABLE - 1)
    longest = UNREACHABLE if problem.max_time_s is None else problem.max_time_s
    for opened in map(list, combinations(range(problem.values.shape[1]), p)):
        times = problem.values[:, opened]
        lived = times[problem.weights > 0]
        if problem.rules.broken_by(np.array(opened)) or (lived.min(axis=1) > longest).any():
            continue
        if require_first and (lived.min(axis=1) > limit).any():
            continue
        people = int(problem.weights[(times <= limit).sum(axis=1) >= 2].sum())
        best = people if best is None else max(best, people)
    return best


def faults_of(problem, solution):
    faults = list(STATEMENT.plan_faults(problem, solution))
    assert not problem.rules.broken_by(solution.opened)
    assert STATEMENT.objective(problem, solution) == solution.objective
    return faults


@counted(plan=30, none=20, enumerated=3, certificate=30)
@settings(max_examples=150, deadline=None)
@given(ruled_problems(), LIMITS, st.booleans(), st.data())
def test_equals_the_best_of_all_plans(seen, problem, limit_s, require_first, data):
    p = data.draw(st.integers(1, problem.values.shape[1]))
    solution = backup(problem, p=p, limit_s=limit_s, require_first=require_first)
    best = best_backup(problem, p, limit_s, require_first=require_first)
    seen["none" if best is None else "plan"] += 1
    seen[solution.proof] += 1
    if best is None:
        assert solution.status == "infeasible"
        assert solution.reasons
        if solution.proof == "enumerated":
            assert verify(problem, solution) == []
        return
    assert (solution.status, solution.objective, solution.bound) == ("optimal", best, best)
    assert faults_of(problem, solution) == []
    if solution.proof == "certificate":
        assert STATEMENT.proven_bound(problem, solution) == best


@counted(none=1, tree=8)
@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.booleans())
def test_small_counties_are_proven_by_certificate_and_lies_about_them_refused(seen, seed, require_first):
    problem = SitingProblem.from_arrays(*random_county(25, 12, seed=seed))
    solution = backup(problem, p=6, limit_s=1500, require_first=require_first)
    if solution.status == "infeasible":
        seen["none"] += 1
        assert best_backup(problem, 6, 1500, require_first=require_first) is None
        return
    assert solution.proof == "certificate"
    assert solution.objective == STATEMENT.proven_bound(problem, solution)
    tree = solution.certificate
    if tree is not None:
        seen["tree"] += 1
        bolder = replace(tree, bound=tree.bound + 1)  # one fewer person than there is
        assert STATEMENT.proven_bound(problem, replace(solution, certificate=bolder)) is None
    others = np.append(problem.weights[1:], 10**6 * problem.weights[:1].sum())
    richer = replace(problem, weights=others)
    bound = STATEMENT.proven_bound(richer, solution)
    truth = best_backup(richer, 6, 1500, require_first=require_first)
    assert bound is None or bound >= truth


def test_a_second_site_counts_people_not_places():
    problem = SitingProblem.from_arrays([[1, 1, 9], [1, 9, 9], [1, 9, 1]], [1, 1, 100])
    solution = backup(problem, p=2, limit_s=5)
    assert solution.opened.tolist() == [0, 2]
    assert solution.objective == 100


def test_a_first_site_for_everyone_comes_before_second_sites():
    problem = SitingProblem.from_arrays([[1, 1, 9], [9, 9, 1]], [100, 1])
    assert backup(problem, p=2, limit_s=5).opened.tolist() in ([0, 2], [1, 2])
    assert backup(problem, p=2, limit_s=5, require_first=False).opened.tolist() == [0, 1]


def test_too_few_sites_for_a_first_one_each_is_a_conflict():
    problem = SitingProblem.from_arrays(np.where(np.eye(3), 1, 99), [1, 1, 1])
    solution = backup(problem, p=2, limit_s=5)
    assert solution.status == "infeasible"
    assert {reason.code for reason in solution.reasons} == {"sites-too-few", "everyone-served", "limit-short"}
    assert (solution.proof, solution.reasons[0].params) == ("certificate", {"p": 2, "needed": 3})
    assert verify(problem, solution) == []


def test_a_proof_of_too_few_sites_says_nothing_else():
    problem = SitingProblem.from_arrays(*random_county(40, 40, seed=2))
    solution = backup(problem, p=3, limit_s=600)
    proof, told = solution.certificate, solution.reasons
    assert verify(problem, solution) == []
    needed = told[0].params["needed"]
    bolder = (Reason("sites-too-few", {"p": 3, "needed": needed + 1}), *told[1:])
    for lie in (
        replace(solution, certificate=None),
        replace(solution, certificate=replace(proof, sites=2)),
        replace(solution, certificate=replace(proof, exactly=True)),
        replace(solution, certificate=replace(proof, multipliers=0 * proof.multipliers)),
        replace(solution, reasons=bolder),
        replace(solution, reasons=told[:2]),
        replace(solution, reasons=told[1:]),
    ):
        assert verify(problem, lie)
    assert verify(replace(problem, weights=0 * problem.weights), solution)
    more = replace(problem, values=np.minimum(problem.values, 600))
    assert verify(more, solution)


@pytest.mark.parametrize("limit", [{"stop": lambda: True}, {"time_limit_s": 0.0}])
@pytest.mark.parametrize("limit_s", [1500, 60])
def test_limits_are_results_and_not_exceptions(limit, limit_s):
    problem = SitingProblem.from_arrays(*random_county(150, 150, seed=1))
    solution = backup(problem, p=20, limit_s=limit_s, **limit)
    assert solution.status in {"interrupted", "feasible"}
    assert solution.objective is None or solution.bound >= solution.objective


def test_progress_is_told_and_never_contradicts_itself():
    told = []
    problem = SitingProblem.from_arrays(*random_county(120, 60, seed=3))
    solution = backup(problem, p=6, limit_s=700, require_first=False, report=told.append, time_limit_s=20)
    assert told
    assert all(isinstance(progress, Progress) for progress in told)
    assert all(p.incumbent is None or p.bound is None or p.incumbent <= p.bound for p in told)
    assert told[-1].incumbent == solution.objective


@pytest.mark.parametrize("wrong", [{"p": 0}, {"p": 9}, {"limit_s": -1}, {"p": None}, {"limit_s": 0.5}])
def test_refuses_senseless_figures(wrong):
    with pytest.raises(FaultsError):
        backup(SitingProblem.from_arrays([[1]], [1]), **{"p": 1, "limit_s": 5, **wrong})


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_certificate_proves_more_than_is_so(data):
    """Multipliers, branches and boxes at random: what the checker accepts is true."""
    width, count = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 3))
    whole = st.integers(-3, 3)
    rows = RowList(width)
    rows.at_least(np.array(data.draw(matrices(count, width, whole))), data.draw(lists(count, whole)))
    matrix, least = rows.gather()
    lowest = np.array(data.draw(lists(width, st.integers(-1, 1))))
    question = LinearQuestion(
        np.array(data.draw(lists(width, whole))), matrix, least, lowest, lowest + data.draw(st.integers(0, 2))
    )
    nodes = data.draw(st.sampled_from([1, 3, 3, 5]))
    certificate = LinearCertificate(
        bound=data.draw(st.integers(-20, 10)),
        scale=data.draw(st.sampled_from([1, 2, 4])),
        multipliers=np.array(data.draw(matrices(nodes, count, st.sampled_from([0, 1, 2, 5, 50, 2**60])))),
        branch=np.array([data.draw(st.integers(-2, width - 1)), -1, -1, -1, -1][:nodes]),
        split=np.array(data.draw(lists(nodes, st.integers(-1, 1)))),
        asked=np.empty((0, 2), np.int64),
    )
    bound = proven(question, certificate)
    grids = np.meshgrid(*[np.arange(low, high + 1) for low, high in zip(lowest, question.highest, strict=True)])
    allowed = [x for x in np.stack(grids, -1).reshape(-1, width) if question.allows(x)]
    assert bound is None or all(question.value(x) >= bound for x in allowed)


def lists(count, of):
    return st.lists(of, min_size=count, max_size=count)


def matrices(rows, columns, of):
    return lists(rows, lists(columns, of))


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=20))
def test_crowds_say_the_same_as_pairs(pairs):
    apart = np.array(sorted({(min(a, b), max(a, b)) for a, b in pairs if a != b}), np.int64).reshape(-1, 2)
    crowds = [group.tolist() for group in crowded_groups(apart, 7)]
    said = {pair for group in crowds for pair in combinations(group, 2)}
    assert said == set(map(tuple, apart.tolist()))
