"""Ways too long to tell: refused by every question alike, and never where there is no way."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_networks import by_scipy, networks

from gis.cost_matrix import LONGEST_S, UNREACHABLE
from gis.network import RoadNetwork
from gis.route import route
from gis.travel_time import nearest, travel_times

LONG_S = LONGEST_S // 2 + 1


def test_times_that_would_overflow_are_refused_by_name():
    x = np.arange(3.0), np.zeros(3)
    for seconds in (2**40, UNREACHABLE + 1, UNREACHABLE - 1, LONGEST_S + 1):
        with pytest.raises(OverflowError, match=r"1 arcs .*\(arcs 1\)"):
            RoadNetwork(np.array([0, 1]), np.array([1, 2]), np.array([5, seconds]), *x)
    longest = RoadNetwork([0, 1], [1, 2], [LONGEST_S, 0], *x)
    assert travel_times(longest, np.array([0]), np.array([2])).seconds.tolist() == [[LONGEST_S]]


@pytest.mark.parametrize("cut_off", [False, True])
def test_a_way_too_long_to_tell_is_refused_by_every_question_alike(cut_off):
    """0 → 1 → 2 takes too long; node 3 can be reached by nobody, which is no overflow."""
    n = 4 if cut_off else 3
    far = RoadNetwork([0, 1], [1, 2], [LONG_S, LONG_S], np.arange(float(n)), np.zeros(n))
    one = np.array
    with pytest.raises(OverflowError, match="from origin 0 to destination 2"):
        travel_times(far, np.arange(n), np.arange(n))
    with pytest.raises(OverflowError, match="from origin 0"):
        nearest(far, one([2]), origins=one([0]))
    with pytest.raises(OverflowError, match="from origin 0"):
        nearest(far, one([2, 1]), k=2)
    with pytest.raises(OverflowError, match="from origin 0"):
        route(far, one([0]), one([2]))
    assert travel_times(far, one([2]), one([0])).seconds[0, 0] == UNREACHABLE, "no way is no overflow"
    assert route(far, one([2]), one([0])) is None
    assert nearest(far, one([0]), origins=one([2]))[1].tolist() == [[-1]]
    if cut_off:
        assert travel_times(far, one([0, 3]), one([1])).seconds.tolist() == [[LONG_S], [UNREACHABLE]]


@settings(max_examples=150, deadline=None)
@given(networks(most_nodes=10), st.integers(1, 4), st.data())
def test_a_way_is_refused_just_where_it_exists_and_does_not_fit(network, k, data):
    """Times stretched so that some ways no longer fit, against reachability on the same arcs."""
    factor = data.draw(st.sampled_from([1, LONGEST_S // 60, LONGEST_S // 7]))
    stretched = np.where(network.passable, np.minimum(network.seconds.astype(int) * factor, LONGEST_S), UNREACHABLE)
    slow = network.with_seconds(stretched)
    nodes = np.arange(network.x.size)
    facilities = np.array(data.draw(st.lists(st.integers(0, network.x.size - 1), min_size=1, max_size=4)), dtype=int)
    exact = by_scipy(slow, nodes)
    too_long = (exact > LONGEST_S) & (exact < UNREACHABLE)
    assert_refused(too_long.any(), lambda: travel_times(slow, nodes, nodes))
    ordered = np.sort(np.where(exact[:, facilities] < UNREACHABLE, exact[:, facilities], -1), axis=1)
    reached = (ordered >= 0).sum(axis=1)
    fits = ((ordered >= 0) & (ordered <= LONGEST_S)).sum(axis=1)
    assert_refused((fits < np.minimum(reached, k)).any(), lambda: nearest(slow, facilities, k=k))
    a, b = data.draw(st.sampled_from(nodes.tolist())), data.draw(st.sampled_from(nodes.tolist()))
    assert_refused(bool(too_long[a, b]), lambda: route(slow, np.array([a]), np.array([b])))


def assert_refused(expected, ask):
    try:
        ask()
    except OverflowError:
        refused = True
    else:
        refused = False
    assert refused == expected
