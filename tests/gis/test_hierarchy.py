"""The hierarchy's answers: equal to scipy cell by cell on random networks, after edits as if built anew."""

import itertools
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from gis.cost_matrix import CLOSED_MS, LONGEST_S, UNREACHABLE
from gis.edits import build_road, close_roads, slow_roads
from gis.faults import FaultsError
from gis.network import RoadNetwork
from gis.route import route
from gis.snapping import Snapped, snap
from gis.travel_time import county_matrices, nearest, travel_times, within


def by_scipy(network, nodes, weights=None):
    """Seconds from the nodes to all nodes; of parallel arcs the fastest, zero weights kept."""
    weights = network.seconds if weights is None else weights
    n, arcs = network.x.size, np.flatnonzero(network.passable)
    fastest = {}
    for a in arcs.tolist():
        pair = int(network.tail[a]), int(network.head[a])
        fastest[pair] = min(fastest.get(pair, UNREACHABLE), int(weights[a]))
    tail, head = np.array(list(fastest), dtype=int).reshape(-1, 2).T
    graph = csr_array((np.array(list(fastest.values()), float), (tail, head)), shape=(n, n))
    seconds = dijkstra(graph, indices=nodes)
    return np.where(np.isfinite(seconds), seconds, UNREACHABLE).astype(int)


@st.composite
def networks(draw, most_nodes=24):
    """Directed, with parallel arcs, loops, zero weights, one-ways, islands, isolated nodes and equal positions."""
    n = draw(st.integers(1, most_nodes))
    node, seconds = st.integers(0, n - 1), st.sampled_from([0, 0, 1, 2, 3, 7, 60, UNREACHABLE])
    arcs = draw(st.lists(st.tuples(node, node, seconds), max_size=3 * n))
    seed = draw(st.integers(0, 3))
    xy = np.random.default_rng(seed).integers(0, 4, (n, 2)).astype(float)
    tail, head, weight = np.array(arcs, dtype=int).reshape(-1, 3).T
    return RoadNetwork(tail, head, weight, *xy.T)


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
