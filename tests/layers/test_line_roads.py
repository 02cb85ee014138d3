"""Line layers of all kinds and states, from the county file to the report."""

from __future__ import annotations

import sqlite3
import struct
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from broken_county import edit_text
from geopandas import GeoDataFrame
from line_county import line, long_lines, use_lines
from toy_county import COLUMNS, ROWS, lon_lat, write_toy_county

from gis.faults import Fault, FaultsError, errors
from layers.build import build_county, check_county
from layers.county import open_county
from layers.county_spec import LayerSpec
from layers.sources.importing import import_roads


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_toy_county(tmp_path / "source").parent


def counted(faults: list[Fault]) -> dict[str, object]:
    return {fault.code: fault.params.get("count") for fault in faults}


def test_a_drawing_is_refused_with_the_way_to_mend_it_and_built_once_that_is_taken(
    source: Path, data_dir: Path
) -> None:
    county_toml = use_lines(source, long_lines())
    faults = check_county(county_toml)
    assert errors(faults)
    assert counted(faults)["crossings-without-node"] == COLUMNS * ROWS
    [said] = [fault for fault in faults if fault.code == "crossings-without-node"]
    assert said.severity == "warning"
    assert said.value.count(",") == 3
    edit_text('source = "roads.geojson"\n', 'source = "roads.geojson"\nnoding = true\n')(source)
    report = build_county(county_toml, data_dir=data_dir)
    joined = next(fault for fault in report.faults if fault.code == "lines-joined")
    assert (joined.severity, joined.params["crossings"]) == ("note", COLUMNS * ROWS)
    roads = open_county(data_dir).layer("roads")
    inner = roads[roads["length_m"] > 500]
    assert inner["length_m"].to_numpy() == pytest.approx([1000.0] * len(inner), abs=0.2)
    assert len(inner) == COLUMNS * (ROWS - 1) + ROWS * (COLUMNS - 1)
    assert set(roads["way"]) == {str(k) for k in range(1, COLUMNS + ROWS + 1)}


@pytest.mark.parametrize(
    ("scraps", "islands", "severity"),
    [(1, "refuse", "note"), (8, "refuse", "warning"), (60, "refuse", "error"), (60, "keep", "warning")],
)
def test_how_much_of_the_roads_may_be_dropped(scraps: int, islands: str, severity: str, source: Path) -> None:
    main = [{"road_class": "县道", "geometry": line((x, y), (x + 1, y))} for y in range(4) for x in range(4)]
    main += [{"road_class": "县道", "geometry": line((x, y), (x, y + 1))} for y in range(3) for x in range(5)]
    loose = [
        {"road_class": "村道", "geometry": line((0.1 + 0.06 * k, 0.2), (0.1 + 0.06 * k, 0.5))} for k in range(scraps)
    ]
    county_toml = use_lines(source, [*main, *loose], f'islands = "{islands}"\n')
    [fault] = [fault for fault in check_county(county_toml) if fault.code == "fragments-dropped"]
    assert fault.severity == severity
    assert fault.params["percent"] == pytest.approx(100 * 0.3 * scraps / (31 + 0.3 * scraps), abs=0.2)


def test_lines_of_all_kinds_are_read_and_told_of(tmp_path: Path) -> None:
    ring = [lon_lat(0, 0), lon_lat(1, 0), lon_lat(1, 1), lon_lat(0, 0)]
    shapes = [
        shapely.LineString(ring),
        shapely.LineString([lon_lat(0, 0), lon_lat(0, 0)]),
        shapely.MultiLineString([[lon_lat(0, 0), lon_lat(0, 1)], [lon_lat(0, 2), lon_lat(0, 3)]]),
        shapely.LineString([lon_lat(0, 1), lon_lat(0, 0)]),
        shapely.LineString([(*lon_lat(2, 0), 5.0), (*lon_lat(2, 1), 7.0)]),
        shapely.LineString([lon_lat(3, 0), lon_lat(4, 1), lon_lat(3, 1), lon_lat(4, 0)]),
        shapely.LineString(ring),
    ]
    frame = GeoDataFrame({"road_class": ["村道"] * len(shapes)}, geometry=shapes, crs="EPSG:4326")
    pyogrio.write_dataframe(frame, tmp_path / "roads.gpkg", geometry_type="Unknown")
    ways, faults = import_roads(LayerSpec("roads", tmp_path / "roads.gpkg"))
    assert errors(faults) == []
    found = counted(faults)
    assert (found["lines-without-length"], found["lines-twice"], found["crossings-without-node"]) == (1, 2, 1)
    assert ways.attributes["way"].to_list() == ["1", "2", "3", "3", "4", "5", "6", "7"]
    _, faults = import_roads(LayerSpec("roads", tmp_path / "roads.gpkg", noding=True))
    assert next(f for f in faults if f.code == "lines-joined").params["crossings"] == 1


@pytest.mark.parametrize(
    "wkt",
    [
        "NaN",
        "LINESTRING EMPTY",
        "POINT (116.9 37.2)",
        "POLYGON ((116.9 37.2, 116.91 37.2, 116.91 37.21, 116.9 37.2))",
        "LINESTRING (216.9 37.2, 216.91 37.2)",
    ],
)
@pytest.mark.parametrize("noding", [False, True])
def test_features_that_are_no_lines_are_named_by_their_row(wkt: str, noding: bool, tmp_path: Path) -> None:
    with np.errstate(invalid="ignore"):
        with_gap = shapely.LineString([lon_lat(0, 0), (np.nan, np.nan), lon_lat(1, 0)])
    shape = with_gap if wkt == "NaN" else shapely.from_wkt(wkt)
    shapes = [shapely.LineString([lon_lat(0, 0), lon_lat(1, 0)]), shape]
    frame = GeoDataFrame({"road_class": ["村道", "村道"]}, geometry=shapes, crs="EPSG:4326")
    pyogrio.write_dataframe(frame, tmp_path / "roads.gpkg", geometry_type="Unknown")
    ways, faults = import_roads(LayerSpec("roads", tmp_path / "roads.gpkg", noding=noding))
    assert [fault.row for fault in errors(faults)] == [2]
    assert len(ways.attributes) == 1


def test_a_layer_of_lines_without_length_only_is_refused(source: Path) -> None:
    county_toml = use_lines(source, [{"road_class": "村道", "geometry": line((0, 0), (0, 0))}], "noding = true\n")
    assert "empty-layer" in [fault.code for fault in errors(check_county(county_toml))]


def test_a_layer_whose_features_are_all_wrong_says_each(tmp_path: Path) -> None:
    frame = GeoDataFrame({"road_class": ["村道"]}, geometry=[shapely.Point(116.9, 37.2)], crs="EPSG:4326")
    pyogrio.write_dataframe(frame, tmp_path / "roads.gpkg")
    with pytest.raises(FaultsError) as raised:
        import_roads(LayerSpec("roads", tmp_path / "roads.gpkg"))
    assert [fault.code for fault in errors(raised.value.faults)] == ["wrong-geometry-type"]


def test_curves_are_read_as_lines(tmp_path: Path) -> None:
    points = [lon_lat(0, 0), lon_lat(1, 0.3), lon_lat(2, 0)]
    curve = struct.pack("<BII6d", 1, 8, 3, *(degrees for point in points for degrees in point))
    path = tmp_path / "roads.gpkg"
    frame = GeoDataFrame({"road_class": ["村道"]}, geometry=[shapely.LineString(points)], crs="EPSG:4326")
    pyogrio.write_dataframe(frame, path, geometry_type="Unknown", SPATIAL_INDEX="NO")
    with sqlite3.connect(path) as database:
        header = struct.pack("<2sBBi", b"GP", 0, 1, 4326)
        database.execute("UPDATE roads SET geom = ?", (header + curve,))
    database.close()
    ways, faults = import_roads(LayerSpec("roads", path))
    assert errors(faults) == []
    assert ways.node.size > 10


@pytest.mark.parametrize(
    ("layers", "fields", "joined"),
    [
        (["县道图层", "乡道图层"], {}, 1),
        (["0", "1"], {}, 0),
        (["0", ""], {}, 1),
        (["地面", "高架"], {"level": "layer"}, 0),
    ],
)
def test_a_column_layer_counts_as_level_if_it_holds_numbers_or_is_named(
    layers: list[str], fields: dict[str, str], joined: int, tmp_path: Path
) -> None:
    shapes = [shapely.LineString([lon_lat(0, 1), lon_lat(2, 1)]), shapely.LineString([lon_lat(1, 0), lon_lat(1, 2)])]
    frame = GeoDataFrame({"road_class": ["村道", "村道"], "layer": layers}, geometry=shapes, crs="EPSG:4326")
    pyogrio.write_dataframe(frame, tmp_path / "roads.gpkg")
    _, faults = import_roads(LayerSpec("roads", tmp_path / "roads.gpkg", noding=True, fields=fields))
    assert next(fault for fault in faults if fault.code == "lines-joined").params["crossings"] == joined
