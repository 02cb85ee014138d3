"""A plan that cannot be is told with its reason, and never called optimal."""

from __future__ import annotations

import pytest

from api.cli.wording import fault_lines, gap_words, plan_lines
from gis.faults import Fault
from maps.catalogue import Lang

INFEASIBLE = {
    "status": "infeasible",
    "proof": "certificate",
    "solver": None,
    "objective": None,
    "bound": None,
    "gap": None,
    "objective_unit": "person-seconds",
    "reasons": [{"code": "too-few-sites", "params": {"p": 1, "needed": 2}}],
    "measures": {"people_total": 250},
    "facilities": [],
    "service": "elder-centre",
    "model": "p-median",
    "opened": [],
    "notes": [],
}

UNPROVEN = {
    **INFEASIBLE,
    "status": "feasible",
    "proof": None,
    "reasons": [{"code": "memory-limit", "params": {"most_mb": 4096}}],
    "opened": ["a"],
    "notes": ["rooms-assumed"],
    "limit_minutes": 30.0,
    "weights_basis": "resident",
    "mode": "e-bike",
    "measures": {
        "people_total": 473_421,
        "people_within_limit": 420_000,
        "unreachable_people": 1_000,
        "mean_s": 630.0,
        "p95_s": 1_200,
        "worst_s": 3_000,
    },
    "facilities": [
        {"id": "a", "name": "王书村", "township": "临南镇", "people": 472_421, "mean_s": 630.0, "worst_s": 3_000}
    ],
}


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("zh", ["在所设条件下无可行方案", "已证明无可行方案", "  1 处不够:要让人人可达至少需要 2 处"]),
        (
            "en",
            [
                "No plan meets the conditions",
                "Proven: no plan meets the conditions",
                "  1 sites are too few: at least 2 are needed for everyone to reach one",
            ],
        ),
    ],
)
def test_an_infeasible_plan_says_why_and_shows_no_figures(lang: Lang, told: list[str]) -> None:
    assert plan_lines(INFEASIBLE, lang)[1:] == told


def test_a_solver_s_word_that_there_is_no_plan_is_not_called_proven() -> None:
    told = plan_lines({**INFEASIBLE, "proof": "solver", "solver": "HiGHS 1.12"}, "zh")
    assert "已证明" not in "".join(told)
    assert "HiGHS 1.12" in told[2]


@pytest.mark.parametrize(
    ("unit", "objective", "bound", "zh", "en"),
    [
        ("people", 420_000, 422_800, "最多再改善 0.67%,约 2,800 人", "0.67% better: about 2,800 people"),
        ("person-seconds", 2_000_000, 1_988_000, "0.60%,人均最多再省 0.1 秒", "0.60% better: at most 0.1 s a person"),
        ("load-seconds", 1_000, 994, "最多再改善 0.60%。", "more than 0.60% better."),
        ("seconds", 1_800, 1_790, "最远的人最多再省 10 秒", "at most 10 s for whoever is farthest"),
        ("sites", 94, 91, "最多再少 3 处", "more than 3 sites fewer"),
        ("m²", 70_000, 69_500, "最多再少 0.72%,约 500 平方米", "0.72% less: about 500 m²"),
        (
            "milliseconds",
            860_299,
            855_855,
            "用时最长的乡镇人均最多再省 4.5 秒",
            "at most 4.5 s a person in the township",
        ),
        ("scaled-cost", 4_000, 3_999, "公平等效用时最多再少 0.4 秒", "is more than 0.4 s less"),
    ],
)
def test_how_much_better_any_plan_could_be_is_told_in_the_unit_of_the_question(unit, objective, bound, zh, en) -> None:
    figures = {"objective": objective, "bound": bound, "gap": abs(objective - bound) / objective}
    plan = {**UNPROVEN, **figures, "objective_unit": unit}
    if unit == "scaled-cost":
        plan["equivalent"] = {"seconds": 700.33, "rounding_s": 0.001, "bound_seconds": 700.0}
    assert zh in gap_words(plan, "zh")
    assert en in gap_words(plan, "en")
    assert f"  {gap_words(plan, 'zh')}" in plan_lines(plan, "zh")


def test_figures_of_a_plan_have_names_units_and_separators() -> None:
    figures = {"objective": 860_299, "bound": 855_855, "gap": 0.01, "objective_unit": "milliseconds"}
    told = plan_lines({**UNPROVEN, **figures}, "zh")
    assert told[0] == "养老服务中心 · 总用时最短(p-中位) · 1 处"
    for line in (
        "  内存已到上限 4,096 MB",
        "  目标值 用时最长的乡镇人均 14.3 分钟,下限 用时最长的乡镇人均 14.3 分钟",
        "  30 分钟内可达:88.7%  420,000 人 / 共 473,421 人",
        "  人均用时:10.5 分钟  能到达的 472,421 人",
        "  无路可达:1,000 人",
        "  出行方式:电动自行车",
        "  a  王书村  临南镇  472,421 人  平均 10.5 分钟  最远 50.0 分钟",
    ):
        assert line in told, told
    assert told[-1].startswith("※ 用房标准为假定值")
    assert "p95" not in "".join(told)


def test_a_note_has_nothing_to_fix() -> None:
    note = Fault("snap-distances", layer="villages", severity="note", params={"median_m": 3, "max_m": 9})
    assert fault_lines([note], "zh") == ["[说明] villages:到道路的距离:中位数 3 米,最大 9 米"]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("code", ["unknown-key", "unknown-choice", "missing-column", "unknown-value", "unknown-place"])
def test_a_closest_word_is_named_only_where_there_is_one(lang: Lang, code: str) -> None:
    params = {"known": "a", "columns": "a", "count": 1, "layer": "roads", "name": "x", "word": "w"}
    near, far = (
        fault_lines([Fault(code, "roads", value="w", params={**params, "closest": word})], lang)[0]
        for word in ("west", "")
    )
    clause = ";最接近的是“west”" if lang == "zh" else "; the closest is “west”"
    assert near == far + clause


def test_a_note_on_words_says_which_were_read_how() -> None:
    params = {"layer": "roads", "name": "road_class", "count": 1}
    fault = Fault("words-read", "roads", value="县道 → tertiary (2)", severity="note", params=params)
    for lang in ("zh", "en"):
        assert "县道 → tertiary (2)" in fault_lines([fault], lang)[0]


def test_an_edit_is_told_by_its_number_and_its_field_by_its_words() -> None:
    fault = Fault("edit-too-large", layer="edits", row=3, field="sites.2.capacity", value="5", params={"most": 3})
    assert fault_lines([fault], "zh")[0].startswith("[错误] 第 3 处修改 · sites.2.capacity:")
    assert fault_lines([fault], "en")[0].endswith("lower “capacity”")
