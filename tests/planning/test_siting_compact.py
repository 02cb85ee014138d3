"""The capacity switch on every model, against trying everything."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from siting_oracle import random_county

from gis.cost_matrix import UNREACHABLE
from planning.siting import MODELS as KNOWN
from planning.siting import SitingProblem, lscp, p_median, verify
from planning.siting.proof.loads import load_faults
from planning.siting.rules import STATUSES

MODELS = ("lscp", "mclp", "p-center")


@st.composite
def loaded_problems(draw):
    n, m = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    rows = draw(
        st.lists(st.lists(st.sampled_from([0, 1, 4, 5, 9, -1]), min_size=m, max_size=m), min_size=n, max_size=n)
    )
    weights = draw(st.lists(st.sampled_from([0, 1, 2, 3, 3, 50]), min_size=n, max_size=n))
    loose = draw(st.booleans())
    room = st.lists(st.integers(5, 12) if loose else st.integers(0, 9), min_size=m, max_size=m)
    rules = {}
    if draw(st.booleans()):
        townships = draw(st.lists(st.sampled_from(["x", "y"]), min_size=m, max_size=m))
        rules = {
            "status": draw(st.lists(st.sampled_from(["candidate"] * 4 + list(STATUSES)), min_size=m, max_size=m)),
            "townships": townships,
            "township_limits": {t: draw(st.sampled_from([(0, 1), (1, None), (0, 2)])) for t in set(townships)},
            "max_time_s": draw(st.sampled_from([None, None, 4, 8])),
        }
    return SitingProblem.from_arrays(
        np.array(rows),
        np.array(weights),
        capacities=draw(room),
        loads=draw(st.lists(st.integers(0, 5), min_size=n, max_size=n)),
        minimum_loads=draw(st.one_of(st.none(), st.lists(st.integers(0, 3), min_size=m, max_size=m))),
        **rules,
    )


def best_of_all(problem, model, p, limit_s):
    """Return the best objective of all sites and allocations, or None."""
    m, room = problem.values.shape[1], problem.capacity
    longest = UNREACHABLE - 1 if problem.max_time_s is None else problem.max_time_s
    must = model != "mclp" or problem.max_time_s is not None
    limit = min(longest, limit_s) if model == "lscp" or not must else longest
    counts = [i for i, w in enumerate(problem.weights) if w or model == "lscp"]
    best = None
    for k in range(m + 1) if model == "lscp" else [p]:
        for opened in combinations(range(m), k):
            if problem.rules.broken_by(np.array(opened, np.int64)):
                continue
            ways = [[j for j in opened if problem.values[i, j] <= limit] + [None] * (not must) for i in counts]
            for plan in product(*ways):
                load = dict.fromkeys(opened, 0)
                for i, to in zip(counts, plan, strict=True):
                    if to is not None:
                        load[to] += int(room.loads[i])
                if any(not room.minimum_loads[j] <= load[j] <= room.capacities[j] for j in opened):
                    continue
                sent = [(i, to) for i, to in zip(counts, plan, strict=True) if to is not None]
                value = {
                    "lscp": k,
                    "mclp": -sum(int(problem.weights[i]) for i, j in sent if problem.values[i, j] <= limit_s),
                    "p-center": max((int(problem.values[i, j]) for i, j in sent), default=0),
                }[model]
                best = value if best is None else min(best, value)
    return best if best is None or model != "mclp" else -best


def answer(problem, model, p, limit_s, **limits):
    options = {name: figure for name, figure in {"p": p, "limit_s": limit_s}.items() if name in KNOWN[model].needs}
    return KNOWN[model].solve(problem, **options, **limits)


def faults_of(problem, solution):
    model = solution.model
    reach = solution.options["limit_s"] if model == "lscp" or (model == "mclp" and problem.max_time_s is None) else None
    faults = load_faults(problem, solution, limit_s=reach, everyone=model != "mclp", every_place=model == "lscp")
    return [*faults, *(["rules"] if problem.rules.broken_by(solution.opened) else [])]


def test_a_site_that_stands_without_room_is_counted_beside_the_one_that_has_it():
    rules = {"status": ["existing", "candidate", "candidate", "candidate"]}
    problem = SitingProblem.from_arrays(np.zeros((3, 4)), [0, 0, 0], capacities=[0, 1, 0, 0], loads=[0, 0, 1], **rules)
    solution = lscp(problem, limit_s=0)
    assert (solution.opened.tolist(), solution.bound) == ([0, 1], 2)
    assert verify(problem, solution) == []


@pytest.mark.parametrize("model", MODELS)
@settings(max_examples=120, deadline=None)
@given(problem=loaded_problems(), limit_s=st.sampled_from([0, 1, 4, 5, 9]), data=st.data())
def test_equals_the_best_of_all_plans(model, problem, limit_s, data):
    p = data.draw(st.integers(1, problem.values.shape[1]))
    solution = answer(problem, model, p, limit_s)
    best = best_of_all(problem, model, p, limit_s)
    if best is None:
        assert solution.status == "infeasible"
        assert solution.reasons
        return
    assert (solution.status, solution.objective, solution.bound) == ("optimal", best, best)
    assert solution.proof == "certificate" or model == "lscp"
    assert faults_of(problem, solution) == []
    assert verify(problem, solution) == []


def test_people_beyond_the_beds_are_sent_nowhere():
    problem = SitingProblem.from_arrays([[1], [2], [3]], [50, 30, 30], capacities=[60])
    solution = answer(problem, "mclp", 1, 10)
    assert solution.objective == 60
    assert solution.allocation.tolist() == [-1, 0, 0]


def test_one_more_site_where_the_beds_of_one_do_not_suffice():
    problem = SitingProblem.from_arrays([[1, 2], [1, 2]], [50, 60], capacities=[80, 60])
    solution = answer(problem, "lscp", None, 10)
    assert solution.objective == 2
    assert solution.allocation.tolist() in ([0, 1], [1, 0])


def test_the_longest_way_counts_where_people_are_sent_and_not_where_they_would_go():
    problem = SitingProblem.from_arrays([[1, 8], [1, 9]], [50, 60], capacities=[60, 60])
    assert answer(problem, "p-center", 2, None).objective == 8


def test_beds_short_by_214():
    problem = SitingProblem.from_arrays([[1, 5], [5, 1]], [300, 414], capacities=[200, 300])
    solution = answer(problem, "p-center", 2, None)
    assert (solution.status, solution.proof) == ("infeasible", "enumerated")
    assert {reason.code: reason.params for reason in solution.reasons}["beds-short"] == {"short": 214}


def test_nobody_is_sent_further_than_to_the_nearest_site_with_room():
    seconds, people = random_county(30, 8)
    problem = SitingProblem.from_arrays(seconds, people, capacities=np.full(8, people.sum() // 3))
    solution = answer(problem, "lscp", None, 4000)
    load = np.bincount(solution.allocation, people, minlength=8)
    for i, site in enumerate(solution.allocation):
        nearer = solution.opened[seconds[i, solution.opened] < seconds[i, site]]
        assert (load[nearer] + people[i] > problem.capacity.capacities[nearer]).all()


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("limit", [{"stop": lambda: True}, {"time_limit_s": 0.3}])
def test_limits_are_results_and_not_exceptions(model, limit):
    seconds, people = random_county(150, 60, seed=1)
    problem = SitingProblem.from_arrays(seconds, people, capacities=np.full(60, people.sum() // 8))
    told = []
    solution = answer(problem, model, 10, 900, report=told.append, **limit)
    assert solution.status in {"interrupted", "feasible", "optimal", "infeasible"}
    if solution.objective is not None:
        assert faults_of(problem, solution) == []
    assert all(one.incumbent is None or one.bound is not None for one in told)


def test_a_plan_of_a_county_is_close_to_its_bound():
    seconds, people = random_county(120, 20, seed=2)
    problem = SitingProblem.from_arrays(seconds, people, capacities=np.full(20, people.sum() // 4))
    plan = p_median(problem, p=6, time_limit_s=20)
    assert verify(problem, plan) == []
    assert plan.bound <= plan.objective <= 1.02 * plan.bound
