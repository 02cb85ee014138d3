"""Which roads the fastest ways use: whatever slows anybody when it closes is among them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_networks import networks

from gis.cost_matrix import CLOSED_MS, UNREACHABLE
from gis.hierarchy import customization
from gis.network import RoadNetwork
from gis.roads_used import arcs_used
from gis.snapping import Snapped
from gis.travel_time import travel_times


def street():
    """Four nodes in a row, 1 km and 100 s apart; arcs 2k there and 2k + 1 back."""
    tail, head = np.array([0, 1, 1, 2, 2, 3]), np.array([1, 0, 2, 1, 3, 2])
    return RoadNetwork(tail, head, np.full(6, 100), np.arange(4) * 1000.0, np.zeros(4), twin=np.arange(6) ^ 1)


@given(networks(), st.integers(0, 1000))
def test_an_arc_whose_closure_slows_a_place_down_is_used(network, seed):
    rng = np.random.default_rng(seed)
    n = network.x.size
    origins, destinations = np.arange(n), rng.permutation(n)[: 1 + n // 3]
    to = rng.integers(-1, len(destinations), n)
    used = arcs_used(network, origins, destinations, to)
    before = travel_times(network, origins, destinations).seconds
    going = np.flatnonzero(to >= 0)
    for arc in range(network.tail.size):
        ms = network.milliseconds.copy()
        ms[arc] = CLOSED_MS
        after = travel_times(network.with_milliseconds(ms), origins, destinations).seconds
        if (after[going, to[going]] > before[going, to[going]]).any():
            assert used[arc]


@given(networks())
def test_the_arcs_of_one_way_take_its_time(network):
    n = network.x.size
    seconds = travel_times(network, np.array([0]), np.array([n - 1])).seconds[0, 0]
    used = arcs_used(network, np.array([0]), np.array([n - 1]), [0])
    assert used.any() <= (seconds < UNREACHABLE)
    if seconds < UNREACHABLE:
        assert network.seconds[used].sum() == seconds


def test_a_place_beside_the_road_uses_its_own_piece_and_the_way_from_there():
    network = street()
    home = Snapped(np.array([0]), np.array([0.5]), np.array([0]), np.array([0.0]))
    assert np.flatnonzero(arcs_used(network, home, np.array([3]), [0])).tolist() == [0, 2, 4]
    assert np.flatnonzero(arcs_used(network, home, np.array([0]), [0])).tolist() == [0]


def test_places_that_walk_straight_to_each_other_use_no_road():
    network = street()
    xy = np.array([[400.0, 1.0], [600.0, 1.0]])
    both = Snapped(np.array([0, 0]), np.array([0.4, 0.6]), np.zeros(2, int), np.ones(2), xy=xy, walk_kmh=1000.0)
    assert not arcs_used(network, both.take(np.array([0])), both.take(np.array([1])), [0]).any()


def test_who_goes_nowhere_uses_nothing_and_a_destination_that_is_not_there_is_refused():
    network = street()
    assert not arcs_used(network, np.arange(4), np.array([3]), [-1, -1, -1, 0]).any()
    with pytest.raises(ValueError, match="destination"):
        arcs_used(network, np.arange(4), np.array([3]), [0, 0, 0, 1])


def test_times_in_passing_are_the_times_and_are_not_kept():
    network = street()
    ms = network.milliseconds * 7 + 3
    kept = len(customization._HIERARCHIES._results)
    passing = [network.in_passing(ms, few=few) for few in (False, True)]
    found = [travel_times(one, np.arange(4), np.arange(4)).seconds for one in passing]
    assert len(customization._HIERARCHIES._results) == kept
    lasting = travel_times(network.with_milliseconds(ms), np.arange(4), np.arange(4)).seconds
    assert all((one == lasting).all() for one in found)


@given(networks(), st.integers(0, 1000))
def test_for_a_few_places_the_times_are_the_same_on_any_network(network, seed):
    rng = np.random.default_rng(seed)
    n, arcs = network.x.size, network.tail.size
    ms = np.where(rng.random(arcs) < 0.2, CLOSED_MS, rng.integers(1, 90_000, arcs))
    sites = rng.integers(0, n, 3)
    times = [travel_times(network.in_passing(ms, few=few), np.arange(n), sites).seconds for few in (False, True)]
    assert (times[0] == times[1]).all()


def test_times_in_passing_are_checked():
    network, ms = street(), street().milliseconds
    with pytest.raises(ValueError, match="negative"):
        network.in_passing(-ms)
