"""Files of tables that an office edits: out and in changes nothing, and every fault is told with its place."""

import shutil
import subprocess
import time
from datetime import date
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from edited_tables import as_csv, edited, read, workbook
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.faults import FaultsError
from planning.tables.registry import TABLES

KINDS = sorted(TABLES)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("edited")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_out_and_in_changes_nothing_in_either_language(folder, kind, lang):
    table = TABLES[kind]
    for other in ("zh", "en"):
        rows, says = read(folder, kind, workbook(kind, lang=lang, version=4), lang=other)
        assert table.sha_of(rows) == table.sha_of(table.defaults)
        assert says == {"kind": kind, "version": "4"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_spreadsheet_that_saves_it_again_changes_nothing(folder, kind):
    table = TABLES[kind]
    rows, says = read(folder, kind, edited(workbook(kind), lambda _book: None))
    assert table.sha_of(rows) == table.sha_of(table.defaults)
    assert says["kind"] == kind


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("kind", ["rooms", "deadlines", "categories"])
def test_a_text_table_is_read_as_well(folder, kind, encoding):
    table = TABLES[kind]
    rows, says = read(folder, kind, as_csv(kind, encoding=encoding), name="t.csv")
    assert (table.sha_of(rows), says) == (table.sha_of(table.defaults), {})


def test_headings_may_be_written_with_or_without_unit_and_in_either_language(folder):
    headings = ["用房", "Fixed area", "每千人面积（平方米）", "area per child who comes(m²)", "minimum_m2", "依 据"]
    rows, _says = read(folder, "rooms", as_csv("rooms", headings=headings), name="t.csv")
    assert rows == list(TABLES["rooms"].defaults)


TEXTS = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="\ufffe\uffff"), max_size=30
)
HOSTILE = st.sampled_from(
    ["=1+1", "+86", "-3", "@x", "http://evil.example", "00012", "371424100001001", "1e5", "_x0041_", "#N/A 无"]
)


def names(texts):
    return st.lists(texts.map(str.strip).filter(bool), min_size=1, max_size=6, unique_by=str.strip)


@settings(max_examples=15)
@given(data=st.data())
def test_whatever_an_office_writes_comes_back(folder, data):
    figure = st.integers(0, 10_000_000).map(lambda n: n / 100 if n % 100 else n // 100)
    rooms = data.draw(names(st.one_of(TEXTS, HOSTILE)))
    table = TABLES["rooms"]
    rows = [
        {
            "room": room,
            "base_m2": data.draw(figure),
            "per_1000_people_m2": data.draw(st.integers(0, 10_000)),
            "per_child_m2": data.draw(st.sampled_from([0, 1.2, 0.001, 99.999])),
            "minimum_m2": data.draw(figure),
            "basis": data.draw(st.one_of(TEXTS, HOSTILE)).strip(),
        }
        for room in rooms
        if room != "circulation"
    ]
    try:
        found, _says = read(folder, "rooms", workbook("rooms", rows))
    except FaultsError as error:
        if not rows or any(row["room"].startswith("#") for row in rows):
            return  # nothing is no table, and an error of a formula no text
        raise AssertionError([fault.code for fault in error.faults]) from error
    assert table.sha_of(found) == table.sha_of(rows)


def sheet(change):
    return lambda book: change(book.worksheets[0])


def put(cell, value):
    return sheet(lambda one: one.__setitem__(cell, value))


def about(cell, value):
    return lambda book: book.worksheets[1].__setitem__(cell, value)


def both(*changes):
    def change(book):
        for one in changes:
            one(book)

    return change


WRONG = {
    # name: (kind, change in the spreadsheet, code, row, column as the file calls it, value)
    "a column is gone": (
        "rooms", sheet(lambda s: s.delete_cols(5)),
        "table-missing-column", None, "最小面积(平方米)", "",
    ),
    "a column nobody knows": ("rooms", put("G1", "颜色"), "table-unknown-column", None, "颜色", ""),
    "one heading twice": ("rooms", put("F1", "用房"), "duplicate-column", 1, "用房", "用房"),
    "one column under two names": ("rooms", put("F1", "Room"), "table-double-column", None, "Room", "Room"),
    "a heading mistyped": ("rooms", put("B1", "固定面"), "table-unknown-column", None, "固定面", ""),
    "a row is gone": ("deadlines", sheet(lambda s: s.delete_rows(4)), "table-missing-row", None, "类别", "治安"),
    "a row twice": ("deadlines", put("A4", "党建"), "table-double-key", 4, "类别", "党建"),
    "a row that no table has": ("speeds", put("B2", "高速公路"), "table-unknown-key", 2, "道路等级", "步行 · 高速公路"),
    "a room twice": ("rooms", put("A3", "一站式大厅"), "table-double-key", 3, "用房", "一站式大厅"),
    "a text for a number": ("rooms", put("B3", "很大"), "table-not-a-number", 3, "固定面积(平方米)", "很大"),
    "a unit beside a number": ("rooms", put("B3", "80㎡"), "table-not-a-number", 3, "固定面积(平方米)", "80㎡"),
    "separators of thousands": (
        "unit-costs", put("B2", "38,310,000"),
        "thousands-separator", 2, "新建一处(元)", "38,310,000",
    ),
    "a decimal comma": ("rooms", put("B3", "1,5"), "decimal-comma", 3, "固定面积(平方米)", "1,5"),
    "negative": ("unit-costs", put("C3", -1), "table-too-small", 3, "关闭一处(元)", "-1"),
    "too large": ("unit-costs", put("B2", 10**12), "table-too-large", 2, "新建一处(元)", "1000000000000"),
    "not whole": ("deadlines", put("B5", 1.5), "table-not-whole", 5, "办结时限(工作日)", "1.5"),
    "too many decimals": (
        "rooms", put("D4", 1.23456),
        "table-too-many-decimals", 4, "每名到场儿童面积(平方米)", "1.23456",
    ),
    "nothing where something must be": ("rooms", put("B3", None), "table-missing-value", 3, "固定面积(平方米)", ""),
    "too long a text": ("categories", put("B2", "名" * 21), "table-text-too-long", 2, "中文名称", "名" * 21),
    "a category nobody knows": ("deadlines", put("A2", "天气"), "table-unknown-choice", 2, "类别", "天气"),
    "a mode nobody knows": ("speeds", put("A2", "滑板车"), "table-unknown-choice", 2, "出行方式", "滑板车"),
    "a class nobody knows": ("speeds", put("B2", "运河"), "table-unknown-choice", 2, "道路等级", "运河"),
    "a service nobody knows": ("unit-costs", put("A2", "学校"), "service-bad-code", 2, "服务", "学校"),
    "too slow": ("speeds", put("C2", 0.1), "table-speed-too-low", 2, "速度(公里/小时)", "0.1"),
    "one name for two": ("categories", put("B3", "党建"), "table-double-name", 3, "中文名称", "党建"),
    "the shared space as a room": ("rooms", put("A2", "公用与走道"), "table-room-taken", 2, "用房", "公用与走道"),
    "a formula without its value": ("rooms", put("B3", "=1+1"), "formula-without-value", 3, "固定面积(平方米)", "=1+1"),
    "an error of a formula": ("rooms", put("B3", "#DIV/0!"), "error-cell", 3, "固定面积(平方米)", "#DIV/0!"),
    "a date": ("rooms", put("A3", date(2026, 3, 1)), "date-in-cell", 3, "用房", "2026-03-01"),
    "merged cells": ("rooms", sheet(lambda s: s.merge_cells("A2:A3")), "merged-figures", 3, "用房", "一站式大厅"),
    "a title above the header": (
        "rooms", sheet(lambda s: (s.insert_rows(1), s.__setitem__("A1", "用房标准"))),
        "title-above-header", 1, "", "用房标准",
    ),
    "a long code as a number": ("categories", put("B2", 371424100001001001), "long-number", 2, "中文名称", None),
    "too many rows": (
        "rooms", sheet(lambda s: [s.append([f"r{k}", 1, 1, 1, 1, ""]) for k in range(30)]),
        "table-too-many-rows", None, "", "34",
    ),
    "nothing but a header": ("rooms", sheet(lambda s: s.delete_rows(2, 9)), "table-empty", None, "", ""),
    "an empty sheet": ("rooms", sheet(lambda s: s.delete_rows(1, 9)), "table-empty", None, "", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_each_fault_is_told_with_file_row_column_and_value(folder, name):
    kind, change, code, row, column, value = WRONG[name]
    with pytest.raises(FaultsError) as refused:
        read(folder, kind, edited(workbook(kind), change))
    faults = refused.value.faults
    told = next((fault for fault in faults if fault.code == code), None)
    assert told is not None, [fault.code for fault in faults]
    assert (told.file, told.row, told.field) == ("表.xlsx", row, column)
    assert value is None or told.value == value
    assert row is None or len([fault for fault in faults if (fault.row, fault.field) == (row, column)]) == 1


def test_faults_of_the_whole_file_are_told_at_once(folder):
    change = both(put("B3", "x"), put("C3", -1), put("A4", "党建"), put("H1", "颜色"))
    with pytest.raises(FaultsError) as refused:
        read(folder, "rooms", edited(workbook("rooms"), change))
    assert [(fault.code, fault.row) for fault in refused.value.faults] == [
        ("table-unknown-column", None),
        ("table-not-a-number", 3),
        ("table-too-small", 3),
    ]


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "t.xlsx", "damaged-file"),
        (b"", "t.csv", "table-empty"),
        (b"PK\x03\x04broken", "t.xlsx", "damaged-file"),
        (b"%PDF-1.7", "t.xlsx", "other-format"),
        (b"a,b\n1,2\n", "t.xlsx", "other-format"),
        (b"\x89PNG\r\n\x1a\n", "t", "unknown-ending"),
        (b"\x89PNG\r\n\x1a\n", "t.png", "unknown-ending"),
        (b'a,b\n"1,2\n', "t.csv", "unreadable-table"),
        (b"room,base_m2\nx,1,2,3\n", "t.csv", "too-many-cells"),
        (b"room,base_m2\n" + b"\xff\xfe\xfd\x81,1\n", "t.csv", "table-encoding-unclear"),
    ],
)
def test_what_is_no_table_is_said_to_be_none(folder, content, name, code):
    with pytest.raises(FaultsError) as refused:
        read(folder, "rooms", content, name=name)
    assert code in {fault.code for fault in refused.value.faults}


def test_a_million_rows_are_refused_soon(folder):
    begun = time.process_time()
    with pytest.raises(FaultsError) as refused:
        read(folder, "rooms", b"room\n" + b"a\n" * 10**6, name="t.csv")
    assert [fault.code for fault in refused.value.faults] == ["table-too-many-rows"]
    assert refused.value.faults[0].value == "1000001"
    assert time.process_time() - begun < 2


def test_much_in_little_is_not_unpacked(folder):
    little = BytesIO()
    with ZipFile(little, "w", ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", b" " * 21_000_000)
    assert len(little.getvalue()) < 100_000
    with pytest.raises(FaultsError) as refused:
        read(folder, "rooms", little.getvalue())
    assert [fault.code for fault in refused.value.faults] == ["unzips-too-large"]


def test_the_name_may_lack_its_ending(folder):
    assert read(folder, "rooms", workbook("rooms"), name="上传")[0] == list(TABLES["rooms"].defaults)
    assert read(folder, "rooms", as_csv("rooms"), name="上传")[0] == list(TABLES["rooms"].defaults)


def test_a_second_sheet_that_somebody_rewrote_says_nothing(folder):
    assert read(folder, "rooms", edited(workbook("rooms"), lambda book: book.remove(book.worksheets[1])))[1] == {}
    assert read(folder, "rooms", edited(workbook("rooms"), about("A3", "别的")))[1] == {"version": "0"}
    emptied = edited(workbook("rooms"), lambda book: book.worksheets[1].delete_rows(1, 50))
    assert read(folder, "rooms", emptied)[1] == {}


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
@pytest.mark.parametrize("ending", ["ods", "xls", "xlsx"])
def test_libreoffice_reads_it_and_what_it_saves_is_the_same(folder, tmp_path, ending):
    for kind in KINDS:
        (tmp_path / f"{kind}.xlsx").write_bytes(workbook(kind))
    out = tmp_path / "out"
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", ending]
    subprocess.run([*command, "--outdir", out, *tmp_path.glob("*.xlsx")], check=True, capture_output=True, timeout=300)
    for kind in KINDS:
        rows, says = read(folder, kind, (out / f"{kind}.{ending}").read_bytes(), name=f"t.{ending}")
        assert rows == list(TABLES[kind].defaults)
        assert says["kind"] == kind
