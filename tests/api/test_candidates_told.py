"""Candidates are told as plan files have always told them."""

import numpy as np
import pandas as pd

from api.actions.plan_measured import site_told
from planning.scenario.candidates import Site, candidates_of
from planning.scenario.places import Places


def test_degrees_are_rounded_as_in_older_plan_files():
    rng = np.random.default_rng(0)
    degrees = [117 + float(x) for x in rng.integers(0, 10**6, 4000) / 10**6 + 5e-7]
    assert any(round(one, 6) != np.round(one, 6) for one in degrees)  # numpy scales before it rounds
    nowhere = np.empty((0, 2))
    places = Places(
        people=pd.DataFrame(), names=np.empty(0, object), positions=nowhere, lon_lat=nowhere, townships=None
    )
    sites = [Site(str(k), "甲", xy=(0.0, 0.0), lon_lat=(one, 37.0)) for k, one in enumerate(degrees)]
    candidates = candidates_of(places, sites)
    assert [site_told(candidates, k)["lon"] for k in range(len(sites))] == [round(one, 6) for one in degrees]
