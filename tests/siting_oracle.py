"""Small siting problems, solved by trying everything, and a county to solve in earnest."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import strategies as st

from gis.cost_matrix import UNREACHABLE
from planning.siting import SitingProblem


@st.composite
def small_problems(draw, *, most=7, rules=False):
    """Draw problems with ties, zero weights and pairs without a way; with rules if asked for."""
    n, m = draw(st.integers(1, most)), draw(st.integers(1, most))
    dearest = draw(st.sampled_from([2, 9, 1000, 2**21]))
    seconds = st.one_of(st.integers(0, dearest), st.just(-1)) if draw(st.booleans()) else st.integers(0, dearest)
    rows = draw(st.lists(st.lists(seconds, min_size=m, max_size=m), min_size=n, max_size=n))
    weights = draw(st.lists(st.sampled_from([0, 1, 1, 3, 500, 2**28]), min_size=n, max_size=n))
    asked = draw(small_rules(m)) if rules else {}
    return SitingProblem.from_arrays(np.array(rows), np.array(weights), **asked)


@st.composite
def small_rules(draw, m):
    """Draw rules for m candidates, some of which contradict each other."""
    asked = {}
    kinds = st.sampled_from(["candidate"] * 4 + ["existing", "required", "excluded", "closable", "closed"])
    if draw(st.booleans()):
        asked["status"] = draw(st.lists(kinds, min_size=m, max_size=m))
    if draw(st.booleans()):
        asked["townships"] = draw(st.lists(st.sampled_from("ab"), min_size=m, max_size=m))
        low, more = draw(st.integers(0, 2)), draw(st.sampled_from([0, 1, None]))
        asked["township_limits"] = {
            draw(st.sampled_from(asked["townships"])): (low, None if more is None else low + more)
        }
    if draw(st.booleans()):
        asked["positions"] = draw(st.lists(st.tuples(st.integers(0, 4), st.just(0)), min_size=m, max_size=m))
        asked["separation_m"] = draw(st.sampled_from([0.0, 1.5, 3.0]))
    if draw(st.booleans()):
        asked["max_time_s"] = draw(st.sampled_from([1, 9, 1000]))
    return asked


def allowed_sets(problem, p):
    """Yield every set of p sites that the rules allow."""
    for opened in combinations(range(problem.values.shape[1]), p):
        if not problem.rules.broken_by(np.array(opened, np.int64)):
            yield opened


def serves_everyone(problem, opened):
    """Whether every inhabited place is served within the longest time allowed."""
    limit = UNREACHABLE - 1 if problem.max_time_s is None else problem.max_time_s
    return (nearest(problem, opened)[problem.weights > 0] <= limit).all()


def nearest(problem, opened):
    return problem.values[:, list(opened)].min(axis=1).astype(np.int64)


def best_p_median(problem, p):
    """Return the least person-seconds, or None."""
    costs = [
        int((nearest(problem, opened) * problem.weights)[problem.weights > 0].sum())
        for opened in allowed_sets(problem, p)
        if serves_everyone(problem, opened)
    ]
    return min(costs, default=None)


def best_lscp(problem, limit_s):
    """Return the fewest sites, or None."""
    limit = min(limit_s, UNREACHABLE - 1 if problem.max_time_s is None else problem.max_time_s)
    for k in range(1, problem.values.shape[1] + 1):
        for opened in allowed_sets(problem, k):
            if (nearest(problem, opened) <= limit).all():
                return k
    return None


def best_mclp(problem, p, limit_s):
    """Return the most people within the limit, or None."""
    covered = [
        int(problem.weights[nearest(problem, opened) <= min(limit_s, UNREACHABLE - 1)].sum())
        for opened in allowed_sets(problem, p)
        if problem.max_time_s is None or serves_everyone(problem, opened)
    ]
    return max(covered, default=None)


def random_county(n, m, *, seed=0):
    """Return seconds (n, m) and people (n,) of a county with n villages, m of them candidates."""
    rng = np.random.default_rng(seed)
    xy = rng.uniform([0, 0], [45_000, 22_500], (n, 2))
    people = np.maximum(60, rng.lognormal(6.0, 0.6, n)).astype(np.int64)
    candidates = np.sort(rng.permutation(n)[:m])
    metres = np.hypot(*(xy[:, None] - xy[None, candidates]).transpose(2, 0, 1))
    return np.rint(metres * 1.3 / (40 / 3.6)).astype(np.int64), people
