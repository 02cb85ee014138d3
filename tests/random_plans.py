"""Plans of any kind, good or bad: some of nobody, some over capacity, some with places divided between sites."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from planning.siting import SitingProblem, Solution

SECONDS = (0, 5, 10, 15, 20, -1)


@st.composite
def random_plans(draw):
    """Draw a problem with or without capacities, and a plan that need not be a good one."""
    n, m = draw(st.integers(1, 6)), draw(st.integers(1, 5))
    columns = st.lists(st.sampled_from(SECONDS), min_size=m, max_size=m)
    rows = draw(st.lists(columns, min_size=n, max_size=n))
    given = {"max_time_s": draw(st.sampled_from([None, None, 5, 12]))}
    if draw(st.booleans()):
        given["capacities"] = draw(st.lists(st.integers(0, 20), min_size=m, max_size=m))
        given["loads"] = draw(st.lists(st.integers(0, 9), min_size=n, max_size=n))
    problem = SitingProblem.from_arrays(rows, draw(st.lists(st.integers(0, 9), min_size=n, max_size=n)), **given)
    opened = np.array(sorted(draw(st.sets(st.integers(0, m - 1)))), np.int64)
    places = st.sampled_from([-1, *opened.tolist()])
    allocation = np.array(draw(st.lists(places, min_size=n, max_size=n)), np.int64)
    shares = _shares(draw, allocation, opened) if len(opened) and draw(st.booleans()) else None
    return problem, Solution(
        "capacitated", {}, "feasible", "min", "load-seconds", opened=opened, allocation=allocation, shares=shares
    )


def _shares(draw, allocation, opened):
    """Divide some places; the site of each is where its largest part goes."""
    rows = []
    for demand in range(len(allocation)):
        if draw(st.booleans()):
            parts = draw(st.lists(st.integers(0, 6), min_size=len(opened), max_size=len(opened)))
            if sum(parts):
                allocation[demand] = opened[np.argmax(parts)]
                rows += [(demand, int(site), part) for site, part in zip(opened, parts, strict=True) if part]
    return np.array(rows, np.int64).reshape(-1, 3)
