"""Tables in the encodings of offices, declared, undeclared and declared wrongly; cut, garbled and mixed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from geopandas import GeoDataFrame
from hypothesis import given
from hypothesis import strategies as st

from gis.faults import Fault, FaultsError
from layers.county_spec import LayerSpec
from layers.imported_layer import ImportedLayer
from layers.sources.importing import import_layer
from layers.sources.tables.encodings import is_clear, rank_encodings
from layers.sources.tables.garbled import is_lost, restore

NAMES = ["临河王家庄", "前张村", "刘家集", "泺口", "邱家"]
COMMON = [bytes((row, cell)).decode("gb2312") for row in range(0xB0, 0xD7) for cell in range(0xA1, 0xFF)]


def write_shapefile(path: Path, names: list[str], *, encoding: str, ldid: int = 0, cpg: str | None = None) -> Path:
    """Write a shapefile whose table says what it is told to say of its encoding."""
    columns = {"id": [f"37149900120{k}" for k in range(len(names))], "name": names, "resident": [100] * len(names)}
    points = [shapely.Point(116.9 + k / 100, 37.2) for k in range(len(names))]
    pyogrio.write_dataframe(GeoDataFrame(columns, geometry=points, crs="EPSG:4326"), path, encoding=encoding)
    table, page = path.with_suffix(".dbf"), path.with_suffix(".cpg")
    content = table.read_bytes()
    table.write_bytes(content[:29] + bytes([ldid]) + content[30:])
    page.unlink(missing_ok=True)
    if cpg is not None:
        page.write_text(cpg, encoding="ascii")
    return path


def csv_of(names: list[str]) -> str:
    rows = (f"37149900120{k},{name},{116.9 + k / 100:.2f},37.2,100" for k, name in enumerate(names))
    return "\n".join(["id,name,lon,lat,resident", *rows, ""])


def read(path: Path, content: bytes, **options: str) -> tuple[ImportedLayer, list[Fault]]:
    path.write_bytes(content)
    return import_layer(LayerSpec("villages", path, **options))


@pytest.mark.parametrize("encoding", ["GBK", "UTF-8"])
@pytest.mark.parametrize("ldid", [0x57, 0x03, 0x01, 0x4F, 0x4D, 0x00])
@pytest.mark.parametrize(
    "cpg", [None, "OEM", "ANSI 936", "936", "GBK", "UTF-8", "1252", "nonsense", "hex", "idna", "undefined"]
)
def test_shapefiles_are_read_right_whatever_they_claim(
    encoding: str, ldid: int, cpg: str | None, tmp_path: Path
) -> None:
    path = write_shapefile(tmp_path / "villages.shp", NAMES, encoding=encoding, ldid=ldid, cpg=cpg)
    layer, faults = import_layer(LayerSpec("villages", path))
    assert layer.frame["name"].to_list() == NAMES
    assert faults == []


@pytest.mark.parametrize(("encoding", "lost"), [("UTF-8", 1), ("UTF-8", 2), ("GBK", 1)])
def test_a_name_cut_in_a_character_is_told_and_the_others_are_right(encoding: str, lost: int, tmp_path: Path) -> None:
    path = write_shapefile(tmp_path / "villages.shp", NAMES, encoding=encoding)
    table, name = path.with_suffix(".dbf"), NAMES[0].encode(encoding)
    table.write_bytes(table.read_bytes().replace(name, name[:-lost] + b" " * lost))
    layer, [fault] = import_layer(LayerSpec("villages", path))
    assert (fault.code, fault.severity, fault.row, fault.field) == ("cut-character", "warning", 1, "name")
    assert fault.params["left"] == NAMES[0][:-1]
    assert layer.frame["name"].to_list() == [NAMES[0][:-1], *NAMES[1:]]


def test_one_bad_byte_in_a_shapefile_is_an_error_of_its_row(tmp_path: Path) -> None:
    path = write_shapefile(tmp_path / "villages.shp", NAMES, encoding="UTF-8")
    table, name = path.with_suffix(".dbf"), NAMES[2].encode()
    table.write_bytes(table.read_bytes().replace(name, b"\xff" + name[1:]))
    layer, faults = import_layer(LayerSpec("villages", path))
    assert [(fault.code, fault.row, fault.field) for fault in faults] == [("undecodable-bytes", 3, "name")]
    assert layer.frame["name"].to_list()[:2] == NAMES[:2]


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
@pytest.mark.parametrize("names", [NAMES, ["甲村"], ["联通"], ["刘"]], ids=["five", "two", "unicom", "one"])
def test_text_tables_are_read_right(encoding: str, names: list[str], tmp_path: Path) -> None:
    layer, faults = read(tmp_path / "villages.csv", csv_of(names).encode(encoding))
    assert layer.frame["name"].to_list() == names
    assert faults == []


@pytest.mark.parametrize("marks", [1, 2, 3])
def test_any_number_of_marks_of_byte_order(marks: int, tmp_path: Path) -> None:
    layer, faults = read(tmp_path / "villages.csv", b"\xef\xbb\xbf" * marks + csv_of(NAMES).encode())
    assert layer.frame["name"].to_list() == NAMES
    assert faults == []


def test_a_mark_in_the_middle_is_no_part_of_an_id(tmp_path: Path) -> None:
    text = csv_of(NAMES).replace("371499001202", "\ufeff371499001202")
    layer, _ = read(tmp_path / "villages.csv", text.encode())
    assert layer.frame.index[2] == "371499001202"


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_one_bad_byte_in_a_text_table_is_an_error_of_its_cell(encoding: str, tmp_path: Path) -> None:
    name = NAMES[1].encode(encoding)
    content = csv_of(NAMES).encode(encoding).replace(name, name[:-1] + b"\xff" + b"x")
    layer, faults = read(tmp_path / "villages.csv", content)
    [fault] = faults
    assert (fault.code, fault.row, fault.field) == ("undecodable-bytes", 3, "name")
    kept = layer.frame["name"].to_list()
    assert [kept[0], *kept[2:]] == [NAMES[0], *NAMES[2:]]


def test_a_name_cut_before_it_was_written_to_a_text_table(tmp_path: Path) -> None:
    name = NAMES[0].encode()
    layer, [fault] = read(tmp_path / "villages.csv", csv_of(NAMES).encode().replace(name, name[:-1]))
    assert (fault.code, fault.row, fault.field, fault.value) == ("cut-character", 2, "name", NAMES[0][:-1])
    assert layer.frame["name"].to_list()[1:] == NAMES[1:]


def test_stated_encoding_always_wins(tmp_path: Path) -> None:
    layer, _ = read(tmp_path / "villages.csv", csv_of(["Øster"]).encode("cp1252"), encoding="cp1252")
    assert layer.frame["name"].to_list() == ["Øster"]


def test_two_readings_alike_are_refused_with_both(tmp_path: Path) -> None:
    with pytest.raises(FaultsError) as raised:
        read(tmp_path / "villages.csv", csv_of(["é"]).encode())
    [fault] = raised.value.faults
    assert fault.code == "encoding-unclear"
    assert {fault.params["first_text"], fault.params["second_text"]} == {"é", "茅"}
    layer, _ = read(tmp_path / "villages.csv", csv_of(["é"]).encode(), encoding="utf-8")
    assert layer.frame["name"].to_list() == ["é"]


def test_a_text_in_no_encoding_is_refused(tmp_path: Path) -> None:
    noise = bytes(np.random.default_rng(0).integers(0x80, 0xA0, 200, dtype=np.uint8))
    with pytest.raises(FaultsError) as raised:
        read(tmp_path / "villages.csv", csv_of(["NOISE"]).encode().replace(b"NOISE", noise))
    assert raised.value.faults[0].code == "undecodable-bytes"


@given(st.lists(st.text(st.sampled_from(COMMON), min_size=2, max_size=5), min_size=3, max_size=40, unique=True))
def test_common_names_are_never_taken_for_another_encoding(names: list[str]) -> None:
    for encoding in ("utf-8", "gb18030"):
        readings = rank_encodings("\n".join(names).encode(encoding))
        assert readings[0].encoding == encoding or not is_clear(readings)


@pytest.mark.parametrize("text", ["ئالتاي ناھىيىسى", "ᠮᠣᠩᠭᠣᠯ", "བོད་ལྗོངས", "Lüliang Lù, Straße, Žižkov", "한국"])
def test_other_scripts_in_utf8_are_read_as_such(text: str) -> None:
    readings = rank_encodings(text.encode())
    assert readings[0].encoding == "utf-8"
    assert is_clear(readings)


GARBLED = [
    (name.encode(written).decode(read_as), name)
    for name in ("临河王家庄村", "王家庄")
    for written, read_as in (("utf-8", "latin-1"), ("gbk", "latin-1"))
] + [("ä¸´é‚‘åŽ¿", "临邑县"), ("涓存渤鐜嬪\ue18d搴勬潙", "临河王家庄村")]


@pytest.mark.parametrize(("garbled", "meant"), GARBLED)
def test_garbled_text_is_told_with_what_was_meant(garbled: str, meant: str, tmp_path: Path) -> None:
    assert restore(garbled) == meant
    names = [*NAMES, garbled]
    _, faults = read(tmp_path / "villages.csv", csv_of(names).encode())
    [fault] = [fault for fault in faults if fault.code == "garbled-text"]
    assert (fault.severity, fault.row, fault.field, fault.params["meant"]) == ("error", len(names) + 1, "name", meant)


@given(st.text(st.sampled_from(COMMON), min_size=1, max_size=6))
def test_common_names_are_not_called_garbled(name: str) -> None:
    assert restore(name) is None
    assert not is_lost(name)


@pytest.mark.parametrize("text", ["大王�庄", "锟斤拷", "???", "王家?? "])
def test_lost_characters_are_warned_of_by_row(text: str, tmp_path: Path) -> None:
    _, faults = read(tmp_path / "villages.csv", csv_of([*NAMES, text]).encode())
    [fault] = faults
    assert (fault.code, fault.severity, fault.row) == ("lost-characters", "warning", len(NAMES) + 2)


def test_geojson_in_gbk_is_read(tmp_path: Path) -> None:
    text = (
        '{"type":"FeatureCollection","features":[{"type":"Feature","id":7,"properties":{"name":"临河王家庄",'
        '"resident":5},"geometry":{"type":"Point","coordinates":[116.9,37.2]}}]}'
    )
    layer, faults = read(tmp_path / "villages.geojson", text.encode("gbk"))
    assert faults == []
    assert (layer.frame.index[0], layer.frame["name"].iloc[0]) == ("7", "临河王家庄")


TRADITIONAL = ["臨邑鎮", "東關莊", "後營", "馬家橋", "劉樓", "張莊", "趙寺", "楊園子"]


@pytest.mark.parametrize("encoding", ["Big5", "GBK", "UTF-8"])
@pytest.mark.parametrize("count", [6, 8])
def test_traditional_names_are_read_in_big5_too(encoding: str, count: int, tmp_path: Path) -> None:
    names = TRADITIONAL[:count]
    rows = "".join(f"{k},{name},116.9,37.2,5\n" for k, name in enumerate(names))
    layer, faults = read(tmp_path / "a.csv", f"id,name,lon,lat,resident\n{rows}".encode(encoding))
    assert layer.frame["name"].to_list() == names
    assert faults == []
    path = write_shapefile(tmp_path / "villages.shp", names, encoding=encoding)
    assert import_layer(LayerSpec("villages", path))[0].frame["name"].to_list() == names
