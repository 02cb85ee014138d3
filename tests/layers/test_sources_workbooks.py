"""Workbooks as offices save them: formulas without results, merged cells, hidden sheets, dates out of nowhere."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from gis.faults import Fault, FaultsError
from layers.county_spec import LayerSpec
from layers.imported_layer import ImportedLayer
from layers.sources.importing import import_layer

HEADER = ["id", "name", "kind", "township_id", "lon", "lat", "capacity"]
ROWS = [
    ["F1", "甲院", "elder-home", "T1", 116.9, 37.2, 40],
    ["F2", "乙院", "elder-home", "T1", 116.9, 37.2, 50],
    ["F3", "丙院", "elder-home", "T2", 116.9, 37.2, 60],
]
ODS = "urn:oasis:names:tc:opendocument:xmlns:"


def facilities(path: Path, change: Callable[[Worksheet], object], **options: str) -> tuple[ImportedLayer, list[Fault]]:
    book = Workbook()
    for row in (HEADER, *ROWS):
        book.active.append(row)
    change(book.active)
    book.save(path)
    return import_layer(LayerSpec("facilities", path, **options))


def setting(cell: str, value: object) -> Callable[[Worksheet], object]:
    return lambda sheet: sheet.__setitem__(cell, value)


CELLS: list[tuple[str, Callable[[Worksheet], object], list[tuple[str, int | None, str, str]]]] = [
    # what is done to the sheet, then what is said: code, row, field, severity
    ("formula in beds", setting("G2", "=20+20"), [("formula-without-value", 2, "capacity", "error")]),
    ("formula in a required column", setting("B3", '="乙"&"院"'), [("formula-without-value", 3, "name", "error")]),
    ("formula in a position", setting("E2", "=A1"), [("formula-without-value", 2, "lon", "error")]),
    ("formula in an id", setting("A2", "=1"), [("formula-without-value", 2, "id", "error")]),
    ("broken reference", setting("G3", "#REF!"), [("error-cell", 3, "capacity", "error")]),
    ("value not found", setting("D4", "#N/A"), [("error-cell", 4, "township_id", "error")]),
    ("division by zero", setting("B2", "#DIV/0!"), [("error-cell", 2, "name", "error")]),
    ("date for a name", setting("B2", date(2026, 3, 1)), [("date-in-cell", 2, "name", "error")]),
    ("date for beds", setting("G2", date(2026, 3, 1)), [("date-in-cell", 2, "capacity", "error")]),
    ("long code", setting("A2", 371499201201000123), [("long-number", 2, "id", "error")]),
    ("number as text", setting("G2", "40"), []),
    ("number as text with an apostrophe", setting("G2", "'40"), [("number-read-as", 2, "capacity", "note")]),
    ("true in beds", setting("G2", True), [("not-a-number", 2, "capacity", "error")]),
    ("percent in beds", setting("G2", 0.4), [("not-a-whole-number", 2, "capacity", "error")]),
    ("column of no use", setting("I1", "=1"), []),
]


@pytest.mark.parametrize(("change", "said"), [case[1:] for case in CELLS], ids=[case[0] for case in CELLS])
def test_cells_that_do_not_say_their_value(
    change: Callable[[Worksheet], object], said: list[tuple[str, int | None, str, str]], tmp_path: Path
) -> None:
    _, faults = facilities(tmp_path / "facilities.xlsx", change)
    assert [(fault.code, fault.row, fault.field, fault.severity) for fault in faults] == said


def test_a_formula_in_a_column_that_is_not_used_is_not_mentioned(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["H1"], sheet["H2"] = "remark", "=1+1"

    assert facilities(tmp_path / "facilities.xlsx", change)[1] == []


def merging(ranges: str) -> Callable[[Worksheet], object]:
    return lambda sheet: sheet.merge_cells(ranges)


@pytest.mark.parametrize(("on_load", "told"), [("1", ["formula-without-value"]), ("0", [])])
def test_a_formula_of_0_that_was_to_be_calculated_on_opening_has_no_value(
    on_load: str, told: list[str], tmp_path: Path
) -> None:
    facilities(tmp_path / "plain.xlsx", setting("G2", "=20+20"))
    with zipfile.ZipFile(tmp_path / "plain.xlsx") as plain, zipfile.ZipFile(tmp_path / "a.xlsx", "w") as parts:
        for name in plain.namelist():  # as XlsxWriter writes it
            part = plain.read(name).replace(b"<f>20+20</f><v />", b"<f>20+20</f><v>0</v>")
            part = part.replace(b"<f>20+20</f><v></v>", b"<f>20+20</f><v>0</v>")
            parts.writestr(name, part.replace(b'fullCalcOnLoad="1"', f'fullCalcOnLoad="{on_load}"'.encode()))
    layer, faults = import_layer(LayerSpec("facilities", tmp_path / "a.xlsx"))
    assert [f.code for f in faults] == told
    assert layer.frame["capacity"].iloc[0] == 0 or told


def test_merged_texts_stand_in_every_row_and_are_told(tmp_path: Path) -> None:
    layer, faults = facilities(tmp_path / "facilities.xlsx", merging("D2:D4"))
    assert layer.frame["township_id"].to_list() == ["T1", "T1", "T1"]
    assert [(f.code, f.row, f.field, f.value, f.severity, f.params["rows"]) for f in faults] == [
        ("merged-cells", row, "township_id", "T1", "warning", "2–4") for row in (3, 4)
    ]


@pytest.mark.parametrize(("ranges", "field"), [("G2:G3", "capacity"), ("A2:A3", "id"), ("E2:E3", "lon")])
def test_merged_figures_ids_and_positions_are_refused_by_row(ranges: str, field: str, tmp_path: Path) -> None:
    _, faults = facilities(tmp_path / "facilities.xlsx", merging(ranges))
    assert [(fault.code, fault.row, fault.field) for fault in faults] == [("merged-figures", 3, field)]


def test_cells_merged_across_columns_are_refused(tmp_path: Path) -> None:
    _, faults = facilities(tmp_path / "facilities.xlsx", merging("B2:D2"))
    assert [(fault.code, fault.field) for fault in faults] == [
        ("merged-figures", "kind"),
        ("merged-figures", "township_id"),
    ]


def test_a_merged_formula_without_result_is_told_in_every_row(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["D2"] = "=1"
        sheet.merge_cells("D2:D3")

    _, faults = facilities(tmp_path / "facilities.xlsx", change)
    assert [(fault.code, fault.row) for fault in faults] == [("formula-without-value", 2), ("formula-without-value", 3)]


def test_a_merged_header_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FaultsError) as raised:
        facilities(tmp_path / "facilities.xlsx", merging("E1:F1"))
    assert (raised.value.faults[0].code, raised.value.faults[0].row) == ("merged-header", 1)


@pytest.mark.parametrize("is_merged", [True, False])
def test_a_title_above_the_header_is_refused_as_such(is_merged: bool, tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet.insert_rows(1)
        sheet["A1"] = "某县养老机构一览表"
        if is_merged:
            sheet.merge_cells("A1:G1")

    with pytest.raises(FaultsError) as raised:
        facilities(tmp_path / "facilities.xlsx", change)
    [fault] = raised.value.faults
    assert (fault.code, fault.row, fault.value) == ("title-above-header", 1, "某县养老机构一览表")


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_first_sheet_is_passed_over(state: str, tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        first = sheet.parent.create_sheet("参数", 0)
        first.append(["x", "y"])
        first.sheet_state = state
        sheet.parent.active = sheet

    layer, faults = facilities(tmp_path / "facilities.xlsx", change)
    assert layer.frame["name"].to_list() == ["甲院", "乙院", "丙院"]
    assert faults == []


def test_other_visible_sheets_are_named_unless_one_is_asked_for(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet.title = "机构"
        sheet.parent.create_sheet("二季度")

    _, [note] = facilities(tmp_path / "facilities.xlsx", change)
    assert (note.code, note.severity, note.value, note.params["others"]) == ("other-sheets", "note", "机构", "二季度")
    assert facilities(tmp_path / "facilities.xlsx", change, layer="机构")[1] == []
    with pytest.raises(FaultsError) as raised:
        facilities(tmp_path / "facilities.xlsx", change, layer="二季度")
    assert raised.value.faults[0].code == "empty-layer"


@pytest.mark.parametrize("is_filtered", [True, False])
def test_hidden_rows_are_read_and_told(is_filtered: bool, tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet.row_dimensions[3].hidden = True
        if is_filtered:
            sheet.auto_filter.ref = "A1:G4"
            sheet.auto_filter.add_filter_column(3, ["T1"])

    layer, [fault] = facilities(tmp_path / "facilities.xlsx", change)
    assert len(layer.frame) == 3
    assert (fault.code, fault.severity, fault.value, fault.params["count"]) == ("hidden-rows", "warning", "3", 1)


def test_header_cells_with_breaks_and_blanks_are_found(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["G1"], sheet["B1"] = "床位\n（张）", " 机构 名称 "

    fields = {"capacity": "床位(张)", "name": "机构名称"}
    layer, faults = facilities(tmp_path / "facilities.xlsx", change, fields=fields)  # type: ignore[arg-type]
    assert faults == []
    assert layer.frame["capacity"].to_list() == [40, 50, 60]


OTHER_FORMATS = [
    ("html", b"<html><body><table><tr><td>id</td></tr></table></body></html>", "HTML"),
    ("html with a mark", b"\xef\xbb\xbf\r\n <TABLE border=1><tr><td>id</td></tr></TABLE>", "HTML"),
    ("html in utf-16", "<html><table><tr><td>甲</td></tr></table>".encode("utf-16"), "HTML"),
    (
        "xml 2003",
        b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:x:spreadsheet"/>',
        "XML 2003",
    ),
    ("web archive", b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n", "MHTML"),
    ("csv", "编号,村名\n1,甲\n".encode("gbk"), "CSV"),
    ("json", b'{"data": [1]}', "JSON"),
    ("rar", b"Rar!\x1a\x07\x01\x00", "RAR"),
    ("pdf", b"%PDF-1.7 ", "PDF"),
]


@pytest.mark.parametrize("ending", [".xls", ".xlsx"])
@pytest.mark.parametrize(("content", "what"), [case[1:] for case in OTHER_FORMATS], ids=[c[0] for c in OTHER_FORMATS])
def test_other_formats_are_called_by_their_name(content: bytes, what: str, ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"villages{ending}"
    path.write_bytes(content)
    with pytest.raises(FaultsError) as raised:
        import_layer(LayerSpec("villages", path))
    [fault] = raised.value.faults
    assert (fault.code, fault.params["what"], fault.params["wanted"]) == ("other-format", what, ".xlsx")


def test_a_workbook_named_csv_and_a_binary_workbook_are_called_by_their_name(tmp_path: Path) -> None:
    Workbook().save(tmp_path / "a.csv")
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as parts:
        parts.writestr("xl/workbook.bin", b"x")
    for name, what in (("a.csv", "XLSX"), ("b.xlsx", "XLSB")):
        with pytest.raises(FaultsError) as raised:
            import_layer(LayerSpec("villages", tmp_path / name))
        assert raised.value.faults[0].params["what"] == what


def test_a_workbook_with_a_password_is_refused_as_such(tmp_path: Path) -> None:
    path = tmp_path / "villages.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(FaultsError) as raised:
        import_layer(LayerSpec("villages", path))
    assert raised.value.faults[0].code == "password-protected"


def ods(path: Path, cells: str) -> Path:
    names = " ".join(f'xmlns:{name}="{ODS}{name}:1.0"' for name in ("office", "table", "text"))
    names += ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    header = "".join(text_cell(name) for name in HEADER)
    table = f'<table:table table:name="机构"><table:table-row>{header}</table:table-row>{cells}</table:table>'
    body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
        parts.writestr("META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{manifest}"/>')
        parts.writestr(
            "content.xml", f'<?xml version="1.0"?><office:document-content {names}>{body}</office:document-content>'
        )
    return path


def text_cell(text: str, more: str = "") -> str:
    return f'<table:table-cell office:value-type="string" {more}><text:p>{text}</text:p></table:table-cell>'


def number_cell(number: float) -> str:
    value = f'office:value-type="float" office:value="{number}"'
    return f"<table:table-cell {value}><text:p>{number}</text:p></table:table-cell>"


def test_open_documents_tell_formulas_errors_and_merged_cells(tmp_path: Path) -> None:
    place = number_cell(116.9) + number_cell(37.2)
    first = "".join(map(text_cell, ("F1", "甲院", "elder-home")))
    first += text_cell("T1", 'table:number-rows-spanned="2" table:number-columns-spanned="1"') + place
    first += '<table:table-cell table:formula="of:=20+20"/>'
    second = "".join(map(text_cell, ("F2", "乙院", "elder-home"))) + "<table:covered-table-cell/>" + place
    second += (
        '<table:table-cell table:formula="of:=#REF!" office:value-type="string" office:string-value="" '
        'calcext:value-type="error"><text:p>#REF!</text:p></table:table-cell>'
    )
    rows = f"<table:table-row>{first}</table:table-row><table:table-row>{second}</table:table-row>"
    layer, faults = import_layer(LayerSpec("facilities", ods(tmp_path / "facilities.ods", rows)))
    assert layer.frame["township_id"].to_list() == ["T1", "T1"]
    assert {(fault.code, fault.row, fault.field) for fault in faults} == {
        ("merged-cells", 3, "township_id"),
        ("formula-without-value", 2, "capacity"),
        ("error-cell", 3, "capacity"),
    }
