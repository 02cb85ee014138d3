"""A case goes from the desk to a worker's telephone and back: each sees what the others do as it happens."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attached_files as made
import pytest
from case_office import PASSWORD, open_case_office
from playwright.sync_api import Browser, Page, expect
from served import served
from watched_page import READY, Watched, comes_to

from tests.browser.axe import serious_faults
from tests.browser.hands import Keyboard

pytestmark = pytest.mark.browser
SOON_S = 2.0


@pytest.fixture(scope="module")
def office(toy_built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Two processes that share their records, and where things happen."""
    data: Path = tmp_path_factory.mktemp("cases") / "data"
    shutil.copytree(toy_built, data)
    told = open_case_office(data)
    with served(data) as (one, _), served(data) as (two, _):
        yield {**told, "one": f"http://127.0.0.1:{one}", "two": f"http://127.0.0.1:{two}"}


@pytest.fixture
def people(browser: Browser, office: dict[str, Any]) -> Iterator[Any]:
    """Whoever is asked for, signed in, each in a browser of their own."""
    seen: list[Watched] = []

    def open_as(name: str, *, at: str = "one", width: int = 1280, lang: str = "zh") -> Page:
        watched = Watched(browser, office[at], width=width, height=740 if width < 900 else 860)
        seen.append(watched)
        page = watched.page
        page.goto(f"{office[at]}/sign-in?lang={lang}")
        page.fill("#name", name)
        page.fill("#password", PASSWORD)
        page.click("main button.primary")
        page.wait_for_selector(READY)
        return page

    yield open_as
    for one in seen:
        one.page.close()
    assert [fault for one in seen for fault in one.wrong] == []


def report(page: Page, at: tuple[float, float], category: str, text: str = "") -> str:
    """Report something and return the id of the case."""
    script = """async ([body]) => (await (await fetch("/api/incidents", { method: "POST",
      headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) })).json()).id"""
    key = f"{category} {time.monotonic()}"
    body = {"category": category, "lon": at[0], "lat": at[1], "text": text, "idempotency_key": key}
    return page.evaluate(script, [body])


def do(page: Page, move: str, **fields: str) -> None:
    """Make a move of the case that is looked at, by keyboard."""
    page.focus(f"#move-{move}")
    page.keyboard.press("Enter")
    for name, value in fields.items():
        field = page.locator(f"#doing-{name}")
        if name == "files":
            field.set_input_files({"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": made.photo()})
        elif name == "words":
            field.fill(value)
        else:
            field.select_option(value)
    page.focus("#doing-send")
    page.keyboard.press("Enter")


def test_a_worker_goes_to_a_new_case_another_checks_it_and_the_desk_sees_each_step(people: Any, office: Any) -> None:
    desk, worker = people("desk", at="two"), people("worker", width=360)
    assert desk.url == f"{office['two']}/desk"
    assert worker.url == f"{office['one']}/worker"
    expect(worker.locator("#list .none")).to_be_visible()
    elsewhere = people("elsewhere")
    case = report(desk, office["place"], "traffic", "路面塌陷")
    expect(worker.locator(f"#case-{case}")).to_contain_text("道路交通")
    expect(desk.locator(f"#case-{case}")).to_contain_text("待接单")
    Keyboard(worker).press(f"#case-{case}")
    card = worker.locator("#case")
    expect(card).to_be_focused()
    expect(card).to_contain_text("路面塌陷")
    expect(worker.locator(".leaflet-plan-pane path")).not_to_have_count(0)  # the way
    assert serious_faults(worker) == []
    hrefs = worker.locator(".ways a").evaluate_all("(links) => links.map((one) => one.href)")
    assert [href.split(":")[0] for href in hrefs] == ["https", "baidumap", "geo"]
    lon, lat = office["place"]
    gcj = [float(one) for one in hrefs[0].split("to=")[1].split(",")[:2]]
    assert 100 < abs(gcj[0] - lon) * 88_000 + abs(gcj[1] - lat) * 111_000 < 1500, "in the datum of that map"
    for move, state, fields in (
        ("accept", "已接单", {}),
        ("arrive", "已到场", {}),
        ("handle", "已处置", {"outcome": "solved", "words": "已填平", "files": "photo"}),
        ("feed-back", "待核查", {"outcome": "told"}),
    ):
        do(worker, move, **fields)
        expect(desk.locator(f"#case-{case}")).to_contain_text(state)
    expect(worker.locator("#told")).to_contain_text("反馈")
    assert worker.evaluate("() => document.documentElement.scrollWidth") <= 360
    worker.click("#case-close")
    assert serious_faults(worker) == []
    desk.click(f"#case-{case}")
    expect(desk.locator(".attached img")).to_have_js_property("naturalWidth", 40)
    expect(desk.locator(".ledger")).to_be_visible()  # a picture once a minute has passed
    expect(desk.locator(".history")).to_contain_text("已填平")
    assert serious_faults(desk) == []
    checker = people("checker", lang="en")
    checker.click(f"#case-{case}")
    do(checker, "check-good")
    expect(desk.locator("#case .kind")).to_contain_text("待结案")
    do(desk, "close")
    expect(desk.locator("#case .kind")).to_contain_text("已结案")
    expect(desk.locator(f"#case-{case}")).to_have_count(0)
    desk.select_option("#filter-state", "closed")
    expect(desk.locator(f"#case-{case}")).to_be_visible()
    assert elsewhere.locator(".cases-list li").count() == 0, "another township's desk sees its own"


def test_a_desk_sees_its_township_filters_it_and_gives_a_case_to_somebody_else(people: Any, office: Any) -> None:
    county, elsewhere = people("county"), people("elsewhere", at="two")
    here, there = report(county, office["place"], "party"), report(county, office["elsewhere"], "campus")
    expect(elsewhere.locator(f"#case-{there}")).to_be_visible()
    expect(elsewhere.locator(f"#case-{here}")).to_have_count(0)
    expect(county.locator(f"#case-{here}")).to_be_visible()
    county.select_option("#filter-category", "campus")
    expect(county.locator(f"#case-{here}")).to_have_count(0)
    county.click(f"#case-{there}")
    county.wait_for_url(f"**/desk?case={there}")
    county.click("#move-reassign")
    county.locator("#doing-assignee_id option").nth(3).wait_for(state="attached")
    county.select_option("#doing-assignee_id", index=3)
    county.select_option("#doing-why", "overloaded")
    county.click("#doing-send")
    expect(county.locator(".history li").first).to_contain_text("已改派")
    elsewhere.click(f"#case-{there}")
    do(elsewhere, "pause", reason="weather", words="等雨停")
    expect(county.locator("#case .kind")).to_contain_text("挂账")
    assert serious_faults(county) == []
    county.keyboard.press("Escape")
    expect(county.locator("#case")).to_have_count(0)
    expect(county.locator(f"#case-{there}")).to_be_focused()


def test_who_acts_on_an_old_picture_is_told_and_shown_the_new_one(people: Any, office: Any) -> None:
    desk, county = people("desk"), people("county", at="two")
    case = report(desk, office["place"], "security")
    desk.click(f"#case-{case}")
    desk.click("#move-void")
    desk.select_option("#doing-reason", "test")
    county.click(f"#case-{case}")
    do(county, "void", reason="by-mistake")
    expect(desk.locator("#told")).to_contain_text("刚有新进展")
    expect(desk.locator("#doing")).to_have_count(0)
    expect(desk.locator("#case .kind")).to_contain_text("作废")


@pytest.mark.alone
def test_a_step_is_seen_within_two_seconds_on_another_process(people: Any, office: Any) -> None:
    desk, county = people("desk"), people("county", at="two")
    case = report(desk, office["place"], "livelihood")
    county.wait_for_selector(f"#case-{case}")
    body = {"move": "void", "expected_version": 2, "key": "soon", "data": {"reason": "test"}}
    script = """([id, body]) => fetch(`/api/incidents/${id}/events`, { method: "POST",
      headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }).then(({ status }) => status)"""
    assert desk.evaluate(script, [case, body]) == 200
    begun = time.monotonic()
    county.wait_for_selector(f"#case-{case}", state="detached")
    assert time.monotonic() - begun < SOON_S


def test_a_list_that_comes_late_does_not_take_the_place_of_a_newer_one(people: Any, office: Any) -> None:
    desk, other = people("desk"), people("county")
    held: list[Any] = []
    desk.route("**/api/incidents?*", lambda route: held.append(route) if not held else route.continue_())
    first = report(other, office["place"], "party")
    desk.wait_for_timeout(1500)
    assert held, "the list was asked for, and its answer is held back"
    old = held[0].fetch()
    second = report(other, office["place"], "campus")
    expect(desk.locator(f"#case-{second}")).to_be_visible()
    held[0].fulfill(response=old)
    desk.wait_for_timeout(500)
    for case in (first, second):
        expect(desk.locator(f"#case-{case}")).to_be_visible()


def test_a_worker_sorts_cases_by_distance_and_asks_for_leave_that_the_desk_grants(people: Any, office: Any) -> None:
    desk, worker = people("desk"), people("worker", width=360)
    lon, lat = office["place"]
    far, near = report(desk, (lon, lat), "party"), report(desk, (lon, lat + 0.002), "party")
    expect(worker.locator(f"#case-{near}")).to_be_visible()

    def order() -> list[str]:
        ids = worker.locator("[id^=case-]").evaluate_all("(all) => all.map((one) => one.id.slice(5))")
        return [one for one in ids if one in (far, near)]

    worker.context.grant_permissions(["geolocation"])
    worker.context.set_geolocation({"longitude": lon, "latitude": lat + 0.0025})
    button = worker.locator("#by-distance")
    for pressed, expected in (("false", [far, near]), ("true", [near, far]), ("false", [far, near])):
        expect(button).to_have_attribute("aria-pressed", pressed)
        comes_to(worker, order, expected)
        button.click()

    worker.click("#leave-begin")
    for name, at in (("from", "2027-03-01T08:30"), ("until", "2027-03-05T18:00")):
        worker.fill(f"#leave-{name}", at)
    worker.select_option("#leave-reason", "annual")
    worker.click("#leave-form button.primary")
    expect(worker.locator("#leave-form [role=status]")).to_be_visible()
    assert worker.evaluate("() => document.documentElement.scrollWidth") <= 360
    assert serious_faults(worker) == []
    desk.goto(f"{office['one']}/staff")
    asked = desk.locator("tr", has_text="2027-03-01")
    asked.locator("button[value=approved]").click()
    expect(desk.locator("tr", has_text="2027-03-01").locator("button[value=approved]")).to_have_count(0)
    told = worker.evaluate("async () => (await (await fetch('/api/leave')).json())")
    assert "approved" in str(told)
