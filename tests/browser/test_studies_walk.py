"""Studies on the page: started on demand, stopped, read as tables, points and plans shown on the map."""

import pytest
from playwright.sync_api import Page, Route, expect
from watched_page import Watched, tell_run

pytestmark = pytest.mark.browser


def start(page: Page, kind: str) -> None:
    page.click(f"#study-{kind} summary")
    page.click(f"#study-{kind} button.primary")


def test_why_here_tells_worth_swap_and_other_plans_on_the_map(watched: Watched) -> None:
    page = watched.open()
    start(page, "why-here")
    result = page.locator("#study-why-here .study-result")
    expect(result.locator("table").first.locator("tbody tr")).to_have_count(5)
    expect(result).to_contain_text("最接近的替换方案(未采用)")
    expect(page.locator("#study-count")).to_contain_text("已证明")
    before = page.locator(".leaflet-plan-pane .leaflet-marker-icon").first.get_attribute("title")
    result.locator("table").nth(1).locator("button").first.click()
    expect(page.locator(".shown")).to_contain_text("备选方案 1")
    page.click(".shown button")
    expect(page.locator(".shown")).to_be_hidden()
    expect(page.locator(".leaflet-plan-pane .leaflet-marker-icon").first).to_have_attribute("title", before or "")


def test_a_point_of_the_frontier_is_chosen_by_keyboard_and_drawn(watched: Watched) -> None:
    page = watched.open()
    page.click("#study-frontier summary")
    page.select_option("#study-curve", "coverage-number")
    page.click("#study-frontier button.primary")
    dots = page.locator("#study-frontier .dot")
    expect(dots.first).to_be_visible()
    count = dots.count()
    assert count == page.locator("#study-frontier .study-result tbody tr").count() > 1
    page.keyboard.press("Tab")
    dots.nth(1).focus()
    page.keyboard.press("Enter")
    expect(dots.nth(1)).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".leaflet-plan-pane .leaflet-marker-icon")).to_have_count(2)
    expect(dots.nth(1)).to_have_attribute("aria-label", "设置数量(处) 2、时限内(人) 99,471、已证明")


def test_the_years_fill_a_table_on_a_phone(phone: Watched) -> None:
    page = phone.open()
    page.click("#drawer-toggle")
    start(page, "phasing")
    expect(page.locator("#study-order")).to_contain_text("已证明")
    expect(page.locator("#study-phasing .study-result tbody tr")).to_have_count(6)
    expect(page.locator("#study-phasing .study-result")).to_contain_text("单价为假定值")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 360


def test_a_running_study_shows_progress_and_is_stopped(watched: Watched) -> None:
    page = watched.open()
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
    expect(page.locator("#study-frontier .study-result")).to_contain_text("已停止")
    expect(page.locator("#study-frontier button.primary")).to_be_enabled()
    assert stopped


def test_plans_with_beds_are_studied_and_a_frontier_says_why_not(watched: Watched) -> None:
    page = watched.open()
    page.click("#plan-conditions summary")
    page.fill("#plan-capacity", "1200")
    page.click("#plan-run")
    expect(page.locator("#plan-result .kind").first).to_contain_text("有容量")
    start(page, "why-here")
    expect(page.locator("#study-why-here [role=status]")).to_contain_text("正在找其他方案")
    page.get_by_role("button", name="停止分析").click()
    result = page.locator("#study-why-here .study-result")
    expect(result.locator("table").first.locator("tbody tr")).to_have_count(5)
    expect(result).to_contain_text("最接近的替换方案(未采用)")
    expect(result).to_contain_text("所列方案不全")
    page.click("#study-frontier summary")
    expect(page.locator("#study-frontier")).to_contain_text("权衡曲线不计容量")
