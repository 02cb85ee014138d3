"""Road pieces become arcs: seconds add up along a way, modes keep to their roads."""

import itertools

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString

from gis.cost_matrix import CLOSED_MS
from gis.road_graph import from_networkx, to_networkx, weak_spots
from gis.road_network import is_through_road, network_from_roads, piece_milliseconds
from gis.travel_modes import MODES


def roads(*pieces):
    """Pieces (u, v, [points], {columns}) on a metre plane."""
    rows = []
    for u, v, points, extra in pieces:
        line = LineString(points)
        row = {"u": u, "v": v, "length_m": line.length, "road_class": "residential"}
        rows.append({**row, "oneway": False, "speed_kmh": np.nan, "geometry": line, **extra})
    return gpd.GeoDataFrame(rows, crs="EPSG:4548")


def test_a_piece_is_two_arcs_with_the_course_of_their_direction():
    network = network_from_roads(roads((0, 1, [(0, 0), (30, 0), (30, 40)], {})), mode=MODES["walk"])
    assert network.tail.tolist() == [0, 1]
    assert network.head.tolist() == [1, 0]
    assert network.twin.tolist() == [1, 0]
    assert network.shapes.xy.tolist() == [[0, 0], [30, 0], [30, 40], [30, 40], [30, 0], [0, 0]]
    assert network.milliseconds.tolist() == [52_500, 52_500]
    assert network.seconds.tolist() == [53, 53], "halves are rounded up"


def test_one_way_binds_wheels_and_not_feet():
    one = roads((0, 1, [(0, 0), (100, 0)], {"oneway": True}))
    assert network_from_roads(one, mode=MODES["car"]).passable.tolist() == [True, False]
    assert network_from_roads(one, mode=MODES["walk"]).passable.tolist() == [True, True]


def test_each_mode_keeps_to_its_roads():
    both = roads(
        (0, 1, [(0, 0), (90, 0)], {"road_class": "motorway"}), (1, 2, [(90, 0), (180, 0)], {"road_class": "steps"})
    )
    by_mode = {name: (piece_milliseconds(both, mode=mode)[0] < CLOSED_MS).tolist() for name, mode in MODES.items()}
    assert by_mode == {
        "walk": [False, True],
        "elder-walk": [False, True],
        "e-bike": [False, False],
        "car": [True, False],
    }


def test_a_stated_speed_counts_for_cars_only_and_links_are_of_their_class():
    stated = roads((0, 1, [(0, 0), (1000, 0)], {"speed_kmh": 36.0, "road_class": "primary_link"}))
    assert piece_milliseconds(stated, mode=MODES["car"])[0].tolist() == [100_000]
    assert piece_milliseconds(stated, mode=MODES["e-bike"])[0].tolist() == [180_000]


@given(st.lists(st.floats(0.1, 900), min_size=1, max_size=30), st.sampled_from(sorted(MODES)))
def test_pieces_of_a_stretch_add_up_to_the_rounded_whole(lengths, mode):
    start = np.concatenate([[0.0], np.cumsum(lengths)])
    cut = roads(
        *((i, i + 1, [(a, 0), (b, 0)], {"length_m": b - a}) for i, (a, b) in enumerate(itertools.pairwise(start)))
    )
    speed_m_s = MODES[mode].speeds_kmh["residential"] / 3.6
    assert piece_milliseconds(cut, mode=MODES[mode])[0].sum() == pytest.approx(
        1000 * start[-1] / speed_m_s, abs=0.5 + 1e-6
    )


def test_streets_are_told_from_through_roads():
    classes = gpd.pd.Series(["primary", "trunk_link", "residential", "living_street", "footway"])
    assert is_through_road(classes).tolist() == [True, True, True, False, False]


def test_networkx_gets_and_gives_the_same_network():
    network = network_from_roads(
        roads(
            (0, 1, [(0, 0), (100, 0)], {}),
            (1, 2, [(100, 0), (100, 99)], {"oneway": True}),
            (0, 1, [(0, 0), (50, 9), (100, 0)], {}),
        ),
        mode=MODES["car"],
    )
    graph = to_networkx(network)
    again = from_networkx(graph)
    assert graph.number_of_edges() == 5, "parallel roads stay two, the closed direction is left out"
    assert sorted(zip(again.tail, again.head, again.milliseconds, strict=True)) == sorted(
        (t, h, ms) for t, h, ms in zip(network.tail, network.head, network.milliseconds, strict=True) if ms < CLOSED_MS
    )
    assert again.length_m.sum() == pytest.approx(network.length_m[network.passable].sum())


def test_an_edge_without_a_weight_is_named():
    graph = nx.MultiDiGraph()
    graph.add_node("a", x=0.0, y=0.0)
    graph.add_node("b", x=1.0, y=0.0)
    graph.add_edge("a", "b")
    with pytest.raises(ValueError, match=r"1 edges lack 'seconds', the first \('a', 'b'\)"):
        from_networkx(graph)


def test_weak_spots_are_the_only_way_across():
    """A triangle 0-1-2, a bridge 2-3 and a doubled road 3-4."""
    network = network_from_roads(
        roads(
            (0, 1, [(0, 0), (1, 0)], {}),
            (1, 2, [(1, 0), (1, 1)], {}),
            (2, 0, [(1, 1), (0, 0)], {}),
            (2, 3, [(1, 1), (5, 1)], {}),
            (3, 4, [(5, 1), (9, 1)], {}),
            (3, 4, [(5, 1), (7, 3), (9, 1)], {}),
        ),
        mode=MODES["car"],
    )
    arcs, nodes = weak_spots(network)
    assert arcs.tolist() == [6]
    assert nodes.tolist() == [2, 3]
