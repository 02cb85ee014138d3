"""Trees that ask whether a neighbourhood gets a site at all: the proof, the choice of sites, the search."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from benchmarks.siting_cases import plane
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from siting_oracle import allowed_sets, best_p_median, nearest, serves_everyone, small_problems

from planning.siting import Certificate, SitingProblem, p_median, verify
from planning.siting.engine.sites import branching, dividing, node
from planning.siting.engine.sites.groups import Neighbourhoods
from planning.siting.engine.sites.selection import Quota as Kernel
from planning.siting.engine.sites.selection import fix_sites
from planning.siting.proof.domain import Domain, Domains
from planning.siting.proof.sites_tree import proves
from planning.siting.rules import Rules


def asked_of(problem):
    inhabited = problem.weights > 0
    return np.where(problem.allowed, problem.values, -1)[inhabited], problem.weights[inhabited]


@st.composite
def choices(draw):
    """Prices, what is open or shut, areas with limits, and how many to open."""
    m, areas = draw(st.integers(1, 7)), draw(st.integers(1, 3))
    scale = draw(st.sampled_from([1, 10**6, 10**17]))
    prices = [-scale * draw(st.integers(0, 6)) for _ in range(m)]
    state = [draw(st.sampled_from([-1, 0, 0, 0, 1])) for _ in range(m)]
    of = [draw(st.integers(-1, areas - 1)) for _ in range(m)]
    least = [draw(st.integers(0, 2)) for _ in range(areas)]
    most = [low + draw(st.integers(0, 3)) for low in least]
    return prices, state, of, least, most, draw(st.integers(0, m)), scale * draw(st.integers(0, 6))


def cheapest(prices, state, of, least, most, sites):
    """Return every allowed set of sites with its price, by trying all."""
    found = {}
    for opened in combinations(range(len(prices)), sites):
        there = [sum(of[j] == area for j in opened) for area in range(len(least))]
        fits = all(low <= count <= high for low, count, high in zip(least, there, most, strict=True))
        if fits and all(
            (state[j] == 1) <= (j in opened) and (state[j] == -1) <= (j not in opened) for j in range(len(state))
        ):
            found[opened] = sum(prices[j] for j in opened)
    return found


@settings(max_examples=400)
@given(choices())
def test_what_is_settled_is_what_trying_every_choice_settles(case):
    prices, state, of, least, most, sites, slack = case
    every = cheapest(prices, state, of, least, most, sites)
    areas = np.where(np.array(of) < 0, len(least), of)
    limits = np.append(least, 0), np.append(most, len(prices))
    domains = Domains(Rules.from_arrays(len(prices)), sites, sites, areas=areas)
    best = min(every.values(), default=0)
    domain = Domain(np.array(state, np.int8), areas, *limits, sites, sites)
    left, told = domains.narrow(domain, np.array(prices), 0, best + slack)
    kernel = Kernel(np.array(of), np.array(least), np.array(most))
    added, after = fix_sites(np.array(prices), np.array(state, np.int8), sites, kernel, best + slack)
    if not every:
        assert not left.alive
        assert added is None
        return
    assert told == added == best
    for j in np.flatnonzero(np.array(state) == 0).tolist():
        without = min((price for one, price in every.items() if j not in one), default=None)
        inside = min((price for one, price in every.items() if j in one), default=None)
        must, never = without is None or without > best + slack, inside is None or inside > best + slack
        assert left.state[j] == after[j] == must - never


@settings(max_examples=300, deadline=None)
@given(small_problems(most=6, rules=True), st.data())
def test_no_groups_prove_more_than_the_truth(problem, data):
    m = problem.values.shape[1]
    p = data.draw(st.integers(1, m))
    best = best_p_median(problem, p)
    assume(best is not None)
    costs, people = asked_of(problem)
    groups = data.draw(st.lists(st.lists(st.integers(0, 1), min_size=m, max_size=m), min_size=1, max_size=3))
    nodes = data.draw(st.integers(1, 7))
    row = st.lists(st.integers(0, 4000), min_size=len(costs), max_size=len(costs))
    multipliers = data.draw(st.lists(row, min_size=nodes, max_size=nodes))
    branch = data.draw(st.lists(st.integers(-2, m + len(groups) - 1), min_size=nodes, max_size=nodes))
    rows = np.array(multipliers, np.int64).reshape(nodes, -1)
    claim = Certificate(p, best + 1, 4, rows, np.array(branch), groups=np.array(groups, np.int8))
    assert not proves(costs, people, claim, problem.rules)


@settings(max_examples=100, deadline=None)
@given(small_problems(most=5, rules=True), st.data())
def test_groups_and_sites_together_prove_the_truth_and_no_more(problem, data):
    """A tree that asks for some groups and then for each site; each single plan is priced as it is."""
    m = problem.values.shape[1]
    p = data.draw(st.integers(1, m))
    assume(len(problem.rules.townships) == 0)
    costs, people = asked_of(problem)
    plans = {
        opened: int((nearest(problem, opened) * problem.weights)[problem.weights > 0].sum())
        for opened in map(tuple, allowed_sets(problem, p))
        if serves_everyone(problem, opened)
    }
    assume(plans)
    best, high = min(plans.values()), max(plans.values()) + 1
    groups = data.draw(st.lists(st.lists(st.integers(0, 1), min_size=m, max_size=m), min_size=1, max_size=2))
    asked, rows, branch = [*(m + g for g in range(len(groups))), *range(m)], [], []

    def grow(depth, opened):
        done = depth == len(asked)
        branch.append(-1 if done else asked[depth])
        paid = np.where(costs < 0, high, costs * people[:, None])[:, list(opened)].min(axis=1, initial=high)
        rows.append(paid if done else np.zeros_like(paid))
        if not done:
            grow(depth + 1, (*opened, asked[depth]) if asked[depth] < m else opened)
            grow(depth + 1, opened)

    grow(0, ())
    claim = Certificate(p, best, 1, np.array(rows), np.array(branch), groups=np.array(groups, np.int8))
    assert proves(costs, people, claim, problem.rules)
    assert not proves(costs, people, replace(claim, bound=best + 1), problem.rules)


@pytest.fixture(scope="module")
def mixed():
    """A square whose relaxation mixes layouts, and its best plan of five sites."""
    problem = SitingProblem.from_arrays(*plane(400, seed=4))
    solution = p_median(problem, p=5)
    assert (solution.proof, len(solution.certificate.groups) > 0, verify(problem, solution)) == (
        "certificate",
        True,
        [],
    )
    return problem, solution


def test_changed_groups_do_not_carry_the_claim(mixed):
    problem, solution = mixed
    claim = solution.certificate
    assert not proves(problem.values, problem.weights, replace(claim, bound=claim.bound + 1), problem.rules)
    for groups in (claim.groups[:-1], np.zeros_like(claim.groups), claim.groups[:, :-1], claim.groups[0]):
        assert not proves(problem.values, problem.weights, replace(claim, groups=groups), problem.rules)


def test_groups_prove_nothing_where_townships_have_limits(mixed):
    problem, solution = mixed
    n = len(problem.weights)
    towns = np.array(["A"] * n)
    limited = Rules.from_arrays(n, townships=towns, township_limits={"A": (0, n)})
    assert not proves(problem.values, problem.weights, solution.certificate, limited)


def test_neighbourhoods_lie_together_and_within_the_groups_in_force():
    rng = np.random.default_rng(3)
    xy = rng.uniform(0, 100, (60, 2))
    apart = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    primal = np.zeros(60)
    primal[rng.choice(60, 20, replace=False)] = 0.2
    area = np.where(xy[:, 0] < 50, 0, -1)
    free = np.flatnonzero(xy[:, 1] < 80)
    groups = Neighbourhoods.of(np.rint(apart * 10).astype(np.int64)).suggest(primal, free, area, 8)
    assert len(groups) > 1
    for group in groups:
        assert set(group) < set(free)
        assert len(set(area[group])) == 1
        others = np.setdiff1d(free[area[free] == area[group[0]]], group)
        assert len(others) or area[group[0]] < 0
        assert 0.15 < primal[group].sum() < 0.85
        assert apart[np.ix_(group, group)].mean() < apart[np.ix_(free, free)].mean()


@pytest.mark.parametrize(("n", "p", "seed"), [(60, 3, 1), (90, 5, 2), (120, 4, 3), (400, 5, 4)])
def test_questions_taken_for_vast_have_the_same_answer(n, p, seed, monkeypatch):
    """Vast ones climb only, probe with a sample of the demand points, and share the lists of parts that wait."""
    problem = SitingProblem.from_arrays(*plane(n, seed=seed))
    best = p_median(problem, p=p)
    for module, name, value in ((branching, "VAST", 0), (node, "LONG", 0), (dividing, "MOST_ENTRIES", 2000)):
        monkeypatch.setattr(module, name, value)
    solution = p_median(problem, p=p)
    assert (solution.objective, solution.proof) == (best.objective, "certificate")
    assert verify(problem, solution) == []
