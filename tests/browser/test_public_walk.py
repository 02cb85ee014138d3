"""A villager without an account on a phone: finds the village, reads what changes, says something, looks it up."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect
from pypinyin import Style, lazy_pinyin
from served import ask, finished_run
from watched_page import Watched

from tests.browser.axe import serious_faults
from tests.browser.hands import by

pytestmark = pytest.mark.browser
SLUG, TITLE = "yanglao-walk", "临邑县区域养老服务中心选址公示"
WIDTHS = (360, 1280, 1920)


@pytest.fixture(scope="module")
def published(planner_url: str) -> int:
    """The port of a service that has published five elder-care centres."""
    port = int(planner_url.rsplit(":", 1)[1])
    run = finished_run(port, ask(port, "/api/plans", body={"service": "elder-centre"})[1]["run"])
    until = (datetime.now(UTC) + timedelta(days=20)).isoformat()
    body = {"runs": [run["id"]], "title": TITLE, "text": "现征求意见。", "closes_at": until, "slug": SLUG}
    status, told = ask(port, "/api/publications", body=body)
    assert status == 201, told
    # Minutes of computing for what no walk here looks at.
    assert ask(port, f"/api/publications/{SLUG}/counter-proposals", method="DELETE")[0] in (200, 202)
    return port


@pytest.fixture
def villager(published: int, phone: Watched) -> Page:
    phone.page.goto(f"{phone.url}/p")
    return phone.page


def place_called(port: int, name: str) -> dict:
    return ask(port, f"/api/p/{SLUG}/places?q={quote(name)}")[1]["places"][0]


def told_minutes(place: dict) -> str:
    before, after = (place[when]["minutes"] for when in ("before", "after"))
    return f"从 {before:.1f} 分钟变为 {after:.1f} 分钟" if before != after else f"没有变化,仍为 {after:.1f} 分钟"


@pytest.mark.parametrize("hands", ["mouse", "keyboard"])
def test_a_villager_finds_the_village_says_something_and_looks_it_up(villager: Page, published, hands) -> None:
    hand, place = by(hands, villager), place_called(published, "王书村")
    initials = "".join(lazy_pinyin(place["name"], style=Style.FIRST_LETTER))
    hand.press(f"a[href='/p/{SLUG}']")
    expect(villager.locator("h1")).to_have_text(TITLE)
    card = villager.locator(f"[data-place='{place['id']}']")
    for words in (place["name"], initials):
        hand.fill("#q", words)
        hand.press("form[role=search] button")
        villager.wait_for_url(f"**q={quote(words)}*")
        expect(card).to_contain_text(told_minutes(place))
        expect(card).to_be_in_viewport()
    hand.press(f"a[href*='village:{place['id']}']")
    expect(villager.locator("select[name=about]")).to_have_value(f"village:{place['id']}")
    hand.fill("textarea[name=text]", f"路太远,{hands}")
    hand.fill("input[name=name]", "王秀英")
    hand.press("form[action*=comments] button")
    expect(villager.locator("h1")).to_have_text("意见已收到")
    code = villager.locator("main code").inner_text()
    assert re.fullmatch(r"[A-Z0-9]{4}(-[A-Z0-9]{4}){2}", code)
    hand.press(f"a[href='/p/{SLUG}']")
    villager.wait_for_url(f"**/p/{SLUG}")
    hand.fill("#code", code.lower())
    hand.press("form[action$=receipt] button")
    expect(villager.locator("h1")).to_have_text("查询回执")
    expect(villager.locator("dl")).to_contain_text("已收到,待处理")


def test_a_remark_without_words_is_not_sent_and_two_clicks_send_one(villager: Page, published) -> None:
    villager.goto(f"{villager.url}/{SLUG}")
    villager.click("form[action*=comments] button")
    expect(villager.locator("textarea[name=text]:invalid")).to_be_focused()
    heard = ask(published, f"/api/p/{SLUG}")[1]["heard"]
    villager.fill("textarea[name=text]", "只说一次")
    villager.dblclick("form[action*=comments] button")
    expect(villager.locator("h1")).to_have_text("意见已收到")
    assert ask(published, f"/api/p/{SLUG}")[1]["heard"] == heard + 1


def test_the_map_opens_at_the_village_and_tells_what_the_search_tells(villager: Page, published) -> None:
    place = place_called(published, "王书村")
    villager.goto(f"{villager.url}/{SLUG}?q={place['id']}")
    villager.locator("#map-part").scroll_into_view_if_needed()
    popup = villager.locator(".leaflet-popup-content")
    expect(popup).to_contain_text(place["name"])
    expect(popup).to_contain_text(told_minutes(place))
    expect(villager.locator("#map-failed")).to_be_hidden()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_is_cut_off_and_nothing_stands_in_anybodys_way(browser: Browser, published, planner_url, lang, width):
    seen = Watched(browser, planner_url, width=width, height=800)
    page = seen.page
    for path in ("/p", f"/p/{SLUG}", f"/p/{SLUG}?q=wang", f"/p/{SLUG}?about=village:none#say"):
        page.goto(f"{planner_url}{path}{'&' if '?' in path else '?'}lang={lang}")
        for details in page.locator("details summary").all():
            details.click()
        assert page.evaluate("document.documentElement.scrollWidth") == width, path
        assert serious_faults(page) == [], path
    page.close()
    assert seen.wrong == []
