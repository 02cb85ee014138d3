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
from toy_county import COLUMNS, ROWS, lon_lat, write_geojson, write_toy_county

from gis.faults import Fault, FaultsError, errors
from layers.build import build_county, check_county
from layers.county import open_county
from layers.county_file import parse_county_file
from layers.county_spec import LayerSpec
from layers.sources.importing import import_roads


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_toy_county(tmp_path / "source").parent


def line(*points: tuple[float, float]) -> dict[str, object]:
    return {"type": "LineString", "coordinates": [lon_lat(*point) for point in points]}


def use_lines(source: Path, features: list[dict[str, object]], options: str = "") -> Path:
    write_geojson(source / "roads.geojson", features)
    roads = f'[layers.roads]\nsource = "roads.geojson"\n{options}'
    edit_text('[layers.roads]\nsource = "roads.osm.pbf"\n', roads)(source)
    return source / "county.toml"


def long_lines() -> list[dict[str, object]]:
    """Streets of the toy county as a draughtsman draws them: nine lines without a vertex at any crossing."""
    rows = [
        {"road_class": "县道" if y == 1 else "村道", "geometry": line((-0.2, y), (COLUMNS - 0.8, y))}
        for y in range(ROWS)
    ]
    columns = [{"road_class": "村道", "geometry": line((x, -0.2), (x, ROWS - 0.8))} for x in range(COLUMNS)]
    return [*rows, *columns]


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


@pytest.mark.parametrize(
    ("layer", "option", "name"),
    [
        ("roads", "noding = true", "noding"),
        ("roads", 'values = { name = { "a" = "b" } }', "values"),
        ("rivers", 'values = { name = { "a" = "b" } }', "values"),
        ("roads", 'fields = { name = "NAME" }', "fields"),
        ("rivers", 'fields = { name = "NAME" }', "fields"),
        ("roads", 'layer = "lines"', "layer"),
        ("rivers", 'layer = "lines"', "layer"),
        ("roads", 'encoding = "gbk"', "encoding"),
        ("rivers", 'encoding = "gbk"', "encoding"),
        ("roads", 'crs = "EPSG:4548"', "crs"),
        ("rivers", 'crs = "EPSG:4548"', "crs"),
    ],
)
def test_options_of_lines_have_no_effect_on_osm_files_and_that_is_said(
    layer: str, option: str, name: str, source: Path
) -> None:
    table = f'[layers.{layer}]\nsource = "roads.osm.pbf"\n'
    edit_text(table, f"{table}{option}\n")(source)
    faults = check_county(source / "county.toml")
    told = [(f.layer, f.value, f.severity) for f in faults if f.code == "only-for-lines"]
    assert told == [(layer, name, "warning")]


def test_county_file_says_what_is_wrong_with_the_options_of_lines(tmp_path: Path) -> None:
    text = """
    [county]
    name = "某县"
    code = "100000"
    [layers.roads]
    source = "roads.shp"
    noding = "yes"
    tolerance = 1
    [layers.roads.values]
    road_clas = { "1" = "primary" }
    road_class = { "1" = "primry", "2" = ["primary"], "3" = "secondary" }
    oneway = { "A" = "north", "B" = true, "C" = "backward" }
    bridge = { "桥" = true, "无" = "否", "塌" = "maybe" }
    speed_kmh = { "快" = 60, "慢" = "slow" }
    name = "x"
    [layers.villages]
    source = "villages.csv"
    noding = true
    """
    (tmp_path / "county.toml").write_text(text, encoding="utf-8")
    spec, faults = parse_county_file(tmp_path / "county.toml")
    assert spec is not None
    found = {(fault.code, fault.field, fault.value) for fault in faults}
    values = "layers.roads.values"
    assert found == {
        ("wrong-type", "layers.roads.noding", "yes"),
        ("unknown-key", "layers.roads", "tolerance"),
        ("unknown-field", values, "road_clas"),
        ("unknown-choice", f'{values}.road_class."1"', "primry"),
        ("wrong-type", f'{values}.road_class."2"', "['primary']"),
        ("unknown-choice", f'{values}.oneway."A"', "north"),
        ("unknown-choice", f'{values}.bridge."塌"', "maybe"),
        ("wrong-type", f'{values}.speed_kmh."慢"', "slow"),
        ("wrong-type", f"{values}.name", "x"),
        ("unknown-key", "layers.villages", "noding"),
    }
    closest = {fault.value: fault.params["closest"] for fault in faults if "closest" in fault.params}
    assert (closest["tolerance"], closest["primry"], closest["road_clas"]) == ("tolerance_m", "primary", "road_class")


@pytest.mark.parametrize(
    ("field", "office", "ours"),
    [
        ("road_class", "村道", "residential"),
        ("road_class", "G104", "primary"),
        ("road_class", "大路", None),
        ("oneway", "双向", "both"),
        ("oneway", "逆向", "backward"),
        ("oneway", "F", None),
        ("motorcar", "禁行", "no"),
        ("foot", "走", None),
    ],
)
def test_values_may_be_given_in_words_of_offices(field: str, office: str, ours: str | None, source: Path) -> None:
    county_toml = use_lines(source, long_lines(), f'values.{field} = {{ "甲" = "{office}" }}\n')
    spec, faults = parse_county_file(county_toml)
    if ours is None:
        assert [(fault.code, fault.value) for fault in faults] == [("unknown-choice", office)]
    else:
        assert faults == []
        assert spec.layers["roads"].words[field] == {"甲": ours}


def test_a_class_that_nobody_knows_is_told_the_words_of_offices(source: Path) -> None:
    rows = long_lines()
    rows[0]["road_class"] = "水泥路"
    [fault] = [fault for fault in check_county(use_lines(source, rows)) if fault.code == "unknown-value"]
    assert "residential (村道)" in str(fault.params["known"])
    assert fault.params["closest"] == ""


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ("noding = true\ntolerance_m = 11", "tolerance-out-of-range"),
        ("noding = true\ntolerance_m = -1", "tolerance-out-of-range"),
        ("noding = true\ntolerance_m = nan", "tolerance-out-of-range"),
        ('noding = true\ntolerance_m = "1"', "wrong-type"),
        ("tolerance_m = 1", "tolerance-without-noding"),
        ("noding = true\ntolerance_m = 0", None),
        ("noding = true\ntolerance_m = 2.5", None),
    ],
)
def test_tolerances_that_make_sense(options: str, code: str | None, source: Path) -> None:
    county_toml = use_lines(source, long_lines(), options + "\n")
    _, faults = parse_county_file(county_toml)
    assert [fault.code for fault in faults] == ([code] if code else [])


def test_words_of_any_layer_are_mapped_in_the_county_file(source: Path, data_dir: Path) -> None:
    edit_text(
        '[layers.facilities]\nsource = "facilities.xlsx"\n',
        '[layers.facilities]\nsource = "facilities.xlsx"\n'
        'values = { kind = { "elder-home" = "敬老院" }, capacity = { "40" = 50 } }\n',
    )(source)
    build_county(source / "county.toml", data_dir=data_dir)
    facilities = open_county(data_dir).layer("facilities")
    assert facilities.loc["F4", ["kind", "capacity"]].to_list() == ["敬老院", 50]


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
