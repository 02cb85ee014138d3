"""Small siting problems, solved by trying everything, and a county to solve in earnest."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import strategies as st

from gis.cost_matrix import UNREACHABLE
from planning.siting import SitingProblem


@st.composite
def small_problems(draw, *, most=7):
    """Draw problems with ties, zero weights and pairs without a way."""
    n, m = draw(st.integers(1, most)), draw(st.integers(1, most))
    dearest = draw(st.sampled_from([2, 9, 1000, 2**21]))
    seconds = st.one_of(st.integers(0, dearest), st.just(-1)) if draw(st.booleans()) else st.integers(0, dearest)
    rows = draw(st.lists(st.lists(seconds, min_size=m, max_size=m), min_size=n, max_size=n))
    weights = draw(st.lists(st.sampled_from([0, 1, 1, 3, 500, 2**28]), min_size=n, max_size=n))
    return SitingProblem.from_arrays(np.array(rows), np.array(weights))


def nearest(problem, opened):
    return problem.values[:, list(opened)].min(axis=1).astype(np.int64)


def best_p_median(problem, p):
    """Return the least person-seconds, or None."""
    best = None
    for opened in combinations(range(problem.values.shape[1]), p):
        times = nearest(problem, opened)
        if ((times >= UNREACHABLE) & (problem.weights > 0)).any():
            continue
        cost = int((times * problem.weights)[problem.weights > 0].sum())
        best = cost if best is None else min(best, cost)
    return best


def best_lscp(problem, limit_s):
    """Return the fewest sites, or None."""
    m = problem.values.shape[1]
    for k in range(1, m + 1):
        for opened in combinations(range(m), k):
            if (nearest(problem, opened) <= min(limit_s, UNREACHABLE - 1)).all():
                return k
    return None


def best_mclp(problem, p, limit_s):
    """Return the most people within the limit."""
    return max(
        int(problem.weights[nearest(problem, opened) <= min(limit_s, UNREACHABLE - 1)].sum())
        for opened in combinations(range(problem.values.shape[1]), p)
    )


def random_county(n, m, *, seed=0):
    """Return seconds (n, m) and people (n,) of a county with n villages, m of them candidates."""
    rng = np.random.default_rng(seed)
    xy = rng.uniform([0, 0], [45_000, 22_500], (n, 2))
    people = np.maximum(60, rng.lognormal(6.0, 0.6, n)).astype(np.int64)
    candidates = np.sort(rng.permutation(n)[:m])
    metres = np.hypot(*(xy[:, None] - xy[None, candidates]).transpose(2, 0, 1))
    return np.rint(metres * 1.3 / (40 / 3.6)).astype(np.int64), people
