"""A seeded county of 24 places, small enough to try every plan."""

from __future__ import annotations

import numpy as np
from siting_oracle import random_county

from planning.siting import SitingProblem


def county_of_24(**rules):
    times, people = random_county(24, 24, seed=3)
    places = np.random.default_rng(3).uniform([0, 0], [45_000, 22_500], (24, 2))
    return SitingProblem.from_arrays(times, people, **rules), places
