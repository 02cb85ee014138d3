"""Nothing false on the workbench: one count of people, no claim beyond the data, long work told and stopped."""

import json
import os
import re
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect
from watched_page import READY, Watched, tell_run

from maps.catalogue import text

pytestmark = pytest.mark.browser
CONFIRMED = ".main-figures[data-source=confirmed]"
PLAN = """async () => (await (await fetch('/api/plans', {method: 'POST', headers: {'Content-Type': 'application/json'},
  body: JSON.stringify({service: 'elder-centre'})})).json()).run.result"""


def opened(watched: Watched, query: str = "") -> Page:
    page = watched.open(f"/plan{query}")
    page.wait_for_selector(CONFIRMED, state="attached")
    return page


def test_page_api_and_command_line_count_the_same_people(watched: Watched, planner_data: str) -> None:
    page = opened(watched)
    within, total = re.findall(r"([\d,]+) 人", page.inner_text("#figure-people_within_limit .more"))
    mean, farthest = (page.inner_text(f"#figure-{code} strong").split()[0] for code in ("mean_s", "worst_s"))
    by_api = page.evaluate(PLAN)["measures"]
    assert (f"{by_api['people_within_limit']:,}", f"{by_api['people_total']:,}") == (within, total)
    command = [sys.executable, "-m", "api.cli", "plan", "--service", "elder-centre"]
    environment = {**os.environ, "COUNTYGRID_DATA": planner_data}
    told = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
    for words in (f"{within} 人 / 共 {total} 人", f"人均用时:{mean} 分钟", f"最远村用时:{farthest} 分钟"):
        assert words in told
    as_json = subprocess.run([*command, "--json"], env=environment, check=True, capture_output=True, text=True).stdout
    assert json.loads(as_json)["measures"] == by_api


def test_further_measures_have_their_definitions_and_add_up_to_everyone(watched: Watched) -> None:
    page = opened(watched)
    further = page.locator("#plan-measures")
    expect(further.locator("dl").first).to_be_hidden()
    further.locator("summary").first.click()
    parts = [further.locator("dt", has_text=name).first for name in ("得到服务", "可达但容量不足", "时限外")]
    people = [int(row.locator("+ dd").inner_text().split()[0].replace(",", "")) for row in parts]
    expect(page.locator("#figure-people_within_limit")).to_contain_text(f"共 {sum(people):,} 人")
    expect(parts[0]).to_have_attribute("title", text("zh", "measures.served_people.definition"))
    expect(further.locator("tbody tr")).to_have_count(12)
    further.locator(".definitions summary").click()
    expect(further.get_by_text(text("zh", "measures.gini.definition"))).to_be_visible()


def test_the_basis_says_what_is_reconstructed_and_left_out_and_no_more(watched: Watched) -> None:
    page = opened(watched)
    notes = page.locator(".basis .notes")
    expect(notes).to_contain_text("各村人口为模拟数据")
    expect(notes).to_contain_text("用时未计转弯限制、坡度、拥堵和停车。")
    expect(page.locator("body")).not_to_contain_text("普查")
    expect(page.locator("#honesty summary")).to_have_text("含模拟数据(非实测)")
    expect(page.locator(".leaflet-control-attribution")).to_contain_text("数据:")  # whose they are, as licences ask


def test_the_note_on_reconstructed_data_closes(watched: Watched) -> None:
    page = opened(watched)
    words = page.locator("#honesty > div")
    for close in ("#honesty-close", "#figures h2"):
        page.click("#honesty summary")
        expect(words).to_be_visible()
        page.click(close)
        expect(words).to_be_hidden()
    page.click("#honesty summary")
    page.keyboard.press("Escape")
    expect(words).to_be_hidden()


@pytest.mark.parametrize("service", ["elder-centre", "hub"])
def test_the_default_plans_are_there_at_once(watched: Watched, service: str) -> None:
    page = opened(watched, f"?service={service}")
    with page.expect_response(lambda one: urlsplit(one.url).path == "/api/plans") as answer:
        page.click("#solve")
    assert answer.value.json()["run"]["state"] == "done"


def test_the_same_question_is_the_same_run_behind_a_reload(watched: Watched) -> None:
    page = opened(watched)
    asked = "async () => (await (await fetch('/api/runs?limit=200')).json()).runs.map((run) => run.id)"
    runs = page.evaluate(asked)
    page.reload()
    page.wait_for_selector(CONFIRMED)
    assert page.evaluate(asked) == runs


class SlowPlan:
    """A server whose plan waits, runs until it is stopped, or is cut off, as the test says."""

    def __init__(self, page: Page) -> None:
        self.state: dict = {"state": "queued", "place": 3}
        self.plan = page.evaluate(PLAN)
        page.route("**/api/plans", self.answer)
        page.route("**/api/runs/**", self.answer)

    def answer(self, route: Route) -> None:
        if route.request.method == "DELETE":
            self.state = {"state": "cancelled", "result": self.plan}
        tell_run(route, {"id": "slow", "kind": "plan", "elapsed_s": 3.2, "result": None, "error": None, **self.state})


def test_long_work_tells_its_place_and_how_far_it_is_and_is_stopped_with_the_best_so_far(watched: Watched) -> None:
    page = opened(watched)
    slow = SlowPlan(page)
    page.fill("#p", "4")
    page.press("#p", "Enter")
    told = page.locator("#choices .progress [role=status]")
    expect(told).to_contain_text("排在第 3 位,等待计算")
    gap = {"incumbent": 420_000, "bound": 422_800, "gap": 0.01, "objective_unit": "people", "sense": "max"}
    slow.state = {"state": "running", "progress": gap}
    expect(told).to_contain_text("当前方案 420,000 人")
    expect(told).to_contain_text("上限 422,800 人")
    assert 0.4 < page.eval_on_selector("#choices progress", "bar => bar.value") < 0.6
    expect(page.locator("#solve")).to_be_disabled()
    page.click("#stop")
    expect(page.locator("#solve")).to_be_enabled()
    expect(page.locator("#choices .progress")).to_have_count(0)
    expect(page.locator("#site-table tr[data-site]")).to_have_count(5)  # those of the best so far


def test_a_run_that_was_cut_off_says_why_and_can_be_asked_again(watched: Watched) -> None:
    page = opened(watched)
    slow = SlowPlan(page)
    words = "求解程序中途被系统结束。"
    slow.state = {"state": "interrupted", "error": {"error": "x", "message": words, "faults": []}}
    page.click("#solve")
    expect(page.locator("#problem")).to_contain_text(words)
    slow.state = {"state": "done", "result": slow.plan}
    page.click("#solve")
    expect(page.locator("#problem")).to_have_count(0)
    expect(page.locator("#plan-proof")).to_contain_text("已证明最优")


def test_the_start_page_leads_here_and_keeps_the_language(watched: Watched) -> None:
    page = watched.open("/?lang=en")
    assert page.url.endswith("/plan?lang=en")
    expect(page.locator("h1")).to_contain_text("Workbench")
    page.click("#language")
    page.wait_for_selector(READY)
    expect(page.locator("h1")).to_contain_text("方案工作台")
