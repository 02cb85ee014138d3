"""Layers as GeoJSON: ids, plain values, rounded coordinates, roads merged for drawing."""

import json

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import Point

from maps.features import feature_collection, merge_roads


def test_features_carry_ids_and_columns(villages):
    made = feature_collection(villages)
    assert [feature["id"] for feature in made["features"]] == ["a", "b", "c"]
    assert made["features"][0]["properties"] == {"name": "东村", "resident": 100}


def test_coordinates_are_rounded(roads):
    made = feature_collection(roads)
    assert made["features"][0]["geometry"]["coordinates"] == ((116.8, 37.1), (116.851235, 37.1))


@pytest.mark.parametrize(
    ("value", "shown"),
    [(pd.NA, None), (float("nan"), None), (float("inf"), None), (2.5, 2.5), (True, True), ("x", "x")],
)
def test_missing_values_are_null(value, shown):
    frame = gpd.GeoDataFrame({"beds": pd.Series([value], dtype=object)}, geometry=[Point(0, 0)], crs=4490)
    text = json.dumps(feature_collection(frame), allow_nan=False)
    assert json.loads(text)["features"][0]["properties"]["beds"] == shown


def test_whole_numbers_stay_whole(villages):
    made = feature_collection(villages)
    assert json.dumps(made["features"][1]["properties"]["resident"]) == "250"


def test_through_roads_are_merged_by_class_and_bridge(roads):
    merged = merge_roads(roads)
    assert list(merged.index) == ["primary", "primary-bridge", "residential"]
    lengths = merged.to_crs("EPSG:4548").length
    assert lengths.sum() == pytest.approx(roads[:3].to_crs("EPSG:4548").length.sum())


def test_streets_are_apart(roads):
    assert list(merge_roads(roads, streets=True)["road_class"]) == ["footway"]


def test_a_county_without_streets_gives_an_empty_layer(roads):
    made = feature_collection(merge_roads(roads[:3], streets=True))
    assert made == {"type": "FeatureCollection", "features": []}
