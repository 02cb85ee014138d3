"""What an outside checker found: odd input that used to end in a traceback, or in a county that was wrong."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from broken_county import Change, edit_cell, edit_text, write_bytes
from toy_county import write_geojson, write_toy_county

from gis.faults import Fault, errors
from layers.build import build_county, check_county
from layers.county import open_county
from layers.sources.osm.figures import parse_speed
from layers.store import sweep_drafts

NODES = '<node id="1" lat="{lat}" lon="116.9" version="1"/><node id="2" lat="{lat}" lon="116.9" version="1"/>'
WAY = '<way id="1" version="1">{nodes}<tag k="highway" v="primary"/></way>'


def osm(text: str) -> Change:
    def change(folder: Path) -> None:
        (folder / "roads.osm").write_text(f'<osm version="0.6">{text}</osm>', encoding="utf-8")
        edit_text('[layers.roads]\nsource = "roads.osm.pbf"', '[layers.roads]\nsource = "roads.osm"')(folder)

    return change


def without_line(start: str, file: str) -> Change:
    def change(folder: Path) -> None:
        lines = (folder / file).read_text(encoding="utf-8").splitlines(keepends=True)
        (folder / file).write_text("".join(line for line in lines if not line.startswith(start)), encoding="utf-8")

    return change


def repeat_township(folder: Path) -> None:
    without_line("[layers.county]", "county.toml")(folder)
    without_line('source = "county.geojson"', "county.toml")(folder)
    edit_text('"id": "T2"', '"id": "T1"', "townships.geojson")(folder)


def in_county(line: str) -> Change:
    return edit_text("[county]\n", f"[county]\n{line}\n")


def in_villages(line: str) -> Change:
    return edit_text("[layers.villages]\n", f"[layers.villages]\n{line}\n")


BOTH = '<nd ref="1"/><nd ref="2"/>'
CASES: list[tuple[str, Change, list[tuple[str, str, str]]]] = [
    # what was done to the toy county, then all errors: code, field, value
    (
        "way of one node",
        osm(NODES.format(lat=37.2) + WAY.format(nodes='<nd ref="1"/>')),
        [("empty-layer", "", "")],
    ),
    ("way without length", osm(NODES.format(lat=37.2) + WAY.format(nodes=BOTH)), [("empty-layer", "", "")]),
    (
        "roads north of the pole",
        osm(NODES.format(lat=137.2) + WAY.format(nodes=BOTH)),
        [("coordinate-out-of-range", "lon, lat", "116.9, 137.2")],
    ),
    (
        "latitude in words",
        osm(NODES.format(lat="north") + WAY.format(nodes=BOTH)),
        [("damaged-file", "", "node 1: lat = 'north'")],
    ),
    ("digits in a circle", edit_cell(2, "resident", "⑤"), [("not-a-number", "resident", "⑤")]),
    ("twenty digits", edit_cell(2, "resident", "9" * 20), [("number-too-large", "resident", "9" * 20)]),
    ("a figure below zero is said once", edit_cell(2, "resident", "-5"), [("negative-number", "resident", "-5")]),
    ("NUL in an id", edit_cell(2, "id", "0\x001"), [("control-character", "id", "'0\\x001'")]),
    ("no names", edit_text("id,name,", "id,label,", "villages.csv"), [("missing-column", "name", "name")]),
    (
        "no names of townships",
        edit_text('"name"', '"label"', "townships.geojson"),
        [("missing-column", "name", "name")],
    ),
    (
        "codec that always fails",
        in_villages('encoding = "undefined"'),
        [("unknown-encoding", "layers.villages.encoding", "undefined")],
    ),
    (
        "file name too long",
        edit_text('"villages.csv"', f'"{"x" * 300}.csv"'),
        [("unreadable-file", "", "File name too long")],
    ),
    ("CRS of heights", in_villages('crs = "EPSG:5773"'), [("unknown-crs", "layers.villages.crs", "EPSG:5773")]),
    ("CRS of another country", in_county('crs = "EPSG:27700"'), [("crs-elsewhere", "county.crs", "EPSG:27700")]),
    ("CRS in feet", in_county('crs = "EPSG:2263"'), [("crs-not-projected", "county.crs", "EPSG:2263")]),
    ("code of blanks", edit_text('code = "371499"', 'code = "  "'), [("missing-key", "county.code", "")]),
    (
        "table where text belongs",
        edit_text('source = "villages.csv"', "source = 5"),
        [("wrong-type", "layers.villages.source", "5")],
    ),
    (
        "township twice: nothing is said of villages outside the rest",
        repeat_township,
        [("duplicate-id", "id", "T1")],
    ),
]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    write_toy_county(tmp_path / "source")
    return tmp_path / "source"


@pytest.mark.parametrize(("change", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_odd_input_is_said_once_and_clearly(change: Change, expected: list[tuple[str, str, str]], source: Path) -> None:
    edit_text("\n[county.totals]\nresident = 3900\n", "")(source)
    change(source)
    found = errors(check_county(source / "county.toml"))
    own = [fault for fault in found if fault.code != "unknown-reference"]
    assert [(fault.code, fault.field, fault.value) for fault in own] == expected, found


def test_a_header_below_blank_rows_is_found(source: Path) -> None:
    text = (source / "villages.csv").read_text(encoding="utf-8")
    (source / "villages.csv").write_text("\n\n" + text.replace(",500,600,", ",-1,600,"), encoding="utf-8")
    [fault] = errors(check_county(source / "county.toml"))
    assert (fault.code, fault.row) == ("negative-number", 4)


def test_undecodable_bytes_are_found_behind_bare_carriage_returns(source: Path) -> None:
    text = (source / "villages.csv").read_bytes().replace(b"\r\n", b"\r").replace("西庄".encode(), b"\xff\xff")
    write_bytes("villages.csv", text)(source)
    fault = next(f for f in check_county(source / "county.toml") if f.code == "undecodable-bytes")
    assert (fault.row, fault.field, fault.params["encodings"]) == (3, "name", "UTF-8")


@pytest.mark.parametrize(("text", "kmh"), [("0.001", np.nan), ("99999", np.nan), ("60", 60.0), ("30 mph", 48.28032)])
def test_speeds_that_nobody_drives_are_no_speeds(text: str, kmh: float) -> None:
    np.testing.assert_allclose(parse_speed(text), kmh)


def test_speeds_of_a_line_layer_are_within_reason_or_empty(source: Path) -> None:
    line = {"type": "LineString", "coordinates": [[116.9, 37.2], [116.92, 37.2]]}
    roads = [{"speed_kmh": speed, "geometry": line} for speed in (1, 1000, None, 40)]
    write_geojson(source / "roads.geojson", roads)
    edit_text('[layers.roads]\nsource = "roads.osm.pbf"', '[layers.roads]\nsource = "roads.geojson"')(source)
    found = [(f.code, f.row) for f in check_county(source / "county.toml") if f.field == "speed_kmh"]
    assert found == [("number-too-large", 2), ("number-too-small", 1)]


def test_derived_cells_say_so(source: Path, data_dir: Path) -> None:
    build_county(source / "county.toml", data_dir=data_dir)
    layers = open_county(data_dir).layers
    assert layers["cells"]["source"] == "derived"
    assert layers["villages"]["source"] == "villages.csv"


def test_a_build_sweeps_the_drafts_of_builds_that_were_killed(source: Path, data_dir: Path) -> None:
    dead = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    swept, kept = f".{int(dead.stdout)}-{'a' * 32}.gpkg", f".{os.getpid()}-{'b' * 32}.gpkg"
    folders = [data_dir / "layers" / "roads", data_dir / "builds", data_dir]
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
        for name in (swept, f"{swept}-journal", kept, ".keep"):
            (folder / name).touch()
    build_county(source / "county.toml", data_dir=data_dir)
    hidden = {path.name for folder in folders for path in folder.glob(".*")}
    assert hidden == {kept, ".keep"}
    os.utime(data_dir / kept, (time.time() - 90_000,) * 2)
    sweep_drafts(data_dir)
    assert not (data_dir / kept).exists()


def test_a_fault_of_a_nameless_place_shows_its_id(source: Path) -> None:
    edit_cell(2, "name", "")(source)
    edit_cell(2, "lon", "118.5")(source)
    faults: list[Fault] = check_county(source / "county.toml")
    assert {fault.params["name"] for fault in faults if fault.code in ("outside-county", "too-far-from-road")} == {
        "00001"
    }
