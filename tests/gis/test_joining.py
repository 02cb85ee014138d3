"""Where places join the roads: said a second time by plain loops, and the same however the roads are drawn."""

import numpy as np
import pytest
import shapely
from random_roads import drawn_otherwise, random_roads
from road_oracle import seconds_between

from gis.cost_matrix import UNREACHABLE
from gis.faults import FaultsError
from gis.road_network import network_from_roads
from gis.route import route
from gis.snapping import snap
from gis.travel_modes import MODES
from gis.travel_time import nearest, travel_times


def places_beside(roads, rng, count=10):
    """Near the roads, on them, on junctions, and two neighbours far from a road."""
    lines = roads.geometry.to_numpy()[rng.integers(0, len(roads), count)]
    xy = shapely.get_coordinates(shapely.line_interpolate_point(lines, rng.random(count), normalized=True))
    xy += rng.normal(0, 1, xy.shape) * rng.choice([0, 5, 300], count)[:, None]
    xy[0] = lines[0].coords[0]
    return np.concatenate([xy, xy[-1:] + 60.0])


def joined(roads, xy, mode):
    network = network_from_roads(roads, mode=MODES[mode])
    return network, snap(network, xy, access_kmh=MODES[mode].access_kmh)


def times(roads, xy, mode):
    try:
        network, places = joined(roads, xy, mode)
    except FaultsError:
        return None
    return travel_times(network, places, places).seconds


@pytest.mark.parametrize("mode", sorted(MODES))
@pytest.mark.parametrize("seed", range(25))
def test_times_equal_those_of_plain_loops(seed, mode):
    rng = np.random.default_rng(seed)
    roads = random_roads(rng)
    xy = places_beside(roads, rng)
    found, expected = times(roads, xy, mode), seconds_between(roads, xy, mode=mode)
    assert ((found >= UNREACHABLE) == np.isinf(expected)).all()
    there = np.isfinite(expected)
    assert there.sum() > len(xy)
    assert np.abs(found[there] - expected[there]).max() <= 0.52, "half a second, and a millisecond a stretch"


@pytest.mark.parametrize("seed", range(50))
def test_however_a_road_is_drawn_times_stay_the_same(seed):
    rng = np.random.default_rng(1_000 + seed)
    roads = random_roads(rng)
    other = drawn_otherwise(roads, rng, steps_m=[(2.0, 13.0), (2.0, 2_000.0)][seed % 2])
    assert len(other) > 2 * len(roads)
    xy = places_beside(roads, rng)
    for mode in sorted(MODES):
        one, two = times(roads, xy, mode), times(other, xy, mode)
        assert ((one >= UNREACHABLE) == (two >= UNREACHABLE)).all()
        assert np.abs(one - two).max() <= 1, mode


@pytest.mark.parametrize("seed", range(10))
def test_matrix_nearest_and_route_follow_one_rule(seed):
    rng = np.random.default_rng(seed)
    roads = random_roads(rng)
    xy = places_beside(roads, rng)
    network, places = joined(roads, xy, "e-bike")
    seconds = travel_times(network, places, places).seconds
    found, facility = nearest(network, places, k=len(xy), origins=places)
    assert (np.sort(seconds, axis=1) == found).all()
    listed = facility >= 0
    assert (np.take_along_axis(seconds, np.maximum(facility, 0), axis=1)[listed] == found[listed]).all()
    on_foot = 0
    for i in range(len(xy)):
        for j in range(len(xy)):
            way = route(network, places.take(np.array([i])), places.take(np.array([j])))
            assert (way.seconds if way else UNREACHABLE) == seconds[i, j]
            on_foot += bool(way and way.on_foot and i != j)
    assert on_foot, "the two neighbours walk straight"


def test_neighbours_far_from_the_road_walk_straight_to_each_other():
    """98 m apart, 800 m from a road 4 km long: to the road and back would take 20 minutes."""
    roads = random_roads(np.random.default_rng(0), junctions=4, plain=True).iloc[:1]
    line = shapely.LineString([(0, 0), (4_000, 0)])
    roads = roads.assign(u=0, v=1, length_m=4_000.0, oneway=False, bicycle="", geometry=[line])
    network, places = joined(roads, np.array([[2_000.0, 800.0], [2_098.0, 800.0], [3_000.0, 0.0]]), "walk")
    assert travel_times(network, places, places).seconds[0].tolist() == [0, 74, 960], "and so do those beside one road"
    halves = drawn_otherwise(roads, np.random.default_rng(1))
    network, places = joined(halves, np.array([[2_000.0, 800.0], [2_098.0, 800.0]]), "walk")
    assert travel_times(network, places, places).seconds[0, 1] == 74
    built = network.edit(added_ms=[(0, 5, 10**6), (5, 0, 10**6)])
    assert travel_times(built, places, places).seconds[0, 1] == 74, "a new road takes no way from anybody"
    closed = network.edit(closed=np.arange(network.tail.size))
    assert travel_times(closed, places, places).seconds[0, 1] == 74, "the fields stay open"


@pytest.mark.parametrize("fenced", [{"road_class": "motorway"}, {"road_class": "motorway_link"}, {"bridge": True}])
def test_nobody_joins_a_fenced_road_between_its_ends(fenced):
    """A place beside the middle of a fenced road of 1 km walks to its end, where a street begins."""
    template = random_roads(np.random.default_rng(0), junctions=4, plain=True).iloc[:2]
    lines = [shapely.LineString([(0, 0), (1_000, 0)]), shapely.LineString([(1_000, 0), (2_000, 0)])]
    roads = template.assign(u=[0, 1], v=[1, 2], length_m=1_000.0, oneway=False, bicycle="", geometry=lines)
    for column, value in fenced.items():
        roads[column] = [value, roads[column].iloc[1]]
    network, places = joined(roads, np.array([[600.0, 10.0], [2_000.0, 0.0]]), "car")
    assert places.distance_m[0] == pytest.approx(np.hypot(400, 10))
    assert network.head[places.arc[0]] == 1 or network.tail[places.arc[0]] == 1


def test_scraps_are_told_by_length_however_finely_they_are_drawn():
    """A lane of 100 m beside 20 km of road is a scrap, drawn in one piece or in fifty."""
    template = random_roads(np.random.default_rng(0), junctions=4, plain=True).iloc[:2]
    lines = [shapely.LineString([(0, 0), (20_000, 0)]), shapely.LineString([(500, 300), (600, 300)])]
    roads = template.assign(u=[0, 2], v=[1, 3], length_m=[20_000.0, 100.0], oneway=False, bicycle="", geometry=lines)
    for drawn in (roads, drawn_otherwise(roads, np.random.default_rng(2), steps_m=(2.0, 4.0))):
        _, places = joined(drawn, np.array([[550.0, 290.0]]), "walk")
        assert places.distance_m[0] == pytest.approx(290, abs=0.01)
