"""Numbers that say nothing: masks, infinities, two units at odds; each refused by its name."""

from dataclasses import replace

import numpy as np
import pytest

from gis.cost_matrix import CLOSED_MS, LONGEST_S, UNREACHABLE
from gis.edits import build_road, close_roads, slow_roads
from gis.faults import FaultsError
from gis.network import RoadNetwork
from gis.snapping import Snapped, snap
from gis.travel_time import nearest, travel_times, within


def test_both_units_say_the_same_or_are_refused():
    ends = {"tail": [0, 1], "head": [1, 0], "x": [0.0, 9.0], "y": [0.0, 0.0]}
    network = RoadNetwork(**ends, milliseconds=[1499, CLOSED_MS])
    assert network.seconds.tolist() == [1, UNREACHABLE]
    assert RoadNetwork(**ends, seconds=[1, UNREACHABLE], milliseconds=[1499, CLOSED_MS]).milliseconds[0] == 1499
    with pytest.raises(ValueError, match=r"at odds on 1 arcs \(arcs 0\)"):
        RoadNetwork(**ends, seconds=[2, UNREACHABLE], milliseconds=[1499, CLOSED_MS])
    with pytest.raises(ValueError, match="at odds"):
        replace(network, seconds=np.array([5, 5]))
    assert network.with_seconds([5, UNREACHABLE]).milliseconds.tolist() == [5000, CLOSED_MS]
    edited = network.edit(milliseconds=([1], [20_500]), seconds=([0], [3]), added=[(0, 1, 2)], added_ms=[(1, 0, 1)])
    assert edited.milliseconds.tolist() == [3000, 20_500, 2000, 1]
    with pytest.raises(ValueError, match="in seconds and in milliseconds: 0"):
        network.edit(milliseconds=([0], [5]), seconds=([0], [3]))


MASK = np.array([True, False])
UNREADABLE = [
    ("a mask", lambda n: n.edit(closed=MASK), "mask of True and False"),
    ("a mask in a list", lambda n: n.edit(closed=[True, False]), "mask of True and False"),
    ("a mask of arcs to change", lambda n: n.edit(seconds=(MASK, [1, 1])), "mask of True and False"),
    ("a mask of nodes", lambda n: travel_times(n, MASK, np.array([0])), "mask of True and False"),
    ("a mask of facilities", lambda n: nearest(n, MASK), "mask of True and False"),
    ("a masked array", lambda n: n.edit(closed=np.ma.array([0, 1], mask=[True, False])), "masked"),
    ("a mask to close", lambda n: close_roads(n, MASK), "mask of True and False"),
    ("a mask to slow", lambda n: slow_roads(n, MASK, factor=2), "mask of True and False"),
    ("half an arc", lambda n: n.edit(closed=[0.5]), "whole numbers; found 0.5 at position 0"),
    ("no arc", lambda n: n.edit(closed=[np.nan]), "whole numbers; found nan"),
    ("an infinite time", lambda n: n.edit(seconds=([0], [np.inf])), "whole numbers; found inf"),
    ("a negative time", lambda n: n.edit(milliseconds=([0], [-1])), "negative"),
    ("two times for three arcs", lambda n: n.edit(seconds=([0, 1, 0], [1, 2])), "3 arcs and 2 times"),
    ("an infinite network", lambda n: n.with_seconds([np.inf, 1]), "whole numbers; found inf"),
    ("an infinite factor", lambda n: slow_roads(n, [0], factor=np.inf), "finite"),
    ("no factor", lambda n: slow_roads(n, [0], factor=np.nan), "finite"),
    ("a factor that closes", lambda n: slow_roads(n, [0], factor=1e9), "take more than"),
    ("a road at no speed", lambda n: build_road(n, 0, 1, speed_kmh=0), "speed"),
    ("a node beyond 32 bits", lambda n: travel_times(n, np.array([2**32]), np.array([0])), "4294967296"),
    ("an arc beyond 32 bits", lambda n: RoadNetwork([2**32], [0], [1], n.x, n.y), "4294967296"),
    ("words", lambda n: n.edit(closed=["a"]), "must be numbers"),
    ("a place nowhere", lambda n: snap(n, np.array([[0.0, 0.0], [np.nan, 0.0]])), "places without a position: 1"),
    ("nobody walking", lambda n: snap(n, np.zeros((1, 2)), access_kmh=0), "walking speed"),
    ("an infinite walk", lambda n: snap(n, np.zeros((1, 2)), access_kmh=np.inf), "walking speed"),
    ("a negative cut-off", lambda n: within(n, np.array([0]), cutoff_s=-5), "cut-off"),
    ("a cut-off of weeks", lambda n: within(n, np.array([0]), cutoff_s=LONGEST_S + 1), "cut-off"),
    ("a fraction of two", lambda n: Snapped(np.zeros(1, np.int32), np.array([2.0]), np.zeros(1), np.zeros(1)), "0…1"),
]


@pytest.mark.parametrize(("what", "ask", "said"), UNREADABLE, ids=[row[0] for row in UNREADABLE])
def test_what_cannot_be_read_is_refused_by_name(what, ask, said):
    network = RoadNetwork([0, 1], [1, 0], [4, 4], np.arange(2.0), np.zeros(2))
    with pytest.raises((ValueError, OverflowError), match=said):
        ask(network)


def test_a_network_without_roads_says_so():
    empty = RoadNetwork([], [], [], [], [])
    with pytest.raises(FaultsError, match="no-passable-road"):
        snap(empty, np.zeros((1, 2)))
    with pytest.raises(ValueError, match="the network has no node; found 0"):
        travel_times(empty, np.array([0]), np.array([0]))
    assert travel_times(empty, np.array([], int), np.array([], int)).seconds.shape == (0, 0)
    assert nearest(empty, np.array([], int))[0].shape == (0, 0)
    lonely = RoadNetwork([], [], [], [5.0], [5.0])
    assert travel_times(lonely, np.array([0]), np.array([0])).seconds.tolist() == [[0]]
