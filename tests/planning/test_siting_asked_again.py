"""Why here by asking the model again: against the tables of payments, against every plan, and within its time."""

from itertools import combinations

import numpy as np
import pytest
from counted import counted
from hypothesis import given, settings
from hypothesis import strategies as st
from siting_oracle import random_county

from gis.faults import FaultsError
from planning.siting import SitingProblem, budget, capacitated, lscp, p_center, p_median, worst_township
from planning.siting.limits import Limits
from planning.siting.study.alternatives import alternatives
from planning.siting.study.asked_again import exchange_sites, other_plans, weigh_sites
from planning.siting.study.question import Question
from planning.siting.study.why_here import why_here
from planning.siting.study.worth import best_swap, marginal_worth, swap_for


def silent(*_told):
    """Tell nobody."""


@st.composite
def counties(draw):
    """Draw a small problem with ties, gaps, rules and positions, and a number of sites."""
    n, m = draw(st.integers(2, 6)), draw(st.integers(3, 7))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    times = rng.integers(0, draw(st.sampled_from([4, 30, 1000])), (n, m))
    if draw(st.booleans()):
        times[rng.random((n, m)) < 0.2] = -1
    places = rng.integers(0, 4, (m, 2)) * 1000.0
    rules = {}
    if draw(st.booleans()):
        rules["status"] = rng.choice(["candidate", "existing", "closable", "excluded"], m, p=[0.7, 0.1, 0.1, 0.1])
    if draw(st.booleans()):
        townships = rng.choice(["A", "B", "C"], m)
        limits = {"A": (0, 2), "B": (1, None)}
        rules |= {"townships": townships, "township_limits": {k: v for k, v in limits.items() if k in townships}}
    if draw(st.booleans()):
        rules |= {"positions": places, "separation_m": 1100.0}
    problem = SitingProblem.from_arrays(times, rng.choice([0, 1, 3, 500], n), **rules)
    return problem, draw(st.integers(2, min(4, m))), places


@counted(optimal=30, possible=30, impossible=5, swap=20, complete=15)
@settings(max_examples=60, deadline=None)
@given(counties())
def test_the_p_median_asked_again_says_what_the_tables_say(seen, county):
    problem, p, places = county
    plan = p_median(problem, p=p)
    if plan.status != "optimal":
        return
    seen["optimal"] += 1
    question = Question(problem, plan, p_median, {"p": p})
    for asked, read in zip(weigh_sites(question, Limits(), silent), marginal_worth(problem, plan), strict=True):
        assert (asked.site, asked.kept, asked.without_people) == (read.site, read.kept, read.without_people)
        seen["possible" if asked.possible else "impossible"] += 1
        if asked.possible:
            assert asked.loss == read.loss
            assert asked.extra_person_seconds == read.extra_person_seconds
        else:
            assert read.without_people
    swap, best = exchange_sites(question, Limits(), silent), best_swap(problem, plan)
    assert (swap is None) == (best is None or not best.feasible)
    seen["swap"] += swap is not None
    if swap is not None:
        assert swap.proven
        assert swap.loss == best.loss
    wanted = {"positions": places, "count": 4, "apart_m": 1500.0, "within": 0.5}
    asked, searched = other_plans(question, Limits(), silent, **wanted), alternatives(problem, plan, **wanted)
    assert searched.complete
    seen["complete"] += asked.complete
    if asked.complete:
        assert len(asked.plans) == len(searched.plans) or len(asked.plans) < 4
        assert [other.loss for other in asked.plans[:1]] == [other.loss for other in searched.plans[:1]]
    assert asked.within <= searched.within
    assert asked.within_far <= searched.within_far
    for other in asked.plans:
        assert other.far


@counted(optimal=12, proven=4, nothing=2)
@settings(max_examples=40, deadline=None)
@given(counties(), st.sampled_from(["p-center", "lscp"]))
def test_plans_that_stand_apart_are_the_best_of_all_where_proven(seen, county, model):
    problem, p, places = county
    options = {"p": p} if model == "p-center" else {"limit_s": 20}
    solve = {"p-center": p_center, "lscp": lscp}[model]
    plan = solve(problem, **options)
    if plan.status != "optimal":
        return
    seen["optimal"] += 1
    found = other_plans(
        Question(problem, plan, solve, options), Limits(), silent, positions=places, count=1, apart_m=1500.0, within=0.1
    )
    good = {}
    for size in {"p-center": [p], "lscp": range(1, problem.values.shape[1] + 1)}[model]:
        for opened in combinations(range(problem.values.shape[1]), size):
            seconds = problem.values[:, opened].min(axis=1)
            if problem.rules.broken_by(np.array(opened)) or (seconds > 10**6)[problem.inhabited].any():
                continue
            if model == "lscp" and (seconds > 20).any():
                continue
            worth = int(seconds[problem.inhabited].max(initial=0)) if model == "p-center" else size
            if any(np.hypot(*(places[j] - places[plan.opened]).T).min() >= 1500.0 for j in opened):
                good[opened] = worth - plan.objective
    for other in found.plans:
        assert other.loss == good[other.opened]
        if other.proven:
            seen["proven"] += 1
            assert other.loss == min(good.values())
    if found.complete and not found.plans:
        seen["nothing"] += 1
        assert not good


def hills(**rules):
    times, people = random_county(16, 16, seed=5)
    places = np.random.default_rng(5).uniform([0, 0], [45_000, 22_500], (16, 2))
    homes = np.arange(16) % 4
    return SitingProblem.from_arrays(times, people, demand_townships=homes, **rules), places


def test_a_site_without_which_the_rest_is_too_small_is_told_as_such():
    problem, places = hills(capacities=np.full(16, 1))
    total = int(problem.weights.sum())
    problem, places = hills(capacities=np.full(16, total // 2))
    plan = capacitated(problem, p=3)
    question = Question(problem, plan, capacitated, {"p": 3})
    found = why_here(question, positions=places, limits=Limits(), count=2)
    every = {opened: capacitated(problem_of(problem, opened), p=3).objective for opened in combinations(range(16), 3)}
    best = min(
        cost for opened, cost in every.items() if cost is not None and len(set(opened) & set(plan.opened.tolist())) == 2
    )
    assert found.swap.loss == best - plan.objective
    for slot, site in enumerate(found.worth):
        alone = capacitated(problem_of(problem, np.delete(plan.opened, slot)), p=2)
        assert site.possible == (alone.objective is not None)
        assert site.loss == (None if alone.objective is None else alone.objective - plan.objective)
    assert all(other.loss == every[other.opened] - plan.objective for other in found.others.plans)


def problem_of(problem, opened):
    status = np.full(problem.values.shape[1], "excluded", dtype=object)
    status[list(opened)] = "required"
    room = problem.capacity
    return SitingProblem.from_arrays(
        np.where(problem.reachable, problem.values, -1), problem.weights, status=status, capacities=room.capacities
    )


def test_a_budget_pays_for_what_an_exchange_closes():
    status = np.full(16, "candidate", dtype=object)
    problem, _ = hills()
    status[p_median(problem, p=2).opened] = "closable"
    problem, places = hills(status=status, opening_costs=np.full(16, 100), closing_costs=np.full(16, 40))
    plan = budget(problem, budget_yuan=100)
    question = Question(problem, plan, budget, {"budget_yuan": 100})
    stands = plan.opened[problem.rules.stands[plan.opened]]
    assert len(stands) == 2
    found = why_here(question, positions=places, limits=Limits(), count=1)
    # Closing a site of today costs 40 and a new one in its place 100 more: neither is there.
    assert found.swap.leaving not in stands
    assert {site.site: site.possible for site in found.worth} == {j: j not in stands for j in plan.opened}


def test_a_candidate_is_told_what_it_would_replace():
    problem, places = hills()
    plan = worst_township(problem, p=3)
    question = Question(problem, plan, worst_township, {"p": 3})
    elsewhere = next(j for j in range(16) if j not in plan.opened)
    found = why_here(question, positions=places, limits=Limits(), candidate=str(elsewhere), count=1)
    assert found.there.entering == elsewhere
    assert found.there.loss >= found.swap.loss >= 0
    median = p_median(problem, p=3)
    for candidate in set(range(16)) - set(median.opened.tolist()):
        asked = exchange_sites(Question(problem, median, p_median, {"p": 3}), Limits(), silent, candidate=candidate)
        assert asked.loss == swap_for(problem, median, candidate).loss
    with pytest.raises(FaultsError, match="candidate-unknown"):
        why_here(question, positions=places, limits=Limits(), candidate="nowhere")
    with pytest.raises(FaultsError, match="positions-wrong"):
        why_here(question, positions=places[:3], limits=Limits())


def test_without_time_nothing_is_claimed():
    problem, places = hills()
    plan = worst_township(problem, p=3)
    found = why_here(Question(problem, plan, worst_township, {"p": 3}), positions=places, limits=Limits(lambda: True))
    assert [site.possible for site in found.worth] == [None] * 3
    assert [site.people for site in found.worth] == [
        int(problem.weights[plan.allocation == site].sum()) for site in plan.opened
    ]
    assert found.swap is None
    assert not found.others.complete
    assert not found.others.counted
