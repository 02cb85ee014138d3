"""Scenarios at the workbench: named, copied, put away; of two who save the same nothing is lost; keys, walk, phone."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect
from watched_page import READY, Watched, comes_to, drawn, saved

from tests.browser.axe import serious_faults

pytestmark = pytest.mark.browser


def choose_sites(page: Page, count: int) -> None:
    page.fill("#p", str(count))
    page.keyboard.press("Tab")


def sees(page: Page, count: str) -> None:
    expect(page.locator("#p")).to_have_value(count)


def begun(watched, count: int = 6) -> Page:
    """Return a page with a scenario of two revisions."""
    page = watched.open("/plan")
    choose_sites(page, count)
    page.wait_for_url("**&n=2")
    saved(page)
    return page


def scenario_of(page: Page) -> str:
    return parse_qs(urlsplit(page.url).query)["scenario"][0]


def choose(page: Page, what: str) -> None:
    """Choose something in the menu of the scenario."""
    page.click("#scenario-menu summary")
    page.click(f"#scenario-{what}")


@pytest.fixture
def second(browser, planner_url):
    """Somebody else, who knows nothing of the first."""
    seen = Watched(browser, planner_url)
    yield seen
    seen.page.close()


def both(watched, second) -> tuple[Page, Page]:
    """Two pages with the same scenario, which the first has saved since the second opened it."""
    page = begun(watched)
    other = second.open(page.url.removeprefix(second.url))
    choose_sites(page, 7)
    page.wait_for_url("**&n=3")
    return page, other


def test_the_second_of_two_who_save_sees_the_difference_and_goes_on_in_a_copy(watched, second) -> None:
    page, other = both(watched, second)
    choose_sites(other, 9)
    dialog = other.locator("#dialog:modal")
    expect(dialog).to_contain_text("6 → 7")
    expect(dialog).to_contain_text("7 → 9")
    assert serious_faults(other) == []
    other.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    other.click("#keep-mine")
    expect(dialog).to_have_count(0)
    sees(other, "9")
    comes_to(other, lambda: scenario_of(other) != scenario_of(page), meant=True)
    other.click("#undo:enabled")  # one's own steps can still be undone there
    sees(other, "6")
    other.wait_for_url("**&n=2")
    page.reload()
    sees(page, "7")


def test_or_takes_the_others_and_finds_ones_own_in_the_history(watched, second) -> None:
    page, other = both(watched, second)
    choose_sites(other, 9)
    other.click("#take-theirs")
    sees(other, "7")
    comes_to(other, lambda: other.url, page.url)
    choose(other, "scenarios")
    aside = other.locator(".revisions li", has_text="未采用")
    aside.locator("a").click()
    sees(other, "9")
    expect(other.locator("#standing")).to_contain_text("正在查看第 4 版(最新第 3 版)")


def test_undo_of_what_somebody_else_has_changed_asks_too(watched, second) -> None:
    _page, other = both(watched, second)
    other.click("#undo:enabled")
    other.click("#take-theirs")
    sees(other, "7")


def test_an_earlier_step_is_looked_at_and_changed_in_a_copy_only(watched) -> None:
    page = begun(watched)
    choose_sites(page, 7)
    page.wait_for_url("**&n=3")
    mine = scenario_of(page)
    choose(page, "scenarios")
    page.click(".revisions a >> text=第 2 版")
    sees(page, "6")
    page.wait_for_url("**&n=2")
    expect(page.locator("#standing")).to_contain_text("正在查看第 2 版(最新第 3 版)")
    page.click("#to-newest")
    sees(page, "7")
    page.goto(page.url.replace("n=3", "n=2"))
    page.wait_for_selector(READY)
    choose_sites(page, 8)
    expect(page.locator(".saving")).to_contain_text("已另存为副本")
    comes_to(page, lambda: scenario_of(page) != mine, meant=True)
    told = page.request.get(f"{watched.url}/api/scenarios/{mine}").json()
    assert (told["question"]["p"], told["revision"]) == (7, 3)


def test_a_scenario_is_called_copied_put_away_and_taken_out(watched) -> None:
    page = begun(watched)
    page.fill("#scenario-name", "桥断之后")
    page.keyboard.press("Enter")
    choose(page, "copy")
    expect(page.locator("#scenario-name")).to_have_value("桥断之后 副本")
    copy = scenario_of(page)
    choose(page, "archive")
    expect(page.locator("#standing")).to_contain_text("已归档")
    choose(page, "scenarios")
    expect(page.locator("#dialog tbody tr").first).to_contain_text("桥断之后")
    expect(page.locator("#dialog tr[aria-current]")).to_have_count(0)
    page.click("#dialog .switch button >> text=已归档")
    page.locator("#dialog tr[aria-current] button", has_text="取消归档").click()
    expect(page.locator("#dialog tr[aria-current]")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator("#standing")).to_have_count(0)
    choose(page, "new")
    expect(page.locator("#scenario-name")).to_have_value("")
    choose(page, "scenarios")
    page.locator("#dialog tr", has_text="桥断之后 副本").locator(".open").first.click()
    page.wait_for_url(f"**scenario={copy}**")
    sees(page, "6")


def test_a_scenario_goes_out_as_a_file_and_comes_back(watched, tmp_path) -> None:
    page = begun(watched, 11)
    with page.expect_download() as given:
        choose(page, "export")
    given.value.save_as(tmp_path / "scenario.json")
    assert json.loads((tmp_path / "scenario.json").read_text(encoding="utf-8"))["question"]["p"] == 11
    mine = scenario_of(page)
    choose(page, "scenarios")
    page.set_input_files("#import-file", tmp_path / "scenario.json")
    page.wait_for_url(lambda url: mine not in url)
    sees(page, "11")
    expect(page.locator("#dialog:modal")).to_have_count(0)  # it closes once what was imported is open
    (tmp_path / "other.json").write_text("no file of ours", encoding="utf-8")
    choose(page, "scenarios")
    page.set_input_files("#import-file", tmp_path / "other.json")
    expect(page.locator("#dialog [role=alert]")).to_contain_text("这不是方案文件")


def test_a_dialog_that_is_told_late_of_a_closing_before_stays_open(watched) -> None:
    page = watched.open("/plan")
    choose(page, "scenarios")
    expect(page.locator("#dialog:modal")).to_have_count(1)
    page.evaluate("document.querySelector('#dialog').dispatchEvent(new Event('close'))")  # as a busy browser tells it
    drawn(page)
    expect(page.locator("#dialog:modal")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("#dialog:modal")).to_have_count(0)


def test_without_clipboard_the_link_is_shown(browser, planner_url) -> None:
    seen = Watched(browser, planner_url)
    seen.page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('refused'))")
    page = seen.open("/plan")
    choose(page, "link")
    page.wait_for_url("**&n=1")  # what was not kept is kept first
    expect(page.locator("#link-to-copy")).to_have_value(page.url)
    assert serious_faults(page) == []
    page.close()


def test_keys_act_and_are_shown_but_not_while_somebody_writes(watched) -> None:
    page = watched.open("/plan")
    for key, tool in (("a", "add"), ("c", "close"), ("f", "flood"), ("b", "bridge")):
        page.keyboard.press(key)
        expect(page.locator(f"#tool-{tool}")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(page.locator("[aria-pressed=true][id^=tool-]")).to_have_count(0)
    page.focus("#scenario-name")
    page.keyboard.type("abcf?")
    expect(page.locator("#scenario-name")).to_have_value("abcf?")
    drawn(page)
    expect(page.locator("[aria-pressed=true][id^=tool-]")).to_have_count(0)
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#dialog:modal kbd").first).to_be_visible()
    assert serious_faults(page) == []
    page.keyboard.press("a")  # nothing happens behind a dialog
    page.keyboard.press("Escape")
    expect(page.locator("#dialog:modal")).to_have_count(0)
    expect(page.locator("[aria-pressed=true][id^=tool-]")).to_have_count(0)
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()


def test_the_walk_is_shown_once_and_again_when_asked_for(browser, planner_url) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{planner_url}/plan")
        for step in range(1, 7):
            expect(page.locator("#walk")).to_contain_text(f"第 {step} 步,共 6 步")
            expect(page.locator("#walk-next")).to_be_focused()
            page.keyboard.press("Enter")
        expect(page.locator("#walk")).to_have_count(0)
        page.reload()
        page.wait_for_selector(READY)
        expect(page.locator("#walk")).to_have_count(0)
        page.keyboard.press("?")
        page.click("#again-walk")
        expect(page.locator("#walk-next")).to_be_focused()
        assert serious_faults(page) == []
        page.keyboard.press("Escape")
        expect(page.locator("#walk")).to_have_count(0)


def test_on_a_phone_one_part_is_shown_at_a_time_and_everything_can_be_hit(phone) -> None:
    page = phone.open("/plan")
    parts = page.locator("main > .part:visible")
    for k, name in enumerate(("map-area", "choices", "figures", "villages")):
        page.locator("#parts button").nth(k).click()
        expect(page.locator(f"#{name}")).to_be_visible()
        expect(parts).to_have_count(1)
        assert page.evaluate(TOO_SMALL) == []
        assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.locator("#parts button").nth(0).click()
    page.click("#scenario-menu summary")
    page.click("#scenario-scenarios")
    expect(page.locator("#dialog:modal")).to_be_visible()
    assert page.evaluate(TOO_SMALL) == []
    assert serious_faults(page) == []


TOO_SMALL = """
["header :is(a, button, input, summary)", "#parts button", "#tools :is(button, select)", ".dialog button"]
  .flatMap((all) => [...document.querySelectorAll(all)]).filter((node) => node.checkVisibility())
  .filter((node) => Math.min(node.getBoundingClientRect().width, node.getBoundingClientRect().height) < 40)
  .map((node) => node.id || node.textContent.trim())
"""
