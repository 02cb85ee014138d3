"""Ids, figures, yes and no as people spoil them: read where there is one way to, told, and refused by row elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from gis.faults import Fault, FaultsError
from layers.county_spec import LayerSpec
from layers.imported_layer import ImportedLayer
from layers.sources.importing import import_layer

CODES = [f"37149900120{k}" for k in range(4)]


def read(
    path: Path, rows: list[dict[str, str]], *, separator: str = ",", **options: object
) -> tuple[ImportedLayer, list[Fault]]:
    header = list(rows[0])
    lines = [separator.join(header), *(separator.join(row.values()) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return import_layer(LayerSpec("villages", path, **options))  # type: ignore[arg-type]


def villages(**columns: list[str]) -> list[dict[str, str]]:
    """Four villages with some columns changed."""
    whole = {
        "id": CODES,
        "name": ["甲村", "乙村", "丙村", "丁村"],
        "lon": ["116.90", "116.91", "116.92", "116.93"],
        "lat": ["37.20", "37.21", "37.22", "37.23"],
        "resident": ["100", "200", "300", "400"],
    } | columns
    return [dict(zip(whole, values, strict=True)) for values in zip(*whole.values(), strict=True)]


def with_first(column: str, value: str) -> list[dict[str, str]]:
    rows = villages()
    rows[0][column] = value
    return rows


@pytest.mark.parametrize(
    "odd",
    [
        "371499001200.0",
        "371499001200.00",
        "'371499001200",
        "’371499001200",
        "３７１４９９００１２００",
        "371499001200\u200b",
        "\ufeff371499001200",
        "\u00a0371499001200",
        '="371499001200"',
        "＝371499001200",
        "“371499001200”",
        "3714\u200d99001200",
    ],
)
def test_ids_are_read_as_they_were_meant_and_told(odd: str, tmp_path: Path) -> None:
    layer, faults = read(tmp_path / "villages.csv", with_first("id", odd))
    assert layer.frame.index.to_list() == CODES
    if odd[0] in "\ufeff\u00a0":  # a mark of byte order, a blank before a cell: nobody's
        assert faults == []
        return
    assert [(f.code, f.severity, f.row, f.field, f.params["read_as"]) for f in faults] == [
        ("id-read-as", "warning", 2, "id", CODES[0])
    ]


def test_numbered_sections_keep_their_decimals(tmp_path: Path) -> None:
    layer, faults = read(tmp_path / "villages.csv", villages(id=["1.0", "1.1", "1.2", "2.0"]))
    assert layer.frame.index.to_list() == ["1.0", "1.1", "1.2", "2.0"]
    assert faults == []


@pytest.mark.parametrize("odd", ["新1", "37149900120", "3714990012001", "3714 99001200"])
def test_ids_that_stay_odd_among_codes_are_warned_of(odd: str, tmp_path: Path) -> None:
    layer, faults = read(tmp_path / "villages.csv", with_first("id", odd))
    assert [(f.code, f.severity, f.row, f.value) for f in faults] == [("odd-id", "warning", 2, odd)]
    assert layer.frame.index[0] == odd


def test_ids_of_ones_own_are_not_odd(tmp_path: Path) -> None:
    assert read(tmp_path / "villages.csv", villages(id=["A1", "A2", "A3", CODES[0]]))[1] == []


@pytest.mark.parametrize("odd", ["3.71499E+11", "3.71499e11", "3.71E+11", "4E+11"])
def test_powers_of_ten_are_refused_for_what_they_are(odd: str, tmp_path: Path) -> None:
    _, faults = read(tmp_path / "villages.csv", villages(id=[odd] * 4))
    assert [(f.code, f.severity, f.row) for f in faults] == [("scientific-id", "error", row) for row in (2, 3, 4, 5)]


def test_ids_with_an_e_in_them_are_ids(tmp_path: Path) -> None:
    assert read(tmp_path / "villages.csv", villages(id=["3E10", "1E5", "E4", "2e3"]))[1] == []


READ = [
    ("１００", "100"),
    ("１００．０", "100.0"),
    ('="100"', "100"),
    ("'100", "100"),
    ("＋100", "+100"),
    ("100\u200b", "100"),
]


@pytest.mark.parametrize(("text", "plain"), READ)
def test_figures_with_one_reading_are_read_and_told(text: str, plain: str, tmp_path: Path) -> None:
    layer, faults = read(tmp_path / "villages.csv", with_first("resident", text))
    assert layer.frame["resident"].iloc[0] == 100
    assert [(f.code, f.severity, f.row, f.params["read_as"]) for f in faults] == [("number-read-as", "note", 2, plain)]


REFUSED = [
    ("1,200", "thousands-separator"), ("１，２００", "thousands-separator"), ("1 200", "thousands-separator"),
    ("1'200", "thousands-separator"), ("12,5", "decimal-comma"), ("12.5", "not-a-whole-number"),
    ("约300", "not-a-number"), ("300人", "not-a-number"), ("①", "not-a-number"), ("3²", "not-a-number"),
    ("三百", "not-a-number"), ("0x1F", "not-a-number"), ("1_000", "not-a-number"), ("—", "missing-value"),
    ("#REF!", "error-cell"), ("#N/A", "error-cell"), ("########", "error-cell"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code"), [case for case in REFUSED if case[1] != "missing-value"])
def test_other_figures_are_refused_by_row(text: str, code: str, tmp_path: Path) -> None:
    _, faults = read(tmp_path / "villages.csv", with_first("resident", text), separator="\t")
    assert [(f.code, f.severity, f.row, f.field, f.value) for f in faults] == [(code, "error", 2, "resident", text)]


def roster(path: Path, flags: list[str]) -> tuple[ImportedLayer, list[Fault]]:
    lines = [f"P{k},{CODES[0]},A,张三,{flag}" for k, flag in enumerate(flags)]
    path.write_text("\n".join(["id,village_id,role,name,on_duty", *lines]) + "\n", encoding="utf-8")
    return import_layer(LayerSpec("roster", path))


def test_a_blank_in_on_duty_is_on_duty_as_without_the_column_and_told(tmp_path: Path) -> None:
    layer, faults = roster(tmp_path / "roster.csv", ["是", "", "否", "-", "１", "√"])
    assert layer.frame["on_duty"].to_list() == [True, True, False, True, True, True]
    assert [(f.code, f.severity, f.row) for f in faults] == [
        ("blank-is-yes", "warning", 3),
        ("blank-is-yes", "warning", 5),
    ]


def test_unclear_flags_are_refused(tmp_path: Path) -> None:
    _, faults = roster(tmp_path / "roster.csv", ["是", "大概"])
    assert [(f.code, f.row) for f in faults] == [("not-yes-or-no", 3)]


def test_a_separator_line_is_obeyed_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "villages.csv"
    rows = [";".join(row.values()) for row in with_first("resident", "-5")]
    path.write_text("\n".join(["sep=;", ";".join(villages()[0]), *rows]) + "\n", encoding="utf-8")
    layer, [fault] = import_layer(LayerSpec("villages", path))
    assert layer.frame.index.to_list() == CODES
    assert (fault.code, fault.row) == ("negative-number", 3)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", "，", "；"])
def test_any_usual_separator(separator: str, tmp_path: Path) -> None:
    layer, faults = read(tmp_path / "villages.csv", villages(), separator=separator)
    assert (layer.frame.index.to_list(), faults) == (CODES, [])


def test_line_breaks_in_quotes_belong_to_the_cell(tmp_path: Path) -> None:
    layer, faults = read(tmp_path / "villages.csv", villages(name=['"甲村\n（东）"', "乙村", "丙村", "丁村"]))
    assert layer.frame["name"].iloc[0] == "甲村\n（东）"
    assert faults == []


def test_decimal_commas_are_refused_by_row(tmp_path: Path) -> None:
    commas = {"lon": ["116,90"] * 4, "lat": ["37,20"] * 4}
    _, faults = read(tmp_path / "villages.csv", villages(**commas), separator=";")
    assert [(f.code, f.field, f.row) for f in faults] == [
        ("decimal-comma", field, row) for field in ("lon", "lat") for row in (2, 3, 4, 5)
    ]


def test_a_title_above_the_header_is_refused_as_such(tmp_path: Path) -> None:
    path = tmp_path / "villages.csv"
    path.write_text("某县行政村统计表,,,,\nid,name,lon,lat,resident\n1,甲,116.9,37.2,5\n", encoding="utf-8")
    with pytest.raises(FaultsError) as raised:
        import_layer(LayerSpec("villages", path))
    [fault] = raised.value.faults
    assert (fault.code, fault.row, fault.value) == ("title-above-header", 1, "某县行政村统计表")
