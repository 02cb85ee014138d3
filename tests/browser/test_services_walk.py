"""A service of a county's own on the page, and the size of a site that is filled in where a service has one."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from served import served
from toy_county import write_toy_county
from watched_page import Watched

from layers.build import build_county

CONFIRMED = ".main-figures[data-source=confirmed]"
CLINIC = """
[services.clinic]
name_zh = "村卫生室"
mode = "walk"
limit_minutes = 15
floor_area_m2 = 80
"""


@pytest.fixture(scope="module")
def clinic_url(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clinic")
    toml = write_toy_county(folder / "files")
    toml.write_text(toml.read_text(encoding="utf-8") + CLINIC, encoding="utf-8")
    build_county(toml, data_dir=folder / "data")
    with served(folder / "data") as (port, _):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def workbench(browser, clinic_url):
    seen = Watched(browser, clinic_url)
    page = seen.open("/plan")
    page.wait_for_selector(CONFIRMED)
    yield page
    page.close()
    assert seen.wrong == []


def choose(page: Page, service: str) -> None:
    page.select_option("#service", service)
    expect(page.locator("#legend")).to_contain_text(f"规划{page.locator('#service option:checked').inner_text()}")
    page.wait_for_selector(CONFIRMED)


def asked_by(page: Page) -> dict:
    with page.expect_request(lambda one: one.method == "POST" and urlsplit(one.url).path == "/api/plans") as sent:
        page.click("#solve")
    expect(page.locator("#choices .progress")).to_have_count(0)
    page.wait_for_selector(CONFIRMED)
    return sent.value.post_data_json


def test_a_service_of_the_county_is_chosen_planned_and_drawn_by_its_name(workbench: Page) -> None:
    choose(workbench, "clinic")
    expect(workbench.locator("#mode")).to_have_value("walk")
    expect(workbench.locator("#limit_minutes")).to_have_attribute("placeholder", "默认 15")
    assert asked_by(workbench) == {"service": "clinic"}
    expect(workbench.locator("#site-table tr[data-site]")).to_have_count(5)
    expect(workbench.locator("#plan-proof")).to_contain_text("已证明最优")
    expect(workbench.locator("#legend")).to_contain_text("规划村卫生室")


def test_the_size_of_a_site_is_filled_in_and_a_tick_asks_for_no_limit(workbench: Page) -> None:
    choose(workbench, "hub")
    workbench.click("#more-conditions summary")
    expect(workbench.locator("#capacity")).to_have_attribute("placeholder", "默认 30,000")
    assert {"capacity", "unlimited"}.isdisjoint(asked_by(workbench))
    expect(workbench.locator(".basis .notes")).to_contain_text("合理最大规模")
    workbench.check("#unlimited")
    expect(workbench.locator("#more-conditions summary b")).to_contain_text("1")
    assert asked_by(workbench)["unlimited"] is True
    expect(workbench.locator(".basis .notes")).not_to_contain_text("合理最大规模")
    workbench.uncheck("#unlimited")
    workbench.fill("#capacity", "2000")
    workbench.press("#capacity", "Tab")
    assert asked_by(workbench)["capacity"] == 2000
    choose(workbench, "elder-centre")
    expect(workbench.locator("#capacity")).to_have_value("")


def test_models_that_count_no_capacity_are_asked_without_one(workbench: Page) -> None:
    choose(workbench, "hub")
    workbench.select_option("#model", "hubs")
    workbench.click("#more-conditions summary")
    expect(workbench.locator("#capacity")).to_be_disabled()
    assert {"capacity", "unlimited"}.isdisjoint(asked_by(workbench))
    expect(workbench.locator("#plan-proof")).to_contain_text("已证明最优")
