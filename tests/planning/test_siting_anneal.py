"""Annealed plans of township means: within the rules, never worse, and beyond what single exchanges reach."""

from __future__ import annotations

import numpy as np
from counted import counted
from hypothesis import given, settings
from hypothesis import strategies as st
from siting_oracle import random_county
from siting_plans import ruled_problems

from planning.siting import SitingProblem
from planning.siting.engine.capped.exchange import Exchanges
from planning.siting.limits import Limits
from planning.siting.models.worst_township import _question, worst_township


@counted(annealed=15)
@given(ruled_problems(), st.integers(1, 6))
@settings(max_examples=60, deadline=None)
def test_annealing_keeps_the_rules_and_is_never_worse(seen, problem, p):
    question = _question(problem, min(p, problem.values.shape[1]))
    exchanges = Exchanges(question, Limits())
    plan = exchanges.construct(thrifty=False)
    if plan is None or question.value(plan) is None:
        return
    seen["annealed"] += 1
    found = exchanges.anneal(plan, 1)
    assert question.fits(found)
    assert question.value(found) <= question.value(plan)


def test_annealing_finds_best_plans_where_exchanges_are_stuck():
    stuck, freed = 0, 0
    for seed in (0, 2, 3, 4, 5):
        seconds, people = random_county(40, 40, seed=seed)
        towns = seconds[:, [3, 17, 28, 33]].argmin(axis=1).astype(str)
        problem = SitingProblem.from_arrays(seconds, people, demand_townships=towns)
        best = worst_township(problem, p=5)
        assert best.proof == "certificate"
        exchanges = Exchanges(_question(problem, 5), Limits())
        plan = exchanges.improve(exchanges.construct(thrifty=False))
        if exchanges.question.value(plan) > best.objective:
            stuck += 1
            freed += exchanges.question.value(exchanges.anneal(plan, 1)) == best.objective
    assert freed > 0.5 * stuck > 0


def test_annealing_is_the_same_every_time():
    seconds, people = random_county(40, 40, seed=1)
    towns = seconds[:, [3, 17, 28, 33]].argmin(axis=1).astype(str)
    question = _question(SitingProblem.from_arrays(seconds, people, demand_townships=towns), 5)
    start = np.arange(5)
    first, again = (Exchanges(question, Limits()).anneal(start, 1) for _ in range(2))
    assert first.tolist() == again.tolist()
