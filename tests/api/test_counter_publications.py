"""Counter-proposals of what is published: computed as a run after it, read by anybody, never computed for a reader."""

from __future__ import annotations

import hashlib
import json
import threading
from datetime import UTC, datetime, timedelta

import pytest
from callers import asked, call
from published_site import SLUG, call_from, publish_by_hand
from slow_plans import until

from api import counter_views as views
from api.runs import counter_asked
from api.settings import Settings
from layers.records.audit_search import AuditLog
from layers.records.run import Run
from layers.records.runs import RunStore
from planning.siting import MODELS

PLAN = {"service": "elder-centre", "p": 2}
ADDRESS = "/api/publications/yanglao/counter-proposals"
PUBLIC = "/api/p/yanglao/counter-proposals"


@pytest.fixture
def settings(toy_data, database_url):
    return Settings(data=toy_data, database_url=database_url)


@pytest.fixture
def gate(monkeypatch):
    """Holds counter-proposals until it is set; they hear when they are told to stop."""
    held, make = threading.Event(), counter_asked.make_counter_proposals

    def wait(at_hand, plan, *, stop, report):
        report({"step": "counter-proposals", "done": 3, "of": 9})
        while not held.wait(0.01) and not stop():
            pass
        return make(at_hand, plan, stop=stop, report=report)

    monkeypatch.setattr(counter_asked, "make_counter_proposals", wait)
    yield held
    held.set()


def publish(client, reference, **more):
    until_day = (datetime.now(UTC) + timedelta(days=15)).isoformat()
    body = {"runs": [reference], "title": "养老中心选址", "closes_at": until_day, "slug": "yanglao", **more}
    answer = client.post("/api/publications", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def published(client, **question):
    return publish(client, asked(client, "/api/plans", PLAN | question)["id"])


def state(client):
    return client.get(ADDRESS).json()["state"]


def run_rows(client):
    store = RunStore(client.app.state.workplace.database.get())
    return [run for run, _ in store.recent(asked_by=None, limit=200)]


def test_every_place_is_answered_as_the_plan_that_requires_it(client):
    made = published(client)
    until(lambda: state(client) == "done")
    told = client.get("/api/p/yanglao").json()
    content = client.get(f"{PUBLIC}/file").content
    assert told["counter_sha"] == hashlib.sha256(content).hexdigest()
    assert told["sha"] == made["sha"] == hashlib.sha256(client.get("/api/p/yanglao/body").content).hexdigest()
    plan = asked(client, "/api/plans", PLAN)["result"]
    for one in json.loads(content)["candidates"]:
        answer = client.get(PUBLIC, params={"place": one["id"]}).json()
        views.CounterAnswer.model_validate(answer)
        instead = answer["instead"]
        status = "existing" if one.get("origin") == "facility" else "required"
        alone = asked(client, "/api/plans", PLAN | {"status": {one["id"]: status}})["result"]
        assert (instead["state"], instead["objective"]) == ("proven", alone["objective"])
        sites = set(plan["opened"]) - {site["id"] for site in instead["closes"]}
        assert one["id"] in sites | {site["id"] for site in instead["opens"]}
        assert instead["yuan"] + instead["extra_yuan"] == alone["measures"]["spent_yuan"]
        assert instead["words"]


def test_a_reader_starts_no_solver_whatever_is_asked(client, gate, monkeypatch):
    published(client)
    until(lambda: state(client) == "computing")
    before = [(run.id, run.kind) for run in run_rows(client)]
    reader = call_from(client, "10.9.8.7")

    def ask_all():
        for path in (PUBLIC, f"{PUBLIC}?place=00001", f"{PUBLIC}/file", "/p/yanglao/instead?q=李家", "/p/yanglao"):
            assert reader.get(path).status_code in (200, 404)
        assert reader.post(ADDRESS).status_code == reader.delete(ADDRESS).status_code == 401
        return reader.get(PUBLIC, params={"place": "00001"}).json()

    waiting = ask_all()
    assert (waiting["state"], waiting["instead"], waiting["sha"]) == ("computing", None, None)
    assert "正在计算" in waiting["words"]
    gate.set()
    until(lambda: state(client) == "done")
    for model in MODELS.values():
        monkeypatch.setattr(type(model.solve), "__call__", lambda *_a, **_o: pytest.fail("a solver was started"))
    assert ask_all()["instead"]["state"] == "proven"
    assert [(run.id, run.kind) for run in run_rows(client)] == before


def test_staff_see_how_far_it_is_stop_it_and_have_it_computed_again(client, gate):
    published(client)
    until(lambda: client.get(ADDRESS).json()["run"]["progress"].get("done") == 3)
    told = client.get(ADDRESS).json()
    views.CounterRunAnswer.model_validate(told)
    assert (told["run"]["lane"], told["run"]["kind"]) == ("long", "counter-proposals")
    client.headers["Accept"] = "text/html"
    assert "已算好 3 个,共 9 个" in client.get("/hearings/yanglao").text
    client.headers["Accept"] = "application/json"
    assert client.post(ADDRESS).status_code == 202, "it goes on"
    assert client.get(ADDRESS).json()["run"]["id"] == told["run"]["id"]
    assert client.delete(ADDRESS).status_code == 200
    until(lambda: state(client) == "stopped")
    assert "没有算完" in client.get(PUBLIC).json()["words"]
    gate.set()
    assert client.post(ADDRESS).status_code == 202
    until(lambda: state(client) == "done")
    assert client.post(ADDRESS).status_code == 200, "there is nothing left to do"
    assert set(client.get(ADDRESS).json()["counts"]) == {"proven"}


def test_the_same_plan_published_again_has_them_at_once(client):
    published(client)
    until(lambda: state(client) == "done")
    sha = client.get("/api/p/yanglao").json()["counter_sha"]
    again = publish(client, asked(client, "/api/plans", PLAN)["id"], slug="zaici")
    assert again["counter_sha"] == sha


def test_a_run_that_a_server_left_is_taken_up_by_the_next(settings, gate):
    with call(settings) as client:
        published(client)
        until(lambda: client.get(ADDRESS).json()["run"]["state"] == "running")
        assert [run.kind for run in run_rows(client) if run.is_open] == ["counter-proposals"]
    gate.set()
    with call(settings) as client:
        until(lambda: state(client) == "done")
        assert client.get(PUBLIC, params={"place": "00001"}).json()["instead"]["state"] == "proven"


def test_a_scenario_of_placed_sites_is_answered_too(client):
    placed = {"name": "两处", "question": PLAN | {"sites": ["00001", "00002"]}, "edits": []}
    publish(client, client.post("/api/scenarios", json=placed).json()["id"])
    until(lambda: state(client) == "done")
    instead = client.get(PUBLIC, params={"place": "00005"}).json()["instead"]
    assert instead["state"] == "proven"
    assert "00005" in {one["id"] for one in instead["opens"]}


@pytest.mark.parametrize(("question", "words"), [({"model": "worst-township"}, "不能事先逐个算好"),
                                                 ({"capacity": 500}, "限定了每处设施的容量")])  # fmt: skip
def test_where_none_are_computed_that_is_said_with_the_reason(client, question, words):
    published(client, **question)
    told = client.get(PUBLIC).json()
    assert told["state"] == state(client) == "none"
    assert words in told["words"]
    assert (client.post(ADDRESS).status_code, client.get(ADDRESS).json()["run"]) == (409, None)


def test_what_was_published_before_there_were_any_says_so(client):
    publish_by_hand(client.app)
    told = client.get(f"/api/p/{SLUG}/counter-proposals").json()
    assert (told["state"], told["instead"]) == ("none", None)
    assert "还没有改设查询" in told["words"]
    assert client.get(f"/api/p/{SLUG}/counter-proposals/file").status_code == 404


def test_a_lost_file_is_told_and_may_be_computed_again(client):
    published(client)
    until(lambda: state(client) == "done")
    at_work = client.app.state.workplace
    sha = client.get("/api/p/yanglao").json()["counter_sha"]
    at_work.files.path_of(sha).unlink()
    assert (client.get(f"{PUBLIC}?place=00001").status_code, client.get(f"{PUBLIC}/file").status_code) == (503, 503)
    client.post(ADDRESS)
    until(lambda: client.get(ADDRESS).json()["run"]["state"] == "done")
    assert client.get(f"{PUBLIC}?place=00001").json()["instead"]["state"] == "proven"


def test_where_too_many_runs_wait_the_publication_stands_and_they_can_be_asked_for_later(client, monkeypatch):
    plan = asked(client, "/api/plans", PLAN)["id"]
    monkeypatch.setattr("layers.records.runs.MOST_OPEN", 0)
    publish(client, plan)
    assert (state(client), client.post(ADDRESS).status_code) == ("not-started", 429)
    assert "还没有开始计算" in client.get(PUBLIC).json()["words"]
    monkeypatch.undo()
    assert client.post(ADDRESS).status_code == 202
    until(lambda: state(client) == "done")


def test_what_is_no_candidate_is_not_there(client):
    published(client)
    until(lambda: state(client) == "done")
    for place in ("99999", "none", "%00"):
        assert client.get(f"{PUBLIC}?place={place}").status_code == 404


def test_a_run_tells_of_itself_as_others_do(client):
    published(client)
    until(lambda: state(client) == "done")
    run: Run = next(run for run in run_rows(client) if run.kind == "counter-proposals")
    told = client.get(f"/api/runs/{run.id}").json()["run"]
    assert (told["state"], set(told["result"]["counts"])) == ("done", {"proven"})
    assert told["scenario"] is None
    acts = AuditLog(client.app.state.workplace.database.get()).actions()
    assert {"counter-proposals.asked", "publication.counter-proposals"} <= set(acts)


def test_the_page_answers_by_name_and_says_that_it_was_withdrawn(client):
    published(client)
    until(lambda: state(client) == "done")
    reader = call_from(client, "10.9.8.7")
    reader.headers["Accept"] = "text/html"
    page = reader.get("/p/yanglao/instead", params={"q": "lijia"})
    assert page.status_code == 200
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert "改设在河东乡 李家" in page.text
    assert "已证明没有更好的方案" in page.text
    assert "Proven: of all plans" in reader.get("/p/yanglao/instead", params={"q": "lijia", "lang": "en"}).text
    assert reader.get("/p/yanglao/instead", params={"place": "<b>"}).status_code == 404
    client.post("/api/publications/yanglao/withdraw", json={"reason": "数据有误"})
    until(lambda: "数据有误" in reader.get("/p/yanglao/instead").text)
