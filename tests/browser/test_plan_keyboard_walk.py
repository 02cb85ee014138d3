"""The whole path of a planner without a mouse: ban, keep, move, close, solve, save, and back again."""

import json
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from playwright.sync_api import Page, expect
from watched_page import Watched, saved

pytestmark = pytest.mark.browser

MOST_TABS = 120
SITES = "#site-table tr[data-site]"
STANDS_ON = "(selector) => Boolean(document.activeElement?.matches(selector))"
RINGED = """() => {
  const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
  return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
}"""


def tab_to(page: Page, selector: str) -> None:
    """Go on with Tab until the focus stands there, and see that it shows."""
    for _ in range(MOST_TABS):
        if page.evaluate(STANDS_ON, selector):
            assert page.evaluate(RINGED), f"no ring at {selector}"
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{MOST_TABS} tabs do not reach {selector}")


def press(page: Page, selector: str) -> None:
    tab_to(page, selector)
    page.keyboard.press("Enter")


def look_up(page: Page, words: str, kind: str) -> None:
    """Choose the first that the search finds; leave what is being written first, as / is a letter there."""
    if page.evaluate(STANDS_ON, "input"):
        page.keyboard.press("Tab")
    page.keyboard.press("/")
    page.keyboard.press("Control+A")
    page.keyboard.type(words)
    expect(page.locator("#search-hits li").first).to_contain_text(words)
    page.keyboard.press("Enter")
    expect(page.locator("#selected")).to_have_attribute("data-kind", kind)


def kept_on_server(page: Page) -> dict:
    query = parse_qs(urlsplit(page.url).query)
    address = urljoin(page.url, f"/api/scenarios/{query['scenario'][0]}/revisions/{query['n'][0]}")
    return json.loads(page.request.get(address).text())


def ops_of(page: Page) -> list[tuple[str, str | None]]:
    return [(edit["op"], edit.get("status")) for edit in kept_on_server(page)["edits"]]


def test_ban_keep_move_close_solve_and_save_by_keyboard_alone(watched: Watched) -> None:
    page = watched.open("/plan")
    expect(page.locator("#figure-mean_s")).to_contain_text("分钟")

    look_up(page, "杨寿村", "village")
    banned = page.get_attribute("#selected", "data-id")
    press(page, "#selected [data-status=excluded]")
    expect(page.locator("#selected [data-status=excluded]")).to_have_attribute("aria-pressed", "true")

    press(page, "#keep-standing")
    expect(page.locator("#changes")).to_contain_text("12")

    first = page.locator(SITES).first.get_attribute("data-site")
    press(page, f"{SITES} button")
    tab_to(page, "#move-to")
    page.keyboard.type("周家")
    expect(page.locator("#move-to-hits li").first).to_contain_text("周家")
    page.keyboard.press("Enter")
    expect(page.locator(f'#site-table tr[data-site="{first}"]')).to_have_count(0)

    look_up(page, "南北国道", "road")
    press(page, "#close-road")
    expect(page.locator("#close-road")).to_have_attribute("aria-pressed", "true")

    press(page, "#solve")
    expect(page.locator(SITES)).to_have_count(14)
    expect(page.locator("#plan-proof")).to_contain_text("已证明最优")

    tab_to(page, "#scenario-name")
    page.keyboard.press("Control+A")
    page.keyboard.type("键盘走通")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    saved(page)
    ops = ops_of(page)
    assert ops.count(("site-status", "existing")) == 12
    assert ("site-status", "excluded") in ops
    assert [op for op, _ in ops if op != "site-status"] == ["road-closed"]
    assert banned not in kept_on_server(page)["question"]["sites"]

    for _ in range(2):
        page.keyboard.press("Control+z")
    saved(page)
    assert "road-closed" not in [op for op, _ in ops_of(page)]
