"""An office from the first administrator on: everything by keyboard and without script, nothing serious for axe."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from served import ROOT, served

from tests.browser.axe import serious_faults

pytestmark = pytest.mark.browser
GOOD = "纸船 7 sails"


@pytest.fixture(scope="module")
def office(toy_built, tmp_path_factory):
    """Address of a service with an administrator."""
    folder = tmp_path_factory.mktemp("office")
    data = folder / "data"
    shutil.copytree(toy_built, data)
    words = ["account", "add", "root", "--role", "administrator", "--display", "王主任", "--password-stdin"]
    command = [sys.executable, "-m", "api.cli", *words]
    environment = {"COUNTYGRID_DATA": str(data), "PYTHONPATH": str(ROOT), "PATH": str(Path(sys.executable).parent)}
    subprocess.run(command, input=f"{GOOD}\n", text=True, env=environment, cwd=ROOT, check=True)
    with served(data) as (port, _process):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def signed_in(browser: Browser, office: str):
    """What a browser keeps once the administrator has signed in, all by keyboard."""
    context = browser.new_context(base_url=office, java_script_enabled=False)
    page = context.new_page()
    page.goto("/people")
    page.focus("#name")
    page.keyboard.type("root")
    page.keyboard.press("Tab")
    page.keyboard.type(GOOD)
    page.keyboard.press("Enter")
    page.wait_for_selector("a[href='/people/new']")
    state = context.storage_state()
    context.close()
    return state


def tab_to(page: Page, selector: str, *, most: int = 60) -> None:
    """Press the tab key until something has the focus."""
    for _press in range(most):
        page.keyboard.press("Tab")
        if page.locator(f"{selector}:focus").count():
            return
    raise AssertionError(f"{selector} is not reached by the tab key")


def test_somebody_is_invited_without_mouse_and_without_script(browser: Browser, office: str, signed_in) -> None:
    context = browser.new_context(base_url=office, storage_state=signed_in, java_script_enabled=False)
    page = context.new_page()
    page.goto("/people")
    tab_to(page, "a[href='/people/new']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/people/new")
    for selector, words, downs in (
        ("#name", "li", 0),
        ("#display", "李四", 0),
        ("#role-0", "", 4),
        ("#area_kind-0", "", 1),
    ):
        tab_to(page, selector)
        page.keyboard.type(words)
        for _step in range(downs):
            page.keyboard.press("ArrowDown")
    tab_to(page, "#area_code-0")
    page.keyboard.type("河东镇")
    tab_to(page, "main button.primary")
    page.keyboard.press("Enter")
    expect(page.locator("#area_code-0-problem")).to_contain_text("河西镇")
    page.fill("#area_code-0", "河东乡")
    tab_to(page, "main button.primary")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/people/[0-9a-f]{32}$"))
    link = page.locator("code.once").inner_text()
    assert page.locator("#role-0").input_value() == "township-desk"
    page.reload()
    assert page.locator("code.once").count() == 0
    theirs = browser.new_context(java_script_enabled=False).new_page()
    theirs.goto(link)
    theirs.fill("#password", "灯塔 88 steps")
    theirs.fill("#again", "灯塔 88 steps")
    theirs.press("#again", "Enter")
    theirs.wait_for_url(lambda url: url != link)
    expect(theirs.locator("body")).to_contain_text("李四")
    theirs.context.close()
    context.close()


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_serious_stands_in_anybodys_way(
    browser: Browser, office: str, signed_in, lang: str, width: int
) -> None:
    context = browser.new_context(base_url=office, storage_state=signed_in, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto("/people")
    root = page.locator("tbody a", has_text="王主任").get_attribute("href")
    for path in ("/people", "/people/new", root, "/audit", "/audit?from=x", "/service"):
        page.goto(f"{path}{'&' if '?' in path else '?'}lang={lang}")
        assert page.locator("nav.rooms [aria-current=page]").count() == 1
        assert serious_faults(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") == width, path
    context.close()
