"""The fewest sites that make losses good: as trying everything finds them, with a proof that the checker accepts."""

from itertools import combinations

import numpy as np
import pytest

from gis.cost_matrix import UNREACHABLE
from planning.comparison.made_good import make_good
from planning.siting import SitingProblem, verify

MORE_S = 300


def county(seed):
    """Return a small county with two schemes: some places nobody can reach, some without people, some sites barred."""
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(4, 11)), int(rng.integers(4, 10))
    seconds = rng.integers(0, 1500, (n, m))
    seconds[rng.random((n, m)) < 0.15] = -1
    people = rng.integers(0, 4, n)
    status = rng.choice(["candidate", "excluded", "closable"], m, p=[0.7, 0.15, 0.15]).astype(object)
    problem = SitingProblem.from_arrays(seconds, people, status=status)
    before, after = (np.sort(rng.choice(m, int(rng.integers(1, 4)), replace=False)) for _ in range(2))
    return problem, before, after


def times(problem, opened):
    return problem.values[:, list(opened)].min(axis=1)


def loses(problem, before_s, opened):
    now = times(problem, opened)
    return {
        row
        for row in range(len(now))
        if problem.weights[row] > 0
        and before_s[row] < UNREACHABLE
        and (now[row] >= UNREACHABLE or now[row] > before_s[row] + MORE_S)
    }


def fewest_by_trying(problem, before_s, opened, beyond_help):
    others = [k for k in range(problem.values.shape[1]) if k not in opened and not problem.rules.barred[k]]
    for count in range(len(others) + 1):
        for added in combinations(others, count):
            if loses(problem, before_s, [*opened, *added]) <= beyond_help:
                return count
    raise AssertionError


@pytest.mark.parametrize("seed", range(50))
def test_the_fewest_added_sites_are_those_that_trying_everything_finds(seed):
    problem, before, after = county(seed)
    before_s, after_s = times(problem, before), times(problem, after)
    found = make_good(problem, after, before_s=before_s, after_s=after_s, most_more_s=MORE_S)
    everything = [k for k in range(problem.values.shape[1]) if k in after or not problem.rules.barred[k]]
    beyond_help = loses(problem, before_s, everything)
    assert set(found.losing.tolist()) == loses(problem, before_s, after)
    assert set(found.beyond_help.tolist()) == beyond_help
    assert loses(problem, before_s, [*after, *found.added]) == beyond_help
    assert len(found.added) == fewest_by_trying(problem, before_s, after.tolist(), beyond_help)
    if found.cover is not None:
        assert found.cover[1].status == "optimal"
        assert found.cover[1].proof == "certificate"
        assert verify(*found.cover) == []


def test_fifty_counties_hold_every_kind_of_case():
    found = []
    for seed in range(50):
        problem, before, after = county(seed)
        before_s, after_s = times(problem, before), times(problem, after)
        found.append(make_good(problem, after, before_s=before_s, after_s=after_s, most_more_s=MORE_S))
    assert {len(one.added) for one in found} >= {0, 1, 2}
    assert any(one.beyond_help.size for one in found)
    assert any(not one.losing.size for one in found)


def test_who_loses_just_what_is_allowed_needs_nothing():
    problem = SitingProblem.from_arrays([[0, 300], [0, 301]], [1, 1])
    given = {"before_s": problem.values[:, 0], "after_s": problem.values[:, 1]}
    found = make_good(problem, np.array([1]), **given, most_more_s=300)
    assert found.losing.tolist() == [1]
    assert found.added.tolist() == [0]
    assert make_good(problem, np.array([1]), **given, most_more_s=301).cover is None


def test_whom_a_full_site_sends_away_counts_by_the_time_that_they_take():
    problem = SitingProblem.from_arrays([[0, 10, 900]], [1])
    sent = np.array([900], np.int32)
    found = make_good(problem, np.array([0, 2]), before_s=problem.values[:, 0], after_s=sent, most_more_s=300)
    assert found.added.tolist() == [1]
