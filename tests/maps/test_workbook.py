"""Workbooks: text stays text whatever it looks like, figures stay figures, the same content is the same file."""

import zipfile
from datetime import UTC, date, datetime
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maps.report.workbook import Formula, Sheet, SheetColumn, sheet_name, shown_width, total_rows, workbook_bytes

HOSTILE = [
    "=cmd|' /C calc'!A0",
    "=1+1",
    '=HYPERLINK("http://evil.example")',
    "+86 13800000000",
    "-2+3",
    "@SUM(A1)",
    "http://evil.example/x",
    "mailto:a@b.example",
    "internal:'Sheet2'!A1",
    "external:c:\\secret.xlsx",
    "371424100001001",
    "00012",
    "1e5",
    "TRUE",
    "2026-11-29",
    "{=SUM(A1:A2)}",
    "'=1",
    "_x0041_",
    "<b>&amp;\"'",
    "第一行\n第二行",
    "😀𠀀",
]


def written(rows, *columns):
    columns = columns or (SheetColumn("内容"),)
    return openpyxl.load_workbook(BytesIO(workbook_bytes([Sheet("表", columns, rows)])))


@pytest.mark.parametrize("text", HOSTILE)
def test_text_stays_the_text_that_it_is(text):
    cell = written([[text]]).worksheets[0]["A2"]
    assert (cell.value, cell.data_type, cell.number_format, cell.hyperlink) == (text, "s", "@", None)


def test_no_sheet_holds_a_formula_or_a_link_that_nobody_asked_for():
    content = workbook_bytes([Sheet("表", [SheetColumn(one) for one in HOSTILE], [HOSTILE])], title="=1+1")
    parts = zipfile.ZipFile(BytesIO(content))
    sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert not [name for name in parts.namelist() if "rels" in name and "sheet" in name]


@given(st.text(max_size=60))
def test_any_text_makes_a_file_that_opens(text):
    value = written([[text]]).worksheets[0]["A2"].value
    plain = "".join(c for c in text if c.isprintable())
    assert (
        plain == "".join(c for c in (value or "") if c.isprintable() and c != "\ufffd")
        or "\ufffd" in text
        or "\r" in text
    )


def _aware(value):
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


def test_figures_dates_and_truth_are_what_they_are():
    columns = [SheetColumn("数"), SheetColumn("元", "#,##0"), SheetColumn("日"), SheetColumn("时", "yyyy-mm-dd hh:mm")]
    rows = [[1.25, 38_310_000, date(2026, 11, 29), datetime(2026, 11, 29, 8, 30, tzinfo=UTC)], [None, -3, True, False]]
    sheet = written(rows, *columns).worksheets[0]
    assert [_aware(cell.value) for cell in sheet[2]] == [
        1.25,
        38_310_000,
        datetime(2026, 11, 29, tzinfo=UTC),
        datetime(2026, 11, 29, 8, 30, tzinfo=UTC),
    ]
    assert [cell.value for cell in sheet[3]] == [None, -3, True, False]
    assert [cell.number_format for cell in sheet[2]] == ["General", "#,##0", "yyyy-mm-dd", "yyyy-mm-dd hh:mm"]


@pytest.mark.parametrize("figure", [10**15, 371424100001001001, -(10**15), float("nan"), float("inf")])
def test_a_figure_that_excel_would_not_keep_is_written_as_text(figure):
    cell = written([[figure]]).worksheets[0]["A2"]
    assert (cell.value, cell.data_type) == (str(figure), "s")


def test_a_formula_is_written_on_purpose_with_its_value():
    content = workbook_bytes([Sheet("表", [SheetColumn("合计")], [[Formula("=SUM(1,2)", 3)]])])
    assert openpyxl.load_workbook(BytesIO(content)).worksheets[0]["A2"].value == "=SUM(1,2)"
    assert openpyxl.load_workbook(BytesIO(content), data_only=True).worksheets[0]["A2"].value == 3


def test_the_header_stays_in_sight_and_columns_are_as_wide_as_what_they_hold():
    rows = [["短", "办公室用房标准与依据", 1], ["短", "x" * 300, 1]]
    sheet = written(rows, SheetColumn("甲"), SheetColumn("乙"), SheetColumn("丙", width=12)).worksheets[0]
    assert sheet.freeze_panes == "A2"
    widths = [round(sheet.column_dimensions[name].width) for name in "ABC"]
    assert widths[0] < 10
    assert 60 <= widths[1] < 62
    assert widths[2] in (12, 13)
    assert shown_width("用房(m²)") == 8


def test_the_same_content_is_the_same_file_byte_by_byte():
    sheets = [
        Sheet("表", [SheetColumn("甲"), SheetColumn("乙")], [["a", 1.5]]),
        Sheet("说明", [SheetColumn("项")], [["x"]]),
    ]
    assert workbook_bytes(sheets, title="t") == workbook_bytes(sheets, title="t")
    assert workbook_bytes(sheets, title="t") != workbook_bytes(sheets[:1], title="t")
    dates = {info.date_time for info in zipfile.ZipFile(BytesIO(workbook_bytes(sheets))).infolist()}
    assert len(dates) == 1
    assert b">2000-01-01T00:00:00Z<" in zipfile.ZipFile(BytesIO(workbook_bytes(sheets))).read("docProps/core.xml")


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("a/b:c*?[d]\\", "a_b_c__[d]_".replace("[", "_").replace("]", "_")),
        ("", "_"),
        ("x" * 40, "x" * 31),
        ("'x'", "x"),
    ],
)
def test_names_of_sheets_are_such_as_excel_allows(name, allowed):
    assert sheet_name(name) == allowed
    written_name = openpyxl.load_workbook(BytesIO(workbook_bytes([Sheet(name, [SheetColumn("a")], [])]))).sheetnames
    assert written_name == [allowed]


def test_what_does_not_fit_is_refused_before_a_file_is_made():
    with pytest.raises(ValueError, match="longer than a cell"):
        written([["x" * 32_768]])
    with pytest.raises(ValueError, match="longer than a cell"):
        written([["😀" * 16_384]])
    with pytest.raises(ValueError, match="1 of 2 cells"):
        written([["x"]], SheetColumn("a"), SheetColumn("b"))
    assert written([["x" * 32_767]]).worksheets[0]["A2"].value == "x" * 32_767


def test_totals_are_formulas_below_the_filter_one_for_each_kind_of_row():
    rows = [["A *", "x", 1], ["B", "y", None], ["A *", "z", 4]]
    totals = total_rows(rows, (2,), by=(0,), label_at=1, label="合计")
    columns = [SheetColumn(name) for name in ("方案", "村", "人")]
    content = workbook_bytes([Sheet("表", columns, rows, has_filter=True, totals=totals)])
    sheet, values = (openpyxl.load_workbook(BytesIO(content), data_only=told).worksheets[0] for told in (False, True))
    assert sheet.auto_filter.ref == "A1:C4"
    assert [cell.value for cell in sheet[5]] == ["A *", "合计", "=SUMPRODUCT((A$2:A$4=A5)*C$2:C$4)"]
    assert [row[2] for row in values.iter_rows(values_only=True)] == ["人", 1, None, 4, 5, 0]
    assert total_rows(rows, (2,), label_at=0, label="合计") == [["合计", None, Formula("=SUM(C$2:C$4)", 5)]]
    assert total_rows([], (2,), label_at=0, label="合计") == []
