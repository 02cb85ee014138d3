"""Bad input: a clear report of every fault, and the last good build untouched."""

from __future__ import annotations

import csv
import hashlib
import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import pytest
import shapely
from geopandas import GeoDataFrame
from toy_county import NEIGHBOURHOODS, VILLAGES, lon_lat, write_geojson, write_grid_pbf, write_toy_county

from gis.crs import from_wgs84
from gis.faults import Fault, FaultsError
from layers.build import build_county, check_county
from layers.county import open_county
from maps.catalogue import LANGS, text

Change = Callable[[Path], None]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("good")
    write_toy_county(folder / "source")
    return folder / "source"


@pytest.fixture
def source(good: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    for file in good.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    return folder


def snapshot(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def edit_cell(row: int, column: str, value: str, file: str = "villages.csv") -> Change:
    """Change one cell, the row counted as a spreadsheet does."""

    def change(folder: Path) -> None:
        with (folder / file).open(encoding="utf-8", newline="") as lines:
            records = list(csv.DictReader(lines))
        records[row - 2][column] = value
        with (folder / file).open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, fieldnames=list(records[0]))
            writer.writeheader()
            writer.writerows(records)

    return change


def edit_text(old: str, new: str, file: str = "county.toml") -> Change:
    def change(folder: Path) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")

    return change


def write_bytes(file: str, content: bytes) -> Change:
    return lambda folder: (folder / file).write_bytes(content) and None


def truncate_pbf(folder: Path) -> None:
    content = (folder / "roads.osm.pbf").read_bytes()
    (folder / "roads.osm.pbf").write_bytes(content[: len(content) * 2 // 3])


def swap_lon_lat(folder: Path) -> None:
    text = (folder / "villages.csv").read_text(encoding="utf-8")
    (folder / "villages.csv").write_text(text.replace(",lon,lat,", ",lat,lon,"), encoding="utf-8")


def keep_header_only(folder: Path) -> None:
    text = (folder / "villages.csv").read_text(encoding="utf-8")
    (folder / "villages.csv").write_text(text.splitlines()[0] + "\n", encoding="utf-8")


def tie_bow(folder: Path) -> None:
    document = json.loads((folder / "townships.geojson").read_text(encoding="utf-8"))
    ring = document["features"][0]["geometry"]["coordinates"][0]
    ring[1], ring[2] = ring[2], ring[1]
    (folder / "townships.geojson").write_text(json.dumps(document), encoding="utf-8")


def undecodable(folder: Path) -> None:
    content = (folder / "villages.csv").read_bytes()
    (folder / "villages.csv").write_bytes(content.replace("西庄".encode(), b"\xe8\xa5\xbf\xff\xff\xfe"))


def cut_bridges(folder: Path) -> None:
    """Leave the east bank without any way across the river."""
    old, new = folder / "roads.osm.pbf", folder / "cut.osm.pbf"
    with osmium.SimpleWriter(str(new)) as writer:
        for element in osmium.FileProcessor(str(old)):
            if "bridge" not in element.tags:
                writer.add(element)
    old.unlink()
    new.rename(old)


def folder_for_file(folder: Path) -> None:
    (folder / "villages.csv").unlink()
    (folder / "villages.csv").mkdir()


def far_village(x_km: float, y_km: float) -> Change:
    def change(folder: Path) -> None:
        lon, lat = lon_lat(x_km, y_km)
        edit_cell(2, "lon", str(lon))(folder)
        edit_cell(2, "lat", str(lat))(folder)

    return change


def projected_geojson(folder: Path) -> None:
    frame = GeoDataFrame({"name": ["县"]}, geometry=[shapely.box(489e3, 4116e3, 495e3, 4121e3)])
    write_geojson(folder / "county.geojson", [{"name": "县", "geometry": frame.geometry[0].__geo_interface__}])


def sparse_roads(folder: Path) -> None:
    write_grid_pbf(folder / "roads.osm.pbf", columns=2, rows=2, main_row=0, river_x_km=0.5)


CASES: list[tuple[str, Change, dict[str, Any]]] = [
    # the fourteen of the issue
    ("truncated pbf", truncate_pbf, {"code": "damaged-file", "layer": "roads", "file": "roads.osm.pbf"}),
    ("swapped", swap_lon_lat, {"code": "swapped-coordinates", "row": 2, "params": {"count": 6}}),
    (
        "duplicate id",
        edit_cell(4, "id", "00001"),
        {"code": "duplicate-id", "row": 4, "field": "id", "value": "00001", "params": {"first_row": 2}},
    ),
    ("outside county", far_village(-1.0, 0.0), {"code": "outside-county", "row": 2, "field": "lon, lat"}),
    (
        "negative population",
        edit_cell(5, "resident", "-5"),
        {"code": "negative-number", "row": 5, "field": "resident", "value": "-5"},
    ),
    ("NaN coordinate", edit_cell(3, "lat", "NaN"), {"code": "missing-coordinate", "row": 3, "field": "lat"}),
    (
        "missing column",
        edit_text("township_id,lon", "township_id,longitude", "villages.csv"),
        {"code": "missing-column", "field": "lon", "value": "lon"},
    ),
    ("empty layer", keep_header_only, {"code": "empty-layer", "layer": "villages", "file": "villages.csv"}),
    ("bow-tie", tie_bow, {"code": "invalid-geometry", "layer": "townships", "row": 1, "field": "geometry"}),
    (
        "unknown crs",
        edit_text('source = "county.geojson"', 'source = "county.geojson"\ncrs = "EPSG:99999"'),
        {"code": "unknown-crs", "layer": "county", "value": "EPSG:99999"},
    ),
    ("undecodable", undecodable, {"code": "undecodable-bytes", "row": 3, "value": "0xFF"}),
    ("two islands", cut_bridges, {"code": "road-island", "layer": "roads", "field": "geometry"}),
    (
        "population as text",
        edit_cell(7, "resident", "二百"),
        {"code": "not-a-number", "row": 7, "field": "resident", "value": "二百"},
    ),
    ("folder", folder_for_file, {"code": "folder-not-file", "layer": "villages", "file": "villages.csv"}),
    # and others
    ("decimal people", edit_cell(2, "resident", "12.5"), {"code": "not-a-whole-number", "row": 2, "value": "12.5"}),
    ("thousands", edit_cell(2, "resident", "1,200"), {"code": "thousands-separator", "row": 2, "value": "1,200"}),
    ("blank people", edit_cell(2, "registered", ""), {"code": "missing-value", "row": 2, "field": "registered"}),
    ("NaN people", edit_cell(2, "registered", "NaN"), {"code": "missing-value", "row": 2, "value": "NaN"}),
    ("phone as people", edit_cell(2, "resident", "13800001111"), {"code": "number-too-large", "row": 2}),
    ("blank id", edit_cell(2, "id", " "), {"code": "missing-value", "row": 2, "field": "id"}),
    ("infinite latitude", edit_cell(2, "lat", "inf"), {"code": "coordinate-out-of-range", "row": 2}),
    ("degrees and minutes", edit_cell(2, "lon", "116°53′"), {"code": "not-a-number", "row": 2, "field": "lon"}),
    (
        "declared elsewhere",
        edit_cell(2, "township_id", "T2"),
        {"code": "outside-township", "row": 2, "value": "T2", "field": "township_id"},
    ),
    ("unknown township", edit_cell(2, "township_id", "T9"), {"code": "unknown-reference", "row": 2, "value": "T9"}),
    ("too many elders", edit_cell(2, "age_60_plus", "480"), {"code": "age-band-exceeds", "row": 2, "value": "530"}),
    ("total", edit_cell(2, "resident", "501"), {"code": "total-differs", "field": "resident", "value": "3901"}),
    (
        "id of a village for a neighbourhood",
        edit_text("00007,", "00003,", "neighbourhoods.csv"),
        {"code": "duplicate-id", "layer": "neighbourhoods", "row": 2, "value": "00003", "params": {"first_row": 4}},
    ),
    ("metres as degrees", projected_geojson, {"code": "coordinate-out-of-range", "layer": "county", "row": 1}),
    ("far roads", sparse_roads, {"code": "far-from-road", "severity": "warning", "row": 4}),
    ("not a workbook", write_bytes("roster.xlsx", b"PK\x03\x04"), {"code": "damaged-file", "layer": "roster"}),
    ("broken json", write_bytes("county.geojson", b'{"type": '), {"code": "damaged-file", "layer": "county"}),
    ("empty file", write_bytes("villages.csv", b""), {"code": "empty-layer", "layer": "villages"}),
    (
        "unclosed quote",
        edit_text("00002,西庄", '00002,"西庄', "villages.csv"),
        {"code": "unreadable-table", "layer": "villages"},
    ),
    (
        "comma in a name",
        edit_text("00002,西庄", "00002,西庄,北", "villages.csv"),
        {"code": "too-many-cells", "row": 3, "params": {"columns": 11}},
    ),
    (
        "points for areas",
        edit_text('source = "townships.geojson"', 'source = "villages.csv"'),
        {"code": "no-geometry", "layer": "townships"},
    ),
    (
        "areas for lines",
        edit_text('[layers.rivers]\nsource = "roads.osm.pbf"', '[layers.rivers]\nsource = "townships.geojson"'),
        {"code": "wrong-geometry-type", "layer": "rivers", "row": 1, "value": "Polygon"},
    ),
    (
        "unreadable ending",
        edit_text('source = "facilities.xlsx"', 'source = "county.toml"'),
        {"code": "unknown-ending", "layer": "facilities", "value": "county.toml"},
    ),
    (
        "wrong sheet",
        edit_text('source = "roster.xlsx"', 'source = "roster.xlsx"\nlayer = "Sheet9"'),
        {"code": "missing-sheet", "layer": "roster", "value": "Sheet9"},
    ),
]


@pytest.mark.parametrize(("change", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_bad_input_is_reported_and_the_last_good_build_stays(
    change: Change, expected: dict[str, Any], source: Path, data_dir: Path
) -> None:
    before_version = build_county(source / "county.toml", data_dir=data_dir).version
    before = snapshot(data_dir)
    change(source)
    faults = check_county(source / "county.toml")
    assert [f for f in faults if matches(f, expected)], faults
    for fault in faults:
        for lang, part in itertools.product(LANGS, ("expected", "mend")):
            assert text(lang, f"fault.{fault.code}.{part}", **fault.params)
    if expected.get("severity", "error") == "error":
        with pytest.raises(FaultsError) as raised:
            build_county(source / "county.toml", data_dir=data_dir)
        assert list(raised.value.faults) == faults
        assert snapshot(data_dir) == before
        assert open_county(data_dir).version == before_version


def matches(fault: Fault, expected: dict[str, Any]) -> bool:
    wanted = {"severity": "error"} | expected
    found = {**{name: getattr(fault, name) for name in wanted}, "params": dict(fault.params)}
    return all(found[name] == value for name, value in wanted.items())


def test_faults_of_all_layers_stand_in_one_report(source: Path) -> None:
    edit_cell(2, "resident", "-1")(source)
    edit_cell(3, "lon", "")(source)
    edit_text("00007,府前社区,T1", "00007,府前社区,T8", "neighbourhoods.csv")(source)
    tie_bow(source)
    edit_text('source = "roster.xlsx"', 'source = "rooster.xlsx"')(source)
    codes = {fault.code for fault in check_county(source / "county.toml")}
    assert codes >= {"negative-number", "missing-coordinate", "unknown-reference", "invalid-geometry", "missing-file"}


def test_a_report_lists_one_hundred_faults_of_a_kind_and_counts_the_others(source: Path) -> None:
    lines = (source / "villages.csv").read_text(encoding="utf-8").splitlines()
    lines += [f"9{k:04d},村{k},T1,,,1,1,0,0,0,0" for k in range(150)]
    (source / "villages.csv").write_text("\n".join(lines), encoding="utf-8")
    faults = [f for f in check_county(source / "county.toml") if f.layer == "villages" and f.field == "lon"]
    assert [f.code for f in faults].count("missing-coordinate") == 100
    assert [f.params["count"] for f in faults if f.code == "more-of-the-same"] == [50]


def test_island_with_villages_may_be_kept_on_request(source: Path, data_dir: Path) -> None:
    cut_bridges(source)
    edit_text("[layers.roads]\n", '[layers.roads]\nislands = "keep"\n')(source)
    report = build_county(source / "county.toml", data_dir=data_dir)
    [island] = [fault for fault in report.faults if fault.code == "road-island"]
    assert island.severity == "warning"
    assert island.value == "大王庄、李家、河口"


def test_villages_shifted_by_gcj02_are_suspected(source: Path, data_dir: Path) -> None:
    for row, (*_, x_km, y_km) in enumerate((unit[:4] for unit in VILLAGES.values()), start=2):
        lon, lat = from_wgs84(*np.array([lon_lat(x_km, y_km)]).T, datum="GCJ02")
        edit_cell(row, "lon", f"{lon[0]:.9f}")(source)
        edit_cell(row, "lat", f"{lat[0]:.9f}")(source)
    faults = check_county(source / "county.toml")
    [suspicion] = [fault for fault in faults if fault.code == "suspected-gcj02"]
    assert suspicion.severity == "warning"
    edit_text('licence = "CC0-1.0"\norigin', 'licence = "CC0-1.0"\ndatum = "GCJ02"\norigin')(source)
    build_county(source / "county.toml", data_dir=data_dir)
    villages = open_county(data_dir).layer("villages")
    wanted = [lon_lat(unit[2], unit[3]) for unit in VILLAGES.values()]
    np.testing.assert_allclose(shapely.get_coordinates(villages.geometry.to_numpy()), wanted, atol=1e-7)


def test_small_slip_in_an_outline_is_repaired_and_said(source: Path, data_dir: Path) -> None:
    corner, slip, east = lon_lat(-0.5, -0.5), lon_lat(-0.499, -0.501), lon_lat(2, -0.5)
    ring = [corner, lon_lat(-0.4995, -0.501), slip, corner, east, lon_lat(2, 3.5), lon_lat(-0.5, 3.5), corner]
    document = json.loads((source / "townships.geojson").read_text(encoding="utf-8"))
    document["features"][0]["geometry"]["coordinates"] = [ring]
    (source / "townships.geojson").write_text(json.dumps(document), encoding="utf-8")
    report = build_county(source / "county.toml", data_dir=data_dir)
    assert [fault.row for fault in report.faults if fault.code == "repaired-geometry"] == [1]
    assert open_county(data_dir).layer("townships").geometry.is_valid.all()


def test_overlap_and_gap_of_townships_are_warned_of_in_km2(source: Path) -> None:
    document = json.loads((source / "townships.geojson").read_text(encoding="utf-8"))
    south, north = -0.5, 3.5
    ring = [lon_lat(1.5, south), lon_lat(4, south), lon_lat(4, north), lon_lat(1.5, north), lon_lat(1.5, south)]
    document["features"][1]["geometry"]["coordinates"] = [ring]
    (source / "townships.geojson").write_text(json.dumps(document), encoding="utf-8")
    found = {f.code: f.params["km2"] for f in check_county(source / "county.toml") if f.code.startswith("townships-")}
    assert found == {"townships-overlap": pytest.approx(2.0, rel=1e-3), "townships-gap": pytest.approx(2.0, rel=1e-3)}


def test_township_is_filled_in_from_the_outlines(source: Path, data_dir: Path) -> None:
    edit_text(",township_id,", ",zone,", "villages.csv")(source)
    build_county(source / "county.toml", data_dir=data_dir)
    filled = open_county(data_dir).layer("villages")["township_id"].to_dict()
    assert filled == {id_: unit[1] for id_, unit in VILLAGES.items()}


def test_demand_is_villages_and_neighbourhoods(source: Path, data_dir: Path) -> None:
    build_county(source / "county.toml", data_dir=data_dir)
    demand = open_county(data_dir).demand
    assert demand["resident"].sum() == sum(u[4] for u in (*VILLAGES.values(), *NEIGHBOURHOODS.values()))
    assert demand["kind"].to_list() == ["village"] * 6 + ["neighbourhood"]
    assert str(demand.index.dtype) == "str"
