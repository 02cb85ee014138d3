"""Cells as ground: they fill the county without overlap, hang together, and large villages have compact ones."""

import time

import geopandas as gpd
import numpy as np
import pytest
import shapely
from seeded_counties import CRS, KINDS, drawn_county

from gis.cells.households import MOST_HOUSEHOLDS, PEOPLE_A_HOUSEHOLD, cells_needed, households_of
from gis.grid import CellIndex, draw_cells


@pytest.fixture(params=[(kind, seed) for kind in KINDS for seed in (1, 3)], ids=lambda p: f"{p[0]}-{p[1]}")
def made(request):
    return drawn_county(*request.param)


def outline_of(county):
    shapes = county.townships if county.county is None else county.county
    return shapely.union_all(shapes.geometry.to_numpy())


def test_cells_fill_the_county_and_share_their_borders(made):
    county, found = made
    ground = found.cells.geometry.to_numpy()
    whole = shapely.union_all(ground)
    assert shapely.area(shapely.symmetric_difference(whole, outline_of(county))) <= 1
    assert abs(shapely.area(ground).sum() - whole.area) <= 1e-3
    assert shapely.coverage_is_valid(ground)
    assert shapely.coverage_is_valid(found.cells.to_crs("EPSG:4490").geometry.to_numpy()), "stored in degrees"


def test_a_cell_hangs_together_wherever_its_township_does(made):
    county, found = made
    shapes = outline_of(county) if county.townships is None else county.townships.geometry.to_numpy()
    parts = shapely.get_parts(shapes)
    for code, cell in found.cells.geometry.items():
        inner = shapely.point_on_surface(shapely.get_parts(cell))
        within = [tuple(np.flatnonzero(shapely.intersects(parts, point))) for point in inner]
        assert len(within) == len(set(within)), code


def test_every_village_has_a_cell_where_it_stands_and_numbers_go_from_west_to_east(made):
    county, found = made
    assert set(found.cells.village_id) == set(county.units.index)
    for id_, cells in found.cells.groupby("village_id"):
        assert cells.geometry.intersects(county.units.geometry[id_]).sum() >= 1
        assert [code[:12] for code in cells.index] == [id_] * len(cells)
        assert [int(code[12:]) for code in cells.index] == list(range(1, len(cells) + 1))
        assert cells.centroid.x.is_monotonic_increasing


def test_large_villages_have_compact_cells_of_100_to_300_households(made):
    county, found = made
    several = found.cells.groupby("village_id").filter(lambda rows: len(rows) > 1)
    households = county.units.resident / PEOPLE_A_HOUSEHOLD
    assert set(several.village_id) == set(households.index[households > MOST_HOUSEHOLDS])
    assert several.households.between(100, 300).all()
    assert (4 * np.pi * several.area / several.length**2).median() > 0.35
    told = found.cells.groupby("village_id").households.sum()
    assert (told == households.round().astype(int)[told.index]).all()


def test_what_is_detached_goes_to_the_longest_border_and_is_told():
    county, found = drawn_county("scrappy", 1)
    assert [to for of, to, _ in found.scraps if not of], "the strip between the townships was nobody's"
    assert sum(ground.area for of, _, ground in found.scraps if not of) == pytest.approx(
        120 * 6000 + 2000 * 2000, rel=0.9
    )
    _, crossed = drawn_county("scattered", 1)
    assert [of for of, *_ in crossed.scraps if of]
    for of, to, ground in crossed.scraps:
        assert of != to
        assert ground.area >= 1
    assert county.units.index.isin(found.cells.village_id).all()


def test_a_scrap_goes_to_the_neighbour_with_the_longest_border():
    """b is cut off by a's road in the south; c has a border with that piece too, but a shorter one."""
    lines = [[(0, 0), (4000, 0)], [(2000, -900), (2000, 900)], [(2600, -900), (4000, -900)]]
    ends = [(0, 1), (2, 3), (4, 5)]
    roads = gpd.GeoDataFrame(
        {"u": [u for u, _ in ends], "v": [v for _, v in ends], "length_m": [4000.0, 1800.0, 1400.0]},
        geometry=[shapely.LineString(line) for line in lines],
        crs=CRS,
    )
    units = gpd.GeoDataFrame(
        {"name": list("abc")},
        geometry=[shapely.Point(xy) for xy in ((50, 0), (2000, 850), (3900, -900))],
        index=list("abc"),
        crs=CRS,
    )
    outline = gpd.GeoDataFrame(geometry=[shapely.box(0, -1000, 4000, 1000)], crs=CRS)
    found = draw_cells(units, None, outline, roads, county_code="371499")
    [(of, to, _)] = found.scraps
    cells = found.cells.set_index("village_id").geometry
    assert (of, to) == ("b", "a")
    assert cells["a"].covers(shapely.Point(2000, -500))


def test_households_are_a_field_or_people_by_a_stated_number():
    units = gpd.GeoDataFrame(
        {
            "households": gpd.pd.array([700, None, None, None], dtype="Int64"),
            "resident": [100, 600, 790, 0],
            "registered": [9, 9, 9, 9],
        },
        geometry=gpd.points_from_xy([0, 1, 2, 3], [0] * 4),
    )
    households = households_of(units)
    assert households.tolist() == pytest.approx([700, 600 / 2.6, 790 / 2.6, 0])
    assert cells_needed(households).tolist() == [3, 1, 2, 1]
    assert households_of(units[["registered", "geometry"]]).tolist() == pytest.approx([9 / 2.6] * 4)


@pytest.mark.alone
def test_a_hundred_thousand_points_lie_in_one_cell_each_borders_too_within_a_second():
    _, found = drawn_county("scattered", 3)
    cells = found.cells.to_crs("EPSG:4490")
    rng = np.random.default_rng(4)
    low, high = np.reshape(shapely.bounds(shapely.union_all(cells.geometry.to_numpy())), (2, 2))
    inside = rng.uniform(low, high, (80_000, 2))
    inside = inside[shapely.intersects_xy(shapely.union_all(cells.geometry.to_numpy()), *inside.T)]
    corners = shapely.get_coordinates(cells.geometry.to_numpy())
    points = np.concatenate(
        [inside, corners, corners[rng.integers(0, len(corners), 100_000 - len(inside) - len(corners))]]
    )
    index = CellIndex(cells)
    started = time.process_time()
    codes = index.cell_at(*points.T)
    took = time.process_time() - started
    assert len(codes) == 100_000
    assert all(code is not None for code in codes)
    assert took <= 1
    touching = dict(cells.geometry.items())
    for k in range(len(inside), len(inside) + 300):
        there = min(code for code, ground in touching.items() if ground.intersects(shapely.Point(points[k])))
        assert codes[k] == there
