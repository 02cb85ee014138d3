"""The ground of a map: settlements seen from their streets, roads finer band by band, borders once, names in order."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import LinearRing, LineString, Point, Polygon, box
from toy_county import lon_lat

from gis.ground.county_ground import county_ground
from gis.ground.name_spots import inner_points, spots_along
from gis.ground.plane import path_of, paths_of, plane_over, points_of
from gis.ground.road_bands import BANDS, banded, whole_roads
from gis.ground.settlements import settlement_areas


def frame(geometries, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(geometries), crs="EPSG:4490")


def line(*points):
    return LineString([lon_lat(*point) for point in points])


def area(west, south, east, north):
    return Polygon([lon_lat(*point) for point in ((west, south), (east, south), (east, north), (west, north))])


def small_county(**more):
    """A main road of 4 km with a bridge, a link, a village with a street; two townships side by side."""
    roads = frame(
        [
            *(line((start, 1), (end, 1)) for start, end in ((0, 2), (2, 2.1), (2.1, 4))),
            line((1, 1), (1, 0)),
            line((1, 0), (1.2, 0)),
        ],
        road_class=["primary", "primary", "primary", "residential", "living_street"],
        way=["w1", "w1", "w1", "w2", "w3"],
        name=["大路", "大路", "大路", "", ""],
        bridge=[False, True, False, False, False],
    )  # fmt: skip
    villages = frame([Point(lon_lat(1, 0)), Point(lon_lat(3, 1))], name=["小庄", "大庄"], resident=[90, 800])
    return county_ground({"roads": roads, "villages": villages, **more})


def test_a_path_is_a_point_and_steps_and_tells_the_same_points():
    bent = LineString([(10.2, 5), (13, 5.4), (13.1, 5.4), (9, 1)])
    assert path_of(bent) == [10, 5, 3, 0, -4, -4]
    assert points_of(path_of(bent)).tolist() == [[10, 5], [13, 5], [9, 1]]


def test_a_ring_is_closed_without_telling_its_first_point_twice():
    assert points_of(path_of(LinearRing([(0, 0), (10, 0), (10, 10)]))).tolist() == [[0, 0], [10, 0], [10, 10]]
    court = Polygon([(0, 0), (90, 0), (90, 90), (0, 90)], [[(30, 30), (60, 30), (60, 60)]])
    assert [len(path) // 2 for path in paths_of(np.array([court]))] == [4, 3]


def test_what_is_no_longer_than_a_metre_is_no_path():
    assert paths_of(np.array([LineString([(0, 0), (0.4, 0.3)])])) == []


def test_the_plane_measures_metres_from_the_north_west_corner():
    (west, north), (east, south) = lon_lat(0, 3), lon_lat(4, 0)
    placed = plane_over([west, south, east, north]).place(np.array([Point(west, north), Point(east, south)]))
    corner, far = shapely.get_coordinates(placed)
    assert corner == pytest.approx([0, 0], abs=0.01)
    assert far == pytest.approx([4000, 3000], rel=0.01)


def test_a_settlement_lies_round_its_streets_and_no_farther():
    cross = np.array([LineString([(0, 0), (300, 0)]), LineString([(150, -150), (150, 150)])])
    (drawn,) = settlement_areas(cross)
    assert drawn.covers(shapely.union_all(cross).buffer(30))
    assert shapely.union_all(cross).buffer(70 + 40).covers(drawn)


def test_hamlets_apart_are_two_settlements_and_without_streets_there_is_none():
    two = np.array([LineString([(0, 0), (200, 0)]), LineString([(600, 0), (800, 0)])])
    near = np.array([LineString([(0, 0), (200, 0)]), LineString([(280, 0), (480, 0)])])
    assert len(settlement_areas(two)) == 2
    assert len(settlement_areas(near)) == 1
    assert len(settlement_areas(two[:0])) == 0


def test_small_courts_are_closed_and_large_ones_stay():
    def around(side):
        ring = LinearRing([(0, 0), (side, 0), (side, side), (0, side)])
        return settlement_areas(np.array([LineString(ring.coords)]))[0]

    assert len(around(300).interiors) == 0  # 160 m wide inside
    assert len(around(600).interiors) == 1


def test_pieces_of_a_road_are_one_line_across_crossings_and_others_end_there():
    pieces = np.array(
        [LineString([(k * 100, 0), (k * 100 + 100, 0)]) for k in range(3)] + [LineString([(100, 0), (100, 50)])]
    )
    classes = np.array(["tertiary"] * 4)
    known = whole_roads(pieces, classes, np.array(["w1", "w1", "w1", "w2"]))["tertiary"]
    assert sorted(shapely.length(known)) == [50, 300]
    unknown = whole_roads(pieces, classes, np.array([""] * 4))["tertiary"]
    assert sorted(shapely.length(unknown)) == [50, 100, 200]


def test_every_band_keeps_within_its_detail_and_nearer_ones_have_more():
    rng = np.random.default_rng(3)
    bent = [LineString(np.column_stack([np.arange(0, 3000, 20.0), rng.normal(0, 9, 150).cumsum()])) for _ in range(4)]
    classes = np.array(["primary", "unclassified", "residential", "living_street"])
    whole = whole_roads(np.array(bent), classes, np.array(["a", "b", "c", "d"]))
    drawn = list(banded(whole))
    assert [list(roads) for _, roads in drawn] == [list(classes[:2]), list(classes[:3]), list(classes)]
    for band, roads in drawn:
        for name, lines in roads.items():
            assert shapely.hausdorff_distance(lines[0], whole[name][0]) <= band.detail_m
    counts = [shapely.get_num_coordinates(roads["primary"][0]) for _, roads in drawn]
    assert counts == sorted(set(counts))
    assert counts[-1] > 3 * counts[0]


@pytest.mark.parametrize(("end", "degrees"), [((4000, 0), 0), ((-4000, 0), 0), ((0, 4000), -90), ((3000, 3000), 45)])
def test_names_along_a_line_are_turned_as_it_is_and_never_on_their_head(end, degrees):
    spots = spots_along(LineString([(0, 0), end]))
    assert {spot[2] for spot in spots} == {degrees}
    middle = LineString([(0, 0), end]).interpolate(0.5, normalized=True)
    assert [round(middle.x), round(middle.y)] in [spot[:2] for spot in spots]


def test_a_name_reaches_no_farther_than_its_line_is_straight():
    corner = LineString([(0, 0), (1000, 0), (1000, 1000)])
    found = spots_along(corner, spacing_m=100)
    assert found
    assert all(0 < reach <= min(1000 - x + y, x + y) for x, y, _, reach in found if y == 0)
    assert [1000, 0] not in [spot[:2] for spot in found]


def test_a_line_too_short_for_any_name_has_no_spot():
    assert spots_along(LineString([(0, 0), (100, 0)])) == []


def test_the_name_of_an_area_stands_inside_its_largest_part():
    horseshoe = Polygon([(0, 0), (9, 0), (9, 9), (8, 9), (8, 1), (1, 1), (1, 9), (0, 9)])
    parts = shapely.MultiPolygon([box(20, 20, 21, 21), box(0, 20, 8, 28)])
    inside = inner_points(np.array([horseshoe, parts], dtype=object))
    assert horseshoe.contains(Point(inside[0]))
    assert inside[1] == pytest.approx([4, 24], abs=0.5)


def test_villages_and_roads_alone_make_a_ground():
    ground = small_county()
    for absent in ("county", "townships", "rivers"):
        assert ground[absent] == []
    assert ground["names"]["townships"] == ground["names"]["rivers"] == []
    assert [band["zoom"] for band in ground["bands"]] == [band.zoom for band in BANDS]
    assert len(ground["settlements"]) == 1


def test_a_main_road_is_one_line_with_its_bridge_drawn_once_more():
    ground = small_county()
    for band in ground["bands"]:
        (road,) = band["roads"]["primary"]
        assert points_of(road)[:, 0].tolist() == pytest.approx([0, 4000], abs=20)
    ((bridge,),) = ground["bridges"].values()
    assert points_of(bridge)[:, 0].tolist() == pytest.approx([2000, 2100], abs=20)
    assert [list(band["roads"]) for band in ground["bands"]] == [
        ["primary"], ["primary", "residential"], ["primary", "residential", "living_street"],
    ]  # fmt: skip


def test_the_largest_village_is_named_first_and_those_without_people_or_name_stop_nothing():
    assert [name for _, _, name in small_county()["names"]["villages"]] == ["大庄", "小庄"]
    unknown = frame([Point(lon_lat(1, 0)), Point(lon_lat(3, 1))], name=["甲", None])
    assert [name for _, _, name in small_county(villages=unknown)["names"]["villages"]] == ["甲"]
    missing = frame([Point(lon_lat(1, 0)), Point(lon_lat(3, 1))], name=["甲", "乙"], resident=[None, 5])
    assert [name for _, _, name in small_county(villages=missing)["names"]["villages"]] == ["乙", "甲"]


def test_a_border_is_drawn_once_and_the_countys_own_outline_not_again():
    townships = frame([area(0, 0, 2, 2), area(2, 0, 4, 2)], name=["河西镇", "河东乡"])
    ground = small_county(townships=townships, county=frame([area(0, 0, 4, 2)], name=["县"]))
    (border,) = ground["townships"]
    assert np.ptp(points_of(border)[:, 0]) < 20
    assert np.ptp(points_of(border)[:, 1]) == pytest.approx(2000, abs=80)
    assert len(ground["county"]) == 1
    assert sorted(name for _, _, name in ground["names"]["townships"]) == ["河东乡", "河西镇"]


def test_names_of_roads_begin_with_the_greatest_class():
    ground = small_county()
    assert [(road["name"], road["class"]) for road in ground["names"]["roads"]] == [("大路", "primary")]
    x, y, degrees, reach = ground["names"]["roads"][0]["spots"][0]
    assert abs(degrees) <= 1
    assert reach <= 1920
    assert 0 < x < ground["size"][0]
    assert 0 <= y <= ground["size"][1]
