"""Servers and solvers that are killed: every run ends, none is half done, none is taken from a server that lives."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import threading
import time

import pytest
from served import ask, served
from slow_plans import new_question, until

from layers.records.database import open_database

SLOW = "tests.slow_service"
OPEN = ("queued", "running")


@pytest.fixture
def own_data(toy_data, tmp_path):
    data = tmp_path / "own"
    shutil.copytree(toy_data, data)
    return data


@pytest.fixture
def own_url(own_data, database_url):
    """A database of its own with its tables."""
    open_database(database_url).close()
    return database_url


def start(port, p=2, **more):
    status, told = ask(port, "/api/plans", body=new_question(p, **more))
    assert status in (200, 202), told
    return told["run"]["id"]


def look(port, run_id):
    status, told = ask(port, f"/api/runs/{run_id}")
    assert status == 200, told
    return told["run"]


def states(port, ids):
    return [look(port, run_id)["state"] for run_id in ids]


def solvers_of(process):
    listed = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=False).stdout
    return [int(line) for line in listed.split()]


def is_whole(run):
    return (run["state"] == "done") == (run["result"] is not None and run["result"]["status"] == "optimal")


@pytest.mark.parametrize("moment", [0.1, 0.7])
def test_after_a_kill_at_any_moment_every_run_is_done_in_the_end(own_data, own_url, moment):
    options = {"module": SLOW, "SLOW_S": "0.4", "COUNTYGRID_DATABASE_URL": own_url}
    with served(own_data, **options) as (port, process):
        ids = [start(port, p) for p in (1, 2, 3)]
        time.sleep(moment)
        process.kill()
    with served(own_data, **options) as (port, _):
        assert all(state in (*OPEN, "done") for state in states(port, ids)), "none is lost"
        until(lambda: not set(states(port, ids)) & set(OPEN))
        runs = [look(port, run_id) for run_id in ids]
        assert [run["state"] for run in runs] == ["done"] * 3
        assert all(is_whole(run) for run in runs)
        assert ask(port, f"/api/runs/{ids[0]}/plan-file")[1]["claim"]


@pytest.mark.alone
def test_a_solver_that_is_killed_interrupts_its_run_and_nothing_else(own_data, own_url):
    with served(own_data, module=SLOW, SLOW_S="3", COUNTYGRID_DATABASE_URL=own_url) as (port, process):
        run_id = start(port, 3, time_limit_s=600)
        until(lambda: look(port, run_id)["progress"].get("bound", 0) > 2)
        for solver in solvers_of(process):
            os.kill(solver, signal.SIGKILL)
        until(lambda: look(port, run_id)["state"] == "interrupted", seconds=2)
        assert "求解程序" in look(port, run_id)["error"]["message"]
        other = start(port, 1)
        until(lambda: look(port, other)["state"] == "done")
        assert ask(port, f"/api/runs/{run_id}/repeat", body={})[0] == 202
        until(lambda: look(port, run_id)["state"] == "done")


def test_of_two_servers_one_is_killed_and_the_other_ends_all_runs_its_own_undisturbed(own_data, own_url):
    options = {"module": SLOW, "SLOW_S": "1.5", "COUNTYGRID_DATABASE_URL": own_url}
    with served(own_data, **options) as (one, process), served(own_data, **options) as (two, _):
        ids = [start(port, p) for p in (2, 3) for port in (one, two)]
        until(lambda: states(two, ids).count("running") >= 2)
        process.kill()
        until(lambda: not set(states(two, ids)) & set(OPEN))
        runs = [look(two, run_id) for run_id in ids]
    assert [run["state"] for run in runs] == ["done"] * 4
    assert all(is_whole(run) for run in runs)
    assert 1 in {run["attempts"] for run in runs}, "a run of the server that lives is computed once"


@pytest.mark.alone
def test_a_hundred_who_listen_see_the_same_rising_bound_and_do_not_keep_the_service(own_data, own_url):
    with served(own_data, module=SLOW, SLOW_S="60", COUNTYGRID_DATABASE_URL=own_url) as (port, process):
        run_id = start(port)
        until(lambda: look(port, run_id)["state"] == "running")
        heard = [b""] * 100
        listeners = [threading.Thread(target=_listen, args=(port, run_id, heard, number)) for number in range(100)]
        for listener in listeners:
            listener.start()
        until(lambda: all(told.count(b"event: progress") >= 3 for told in heard))
        begun = time.monotonic()
        process.terminate()
        process.wait(10)
        assert time.monotonic() - begun < 3
        for listener in listeners:
            listener.join(5)
        with contextlib.closing(socket.create_server(("127.0.0.1", port))):
            pass  # the port is free at once
    bounds = [_bounds(told) for told in heard]
    longest = max(bounds, key=len)
    assert longest == sorted(set(longest))
    assert all(one == longest[-len(one) :] or set(one) <= set(longest) for one in bounds)
    database = open_database(own_url)
    with database.reading() as connection:
        state = connection.exec_driver_sql("SELECT state, attempts FROM run").one()
    database.close()
    assert tuple(state) == ("queued", 0)


def _listen(port, run_id, heard, number):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(f"GET /api/runs/{run_id}/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        while part := connection.recv(65536):
            heard[number] += part


def _bounds(told):
    return [int(part.split(b"}")[0].split(b",")[0]) for part in told.split(b'"bound": ')[1:]]


@pytest.mark.alone
def test_a_short_question_beside_a_long_run_is_answered_within_a_second(own_data, own_url):
    with served(own_data, module=SLOW, SLOW_S="60", COUNTYGRID_DATABASE_URL=own_url) as (port, _):
        long = start(port, 2, time_limit_s=600)
        until(lambda: look(port, long)["state"] == "running")
        seconds = []
        for _ in range(20):
            begun = time.monotonic()
            run_id = start(port, 1)
            until(lambda run_id=run_id: look(port, run_id)["state"] == "done")
            seconds.append(time.monotonic() - begun)
        assert sorted(seconds)[18] < 3, "measured: a tenth of that; here other tests may be at work beside"
        assert look(port, long)["state"] == "running"
        status, told = ask(port, f"/api/runs/{long}", method="DELETE")
        assert status == 200, told
        assert until(lambda: look(port, long)["state"] == "cancelled") < 2
