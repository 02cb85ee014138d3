"""Streams of runs: each change once, with rising numbers, resumed where they were left, on any server, for many."""

from __future__ import annotations

import asyncio
import json
import threading

import pytest
from callers import asked, call
from slow_plans import SLOW, SlowPlans, new_question, until

from api.runs.watching import Seen, Watch
from api.settings import Settings
from layers.records.database_faults import DatabaseDownError


@pytest.fixture
def slow(monkeypatch):
    made = SlowPlans(monkeypatch)
    yield made
    made.gate.set()


@pytest.fixture
def settings(toy_data, database_url):
    return Settings(data=toy_data, database_url=database_url)


def events_of(text):
    """Each event of a stream as (id, name, run)."""
    found = []
    for block in text.strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if fields:
            found.append((int(fields["id"]), fields["event"], json.loads(fields["data"])["run"]))
    return found


def listen(client, run, told, **headers):
    """Listen in a thread of its own until the stream ends."""
    path = f"/api/runs/{run['id']}/events"
    thread = threading.Thread(target=lambda: told.append(client.get(path, headers=headers)))
    thread.start()
    return thread


def test_all_who_listen_on_any_server_hear_the_same_rising_bound_and_the_end(settings, slow):
    with call(settings) as one, call(settings) as two:
        run = one.post("/api/plans", json=new_question(SLOW)).json()["run"]
        until(lambda: slow.begun == [SLOW])
        told = []
        listeners = [listen(client, run, told) for client in (one, two) for _ in range(5)]
        for bound in (10, 20, 30):
            slow.step(bound=bound)
            until(lambda bound=bound: look(two, run)["progress"].get("bound") == bound)
        slow.gate.set()
        for listener in listeners:
            listener.join(10)
        assert len(told) == len(listeners)
        for answer in told:
            numbers, names, runs = zip(*events_of(answer.text), strict=True)
            assert list(numbers) == sorted(set(numbers))
            assert names == ("progress",) * (len(names) - 1) + ("end",)
            bounds = [one["progress"]["bound"] for one in runs if "bound" in one["progress"]]
            assert bounds == sorted(bounds)
            assert {20, 30} <= set(bounds)
            assert "result" not in runs[-1]
            assert answer.headers["x-accel-buffering"] == "no"
            assert "content-encoding" not in answer.headers


def look(client, run):
    return client.get(f"/api/runs/{run['id']}").json()["run"]


def test_who_comes_again_hears_only_what_is_new_and_always_the_end(settings, slow):
    with call(settings) as client:
        run = client.post("/api/plans", json=new_question(SLOW)).json()["run"]
        until(lambda: look(client, run)["progress"].get("bound") == 0)
        told = []
        listener = listen(client, run, told, **{"Last-Event-ID": "2"})
        slow.step(bound=10)
        until(lambda: look(client, run)["progress"].get("bound") == 10)
        slow.gate.set()
        listener.join(10)
        assert [number for number, _, _ in events_of(told[0].text)] > [2]
        last, name, _ = events_of(client.get(f"/api/runs/{run['id']}/events").text)[-1]
        again = client.get(f"/api/runs/{run['id']}/events", headers={"Last-Event-ID": str(last)})
        assert events_of(again.text)[0][:2] == (last, name) == (last, "end")
        odd = client.get(f"/api/runs/{run['id']}/events", headers={"Last-Event-ID": "x"})
        assert len(events_of(odd.text)) == 1


def test_a_run_that_waits_tells_each_new_place(settings, slow):
    with call(settings) as client:
        runs = [client.post("/api/plans", json=new_question(SLOW, time_limit_s=600)).json()["run"] for _ in range(3)]
        until(lambda: slow.begun == [SLOW])
        told = []
        listener = listen(client, runs[2], told)
        until(lambda: client.app.state.watch._watchers)
        client.delete(f"/api/runs/{runs[1]['id']}")
        until(lambda: look(client, runs[2])["place"] == 1)
        slow.gate.set()
        listener.join(10)
        places = [run["place"] for _, _, run in events_of(told[0].text)]
        assert places[:2] == [2, 1]
        assert places[-1] is None


def test_a_stream_of_no_run_is_refused_before_it_begins(settings):
    with call(settings) as client:
        refused = client.get(f"/api/runs/{'0' * 32}/events")
        assert (refused.status_code, refused.json()["error"]) == (404, "unknown-run")
        assert refused.headers["content-type"] == "application/json"


def test_who_listens_when_the_service_ends_is_sent_away(settings, slow):
    told = []
    with call(settings) as client:
        run = client.post("/api/plans", json=new_question(SLOW)).json()["run"]
        listener = listen(client, run, told)
        until(lambda: client.app.state.watch._watchers)
        client.app.state.watch._loop.call_soon_threadsafe(client.app.state.watch.end)
        listener.join(2)
        assert not listener.is_alive()
    assert {name for _, name, _ in events_of(told[0].text)} == {"progress"}


def test_while_the_database_is_away_who_listens_waits_on(monkeypatch):
    monkeypatch.setattr("api.runs.watching._LOOK_S", 0.01)

    async def follow():
        looks, run = [], _Run(seq=1)

        async def look(ids):
            looks.append(ids)
            if len(looks) < 3:
                raise DatabaseDownError("silent")
            return {"r": Seen(_Run(seq=2, is_open=False), None)}

        watch = Watch(look)
        return [seen.run.seq async for seen in watch.follow(Seen(run, None), after=0, still=always)], len(looks)

    assert asyncio.run(follow()) == ([1, 2], 3)


async def always(_seen):
    return True


class _Run:
    def __init__(self, *, seq, is_open=True):
        self.id, self.seq, self.is_open = "r", seq, is_open


def test_a_run_that_is_done_is_told_at_once(settings):
    with call(settings) as client:
        run = asked(client, "/api/plans", new_question())
        assert [name for _, name, _ in events_of(client.get(f"/api/runs/{run['id']}/events").text)] == ["end"]
