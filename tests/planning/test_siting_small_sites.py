"""Many small sites with tight capacities: trying everything, published optima, and what the checker refuses."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from benchmarks import siting_cases as cases
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.siting import SitingProblem, facility_location, verify
from planning.siting.engine.capacity.load_sets import LoadSets
from planning.siting.engine.capacity.small_sites import SmallSites
from planning.siting.engine.domain import begin
from planning.siting.engine.sites.selection import Quota
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
    search = LoadSets(asked, rules, Limits())
    search.run()
    truth = least_cost(asked, rules)
    assert search.done
    assert (None if search.plan is None else search.plan.cost) == truth
    assert truth is None or search.bound == truth


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
