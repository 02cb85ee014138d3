"""What a county file may say of a layer of lines: its options, and the words of its columns."""

from __future__ import annotations

from pathlib import Path

import pytest
from broken_county import edit_text
from line_county import long_lines, use_lines
from toy_county import write_toy_county

from layers.build import build_county, check_county
from layers.county import open_county
from layers.county_file import parse_county_file


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_toy_county(tmp_path / "source").parent


@pytest.mark.parametrize(
    ("layer", "option", "name"),
    [
        ("roads", "noding = true", "noding"),
        ("roads", 'values = { name = { "a" = "b" } }', "values"),
        ("rivers", 'values = { name = { "a" = "b" } }', "values"),
        ("roads", 'fields = { name = "NAME" }', "fields"),
        ("rivers", 'fields = { name = "NAME" }', "fields"),
        ("roads", 'layer = "lines"', "layer"),
        ("rivers", 'layer = "lines"', "layer"),
        ("roads", 'encoding = "gbk"', "encoding"),
        ("rivers", 'encoding = "gbk"', "encoding"),
        ("roads", 'crs = "EPSG:4548"', "crs"),
        ("rivers", 'crs = "EPSG:4548"', "crs"),
    ],
)
def test_options_of_lines_have_no_effect_on_osm_files_and_that_is_said(
    layer: str, option: str, name: str, source: Path
) -> None:
    table = f'[layers.{layer}]\nsource = "roads.osm.pbf"\n'
    edit_text(table, f"{table}{option}\n")(source)
    faults = check_county(source / "county.toml")
    told = [(f.layer, f.value, f.severity) for f in faults if f.code == "only-for-lines"]
    assert told == [(layer, name, "warning")]


def test_county_file_says_what_is_wrong_with_the_options_of_lines(tmp_path: Path) -> None:
    text = """
    [county]
    name = "某县"
    code = "100000"
    [layers.roads]
    source = "roads.shp"
    noding = "yes"
    tolerance = 1
    [layers.roads.values]
    road_clas = { "1" = "primary" }
    road_class = { "1" = "primry", "2" = ["primary"], "3" = "secondary" }
    oneway = { "A" = "north", "B" = true, "C" = "backward" }
    bridge = { "桥" = true, "无" = "否", "塌" = "maybe" }
    speed_kmh = { "快" = 60, "慢" = "slow" }
    name = "x"
    [layers.villages]
    source = "villages.csv"
    noding = true
    """
    (tmp_path / "county.toml").write_text(text, encoding="utf-8")
    spec, faults = parse_county_file(tmp_path / "county.toml")
    assert spec is not None
    found = {(fault.code, fault.field, fault.value) for fault in faults}
    values = "layers.roads.values"
    assert found == {
        ("wrong-type", "layers.roads.noding", "yes"),
        ("unknown-key", "layers.roads", "tolerance"),
        ("unknown-field", values, "road_clas"),
        ("unknown-choice", f'{values}.road_class."1"', "primry"),
        ("wrong-type", f'{values}.road_class."2"', "['primary']"),
        ("unknown-choice", f'{values}.oneway."A"', "north"),
        ("unknown-choice", f'{values}.bridge."塌"', "maybe"),
        ("wrong-type", f'{values}.speed_kmh."慢"', "slow"),
        ("wrong-type", f"{values}.name", "x"),
        ("unknown-key", "layers.villages", "noding"),
    }
    closest = {fault.value: fault.params["closest"] for fault in faults if "closest" in fault.params}
    assert (closest["tolerance"], closest["primry"], closest["road_clas"]) == ("tolerance_m", "primary", "road_class")


@pytest.mark.parametrize(
    ("field", "office", "ours"),
    [
        ("road_class", "村道", "residential"),
        ("road_class", "G104", "primary"),
        ("road_class", "大路", None),
        ("oneway", "双向", "both"),
        ("oneway", "逆向", "backward"),
        ("oneway", "F", None),
        ("motorcar", "禁行", "no"),
        ("foot", "走", None),
    ],
)
def test_values_may_be_given_in_words_of_offices(field: str, office: str, ours: str | None, source: Path) -> None:
    county_toml = use_lines(source, long_lines(), f'values.{field} = {{ "甲" = "{office}" }}\n')
    spec, faults = parse_county_file(county_toml)
    if ours is None:
        assert [(fault.code, fault.value) for fault in faults] == [("unknown-choice", office)]
    else:
        assert faults == []
        assert spec.layers["roads"].words[field] == {"甲": ours}


def test_a_class_that_nobody_knows_is_told_the_words_of_offices(source: Path) -> None:
    rows = long_lines()
    rows[0]["road_class"] = "水泥路"
    [fault] = [fault for fault in check_county(use_lines(source, rows)) if fault.code == "unknown-value"]
    assert "residential (村道)" in str(fault.params["known"])
    assert fault.params["closest"] == ""


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ("noding = true\ntolerance_m = 11", "tolerance-out-of-range"),
        ("noding = true\ntolerance_m = -1", "tolerance-out-of-range"),
        ("noding = true\ntolerance_m = nan", "tolerance-out-of-range"),
        ('noding = true\ntolerance_m = "1"', "wrong-type"),
        ("tolerance_m = 1", "tolerance-without-noding"),
        ("noding = true\ntolerance_m = 0", None),
        ("noding = true\ntolerance_m = 2.5", None),
    ],
)
def test_tolerances_that_make_sense(options: str, code: str | None, source: Path) -> None:
    county_toml = use_lines(source, long_lines(), options + "\n")
    _, faults = parse_county_file(county_toml)
    assert [fault.code for fault in faults] == ([code] if code else [])


def test_words_of_any_layer_are_mapped_in_the_county_file(source: Path, data_dir: Path) -> None:
    edit_text(
        '[layers.facilities]\nsource = "facilities.xlsx"\n',
        '[layers.facilities]\nsource = "facilities.xlsx"\n'
        'values = { kind = { "elder-home" = "敬老院" }, capacity = { "40" = 50 } }\n',
    )(source)
    build_county(source / "county.toml", data_dir=data_dir)
    facilities = open_county(data_dir).layer("facilities")
    assert facilities.loc["F4", ["kind", "capacity"]].to_list() == ["敬老院", 50]
