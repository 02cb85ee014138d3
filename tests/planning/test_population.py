"""Whom a plan counts: totals stay exact, estimates say so."""

import numpy as np
import pandas as pd
import pytest
from counted import counted
from hypothesis import given
from hypothesis import strategies as st

from gis.faults import FaultsError
from planning.population import demand_weights, share_out

UNITS = pd.DataFrame(
    {"resident": [100, 300, 0], "registered": [150, 290, 20], "age_60_plus": [30, 61, 0]}, index=["a", "b", "c"]
)


def people(weights):
    return weights.values.tolist()  # noqa: PD011 - our own array, not a frame


def test_residents_and_their_elders_are_counted_as_given():
    everyone = demand_weights(UNITS, base="resident", group="all")
    elders = demand_weights(UNITS, base="resident", group="60+")
    assert people(everyone) == [100, 300, 0]
    assert (everyone.basis, everyone.estimated) == ("resident", False)
    assert people(elders) == [30, 61, 0]
    assert (elders.basis, elders.estimated) == ("age_60_plus", False)


def test_registered_elders_are_an_estimate_with_an_exact_total():
    elders = demand_weights(UNITS, base="registered", group="60+")
    assert (elders.basis, elders.estimated) == ("registered-age_60_plus", True)
    assert sum(people(elders)) == round(91 * 460 / 400)
    assert people(elders)[2] == 0


def test_everyone_stands_in_where_ages_are_not_known():
    weights = demand_weights(UNITS, base="registered", group="80+")
    assert (weights.basis, weights.estimated) == ("no-age-data", False)
    assert people(weights) == [150, 290, 20]


def test_a_base_that_the_county_does_not_give_is_refused():
    with pytest.raises(FaultsError) as caught:
        demand_weights(UNITS.drop(columns="registered"), base="registered", group="all")
    assert [(fault.code, fault.field) for fault in caught.value.faults] == [("base-missing", "registered")]


def test_nobody_at_all_is_no_division_by_zero():
    empty = UNITS * 0
    assert people(demand_weights(empty, base="registered", group="60+")) == [0, 0, 0]


@counted(shared=50)
@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=40), st.integers(0, 1_000_000))
def test_shares_add_up_and_are_never_off_by_one_whole(seen, parts, total):
    shares = share_out(np.array(parts, float), total)
    if sum(parts):
        seen["shared"] += 1
        assert shares.sum() == total
        assert np.abs(shares - np.array(parts) * total / sum(parts)).max() < 1 + 1e-6
    assert (shares >= 0).all()


@pytest.mark.parametrize(
    ("parts", "total", "shares"),
    [
        ([1, 1, 1], 10, [4, 3, 3]),  # of equal remainders the first comes first
        ([1, 1, 1], 11, [4, 4, 3]),
        ([5, 3, 2], 9, [4, 3, 2]),  # 4.5, 2.7 and 1.8: the two largest remainders
        ([5, 3, 2], 10, [5, 3, 2]),
        ([0, 7], 3, [0, 3]),
        ([0, 0], 3, [0, 0]),
        ([2, 1], 0, [0, 0]),
    ],
)
def test_what_is_over_goes_to_the_largest_remainders(parts, total, shares):
    assert share_out(np.array(parts, float), total).tolist() == shares


@pytest.mark.parametrize(
    ("resident", "registered", "elders", "told"),
    [
        ([1], [3], [1], [3]),  # a single resident counts like any other
        ([2, 2], [3, 0], [1, 0], [1]),  # 1 × 3 ÷ 4 = 0.75
        ([4], [2], [1], [1]),  # a half is rounded up
        ([4], [1], [1], [0]),
        ([1, 1], [1, 1], [1, 0], [1]),
    ],
)
def test_the_county_total_is_scaled_once_and_rounded_to_the_nearest(resident, registered, elders, told):
    units = pd.DataFrame({"resident": resident, "registered": registered, "age_60_plus": elders})
    found = demand_weights(units, base="registered", group="60+")
    assert sum(people(found)) == sum(told)
    assert found.estimated


def test_a_missing_figure_counts_nobody():
    units = pd.DataFrame({"resident": [10, None], "registered": [10, 10], "age_60_plus": [4, None]})
    assert people(demand_weights(units, base="resident", group="60+")) == [4, 0]
    assert people(demand_weights(units, base="resident", group="all")) == [10, 0]


@pytest.mark.parametrize(
    ("band", "registered", "resident", "total"),
    [
        (1, 1, 2, 1),
        (3, 1, 2, 2),
        (1, 1, 3, 0),
        (2, 1, 3, 1),
        (5, 3, 2, 8),
        (7, 1, 2, 4),
        (100, 1, 200, 1),
        (99, 1, 200, 0),
    ],
)
def test_the_scaled_total_is_the_nearest_whole_number_halves_upwards(band, registered, resident, total):
    units = pd.DataFrame({"resident": [resident], "registered": [registered], "age_60_plus": [band]})
    assert people(demand_weights(units, base="registered", group="60+")) == [total]


def test_where_nobody_resides_no_share_is_made_up():
    units = pd.DataFrame({"resident": [0, 100], "registered": [50, 100], "age_60_plus": [10, 20]})
    assert people(demand_weights(units, base="registered", group="60+")) == [0, 45]


def test_elders_are_shared_out_as_many_as_are_registered_there():
    units = pd.DataFrame({"resident": [100, 100, 50], "registered": [300, 100, 0], "age_60_plus": [20, 20, 10]})
    found = demand_weights(units, base="registered", group="60+")
    assert people(found) == [60, 20, 0]  # 50 × 400 ÷ 250 = 80, at 3 : 1 : 0
