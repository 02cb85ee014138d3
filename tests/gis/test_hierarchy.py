"""The hierarchy's answers: equal to scipy cell by cell on random networks, after edits as if built anew."""

import itertools
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_networks import by_scipy, networks

from gis.cost_matrix import CLOSED_MS, UNREACHABLE
from gis.network import RoadNetwork
from gis.route import route
from gis.snapping import Snapped, snap
from gis.travel_time import county_matrices, nearest, travel_times, within


def path_seconds(network, xy_nodes):
    return sum(
        min(int(s) for t, h, s in zip(network.tail, network.head, network.seconds, strict=True) if (t, h) == (a, b))
        for a, b in itertools.pairwise(xy_nodes)
    )


@settings(max_examples=300, deadline=None)
@given(networks())
def test_the_whole_matrix_equals_scipy(network):
    nodes = np.arange(network.x.size)
    assert (travel_times(network, nodes, nodes).seconds == by_scipy(network, nodes)).all()


@settings(max_examples=100, deadline=None)
@given(networks(), st.data())
def test_any_rectangle_equals_the_whole_whichever_side_is_swept(network, data):
    some = st.lists(st.integers(0, network.x.size - 1), max_size=6)
    rows, columns = (np.array(data.draw(some), dtype=int) for _ in range(2))
    whole = by_scipy(network, np.arange(network.x.size))
    assert (travel_times(network, rows, columns).seconds == whole[np.ix_(rows, columns)]).all()


@settings(max_examples=100, deadline=None)
@given(networks(), st.integers(1, 4), st.data())
def test_nearest_equals_a_full_sort_with_ties_to_the_lower_position(network, k, data):
    at = st.lists(st.integers(0, network.x.size - 1), min_size=1, max_size=6)
    facilities = np.array(data.draw(at), dtype=int)
    seconds, facility = nearest(network, facilities, k=k)
    matrix = by_scipy(network, np.arange(network.x.size))[:, facilities]
    order = np.argsort(matrix, axis=1, kind="stable")[:, :k]
    expected = np.take_along_axis(matrix, order, axis=1)
    assert (seconds == expected).all()
    assert (facility == np.where(expected < UNREACHABLE, order, -1)).all()


@settings(max_examples=100, deadline=None)
@given(networks(), st.integers(0, 70), st.data())
def test_within_equals_scipy_up_to_the_cutoff_and_leaves_nothing_behind(network, cutoff_s, data):
    sources = np.array(data.draw(st.lists(st.integers(0, network.x.size - 1), min_size=1, max_size=3)), dtype=int)
    expected = by_scipy(network, sources).min(axis=0)
    for _ in range(2):
        node, seconds = within(network, sources, cutoff_s=cutoff_s)
        assert sorted(node.tolist()) == np.flatnonzero(expected <= cutoff_s).tolist()
        assert (seconds == expected[node]).all()


def test_long_cutoffs_share_buckets_and_stay_exact():
    rng = np.random.default_rng(0)
    network = RoadNetwork(
        rng.integers(0, 60, 300), rng.integers(0, 60, 300), rng.integers(0, 90_000, 300), *rng.random((2, 60))
    )
    expected = by_scipy(network, np.array([0]))[0]
    node, seconds = within(network, np.array([0]), cutoff_s=400_000)
    assert sorted(node.tolist()) == np.flatnonzero(expected <= 400_000).tolist()
    assert (seconds == expected[node]).all()


@settings(max_examples=100, deadline=None)
@given(networks(most_nodes=12), st.data())
def test_a_route_goes_along_arcs_and_takes_the_seconds_of_the_matrix(network, data):
    node = st.integers(0, network.x.size - 1)
    begin, end = data.draw(node), data.draw(node)
    expected = by_scipy(network, np.array([begin]))[0, end]
    distinct = RoadNetwork(
        network.tail, network.head, network.seconds, np.arange(network.x.size), np.zeros(network.x.size)
    )
    way = route(distinct, np.array([begin]), np.array([end]))
    if expected >= UNREACHABLE:
        assert way is None
    else:
        visited = [int(x) for i, x in enumerate(way.xy[:, 0]) if i == 0 or way.xy[i - 1, 0] != x]
        assert visited[0] == begin
        assert visited[-1] == end
        assert way.seconds == expected == path_seconds(network, visited)


@st.composite
def edits(draw, network):
    arc, node = st.integers(0, max(0, network.tail.size - 1)), st.integers(0, network.x.size - 1)
    arcs = st.lists(arc, max_size=3 if network.tail.size else 0)
    changed = draw(arcs)
    return {
        "closed": draw(arcs),
        "seconds": (changed, [draw(st.integers(0, 50)) for _ in changed]),
        "added": draw(st.lists(st.tuples(node, node, st.integers(0, 50)), max_size=2)),
    }


@settings(max_examples=150, deadline=None)
@given(networks(), st.data())
def test_any_sequence_of_edits_equals_building_from_scratch(network, data):
    nodes, before = np.arange(network.x.size), network.seconds.copy()
    edited = network
    for _ in range(data.draw(st.integers(1, 3))):
        edited = edited.edit(**data.draw(edits(edited)))
    anew = RoadNetwork(edited.tail, edited.head, edited.seconds, edited.x, edited.y)
    assert (travel_times(edited, nodes, nodes).seconds == by_scipy(anew, nodes)).all()
    assert (network.seconds == before).all(), "the base stays as it is"


def test_an_edit_keeps_order_and_elimination_and_what_it_adds_there_and_back_is_one_road():
    ring = RoadNetwork([0, 1, 2, 3], [1, 2, 3, 0], [9, 9, 9, 9], np.arange(4.0), np.zeros(4))
    assert ring.edit(closed=[2]).topology is ring.topology
    built = ring.edit(added=[(0, 2, 5), (2, 0, 6), (1, 3, 1)])
    assert built.topology.rank.tolist() == ring.topology.rank.tolist()
    assert built.twin.tolist() == [-1, -1, -1, -1, 5, 4, -1]
    assert built.length_m[4:].tolist() == [2, 2, 2]
    place = Snapped(np.array([5], np.int32), np.array([0.5]), np.array([0], np.int32), np.zeros(1))
    assert travel_times(built, place, np.array([0, 2])).seconds.tolist() == [[3, 3]]


@settings(max_examples=60, deadline=None)
@given(networks())
def test_straight_arcs_there_and_back_are_one_road(network):
    twin, arcs = network.twin, np.arange(network.tail.size)
    has = twin >= 0
    assert (twin[twin[has]] == arcs[has]).all()
    assert (network.tail[twin[has]] == network.head[has]).all()
    assert (network.head[twin[has]] == network.tail[has]).all()
    alone = [(int(network.tail[a]), int(network.head[a])) for a in arcs[~has]]
    assert not any((v, u) in alone for u, v in alone if u != v)


def test_a_place_on_a_road_without_a_stated_twin_is_left_both_ways():
    network = RoadNetwork([0, 1], [1, 0], [10, 20], np.array([0.0, 100.0]), np.zeros(2))
    place = snap(network, np.array([[30.0, 4.8]]), access_kmh=4.8 * 3.6)
    assert travel_times(network, place, np.array([0, 1])).seconds.tolist() == [[1 + 6, 1 + 7]]


def test_a_place_on_a_closed_road_is_unreachable_and_said_by_name():
    line = RoadNetwork([0, 1, 1, 2], [1, 0, 2, 1], [10] * 4, np.arange(3.0), np.zeros(3), twin=np.array([1, 0, 3, 2]))
    place = Snapped(np.array([2], np.int32), np.array([0.5]), np.array([1], np.int32), np.zeros(1))
    matrix = travel_times(line.edit(closed=[2, 3]), place, np.array([0]), origin_ids=np.array(["x"], object))
    assert matrix.seconds.tolist() == [[UNREACHABLE]]
    assert matrix.stranded.tolist() == ["x"]
    assert travel_times(line, place, np.array([0]), origin_ids=np.array(["x"], object)).stranded.tolist() == []


def test_equal_roads_share_one_topology_and_equal_times_one_hierarchy():
    one, other = (RoadNetwork([0, 1], [1, 2], [4, 5], np.arange(3.0), np.zeros(3)) for _ in range(2))
    assert one.topology is other.topology
    assert one.hierarchy is other.hierarchy
    assert one.with_seconds(np.array([1, 1])).topology is one.topology


def test_numbers_out_of_range_are_refused_by_name():
    network = RoadNetwork([0], [1], [4], np.arange(2.0), np.zeros(2))
    with pytest.raises(ValueError, match=r"node numbers must lie in 0…1; found -1, 7"):
        travel_times(network, np.array([0, 7, -1]), np.array([0]))
    with pytest.raises(ValueError, match=r"arc numbers must lie in 0…0; found 3"):
        network.edit(closed=[3])
    with pytest.raises(ValueError, match="negative"):
        network.edit(seconds=([0], [-1]))


@settings(max_examples=150, deadline=None)
@given(networks(), st.integers(1, 4), st.data())
def test_milliseconds_are_rounded_once_where_they_leave_the_network(network, k, data):
    fine = st.integers(0, 4_000)
    ms = [data.draw(fine) if is_open else CLOSED_MS for is_open in network.passable]
    network = RoadNetwork(network.tail, network.head, x=network.x, y=network.y, milliseconds=ms)
    nodes = np.arange(network.x.size)
    exact = by_scipy(network, nodes, weights=network.milliseconds)
    expected = np.where(exact < UNREACHABLE, (exact + 500) // 1000, UNREACHABLE)
    assert (travel_times(network, nodes, nodes).seconds == expected).all()
    order = np.argsort(exact, axis=1, kind="stable")[:, :k]
    seconds, facility = nearest(network, nodes, k=k)
    assert (seconds == np.take_along_axis(expected, order, axis=1)).all()
    reached = np.take_along_axis(exact, order, axis=1) < UNREACHABLE
    assert (facility == np.where(reached, order, -1)).all(), "nearest by milliseconds, not by rounded seconds"
    cutoff_s = data.draw(st.integers(0, 12))
    node, within_s = within(network, nodes[:1], cutoff_s=cutoff_s)
    assert sorted(node.tolist()) == np.flatnonzero(expected[0] <= cutoff_s).tolist()
    assert (within_s == expected[0][node]).all()
    for target in nodes[:4]:
        way = route(network, nodes[:1], np.array([target]))
        assert (way.seconds if way else UNREACHABLE) == expected[0, target]


def lattice(side, seed):
    rng = np.random.default_rng(seed)
    node = np.arange(side * side).reshape(side, side)
    pairs = np.concatenate(
        [np.stack([node[:, :-1].ravel(), node[:, 1:].ravel()], 1), np.stack([node[:-1].ravel(), node[1:].ravel()], 1)]
    )
    pairs = pairs[rng.random(len(pairs)) < 0.8]
    y, x = np.divmod(np.arange(side * side), side)
    weight = rng.integers(5, 90, 2 * len(pairs))
    return RoadNetwork(pairs.ravel(), pairs[:, ::-1].ravel(), weight, x + rng.random(x.size), y + rng.random(y.size))


def test_a_town_of_many_cells_equals_scipy_for_every_pair_and_in_threads():
    network = lattice(40, seed=1)
    nodes = np.random.default_rng(2).permutation(1600)[:300]
    expected = by_scipy(network, nodes)[:, nodes]
    assert (travel_times(network, nodes, nodes).seconds == expected).all()
    with ThreadPoolExecutor(2) as threads:
        assert (travel_times(network, nodes, nodes, threads=threads).seconds == expected).all()


def test_a_pool_of_processes_spreads_counties():
    counties = [(lattice(6, seed), np.arange(10), np.arange(20)) for seed in range(3)]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        found = county_matrices(counties, executor=pool)
    for matrix, (network, origins, destinations) in zip(found, counties, strict=True):
        assert (matrix.seconds == by_scipy(network, origins)[:, destinations]).all()
