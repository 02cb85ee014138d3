"""The workbench can be used by everybody: nothing serious by axe-core, cards and dialogs too."""

import pytest
from playwright.sync_api import Browser, Page, expect
from watched_page import Watched

from tests.browser.axe import serious_faults

pytestmark = pytest.mark.browser

WIDE, NARROW = 1440, 360
PARTS = ("map", "choices", "figures", "villages")


LOOKS = [(width, lang) for width in (WIDE, NARROW) for lang in ("zh", "en")]


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look[0]}-{look[1]}")
def page(request, browser: Browser, planner_url: str):
    """The workbench at one width in one language."""
    width, lang = request.param
    seen = Watched(browser, planner_url, width=width, height=800)
    opened = seen.open(f"/plan?lang={lang}")
    opened.wait_for_selector(".main-figures[data-source=confirmed]", state="attached")
    yield opened
    opened.close()
    assert seen.wrong == []


def show(page: Page, part: str) -> None:
    """On a narrow screen one part is shown at a time."""
    button = page.locator("#parts button").nth(PARTS.index(part))
    if button.is_visible():
        button.click()


def choose(page: Page, words: str) -> None:
    page.fill("#search", words)
    expect(page.locator("#search-hits li").first).to_contain_text(words)
    page.press("#search", "Enter")
    show(page, "figures")
    expect(page.locator("#selected")).to_be_visible()


def test_each_part_open_and_closed(page: Page) -> None:
    for part in PARTS:
        show(page, part)
        assert serious_faults(page) == [], part
    show(page, "choices")
    page.click("#more-conditions summary")
    page.select_option("#township-add", index=1)
    page.click("#keep-standing")
    expect(page.locator("#changes li, #changes details").first).to_be_visible()
    assert serious_faults(page) == [], "conditions"
    show(page, "figures")
    expect(page.locator("#plan-broken")).to_be_visible()
    assert serious_faults(page) == [], "broken conditions"


def test_studies_layers_and_rooms(page: Page) -> None:
    if not page.locator("#legend details[open]").count():
        page.click("#legend summary")
    page.check("#layer-facilities")
    expect(page.locator("#legend .layers li").first).to_be_visible()
    assert serious_faults(page) == [], "layers"
    show(page, "figures")
    for study, answer in (("frontier", ".point"), ("phasing", "#study-order"), ("why-here", "#study-worth")):
        page.click(f"#study-{study} summary")
        page.click(f"#study-{study} button.primary")
        expect(page.locator(f"#study-{study} {answer}").first).to_be_visible()
        assert serious_faults(page) == [], study
    show(page, "choices")
    page.select_option("#service", "hub")
    page.click("#rooms summary")
    assert serious_faults(page) == [], "room standards"
    show(page, "figures")
    page.click("#site-rooms summary")
    assert serious_faults(page) == [], "rooms"


def test_cards_of_a_village_a_site_and_a_road(page: Page) -> None:
    choose(page, "杨寿村")
    assert serious_faults(page) == [], "village"
    page.locator("#site-table tr[data-site] button").first.click()
    expect(page.locator("#selected")).to_have_attribute("data-kind", "site")
    show(page, "figures")
    assert serious_faults(page) == [], "site"
    choose(page, "南北国道")
    page.click("#close-road")
    assert serious_faults(page) == [], "road"


def test_each_dialog_and_the_menu(page: Page) -> None:
    page.click("#scenario-menu summary")
    assert serious_faults(page) == [], "menu"
    page.click("#scenario-scenarios")
    expect(page.locator("#dialog")).to_have_attribute("data-name", "scenarios")
    assert serious_faults(page) == [], "scenarios"
    page.keyboard.press("Escape")
    page.click("#keys")
    expect(page.locator("#dialog")).to_have_attribute("data-name", "keys")
    assert serious_faults(page) == [], "keys"
    page.keyboard.press("Escape")
    show(page, "choices")
    page.click("#paste-names")
    page.fill("#dialog textarea", "周家村\n没有这个村")
    page.click("#paste-look-up")
    expect(page.locator("#dialog fieldset").first).to_be_visible()
    assert serious_faults(page) == [], "paste"
    page.keyboard.press("Escape")
    page.click("#scenario-menu summary")
    page.click("#scenario-walk")
    for _ in range(6):
        assert serious_faults(page) == [], "walk"
        page.click("#walk-next")
