"""Bad input: a clear report of every fault, and the last good build untouched."""

from __future__ import annotations

import hashlib
import itertools
from pathlib import Path
from typing import Any

import pytest
from broken_county import (
    Change,
    cut_bridges,
    edit_cell,
    edit_text,
    far_village,
    folder_for_file,
    keep_header_only,
    projected_geojson,
    sparse_roads,
    swap_lon_lat,
    tie_bow,
    truncate_pbf,
    undecodable,
    write_bytes,
)
from toy_county import write_toy_county

from gis.faults import Fault, FaultsError
from layers.build import build_county, check_county
from layers.county import open_county
from maps.catalogue import LANGS, text


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
    ("degrees and minutes", edit_cell(2, "lon", "116°53′"), {"code": "mixed-degrees", "row": 2, "field": "lon"}),
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
