"""Siting on the page: constraints by mouse and by keyboard, progress, how good a plan is, the plan file."""

import json
import os
import subprocess
import sys

import pytest
from playwright.sync_api import Page, Route, expect
from watched_page import Watched, tell_run

pytestmark = pytest.mark.browser


def click_village(page: Page, name: str) -> None:
    page.fill("#search", name)
    expect(page.locator("#search-hits [role=option]").first).to_be_visible()
    page.press("#search", "Enter")
    expect(page.locator(".leaflet-popup-content .statuses")).to_be_visible()


def test_a_village_is_required_on_the_map_and_opened(watched: Watched) -> None:
    page = watched.open()
    click_village(page, "王书村")
    page.click(".statuses [data-status=required]")
    expect(page.locator(".statuses [data-status=required]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#plan-conditions-count")).to_have_text("1")
    expect(page.locator("#legend-body")).to_contain_text("必须设点")
    page.click("#plan-conditions summary")
    expect(page.locator("#plan-statuses li")).to_contain_text("王书村")
    page.click("#plan-run")
    expect(page.locator("#plan-sites")).to_contain_text("王书村")
    expect(page.locator("#plan-result")).to_contain_text("必须设点")
    expect(page.locator("#plan-proof")).to_be_in_viewport()
    page.locator("#plan-statuses button").click()
    expect(page.locator("#plan-statuses li")).to_have_count(0)
    expect(page.locator("#legend-body")).not_to_contain_text("必须设点")


def test_constraints_work_by_keyboard_alone(watched: Watched) -> None:
    page = watched.open()
    page.focus("#plan-conditions summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("1")  # in each township
    expect(page.locator("#plan-every_township")).to_have_value("1")
    page.focus("#status-place")
    page.keyboard.type("没有这个村")
    page.keyboard.press("Enter")
    expect(page.locator("#status-failure")).to_contain_text("没有这个村")
    page.fill("#status-place", "王书村")
    page.focus("#status-kind")
    page.keyboard.press("ArrowDown")
    page.focus("#status-place")
    page.keyboard.press("Enter")
    expect(page.locator("#plan-statuses li")).to_have_count(1)
    expect(page.locator("#status-failure")).to_be_hidden()
    page.fill("#plan-p", "12")
    page.press("#plan-p", "Enter")
    expect(page.locator("#plan-sites tbody tr")).to_have_count(12)
    townships = page.locator("#plan-sites tbody small").all_inner_texts()
    assert len(set(townships)) == 12


def test_models_say_what_they_do_and_which_figures_they_need(watched: Watched) -> None:
    page = watched.open()
    page.select_option("#plan-model", "lscp")
    expect(page.locator("#plan-p")).to_be_disabled()
    expect(page.locator("#plan-model-words")).to_contain_text("最少的设点")
    page.select_option("#plan-model", "mclp")
    expect(page.locator("#plan-p")).to_be_enabled()
    expect(page.locator("#plan-model-words")).to_contain_text("时限之内的人最多")


def test_beds_under_a_budget_ask_what_an_extension_costs(watched: Watched) -> None:
    page = watched.open()
    page.select_option("#plan-model", "budget")
    expect(page.locator("#plan-extension_yuan")).to_be_hidden()
    page.fill("#plan-budget_yuan", "400000000")
    page.click("#plan-conditions summary")
    page.fill("#plan-capacity", "5000")
    page.fill("#plan-included", "5000")
    expect(page.locator("#plan-extension_yuan")).to_have_value("101000")
    page.click("#plan-run")
    expect(page.locator("#plan-result .basis")).to_contain_text("每扩建一个床位或一人(元)101,000")
    expect(page.locator("#plan-result .figures")).to_contain_text("支出(元)383,100,000")
    page.fill("#plan-capacity", "")
    expect(page.locator("#plan-extension_yuan")).to_be_hidden()


def test_the_plan_file_is_downloaded_and_checked(watched: Watched, planner_data: str, tmp_path) -> None:
    page = watched.open()
    expect(page.locator(".file")).to_contain_text("countygrid verify plan-")
    with page.expect_download() as download:
        page.click("#plan-file")
    download.value.save_as(tmp_path / "plan.json")
    assert json.loads((tmp_path / "plan.json").read_text())["claim"]["certificate"]
    command = [sys.executable, "-m", "api.cli", "verify", str(tmp_path / "plan.json")]
    environment = {**os.environ, "COUNTYGRID_DATA": planner_data}
    assert subprocess.run(command, env=environment, check=False).returncode == 0


FAIR = {"seconds": 700.5, "bound_seconds": 700.0, "rounding_s": 0.001}


class SlowPlan:
    """A server whose plan runs until it is cancelled."""

    def __init__(self, page: Page, plan: dict) -> None:
        self.plan, self.cancelled = plan, False
        page.route("**/api/plans", self.answer)
        page.route("**/api/runs/**", self.answer)

    def answer(self, route: Route) -> None:
        self.cancelled |= route.request.method == "DELETE"
        progress = {"incumbent": 420_000, "bound": 422_800, "gap": 0.01, "objective_unit": "people", "sense": "max"}
        running = {"state": "running", "progress": progress, "result": None}
        state = {"state": "cancelled", "progress": progress, "result": self.plan} if self.cancelled else running
        tell_run(route, {"id": "slow", "elapsed_s": 3.2, "error": None, **state})


def test_long_work_shows_how_far_it_is_and_is_stopped(watched: Watched) -> None:
    page = watched.open()
    plan = page.evaluate(
        "async () => (await (await fetch('/api/plans', {method: 'POST', headers: {'Content-Type': 'application/json'},"
        " body: JSON.stringify({service: 'elder-centre'})})).json()).run.result"
    )
    coverage = {"sense": "maximize", "objective_unit": "people", "objective": 420_000, "bound": 422_800}
    SlowPlan(page, {**plan, "status": "interrupted", "proof": None, "gap": 2_800 / 420_000, **coverage})
    page.click("#plan-run")
    expect(page.locator("#plan-progress-text")).to_contain_text("当前方案 420,000 人")
    expect(page.locator("#plan-progress-text")).to_contain_text("上限 422,800 人")
    assert 0.4 < float(page.locator("#plan-bar").get_attribute("value") or 0) < 0.6
    expect(page.locator("#plan-run")).to_be_disabled()
    page.click("#plan-cancel")
    expect(page.locator("#plan-proof")).to_contain_text("已停止:当前方案")
    expect(page.locator("#plan-proof")).to_contain_text("任何方案最多再改善 0.67%,约 2,800 人")
    expect(page.locator("#plan-progress")).to_be_hidden()
    expect(page.locator("#plan-run")).to_be_enabled()


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
def test_how_good_a_plan_is_stands_in_words(watched: Watched, plan: dict, words: str) -> None:
    page = watched.open()
    objective, bound = plan.get("objective"), plan.get("bound")
    gap = None if not objective else abs(objective - bound) / objective
    whole = {"status": "feasible", "proof": None, "gap": gap, "measures": {"people_total": 1000}, **plan}
    told = page.evaluate("async (plan) => (await import('/static/js/verdict.js')).verdict(plan)", whole)
    assert words in f"{told['words']} {told['more']}"


def test_what_cannot_be_is_told_with_its_reasons(watched: Watched) -> None:
    page = watched.open()
    page.fill("#plan-p", "3")
    page.click("#plan-conditions summary")
    page.fill("#plan-every_township", "1")  # three sites for twelve townships
    page.click("#plan-run")
    expect(page.locator("#plan-proof")).to_contain_text("无可行方案")
    expect(page.locator(".reasons li")).not_to_have_count(0)


def test_constraints_fit_a_phone(phone: Watched) -> None:
    page = phone.open()
    page.click("#drawer-toggle")
    page.click("#plan-conditions summary")
    expect(page.locator("#status-add")).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 360
