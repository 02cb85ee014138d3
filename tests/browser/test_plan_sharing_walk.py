"""Planners with accounts at the workbench: what one shares, another reads and changes in a copy; sessions that end."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from served import ROOT, served
from watched_page import READY, WAIT_MS, WALKED, comes_to, saved

from tests.browser.axe import serious_faults

pytestmark = pytest.mark.browser
GOOD = "纸船 7 sails"


@pytest.fixture(scope="module")
def office(toy_built, tmp_path_factory):
    """Address of a service with two planners."""
    folder = tmp_path_factory.mktemp("planners")
    data = folder / "data"
    shutil.copytree(toy_built, data)
    environment = {"COUNTYGRID_DATA": str(data), "PYTHONPATH": str(ROOT), "PATH": str(Path(sys.executable).parent)}
    for name, role in (("root", "administrator"), ("zhao", "planner"), ("qian", "planner")):
        words = ["account", "add", name, "--role", role, "--display", name.title(), "--password-stdin"]
        command = [sys.executable, "-m", "api.cli", *words]
        subprocess.run(command, input=f"{GOOD}\n", text=True, env=environment, cwd=ROOT, check=True)
    with served(data) as (port, _process):
        yield f"http://127.0.0.1:{port}"


def signed_in(browser: Browser, office: str, name: str) -> BrowserContext:
    context = browser.new_context(base_url=office)
    context.set_default_timeout(WAIT_MS)
    context.add_init_script(WALKED)
    sign_in(context.new_page(), name)
    return context


def sign_in(page: Page, name: str) -> None:
    page.goto("/sign-in")
    page.fill("#name", name)
    page.fill("[type=password]", GOOD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)


def opened(context: BrowserContext, address: str = "/plan") -> Page:
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector(READY)
    return page


def choose_sites(page: Page, count: int) -> None:
    page.fill("#p", str(count))
    page.keyboard.press("Tab")


def test_what_one_shares_to_read_another_changes_in_a_copy(browser: Browser, office: str) -> None:
    with signed_in(browser, office, "zhao") as mine, signed_in(browser, office, "qian") as theirs:
        page = opened(mine)
        choose_sites(page, 2)
        page.wait_for_url("**&n=2")
        page.click("#scenario-menu summary")
        page.click("#scenario-share")
        assert serious_faults(page) == []
        page.fill("#dialog [name=account]", "nobody")
        page.click("#dialog form .primary")
        expect(page.locator("#dialog [role=alert]")).to_be_visible()
        page.fill("#dialog [name=account]", "qian")
        page.click("#dialog form .primary")
        expect(page.locator("#dialog tbody")).to_contain_text("Qian")
        other = opened(theirs, page.url)
        expect(other.locator("#standing")).to_contain_text("Zhao")
        choose_sites(other, 3)
        expect(other.locator(".saving")).to_contain_text("已另存为副本")
        expect(other.locator("#standing")).to_have_count(0)
        page.locator("#dialog button", has_text="收回").click()
        expect(page.locator("#dialog tbody")).to_have_count(0)
        refused = opened(theirs, page.url)
        expect(refused.get_by_role("alert").first).to_contain_text("没有这个情景")


def test_what_is_taken_back_while_somebody_edits_it_is_kept_as_their_own(browser: Browser, office: str) -> None:
    with signed_in(browser, office, "zhao") as mine, signed_in(browser, office, "qian") as theirs:
        page = opened(mine)
        choose_sites(page, 2)
        page.wait_for_url("**&n=2")
        address = page.url.split("scenario=")[1].split("&")[0]
        shares = f"/api/scenarios/{address}/shares"
        given = mine.request.post(shares, data={"account": "qian", "level": "edit"}, headers={"Origin": office}).json()
        other = opened(theirs, page.url)
        choose_sites(other, 3)
        other.wait_for_url("**&n=3")
        mine.request.delete(f"{shares}/{given['id']}", headers={"Origin": office})
        choose_sites(other, 4)
        expect(other.locator(".saving")).to_contain_text("已另存为副本")
        comes_to(other, lambda: address not in other.url, meant=True)
        other.click("#undo:enabled")
        expect(other.locator("#p")).to_have_value("3")


def test_a_session_that_ended_is_told_and_all_is_saved_after_signing_in(browser: Browser, office: str) -> None:
    with signed_in(browser, office, "zhao") as context:
        page = opened(context)
        choose_sites(page, 2)
        page.wait_for_url("**&n=2")
        context.clear_cookies()
        choose_sites(page, 3)
        choose_sites(page, 4)
        page.wait_for_selector(".saving[data-state=signed-out]")
        with context.expect_page() as elsewhere:
            page.click("#signed-out a")
        sign_in(elsewhere.value, "zhao")
        elsewhere.value.close()
        page.wait_for_url("**&n=4")
        saved(page)
        page.reload()
        expect(page.locator("#p")).to_have_value("4")
