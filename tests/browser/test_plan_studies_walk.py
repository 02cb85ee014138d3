"""Studies on the workbench: a curve whose points open their sites, years in a table and on the map, why here."""

import json
import os
import re
import subprocess
import sys

import pytest
from playwright.sync_api import Page, Route, expect
from watched_page import Watched, tell_run

pytestmark = pytest.mark.browser
CONFIRMED = ".main-figures[data-source=confirmed]"
IN_A_YEAR = re.compile(r"第 (\d) 年建成")
ICONS = ".leaflet-plan-pane .leaflet-marker-icon"


def opened(watched: Watched, query: str = "") -> Page:
    page = watched.open(f"/plan{query}")
    page.wait_for_selector(CONFIRMED, state="attached")
    return page


def start(page: Page, kind: str) -> None:
    page.click(f"#study-{kind} summary")
    page.click(f"#study-{kind} button.primary")


def names_on(page: Page) -> set[str]:
    """Names of the sites on the map; who was taken out and put back has another number."""
    titles = page.locator(ICONS).evaluate_all("icons => icons.map((icon) => icon.title)")
    return {title.split(". ")[1] for title in titles}


def test_a_point_of_the_curve_opens_its_sites_by_keyboard_and_undo_brings_mine_back(watched: Watched) -> None:
    page = opened(watched)
    page.click("#study-frontier summary")
    page.select_option("#study-curve", "coverage-number")
    page.click("#study-frontier button.primary")
    points = page.locator("#study-frontier .point")
    expect(points.nth(1)).to_be_visible()
    assert points.count() == page.locator("#study-frontier tbody tr").count() > 1
    expect(points.nth(1)).to_have_attribute("aria-label", "设置数量(处) 2、时限内(人) 99,757、已证明")
    points.nth(1).focus()
    page.keyboard.press("Enter")
    expect(points.nth(1)).to_have_attribute("aria-pressed", "true")
    expect(page.locator(ICONS)).to_have_count(2)
    expect(page.locator("#p")).to_have_value("2")
    page.wait_for_selector(CONFIRMED)
    expect(page.locator("#figure-people_within_limit .more")).to_contain_text("99,757 人")
    page.click("#undo")
    expect(page.locator(ICONS)).to_have_count(5)
    expect(points.nth(1)).to_have_attribute("aria-pressed", "false")


def test_the_script_of_the_studies_comes_when_one_is_opened(watched: Watched) -> None:
    asked: list[str] = []
    watched.page.on("request", lambda request: asked.append(request.url))
    page = opened(watched)
    assert not [url for url in asked if "plan-studies" in url]
    page.click("#study-phasing summary")
    expect(page.locator("#study-yearly")).to_be_visible()
    assert len([url for url in asked if "plan-studies" in url]) == 1


def test_the_years_fill_a_table_and_stand_on_the_map(watched: Watched) -> None:
    page = opened(watched)
    start(page, "phasing")
    expect(page.locator("#study-order")).to_contain_text("已证明")
    expect(page.locator("#study-phasing tbody tr")).to_have_count(7)
    expect(page.locator("#study-phasing")).to_contain_text("单价为假定值")
    page.check("#years-on-map")
    expect(page.locator(ICONS).first).to_have_attribute("title", IN_A_YEAR)
    told = page.locator(ICONS).evaluate_all("all => all.map((one) => [one.title, one.textContent])")
    assert all(IN_A_YEAR.search(title)[1] == label for title, label in told)
    page.locator("#site-table tr[data-site] button").first.click()
    page.click("#site-remove")
    expect(page.locator(ICONS).first).not_to_have_attribute("title", IN_A_YEAR)


def test_why_here_tells_worth_exchange_and_other_plans_which_can_be_opened(watched: Watched) -> None:
    page = opened(watched)
    before = names_on(page)
    start(page, "why-here")
    expect(page.locator("#study-worth tbody tr")).to_have_count(5)
    expect(page.locator("#study-why-here .swap")).to_contain_text("最接近的替换方案(未采用)")
    expect(page.locator("#study-count")).to_contain_text("已证明")
    page.locator("#study-others button").first.click()
    expect(page.locator("#study-others button").first).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#study-why-here .about-others")).to_contain_text("与当前设点不同")
    assert names_on(page) != before
    page.click("#study-why-here .about-others button")
    expect(page.locator("#study-why-here .about-others")).to_have_count(0)
    expect(page.locator("#study-others button[aria-pressed=true]")).to_have_count(0)
    assert names_on(page) == before


def test_a_running_study_shows_progress_and_is_stopped(watched: Watched) -> None:
    page = opened(watched)
    stopped: list[str] = []

    def answer(route: Route) -> None:
        stopped.extend([route.request.url] if route.request.method == "DELETE" else [])
        progress = {"step": "points", "done": 3, "of": 20}
        state = "cancelled" if stopped else "running"
        run = {"id": "slow", "state": state, "elapsed_s": 2.0, "progress": progress, "result": None, "error": None}
        tell_run(route, run)

    page.route("**/api/studies", answer)
    page.route("**/api/runs/**", answer)
    start(page, "frontier")
    expect(page.locator("#study-frontier [role=status]")).to_contain_text("已得 3 个点")
    expect(page.locator("#study-frontier button.primary")).to_be_disabled()
    page.get_by_role("button", name="停止分析").click()
    expect(page.locator("#study-frontier")).to_contain_text("已停止")
    expect(page.locator("#study-frontier button.primary")).to_be_enabled()
    assert stopped


def test_what_a_study_lacks_is_said_and_another_question_takes_its_answer_away(watched: Watched) -> None:
    page = opened(watched)
    page.click("#study-phasing summary")
    page.fill("#study-yearly", "")
    page.click("#study-phasing button.primary")
    expect(page.locator("#study-phasing .problems")).to_contain_text("请填写“每年预算(元)”")
    watched.wrong[:] = [told for told in watched.wrong if "422" not in told]  # it was refused on purpose
    page.fill("#study-yearly", "40000000")
    page.click("#study-phasing button.primary")
    expect(page.locator("#study-order")).to_be_visible()
    page.fill("#limit_minutes", "20")
    page.press("#limit_minutes", "Enter")
    expect(page.locator("#study-phasing")).to_contain_text("请重新分析")
    expect(page.locator("#study-order")).to_have_count(0)


def test_a_curve_counts_no_capacity_and_says_so(watched: Watched) -> None:
    page = opened(watched)
    page.click("#more-conditions summary")
    page.fill("#capacity", "1200")
    page.press("#capacity", "Enter")
    page.click("#study-frontier summary")
    expect(page.locator("#study-frontier")).to_contain_text("权衡曲线不计容量")
    expect(page.locator("#study-frontier button.primary")).to_have_count(0)


def test_the_plan_file_is_downloaded_and_checked(watched: Watched, planner_data: str, tmp_path) -> None:
    page = opened(watched)
    expect(page.locator(".file:has(#plan-file)")).to_contain_text("countygrid verify plan-")
    with page.expect_download() as download:
        page.click("#plan-file")
    download.value.save_as(tmp_path / "plan.json")
    assert json.loads((tmp_path / "plan.json").read_text())["claim"]["certificate"]
    command = [sys.executable, "-m", "api.cli", "verify", str(tmp_path / "plan.json")]
    environment = {**os.environ, "COUNTYGRID_DATA": planner_data}
    assert subprocess.run(command, env=environment, check=False).returncode == 0


def test_studies_fit_a_phone(phone: Watched) -> None:
    page = opened(phone)
    page.locator("#parts button").nth(2).click()
    start(page, "phasing")
    expect(page.locator("#study-order")).to_be_visible()
    page.click("#study-frontier summary")
    page.select_option("#study-curve", "coverage-number")
    page.click("#study-frontier button.primary")
    expect(page.locator("#study-frontier .point").first).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 360
