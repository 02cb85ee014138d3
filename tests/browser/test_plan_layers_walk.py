"""What else the workbench shows: every facility, cells, minutes to the township's office, rooms and their standards."""

import pytest
from playwright.sync_api import Page, expect
from watched_page import Watched

pytestmark = pytest.mark.browser
CONFIRMED = ".main-figures[data-source=confirmed]"
FACILITIES = ".leaflet-facilities-pane .leaflet-marker-icon"


def opened(watched: Watched) -> Page:
    page = watched.open("/plan")
    page.wait_for_selector(CONFIRMED, state="attached")
    return page


def test_facilities_and_cells_are_quiet_until_they_are_asked_for(watched: Watched) -> None:
    page = opened(watched)
    standing = page.locator(FACILITIES).count()
    expect(page.locator("label:has(#layer-cells) .mark")).to_be_visible()
    page.check("#layer-facilities")
    expect(page.locator("#legend .layers li")).not_to_have_count(0)
    assert page.locator(FACILITIES).count() > standing
    page.check("#layer-cells")
    expect(page.locator(".leaflet-cells-pane canvas")).to_have_count(1)
    page.evaluate("document.querySelector('.leaflet-facilities-pane [title*=便民服务中心]').focus()")
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup")).to_contain_text("便民服务中心")
    page.uncheck("#layer-facilities")
    expect(page.locator(FACILITIES)).to_have_count(standing)
    page.uncheck("#layer-cells")
    expect(page.locator("#legend .layers li")).to_have_count(0)


def test_minutes_to_the_office_of_the_township_say_how_they_are_counted(watched: Watched) -> None:
    page = opened(watched)
    page.select_option("#colour", "office")
    expect(page.locator("#legend summary")).to_contain_text("到乡镇便民服务中心")
    expect(page.locator("#legend")).to_contain_text("电动自行车")
    page.locator("#villages-table tr[data-id]").first.click()
    expect(page.locator("#selected dt", has_text="到乡镇便民服务中心")).to_be_visible()


def test_rooms_of_hubs_add_up_and_follow_their_standards(watched: Watched) -> None:
    page = opened(watched)
    expect(page.locator("#site-rooms")).to_have_count(0)
    page.select_option("#service", "hub")
    page.wait_for_selector("#site-rooms")
    page.click("#site-rooms summary")
    rows = [
        [int(cell.replace(",", "")) for cell in row.locator("td.number").all_inner_texts()]
        for row in page.locator("#site-rooms tbody tr").all()
    ]
    assert len(rows) == page.locator("#site-table tr[data-site]").count() > 1
    assert all(sum(rooms) == total for total, *rooms in rows)
    before = page.inner_text("#site-rooms summary")
    page.click("#rooms summary")
    hall = page.locator("#rooms input").first
    hall.fill("1120")
    hall.press("Enter")
    expect(page.locator("#rooms summary b")).to_have_text("已修改")
    expect(page.locator("#site-rooms summary")).not_to_have_text(before)
    hall.fill("")
    hall.press("Tab")
    expect(hall).to_have_attribute("aria-invalid", "true")
    page.click("#rooms-usual")
    expect(page.locator("#site-rooms summary")).to_have_text(before)
    expect(page.locator("#rooms summary b")).to_have_count(0)
