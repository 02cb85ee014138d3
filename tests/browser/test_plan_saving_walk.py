"""Nothing done at the workbench is lost: each step is a revision, undone and redone on the server too."""

import itertools
import json
import random
import urllib.request

import pytest
from plan_steps import random_steps
from playwright.sync_api import Page, expect
from watched_page import READY, WALKED, Watched, drawn, saved

pytestmark = pytest.mark.browser
ROADS = [(116.86, 37.19), (116.9, 37.25), (116.83, 37.12), (116.95, 37.3)]  # near four of them
CONFIRMED = ".main-figures[data-source=confirmed]"
# A store of its own beside the page's, saved by the same modules on the same server; each answer is written down.
STEPS = """
async (steps) => {
  const { createPlanStore } = await import("/static/js/plan/state.js");
  const { autosave } = await import("/static/js/plan/saving.js");
  const { request } = await import("/static/js/core/api.js");
  const store = createPlanStore({ question: { service: "elder-centre" }, edits: [] });
  const answers = [];
  const asking = async (path, options) => {
    const told = await request(path, options);
    answers.push([path.split("/")[4] ?? "", told.content_id]);
    return told;
  };
  const journal = { keep: () => {} };
  const means = { nameNew: () => "两百步", nameCopy: (name) => name, onSaved: () => {}, clock: () => "", journal };
  const saving = autosave(store, { request: asking, ...means });
  const contents = [store.state.content];
  const closed = (road) => store.state.content.edits.find(({ op, target }) => op === "road-closed" && target === road);
  for (const { target, ...step } of steps) {
    store.dispatch(target ? { ...step, edit: closed(target) } : step);
    if (store.state.content !== contents.at(-1)) contents.push(store.state.content);
  }
  await saving.done();
  const there = answers.splice(0);
  while (store.canUndo) store.undo();
  await saving.done();
  const back = answers.splice(0);
  const ends = [store.state.content === contents[0]];
  while (store.canRedo) store.redo();
  await saving.done();
  ends.push(store.state.content === contents.at(-1));
  const { scenario, problem, conflict } = store.state;
  return { there, back, again: answers, ends, made: contents.length, scenario, wrong: problem ?? conflict };
}
"""


def asked(url: str, path: str):
    with urllib.request.urlopen(url + path) as answer:
        return json.load(answer)


def ids(answers):
    """Content ids in their order; a step that changes nothing of the content gets the same one again."""
    return [one for one, _again in itertools.groupby(content_id for _kind, content_id in answers)]


def choose_sites(page: Page, count: int) -> None:
    page.fill("#p", str(count))
    page.keyboard.press("Tab")


def sees(page: Page, count: str) -> None:
    """Wait until so many sites are asked for."""
    expect(page.locator("#p")).to_have_value(count)


def figures(page: Page) -> list[str]:
    """Return the figures, once the server has confirmed them."""
    drawn(page)
    page.wait_for_selector(CONFIRMED)
    return page.locator("[id^=figure-]").all_inner_texts()


def test_two_hundred_steps_undone_and_redone_have_the_same_content_ids(watched) -> None:
    page = watched.open("/plan")
    places = [one["id"] for one in asked(watched.url, "/api/layers/villages")["features"][::7]]
    near = [asked(watched.url, f"/api/roads/near?lon={lon}&lat={lat}&within_m=2000") for lon, lat in ROADS]
    rng = random.Random(14)
    found = page.evaluate(STEPS, list(random_steps(rng, places, [road["id"] for road in near], count=200)))
    assert found["wrong"] is None
    assert found["ends"] == [True, True]
    assert found["made"] > 150  # the others repeat what was so already
    there = ids(found["there"])
    assert ids(found["back"]) == there[-2::-1]
    assert ids(found["again"]) == there[1:]
    assert {kind for kind, _id in found["back"]} == {"undo"}
    assert {kind for kind, _id in found["again"]} == {"redo"}
    kept = asked(watched.url, f"/api/scenarios/{found['scenario']['id']}")
    assert (kept["content_id"], kept["revision"]) == (there[-1], found["scenario"]["revision"])


def test_the_link_of_any_step_opens_elsewhere_with_the_same_figures(browser, watched) -> None:
    page = watched.open("/plan")
    seen = []
    for count in (4, 6, 8):
        choose_sites(page, count)
        page.focus("#undo")
        page.keyboard.press("s")
        expect(page.locator(".leaflet-marker-draggable")).to_have_count(count)
        expect(page.locator("#stop")).to_have_count(0)  # nothing new is begun while a run is at work
        seen.append((saved(page), figures(page)))
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    expect(page.locator(".leaflet-marker-draggable")).to_have_count(6)
    seen.append((saved(page), figures(page)))
    assert seen[3] == seen[1]
    assert len({tuple(told) for _url, told in seen}) == 3
    for url, told in seen[:3]:
        with browser.new_context() as context:
            context.add_init_script(WALKED)
            other = context.new_page()
            other.goto(url)
            other.wait_for_selector(READY)
            assert figures(other) == told


def test_undo_goes_on_behind_a_reload_and_redo_comes_back(watched) -> None:
    page = watched.open("/plan")
    for count in (6, 7, 8, 9):
        choose_sites(page, count)
    url = saved(page)
    page.reload()
    for count in ("8", "7", "6", ""):
        page.click("#undo:enabled")
        sees(page, count)
    page.wait_for_selector("#undo:disabled")
    page.wait_for_url("**&n=1")
    page.reload()
    for count in ("6", "7", "8", "9"):
        page.click("#redo:enabled")
        sees(page, count)
    page.wait_for_selector("#redo:disabled")
    page.wait_for_url(url)


def test_the_first_step_of_a_new_page_can_be_undone_and_redone(watched) -> None:
    page = watched.open("/plan")
    choose_sites(page, 6)
    page.click("#undo:enabled")
    page.wait_for_url("**&n=1")
    sees(page, "")
    page.click("#redo:enabled")
    page.wait_for_url("**&n=2")
    sees(page, "6")


def test_what_a_server_that_is_away_does_not_take_is_told_and_saved_later(browser, planner_url) -> None:
    page = Watched(browser, planner_url).open("/plan")
    choose_sites(page, 6)
    saved(page)
    page.route("**/api/scenarios/**", lambda route: route.abort())
    choose_sites(page, 7)
    choose_sites(page, 8)
    page.wait_for_selector(".saving[data-state=waiting]")
    page.unroute("**/api/scenarios/**")
    page.wait_for_url("**&n=3")
    saved(page)
    page.reload()
    sees(page, "8")
    page.close()


def test_who_has_to_sign_in_again_loses_nothing(browser, planner_url) -> None:
    page = Watched(browser, planner_url).open("/plan")
    choose_sites(page, 6)
    saved(page)
    refusal = {"error": "sign-in-needed", "message": "请先登录。", "faults": []}
    page.route("**/api/scenarios/**", lambda route: route.fulfill(status=401, json=refusal))
    choose_sites(page, 7)
    page.wait_for_selector(".saving[data-state=signed-out]")
    page.wait_for_selector("#signed-out a[href^='/sign-in']")
    page.unroute("**/api/scenarios/**")
    page.evaluate("window.dispatchEvent(new Event('focus'))")  # back from the other window
    page.wait_for_url("**&n=3")
    sees(page, "7")
    page.close()


def test_what_the_server_refuses_is_told_in_full_and_taken_back(browser, planner_url) -> None:
    page = Watched(browser, planner_url).open("/plan")
    choose_sites(page, 6)
    saved(page)
    faults = [
        {"code": "bad-value", "field": field, "value": "7", "expected": f"{field} 的要求"} for field in ("p", "base")
    ]
    refusal = {"error": "faults", "message": "请改正以下各项。", "faults": faults}
    page.route("**/api/scenarios/**", lambda route: route.fulfill(status=422, json=refusal), times=1)
    choose_sites(page, 7)
    page.wait_for_selector(".saving[data-state=refused]")
    sees(page, "6")
    for field in ("p", "base"):
        expect(page.locator("#choices")).to_contain_text(f"{field} 的要求")
    expect(page.locator("#redo")).to_be_disabled()  # what is refused once is refused again
    choose_sites(page, 8)
    page.wait_for_url("**&n=3")
    saved(page)
    page.close()


def test_a_step_is_on_its_way_before_anything_else_and_what_was_answered_is_kept(browser, planner_url) -> None:
    """A tab that is killed loses at most the step whose answer is not there."""
    seen = Watched(browser, planner_url)
    page = seen.open("/plan")
    choose_sites(page, 6)
    url = saved(page)
    scenario = url.split("scenario=")[1].split("&")[0]
    for count in (7, 8):
        with page.expect_response(lambda answer: answer.request.method == "PUT"):
            choose_sites(page, count)
    with page.expect_request(lambda sent: sent.method == "PUT"):
        choose_sites(page, 9)
    page.close(run_before_unload=False)
    assert asked(planner_url, f"/api/scenarios/{scenario}")["question"]["p"] in (8, 9)
