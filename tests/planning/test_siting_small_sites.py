"""Many small sites with tight capacities: trying everything, published optima, and what the checker refuses."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from benchmarks import siting_cases as cases
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.siting import SitingProblem, facility_location, verify
from planning.siting.engine.capacity.column_programs import compact_program
from planning.siting.engine.capacity.columns import ColumnSearch
from planning.siting.engine.capacity.restricted import restrict_rules
from planning.siting.engine.capacity.small_sites import SmallSites
from planning.siting.engine.domain import begin
from planning.siting.engine.sites.selection import Quota
from planning.siting.engine.solver import solve
from planning.siting.limits import Limits
from planning.siting.rules import Rules

sscflp = pytest.mark.skipif(not cases.SSCFLP.exists(), reason=f"no files at {cases.SSCFLP}")


@st.composite
def questions(draw):
    """Draw six demand points and four sites, with or without costs of sites, extensions, rules and a number."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, m = draw(st.integers(1, 6)), draw(st.integers(1, 4))
    costs = np.where(rng.random((n, m)) < 0.1, -1, rng.integers(0, 40, (n, m)))
    loads = rng.integers(0, 9, n)
    room = rng.integers(1, max(2, 2 * loads.sum() // m + 4), m)
    priced, extended, ruled = draw(st.booleans()), draw(st.booleans()), draw(st.booleans())
    status = rng.choice(["candidate", "required", "excluded"], m, p=[0.8, 0.1, 0.1]) if ruled else ["candidate"] * m
    least = np.minimum(room, rng.integers(0, 5, m)) if draw(st.booleans()) else np.zeros(m, np.int64)
    rules = Rules.from_arrays(m, status=list(status))
    nothing = np.zeros(m, np.int64)
    asked = SmallSites(
        costs,
        loads,
        least,
        room,
        rng.integers(-20, 60, m) if priced else nothing,
        rng.integers(0, room + 1) if extended else room,
        rng.integers(0, 9, m) if extended else nothing,
        begin(rules),
        draw(st.integers(1, m)) if draw(st.booleans()) else -1,
        Quota.of(rules),
    )
    return asked, rules


def least_cost(asked, rules):
    """Return the least cost of all sets of sites and all ways to go, ``None`` where nothing fits."""
    n, m = asked.costs.shape
    found = []
    for opened in product([False, True], repeat=m):
        sites = np.flatnonzero(opened)
        if not len(sites) or rules.broken_by(sites) or asked.sites not in {-1, len(sites)}:
            continue
        for goes in product(sites, repeat=n):
            held = np.bincount(goes, asked.loads, m).astype(int)
            fits = (held[sites] <= asked.room[sites]).all() and (held[sites] >= asked.least[sites]).all()
            paid = asked.costs[np.arange(n), list(goes)]
            if fits and (paid >= 0).all():
                beyond = asked.extension * (held - asked.included).clip(min=0)
                found.append(int(paid.sum() + asked.site_costs[sites].sum() + beyond[sites].sum()))
    return min(found, default=None)


@given(questions())
@settings(max_examples=60, deadline=None)
def test_costs_what_trying_everything_finds(case):
    asked, rules = case
    search = ColumnSearch(asked, rules, Limits())
    search.run()
    truth = least_cost(asked, rules)
    assert search.done
    assert (None if search.plan is None else search.plan.cost) == truth
    assert truth is None or search.bound == truth


@given(questions())
@settings(max_examples=150, deadline=None)
def test_a_program_of_all_pairs_has_the_plan_that_trying_everything_finds(case):
    asked, rules = case
    sites = np.flatnonzero(asked.state >= 0)  # not those that the rules shut
    pairs = (asked.costs >= 0) & (asked.state >= 0) & (asked.loads[:, None] <= asked.room)
    truth = least_cost(asked, rules)
    if not pairs.any(axis=1).all():  # nobody is asked where somebody has nowhere to go
        assert truth is None
        return
    stated = compact_program(asked, restrict_rules(rules, sites), sites, pairs)
    answer = solve(stated.program, limits=Limits())
    assert answer.proven
    assert (answer.values is None) == (truth is None)
    if answer.values is not None:
        opened, goes = stated.plan(answer.values)
        assert np.isin(goes, opened).all()
        assert round(float(answer.values @ stated.program.cost)) == truth


def test_limits_are_looked_at_after_every_step_where_a_step_takes_long():
    n, rng, looks = 120, np.random.default_rng(4), []
    room, nothing = np.full(n, 1200), np.zeros(n, np.int64)
    asked = SmallSites(
        rng.integers(0, 99, (n, n)),
        rng.integers(10, 200, n),
        nothing,
        room,
        nothing,
        room,
        nothing,
        np.zeros(n, np.int8),
        12,
        Quota.of(Rules.from_arrays(n)),
    )
    search = ColumnSearch(asked, Rules.from_arrays(n), Limits(lambda: bool(looks.append(1)) or len(looks) > 50))
    search.run()
    assert len(looks) < 60
    assert not search.by_solver  # 50 looks were over before the 600 steps of the ascent


@sscflp
@pytest.mark.parametrize("number", [1, 2, 7])
def test_facility_location_meets_the_published_optimum(number):
    solution = solve_sscflp(number)
    assert solution[1].objective == int((cases.SSCFLP / "optima.txt").read_text().split()[number - 1])
    assert solution[1].status == "optimal"
    assert verify(*solution) == []


def solve_sscflp(number):
    told = cases.sscflp(number)
    costs = told.pop("costs")
    problem = SitingProblem.from_arrays(36 * costs, np.ones(len(costs), int), included=told["capacities"], **told)
    return problem, facility_location(problem, hour_yuan=100, trips=1)


@sscflp
def test_what_highs_closes_is_its_word_and_no_certificate():
    problem, solution = solve_sscflp(2)
    assert (solution.proof, solution.solver.split()[0]) == ("solver", "HiGHS")
    assert "bound-unproven" in {
        fault.code for fault in verify(problem, replace(solution, proof="certificate", solver=""))
    }
    assert "solver-unnamed" in {fault.code for fault in verify(problem, replace(solution, solver=""))}
    lie = replace(solution, objective=solution.objective - 1, bound=solution.objective - 1)
    assert "objective-wrong" in {fault.code for fault in verify(problem, lie)}
