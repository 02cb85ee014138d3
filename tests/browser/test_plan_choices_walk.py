"""A planner asks on the left side of the workbench: figures, townships, what stands, changes by name, pasted names."""

import json
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from playwright.sync_api import Page, expect
from watched_page import Watched, saved

pytestmark = pytest.mark.browser

SOLVED_MS = 180_000  # as long as a solver may take, on a machine with other work
WALKED = "localStorage.setItem('countygrid.plan.walked', '1')"
# Clicks that people make; those that a script makes are no clicks.
COUNT_CLICKS = """document.addEventListener("click", (event) => {
  if (event.isTrusted) window.clicks = (window.clicks ?? 0) + 1;
}, true)"""
TOO_WIDE = """() => [...document.querySelectorAll('#choices *')]
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.outerHTML.slice(0, 80))"""


def opened(watched: Watched, query: str = "/plan") -> Page:
    watched.page.add_init_script(WALKED)
    page = watched.open(query)
    expect(page.locator("#keep-standing")).to_be_visible()
    expect(page.locator("#figure-mean_s")).to_contain_text("分钟")
    return page


def content_of(page: Page) -> dict:
    """What the server has of the step that the address names, once it has it."""
    query = parse_qs(urlsplit(saved(page)).query)
    address = f"/api/scenarios/{query['scenario'][0]}/revisions/{query['n'][0]}"
    return json.loads(page.request.get(urljoin(page.url, address)).text())


def fill(page: Page, field: str, value: str) -> None:
    page.fill(field, value)
    page.press(field, "Tab")


def solved(page: Page, sites: int) -> None:
    expect(page.locator("#figures")).to_contain_text(f"设点清单 {sites}", timeout=SOLVED_MS)
    expect(page.locator("#stop")).to_have_count(0)


def statuses(content: dict) -> dict[str, str]:
    return {edit["target"]: edit["status"] for edit in content["edits"] if edit["op"] == "site-status"}


def test_figures_and_townships_are_asked_kept_and_undone(watched: Watched) -> None:
    page = opened(watched)
    expect(page.locator("#p")).to_have_attribute("placeholder", "默认 5")
    fill(page, "#p", "6")
    page.click("#more-conditions summary")
    page.select_option("#township-add", "临盘街道")
    expect(page.locator("#township-least-0")).to_be_focused()
    page.fill("#township-least-0", "2")
    page.press("#township-least-0", "Tab")
    page.keyboard.type("3")
    page.keyboard.press("Tab")
    expect(page.locator("#more-conditions summary")).to_contain_text("已设 1 项")
    expect(page.locator("#redo")).to_be_disabled()
    question = content_of(page)["question"]
    assert question["p"] == 6
    assert question["townships"] == [{"township": "临盘街道", "least": 2, "most": 3}]
    page.click("#solve")
    solved(page, 6)
    for _ in range(5):  # the sites, two figures of the township, the township, p
        page.click("#undo")
    expect(page.locator("#p")).to_have_value("")
    expect(page.locator("#townships tbody tr")).to_have_count(0)
    expect(page.locator("#more-conditions summary")).to_contain_text("无")
    question = content_of(page)["question"]
    assert "p" not in question
    assert "townships" not in question


def test_a_figure_that_cannot_be_is_told_at_its_field_and_not_asked(watched: Watched) -> None:
    page = opened(watched)
    fill(page, "#p", "2.5")
    expect(page.locator("#problem-p")).to_have_text("请填 1 至 5,000 的整数")
    expect(page.locator("#p")).to_have_attribute("aria-invalid", "true")
    page.click("#solve")
    expect(page.locator("#p")).to_be_focused()
    expect(page.locator("#stop")).to_have_count(0)
    expect(page.locator("#undo")).to_be_disabled()
    fill(page, "#p", "")
    expect(page.locator("#problem-p")).to_have_count(0)
    page.click("#more-conditions summary")
    page.select_option("#township-add", "临邑镇")
    fill(page, "#township-most-0", "0")
    expect(page.locator("#townships")).to_contain_text("最少不能大于最多")
    fill(page, "#township-least-0", "0")
    expect(page.locator("#townships .problem")).to_have_count(0)
    assert content_of(page)["question"]["townships"] == [{"township": "临邑镇", "most": 0}]


def test_an_objective_waits_for_what_it_needs_and_leaves_out_what_it_cannot_use(watched: Watched) -> None:
    page = opened(watched)
    page.select_option("#model", "capacitated")
    expect(page.locator(".solve")).to_contain_text("填写“每处床位(张)”后")
    page.click("#solve")
    expect(page.locator("#capacity")).to_be_focused()
    expect(page.locator("#undo")).to_be_disabled()
    fill(page, "#capacity", "1500")
    expect(page.locator("#undo")).to_be_enabled()
    question = content_of(page)["question"]
    assert (question["model"], question["capacity"]) == ("capacitated", 1500)
    page.select_option("#model", "kolm-pollak")
    expect(page.locator("#question")).to_contain_text("已去掉:每处床位(张)")
    assert "capacity" not in content_of(page)["question"]
    page.click("#undo")
    expect(page.locator("#capacity")).to_have_value("1500")
    expect(page.locator("#model")).to_have_value("capacitated")


def test_beds_under_a_budget_ask_what_an_extension_costs_and_tell_what_is_spent(watched: Watched) -> None:
    page = opened(watched)
    page.select_option("#model", "budget")
    expect(page.locator("#extension_yuan")).to_have_count(0)
    fill(page, "#budget_yuan", "400000000")
    page.click("#more-conditions summary")
    fill(page, "#capacity", "5000")
    fill(page, "#included", "5000")
    expect(page.locator("#extension_yuan")).to_have_attribute("placeholder", "默认 101,000")
    page.click("#solve")
    expect(page.locator("#stop")).to_have_count(1)
    expect(page.locator("#stop")).to_have_count(0, timeout=SOLVED_MS)
    expect(page.locator(".main-figures[data-source=confirmed]")).to_be_visible()
    asked = content_of(page)["question"]
    told = json.loads(page.request.post(urljoin(page.url, "/api/evaluations"), data=asked).text())["plan"]
    assert 0 < told["measures"]["spent_yuan"] <= 400_000_000
    page.click(".more-figures summary")
    expect(page.locator(".more-figures")).to_contain_text(f"{told['measures']['spent_yuan']:,} 元")
    fill(page, "#extension_yuan", "90000")
    assert content_of(page)["question"]["extension_yuan"] == 90_000
    fill(page, "#capacity", "")
    expect(page.locator("#extension_yuan")).to_have_count(0)
    left = content_of(page)["question"]
    assert left["budget_yuan"] == 400_000_000
    assert {"capacity", "included", "extension_yuan"}.isdisjoint(left)


def test_twelve_homes_are_kept_and_two_added_by_two_clicks(watched: Watched) -> None:
    watched.page.add_init_script(COUNT_CLICKS)
    page = opened(watched)
    page.click("#keep-standing")
    page.click("#solve")
    solved(page, 14)
    assert page.evaluate("window.clicks") <= 5
    content = content_of(page)
    kept = statuses(content)
    assert len(kept) == 12
    assert set(kept.values()) == {"existing"}
    assert set(kept) < set(content["question"]["sites"])
    page.click("[aria-label='多增加一处']")
    expect(page.locator("#p")).to_have_value("15")
    page.click("#keep-none")
    expect(page.locator("#keep-standing")).to_contain_text("保留现有 12 处,再增加 3 处")
    assert statuses(content_of(page)) == {}


def test_pasted_names_are_set_in_one_step_and_the_ambiguous_are_asked(watched: Watched) -> None:
    page = opened(watched)
    page.click("#paste-names")
    page.fill("#paste-text", "官王村\r\n孙家村\n孙家村\t临盘街道\n官王村\n宁四\n没有的村庄")
    page.select_option("#paste-status", "excluded")
    page.click("#paste-look-up")
    counts = page.locator("#paste-counts")
    expect(counts).to_contain_text("共 6 行:已确定 2 处")
    expect(counts).to_contain_text("重名待选 1")
    expect(counts).to_contain_text("没有找到 2")
    expect(counts).to_contain_text("重复 1 行")
    expect(page.locator("#paste-left")).to_contain_text("还有 3 行")
    expect(page.locator(".paste")).to_contain_text("没有找到“没有的村庄”")
    page.get_by_label("孙家村 德平镇").check()
    page.get_by_label("宁寺").check()
    page.click("#paste-set")
    expect(page.locator("#paste-done")).to_contain_text("已指定 4 处")
    expect(page.locator("#paste-text")).to_have_value("没有的村庄")
    page.keyboard.press("Escape")
    expect(page.locator("[data-status=excluded] summary")).to_contain_text("4 处")
    expect(page.locator("[data-status=excluded]")).to_contain_text("德平镇")
    set_ = statuses(content_of(page))
    assert len(set_) == 4
    assert set(set_.values()) == {"excluded"}
    page.click("#undo")
    expect(page.locator("[data-status=excluded]")).to_have_count(0)
    assert statuses(content_of(page)) == {}


def test_all_names_of_the_county_are_set_or_asked(watched: Watched) -> None:
    page = opened(watched)
    villages = json.loads(page.request.get(urljoin(page.url, "/api/layers/villages")).text())["features"]
    names = [village["properties"]["name"] for village in villages]
    once = [name for name in names if names.count(name) == 1]
    page.click("#paste-names")
    page.fill("#paste-text", "\n".join(names))
    page.click("#paste-look-up")
    expect(page.locator("#paste-counts")).to_contain_text("共 857 行")
    asked = page.locator(".paste fieldset").evaluate_all("(all) => all.map((one) => one.dataset.typed)")
    told = page.locator("#paste-set").inner_text()
    assert set(asked) == set(names) - set(once)
    assert told == f"指定 {len(once)} 处"


def test_where_there_is_no_plan_the_reasons_are_told_and_the_figures_stay(watched: Watched) -> None:
    page = opened(watched)
    before = page.locator("#figure-mean_s").inner_text()
    page.click("#more-conditions summary")
    page.select_option("#township-add", "临邑镇")
    fill(page, "#township-least-0", "6")
    page.click("#solve")
    told = page.locator("#infeasible")
    expect(told).to_contain_text("在所设条件下无可行方案", timeout=SOLVED_MS)
    expect(told).to_contain_text("临邑镇要求至少 6 处")
    expect(page.locator("#figure-mean_s")).to_have_text(before, use_inner_text=True)
    expect(page.locator("#plan_map .leaflet-plan-pane .leaflet-marker-icon")).to_have_count(5)
    fill(page, "#p", "7")
    expect(told).to_have_count(0)


def test_changes_are_made_set_and_taken_back_by_keyboard(watched: Watched) -> None:
    page = opened(watched)
    page.focus("#add-change summary")
    page.keyboard.press("Enter")
    page.select_option("#change-op", "site-status")
    page.fill("#change-target", "官王村")
    page.select_option("#change-status", "required")
    page.press("#change-add", "Enter")
    expect(page.locator("[data-status=required]")).to_contain_text("官王村")
    page.select_option("#change-op", "place-people")
    page.fill("#change-target", "没有的村庄")
    page.fill("#change-people", "9")
    page.press("#change-people", "Enter")
    expect(page.locator("#problem-change-target")).to_contain_text("没有找到唯一的“没有的村庄”")
    page.fill("#change-target", "官王村")
    page.press("#change-target", "Enter")
    row = page.locator("[data-op=place-people]")
    expect(row).to_contain_text("官王村")
    row.locator("input").fill("-1")
    row.locator("input").press("Tab")
    expect(row.locator(".problem")).to_contain_text("请填 0 至")
    row.locator("input").fill("70")
    row.locator("input").press("Tab")
    expect(row.locator(".problem")).to_have_count(0)
    people = [edit for edit in content_of(page)["edits"] if edit["op"] == "place-people"]
    assert [edit["people"] for edit in people] == [70]
    row.get_by_label("去掉官王村").press("Enter")
    expect(row).to_have_count(0)
    assert [edit["op"] for edit in content_of(page)["edits"]] == ["site-status"]


def test_on_a_phone_nothing_is_cut_and_solving_is_at_hand(phone: Watched) -> None:
    phone.page.add_init_script(WALKED)
    page = phone.open("/plan")
    page.get_by_role("button", name="条件", exact=True).click()
    page.click("#more-conditions summary")
    page.select_option("#township-add", "临邑镇")
    page.click("#keep-standing")
    page.click("#add-change summary")
    expect(page.locator("[data-status=existing] summary")).to_contain_text("12 处")
    expect(page.locator("#solve")).to_be_in_viewport()
    assert page.evaluate(TOO_WIDE) == []
