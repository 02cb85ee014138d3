"""Pages can be used by everybody: nothing serious or critical that axe-core finds, in both languages and widths."""

import pytest
from playwright.sync_api import Browser, Page, expect
from watched_page import Watched

from tests.browser.axe import serious_faults

pytestmark = pytest.mark.browser


@pytest.fixture
def plain(browser: Browser, planner_url: str):
    """A page of the service on which refusals are meant."""
    page = browser.new_page(viewport={"width": 360, "height": 740}, base_url=planner_url)
    yield page
    page.close()


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_reports(browser: Browser, planner_url: str, lang: str, width: int) -> None:
    seen = Watched(browser, planner_url, width=width, height=800)
    page = seen.open(f"/incidents?lang={lang}")
    assert serious_faults(page) == []
    page.click("#incident-pick")
    expect(page.locator("#problem-category")).to_be_visible()
    assert serious_faults(page) == [], "no category"
    page.select_option("#incident-category", index=1)
    page.click("#incident-pick")
    expect(page.locator("#hint")).to_be_visible()
    assert serious_faults(page) == [], "a place is chosen"
    page.close()
    assert seen.wrong == []


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", ["/nothing-here", "/sign-in"])
def test_pages_without_script(plain: Page, path: str, lang: str) -> None:
    plain.goto(f"{path}?lang={lang}")
    assert serious_faults(plain) == []
    assert plain.evaluate("document.documentElement.scrollWidth") == 360


def test_what_is_serious_is_found_and_says_where(plain: Page) -> None:
    plain.goto("/nothing-here")
    plain.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<input id=\"nameless\">')")
    [told] = serious_faults(plain)
    assert told.startswith("label (")
    assert told.endswith(": #nameless")
