"""A plan that cannot be is told with its reason, and never called optimal."""

from __future__ import annotations

import pytest

from api.wording import fault_lines, plan_lines
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
}


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("zh", ["无可行方案", "已证明:满足条件的方案不存在", "  1 处设点不够:要让人人可达至少需要 2 处"]),
        (
            "en",
            [
                "No feasible plan",
                "Proven: no plan meets the conditions",
                "  1 sites are too few: at least 2 are needed for everyone to reach one",
            ],
        ),
    ],
)
def test_an_infeasible_plan_says_why_and_shows_no_figures(lang: Lang, told: list[str]) -> None:
    assert plan_lines(INFEASIBLE, lang)[:-1] == told


def test_a_solver_s_word_that_there_is_no_plan_is_not_called_proven() -> None:
    told = plan_lines({**INFEASIBLE, "proof": "solver", "solver": "HiGHS 1.12"}, "zh")
    assert "已证明" not in "".join(told)
    assert "HiGHS 1.12" in told[1]


def test_a_note_has_nothing_to_mend() -> None:
    note = Fault("snap-distances", layer="villages", severity="note", params={"median_m": 3, "max_m": 9})
    assert fault_lines([note], "zh") == ["[说明] villages: 到道路的距离:中位数 3 米,最大 9 米"]
