"""The report in one file, from disk and without any network: its map shows what the server told."""

import pytest
from playwright.sync_api import Browser, Page, expect
from served import ask, finished_run, open_url

from tests.browser.axe import serious_faults

pytestmark = pytest.mark.browser
READY = "html[data-ready=true]"


@pytest.fixture
def told(planner_url):
    """Today and a plan compared, as JSON and as the file."""
    port = int(planner_url.rsplit(":", 1)[1])
    run = finished_run(port, ask(port, "/api/plans", body={"service": "elder-centre"})[1]["run"])
    address = f"/api/compare?runs=today,{run['id']}"
    with open_url(f"{planner_url}{address}&as=html") as answer:
        return ask(port, address)[1], answer.read()


@pytest.fixture
def page(told, browser: Browser, tmp_path):
    path = tmp_path / "report.html"
    path.write_bytes(told[1])
    context = browser.new_context(viewport={"width": 1400, "height": 900}, offline=True)
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("console", lambda message: message.type == "error" and wrong.append(message.text))
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("request", lambda request: request.url.startswith("http") and wrong.append(request.url))
    opened.goto(path.as_uri())
    opened.wait_for_selector(READY)
    yield opened
    assert wrong == []
    context.close()


def test_it_opens_with_the_cable_pulled_and_shows_what_the_server_told(page: Page, told) -> None:
    compared = told[0]
    assert len(told[1]) <= 3_000_000
    mean = next(one for one in compared["measures"] if one["code"] == "mean_s")
    row = page.locator("#measures tr", has_text=mean["name"]).first
    for seconds in mean["values"].values():
        expect(row).to_contain_text(f"{int((seconds + 3) / 6) / 10:.1f}")
    for view, sites in (("scheme-A", 1), ("difference-0-A", 1), ("scheme-0", 0)):
        page.select_option("#view", view)
        count = len(compared["schemes"][sites]["sites"])
        expect(page.locator(".leaflet-plan-pane .symbol text", has_text=str(count)).first).to_be_visible()
    place = compared["places"]
    page.fill("#find", f"{place['names'][0]} · {place['townships'][0]}")
    page.locator("#find").dispatch_event("change")
    seconds = place["seconds"]["A"][0]
    expect(page.locator("#chosen li").nth(1)).to_contain_text(f"{int((seconds + 3) / 6) / 10:.1f}")


def test_a_section_leads_to_its_view_and_the_page_has_no_fault_of_access(page: Page) -> None:
    page.locator('button[data-view="difference-0-A"]').click()
    expect(page.locator("#view")).to_have_value("difference-0-A")
    assert serious_faults(page) == []
