"""Numbers that say nothing: masks, infinities, two units at odds; each refused by its name."""

from dataclasses import replace

import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely

from gis.arc_shapes import ArcShapes
from gis.catchments import catchment_of_arcs, catchment_of_nodes
from gis.cost_matrix import CLOSED_MS, LONGEST_S, UNREACHABLE
from gis.detour import detour_index
from gis.edits import build_road, change_speeds, close_roads, flood, node_near, slow_roads
from gis.faults import FaultsError
from gis.isochrone import isochrone
from gis.network import RoadNetwork
from gis.road_graph import from_networkx
from gis.snapping import Snapped, snap
from gis.surface import accessibility_surface
from gis.travel_modes import MODES
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
ENDS = np.array([0, 1])
GROUND = shapely.box(0, 0, 300, 300)
NO_ROADS = pd.DataFrame({"road_class": []})
RNG = np.random.default_rng(0)


def place(**changed):
    given = {"arc": [0], "fraction": [0.5], "access_s": [3], "distance_m": [4.0], **changed}
    return Snapped(**{name: np.array(value) for name, value in given.items()})


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
    ("half a second", lambda n: within(n, np.array([0]), cutoff_s=2.5), "whole numbers; found 2.5"),
    ("a cut-off that is yes", lambda n: isochrone(n, np.array([0]), cutoff_s=True), "True and False"),
    ("half a facility", lambda n: nearest(n, np.array([0]), k=1.5), "whole numbers; found 1.5"),
    ("minus one facility", lambda n: nearest(n, np.array([0]), k=-1), "must lie in 0"),
    (
        "a name too few",
        lambda n: travel_times(n, ENDS, ENDS, origin_ids=np.array(["a"], object)),
        "2 places and 1 names",
    ),
    ("a mask among numbers", lambda n: n.edit(closed=[True, 1]), "True or False stands among"),
    ("an arc without time", lambda n: n.edit(added=[(0, 1), (1, 0), (0, 1)]), r"three numbers each; found \(0, 1\)"),
    ("a road from nowhere", lambda n: build_road(n, 0, 9, speed_kmh=9), "node numbers must lie in 0…1; found 9"),
    ("a masked position", lambda n: snap(n, np.ma.array([[0.0, 0.0]], mask=True)), "masked"),
    ("positions in threes", lambda n: snap(n, np.zeros((2, 3))), r"\(k, 2\); found \(2, 3\)"),
    ("positions as flags", lambda n: snap(n, MASK), "not bool"),
    ("a place off the earth", lambda n: snap(n, np.array([[1e300, 0.0]])), "beyond the earth; positions are metres: 0"),
    ("a click nowhere", lambda n: node_near(n, np.array([np.nan, 0.0])), "without a position"),
    ("no flood", lambda n: flood(n, shapely.Polygon()), "empty"),
    ("a list of floods", lambda n: flood(n, [shapely.box(0, 0, 1, 1)]), "union_all"),
    ("a class misspelt", lambda n: change_speeds(n, NO_ROADS, mode=MODES["car"], speeds_kmh={"primay": 9}), "primay"),
    ("no ground", lambda n: accessibility_surface(n, ENDS, shapely.Polygon(), cell_m=100, access_kmh=4), "ground"),
    ("endless cells", lambda n: accessibility_surface(n, ENDS, GROUND, cell_m=np.inf, access_kmh=4), "cells must"),
    ("a pair nowhere", lambda n: detour_index(n, np.full((2, 2), np.nan), rng=RNG), "without a position: 0, 1"),
    ("a node nowhere", lambda n: replace(n, x=np.array([0.0, np.inf])), "nodes without a position: 1"),
    ("a length too few", lambda n: replace(n, length_m=np.ones(1)), "2 arcs and 1 lengths"),
    ("a negative length", lambda n: replace(n, length_m=np.array([1.0, -1.0])), "see arcs: 1"),
    ("a one-sided twin", lambda n: replace(n, twin=np.array([1, -1])), "see arcs: 0"),
    ("a twin elsewhere", lambda n: replace(n, twin=np.array([7, -1])), "see arcs: 0"),
    ("flags as numbers", lambda n: replace(n, joinable=np.array([1.0, np.nan])), "joinable"),
    ("courses too few", lambda n: replace(n, shapes=ArcShapes(np.array([0, 2]), np.zeros((2, 2)))), "1 shapes"),
    ("a walk of months", lambda n: place(access_s=[10**7]), "walks must lie"),
    ("a walk back in time", lambda n: place(access_s=[-1]), "walks must lie"),
    ("half a second's walk", lambda n: place(access_s=[1.5]), "access_s must be whole"),
    ("a closed walk", lambda n: place(access_s=[UNREACHABLE], access_ms=np.array([CLOSED_MS])), "walks must lie"),
    ("two fractions", lambda n: place(fraction=[0.5, 0.6]), "one each"),
    ("edges without direction", lambda n: from_networkx(nx.Graph()), "undirected"),
    ("nodes without place", lambda n: from_networkx(nx.empty_graph(2, nx.DiGraph)), "2 nodes lack"),
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


def test_without_facilities_nobody_is_served():
    network = RoadNetwork([0, 1], [1, 0], [4, 4], np.arange(2.0), np.zeros(2))
    nothing = np.array([], int)
    assert catchment_of_nodes(network, nothing).tolist() == [-1, -1]
    assert catchment_of_arcs(network, nothing).tolist() == [-1, -1]
    surface = accessibility_surface(network, nothing, GROUND, cell_m=150, access_kmh=4)
    assert (surface.seconds == UNREACHABLE).all()
    assert (surface.facility == -1).all()


def test_of_a_graph_edges_without_length_are_straight_and_the_others_keep_theirs():
    graph = nx.MultiDiGraph()
    graph.add_nodes_from([("a", {"x": 0.0, "y": 0.0}), ("b", {"x": 3.0, "y": 4.0})])
    graph.add_edge("a", "b", seconds=1.5, length="7.5")
    graph.add_edge("b", "a", seconds=1.5)
    assert from_networkx(graph).length_m.tolist() == [7.5, 5.0]
