"""Words of offices for classes, speeds, directions and one-way streets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from geopandas import GeoDataFrame
from toy_county import lon_lat

from gis.faults import Fault, errors
from layers.county_spec import LayerSpec
from layers.schema import ROAD_CLASSES_AND_LINKS
from layers.sources.importing import import_roads
from layers.sources.lines.oneway_words import oneway_words
from layers.sources.lines.road_words import _CHINESE, _ENGLISH, road_class_of, speed_of
from layers.sources.ways import Ways


def read(
    folder: Path, columns: dict[str, list[object]], words: dict[str, dict[str, str]] | None = None, **options: object
) -> tuple[Ways, list[Fault]]:
    n = len(next(iter(columns.values())))
    lines = [shapely.LineString([lon_lat(0, k), lon_lat(1, k)]) for k in range(n)]
    columns = {"road_class": ["tertiary"] * n} | columns
    pyogrio.write_dataframe(GeoDataFrame(columns, geometry=lines, crs="EPSG:4326"), folder / "roads.gpkg")
    return import_roads(LayerSpec("roads", folder / "roads.gpkg", words=words or {}, **options))


@pytest.mark.parametrize(
    ("word", "ours"),
    [
        ("高速公路", "motorway"),
        ("一级公路", "trunk"),
        ("快速路", "trunk"),
        ("国道", "primary"),
        ("主干路", "primary"),
        ("省道", "secondary"),
        ("次干路", "secondary"),
        ("县道", "tertiary"),
        ("三级", "tertiary"),
        ("支路", "tertiary"),
        ("乡道", "unclassified"),
        ("专用公路", "unclassified"),
        ("村道", "residential"),
        ("等外公路", "residential"),
        ("街巷", "living_street"),
        ("机耕路", "track"),
        ("小路", "path"),
        ("人行道", "footway"),
        ("匝道", "motorway_link"),
        ("G", "primary"),
        ("s", "secondary"),
        ("X", "tertiary"),
        ("G104", "primary"),
        ("G2", "motorway"),
        ("G1501", "motorway"),
        ("S315", "secondary"),
        ("S29", "motorway"),
        ("X007", "tertiary"),
        ("C001371424", "residential"),
        ("Primary", "primary"),
        ("primary road", "primary"),
        ("LIVING STREET", "living_street"),
        ("living-street", "living_street"),
        ("Motorway Link", "motorway_link"),
        ("track_grade3", "track"),
        ("ｐｒｉｍａｒｙ", "primary"),
        ("Ｇ104", "primary"),
        (" 省 道 ", "secondary"),
        ("1", None),
        ("unknown", None),
        ("国道旧线", None),
        ("", None),
    ],
)
def test_words_of_classes(word: str, ours: str | None) -> None:
    assert road_class_of(word) == ours


def test_every_word_means_one_class_that_exists() -> None:
    words = [(word, name) for table in (_CHINESE, _ENGLISH) for name, group in table.items() for word in group]
    assert len({word for word, _ in words}) == len(words)
    assert {name for _, name in words} <= set(ROAD_CLASSES_AND_LINKS)
    assert all(road_class_of(word) == name for word, name in words)


@pytest.mark.parametrize(
    ("text", "kmh"),
    [
        ("60 km/h", "60"),
        ("60KM/H", "60"),
        ("40公里/小时", "40"),
        ("４０ 公里/时", "40"),
        ("30 mph", "48.2803"),
        ("60", None),
        ("60 m", None),
        ("fast", None),
    ],
)
def test_speeds_with_units(text: str, kmh: str | None) -> None:
    assert speed_of(text) == kmh


@pytest.mark.parametrize(
    ("words", "directions"),
    [
        (["F", "T", "B"], "+-0"),
        (["f", "t", "b"], "+-0"),
        (["T", "B", "B"], "-00"),
        (["FT", "TF", ""], "+-0"),
        (["TF", "T", "F"], "--+"),
        (["1", "-1", "0"], "+-0"),
        (["yes", "no", "-1"], "+0-"),
        (["是", "否", "是"], "+0+"),
        (["单向", "双向", "逆向"], "+0-"),
        (["正向", "反向", "双向通行"], "+-0"),
        (["Y", "N", "N"], "+00"),
        (["True", "False", "False"], "+00"),
        (["Forward", "Backward", "BOTH"], "+-0"),
    ],
)
def test_one_way_words_and_their_direction(words: list[str], directions: str, tmp_path: Path) -> None:
    ways, faults = read(tmp_path, {"oneway": words})
    assert errors(faults) == []
    assert ways.attributes["oneway"].to_list() == [sign != "0" for sign in directions]
    begins = ways.lon[ways.start[:-1]] > ways.lon[ways.start[1:] - 1]
    assert begins.tolist() == [sign == "-" for sign in directions]


@pytest.mark.parametrize("words", [["T", "F"], ["T", "T"], ["F", "F"], ["t", "yes"], ["F", ""]])
def test_t_and_f_alone_are_refused_until_the_office_says_what_they_mean(words: list[str], tmp_path: Path) -> None:
    _, faults = read(tmp_path, {"oneway": words})
    wrong = {fault.value for fault in errors(faults) if fault.code == "ambiguous-oneway"}
    assert wrong == {word for word in words if word.lower() in ("t", "f")}
    ways, faults = read(tmp_path, {"oneway": words}, {"oneway": {"T": "forward", "F": "both"}})
    assert errors(faults) == []
    assert ways.attributes["oneway"].to_list() == [word in ("T", "t", "yes") for word in words]


def test_n_beside_directions_is_refused_and_elsewhere_means_no() -> None:
    assert oneway_words(["f", "t", "b", "n"])[1] == {"n"}
    assert oneway_words(["y", "n"]) == ({"y": "forward", "n": "both"}, set())


def test_what_goes_by_direction_turns_with_the_line(tmp_path: Path) -> None:
    columns: dict[str, list[object]] = {
        "oneway": ["-1", "1", "-1"],
        "speed_kmh": ["30 km/h", "30", "50"],
        "speed_back_kmh": ["60", "60", ""],
        "bicycle": ["forward", "正向", "both"],
        "foot": ["逆向", "", "否"],
    }
    ways, faults = read(tmp_path, columns)
    found = ways.attributes
    assert errors(faults) == []
    np.testing.assert_array_equal(found["speed_kmh"], [60, 30, 50])
    np.testing.assert_array_equal(found["speed_back_kmh"], [30, 60, np.nan])
    assert found["bicycle"].to_list() == ["backward", "forward", "both"]
    assert found["foot"].to_list() == ["forward", "", "no"]


def test_unknown_words_are_told_once_each_with_their_number(tmp_path: Path) -> None:
    _, faults = read(tmp_path, {"road_class": ["7", "主路", "7", "省道", "7"]})
    found = [(f.value, f.row, f.params["count"]) for f in faults if f.code == "unknown-value"]
    assert found == [("7", 1, 3), ("主路", 2, 1)]
    assert [f.value for f in faults if f.code == "words-read"] == ["省道 → secondary (1)"]


def test_the_county_file_says_what_words_mean_before_anybody_else_does(tmp_path: Path) -> None:
    words = {"road_class": {"1": "primary", "省道": "trunk", "9": "path"}, "oneway": {"上行": "backward"}}
    columns: dict[str, list[object]] = {"road_class": ["1", "省道", "县道"], "oneway": ["上行", "", ""]}
    ways, faults = read(tmp_path, columns, words)
    assert ways.attributes["road_class"].to_list() == ["primary", "trunk", "tertiary"]
    assert ways.attributes["oneway"].to_list() == [True, False, False]
    assert [(f.value, f.severity) for f in faults if f.code == "unused-value"] == [("9", "note")]


def test_roads_without_a_class_or_with_a_speed_of_zero_are_counted(tmp_path: Path) -> None:
    ways, faults = read(tmp_path, {"road_class": ["", "省道", "-"], "speed_kmh": [0, 0, 40]})
    counts = {fault.code: (fault.severity, fault.params["count"]) for fault in faults}
    assert counts["class-not-stated"] == ("warning", 2)
    assert counts["speed-not-stated"] == ("note", 2)
    assert ways.attributes["road_class"].to_list() == ["unclassified", "secondary", "unclassified"]
    assert ways.attributes["speed_kmh"].isna().to_list() == [True, True, False]


def test_columns_of_roads_are_named_in_fields(tmp_path: Path) -> None:
    columns: dict[str, list[object]] = {
        "隧道": ["隧道", "否"],
        "桥": ["T", "F"],
        "汽车": ["禁止", "双向"],
        "层": [1, 0],
    }
    fields = {"tunnel": "隧道", "bridge": "桥", "motorcar": "汽车", "level": "层"}
    ways, faults = read(tmp_path, columns, fields=fields)
    assert errors(faults) == []
    assert ways.attributes["tunnel"].to_list() == [True, False]
    assert ways.attributes["bridge"].to_list() == [True, False]
    assert ways.attributes["motorcar"].to_list() == ["no", "both"]
    assert "level" not in ways.attributes
