"""Every measure is defined once, and that one sentence stands wherever its figure does."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from random_plans import random_plans

from api.cli.measure_words import further_measures
from api.cli.wording import plan_lines
from maps.assets import STATIC
from maps.catalogue import LANGS, has_text, messages, text
from maps.pages import BROWSER_TEXTS
from planning.groups import COLUMNS
from planning.measures.catalogue import CATALOGUE
from planning.measures.plan_measures import EVER_SINCE, IN_COUNTY, measure_plan

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
FILES = ("told/measures", "plan/views/figures/main")
CARD = "".join((STATIC / "js" / f"{name}.js").read_text(encoding="utf-8") for name in FILES)


def test_the_table_in_the_readme_is_the_catalogue():
    part = README.split("## 指标 / Measures")[1].split("\n## ")[0]
    told = [tuple(line.strip("| ").split(" | ")) for line in part.splitlines() if line.startswith("| `")]
    assert told == [
        (
            f"`{code}`",
            text("en", f"measures.{code}.name"),
            text("en", f"measures.unit.{one.unit}"),
            text("en", f"measures.basis.{one.basis}"),
            text("en", f"measures.{code}.definition"),
        )
        for code, one in CATALOGUE.items()
    ]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("code", CATALOGUE)
def test_every_measure_has_a_name_and_one_sentence(lang, code):
    assert text(lang, f"measures.{code}.name")
    sentence = text(lang, f"measures.{code}.definition")
    assert len(re.findall(r"[。.](?:\s|$)" if lang == "en" else "。", sentence)) == 1
    assert sentence[-1] in "。."


def test_every_measure_has_a_function_of_the_measures():
    for one in CATALOGUE.values():
        assert one.measured_by.__module__.startswith("planning.measures.")
        assert one.measured_by.__doc__


def test_every_text_of_the_measures_is_about_one_that_there_is():
    known = {*CATALOGUE, "unit", "basis", "told", "column", "group"}
    assert {key.split(".")[1] for key in messages("zh", prefixes=("measures.",))} == known
    assert [group for group in COLUMNS if not has_text(f"measures.group.{group}")] == []


@given(random_plans())
def test_a_plan_tells_nothing_that_the_catalogue_does_not_define(drawn):
    problem, solution = drawn
    codes = measure_plan(problem, solution, limit_s=10).keys()
    assert codes >= EVER_SINCE
    assert codes <= CATALOGUE.keys() - IN_COUNTY


def test_the_card_asks_for_definitions_that_exist_and_the_browser_has_them():
    assert "measures." in BROWSER_TEXTS
    figures = set(re.findall(r'figure\("(\w+)"', CARD))
    rows = set(re.findall(r"^    (\w+):", CARD.split("const values = {")[1].split("};")[0], flags=re.MULTILINE))
    assert figures
    assert rows
    assert figures | rows <= CATALOGUE.keys()
    keys = set(re.findall(r"[\"`](measures\.[\w.-]+\w)[\"`]", CARD))
    assert [key for key in keys if not has_text(key)] == []


PLAN = {
    "status": "optimal", "sense": "minimize", "proof": "certificate", "solver": "", "objective": 1, "bound": 1,
    "gap": 0.0, "objective_unit": "person-seconds", "reasons": [], "opened": ["a"], "notes": [],
    "facilities": [{
        "id": "a", "name": "甲村", "township": "临南镇", "people": 9, "mean_s": 60.0, "worst_s": 90, "load": 96,
        "capacity": 90,
    }],
    "capacity_unit": "beds",
    "service": "elder-centre", "model": "capacitated", "limit_minutes": 30.0, "weights_basis": "resident",
    "mode": "car",
    "measures": {
        "people_total": 4_000, "people_within_limit": 3_000, "unreachable_people": 500, "mean_s": 600.0, "p95_s": 900,
        "worst_s": 1_900, "median_s": 480, "served_people": 2_500, "over_capacity_people": 1_200, "outside_people": 300,
        "gini": 0.23456, "equivalent": {"seconds": 660.0, "kappa_e12": 10**9, "aversion": 1.0},
        "second_nearest": {
            "people_total": 4_000, "people_within_limit": 9, "unreachable_people": 700, "mean_s": 1_200.0,
            "p95_s": 1_500, "worst_s": 1_600, "median_s": 1_100,
        },
        "worst_township": {"township": "临南镇", "mean_s": 1_500.0, "unreachable_people": 0},
        "loads": {"load": 160, "capacity": 150, "fullest_percent": 106.66, "sites_over_capacity": 1},
        "accessibility": {
            "offer": "capacity", "zones": [[600, 1.0]], "median_per_1000": 37.5, "p10_per_1000": 0.0,
            "people_without": 300,
        },
        "spent_yuan": 10**6,
    },
    "by_age": [
        {"group": "60+", "people_within_limit": 700, "people_total": 1_000, "mean_s": 630.0, "estimated": True},
        {"group": "5-14", "people_within_limit": 70, "people_total": 100, "mean_s": 630.0, "estimated": True},
    ],
    "standards": {"met": 9, "short": 2, "unknown": 1, "facilities": []},
    "floor_area": {"floor_area_m2": 1_234, "rooms": [], "beyond_rooms_m2": 0},
}  # fmt: skip


REACHED = "每千人可用容量:中位 37.50 张床位,最少的十分之一人不超过 0.00 张床位"


def test_the_command_line_tells_them_briefly():
    told = plan_lines(PLAN, "zh")
    for line in (
        "  未计入用时:500 人",
        "  计入人口:得到服务 2,500 人,可达但容量不足 1,200 人,时限外 300 人",
        "  中位用时:8.0 分钟",
        "  到第二近设施:平均 20.0 分钟,95% 的人不超过 25.0 分钟  700 人没有第二处可达",
        "  用时基尼系数:0.235",
        "  公平等效用时:11.0 分钟",
        "  用时最长的乡镇:临南镇 25.0 分钟",
        "  负荷与容量:需要 160 张床位,容量 150 张床位  最满一处:甲村 需要 96 张床位,容量 90 张床位  1 处超出容量",
        f"  两步移动搜寻可及性:{REACHED}  300 人时限内没有可用的",
        "  分用房面积:1,234 平方米",
        "  现有设施达标:9 处达标,2 处不足,1 处不详",
        "  60 岁及以上,30 分钟内:700 人 / 共 1,000 人,人均 10.5 分钟  推算",
    ):
        assert line in told, (line, told)


def test_a_plan_from_before_has_no_further_measures():
    first = {name: PLAN["measures"][name] for name in EVER_SINCE}
    before = {name: value for name, value in PLAN.items() if name not in IN_COUNTY}
    assert further_measures({**before, "measures": first}, "en") == []


def test_whom_nobody_can_reach_is_a_word():
    nobody = {"mean_s": None, "p95_s": None, "unreachable_people": 9}
    found = {**PLAN["measures"], "second_nearest": nobody}
    found["worst_township"] = {"township": None, "mean_s": None, "unreachable_people": 9}
    told = dict(further_measures({**PLAN, "measures": found}, "en"))
    assert told["Second nearest site"] == "9 people reach no second one"
    assert told["Worst township"] == "places without a township: nobody is served"
