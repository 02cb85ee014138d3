"""Every measure that has a formula equals code written apart from it, on 50 random instances each."""

import math
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from gis.cost_matrix import UNREACHABLE
from planning.measures.catchment import accessibility, describe_accessibility, zones_of
from planning.measures.flows import seconds_of
from planning.measures.inequality import equally_distributed, gini
from planning.measures.second_site import second_nearest_s
from planning.measures.travel_times import measures, weighted_percentile
from planning.siting import SitingProblem
from planning.siting.kolm_pollak_costs import KAPPA_UNIT
from planning.siting.models.kolm_pollak import equivalent_s, kolm_pollak

INSTANCES = range(50)


def instance(seed):
    """Return people and seconds of up to 40 places, some empty, some unreachable, many alike."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 41))
    people = rng.integers(0, 60, n) * rng.integers(0, 2, n)
    seconds = rng.integers(0, rng.choice([3, 50, 9000]), n)
    seconds[rng.random(n) < 0.15] = UNREACHABLE
    return people, seconds


def one_by_one(people, seconds):
    """Return the seconds of every single person who is served."""
    return [t for w, t in zip(people.tolist(), seconds.tolist(), strict=True) for _ in range(w) if t < UNREACHABLE]


@pytest.mark.parametrize("seed", INSTANCES)
def test_gini_is_the_mean_difference_of_any_two_people_over_twice_the_mean(seed):
    people, seconds = instance(seed)
    each = np.array(one_by_one(people, seconds))
    found = gini(people, seconds)
    if len(each) == 0:
        assert found is None
    elif each.sum() == 0:
        assert found == 0
    else:
        apart = int(np.abs(each[:, None] - each).sum())
        assert found == float(Fraction(apart, 2 * len(each) * int(each.sum())))


@pytest.mark.parametrize("seed", INSTANCES)
@pytest.mark.parametrize("percent", [1, 10, 50, 95, 100])
def test_a_percentile_is_the_person_at_that_place_in_the_row(seed, percent):
    people, seconds = instance(seed)
    each = sorted(one_by_one(people, seconds))
    if each:
        served = seconds < UNREACHABLE
        found = weighted_percentile(seconds[served], people[served], percent)
        assert found == each[-(-percent * len(each) // 100) - 1]
        assert found == np.percentile(each, percent, method="inverted_cdf")


@pytest.mark.parametrize("seed", INSTANCES)
def test_kolm_pollak_is_the_time_that_were_it_everyone_s_would_be_as_bad(seed):
    people, seconds = instance(seed)
    each = np.array(one_by_one(people, seconds), float)
    found = equally_distributed(people, seconds, aversion=1.5)
    if len(each) == 0:
        assert found is None
        return
    kappa = 1.5 * each.sum() / (each**2).sum() if each.any() else 1 / KAPPA_UNIT
    assert found.kappa_e12 == pytest.approx(kappa * KAPPA_UNIT, abs=1)
    kappa = found.kappa_e12 / KAPPA_UNIT
    longest = each.max()  # taken out of the sum, so that no exponential overflows
    as_bad = longest + math.log(math.fsum(np.exp(kappa * (each - longest))) / len(each)) / kappa
    assert found.seconds == pytest.approx(as_bad, rel=1e-9, abs=1e-3 if not each.any() else 1e-6)
    assert found.seconds >= each.mean() - 1e-6
    assert equally_distributed(people, seconds, kappa_e12=found.kappa_e12).seconds == found.seconds


@pytest.mark.parametrize("seed", range(5))
def test_kolm_pollak_of_a_plan_that_was_asked_for_it_is_the_one_that_the_plan_claims(seed):
    rng = np.random.default_rng(seed)
    problem = SitingProblem.from_arrays(rng.integers(0, 3000, (20, 20)), rng.integers(0, 90, 20))
    solution = kolm_pollak(problem, p=3)
    seconds = seconds_of(problem, solution.allocation)
    claimed, rounding = equivalent_s(solution, problem)
    found = equally_distributed(problem.weights, seconds, kappa_e12=solution.options["kappa_e12"])
    assert abs(found.seconds - claimed) <= rounding + 1e-6


@pytest.mark.parametrize("seed", INSTANCES)
def test_the_second_nearest_is_the_second_of_all_ways_sorted(seed):
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(1, 20)), int(rng.integers(1, 9))
    values = np.where(rng.random((n, m)) < 0.3, -1, rng.integers(0, 30, (n, m)))
    problem = SitingProblem.from_arrays(values, rng.integers(0, 9, n))
    opened = np.flatnonzero(rng.random(m) < 0.7)
    wanted = []
    for row in values.tolist():
        ways = sorted(row[j] for j in opened.tolist() if row[j] >= 0)
        wanted.append(ways[1] if len(ways) > 1 else UNREACHABLE)
    found = second_nearest_s(problem, opened)
    assert found.tolist() == wanted
    told = measures(problem.weights, found, limit_s=10)
    alone = sum(w for w, t in zip(problem.weights.tolist(), wanted, strict=True) if t == UNREACHABLE)
    assert told.unreachable_people == alone


def offers(seed):
    """Return seconds, people, what sites offer, and a limit."""
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(1, 30)), int(rng.integers(1, 9))
    seconds = np.where(rng.random((n, m)) < 0.2, UNREACHABLE, rng.integers(0, 2400, (n, m))).astype(np.int32)
    return seconds, rng.integers(0, 90, n), rng.integers(0, 400, m), int(rng.integers(0, 2000))


def two_steps(seconds, people, offered, limit_s):
    """Return E2SFCA of each place in fractions, by the book: first the sites, then the places."""

    def weight(t):
        zones = [(Fraction(limit_s, 3), 100), (Fraction(2 * limit_s, 3), 68), (Fraction(limit_s), 22)]
        return next((Fraction(percent, 100) for upto, percent in zones if t <= upto), Fraction(0))

    n, m = seconds.shape
    ratios = []
    for j in range(m):
        wanting = sum(int(people[i]) * weight(int(seconds[i, j])) for i in range(n))
        ratios.append(Fraction(int(offered[j])) / wanting if wanting else Fraction(0))
    return [sum(ratios[j] * weight(int(seconds[i, j])) for j in range(m)) for i in range(n)]


@pytest.mark.parametrize("seed", INSTANCES)
def test_two_steps_by_the_book_give_the_same_accessibility(seed):
    seconds, people, offered, limit_s = offers(seed)
    found = accessibility(seconds, people, offered, limit_s=limit_s)
    wanted = two_steps(seconds, people, offered, limit_s)
    assert found == pytest.approx([float(one) for one in wanted], rel=1e-12, abs=0)


@pytest.mark.parametrize("seed", INSTANCES)
def test_all_that_can_be_reached_is_shared_out_and_no_more(seed):
    seconds, people, offered, limit_s = offers(seed)
    found = accessibility(seconds, people, offered, limit_s=limit_s)
    reached = ((seconds <= limit_s) & (people > 0)[:, None]).any(axis=0)
    assert people @ found == pytest.approx(offered[reached].sum())


@pytest.mark.parametrize("seed", INSTANCES)
def test_the_catchments_of_pysal_are_ours(seed):
    access = pytest.importorskip("access", reason="PySAL access of requirements-test.lock is not installed")
    seconds, people, offered, limit_s = offers(seed)
    steps = access.weights.step_fn({upto: percent / 100 for upto, percent in reversed(zones_of(limit_s))})
    place, site = np.nonzero((seconds <= limit_s) & (people > 0)[:, None])
    ours = accessibility(seconds, people, offered, limit_s=limit_s)
    theirs = access.fca.two_stage_fca(
        pd.DataFrame({"geoid": np.arange(len(people)), "demand": people.astype(float)}),
        pd.DataFrame({"supply": offered.astype(float)}),
        pd.DataFrame({"origin": place, "dest": site, "cost": seconds[place, site]}),
        max_cost=limit_s,
        weight_fn=steps,
    )
    lived_in = np.flatnonzero(people)
    assert ours[lived_in] == pytest.approx(theirs.reindex(lived_in).fillna(0).to_numpy())


def test_accessibility_tells_what_is_shared_and_who_has_nothing():
    problem = SitingProblem.from_arrays([[0], [900], [1800], [1801]], [10, 10, 10, 10], capacities=[95])
    found = describe_accessibility(problem, np.array([0]), limit_s=1800)
    assert (found.offer, found.zones) == ("capacity", ((600, 1.0), (1200, 0.68), (1800, 0.22)))
    assert found.people_without == 10
    assert found.p10_per_1000 == 0
    assert found.median_per_1000 == pytest.approx(1000 * 0.22 * 95 / 19)
    assert describe_accessibility(SitingProblem.from_arrays([[0]], [5]), np.array([0]), limit_s=9).offer == "sites"


def test_whoever_serves_himself_alone_is_not_unequal():
    assert gini([3, 4], [0, 0]) == 0
    assert equally_distributed([3, 4], [0, 0]).seconds == 0
    assert equally_distributed([3, 4], [60, 60]).seconds == pytest.approx(60)
    assert gini([0, 0], [1, 2]) is gini([5], [UNREACHABLE]) is equally_distributed([5], [-1]) is None
