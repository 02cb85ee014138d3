"""Grid cells: they fill their township, hold their village and have 15-digit codes."""

import geopandas as gpd
import numpy as np
import pytest
from shapely import LineString, Point, box, union_all

from gis.grid import CellIndex, build_cells, draw_cells

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


@pytest.mark.parametrize("codes", [["371424001002001", "371424001001001"], ["371424001001001", "371424001002001"]])
def test_a_point_a_hair_beside_two_cells_is_the_lower_one_s(codes):
    """A sliver between cells that share a border on paper: within a decimetre the lower code has it."""
    sliver = 4e-7
    cells = gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1), box(1 + sliver, 0, 2, 1)], index=codes, crs="EPSG:4490")
    index = CellIndex(cells)
    assert index.cell_at(1 + sliver / 4, 0.5) == "371424001001001"
    assert index.cell_at(1 + 3 * sliver / 4, 0.5) == "371424001001001"
    assert index.cell_at(0.5, 0.5) == codes[0]
    assert index.cell_at(np.array([1 + sliver / 4, 3.0]), np.array([0.5, 0.5])).tolist() == ["371424001001001", None]


def test_places_in_no_township_share_no_point_with_anybody(villages, townships, roads):
    """Two of an unknown township on one point: both are without a cell, neither for the other's sake."""
    lost = villages.loc[["a", "a"]].set_axis(["x", "y"]).assign(township_id="nowhere")
    drawn = draw_cells(gpd.pd.concat([villages, lost]), townships, None, roads, county_code="371424")
    assert sorted(drawn.without_cell) == ["x", "y"]
    assert drawn.stands_with == {}
