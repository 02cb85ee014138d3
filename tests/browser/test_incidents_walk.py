"""Reporting an incident: nothing is filed before it is confirmed, then who goes there, by which way and until when."""

import re

import pytest
from playwright.sync_api import Page, Route, expect
from watched_page import READY, Watched

from tests.browser.axe import serious_faults

pytestmark = pytest.mark.browser


def reports(page: Page) -> int:
    return page.evaluate("async () => (await (await fetch('/api/incidents?limit=500')).json()).length")


def look_at(page: Page, lat: float, lon: float, zoom: int) -> None:
    """Show a place, however far off: the page itself bounds its map to the county."""
    script = "([at, zoom]) => countyMaps.incidents.setMaxBounds(null).setMinZoom(0).setView(at, zoom, {animate: false})"
    page.evaluate(f"(told) => {{ ({script})(told); }}", [[lat, lon], zoom])


def test_a_report_is_filed_only_when_it_is_confirmed(watched: Watched) -> None:
    page = watched.open("/incidents")
    page.click("#incident-pick")
    expect(page.locator("#problem-category")).to_contain_text("请先选择事件类别")
    expect(page.locator("#incident-category")).to_be_focused()
    expect(page.locator("#incident-pick")).to_have_attribute("aria-pressed", "false")
    page.select_option("#incident-category", "security")
    page.fill("#incident-text", "井盖缺失")
    before = reports(page)
    question = page.locator("#incident-question")
    for give_up in ("button", "Escape"):
        page.click("#incident-pick")
        expect(page.locator("#hint")).to_contain_text("Esc")
        page.locator("#incidents_map").click(position={"x": 500, "y": 400})
        for word in ("治安", "井盖缺失"):
            expect(question).to_contain_text(word)
        expect(question).to_contain_text(re.compile(r"\d{15}"))
        expect(page.locator("#incident-confirm")).to_be_focused()
        expect(page.locator(".leaflet-incident-pane .leaflet-marker-icon")).to_have_count(1)
        if give_up == "button":
            page.click("#incident-cancel")
        else:
            page.keyboard.press("Escape")
        expect(question).to_have_count(0)
        expect(page.locator("#result")).to_contain_text("尚未上报")
        expect(page.locator(".leaflet-incident-pane .leaflet-marker-icon")).to_have_count(0)
    assert reports(page) == before


def test_what_stands_there_is_filed_once_and_the_answer_says_who_goes_and_until_when(watched: Watched) -> None:
    page = watched.open("/incidents")
    before = reports(page)
    page.select_option("#incident-category", "security")
    page.focus("#incident-centre")
    page.keyboard.press("Enter")
    expect(page.locator("#incident-question")).to_contain_text("治安")
    page.select_option("#incident-category", "traffic")  # what is confirmed is what stands there
    expect(page.locator("#incident-question")).to_contain_text("道路交通")
    page.dblclick("#incident-confirm")
    card = page.locator("#incident-card")
    for told in ("道路交通", re.compile(r"\d{15}"), "A角", "分钟", "办结", "姓名均为虚构"):
        expect(card).to_contain_text(told)
    expect(page.locator(".leaflet-incident-pane path")).not_to_have_count(0)  # the way
    assert serious_faults(page) == []
    expect(page.locator("#incident-recent li").first).to_contain_text("道路交通")
    expect(page.locator("#incident-recent li").first).to_have_attribute("aria-current", "true")
    expect(page.locator("#incident-case")).to_have_attribute("href", re.compile(r"^/desk\?case=\d{8}-"))
    assert reports(page) == before + 1
    page.reload()
    page.wait_for_selector(READY)
    page.locator("#incident-recent button").first.click()
    expect(card).to_contain_text("道路交通")


def test_a_place_outside_the_county_is_said_before_filing(watched: Watched) -> None:
    page = watched.open("/incidents")
    page.select_option("#incident-category", "campus")
    before = reports(page)
    look_at(page, 37.6, 117.6, 13)
    page.click("#incident-centre")
    expect(page.locator("#incident-warning")).to_contain_text("不在本县范围内")
    expect(page.locator("#incident-confirm")).to_have_text("仍要上报")
    assert reports(page) == before
    page.click("#incident-confirm")
    expect(page.locator("#incident-card")).to_contain_text("县指挥中心值班席位")
    assert reports(page) == before + 1


def test_a_refusal_is_told_and_what_was_to_be_filed_stays(watched: Watched) -> None:
    page = watched.open("/incidents")

    def refuse(route: Route) -> None:
        if route.request.method == "POST":
            told = {"error": "database-down", "message": "数据库没有应答,没有保存。", "faults": []}
            route.fulfill(status=503, json=told)
        else:
            route.fallback()

    page.route("**/api/incidents", refuse)
    page.select_option("#incident-category", "party")
    page.click("#incident-centre")
    page.click("#incident-confirm")
    expect(page.locator("#incident-problem")).to_contain_text("没有保存")
    expect(page.locator("#incident-confirm")).to_be_visible()
    watched.wrong[:] = [told for told in watched.wrong if "503" not in told]  # it was refused on purpose


def test_a_village_or_a_road_is_found_and_gone_to(watched: Watched) -> None:
    page = watched.open("/incidents")
    page.fill("#search", "nbgd")
    expect(page.locator("#search-hits [role=option]").first).to_contain_text("南北国道")
    page.fill("#search", "王书村")
    expect(page.locator("#search-hits [role=option]").first).to_contain_text("王书村")
    page.press("#search", "Enter")
    page.wait_for_function("() => countyMaps.incidents.getZoom() >= 14")
    page.select_option("#incident-category", "environment")
    page.click("#incident-centre")
    expect(page.locator("#incident-question")).to_contain_text("王书村")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_phone_is_not_told_to_press_keys_and_shows_everything(phone: Watched, lang: str) -> None:
    page = phone.open(f"/incidents?lang={lang}")
    assert serious_faults(page) == []
    page.select_option("#incident-category", "traffic")
    page.click("#incident-pick")
    hint = page.locator("#hint")
    expect(hint).to_be_visible()
    expect(hint).not_to_contain_text("Esc")
    zoom, box = page.locator(".leaflet-control-zoom").bounding_box(), hint.bounding_box()
    assert zoom is not None
    assert box is not None
    assert box["x"] + box["width"] <= zoom["x"]
    page.click("#pick-end")
    expect(hint).to_be_hidden()
    page.click("#incident-centre")
    expect(page.locator("#incident-confirm")).to_be_in_viewport()
    assert serious_faults(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 360


def test_english_is_one_click_away(watched: Watched) -> None:
    page = watched.open("/incidents")
    page.click("#language")
    page.wait_for_selector(READY)
    expect(page.locator("h1")).to_contain_text("Reports and dispatch")
