"""A tab that is killed or an answer that is lost: nothing done at the workbench is lost, and nothing is made twice."""

import json
import urllib.request
from contextlib import contextmanager

import pytest
from core_page import core_page
from playwright.sync_api import Page, expect
from watched_page import READY, WALKED

pytestmark = pytest.mark.browser
SAVED = ".saving[data-state=saved]"
JOURNAL = """
async ({ mine, others, long }) => {
  const { eraseJournals, journal } = await import("/static/js/core/journal.js");
  const steps = (content, count) => Array(count).fill({ how: "done", key: "k", content });
  const left = (content, count = 1) => ({ base: 1, isMine: true, before: {}, steps: steps(content, count) });
  journal("somebody").keep("of a", left("theirs"));
  const own = journal("me");
  const seen = { others: own.left("of a"), stored: Object.keys(localStorage).length };
  for (let k = 0; k < 12; k += 1) journal("me").keep(`of ${k}`, left(k));
  seen.most = Object.keys(localStorage).length;
  const last = journal("me");
  last.keep("of long", left("x".repeat(90000), 10));
  seen.long = last.left("of long").steps.length;
  last.keep("new key", left("first"));
  seen.moved = [last.left("of long"), last.left("new ").steps[0].content];
  last.keep("new key", null);
  seen.gone = last.left("new ");
  eraseJournals();
  seen.erased = Object.keys(localStorage).filter((name) => name.startsWith("countygrid.steps")).length;
  return seen;
}
"""


@pytest.fixture
def context(browser):
    with browser.new_context() as opened:
        opened.add_init_script(WALKED)
        yield opened


def opened(context, url: str) -> Page:
    page = context.new_page()
    page.goto(url)
    page.wait_for_selector(READY)
    return page


def choose_sites(page: Page, count: int) -> None:
    page.fill("#p", str(count))
    page.keyboard.press("Tab")


def sees(page: Page, count: str) -> None:
    expect(page.locator("#p")).to_have_value(count)


def scenarios(url: str) -> set[str]:
    with urllib.request.urlopen(f"{url}/api/scenarios?limit=200") as answer:
        return {one["id"] for one in json.load(answer)["scenarios"]}


@contextmanager
def lost(page: Page, address: str, *, arrives: bool):
    """No answer to what changes something comes back; it arrives at the server first, or not at all."""

    def lose(route):
        if route.request.method not in ("POST", "PUT"):
            route.continue_()
            return
        if arrives:
            route.fetch()
        route.abort()

    page.route(address, lose)
    yield
    if not page.is_closed():
        page.unroute(address)


def test_an_answer_lost_to_the_first_save_makes_no_second_scenario(context, planner_url) -> None:
    page, before = opened(context, f"{planner_url}/plan"), scenarios(planner_url)
    with lost(page, "**/api/scenarios", arrives=True):
        choose_sites(page, 6)
        page.wait_for_selector(".saving[data-state=waiting]")
    page.wait_for_url("**&n=2")
    assert len(scenarios(planner_url) - before) == 1


@pytest.mark.parametrize("arrives", [True, False])
def test_steps_of_a_killed_tab_come_back_once_with_their_undo(context, planner_url, arrives) -> None:
    page = opened(context, f"{planner_url}/plan")
    choose_sites(page, 6)
    page.wait_for_url("**&n=2")
    page.wait_for_selector(SAVED)
    url = page.url
    with lost(page, "**/api/scenarios/**", arrives=arrives):
        for count in (7, 8):
            choose_sites(page, count)
        page.wait_for_selector(".saving[data-state=waiting]")
        page.close(run_before_unload=False)
    page = opened(context, url)
    sees(page, "8")
    expect(page.locator("#recovered")).to_contain_text("2")
    page.wait_for_url("**&n=4")
    page.wait_for_selector(SAVED)
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('countygrid.steps'))") == []
    for count in ("7", "6"):
        page.click("#undo:enabled")
        sees(page, count)
    expect(page.locator("#recovered")).to_have_count(1)
    page.reload()
    page.wait_for_selector(READY)
    expect(page.locator("#recovered")).to_have_count(0)
    page.close()


@pytest.mark.parametrize("arrives", [True, False])
def test_the_very_first_step_of_a_killed_tab_comes_back_into_one_scenario(context, planner_url, arrives) -> None:
    before = scenarios(planner_url)
    page = opened(context, f"{planner_url}/plan")
    with lost(page, "**/api/scenarios", arrives=arrives):
        choose_sites(page, 6)
        page.wait_for_selector(".saving[data-state=waiting]")
        page.close(run_before_unload=False)
    page = opened(context, f"{planner_url}/plan")
    sees(page, "6")
    expect(page.locator("#recovered")).to_contain_text("1")
    page.wait_for_url("**&n=2")
    assert len(scenarios(planner_url) - before) == 1
    page.close()


def test_what_a_browser_keeps_of_steps_is_of_one_account_bounded_and_erased(browser) -> None:
    page = core_page(browser)
    seen = page.evaluate(JOURNAL, {})
    page.close()
    assert seen == {
        "others": None, "stored": 0, "most": 8, "long": 1, "moved": [None, "first"], "gone": None, "erased": 0
    }  # fmt: skip
