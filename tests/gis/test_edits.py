"""Roads closed, flooded, slowed and built; surfaces, isochrones and catchments on a square known by hand."""

import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas import GeoDataFrame

from gis.catchments import catchment_of_arcs, catchment_of_nodes
from gis.cost_matrix import UNREACHABLE
from gis.edits import build_road, change_speeds, close_roads, flood, node_near, slow_roads
from gis.isochrone import isochrone, reached_roads
from gis.network import RoadNetwork
from gis.road_network import network_from_roads
from gis.snapping import snap
from gis.surface import accessibility_surface
from gis.travel_modes import MODES
from gis.travel_time import nearest, travel_times


@pytest.fixture
def square():
    """1 km square 0-1-2-3, both ways, 100 s a side; pieces 0-1, 1-2, 2-3, 3-0."""
    tail, head = [0, 1, 1, 2, 2, 3, 3, 0], [1, 0, 2, 1, 3, 2, 0, 3]
    x, y = np.array([[0, 0], [1000, 0], [1000, 1000], [0, 1000]], float).T
    return RoadNetwork(tail, head, np.full(8, 100), x, y, twin=np.arange(8) ^ 1)


def from_0(network):
    return travel_times(network, np.array([0]), np.arange(4)).seconds[0].tolist()


def test_a_closed_road_is_closed_both_ways_and_the_base_is_not(square):
    closed = close_roads(square, [0])
    assert from_0(closed) == [0, 300, 200, 100]
    assert travel_times(closed, np.array([1]), np.array([0])).seconds.tolist() == [[300]]
    assert from_0(square) == [0, 100, 200, 100]


def test_a_flood_closes_what_it_touches(square):
    assert from_0(flood(square, shapely.box(900, -10, 1100, 500))) == [0, UNREACHABLE, 200, 100]


def test_a_slower_road_is_slower_in_the_direction_named(square):
    slow = slow_roads(square, [0], factor=2.5)
    assert from_0(slow) == [0, 250, 200, 100]
    assert travel_times(slow, np.array([1]), np.array([0])).seconds.tolist() == [[100]]
    with pytest.raises(ValueError, match="above 0"):
        slow_roads(square, [0], factor=0)


def test_a_bridge_shortens_the_way_across_in_both_directions(square):
    bridged = build_road(square, node_near(square, np.array([10, 20])), 2, speed_kmh=36)
    assert from_0(bridged) == [0, 100, 141, 100]
    assert travel_times(bridged, np.array([2]), np.array([0])).seconds.tolist() == [[141]]
    assert bridged.twin[-2:].tolist() == [9, 8]


def test_a_class_gets_another_speed_and_what_is_closed_stays_closed():
    lines = [shapely.LineString([(0, 0), (600, 0)]), shapely.LineString([(600, 0), (1200, 0)])]
    columns = {
        "u": [0, 1],
        "v": [1, 2],
        "length_m": 600.0,
        "oneway": [False, True],
        "speed_kmh": np.nan,
    }
    roads = GeoDataFrame({**columns, "road_class": ["tertiary", "unclassified"]}, geometry=lines, crs=4548)
    network = network_from_roads(roads, mode=MODES["car"])
    assert network.seconds.tolist() == [54, 54, 72, UNREACHABLE]
    faster = change_speeds(network, pd.DataFrame(roads), mode=MODES["car"], speeds_kmh={"unclassified": 60})
    assert faster.seconds.tolist() == [54, 54, 36, UNREACHABLE]


def test_a_surface_holds_walk_and_ride_to_the_nearest_facility_and_says_what_is_outside(square):
    area = shapely.Polygon([(-200, -200), (1200, -200), (1200, 0), (-200, 0)])
    surface = accessibility_surface(square, np.array([0, 2]), area, cell_m=200, access_kmh=3.6)
    assert surface.seconds.tolist() == [[141, 110, 130, 150, 170, 190, 241]], "100 m on foot, the rest by road"
    assert surface.facility.tolist() == [[0] * 7], "at equal times the lower position"
    ring = shapely.box(0, 0, 1000, 1000).boundary.buffer(150)
    minutes = accessibility_surface(square, np.array([0]), ring, cell_m=200, access_kmh=3.6).minutes
    assert np.isnan(minutes[3, 3]), "outside"
    with pytest.raises(ValueError, match="at least 100 m"):
        accessibility_surface(square, np.array([0]), area, cell_m=10, access_kmh=3.6)


def test_an_isochrone_ends_on_the_road_where_the_time_is_up(square):
    place = snap(square, np.array([[500.0, 0.0]]), access_kmh=3.6)
    lines = reached_roads(square, place, cutoff_s=70)
    assert shapely.union_all(lines).length == pytest.approx(1000 + 2 * 200)
    polygon = isochrone(square, place, cutoff_s=70, width_m=10)
    assert polygon.contains(shapely.Point(0, 190))
    assert not polygon.contains(shapely.Point(0, 250))


def test_catchments_name_the_nearest_facility_and_the_border_runs_along_undivided_roads(square):
    assert catchment_of_nodes(square, np.array([0, 2])).tolist() == [0, 0, 1, 0]
    assert catchment_of_arcs(square, np.array([0, 2])).tolist() == [0, 0, -1, -1, -1, -1, 0, 0]
    split = square.edit(closed=np.arange(8))
    assert catchment_of_nodes(split, np.array([0])).tolist() == [0, -1, -1, -1]


def test_nearest_of_snapped_places_goes_straight_along_a_shared_road(square):
    places = snap(square, np.array([[400.0, 0.0], [1000.0, 900.0]]), access_kmh=3.6)
    facilities = snap(square, np.array([[600.0, 0.0], [0.0, 500.0]]), access_kmh=3.6)
    seconds, facility = nearest(square, facilities, k=2, origins=places)
    assert seconds.tolist() == [[20, 90], [130, 160]]
    assert facility.tolist() == [[0, 1], [0, 1]]
