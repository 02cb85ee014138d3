"""The p-median against trying everything, the published optima, and what must always be so."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import shortest_path
from siting_oracle import best_p_median, random_county, small_problems

from gis.faults import FaultsError
from planning.siting import Progress, SitingProblem, mclp, p_median, verify
from planning.siting.engine.sites import branching, radius
from planning.siting.engine.sites.lagrangian import PATIENT, QUICK, ascend
from planning.siting.engine.sites.terms import Terms

ORLIB = Path(__file__).parents[2].parent / "shared" / "bench" / "orlib"


@settings(max_examples=300, deadline=None)
@given(small_problems(), st.data())
def test_equals_the_best_of_all_plans(problem, data):
    p = data.draw(st.integers(1, problem.values.shape[1]))
    solution = p_median(problem, p=p)
    best = best_p_median(problem, p)
    assert verify(problem, solution) == []
    if best is None:
        assert solution.status == "infeasible"
        assert solution.reasons[0].code in {"unreachable-demand", "too-few-sites"}
    else:
        assert (solution.status, solution.objective, solution.bound) == ("optimal", best, best)
        assert solution.gap == 0


@settings(max_examples=300, deadline=None)
@given(small_problems(most=6, rules=True), st.data())
def test_keeps_every_rule_and_is_still_the_best(problem, data):
    p = data.draw(st.integers(1, problem.values.shape[1]))
    solution = p_median(problem, p=p)
    best = best_p_median(problem, p)
    assert verify(problem, solution) == []
    if best is None:
        assert solution.status == "infeasible"
    else:
        assert (solution.status, solution.objective, solution.bound) == ("optimal", best, best)


@settings(max_examples=60, deadline=None)
@given(small_problems())
def test_one_more_site_is_never_worse(problem):
    objectives = [p_median(problem, p=p).objective for p in range(1, problem.values.shape[1] + 1)]
    found = [cost for cost in objectives if cost is not None]
    assert found == sorted(found, reverse=True)
    assert objectives[len(objectives) - len(found) :] == found, "more sites never make it infeasible"


@settings(max_examples=60, deadline=None)
@given(small_problems(), st.data())
def test_one_more_candidate_never_hurts(problem, data):
    m = problem.values.shape[1]
    assume(m > 1)
    p = data.draw(st.integers(1, m - 1))
    fewer = SitingProblem.from_arrays(problem.values[:, :-1], problem.weights)
    before, after = p_median(fewer, p=p), p_median(problem, p=p)
    assert before.objective is None or after.objective <= before.objective


@settings(max_examples=60, deadline=None)
@given(small_problems(), st.randoms(use_true_random=False), st.data())
def test_relabelling_and_scaling_keep_the_plan_worth(problem, random, data):
    n, m = problem.values.shape
    p = data.draw(st.integers(1, m))
    rows, columns = random.sample(range(n), n), random.sample(range(m), m)
    shuffled = SitingProblem.from_arrays(problem.values[np.ix_(rows, columns)], 3 * problem.weights[rows])
    plain = p_median(problem, p=p).objective
    assert p_median(shuffled, p=p).objective == (None if plain is None else 3 * plain)


def test_a_place_without_people_does_not_make_it_infeasible():
    problem = SitingProblem.from_arrays([[5, 9], [-1, -1], [-1, 4]], [10, 0, 0])
    solution = p_median(problem, p=1)
    assert solution.objective == 50
    assert solution.allocation.tolist() == [0, -1, -1]


def test_says_who_reaches_no_candidate():
    problem = SitingProblem.from_arrays([[5.0, np.inf], [np.inf, np.inf]], [1, 2], demand_ids=["a", "b"])
    solution = p_median(problem, p=1)
    assert solution.status == "infeasible"
    assert solution.reasons[0].code == "unreachable-demand"
    assert solution.reasons[0].params["ids"] == ["b"]


def test_says_how_many_sites_it_takes_to_reach_everyone():
    problem = SitingProblem.from_arrays(np.where(np.eye(3, dtype=bool), 1, -1), [1, 1, 1])
    solution = p_median(problem, p=2)
    assert (solution.status, solution.proof) == ("infeasible", "certificate")
    assert solution.reasons[0] == ("too-few-sites", {"p": 2, "needed": 3})
    assert p_median(problem, p=3).objective == 3


@pytest.mark.parametrize(
    ("p", "code"),
    [(None, "option-missing"), (0, "option-too-small"), (3, "option-too-large"), (1.5, "option-not-whole")],
)
def test_refuses_a_senseless_number_of_sites(p, code):
    problem = SitingProblem.from_arrays([[1, 2]], [1])
    with pytest.raises(FaultsError) as caught:
        p_median(problem, p=p)
    assert [fault.code for fault in caught.value.faults] == [code]


def test_county_of_865_by_150_is_proven_by_certificate():
    problem = SitingProblem.from_arrays(*random_county(865, 150))
    solution = p_median(problem, p=5)
    assert (solution.status, solution.proof, solution.gap) == ("optimal", "certificate", 0)
    assert verify(problem, solution) == []


def test_a_time_limit_gives_the_best_plan_so_far_with_its_bound():
    problem = SitingProblem.from_arrays(*random_county(300, 300))
    solution = p_median(problem, p=12, time_limit_s=0.0)
    assert solution.status == "feasible"
    assert [reason.code for reason in solution.reasons] == ["time-limit"]
    assert 0 <= solution.bound < solution.objective
    assert verify(problem, solution) == []


def test_a_cancel_in_the_middle_keeps_what_was_found():
    problem = SitingProblem.from_arrays(*random_county(300, 300))
    told: list[Progress] = []
    solution = p_median(problem, p=12, stop=lambda: len(told) >= 3, report=told.append)
    assert solution.status == "interrupted"
    assert solution.reasons[0].code == "cancelled"
    assert solution.objective <= min(progress.incumbent for progress in told)
    assert verify(problem, solution) == []


def test_progress_only_gets_better():
    told: list[Progress] = []
    p_median(SitingProblem.from_arrays(*random_county(200, 200)), p=7, report=told.append)
    incumbents = [progress.incumbent for progress in told]
    assert len(told) > 2
    assert incumbents == sorted(incumbents, reverse=True)
    assert told[-1].gap == 0


def test_progress_is_in_person_seconds_also_where_some_pairs_have_no_way():
    seconds, people = random_county(40, 20)
    seconds[:20, 10:] = seconds[20:, :10] = -1
    told: list[Progress] = []
    problem = SitingProblem.from_arrays(seconds, people)
    solution = p_median(problem, p=4, report=told.append)
    assert solution.proof == "certificate"
    assert verify(problem, solution) == []
    assert all(progress.incumbent is None or progress.incumbent >= solution.objective for progress in told)


@pytest.mark.skipif(not ORLIB.is_dir(), reason="the OR-Library instances are not at hand")
@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_or_library_optima_are_proven(number):
    optima = dict(line.split() for line in (ORLIB / "pmedopt.txt").read_text().splitlines()[1:] if line.strip())
    rows = (ORLIB / f"pmed{number}.txt").read_text().splitlines()
    (n, _, p), *edges = ([int(figure) for figure in row.split()] for row in rows if row.strip())
    lengths = np.zeros((n, n))
    for i, j, length in edges:  # of repeated edges the last one counts
        lengths[i - 1, j - 1] = lengths[j - 1, i - 1] = length
    problem = SitingProblem.from_arrays(shortest_path(lengths, directed=False), np.ones(n))
    solution = p_median(problem, p=p)
    assert solution.objective == solution.bound == int(optima[f"pmed{number}"])
    assert solution.proof == "certificate"
    assert verify(problem, solution) == []


def test_a_plan_that_the_rules_fix_is_proven_without_a_search():
    status = ["required", "required", "excluded"]
    problem = SitingProblem.from_arrays([[1, 2, 3], [3, 0, 0]], [1, 500], status=status)
    plan = p_median(problem, p=2)
    assert (plan.objective, plan.proof, plan.opened.tolist()) == (1, "certificate", [0, 1])
    assert verify(problem, plan) == []


def test_a_plan_that_costs_nothing_ends_the_search_at_once():
    rng = np.random.default_rng(4)
    spots = rng.uniform(0, 60, (240, 2))
    far = np.hypot(*(spots[:, None] - spots).transpose(2, 0, 1)) > 20
    looks = []
    problem = SitingProblem.from_arrays(far.astype(int), np.ones(240, int))
    plan = p_median(problem, p=9, stop=lambda: looks.append(1) is not None)
    assert (plan.objective, plan.proof) == (0, "certificate")
    assert len(looks) < 100


def test_rows_that_no_relaxation_has_priced_yet_cost_nothing(monkeypatch):
    rng = np.random.default_rng(0)
    spots = rng.uniform(0, 1000, (150, 2))
    times = np.rint(np.hypot(*(spots[:, None] - spots).transpose(2, 0, 1)))
    problem = SitingProblem.from_arrays(times, rng.integers(1, 90, 150))
    monkeypatch.setattr(radius, "ROUNDS", 1)
    plan = mclp(problem, p=12, limit_s=120)
    assert verify(problem, plan) == []
    assert plan.bound >= plan.objective > 0


def _plane(n, seed):
    draw = np.random.default_rng(seed)
    points = draw.uniform(0, 1000, (n, 2))
    apart = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    return SitingProblem.from_arrays(apart.astype(int), draw.integers(1, 100, n))


def test_a_patient_climb_gets_nearer_to_the_optimum_than_a_quick_one():
    problem = _plane(300, seed=1)
    best = p_median(problem, p=10).objective
    terms = Terms(problem.values, problem.weights, 10, problem.rules, np.ones(300))
    free = np.zeros(300, np.int8)
    quick, patient = (
        ascend(
            terms.lists,
            terms.people,
            terms.step_sizes,
            terms.first_prices(),
            free,
            10,
            terms.moves.quota,
            best,
            480,
            1.0,
            chosen,
        ).bound
        for chosen in (QUICK, PATIENT)
    )
    assert quick < patient <= best
    assert best - patient < 0.5 * (best - quick)


@pytest.mark.parametrize("seed", range(3))
def test_large_questions_have_the_same_answer_with_proof(seed, monkeypatch):
    draw = np.random.default_rng(seed)
    problem = SitingProblem.from_arrays(draw.integers(1, 1000, (60, 60)), draw.integers(1, 100, 60))
    usual = p_median(problem, p=3)
    monkeypatch.setattr(branching, "LARGE", 0)
    large = p_median(problem, p=3)
    assert verify(problem, large) == []
    assert (large.proof, large.objective) == ("certificate", usual.objective)
    assert not np.array_equal(large.certificate.branch, usual.certificate.branch)  # another way was taken
