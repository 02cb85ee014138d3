"""“If it stood here instead”, on a phone, by mouse and by keys: from my village to the best plan with a site there."""

import shutil
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from served import ask, served
from slow_plans import until
from watched_page import Watched

from tests.browser.axe import serious_faults

pytestmark = pytest.mark.browser
SLUG = "gaishe"
WIDTHS = (360, 1280, 1920)


@pytest.fixture(scope="module")
def url(toy_data, tmp_path_factory):
    """A service of the toy county that has published two centres, and what another site would mean."""
    data = shutil.copytree(toy_data, tmp_path_factory.mktemp("instead") / "data")
    with served(data) as (port, _process):
        run = ask(port, "/api/plans", body={"service": "elder-centre", "p": 2})[1]["run"]
        until(lambda: ask(port, f"/api/runs/{run['id']}")[1]["run"]["state"] == "done")
        closes = (datetime.now(UTC) + timedelta(days=20)).isoformat()
        body = {"runs": [run["id"]], "title": "养老服务中心选址公示", "closes_at": closes, "slug": SLUG}
        assert ask(port, "/api/publications", body=body)[0] == 201
        until(lambda: ask(port, f"/api/p/{SLUG}/counter-proposals")[1]["state"] == "done")
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def villager(browser: Browser, url: str):
    seen = Watched(browser, url, width=360, height=800)
    yield seen.page
    assert seen.wrong == []
    seen.page.close()


def test_from_my_village_to_what_a_site_there_would_mean(villager: Page, url: str) -> None:
    villager.goto(f"{url}/p/{SLUG}?q=lijia")
    villager.click("a[href*='instead?place=']")
    expect(villager.locator("#answer h2")).to_contain_text("李家")
    expect(villager.locator("#answer .notice")).to_contain_text("已证明没有更好的方案")
    for words in ("人变近", "人变远", "元"):
        expect(villager.locator("#answer ul").first).to_contain_text(words)
    villager.click("a[href*='about=village']")
    expect(villager.locator("select[name=about]")).to_have_value("village:00005")


def test_any_place_is_looked_up_by_keys_alone(villager: Page, url: str) -> None:
    villager.goto(f"{url}/p/{SLUG}/instead")
    villager.focus("#q")
    villager.keyboard.type("大王庄")
    villager.keyboard.press("Enter")
    expect(villager.locator(".choices a")).to_have_count(2)
    villager.locator(".choices a").first.focus()
    villager.keyboard.press("Enter")
    expect(villager.locator("#answer h2")).to_contain_text("大王庄")
    villager.goto(f"{url}/p/{SLUG}/instead?q=没有这个村")
    expect(villager.locator("[role=status]")).to_contain_text("没有找到")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_is_cut_off_and_nothing_stands_in_anybodys_way(browser: Browser, url: str, lang, width) -> None:
    seen = Watched(browser, url, width=width, height=800)
    page = seen.page
    instead = f"/p/{SLUG}/instead?"
    for path in (instead, f"{instead}place=00005&", f"{instead}q=wang&", f"/hearings/{SLUG}?"):
        page.goto(f"{url}{path}lang={lang}")
        for details in page.locator("details summary").all():
            details.click()
        assert page.evaluate("document.documentElement.scrollWidth") == width, path
        assert serious_faults(page) == [], path
    page.close()
    assert seen.wrong == []
