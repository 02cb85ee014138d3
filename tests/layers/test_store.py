"""Layer versions: by content, written once, read as they were."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pyogrio
import pytest
from geopandas.testing import assert_geodataframe_equal
from pandas.testing import assert_frame_equal
from toy_county import VILLAGES, write_toy_county

from gis.faults import FaultsError
from layers.build import build_county
from layers.content_version import content_version
from layers.county import County, open_county
from layers.county_import import import_county
from layers.store import layer_path, read_build, read_layer, sweep_drafts, write_layer


@pytest.fixture(scope="module")
def county_toml(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_toy_county(tmp_path_factory.mktemp("toy"))


@pytest.fixture(scope="module")
def imported(county_toml: Path):
    return import_county(county_toml)[0]


def test_layers_come_back_as_they_were_written(imported, data_dir: Path) -> None:
    for name, layer in imported.layers.items():
        version = write_layer(data_dir, name, layer.frame)
        back = read_layer(data_dir, name, version)
        compare = assert_frame_equal if name == "roster" else assert_geodataframe_equal
        compare(back[list(layer.frame.columns)], layer.frame)
        assert content_version(name, back) == version


def test_version_follows_content_not_files(imported, data_dir: Path) -> None:
    villages = imported.layers["villages"].frame
    version = write_layer(data_dir, "villages", villages)
    path = layer_path(data_dir, "villages", version)
    before = path.stat().st_mtime_ns, path.read_bytes()
    assert write_layer(data_dir, "villages", villages.copy()) == version
    assert (path.stat().st_mtime_ns, path.read_bytes()) == before
    changed = villages.assign(resident=villages["resident"] + 1)
    assert content_version("villages", changed) != version
    assert content_version("villages", villages.to_crs("EPSG:4326")) != version
    assert content_version("villages", villages.set_axis(villages.index + "x")) != version


def test_stored_files_are_read_only_and_leave_no_drafts(county_toml: Path, data_dir: Path) -> None:
    build_county(county_toml, data_dir=data_dir)
    files = [path for path in data_dir.rglob("*") if path.is_file()]
    assert not [path for path in files if path.name.startswith(".")]
    assert {oct(path.stat().st_mode & 0o777) for path in files if path.name != "current"} == {"0o444"}


def test_write_that_fails_leaves_nothing(imported, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(descriptor: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        write_layer(data_dir, "villages", imported.layers["villages"].frame)
    assert not [path for path in data_dir.rglob("*") if path.is_file()]


def test_same_input_stores_nothing_new(county_toml: Path, data_dir: Path) -> None:
    first = build_county(county_toml, data_dir=data_dir)
    files = {path: path.stat().st_mtime_ns for path in data_dir.rglob("*")}
    second = build_county(county_toml, data_dir=data_dir)
    assert (first.stored, second.stored) == (True, False)
    assert first.version == second.version
    assert {path: path.stat().st_mtime_ns for path in data_dir.rglob("*")} == files


def test_earlier_versions_stay_readable(tmp_path: Path, data_dir: Path) -> None:
    county_toml = write_toy_county(tmp_path / "toy")
    old = build_county(county_toml, data_dir=data_dir).version
    villages = county_toml.parent / "villages.csv"
    villages.write_text(villages.read_text(encoding="utf-8").replace("东庄", "新庄"), encoding="utf-8")
    new = build_county(county_toml, data_dir=data_dir).version
    names = [open_county(data_dir, version=v).layer("villages")["name"].iloc[0] for v in (old, new)]
    assert names == ["东庄", "新庄"]
    assert open_county(data_dir).version == new
    same_roads = {open_county(data_dir, version=v).layers["roads"]["version"] for v in (old, new)}
    assert len(same_roads) == 1


def test_manifest_says_where_layers_come_from(county_toml: Path, data_dir: Path) -> None:
    build_county(county_toml, data_dir=data_dir)
    county = open_county(data_dir)
    villages = county.layers["villages"]
    assert (county.name, county.code, county.crs) == ("示范县", "371499", "EPSG:4548")
    assert (villages["count"], villages["source"], villages["licence"]) == (6, "villages.csv", "CC0-1.0")
    assert villages["reconstructed"] == ["geometry", "resident"]
    assert county.layers["cells"]["reconstructed"] == ["geometry", "households"]
    assert str(county.layer("villages").crs) == "EPSG:4490"
    assert county.manifest["warnings"][0].keys() >= {"code", "layer", "severity", "params"}


def test_every_place_has_its_cell(county_toml: Path, data_dir: Path) -> None:
    build_county(county_toml, data_dir=data_dir)
    cells = open_county(data_dir).layer("cells")
    assert set(cells["village_id"]) >= set(VILLAGES)
    assert cells.index.str.fullmatch(r"\d{15}").all()


def test_missing_layer_is_named(county_toml: Path, data_dir: Path) -> None:
    build_county(county_toml, data_dir=data_dir)
    manifest = open_county(data_dir).manifest
    layers = {name: layer for name, layer in manifest["layers"].items() if name != "roster"}
    with pytest.raises(FaultsError) as raised:
        County(data_dir, manifest | {"layers": layers}).table("roster")
    assert [(f.code, f.value) for f in raised.value.faults] == [("missing-layer", "roster")]


@pytest.mark.parametrize(("version", "code"), [(None, "no-county"), ("0" * 16, "no-such-build")])
def test_county_that_is_not_there(version: str | None, code: str, data_dir: Path) -> None:
    with pytest.raises(FaultsError) as raised:
        open_county(data_dir, version=version)
    assert raised.value.faults[0].code == code


def test_damaged_file_is_a_fault(county_toml: Path, data_dir: Path) -> None:
    build_county(county_toml, data_dir=data_dir)
    county = open_county(data_dir)
    path = layer_path(data_dir, "villages", county.layers["villages"]["version"])
    path.unlink()
    path.write_bytes(b"not a geopackage")
    with pytest.raises(FaultsError) as raised:
        county.layer("villages")
    assert raised.value.faults[0].code == "damaged-store"


@pytest.mark.parametrize("change", ["resident = resident + 1", "name = '别庄'", "id = id || 'x'"])
def test_a_file_that_was_edited_is_not_what_was_stored(county_toml: Path, data_dir: Path, change: str) -> None:
    build_county(county_toml, data_dir=data_dir)
    county = open_county(data_dir)
    name = "roster" if change.startswith("id") else "villages"
    path = layer_path(data_dir, name, county.layers[name]["version"])
    path.chmod(0o644)
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute(f"UPDATE {name} SET {change} WHERE rowid = 1")
    with pytest.raises(FaultsError) as raised:
        county.table(name)
    assert raised.value.faults[0].code == "damaged-store"


def test_geopackages_open_with_their_layer_name_and_crs(county_toml: Path, data_dir: Path) -> None:
    build_county(county_toml, data_dir=data_dir)
    county = open_county(data_dir)
    info = pyogrio.read_info(layer_path(data_dir, "roads", county.layers["roads"]["version"]), layer="roads")
    assert (info["crs"], info["geometry_type"], info["features"]) == ("EPSG:4490", "LineString", 31)


@pytest.mark.parametrize(
    ("name", "value"),
    [("name", "别县"), ("code", "371425"), ("totals", {"resident": 1}), ("warnings", [{"code": "x"}])],
)
def test_a_manifest_that_was_edited_is_not_what_was_written(
    county_toml: Path, data_dir: Path, name: str, value: object
) -> None:
    version = build_county(county_toml, data_dir=data_dir).version
    path = data_dir / "builds" / f"{version}.json"
    assert read_build(data_dir, version)["name"]
    path.chmod(0o644)
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | {name: value}), encoding="utf-8")
    with pytest.raises(FaultsError, match="damaged-store"):
        read_build(data_dir, version)


@pytest.mark.skipif(os.name != "posix", reason="processes are asked for by number on POSIX only")
def test_the_draft_of_another_user_s_process_stays(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = data_dir / f".1-{'0' * 32}.gpkg"
    draft.write_bytes(b"")

    def refuse(process: int, _signal: int) -> None:
        raise PermissionError if process == 1 else ProcessLookupError

    monkeypatch.setattr("layers.whole_files.os.kill", refuse)
    gone = data_dir / f".2-{'0' * 32}.gpkg"
    gone.write_bytes(b"")
    sweep_drafts(data_dir)
    assert draft.exists()
    assert not gone.exists()
