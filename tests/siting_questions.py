"""Small questions with every kind of rule, most of them too strict for a plan."""

import numpy as np
from hypothesis import strategies as st

from planning.siting import SitingProblem
from planning.siting.engine.linear.compact import CompactQuestion
from planning.siting.rules import STATUSES
from planning.siting.solution import Solution


@st.composite
def ruled_questions(draw, *, loads=False):
    """Draw questions with every rule, most of them too strict."""
    n, m = draw(st.integers(1, 3 if loads else 6)), draw(st.integers(1, 3 if loads else 6))
    seconds = st.sampled_from([0, 5, 10, 15, -1])
    towns = st.lists(st.sampled_from(["x", "y", "z"]), min_size=m, max_size=m)
    townships = draw(towns)
    limits = {
        name: (low, high)
        for name in sorted(set(townships))
        if draw(st.booleans())
        for low, high in [draw(st.sampled_from([(0, 1), (1, None), (2, None), (1, 1), (3, 4), (0, 0)]))]
    }
    given = {
        "status": draw(st.lists(st.sampled_from(["candidate", "candidate", *STATUSES]), min_size=m, max_size=m)),
        "townships": townships,
        "township_limits": limits,
        "positions": np.array(draw(st.lists(st.integers(0, 4), min_size=m, max_size=m)))[:, None] * [10.0, 0.0],
        "separation_m": draw(st.sampled_from([None, 5.0, 15.0])),
        "max_time_s": draw(st.sampled_from([None, None, 5, 10])),
        "opening_costs": draw(st.lists(st.integers(0, 3), min_size=m, max_size=m)),
        "closing_costs": draw(st.lists(st.integers(0, 3), min_size=m, max_size=m)),
    }
    weights = draw(st.lists(st.sampled_from([0, 1, 3]), min_size=n, max_size=n))
    if loads:
        figures = st.lists(st.integers(0, 5), min_size=m, max_size=m)
        given |= {"capacities": draw(figures), "loads": draw(st.lists(st.integers(0, 4), min_size=n, max_size=n))}
        given |= {"minimum_loads": draw(figures)} if draw(st.booleans()) else {}
    rows = draw(st.lists(st.lists(seconds, min_size=m, max_size=m), min_size=n, max_size=n))
    problem = SitingProblem.from_arrays(np.array(rows), np.array(weights), **given)
    return CompactQuestion(
        problem,
        p=draw(st.sampled_from([None, *range(1, m + 1)])),
        at_most=draw(st.booleans()),
        limit_s=draw(st.sampled_from([None, 0, 5, 10])),
        everyone=draw(st.booleans()),
        every_place=draw(st.booleans()),
        budget=draw(st.sampled_from([None, 0, 2, 5])),
    )


def as_solution(asked):
    options = {"p": asked.p, "limit_s": asked.limit_s, "budget": asked.budget, "at_most": int(asked.at_most)}
    given = {name: figure for name, figure in options.items() if figure is not None}
    return Solution("p-median", given, "infeasible", "min", "person-seconds")
