"""Whose cell it is beside a road: joins, walks, borders of townships, bridges, places on one point."""

import geopandas as gpd
import numpy as np
import pytest
from road_county import CRS, owners, road_county
from shapely import box


@pytest.fixture
def townships():
    return gpd.GeoDataFrame(geometry=[box(0, 0, 4000, 4000), box(4000, 0, 8000, 4000)], index=["w", "e"], crs=CRS)


def test_villages_on_one_road_without_junction_share_it_halfway():
    drawn = road_county(
        [[(0, 0), (4000, 0)], [(0, 0), (0, 1000)], [(4000, 0), (4000, 1000)]],
        {"甲": (500, 0), "乙": (1500, 0), "丙": (3500, 0)},
    )
    x = [100, 300, 500, 800, 999.4, 1000.6, 2100, 2300, 2499.4, 2500.6, 3900]
    assert owners(drawn, *((x, 0) for x in x)) == list("甲甲甲甲甲乙乙乙乙丙丙")
    assert owners(drawn, (0, 900), (4000, 900)) == ["甲", "丙"]


def test_the_walk_to_the_road_counts():
    """乙 lives 300 m from the road: the border is 150 m nearer to it."""
    drawn = road_county([[(0, 0), (2000, 0)]], {"甲": (500, 0), "乙": (1500, 300)})
    assert owners(drawn, (1149.4, 0), (1150.6, 0)) == ["甲", "乙"]


def test_who_lives_behind_another_keeps_the_ground_round_the_house():
    drawn = road_county([[(0, 0), (2000, 0)]], {"前": (500, 10), "后": (500, 300)})
    assert owners(drawn, (500, 0), (1900, 0), (500, 300)) == ["前", "前", "后"]


@pytest.mark.parametrize("order", [("a", "b", "c"), ("c", "b", "a"), ("b", "c", "a")])
def test_of_several_on_one_point_the_lowest_id_has_the_cell_and_the_others_are_named(order):
    drawn = road_county([[(0, 0), (2000, 0)]], {**dict.fromkeys(order, (500, 0)), "d": (1500, 0)})
    assert sorted(drawn.cells.village_id) == ["a", "d"]
    assert drawn.stands_with == {"b": "a", "c": "a"}
    assert drawn.without_cell == []


def test_the_order_of_the_rows_changes_no_cell():
    lines = [[(0, 0), (1000, 0)], [(1000, 0), (2000, 0)], [(1000, 0), (1000, 1000)]]
    places = {"a": (0, 0), "b": (2000, 0), "c": (300, 40)}  # a and b are as near to the third road
    one, other = (road_county(lines, {unit: places[unit] for unit in order}) for order in ("abc", "cba"))
    assert one.cells.index.tolist() == other.cells.index.tolist()
    assert one.cells.geometry.geom_equals(other.cells.geometry).all()


@pytest.mark.parametrize("closed", ["motorway", "motorway_link", "bridge", "tunnel", "motorroad"])
def test_places_join_no_motorway_bridge_or_tunnel_between_its_ends(closed):
    """乙 lives 390 m from the middle of the closed road, but has to come in by the lane 800 m away."""
    road_class = [closed if "way" in closed else "trunk", "residential", "residential"]
    flags = {closed: [True, False, False]} if "way" not in closed else {}
    drawn = road_county(
        [[(0, 0), (2000, 0)], [(0, 0), (0, 400)], [(2000, 0), (2000, 400)]],
        {"甲": (0, 100), "乙": (1200, 390)},
        road_class=road_class,
        **flags,
    )
    assert owners(drawn, (1544.4, 0), (1545.6, 0)) == ["甲", "乙"]


def test_a_place_may_join_the_junction_where_an_open_road_meets_a_bridge():
    drawn = road_county(
        [[(0, 0), (1000, 0)], [(1000, 0), (2000, 0)]],
        {"甲": (100, 0), "乙": (1040, 0)},
        road_class=["residential"] * 2,
        bridge=[False, True],
    )
    assert owners(drawn, (1500, 0), (569.4, 0), (570.6, 0)) == ["乙", "甲", "乙"]


def test_a_road_that_leaves_its_township_is_not_its_way(townships):
    """From a to the stub in the north the only road leads through the other township."""
    lines = [[(1000, 3000), (5000, 3000), (5000, 1000), (3900, 1000)], [(1000, 3000), (1000, 3900)]]
    drawn = road_county(lines, {"a": (1000, 3000, "w"), "b": (3500, 1500, "w")}, townships=townships)
    assert owners(drawn, (3950, 1000)) == ["b"]
    assert owners(drawn, (3950, 3000)) == ["a"]


def test_a_road_on_the_border_belongs_to_both_sides_and_a_touch_cuts_nothing(townships):
    lines = [[(1000, 500), (4000, 500)], [(4000, 500), (4000, 3500)], [(4000, 3500), (1000, 3500)]]
    drawn = road_county(lines, {"a": (1000, 500, "w"), "b": (3000, 2900, "w")}, townships=townships)
    assert owners(drawn, (3999, 600)) == ["a"], "3,100 m from a along the border, 2,900 m from b"
    lines = [[(1000, 500), (4000, 2000), (1000, 3500)]]  # touches the border with its bend
    drawn = road_county(lines, {"a": (1000, 500, "w"), "b": (1000, 3900, "w")}, townships=townships)
    assert owners(drawn, (3990, 1995), (3990, 2005)) == ["a", "a"]


def test_a_township_without_roads_is_divided_by_the_straight_line_and_said_to_be(townships):
    drawn = road_county(
        [[(5000, 0), (7000, 0)]],
        {"a": (1000, 1000, "w"), "b": (3000, 1000, "w"), "c": (6000, 0, "e")},
        townships=townships,
    )
    assert drawn.without_road == ["a", "b"]
    assert drawn.cells.set_index("village_id").area[["a", "b"]].tolist() == pytest.approx([8e6, 8e6])


def test_who_is_in_no_township_or_gets_no_ground_is_named(townships):
    places = {"a": (1000, 0, "w"), "lost": (2000, 0, ""), "far": (90_000, 0, "w"), "typo": (10, 0, "x")}
    drawn = road_county([[(0, 0), (2000, 0)]], places, townships=townships)
    assert drawn.without_cell == ["far", "lost", "typo"]
    assert drawn.cells.village_id.tolist() == ["a"]
    assert drawn.stands_with == {}


def test_roads_that_cross_without_a_junction_stay_with_their_villages():
    """A bridge over a road: the owner of each is kept to within a metre; what is cut off goes to the neighbour."""
    drawn = road_county(
        [[(0, 0), (2000, 0)], [(1000, -400), (1000, 2000)]], {"a": (100, 0), "b": (1000, 1900)}, ends=[(0, 1), (2, 3)]
    )
    along = [-300, -30, -3, -1, 1, 3, 30, 300]
    assert owners(drawn, *((1000 + d, 0) for d in along)) == ["a"] * 8
    assert owners(drawn, *((1000, d) for d in along)) == ["a"] * 4 + ["b"] * 4
    [(of, to, ground)] = drawn.scraps
    assert (of, to) == ("b", "a")
    assert ground.area > 1000


def test_parallel_roads_a_few_metres_apart_keep_their_owners():
    drawn = road_county([[(0, 0), (4000, 0)], [(0, 3), (4000, 3)]], {"a": (100, -50), "b": (3900, 60)})
    x = np.linspace(5, 3995, 700)
    assert set(owners(drawn, *((x, 0) for x in x))) == {"a"}
    assert set(owners(drawn, *((x, 3) for x in x))) == {"b"}


@pytest.mark.parametrize("outside_m", [0.0, 0.5, 0.9])
def test_a_road_along_the_border_is_the_townships_though_drawn_a_little_outside(townships, outside_m):
    x = 4000 + outside_m
    lines = [[(1000, 500), (x, 500)], [(x, 500), (x, 3500)], [(x, 3500), (1000, 3500)]]
    drawn = road_county(lines, {"a": (1000, 500, "w"), "b": (3000, 3500, "w")}, townships=townships)
    assert owners(drawn, (3999, 990), (3999, 1010)) == ["a", "b"], "both are 3,500 m away along the border"


def test_of_two_as_near_the_lower_id_has_the_road_behind_the_junction():
    """a reaches the junction by two pieces of 200 m, b by one of 400 m."""
    lines = [[(600, 0), (800, 0)], [(800, 0), (1000, 0)], [(1400, 0), (1000, 0)], [(1000, 0), (1000, 1000)]]
    for a, b in ((600, 1400), (1400, 600)):
        drawn = road_county(lines, {"a": (a, 0), "b": (b, 0)})
        assert owners(drawn, (1000, 500), (1000, 990)) == ["a", "a"]


def test_a_road_that_nobody_reaches_goes_to_the_nearest_in_a_straight_line():
    places = {"a": (500, 0), "b": (1500, 0), "c": (3500, 0)}
    drawn = road_county([[(0, 0), (4000, 0)], [(0, 600), (4000, 600)]], places)
    x = [10, 999, 1001, 2499, 2501, 3990]
    assert owners(drawn, *((x, 600) for x in x)) == list("aabbcc")
