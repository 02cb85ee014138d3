"""county.toml: every fault of it at once, with names that come close."""

from __future__ import annotations

from pathlib import Path

import pytest
from toy_county import write_toy_county

from gis.faults import FaultsError
from layers.county_file import parse_county_file, read_county_file
from layers.sources.files import file_fault


def write(folder: Path, text: str) -> Path:
    path = folder / "county.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_county_needs_only_roads_and_villages(tmp_path: Path) -> None:
    text = """
    [county]
    name = "某县"
    code = "100000"
    licence = "ODbL-1.0"
    [layers.roads]
    source = "roads.osm.pbf"
    [layers.villages]
    source = "places.csv"
    datum = "GCJ02"
    fields = { id = "id", name = "name", lon = "lon", lat = "lat", population = "pop" }
    reconstructed = ["geometry", "resident"]
    """
    spec = read_county_file(write(tmp_path, text))
    villages = spec.layers["villages"]
    assert (spec.name, spec.code, spec.crs, spec.licence) == ("某县", "100000", "", "ODbL-1.0")
    assert villages.source == tmp_path / "places.csv"
    assert (villages.datum, villages.reconstructed) == ("GCJ02", ("geometry", "resident"))
    assert spec.layers["roads"].islands == "refuse"


def test_every_fault_of_the_file_is_reported_at_once(tmp_path: Path) -> None:
    text = """
    [county]
    nam = "某县"
    code = 371424
    crs = "EPSG:4490"
    totals = { resident = "many" }
    [layers.villages]
    source = "places.csv"
    datum = "GCJ-02"
    fields = { popluation = "pop" }
    encoding = "klingon"
    [layers.vilages]
    source = "x.csv"
    [layers.rivers]
    layer = "a"
    crs = "EPSG:99999"
    """
    with pytest.raises(FaultsError) as raised:
        read_county_file(write(tmp_path, text))
    found = {(fault.code, fault.field, fault.value) for fault in raised.value.faults}
    assert found >= {
        ("unknown-key", "county", "nam"),
        ("missing-key", "county.name", ""),
        ("wrong-type", "county.code", "371424"),
        ("crs-not-projected", "county.crs", "EPSG:4490"),
        ("wrong-type", "county.totals.resident", "many"),
        ("missing-layer", "layers.roads", "roads"),
        ("unknown-datum", "layers.villages.datum", "GCJ-02"),
        ("unknown-field", "layers.villages.fields", "popluation"),
        ("unknown-encoding", "layers.villages.encoding", "klingon"),
        ("unknown-layer", "layers.vilages", "vilages"),
        ("missing-key", "layers.rivers.source", ""),
        ("unknown-crs", "layers.rivers.crs", "EPSG:99999"),
    }
    closest = {fault.value: fault.params["closest"] for fault in raised.value.faults if "closest" in fault.params}
    assert closest["popluation"] == "population"
    assert closest["vilages"] == "villages"
    assert closest["GCJ-02"] == "GCJ02"


def test_bad_toml_names_its_line(tmp_path: Path) -> None:
    spec, [fault] = parse_county_file(write(tmp_path, '[county]\nname = "某县"\ncode = 37 14\n'))
    assert spec is None
    assert (fault.code, fault.row, fault.file) == ("bad-toml", 3, "county.toml")


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda path: None, "missing-file"),
        (lambda path: path.mkdir(), "folder-not-file"),
        (lambda path: path.write_bytes(b'[county]\nname = "\xff"'), "undecodable-bytes"),
        (lambda path: path.write_bytes(b"#" * 1_000_001), "file-too-large"),
    ],
)
def test_county_file_that_cannot_be_read(make, code: str, tmp_path: Path) -> None:
    make(tmp_path / "county.toml")
    _, [fault] = parse_county_file(tmp_path / "county.toml")
    assert fault.code == code


def test_sources_outside_the_folder_can_be_refused(tmp_path: Path) -> None:
    path = write_toy_county(tmp_path / "toy")
    path.write_text(path.read_text(encoding="utf-8").replace('"villages.csv"', '"../villages.csv"'), encoding="utf-8")
    assert read_county_file(path).layers["villages"].source == path.parent / "../villages.csv"
    with pytest.raises(FaultsError) as raised:
        read_county_file(path, within=path.parent)
    assert [fault.code for fault in raised.value.faults] == ["source-outside"]


@pytest.mark.parametrize("name", ["hex", "idna", "undefined", "rot13"])
def test_an_encoding_that_is_none_of_texts_is_unknown(name: str, tmp_path: Path) -> None:
    path = tmp_path / "county.toml"
    layer = f'source = "a.csv"\nencoding = "{name}"\n'
    path.write_text(f'[county]\nname = "某县"\ncode = "1"\n[layers.villages]\n{layer}', encoding="utf-8")
    _, faults = parse_county_file(path)
    assert ("unknown-encoding", name) in [(fault.code, fault.value) for fault in faults]


def test_a_county_file_of_endless_brackets_is_no_toml(tmp_path: Path) -> None:
    path = tmp_path / "county.toml"
    path.write_text("x = " + "[" * 100_000, encoding="utf-8")
    _, faults = parse_county_file(path)
    assert [fault.code for fault in faults] == ["bad-toml"]


@pytest.mark.parametrize(
    ("there", "closest"),
    [
        (["vilages.csv", "roads.csv"], "vilages.csv"),
        (["villages.xlsx"], "villages.xlsx"),
        (["wgs.csv", "gbk.csv"], ""),
        (["Villages.CSV", "villages.shp"], "Villages.CSV"),
        ([], ""),
    ],
)
def test_a_missing_file_is_compared_by_its_name_not_by_its_ending(
    there: list[str], closest: str, tmp_path: Path
) -> None:
    for name in there:
        (tmp_path / name).touch()
    fault = file_fault(tmp_path / "villages.csv", layer="villages", max_bytes=1)
    assert fault is not None
    assert fault.params["closest"] == closest
