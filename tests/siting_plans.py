"""Small problems with rules, townships and costs, their allowed plans, and what a true claim is."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import strategies as st

from gis.cost_matrix import UNREACHABLE
from planning.siting import SitingProblem


@st.composite
def ruled_problems(draw, *, most=6):
    """Draw problems with rules, ties, zero weights, pairs without a way and a longest time."""
    n, m = draw(st.integers(1, most)), draw(st.integers(1, most))
    dearest = draw(st.sampled_from([3, 10, 1000]))
    seconds = st.one_of(st.integers(0, dearest), st.integers(0, dearest), st.just(-1))
    rows = draw(st.lists(st.lists(seconds, min_size=m, max_size=m), min_size=n, max_size=n))
    weights = draw(st.lists(st.sampled_from([0, 1, 1, 3, 500]), min_size=n, max_size=n))
    kinds = st.sampled_from(["candidate"] * 3 + ["closable", "existing", "required", "excluded", "closed"])
    yuan = st.lists(st.integers(0, 9), min_size=m, max_size=m)
    means = {"opening_costs": draw(yuan), "closing_costs": draw(yuan)}
    means |= {"demand_townships": draw(st.lists(st.sampled_from("xyz"), min_size=n, max_size=n))}
    if draw(st.booleans()):
        means["status"] = draw(st.lists(kinds, min_size=m, max_size=m))
    if draw(st.booleans()):
        means["townships"] = ["a", *draw(st.lists(st.sampled_from("abc"), min_size=m - 1, max_size=m - 1))]
        means["township_limits"] = {"a": (draw(st.integers(0, 1)), draw(st.integers(1, 3))), "b": (0, 1)}
    if draw(st.booleans()):
        means["positions"] = [[draw(st.integers(0, 9)), 0] for _ in range(m)]
        means["separation_m"] = 2.5
    if draw(st.booleans()):
        means["max_time_s"] = draw(st.integers(1, dearest))
    return SitingProblem.from_arrays(np.array(rows), np.array(weights), **means)


def plans(problem, sizes):
    """Yield every allowed plan with the seconds of everyone inhabited."""
    for size in sizes:
        for chosen in combinations(range(problem.values.shape[1]), size):
            opened = np.array(chosen, np.int64)
            times = np.where(problem.allowed[:, opened], problem.values[:, opened], UNREACHABLE).min(axis=1)
            if not problem.rules.broken_by(opened) and not (times[problem.inhabited] == UNREACHABLE).any():
                yield opened, np.where(problem.inhabited, times, 0).astype(np.int64)


def holds(statement, problem, solution):
    """Whether plan, objective and bound are what they claim to be."""
    return (
        not list(statement.plan_faults(problem, solution))
        and not problem.rules.broken_by(solution.opened)
        and statement.objective(problem, solution) == solution.objective
        and (statement.proven_bound(problem, solution) or -1) >= (solution.bound or -1)
    )
