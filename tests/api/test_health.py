"""/health says what is down, within two seconds, whatever is down and however many ask."""

from __future__ import annotations

import errno
import os
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import anyio
import pytest
from callers import asked, call
from mute_server import free_port, mute_server
from slow_plans import until

from api.health import Health, status_of
from api.settings import Settings


@pytest.fixture
def own_data(toy_data, tmp_path):
    """A copy of the county's data that a test may damage."""
    shutil.copytree(toy_data, tmp_path / "data", ignore=shutil.ignore_patterns("cache"))
    return tmp_path / "data"


def ask(client):
    begun = time.monotonic()
    answer = client.get("/health")
    return answer, time.monotonic() - begun


def _with_database(data, port):
    return Settings(data=data, database_url=f"postgresql://u@127.0.0.1:{port}/x")


def test_all_is_well(client):
    answer, _ = ask(client)
    told = answer.json()
    assert answer.status_code == 200
    assert (told["status"], told["down"]) == ("ready", [])
    assert set(told["parts"]) == {"county", "layers", "database", "data", "cache", "jobs", "clocks", "messages"}


@pytest.mark.alone
def test_a_mute_database_is_told_and_keeps_nothing_else_waiting(toy_data):
    with (
        mute_server() as port,
        call(Settings(data=toy_data, database_url=f"postgresql://u@127.0.0.1:{port}/x")) as client,
    ):
        report = {"category": "party", "lon": 116.9, "lat": 37.2}
        with ThreadPoolExecutor(60) as pool:
            reports = [
                pool.submit(client.post, "/api/incidents", json={**report, "idempotency_key": f"k{n}"})
                for n in range(30)
            ]
            healths = [pool.submit(ask, client) for _ in range(20)]
            county = pool.submit(lambda: (time.monotonic(), client.get("/api/county"), time.monotonic()))
            begun, answer, ended = county.result()
            assert answer.status_code == 200
            assert ended - begun < 2
            for health in healths:
                answer, seconds = health.result()
                assert answer.status_code == 503
                assert answer.json()["error"] == "database-silent"
                assert answer.json()["down"] == ["database"]
                assert seconds < 2
            assert {done.result().status_code for done in reports} == {503}
        refused = client.post("/api/incidents", json={**report, "idempotency_key": "k"}, headers={"Cookie": "lang=en"})
        assert refused.json()["error"] == "database-silent"
        assert "did not answer in time" in refused.json()["message"]
        assert client.get("/plan").status_code == 200


@pytest.mark.alone
def test_a_database_that_refuses_is_told_and_one_that_comes_back_is_used(toy_data, tmp_path):
    blocked = tmp_path / "folder"
    blocked.write_text("a file where the folder should be")
    with call(Settings(data=toy_data, database_url=f"sqlite:///{blocked}/app.sqlite")) as client:
        answer, seconds = ask(client)
        assert (answer.status_code, answer.json()["error"]) == (503, "database-refused")
        assert seconds < 2
        blocked.unlink()
        until(lambda: ask(client)[0].status_code == 200)
        report = {"category": "party", "lon": 116.9, "lat": 37.2, "idempotency_key": "k"}
        assert client.post("/api/incidents", json=report).status_code == 201


@pytest.mark.alone
def test_a_server_that_is_gone_is_told(toy_data):
    with call(_with_database(toy_data, free_port())) as client:
        answer, seconds = ask(client)
    assert (answer.status_code, answer.json()["error"]) == (503, "database-refused")
    assert seconds < 2


def test_a_layer_that_is_gone_is_named(own_data):
    shutil.rmtree(own_data / "layers" / "rivers")
    with call(Settings(data=own_data)) as client:
        answer, _ = ask(client)
    assert answer.status_code == 200
    assert answer.json()["status"] == "degraded"
    assert answer.json()["parts"]["layers"] == {"state": "damaged", "layers": ["rivers"]}


def test_a_cache_that_cannot_be_written_is_told_and_no_plan_fails(own_data):
    (own_data / "cache").write_text("a file in the way")
    with call(Settings(data=own_data)) as client:
        run = asked(client, "/api/plans", {"service": "elder-centre", "p": 2})
        assert run["result"]["status"] == "optimal"
        assert client.get(f"/api/runs/{run['id']}/plan-file").json()["claim"]
        study = asked(client, "/api/studies", {"kind": "why-here", "plan_id": run["id"]})
        assert study["result"]["why_here"]
        assert ask(client)[0].json()["parts"]["cache"]["state"] == "not-writable"
        (own_data / "cache").unlink()
        until(lambda: ask(client)[0].json()["parts"]["cache"]["state"] == "ok")


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs POSIX")
def test_damaged_records_are_set_aside_and_said(own_data):
    (own_data / "app.sqlite").write_bytes(b"\0" * 9000)
    with call(Settings(data=own_data)) as client:
        answer, _ = ask(client)
        assert answer.status_code == 200
        kept = answer.json()["parts"]["database"]["set_aside"]
        assert [(own_data / name).read_bytes() for name in kept] == [b"\0" * 9000]


@pytest.mark.alone
def test_a_part_that_falls_silent_is_told_so_and_not_as_it_was():
    let_go, calls = threading.Event(), []

    def look():
        calls.append(1)
        if len(calls) > 1:
            let_go.wait(10)
        return {"state": "ok"}

    async def watch():
        health = Health({"database": look, "cache": lambda: {"state": "ok", "of": len(calls)}})
        first = await health.parts()
        await anyio.sleep(1.3)
        begun = time.monotonic()
        both = [await health.parts() for _ in range(2)]
        seconds = time.monotonic() - begun
        let_go.set()
        await anyio.sleep(0.1)
        last = await health.parts()
        health.close()
        return first, both, seconds, last

    first, both, seconds, last = anyio.run(watch)
    assert first["database"] == last["database"] == {"state": "ok"}
    assert [parts["database"] for parts in both] == [{"state": "silent"}] * 2
    assert [parts["cache"]["state"] for parts in both] == ["ok"] * 2
    assert seconds < 4
    assert len(calls) == 2, "never asked twice at once"


def test_a_look_that_fails_is_a_part_that_fails():
    async def watch():
        health = Health({"data": lambda: 1 / 0})
        told = await health.parts()
        health.close()
        return told

    assert anyio.run(watch) == {"data": {"state": "failing"}}


def test_a_data_folder_that_may_only_be_read_is_told_and_nothing_is_left_unsaid(own_data, monkeypatch, caplog):
    def refuse(*_args, **_options):
        raise OSError(errno.EROFS, "Read-only file system")

    with call(Settings(data=own_data)) as client:
        monkeypatch.setattr("pathlib.Path.write_bytes", refuse)
        monkeypatch.setattr("pathlib.Path.unlink", refuse)
        told = ask(client)[0].json()["parts"]["data"]
        assert told == {"state": "not-writable", "reason": "Read-only file system"}
        monkeypatch.undo()
    assert not [record for record in caplog.records if "never retrieved" in record.getMessage()]


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ((), "ready"),
        (("cache",), "degraded"),
        (("layers", "data"), "degraded"),
        (("county",), "down"),
        (("database",), "down"),
        (("jobs", "cache"), "down"),
    ],
)
def test_what_is_severe(wrong, status):
    parts = {name: {"state": "ok"} for name in ("county", "layers", "database", "data", "cache", "jobs")}
    assert status_of(parts | {name: {"state": "silent"} for name in wrong}) == status
