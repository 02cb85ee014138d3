"""Fifteen digits of a cell: official codes are kept, the others made so that they collide with none."""

import geopandas as gpd
import numpy as np
import pytest
from road_county import CRS, road_county
from shapely import Point

from gis.grid import cell_codes


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
