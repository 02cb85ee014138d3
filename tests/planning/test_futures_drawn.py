"""Futures as they are drawn: by seed and number alone, within the bounds that are told."""

from hypothesis import given
from hypothesis import strategies as st

from gis.travel_modes import ROAD_CLASSES
from planning.futures.assumptions import AGEING_YEARS, CAPACITY, MORTALITY, SPEEDS, assumptions_for
from planning.futures.draw import draw_future, draw_futures


@given(st.integers(0, 2**32 - 1), st.integers(0, 30), st.integers(1, 5))
def test_a_future_is_its_seed_and_number_alone(seed, number, more):
    one, other = draw_future(seed, number), draw_futures(seed, number + more)[number]
    assert (one.base_share, one.year, one.mortality, one.capacity, one.road_at) == (
        other.base_share, other.year, other.mortality, other.capacity, other.road_at,
    )  # fmt: skip
    assert all((one.speeds[mode] == other.speeds[mode]).all() for mode in SPEEDS)
    assert one.base_share != draw_future(seed, number + 1).base_share


@given(st.integers(0, 2**32 - 1))
def test_draws_keep_to_the_bounds_that_are_told(seed):
    future = draw_future(seed, 0)
    assert 0 <= future.base_share <= 1
    assert future.year - 2020 in AGEING_YEARS
    assert MORTALITY.low <= future.mortality <= MORTALITY.high
    assert CAPACITY.low <= future.capacity <= CAPACITY.high
    for mode, bounds in SPEEDS.items():
        assert len(future.speeds[mode]) == len(ROAD_CLASSES)
        assert bounds.low <= future.speeds[mode].min() <= future.speeds[mode].max() <= bounds.high
    assert len(set(future.speeds["walk"])) == 1
    assert len(set(future.speeds["car"])) > 1


def test_what_is_told_is_what_is_drawn_for_these_schemes():
    codes = [one.code for one in assumptions_for(modes={"car"}, ages=False, counts_capacity=False)]
    assert codes == ["population-base", "speed-car", "closed-road"]
    codes = [one.code for one in assumptions_for(modes={"walk", "e-bike"}, ages=True, counts_capacity=True)]
    assert codes == [
        "population-base", "ageing", "mortality", "speed-e-bike", "speed-walk", "capacity", "closed-road",
    ]  # fmt: skip
