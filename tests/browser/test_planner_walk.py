"""A planner's walk through the page in headless Chromium, with every other host blocked."""

import re

import pytest
from playwright.sync_api import Browser, expect
from watched_page import READY, Watched

pytestmark = pytest.mark.browser
FIRST_PAINT_MS = 600
EASTERN_EDGE = """async () => {
  const county = L.geoJSON(await (await fetch('/api/layers/county')).json()).getBounds();
  const map = window.countyMaps.planner;
  return map.getContainer().getBoundingClientRect().x + map.latLngToContainerPoint(county.getNorthEast()).x;
}"""


def test_the_page_shows_map_villages_plan_and_legend(watched: Watched) -> None:
    page = watched.open()
    expect(page.locator("#planner_map canvas").first).to_be_visible()
    expect(page.locator(".leaflet-control-scale-line")).to_have_text(re.compile(r"\d+ k?m"))
    expect(page.locator("#legend-body li")).not_to_have_count(0)
    expect(page.locator("#plan-sites tbody tr")).to_have_count(5)
    expect(page.locator("#plan-proof")).to_contain_text("最优")
    expect(page.locator("#plan-result")).to_contain_text("未计床位")
    expect(page.locator("#honesty summary")).to_have_text("含模拟数据(非实测)")
    page.click("#tab-layers")
    expect(page.locator("label:has(#layer-villages) .count")).to_have_text("865")


def test_the_first_paint_comes_soon(browser: Browser, planner_url: str) -> None:
    times = []
    while len(times) < 8 and min(times, default=FIRST_PAINT_MS) >= FIRST_PAINT_MS:  # a loaded machine may delay some
        seen = Watched(browser, planner_url)
        page = seen.open()
        script = "() => performance.getEntriesByName('first-contentful-paint')[0].startTime"
        times.append(page.evaluate(script))
        page.close()
    assert min(times) < FIRST_PAINT_MS, f"first paint after {times} ms"


def test_a_village_is_found_by_keyboard_and_shown(watched: Watched) -> None:
    page = watched.open()
    page.fill("#search", "王")
    hits = page.locator("#search-hits [role=option]")
    expect(hits.first).to_be_visible()
    expect(hits.first.locator("span")).not_to_be_empty()  # its township: short names repeat
    page.press("#search", "ArrowDown")
    expect(hits.nth(1)).to_have_attribute("aria-selected", "true")
    name = hits.nth(1).locator("strong").inner_text()
    page.press("#search", "Enter")
    expect(page.locator(".leaflet-popup-content h3")).to_have_text(name)
    expect(page.locator("#search-hits")).to_be_hidden()


def test_an_incident_is_reported_by_a_click(watched: Watched) -> None:
    page = watched.open()
    page.click("#tab-incident")
    page.select_option("#incident-category", "traffic")
    page.click("#incident-pick")
    box = page.locator("#planner_map").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator("#incident-question")).to_contain_text("道路交通")
    page.click("#incident-confirm")
    card = page.locator("#incident-card")
    expect(card).to_contain_text("道路交通")
    expect(card).to_contain_text(re.compile(r"\d{15}"))  # the cell
    expect(card).to_contain_text("分钟")
    expect(page.locator("#incident-recent li")).not_to_have_count(0)
    expect(page.locator("#incident-pick")).to_have_attribute("aria-pressed", "false")


def test_a_plan_is_computed_from_the_form(watched: Watched) -> None:
    page = watched.open()
    page.fill("#plan-p", "3")
    page.click("#plan-run")
    expect(page.locator("#plan-sites tbody tr")).to_have_count(3)
    expect(page.locator("#plan-progress")).to_be_hidden()


def test_the_measure_changes_the_legend(watched: Watched) -> None:
    page = watched.open()
    page.click("#tab-layers")
    page.select_option("#measure", "people")
    expect(page.locator("#legend-body h3")).to_contain_text("村庄人口")
    page.select_option("#measure", "township")
    expect(page.locator("#legend-body h3")).to_contain_text("到乡镇便民服务中心")
    page.select_option("#measure", "none")
    expect(page.locator("#legend-body h3")).to_have_count(0)


def test_english_is_one_click_away(watched: Watched) -> None:
    page = watched.open()
    page.click("#language")
    page.wait_for_selector(READY)
    expect(page.locator("#tab-plan")).to_have_text("Siting plan")
    expect(page.locator("#plan-proof")).to_contain_text(re.compile("optim", re.IGNORECASE))


def test_the_legend_hides_nothing_of_the_county_on_a_small_desktop(browser: Browser, planner_url: str) -> None:
    seen = Watched(browser, planner_url, width=1024, height=800)
    page = seen.open()
    legend, villages = page.locator("#legend").bounding_box(), page.evaluate(EASTERN_EDGE)
    assert legend is not None
    assert villages <= legend["x"]
    page.close()
    assert seen.wrong == []


def test_a_narrow_screen_has_a_drawer_and_no_sideways_scroll(phone: Watched) -> None:
    page = phone.open()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 360
    expect(page.locator("#plan-form")).to_be_hidden()
    page.click("#drawer-toggle")
    expect(page.locator("#plan-form")).to_be_visible()
    page.click("#drawer-toggle")
    expect(page.locator("#plan-form")).to_be_hidden()
