"""Files that ask for all the memory or time there is end in a sentence, and nothing else notices."""

from __future__ import annotations

import os
import sqlite3
import time
import zipfile
from pathlib import Path

import pyogrio
import pytest
import shapely
from geopandas import GeoDataFrame
from openpyxl import Workbook

from gis.faults import FaultsError
from layers.county_spec import LayerSpec
from layers.sources import apart
from layers.sources.importing import import_layer
from layers.sources.raw_vectors import needs_care, nesting
from layers.sources.tables import workbook_cells

HEADER = ("id", "name", "lon", "lat", "resident")


def workbook(path: Path) -> Path:
    book = Workbook()
    for row in (HEADER, ("1", "甲村", 116.9, 37.2, 5)):
        book.active.append(row)
    book.save(path)
    return path


def with_part(source: Path, target: Path, part: str, content: object) -> Path:
    """Copy a zip file with one part replaced: text, or an iterable of blocks of bytes."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
        with new.open(part, "w") as stream:
            for block in [content.encode()] if isinstance(content, str) else content:
                stream.write(block)
    return target


def sheet(cells: str) -> str:
    return (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        f"{cells}</sheetData></worksheet>"
    )


def fault_of(spec: LayerSpec) -> tuple[str, dict[str, object]]:
    with pytest.raises(FaultsError) as raised:
        import_layer(spec)
    [fault] = raised.value.faults
    return fault.code, dict(fault.params)


@pytest.mark.parametrize(("cell", "row"), [("XFD1048576", 1048576), ("ZZ900000", 900000)])
def test_a_cell_far_out_is_named(cell: str, row: int, tmp_path: Path) -> None:
    cells = '<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c></row>'
    cells += f'<row r="{row}"><c r="{cell}"><v>1</v></c></row>'
    path = with_part(workbook(tmp_path / "a.xlsx"), tmp_path / "b.xlsx", "xl/worksheets/sheet1.xml", sheet(cells))
    code, params = fault_of(LayerSpec("villages", path))
    assert (code, params["cell"]) == ("sheet-too-wide", cell)


def test_formats_far_out_do_no_harm(tmp_path: Path) -> None:
    cells = "".join(
        f'<row r="{row}">'
        + "".join(f'<c r="{"ABCDE"[k]}{row}" t="inlineStr"><is><t>{text}</t></is></c>' for k, text in enumerate(texts))
        + "</row>"
        for row, texts in ((1, HEADER), (2, ("1", "甲", "116.9", "37.2", "5")))
    )
    cells += '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    path = with_part(workbook(tmp_path / "a.xlsx"), tmp_path / "b.xlsx", "xl/worksheets/sheet1.xml", sheet(cells))
    layer, _ = import_layer(LayerSpec("villages", path))
    assert layer.frame["name"].to_list() == ["甲"]


def test_a_formula_whose_result_is_an_empty_text_has_a_result(tmp_path: Path) -> None:
    texts = (HEADER, ("1", "甲", "116.9", "37.2", "5"))
    rows = [
        "".join(f'<c r="{"ABCDE"[k]}{row}" t="inlineStr"><is><t>{text}</t></is></c>' for k, text in enumerate(cells))
        for row, cells in enumerate(texts, start=1)
    ]
    extra = ['<c r="F1" t="inlineStr"><is><t>community</t></is></c>', '<c r="F2"{}><f>IF(1,"","")</f><v></v></c>']
    for kind, expected in ((' t="str"', []), ("", ["formula-without-value"])):
        cells = f'<row r="1">{rows[0]}{extra[0]}</row><row r="2">{rows[1]}{extra[1].format(kind)}</row>'
        path = with_part(workbook(tmp_path / "a.xlsx"), tmp_path / "b.xlsx", "xl/worksheets/sheet1.xml", sheet(cells))
        assert [fault.code for fault in import_layer(LayerSpec("villages", path))[1]] == expected


def test_a_workbook_that_unzips_to_too_much_is_refused_before_it_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook_cells, "MAX_UNZIPPED", 10_000_000)
    path = with_part(workbook(tmp_path / "a.xlsx"), tmp_path / "b.xlsx", "xl/sharedStrings.xml", [b" " * 10_000_001])
    with pytest.raises(workbook_cells.WorkbookError) as raised:
        workbook_cells.read_cells(path, "")
    assert (raised.value.code, raised.value.params) == ("unzips-too-large", {"limit_mb": 10})


def test_a_workbook_whose_texts_fill_memory_ends_in_its_own_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "LEAST_MEMORY", 400_000_000)
    cells = "".join(f'<row r="{k}"><c r="A{k}" t="s"><v>0</v></c></row>' for k in range(1, 2_000))
    text = f"<t>{'x' * 1_000_000}</t>"
    strings = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si>{text}</si></sst>'
    one = with_part(workbook(tmp_path / "a.xlsx"), tmp_path / "b.xlsx", "xl/worksheets/sheet1.xml", sheet(cells))
    two = with_part(one, tmp_path / "c.xlsx", "xl/sharedStrings.xml", strings)
    assert fault_of(LayerSpec("villages", two))[0] == "too-much-memory"


def points(path: Path) -> Path:
    frame = GeoDataFrame(
        {"id": ["1"], "name": ["甲"], "resident": [5]}, geometry=[shapely.Point(116.9, 37.2)], crs=4326
    )
    pyogrio.write_dataframe(frame, path)
    return path


def test_an_endless_view_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "LEAST_CPU_S", 2)
    path = points(tmp_path / "villages.gpkg")
    with sqlite3.connect(path) as book:
        book.execute(
            "CREATE VIEW endless AS WITH RECURSIVE n(fid) AS (SELECT 1 UNION ALL SELECT fid + 1 FROM n) "
            "SELECT n.fid AS fid, name, id, resident, geom FROM n, villages"
        )
        book.execute(
            "INSERT INTO gpkg_contents(table_name, data_type, identifier, srs_id) "
            "VALUES ('endless', 'features', 'endless', 4326)"
        )
        book.execute("INSERT INTO gpkg_geometry_columns VALUES ('endless', 'geom', 'POINT', 4326, 0, 0)")
    book.close()
    started = time.monotonic()
    code, _ = fault_of(LayerSpec("villages", path, layer="endless"))
    assert code in ("too-much-time", "too-many-rows")
    assert time.monotonic() - started < 30


def test_an_ordinary_view_is_read(tmp_path: Path) -> None:
    path = points(tmp_path / "villages.gpkg")
    assert not needs_care(path)
    with sqlite3.connect(path) as book:
        book.execute("CREATE VIEW shown AS SELECT fid, upper(id) AS id, name, resident, geom FROM villages")
        book.execute(
            "INSERT INTO gpkg_contents(table_name, data_type, identifier, srs_id) "
            "VALUES ('shown', 'features', 'shown', 4326)"
        )
        book.execute("INSERT INTO gpkg_geometry_columns VALUES ('shown', 'geom', 'POINT', 4326, 0, 0)")
    book.close()
    assert needs_care(path)
    layer, _ = import_layer(LayerSpec("villages", path, layer="shown"))
    assert layer.frame["name"].to_list() == ["甲"]


@pytest.mark.parametrize("where", ["properties", "geometry", "top"])
def test_deeply_nested_geojson_ends_in_a_fault_or_is_read(where: str, tmp_path: Path) -> None:
    deep = "[" * 200_000 + "]" * 200_000
    collection = '{"type":"GeometryCollection","geometries":[' * 5_000 + "]}" * 5_000
    properties = f'{{"id":"1","name":"甲","resident":5,"deep":{deep if where == "properties" else 1}}}'
    geometry = collection if where == "geometry" else '{"type":"Point","coordinates":[116.9,37.2]}'
    feature = f'{{"type":"Feature","properties":{properties},"geometry":{geometry}}}'
    text = deep if where == "top" else f'{{"type":"FeatureCollection","features":[{feature}]}}'
    path = tmp_path / "villages.geojson"
    path.write_text(text, encoding="utf-8")
    said: list[str] = []
    names: list[str] = []
    try:
        layer, faults = import_layer(LayerSpec("villages", path))
        names, said = layer.frame["name"].to_list(), [fault.code for fault in faults]
    except FaultsError as error:
        said = [fault.code for fault in error.faults]
    assert names == ["甲"] or set(said) & {"damaged-file", "too-much-memory", "too-much-time", "missing-geometry"}


def test_nesting_counts_brackets() -> None:
    assert nesting(b'{"a":[[1],[2,[3]]]}') == 4
    assert nesting(b"") == 0


def test_results_and_errors_come_back(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.touch()
    assert apart.call_apart(os.path.basename, path) == "a.txt"
    with pytest.raises(TypeError):
        apart.call_apart(os.path.join, path, 5)
