"""Checks that look at several layers together, mend what they can, and say so."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from broken_county import cut_bridges, edit_cell, edit_text, tie_bow
from toy_county import NEIGHBOURHOODS, VILLAGES, lon_lat, write_toy_county

from gis.crs import from_wgs84
from layers.build import build_county, check_county
from layers.county import open_county


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_toy_county(tmp_path / "source").parent


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
