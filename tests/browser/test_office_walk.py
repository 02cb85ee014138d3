"""An office begins, by keyboard alone: set up, invite a planner, the planner computes and signs out."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE

import pytest
from playwright.sync_api import Browser, Page, expect
from served import served
from watched_page import READY, Watched

from tests.browser.axe import serious_faults

pytestmark = pytest.mark.browser
PASSWORD = "纸船 7 sails"
MOST_TABS = 40
FOCUS = """() => {
  const { id, name, tagName, textContent } = document.activeElement;
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(document.activeElement);
  const isSeen = (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) || boxShadow !== "none";
  return { names: [id, name, textContent.trim()], isSeen, tagName };
}"""


@pytest.fixture(scope="module")
def office(toy_built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Address of a service that nobody has set up, and of the page where that is done."""
    folder: Path = tmp_path_factory.mktemp("office")
    shutil.copytree(toy_built, folder / "data")
    with served(folder / "data", output=PIPE, COUNTYGRID_LANG="zh") as (port, process):
        said = iter(process.stdout.readline, b"")
        link = next(found[0] for line in said if (found := re.search(r"/setup\?code=\S+", line.decode())))
        yield f"http://127.0.0.1:{port}", link


def tab_to(page: Page, name: str) -> None:
    """Press Tab until this field, link or button has the focus; each stop on the way can be seen."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        assert focus["isSeen"] or focus["tagName"] == "BODY", focus
        if name in focus["names"]:
            return
    raise AssertionError(f"{name} is not reached by Tab")


def type_in(page: Page, **fields: str) -> None:
    for name, words in fields.items():
        tab_to(page, name)
        page.keyboard.insert_text(words)


def choose(page: Page, name: str, value: str) -> None:
    """Choose an option by the arrow keys."""
    tab_to(page, name)
    for _ in range(MOST_TABS):
        if page.evaluate("document.activeElement.value") == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{value} is not offered")


def press(page: Page, button: str) -> None:
    tab_to(page, button)
    page.keyboard.press("Enter")


def look_at(page: Page) -> None:
    """Nothing serious or critical, no scrolling sideways, on a desk and on a phone."""
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_function(f"innerWidth === {width}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
        assert serious_faults(page) == [], page.url


def opened(page: Page, path: str) -> None:
    page.goto(path)
    look_at(page)
    page.evaluate("document.activeElement.blur()")


def test_an_office_from_set_up_to_signing_out(browser: Browser, office: tuple[str, str]) -> None:
    url, link = office
    root, planner = Watched(browser, url), Watched(browser, url)
    opened(root.page, url + link)
    type_in(root.page, name="wangfang", display="王芳", password=PASSWORD, again=PASSWORD)
    press(root.page, "建立管理员并登录")
    root.page.wait_for_selector(READY)
    look_at(root.page)
    for path in ("/people", "/audit", "/service", "/tables", "/account"):
        opened(root.page, url + path)

    opened(root.page, f"{url}/people/new")
    type_in(root.page, name="zhaomin", display="赵敏")
    choose(root.page, "role-0", "planner")
    press(root.page, "生成邀请链接")
    invitation = root.page.locator("code.once").inner_text()
    look_at(root.page)

    opened(planner.page, invitation)
    type_in(planner.page, password=PASSWORD, again=PASSWORD)
    press(planner.page, "设置密码并登录")
    planner.page.wait_for_selector(READY)
    planner.page.keyboard.press("Escape")  # the walk of a first visit
    planner.page.wait_for_selector(".main-figures[data-source=confirmed]", state="attached")
    tab_to(planner.page, "p")
    planner.page.keyboard.press("Control+A")
    planner.page.keyboard.insert_text("4")
    press(planner.page, "solve")
    expect(planner.page.locator("#site-table tr[data-site]")).to_have_count(4)
    expect(planner.page.locator("#plan-proof")).to_contain_text("已证明最优")
    look_at(planner.page)

    planner.page.goto(f"{url}/incidents")  # who may not read reports may make one, and sees what becomes of it
    planner.page.wait_for_selector(READY)
    planner.page.select_option("#incident-category", "environment")
    planner.page.click("#incident-centre")
    planner.page.click("#incident-confirm")
    expect(planner.page.locator("#incident-card")).to_contain_text("网格员")
    expect(planner.page.locator("#incident-recent")).to_have_count(0)
    look_at(planner.page)

    planner.page.evaluate("document.activeElement.blur()")
    press(planner.page, "赵敏")
    expect(planner.page.locator("#menu form button")).to_be_visible()
    look_at(planner.page)
    press(planner.page, "退出")
    planner.page.wait_for_url("**/sign-in")
    opened(planner.page, f"{url}/sign-in")
    assert root.wrong + planner.wrong == []
