"""Grid cells: they fill their township, hold their village and have 15-digit codes."""

import geopandas as gpd
import numpy as np
import pytest
from shapely import LineString, Point, box, union_all

from gis.grid import CellIndex, build_cells, cell_codes, draw_cells

CRS = "EPSG:4548"


@pytest.fixture
def townships():
    return gpd.GeoDataFrame(geometry=[box(0, 0, 4000, 4000), box(4000, 0, 8000, 4000)], index=["w", "e"], crs=CRS)


@pytest.fixture
def villages():
    places = {"a": (1000, 1000, "w"), "b": (3000, 1000, "w"), "c": (5000, 3000, "e")}
    return gpd.GeoDataFrame(
        {"name": list(places), "township_id": [t for *_, t in places.values()]},
        geometry=[Point(x, y) for x, y, _ in places.values()],
        index=list(places),
        crs=CRS,
    )


@pytest.fixture
def roads():
    """Village a by road reaches far to the right below; b only has a stub."""
    lines = [
        LineString([(1000, 1000), (1000, 100)]),
        LineString([(1000, 100), (3500, 100)]),
        LineString([(3000, 1000), (3000, 3000)]),
    ]
    ends = [(0, 1), (1, 2), (3, 4)]
    return gpd.GeoDataFrame(
        {"u": [u for u, _ in ends], "v": [v for _, v in ends], "length_m": [line.length for line in lines]},
        geometry=lines,
        crs=CRS,
    )


def test_cells_fill_each_township_without_overlap(villages, townships, roads):
    cells = build_cells(villages, townships, None, roads, county_code="371424")
    assert cells.set_index("village_id").township_id.to_dict() == {"a": "w", "b": "w", "c": "e"}
    assert cells.area.sum() == pytest.approx(2 * 4000 * 4000)
    assert union_all(cells.geometry).area == pytest.approx(2 * 4000 * 4000)
    for _, cell in cells.iterrows():
        assert cell.geometry.covers(villages.geometry[cell.village_id])


def test_ground_belongs_to_the_village_nearest_by_road_not_by_air(villages, townships, roads):
    cells = build_cells(villages, townships, None, roads, county_code="371424").set_index("village_id")
    beside_the_road_of_a = Point(3400, 90)
    assert cells.geometry["a"].covers(beside_the_road_of_a), "b is nearer by air but has no road there"


def test_finely_cut_streets_do_not_break_the_way_to_a_village(villages, townships):
    """The road of village a is cut every 10 m, far finer than the territory is drawn."""
    x = np.arange(1000, 3500, 10)
    lines = [LineString([(1000, 1000), (1000, 100)])]
    lines += [LineString([(a, 100), (a + 10, 100)]) for a in x]
    lines += [LineString([(3000, 1000), (3000, 3000)])]
    ends = [(0, 1), *((1 + k, 2 + k) for k in range(x.size)), (x.size + 2, x.size + 3)]
    roads = gpd.GeoDataFrame(
        {"u": [u for u, _ in ends], "v": [v for _, v in ends], "length_m": [line.length for line in lines]},
        geometry=lines,
        crs=CRS,
    )
    cells = build_cells(villages, townships, None, roads, county_code="371424").set_index("village_id")
    assert cells.geometry["a"].covers(Point(3400, 90))


def test_of_parallel_roads_the_shortest_decides(villages, townships):
    """Two roads lead from a to a junction; were their lengths added up, b would be nearer to it."""
    lines = [
        LineString([(1000, 1000), (1900, 1000)]),
        LineString([(1000, 1000), (1450, 1300), (1900, 1000)]),
        LineString([(1900, 1000), (3000, 1000)]),
    ]
    roads = gpd.GeoDataFrame(
        {"u": [0, 0, 1], "v": [1, 1, 2], "length_m": [line.length for line in lines]}, geometry=lines, crs=CRS
    )
    cells = build_cells(villages, townships, None, roads, county_code="371424").set_index("village_id")
    assert cells.geometry["a"].covers(Point(1890, 990))


def test_without_outlines_the_region_is_drawn_round_the_places(villages, roads):
    cells = build_cells(villages.drop(columns="township_id"), None, None, roads, county_code="7")
    assert sorted(cells.village_id) == ["a", "b", "c"]
    assert cells.index.str.fullmatch(r"000007001\d{3}001").all()


def test_statistics_codes_are_kept_and_others_numbered_west_to_east():
    points = [Point(5, 0), Point(1, 0), Point(3, 9), Point(3, 1)]
    official = gpd.GeoDataFrame(geometry=points, index=["371424001279", "371424001280", "371424001281", "371424001282"])
    assert cell_codes(official, county_code="371424")[0] == "371424001279001"
    own = gpd.GeoDataFrame(geometry=points, index=["x", "y", "z", "q"])
    assert cell_codes(own, county_code="FI-091") == [
        "000091001004001",
        "000091001001001",
        "000091001002001",
        "000091001003001",
    ]


def test_a_code_that_would_need_more_digits_is_refused():
    many = gpd.GeoDataFrame(
        geometry=gpd.points_from_xy(np.arange(1000), np.zeros(1000)), index=[f"v{i}" for i in range(1000)]
    )
    with pytest.raises(ValueError, match="999"):
        cell_codes(many, county_code="1")


def test_a_point_lies_in_one_cell_on_a_border_in_the_lower_code_and_outside_in_none():
    cells = gpd.GeoDataFrame(geometry=[box(1, 0, 2, 1), box(0, 0, 1, 1)], index=["2", "1"])
    index = CellIndex(cells)
    assert index.cell_at(0.5, 0.5) == "1"
    assert index.cell_at(1.0, 0.5) == "1"
    assert index.cell_at(1.5, 0.5) == "2"
    assert index.cell_at(2.5, 0.5) is None


def test_points_asked_together_are_answered_as_one_by_one():
    cells = gpd.GeoDataFrame(geometry=[box(1, 0, 2, 1), box(0, 0, 1, 1)], index=["2", "1"])
    index = CellIndex(cells)
    lon = np.array([0.5, 1.0, 1.5, 2.5, 2.0 + 5e-7])
    together = index.cell_at(lon, np.full(5, 0.5))
    assert together.tolist() == ["1", "1", "2", None, "2"]
    assert together.tolist() == [index.cell_at(float(x), 0.5) for x in lon]
    assert index.cell_at(lon[:0], lon[:0]).tolist() == []


def road_county(lines, places, *, ends=None, townships=None, **columns):
    """Cells of places {id: (x, y)} on lines whose ends are nodes."""
    lines = [LineString(line) for line in lines]
    corners = list(dict.fromkeys(xy for line in lines for xy in (line.coords[0], line.coords[-1])))
    ends = ends or [(corners.index(line.coords[0]), corners.index(line.coords[-1])) for line in lines]
    roads = gpd.GeoDataFrame(
        {"u": [u for u, _ in ends], "v": [v for _, v in ends], "length_m": [x.length for x in lines], **columns},
        geometry=lines,
        crs=CRS,
    )
    units = gpd.GeoDataFrame(
        {"name": list(places)}, geometry=[Point(xy[:2]) for xy in places.values()], index=list(places), crs=CRS
    )
    if townships is not None:
        units["township_id"] = [xy[2] for xy in places.values()]
        return draw_cells(units, townships, None, roads, county_code="371424")
    county = gpd.GeoDataFrame(geometry=[box(-500, -500, 4500, 2500)], crs=CRS)
    return draw_cells(units, None, county, roads, county_code="371424")


def owners(drawn, *points):
    cells = drawn.cells.set_index("village_id").geometry
    return ["".join(cells.index[cells.contains(Point(point))]) for point in points]


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
    """A bridge over a road: the owner of each is kept to within a metre of the crossing."""
    drawn = road_county(
        [[(0, 0), (2000, 0)], [(1000, -400), (1000, 2000)]], {"a": (100, 0), "b": (1000, 1900)}, ends=[(0, 1), (2, 3)]
    )
    along = [-300, -30, -3, -1, 1, 3, 30, 300]
    assert owners(drawn, *((1000 + d, 0) for d in along)) == ["a"] * 8
    assert owners(drawn, *((1000, d) for d in along)) == ["b"] * 8


def test_parallel_roads_a_few_metres_apart_keep_their_owners():
    drawn = road_county([[(0, 0), (4000, 0)], [(0, 3), (4000, 3)]], {"a": (100, -50), "b": (3900, 60)})
    x = np.linspace(5, 3995, 700)
    assert set(owners(drawn, *((x, 0) for x in x))) == {"a"}
    assert set(owners(drawn, *((x, 3) for x in x))) == {"b"}


ODD = [
    "371499002202.0",
    "'371499002202",
    '="371499002202"',
    "３７１４９９００２２０２",
    "371499002202\u200b",
    "新村",
    "37149900220",
]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("place", range(4))
def test_one_odd_id_leaves_the_codes_of_the_others_alone_and_is_named(odd, place):
    ids = ["371499001201", "371499001202", "371499002201"]
    ids.insert(place, odd)
    points = [Point(1000 * k, 0) for k in range(4)]
    units = gpd.GeoDataFrame({"name": ids}, geometry=points, index=ids, crs=CRS)
    codes = dict(zip(ids, cell_codes(units, county_code="371499"), strict=True))
    made = codes.pop(odd)
    assert codes == {id_: f"{id_}001" for id_ in codes}
    assert made == "371499003001001", "in no township that is known: the next free number"
    drawn = road_county([[(0, 0), (3000, 0)]], {id_: (1000 * k, 0) for k, id_ in enumerate(ids)})
    assert drawn.made_code == {odd: "371424003001001"}


def test_a_hamlet_without_code_gets_its_townships_digits_and_a_number_that_is_free():
    ids = ["371499001001", "371499001002", "371499001004", "371499002001", "b", "a", "z", "y"]
    township = ["T1", "T1", "T1", "T2", "T1", "T1", "T2", "T3"]
    units = gpd.GeoDataFrame(
        {"township_id": township}, geometry=gpd.points_from_xy(range(8, 0, -1), [0] * 8), index=ids
    )
    codes = cell_codes(units, county_code="371499")
    assert codes[:4] == [f"{id_}001" for id_ in ids[:4]]
    assert codes[4:] == ["371499001005001", "371499001003001", "371499002002001", "371499003001001"]
    for left_out in "abzy":
        rest = cell_codes(units.drop(left_out), county_code="371499")
        assert rest[:4] == codes[:4]


def test_a_county_of_its_own_numbers_warns_of_none():
    drawn = road_county([[(0, 0), (3000, 0)]], {"a": (0, 0), "b": (2000, 0)})
    assert drawn.made_code == {}
    assert drawn.cells.index.tolist() == ["371424001001001", "371424001002001"]
