"""Figures and verdicts in words: the browser rounds as the command line does, and claims no more than is proven."""

import pytest
from playwright.sync_api import Page
from watched_page import Watched

from api.figures import hours_of, minutes_of, share_of

pytestmark = pytest.mark.browser
FAIR = {"seconds": 700.5, "bound_seconds": 700.0, "rounding_s": 0.001}


@pytest.fixture
def page(watched: Watched) -> Page:
    """A page with the texts of Chinese."""
    return watched.open("/incidents")


def test_page_and_command_line_round_alike(page: Page) -> None:
    script = """async (given) => {
      const { minutesFigure, hoursFigure, formatShare } = await import('/static/js/core/text.js');
      const shares = given.shares.map(([part, whole]) => formatShare(part, whole));
      return [given.seconds.map(minutesFigure), given.sums.map(hoursFigure), shares];
    }"""
    seconds = [*range(7200), 660.3, 471.0, 470.9999, 1e6]
    sums = [*range(0, 4000, 90), 68_014_075, 359_999, 360_000, 10**10 + 1800]
    shares = [(part, whole) for whole in (1, 3, 750, 103_265) for part in {0, 1, whole // 2, whole - 1, whole}]
    told = page.evaluate(script, {"seconds": seconds, "sums": sums, "shares": shares})
    assert told == [
        [minutes_of(value) for value in seconds],
        [hours_of(value) for value in sums],
        [share_of(part, whole) for part, whole in shares],
    ]


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        ({"status": "optimal", "proof": "certificate"}, "已证明最优"),
        ({"status": "optimal", "proof": "solver", "solver": "HiGHS 1.12"}, "由求解器 HiGHS 1.12 判定"),
        (
            {"objective_unit": "person-seconds", "objective": 2_000_000, "bound": 1_988_000},
            "0.60%,人均最多再省 12.0 秒",
        ),
        ({"objective_unit": "sites", "objective": 94, "bound": 91}, "最多再少 3 处"),
        ({"objective_unit": "seconds", "objective": 1800, "bound": 1790}, "最远的人最多再省 10 秒"),
        ({"objective_unit": "scaled-cost", "objective": 1000, "bound": 999, "equivalent": FAIR}, "最多再少 0.5 秒"),
        ({"objective": None, "bound": None}, "尚不清楚"),
    ],
)
def test_how_good_a_plan_is_stands_in_words(page: Page, plan: dict, words: str) -> None:
    objective, bound = plan.get("objective"), plan.get("bound")
    gap = None if not objective else abs(objective - bound) / objective
    whole = {"status": "feasible", "proof": None, "gap": gap, "measures": {"people_total": 1000}, **plan}
    told = page.evaluate("async (plan) => (await import('/static/js/told/verdict.js')).verdict(plan)", whole)
    assert words in f"{told['words']} {told['more']}"
