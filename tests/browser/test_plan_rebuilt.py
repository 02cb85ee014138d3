"""A county that is built anew, or a table that is edited, while the workbench is open: old and new are not mixed."""

import json
import urllib.request
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from served import served
from toy_county import write_toy_county
from watched_page import Watched, comes_to, drawn

from layers.build import build_county
from tests.browser.axe import serious_faults

pytestmark = pytest.mark.browser
CONFIRMED = ".main-figures[data-source=confirmed]"


def test_what_another_edition_of_a_table_changes_is_asked_for_once(watched) -> None:
    page = watched.page

    def tell_other(route):
        told = route.fetch().json()
        route.fulfill(json={**told, "plan": {**told["plan"], "tables": {"services": 7}}})

    asked = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    watched.open("/plan")
    page.wait_for_selector(CONFIRMED)
    assert asked.count("/api/matrices") == asked.count("/api/layers/villages") == 1
    page.route("**/api/evaluations*", tell_other)
    page.locator("#site-table tr[data-site] button").first.click()
    with page.expect_response("**/api/evaluations*"):
        page.click("#site-remove")
    comes_to(page, lambda: [asked.count(path) for path in ("/api/matrices", "/api/layers/villages")], [2, 2])
    drawn(page)
    page.wait_for_selector(CONFIRMED)
    assert asked.count("/api/matrices") == asked.count("/api/layers/villages") == 2


@pytest.fixture
def toy(tmp_path):
    """A folder of data with the toy county in it, and the address of a server on it."""
    data = tmp_path / "data"
    build_county(write_toy_county(tmp_path / "files"), data_dir=data)
    with served(data) as (port, _process):
        yield data, f"http://127.0.0.1:{port}"


@pytest.fixture
def office(browser, toy):
    _data, url = toy
    seen = Watched(browser, url)
    yield seen
    seen.page.close()


def post(url, path, body):
    request = urllib.request.Request(url + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def build_anew(data, folder):
    """Build the toy county with two villages' people exchanged and one of them renamed; return its version."""
    toml = write_toy_county(folder)
    file = folder / "villages.csv"
    text = file.read_text(encoding="utf-8").replace("李家", "新李家")
    text = text.replace(",300,350,80,60,9,", ",600,650,150,110,20,").replace(
        ",800,900,150,110,20,", ",500,600,80,60,9,"
    )
    file.write_text(text, encoding="utf-8")
    return build_county(toml, data_dir=data).version


CONTENT = {"question": {"service": "elder-centre", "p": 2, "sites": ["00001", "00003"]}, "edits": []}


def mean_of(url, build):
    told = post(url, f"/api/evaluations?build={build}", CONTENT["question"])
    return f"{told['plan']['measures']['mean_s'] / 60:.1f}"


def test_a_scenario_on_an_earlier_build_has_the_figures_and_names_of_its_own_build_until_it_is_brought_over(
    toy, office, tmp_path
):
    data, url = toy
    made = post(url, "/api/scenarios", {"name": "甲", **CONTENT})
    before, after = made["county"]["version"], build_anew(data, tmp_path / "new")
    page = office.open(f"/plan?scenario={made['id']}")
    page.wait_for_selector(CONFIRMED)
    mean = page.locator("#figure-mean_s")
    assert mean_of(url, before) != mean_of(url, after)
    expect(mean).to_contain_text(mean_of(url, before))
    expect(page.locator("#villages")).to_contain_text("李家")
    expect(page.locator("#villages")).not_to_contain_text("新李家")
    page.click("#stale")
    expect(page.locator("#rebase")).to_be_enabled()
    assert serious_faults(page) == []
    page.click("#rebase")
    expect(mean).to_contain_text(mean_of(url, after))
    expect(page.locator("#villages")).to_contain_text("新李家")
    expect(page.locator("#standing")).to_have_count(0)
    page.wait_for_selector(CONFIRMED)
    page.click("#undo")  # what undo brings back stands on the build of then
    page.wait_for_selector(CONFIRMED)
    expect(mean).to_contain_text(mean_of(url, before))
    expect(page.locator("#villages")).not_to_contain_text("新李家")
    page.click("#redo")
    page.wait_for_selector(CONFIRMED)
    expect(mean).to_contain_text(mean_of(url, after))
    assert office.wrong == []


def test_a_scenario_of_which_the_build_is_gone_shows_no_figures_and_says_so(toy, office, tmp_path):
    data, url = toy
    made = post(url, "/api/scenarios", {"name": "甲", **CONTENT})
    build_anew(data, tmp_path / "new")
    (data / "builds" / f"{made['county']['version']}.json").unlink()
    page = office.open(f"/plan?scenario={made['id']}")
    page.wait_for_selector("#no-figures")
    expect(page.locator(".main-figures")).to_have_count(0)
    page.fill("#p", "3")
    page.keyboard.press("Tab")
    expect(page.locator(".saving")).to_have_attribute("data-state", "refused")


def test_a_county_built_anew_under_a_page_that_keeps_nothing_yet_is_the_one_that_counts(toy, office, tmp_path):
    data, url = toy
    page = office.open("/plan")
    page.wait_for_selector(CONFIRMED)
    expect(page.locator("#villages")).not_to_contain_text("新李家")
    after = build_anew(data, tmp_path / "new")
    page.fill("#p", "3")
    page.keyboard.press("Tab")
    page.wait_for_url("**&n=2")
    expect(page.locator("#villages")).to_contain_text("新李家")
    page.wait_for_selector(CONFIRMED)
    scenario = page.url.split("scenario=")[1].split("&")[0]
    with urllib.request.urlopen(f"{url}/api/scenarios/{scenario}") as answer:
        assert json.load(answer)["county"]["version"] == after
    assert office.wrong == []
