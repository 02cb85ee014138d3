"""Runs at work: two lanes, cancelled in every phase, given back and taken up, never in the way of each other."""

from __future__ import annotations

import threading
import time

import pytest
from callers import asked, call, finished
from slow_plans import SLOW, STUCK, SlowPlans, new_question, until

from api.runs import lanes
from api.settings import Settings
from gis.faults import Fault
from layers.records.database_at_hand import DatabaseAtHand
from layers.records.database_faults import DatabaseDownError
from planning.siting.engine.solver_apart import SolverEndedError

SOON_S = 2.0
"""Far from what a run may take, and far above what is measured on a machine with nothing else to do."""


@pytest.fixture
def slow(monkeypatch):
    made = SlowPlans(monkeypatch)
    yield made
    made.gate.set()


@pytest.fixture
def settings(toy_data, database_url):
    return Settings(data=toy_data, database_url=database_url)


@pytest.fixture
def client(settings, slow):
    with call(settings) as made:
        yield made
        slow.gate.set()


def start(client, question):
    answer = client.post("/api/plans", json=question)
    assert answer.status_code == 202
    return answer.json()["run"]


def look(client, run):
    return client.get(f"/api/runs/{run['id']}").json()["run"]


def state(client, run):
    return look(client, run)["state"]


@pytest.mark.alone
def test_a_run_that_waits_tells_its_place_and_a_long_one_keeps_no_short_one_waiting(client, slow):
    long = [start(client, new_question(SLOW, time_limit_s=600)) for _ in range(3)]
    until(lambda: state(client, long[0]) == "running")
    assert [look(client, run)["place"] for run in long] == [None, 1, 2]
    assert {look(client, run)["lane"] for run in long} == {"long"}
    for _ in range(5):
        begun = time.monotonic()
        assert asked(client, "/api/plans", new_question())["state"] == "done"
        assert time.monotonic() - begun < SOON_S
    assert slow.begun == [SLOW]
    slow.gate.set()
    assert {finished(client, run)["state"] for run in long} == {"done"}


def test_a_short_run_that_takes_long_lets_the_next_pass_and_only_so_many_do(client, slow, monkeypatch):
    monkeypatch.setattr("api.runs.worker.OVERRUN_S", 0.2)
    runs = [start(client, new_question(SLOW)) for _ in range(lanes.MOST_OVERRUNS + 2)]
    until(lambda: len(slow.begun) == lanes.MOST_OVERRUNS + 1)
    last = runs[-1]
    time.sleep(0.6)
    assert state(client, last) == "queued", "the lane is kept by the one that may not overrun it"
    assert look(client, last)["place"] == 1
    client.delete(f"/api/runs/{runs[0]['id']}")
    until(lambda: state(client, last) == "running")
    assert look(client, runs[1])["lane"] == "long"


@pytest.mark.alone
def test_a_running_run_that_is_cancelled_keeps_its_best(client, slow):
    run = start(client, new_question(SLOW))
    until(lambda: look(client, run)["progress"].get("incumbent") == 100)
    client.delete(f"/api/runs/{run['id']}")
    assert until(lambda: state(client, run) == "cancelled") < SOON_S
    ended = look(client, run)
    assert (ended["result"]["status"], ended["error"]) == ("interrupted", None)
    until(lambda: client.get(f"/api/runs/{run['id']}/plan-file").status_code == 200)
    again = client.post(f"/api/runs/{run['id']}/repeat")
    assert again.status_code == 202, again.text
    slow.gate.set()
    assert finished(client, again.json()["run"])["result"]["status"] == "optimal", "half a search is no answer"


@pytest.mark.alone
def test_the_best_of_a_cancelled_run_is_there_before_its_claim_is_checked(client, slow, monkeypatch):
    checked = threading.Event()
    monkeypatch.setattr("api.actions.plan._verify", lambda *_given, **_named: checked.wait(10) and [])
    run = start(client, new_question(SLOW))
    until(lambda: slow.begun == [SLOW])
    client.delete(f"/api/runs/{run['id']}")
    assert until(lambda: state(client, run) == "cancelled") < SOON_S
    assert look(client, run)["result"]["status"] == "interrupted"
    path = f"/api/runs/{run['id']}/plan-file"
    assert client.get(path).json()["error"] == "plan-unfinished"
    checked.set()
    until(lambda: client.get(path).status_code == 200)
    assert state(client, run) == "cancelled"


def test_a_best_that_does_not_stand_its_check_is_taken_back(client, slow, monkeypatch):
    monkeypatch.setattr("api.actions.plan._verify", lambda *_given, **_named: [Fault("bound-refused")])
    run = start(client, new_question(SLOW))
    until(lambda: slow.begun == [SLOW])
    client.delete(f"/api/runs/{run['id']}")
    until(lambda: state(client, run) == "failed")
    assert look(client, run)["result"] is None


@pytest.mark.alone
def test_a_run_that_does_not_hear_is_cancelled_all_the_same_and_its_best_is_added(client, slow):
    run = start(client, new_question(STUCK))
    until(lambda: slow.begun == [STUCK])
    client.delete(f"/api/runs/{run['id']}")
    assert until(lambda: state(client, run) == "cancelled") < SOON_S
    assert look(client, run)["result"] is None
    assert asked(client, "/api/plans", new_question())["state"] == "done", "its lane is free"
    slow.gate.set()
    until(lambda: look(client, run)["result"] is not None)
    assert state(client, run) == "cancelled"


def test_a_waiting_run_is_cancelled_at_once_and_never_begins(client, slow):
    first, second = (start(client, new_question(SLOW, time_limit_s=600)) for _ in range(2))
    assert client.delete(f"/api/runs/{second['id']}").json()["run"]["state"] == "cancelled"
    slow.gate.set()
    assert finished(client, first)["state"] == "done"
    assert slow.begun == [SLOW]


@pytest.mark.alone
def test_a_run_of_another_server_is_cancelled_and_watched(client, slow, settings):
    run = start(client, new_question(SLOW))
    until(lambda: slow.begun == [SLOW])
    with call(settings) as other:
        slow.step(bound=50)
        until(lambda: look(other, run)["progress"].get("bound") == 50, seconds=2)
        assert other.delete(f"/api/runs/{run['id']}").status_code == 200
        assert until(lambda: state(other, run) == "cancelled") < SOON_S
        assert look(other, run)["result"]["status"] == "interrupted"


@pytest.mark.alone
def test_a_server_that_ends_gives_its_runs_back_and_the_next_one_computes_them(settings, slow):
    with call(settings) as client:
        runs = [start(client, new_question(SLOW)) for _ in range(3)]
        until(lambda: slow.begun == [SLOW])
        begun = time.monotonic()
    assert time.monotonic() - begun < 3
    slow.gate.set()
    with call(settings) as client:
        ended = [finished(client, run) for run in runs]
    assert [(run["state"], run["attempts"], run["result"]["status"]) for run in ended] == [("done", 1, "optimal")] * 3


def test_a_solver_that_was_ended_interrupts_its_run_in_words_and_it_is_repeated(client, monkeypatch):
    def ended(*_given, **_named):
        raise SolverEndedError

    with monkeypatch.context() as broken:
        broken.setattr("api.runs.asked.make_plan", ended)
        run = asked(client, "/api/plans", new_question())
    assert (run["state"], run["error"]["error"], run["result"]) == ("interrupted", "solver-ended", None)
    assert "内存" in run["error"]["message"]
    assert finished(client, client.post(f"/api/runs/{run['id']}/repeat").json()["run"])["state"] == "done"


def test_a_failure_is_told_without_what_only_we_understand(client, monkeypatch):
    def fail(*_given, **_named):
        raise KeyError("secret of ours")

    with monkeypatch.context() as broken:
        broken.setattr("api.runs.asked.make_plan", fail)
        run = asked(client, "/api/plans", new_question())
    assert (run["state"], run["error"]["error"]) == ("failed", "run-failed")
    assert "secret" not in str(run)


def test_a_build_that_is_gone_fails_its_runs_in_words(client, slow, monkeypatch):
    monkeypatch.setattr("api.actions.workplace.Workplace.county_of", lambda self, _made: self._open("0" * 16))
    run = asked(client, "/api/plans", new_question())
    assert (run["state"], run["error"]["error"]) == ("failed", "county-damaged")
    assert run["error"]["faults"][0]["mend"]


def test_a_result_whose_file_is_lost_is_told_and_there_again_when_asked_for(client):
    question = new_question()
    run = asked(client, "/api/plans", question)
    files = client.app.state.workplace.files
    stored = client.app.state.workplace.runs.get(run["id"], asked_by=None)
    files.path_of(stored.result_sha).unlink()
    lost = look(client, run)
    assert (lost["state"], lost["error"]["error"], lost["result"]) == ("done", "result-lost", None)
    assert asked(client, "/api/plans", question)["result"] == run["result"]
    assert look(client, run)["result"] == run["result"]


@pytest.mark.alone
def test_while_the_database_is_away_work_goes_on_and_is_written_when_it_is_back(client, slow, monkeypatch):
    run = start(client, new_question(SLOW))
    until(lambda: slow.begun == [SLOW])

    def down(_self):
        raise DatabaseDownError("silent")

    with monkeypatch.context() as away:
        away.setattr(DatabaseAtHand, "get", down)
        slow.gate.set()
        refused = client.post("/api/plans", json=new_question())
        assert (refused.status_code, refused.json()["error"]) == (503, "database-silent")
        assert client.app.state.worker.is_alive
        time.sleep(0.5)
    assert until(lambda: state(client, run) == "done") < 3
    assert look(client, run)["attempts"] == 1
    assert asked(client, "/api/plans", new_question())["state"] == "done"


@pytest.mark.alone
def test_a_disk_that_is_full_keeps_an_answer_until_there_is_room(client, slow, monkeypatch):
    run = start(client, new_question(SLOW))
    until(lambda: slow.begun == [SLOW])

    def full(*_given, **_named):
        raise OSError(28, "no room")

    with monkeypatch.context() as disk:
        disk.setattr("layers.records.files.replace_file", full)
        slow.gate.set()
        time.sleep(0.5)
        assert state(client, run) == "running"
    assert until(lambda: state(client, run) == "done") < 3
    assert slow.begun == [SLOW], "it is not computed again"


def test_too_many_waiting_are_refused(client, slow):
    for _ in range(20):
        start(client, new_question(SLOW, time_limit_s=600))
    refused = client.post("/api/plans", json=new_question(SLOW))
    assert (refused.status_code, refused.json()["error"]) == (429, "too-many-jobs")


@pytest.mark.parametrize("harm", ["damaged", "removed"])
def test_a_run_whose_result_is_lost_is_repeated_as_it_says(client, harm):
    run = asked(client, "/api/plans", new_question())
    workplace = client.app.state.workplace
    file = workplace.files.path_of(workplace.runs.of_any(run["id"]).result_sha)
    file.write_bytes(b"x") if harm == "damaged" else file.unlink()
    lost = client.get(f"/api/runs/{run['id']}").json()["run"]
    assert (lost["result"], lost["error"]["error"]) == (None, "result-lost")
    again = finished(client, client.post(f"/api/runs/{run['id']}/repeat").json()["run"])
    assert (again["state"], again["result"]["objective"]) == ("done", run["result"]["objective"])
