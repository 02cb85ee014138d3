"""Travel times: known by hand on a toy, equal to networkx on random networks."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.cost_matrix import UNREACHABLE
from gis.faults import FaultsError
from gis.network import RoadNetwork
from gis.route import route
from gis.snapping import ArcIndex, Snapped, snap
from gis.travel_time import nearest, travel_times, within


def two_way(edges, xy):
    """Edges (u, v, seconds, seconds back or None) as a network with twins."""
    tail, head, seconds = [], [], []
    for u, v, there, back in edges:
        tail += [u, v]
        head += [v, u]
        seconds += [there, UNREACHABLE if back is None else back]
    x, y = np.array(xy, dtype=float).T
    twin = np.arange(len(tail)) ^ 1
    return RoadNetwork(np.array(tail), np.array(head), np.array(seconds), x, y, twin=twin.astype(np.int32))


@pytest.fixture
def square():
    """1 km square 0-1-2-3, 100 s a side; the side 3→0 is one-way."""
    return two_way(
        [(0, 1, 100, 100), (1, 2, 100, 100), (2, 3, 100, 100), (3, 0, 100, None)],
        [(0, 0), (1000, 0), (1000, 1000), (0, 1000)],
    )


def test_a_one_way_street_is_left_and_reached_only_in_its_direction(square):
    nodes = np.arange(4)
    assert travel_times(square, nodes, nodes).seconds.tolist() == [
        [0, 100, 200, 300],
        [100, 0, 100, 200],
        [200, 100, 0, 100],
        [100, 200, 100, 0],
    ]


def test_places_on_one_piece_of_road_go_straight_or_around(square):
    index = ArcIndex(square)
    places = snap(index, np.array([[0.0, 750.0], [0.0, 250.0]]), access_kmh=3.6)
    assert places.access_s.tolist() == [0, 0]
    seconds = travel_times(square, places, places).seconds
    assert seconds[0, 1] == 50, "with the one-way street"
    assert seconds[1, 0] == 25 + 300 + 25, "against it only around the square"


def test_access_on_foot_counts_at_both_ends(square):
    places = snap(ArcIndex(square), np.array([[250.0, -36.0], [750.0, -72.0]]), access_kmh=3.6)
    assert places.access_s.tolist() == [36, 72]
    assert travel_times(square, places, places).seconds[0, 1] == 36 + 50 + 72


def test_a_place_reaches_itself_at_once_when_it_has_a_name(square):
    place = snap(ArcIndex(square), np.array([[250.0, -36.0]]), access_kmh=3.6)
    names = np.array(["a"], dtype=object)
    assert travel_times(square, place, place, origin_ids=names, destination_ids=names).seconds[0, 0] == 0


def test_unreachable_is_said_in_every_form():
    apart = two_way([(0, 1, 10, 10), (2, 3, 10, 10)], [(0, 0), (1, 0), (9, 0), (10, 0)])
    matrix = travel_times(apart, np.array([0]), np.array([1, 3]))
    assert matrix.seconds.tolist() == [[10, UNREACHABLE]]
    assert matrix.exported.tolist() == [[10, -1]]
    assert np.isinf(matrix.values[0, 1])


def test_a_dead_end_that_cannot_be_left_is_not_snapped_to(square):
    trap = two_way(
        [(0, 1, 100, 100), (1, 2, 100, 100), (2, 0, 100, 100), (1, 3, 10, None)],
        [(0, 0), (1000, 0), (1000, 1000), (2000, 0)],
    )
    assert snap(ArcIndex(trap), np.array([[1900.0, 0.0]]), access_kmh=3.6).distance_m[0] == pytest.approx(900)


def test_a_mode_without_any_road_is_refused(square):
    with pytest.raises(FaultsError, match="no-passable-road"):
        ArcIndex(square.with_seconds(np.full(8, UNREACHABLE)))


def test_nearest_knows_the_facility_and_breaks_ties_by_position(square):
    seconds, facility = nearest(square, np.array([2, 0]), k=2)
    assert seconds.tolist() == [[0, 200], [100, 100], [0, 200], [100, 100]]
    assert facility.tolist() == [[1, 0], [0, 1], [0, 1], [0, 1]]


def test_within_stops_at_the_cutoff(square):
    node, seconds = within(square, np.array([0]), cutoff_s=200)
    assert dict(zip(node.tolist(), seconds.tolist(), strict=True)) == {0: 0, 1: 100, 2: 200}


def test_a_route_has_the_seconds_of_the_matrix_and_a_course_that_starts_and_ends_at_the_places(square):
    places = snap(ArcIndex(square), np.array([[0.0, 250.0], [500.0, 10.0]]), access_kmh=3.6)
    way = route(square, places.take(np.array([0])), places.take(np.array([1])))
    assert way.seconds == travel_times(square, places, places).seconds[0, 1] == 25 + 50 + 10
    assert way.xy.tolist() == [[0, 250], [0, 0], [0, 0], [500, 0]]
    assert way.length_m == pytest.approx(750)


def test_no_way_is_none():
    apart = two_way([(0, 1, 10, 10), (2, 3, 10, 10)], [(0, 0), (1, 0), (9, 0), (10, 0)])
    places = snap(ArcIndex(apart), np.array([[0.5, 0.0], [9.5, 0.0]]), access_kmh=3.6)
    assert route(apart, places.take(np.array([0])), places.take(np.array([1]))) is None


@st.composite
def networks(draw):
    n = draw(st.integers(2, 8))
    node = st.integers(0, n - 1)
    edges = draw(
        st.lists(st.tuples(node, node, st.integers(0, 9), st.none() | st.integers(0, 9)), min_size=1, max_size=20)
    )
    return two_way(edges, [(i, i * i % 5) for i in range(n)])


def as_networkx(network):
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(network.x.size))
    for t, h, s in zip(network.tail, network.head, network.seconds, strict=True):
        if s < UNREACHABLE:
            graph.add_edge(int(t), int(h), s=1000 * int(s))
    return graph


@settings(max_examples=60, deadline=None)
@given(networks(), st.data())
def test_the_matrix_equals_networkx_with_parallel_arcs_zero_weights_islands_and_snapped_points(network, data):
    graph = as_networkx(network)
    passable = np.flatnonzero(network.passable)
    places = []
    for name in ("o1", "o2", "d1", "d2", "d3"):
        arc = int(passable[data.draw(st.integers(0, passable.size - 1))])
        places.append((name, arc, data.draw(st.sampled_from([0.0, 0.25, 0.5, 1.0])), data.draw(st.integers(0, 3))))
    snapped = Snapped(
        np.array([p[1] for p in places], dtype=np.int32),
        np.array([p[2] for p in places]),
        np.array([p[3] for p in places], dtype=np.int32),
        np.zeros(5),
    )
    origins, destinations = snapped.take(np.arange(2)), snapped.take(np.arange(2, 5))

    def cut(arc, fraction):
        behind = int(np.rint(fraction * network.milliseconds[arc]))
        return behind, int(network.milliseconds[arc]) - behind

    for name, arc, fraction, access_s in places:
        access = 1000 * access_s
        if fraction in (0.0, 1.0):
            node = int((network.head if fraction else network.tail)[arc])
            graph.add_edge(*((name, node) if name.startswith("o") else (node, name)), s=access)
            continue
        for a, f in ((arc, fraction), (int(network.twin[arc]), 1 - fraction)):
            if network.passable[a]:
                behind, ahead = cut(a, f)
                if name.startswith("o"):
                    graph.add_edge(name, int(network.head[a]), s=ahead + access)
                else:
                    graph.add_edge(int(network.tail[a]), name, s=behind + access)
    for o_name, o_arc, o_fraction, o_access in places[:2]:
        for d_name, d_arc, d_fraction, d_access in places[2:]:
            for a in (o_arc, int(network.twin[o_arc])):
                if d_arc in (a, int(network.twin[a])) and network.passable[a]:
                    start = o_fraction if a == o_arc else 1 - o_fraction
                    end = d_fraction if a == d_arc else 1 - d_fraction
                    if end >= start:
                        along = cut(a, end)[0] - cut(a, start)[0]
                        graph.add_edge(o_name, d_name, s=along + 1000 * (o_access + d_access))

    seconds = travel_times(network, origins, destinations).seconds
    for i, origin in enumerate(("o1", "o2")):
        reached = nx.single_source_dijkstra_path_length(graph, origin, weight="s")
        assert seconds[i].tolist() == [
            (reached[d] + 500) // 1000 if d in reached else UNREACHABLE for d in ("d1", "d2", "d3")
        ]
        for j in range(3):
            way = route(network, origins.take(np.array([i])), destinations.take(np.array([j])))
            assert (way.seconds if way else UNREACHABLE) == seconds[i, j]
