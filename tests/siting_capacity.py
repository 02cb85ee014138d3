"""Siting problems with scarce room, a county that needs beds, and what the checker says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st
from siting_oracle import random_county
from siting_ruled import ruled_problems

from planning.siting.capacity import Capacity
from planning.siting.problem import SitingProblem
from planning.siting.proof.verify import verify


def faults_of(problem, solution):
    return [fault.code for fault in verify(problem, solution)]


@st.composite
def tight_problems(draw):
    """Draw problems under rules, with scarce room, loads that are people or not, and often least loads."""
    problem = draw(ruled_problems(most=5))
    n, m = problem.values.shape
    p = draw(st.integers(1, m))
    weights = draw(st.sampled_from([1, 1, 50, 2**20])) * problem.weights
    others = st.lists(st.sampled_from([0, 1, 2, 3, 5, 7]), min_size=n, max_size=n)
    loads = np.array(draw(st.one_of(st.just(problem.weights.tolist()), others)))
    tenths = st.lists(st.integers(8, 25), min_size=m, max_size=m)
    least = st.lists(st.integers(0, 9), min_size=m, max_size=m) if draw(st.booleans()) else st.just([0] * m)
    room, least = (loads.sum() * np.array(draw(parts)) // (10 * p) for parts in (tenths, least))
    room = np.maximum(room, loads.max() * draw(st.booleans()))
    capacity = Capacity.from_arrays(n, m, weights, capacities=room, loads=loads, minimum_loads=least)
    return replace(problem, weights=weights, capacity=capacity), p


def beds(*, slack, seed=0, n=857, m=102, p=5):
    """Return a county of elders who need beds, 4 % of the people, with sites of -20 % to +20 % of the mean size."""
    seconds, people = random_county(n, m, seed=seed)
    rng = np.random.default_rng(seed)
    loads = np.rint(people * 0.04).astype(int)
    sizes = np.rint(loads.sum() * slack / p * rng.uniform(0.8, 1.2, m)).astype(int)
    return SitingProblem.from_arrays(
        seconds, (people * rng.uniform(0.15, 0.3, n)).astype(int), loads=loads, capacities=sizes
    )
