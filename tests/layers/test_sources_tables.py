"""Tables from Excel and text files, as people really save them."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from gis.faults import FaultsError
from layers.county_spec import LayerSpec
from layers.sources.importing import import_layer

TEXT = "编号,村名,经度,纬度,人口\n00123,大王庄,116.9,37.2, 500 \n00124,小王庄,116.91,37.21,300.0\n"
FIELDS = {"id": "编号", "name": "村名", "lon": "经度", "lat": "纬度", "population": "人口"}


def villages(source: Path, **options: object) -> LayerSpec:
    return LayerSpec("villages", source, **({"fields": FIELDS} | options))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_text_tables_in_any_usual_encoding(encoding: str, separator: str, tmp_path: Path) -> None:
    path = tmp_path / "villages.csv"
    path.write_bytes(TEXT.replace(",", separator).encode(encoding))
    layer, faults = import_layer(villages(path))
    assert faults == []
    assert layer.frame.index.to_list() == ["00123", "00124"]
    assert layer.frame["name"].to_list() == ["大王庄", "小王庄"]
    assert layer.frame["resident"].to_list() == [500, 300]
    assert layer.rows.tolist() == [2, 3]


def test_gb18030_only_characters_survive(tmp_path: Path) -> None:
    path = tmp_path / "villages.csv"
    path.write_bytes(TEXT.replace("大王庄", "㙍𠮷庄").encode("gb18030"))
    assert import_layer(villages(path))[0].frame["name"].iloc[0] == "㙍𠮷庄"


def test_stated_encoding_overrules(tmp_path: Path) -> None:
    path = tmp_path / "villages.csv"
    path.write_bytes(TEXT.replace("大王庄", "Müsli").encode("gb18030", errors="replace"))
    with pytest.raises(FaultsError) as raised:
        import_layer(villages(path, encoding="ascii"))
    assert raised.value.faults[0].code == "undecodable-bytes"


def test_undecodable_bytes_are_found_by_row_and_byte(tmp_path: Path) -> None:
    path = tmp_path / "villages.csv"
    content = TEXT.encode()
    path.write_bytes(content.replace("小王庄".encode(), b"\xff\xff"))
    layer, faults = import_layer(villages(path))
    [fault] = [fault for fault in faults if fault.code == "undecodable-bytes"]
    assert (fault.row, fault.field, fault.value) == (3, "name", "0xFF")
    assert layer.frame["name"].iloc[0] == "大王庄"
    assert fault.params["byte"] == content.index("小王庄".encode())


def test_workbook_keeps_text_ids_and_counts_rows_as_a_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "villages.xlsx"
    book = Workbook()
    sheet = book.create_sheet("村庄")
    sheet.append(list(FIELDS.values()))
    sheet.append(["00123", "大王庄", 116.9, 37.2, 500])
    sheet.append([])
    sheet.append(["00124", "小王庄", "116.91", 37.21, "三百"])
    book.save(path)
    layer, [fault] = import_layer(villages(path, layer="村庄"))
    assert layer.frame.index.to_list() == ["00123", "00124"]
    assert layer.frame["resident"].iloc[0] == 500
    assert (fault.code, fault.row, fault.field, fault.value) == ("not-a-number", 4, "resident", "三百")


def test_missing_column_names_those_that_exist_and_the_closest(tmp_path: Path) -> None:
    path = tmp_path / "villages.csv"
    path.write_text(TEXT, encoding="utf-8")
    _, [fault] = import_layer(villages(path, fields=FIELDS | {"population": "人口数"}))
    assert (fault.code, fault.field, fault.value) == ("missing-column", "resident", "人口数")
    assert fault.params == {"columns": "编号, 村名, 经度, 纬度, 人口", "closest": "人口"}


def test_projected_coordinates_in_a_table(tmp_path: Path) -> None:
    path = tmp_path / "villages.csv"
    path.write_text("id,name,lon,lat,population\n1,甲,490000,4117000,1\n", encoding="utf-8")
    layer, faults = import_layer(LayerSpec("villages", path, crs="EPSG:4548"))
    assert faults == []
    point = layer.frame.geometry.iloc[0]
    assert (point.x, point.y) == (pytest.approx(116.887382417, abs=1e-8), pytest.approx(37.1845666, abs=1e-7))


def test_too_many_rows_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("layers.sources.tables.source_table.MAX_ROWS", 2)
    path = tmp_path / "villages.csv"
    path.write_text(TEXT, encoding="utf-8")
    with pytest.raises(FaultsError) as raised:
        import_layer(villages(path))
    assert raised.value.faults[0].code == "too-many-rows"
