"""Runs on the page: a place in the queue, a run that was cut off and is repeated, one that outlives a reload."""

from playwright.sync_api import Route, expect
from watched_page import Watched, tell_run

RUN = {"id": "slow", "kind": "plan", "elapsed_s": 0, "place": None, "progress": {}, "result": None, "error": None}
WORDS = "求解程序中途被系统结束。"


class Queue:
    """A server whose run waits, is cut off, and comes to its end when it is repeated."""

    def __init__(self, plan: dict) -> None:
        self.plan, self.step = plan, "queued"

    def run(self) -> dict:
        if self.step == "queued":
            return {**RUN, "state": "queued", "place": 3}
        if self.step == "interrupted":
            return {**RUN, "state": "interrupted", "error": {"error": "x", "message": WORDS, "faults": []}}
        return {**RUN, "state": "done", "result": self.plan}

    def answer(self, route: Route) -> None:
        if route.request.url.endswith("/repeat"):
            self.step = "done"
        tell_run(route, self.run())


def test_a_run_that_waits_tells_its_place_and_one_that_was_cut_off_is_repeated(watched: Watched) -> None:
    page = watched.open()
    plan = page.evaluate(
        "async () => (await (await fetch('/api/plans', {method: 'POST', headers: {'Content-Type': 'application/json'},"
        " body: JSON.stringify({service: 'elder-centre'})})).json()).run.result"
    )
    queue = Queue(plan)
    page.route("**/api/plans", queue.answer)
    page.route("**/api/runs/**", queue.answer)
    page.click("#plan-run")
    expect(page.locator("#plan-progress-text")).to_have_text("排在第 3 位,等待计算")
    queue.step = "interrupted"
    expect(page.locator("#plan-result")).to_contain_text(WORDS)
    page.click("#plan-repeat")
    expect(page.locator("#plan-proof")).to_contain_text("已证明最优")


def test_a_run_goes_on_while_the_page_is_loaded_again(watched: Watched) -> None:
    page = watched.open()
    page.reload()
    expect(page.locator("#plan-proof")).to_contain_text("已证明最优")
    runs = page.evaluate("async () => (await (await fetch('/api/runs')).json()).runs")
    assert len({run["id"] for run in runs if run["lane"] == "short"}) == len(runs), "the same question is the same run"
