"""The question and the edits of a scenario are told in words: no code of a program, no field without a name."""

import re

import pytest

from api.cli.edit_words import asked_words, edit_words
from planning.scenario.edit_form import edits_from
from planning.scenario.edits import OPS, told
from planning.scenario.question import FIELDS, names_of

AREA = [[116.8, 37.1], [116.9, 37.1], [116.9, 37.2]]
EDITS = [
    {"op": "site-status", "target": "甲村", "status": "closable"},
    {"op": "new-candidate", "target": "新址", "at": [116.8, 37.1], "capacity": 1200},
    {"op": "site-capacity", "target": "甲村", "capacity": 80},
    {"op": "counted", "base": "registered", "group": "60+", "year": 2035},
    {"op": "place-people", "target": "甲村", "people": 1200},
    {"op": "road-speed", "target": "primary", "mode": "e-bike", "speed_kmh": 12.5},
    {"op": "road-closed", "target": "横1路"},
    {"op": "road-slowed", "target": "横1路", "factor": 2},
    {"op": "road-built", "target": "新路", "start": [116.8, 37.1], "end": [116.9, 37.2], "speed_kmh": 40},
    {"op": "flooded", "target": "河东", "area": AREA, "bridges": "open"},
    {"op": "standard", "limit_minutes": 20, "max_minutes": 45},
    {
        "op": "adopted",
        "target": "hub",
        "sites": [{"target": "1"}, {"target": "x", "name": "新址", "at": [116.8, 37.1]}],
    },
]
WORDS = (
    "设施要求:甲村、现有可关",
    "新候选点:新址、位置 116.8, 37.1、容量 1,200",
    "设施容量:甲村、容量 80",
    "统计口径:人口口径 户籍人口、年龄组 60 岁及以上、年份 2035",
    "村庄人数:甲村、人数 1,200",
    "道路等级速度:国道、出行方式 电动自行车、速度(公里/小时) 12.5",
    "封闭道路:横1路",
    "道路变慢:横1路、用时倍数 2.0",
    "新建道路:新路、起点 116.8, 37.1、终点 116.9, 37.2、速度(公里/小时) 40.0",
    "淹没范围:河东、范围 3 个角点、桥梁 照常通行",
    "服务标准:覆盖时限(分钟) 20.0、最长用时(分钟) 45.0",
    "采用方案:社区综合服务中心、设施 1、新址",
)


def test_every_kind_of_edit_is_told_as_an_office_says_it():
    edits = [told(edit) for edit in edits_from(EDITS)]
    assert {edit["op"] for edit in edits} == OPS.keys()
    assert [edit_words(edit, "zh") for edit in edits] == list(WORDS)
    assert [
        re.findall(r"[一-鿿]", re.sub("甲村|新址|新路|河东|横1路", "", edit_words(edit, "en"))) for edit in edits
    ] == ([[]] * len(edits))


@pytest.mark.parametrize("field", sorted(FIELDS.keys() - names_of("search") - {"edits"}))
def test_every_field_of_a_question_has_a_name(field):
    assert re.match(r"[一-鿿]", asked_words(field, [None], "zh"))


@pytest.mark.parametrize(
    ("field", "values", "wanted"),
    [
        ("p", [2, 3], "设置数量(处):2 → 3"),
        ("mode", [None, "car"], "出行方式:(不写) → 汽车"),
        ("split", [True], "允许一个村由多处分担:是"),
        ("budget_yuan", [2_000_000], "预算(元):2,000,000"),
        ("status", [{"甲村": "required", "乙村": "excluded"}], "指定村庄:甲村 必须设点、乙村 不得设点"),
        ("townships", [[{"name": "河西镇", "least": 1, "most": None}]], "各乡镇设点(处):河西镇 1–"),
    ],
)
def test_a_field_is_told_with_what_is_asked(field, values, wanted):
    assert asked_words(field, values, "zh") == wanted
