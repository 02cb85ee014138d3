"""LSCP and MCLP against trying everything, and what must always be so."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from siting_oracle import best_lscp, best_mclp, nearest, random_county, small_problems
from siting_ruled import ruled_problems

from gis.cost_matrix import UNREACHABLE
from gis.faults import FaultsError
from planning.siting import SitingProblem, lscp, mclp, verify
from planning.siting.engine.cover.exchange import exchange_sites
from planning.siting.limits import Limits
from planning.siting.rules import Rules

LIMITS = st.sampled_from([0, 1, 5, 300, 2000])


@settings(max_examples=250, deadline=None)
@given(small_problems(), LIMITS)
def test_lscp_equals_the_smallest_of_all_covers(problem, limit_s):
    solution = lscp(problem, limit_s=limit_s)
    best = best_lscp(problem, limit_s)
    assert verify(problem, solution) == []
    if best is None:
        assert (solution.status, solution.reasons[0].code) == ("infeasible", "uncovered-demand")
    else:
        assert (solution.status, solution.objective, solution.bound) == ("optimal", best, best)


@settings(max_examples=200, deadline=None)
@given(ruled_problems(), LIMITS)
def test_lscp_keeps_every_rule(problem, limit_s):
    solution = lscp(problem, limit_s=limit_s)
    limit = min(limit_s, UNREACHABLE - 1, UNREACHABLE if problem.max_time_s is None else problem.max_time_s)
    m = problem.values.shape[1]
    plans = [np.array(opened) for k in range(1, m + 1) for opened in combinations(range(m), k)]
    covers = [o for o in plans if not problem.rules.broken_by(o) and (nearest(problem, o) <= limit).all()]
    if not covers:
        assert solution.status == "infeasible"
        assert solution.reasons
    else:
        assert (solution.objective, solution.bound, solution.proof) == (len(covers[0]), len(covers[0]), "certificate")
        assert verify(problem, solution) == []


@settings(max_examples=250, deadline=None)
@given(small_problems(), LIMITS, st.data())
def test_mclp_equals_the_best_of_all_plans(problem, limit_s, data):
    p = data.draw(st.integers(1, problem.values.shape[1]))
    solution = mclp(problem, p=p, limit_s=limit_s)
    assert verify(problem, solution) == []
    assert (solution.status, solution.objective) == ("optimal", best_mclp(problem, p, limit_s))


@settings(max_examples=50, deadline=None)
@given(small_problems(), st.data())
def test_a_wider_limit_never_covers_fewer_or_needs_more(problem, data):
    p = data.draw(st.integers(1, problem.values.shape[1]))
    people = [mclp(problem, p=p, limit_s=limit_s).objective for limit_s in (0, 1, 5, 1000)]
    assert people == sorted(people)
    sites = [lscp(problem, limit_s=limit_s).objective for limit_s in (0, 1, 5, 1000)]
    found = [count for count in sites if count is not None]
    assert found == sorted(found, reverse=True)


@settings(max_examples=50, deadline=None)
@given(small_problems(), LIMITS)
def test_more_sites_and_candidates_never_cover_fewer(problem, limit_s):
    m = problem.values.shape[1]
    people = [mclp(problem, p=p, limit_s=limit_s).objective for p in range(1, m + 1)]
    assert people == sorted(people)
    assume(m > 1)
    fewer = SitingProblem.from_arrays(problem.values[:, 1:], problem.weights)
    assert mclp(fewer, p=1, limit_s=limit_s).objective <= people[0]
    before, after = lscp(fewer, limit_s=limit_s).objective, lscp(problem, limit_s=limit_s).objective
    assert before is None or after <= before


def test_coverage_counts_people_not_places():
    # Two hamlets of 1 against one town of 100: points would choose the hamlets.
    problem = SitingProblem.from_arrays([[0, 99], [0, 99], [99, 0]], [1, 1, 100])
    solution = mclp(problem, p=1, limit_s=10)
    assert solution.opened.tolist() == [1]
    assert solution.objective == 100


def test_people_beyond_the_limit_still_go_to_the_nearest_site():
    problem = SitingProblem.from_arrays([[0, 500], [900, 400], [-1, -1]], [5, 1, 1])
    solution = mclp(problem, p=2, limit_s=10)
    assert solution.allocation.tolist() == [0, 1, -1]
    assert solution.objective == 5


def test_lscp_lists_whom_no_candidate_covers():
    problem = SitingProblem.from_arrays([[5], [50], [-1]], [1, 0, 1], demand_ids=["a", "b", "c"])
    solution = lscp(problem, limit_s=10)
    assert solution.reasons[0].params == {"ids": ["b", "c"], "count": 2, "limit_s": 10}


def test_county_hubs_are_proven():
    problem = SitingProblem.from_arrays(*random_county(300, 300))
    solution = lscp(problem, limit_s=900)
    assert solution.status == "optimal"
    assert solution.proof in {"certificate", "solver"}
    assert verify(problem, solution) == []


@pytest.mark.parametrize("limit_s", [None, -1, 0.5])
def test_refuses_a_senseless_limit(limit_s):
    problem = SitingProblem.from_arrays([[1]], [1])
    for solve in (lscp, lambda problem, limit_s: mclp(problem, p=1, limit_s=limit_s)):
        with pytest.raises(FaultsError):
            solve(problem, limit_s=limit_s)


def test_the_solver_prints_nothing(capfd):
    problem = SitingProblem.from_arrays(*random_county(60, 30))
    lscp(problem, limit_s=600)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("before", range(6))
def test_exchanges_find_the_one_cover_of_a_ring_whatever_is_drawn(before):
    ring = (np.arange(60)[:, None] - np.arange(60)[None, :]) % 60 < 5
    status = ["excluded"] * 4 + ["existing"] + ["candidate"] * 55
    start = np.array([4, *range(5, 16)])
    found = exchange_sites(
        ring, start, Rules.from_arrays(60, status=status), work=50_000_000, limits=Limits(), before=before
    )
    assert found.tolist() == list(range(4, 60, 5)), "of five ways to cover all with twelve, the rules leave one"
    too_few = exchange_sites(ring, start[:11], Rules.from_arrays(60), work=5_000_000, limits=Limits(), before=before)
    assert too_few is None
