"""Runs as servers see them: claimed in order, kept by leases, taken up where a server is gone, given up in the end."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from run_questions import act, question, some_result
from sqlalchemy import select

from layers.records.database import Database, open_database
from layers.records.files import FileStore
from layers.records.run import Outcome, Run
from layers.records.run_work import GIVEN_UP, MOST_ATTEMPTS, Claim, RunWork
from layers.records.runs import RunStore
from layers.records.servers import is_gone, machine, server_name
from layers.records.tables import file as file_table

GONE = f"{machine()}-999999999-1-00000000"
"""A server of this machine that has ended."""
AWAY = "000000000000-1-1-00000000"
"""A server of another machine."""


@pytest.fixture
def runs(database: Database) -> RunStore:
    return RunStore(database)


@pytest.fixture
def me(database: Database) -> RunWork:
    return RunWork(database, owner=server_name())


def ask(runs: RunStore, name: str = "q", **options: str) -> Run:
    return runs.ask(question(name, **options), asked_by=None, act=act())


def claim_of(run: Run) -> Claim:
    return Claim(run.id, run.attempts)


def test_runs_are_claimed_in_the_order_in_which_they_were_asked_each_in_its_lane(runs, me):
    asked = [ask(runs, str(number), lane="short" if number % 2 else "long").id for number in range(6)]
    assert me.waiting() == {"short": 3, "long": 3}
    assert [me.claim("long").id for _ in range(3)] == asked[::2]
    assert [me.claim("short").id for _ in range(3)] == asked[1::2]
    assert me.claim("short") is me.claim("long") is None
    assert me.waiting() == {}


def test_a_claimed_run_is_nobody_elses_until_its_lease_ends(runs, database):
    run = ask(runs)
    far = RunWork(database, owner=AWAY, lease_s=0.0)
    mine = far.claim("short")
    assert (mine.state, mine.owner, mine.attempts, mine.seq) == ("running", AWAY, 1, 2)
    other = RunWork(database, owner=server_name())
    taken = other.claim("short")
    assert (taken.id, taken.attempts) == (run.id, 2), "its lease has ended"
    assert other.waiting([run.id]) == {}
    assert far.claim("short") is None, "the new lease counts"
    assert far.standing([claim_of(mine)]).lost == {claim_of(mine)}
    assert other.standing([claim_of(taken)]).lost == frozenset()


def test_whoever_lost_a_run_can_neither_tell_nor_end_it(runs, database, tmp_path):
    ask(runs)
    far = RunWork(database, owner=AWAY, lease_s=0.0)
    lost = claim_of(far.claim("short"))
    now = RunWork(database, owner=server_name()).claim("short")
    far.keep([lost], progress={lost: {"incumbent": 1}})
    far.release([lost])
    far.overrun(lost)
    late = Outcome("done", some_result(FileStore(tmp_path)))
    assert far.finish(lost, late, progress={}) is False
    far.amend(lost, late)
    assert runs.get(now.id, asked_by=None) == now


def test_a_server_of_this_machine_that_is_gone_is_not_waited_for(runs, database, me):
    ask(runs)
    RunWork(database, owner=GONE).claim("short")
    assert me.waiting() == {"short": 1}
    assert me.claim("short").attempts == 2


def test_a_server_of_another_machine_is_waited_for(runs, database, me):
    ask(runs)
    RunWork(database, owner=AWAY).claim("short")
    assert me.claim("short") is None


def test_a_question_that_ended_three_servers_is_not_asked_of_a_fourth(runs, database, me):
    run, next_one = ask(runs), ask(runs, "next")
    for number in range(MOST_ATTEMPTS):
        one_of_them = RunWork(database, owner=f"{machine()}-99999999{number}-1-00000000")
        assert one_of_them.claim("short").id == run.id
    assert me.claim("short").id == next_one.id
    given_up = runs.get(run.id, asked_by=None)
    assert (given_up.state, given_up.error, given_up.owner) == ("interrupted", GIVEN_UP, None)


def test_a_run_that_was_to_be_cancelled_when_its_server_went_is_cancelled(runs, database, me):
    run = ask(runs)
    RunWork(database, owner=GONE).claim("short")
    assert runs.cancel(run.id, asked_by=None, act=act()).state == "running"
    assert me.claim("short") is None
    assert runs.get(run.id, asked_by=None).state == "cancelled"


def test_a_server_that_ends_in_order_gives_its_runs_back_without_counting_the_attempt(runs, me):
    first, second = ask(runs, "1"), ask(runs, "2")
    claims = [claim_of(me.claim("short")), claim_of(me.claim("short"))]
    runs.cancel(second.id, asked_by=None, act=act())
    me.release(claims)
    back = runs.get(first.id, asked_by=None)
    assert (back.state, back.attempts, back.owner, back.lease_until) == ("queued", 0, None, None)
    assert runs.get(second.id, asked_by=None).state == "cancelled"
    assert me.claim("short").id == first.id


def test_progress_is_told_with_a_rising_number_and_a_cancel_is_noticed(runs, me):
    run = ask(runs)
    claim = claim_of(me.claim("short"))
    numbers = []
    for bound in (1, 2, 3):
        me.keep([claim], progress={claim: {"bound": bound}})
        seen = runs.get(run.id, asked_by=None)
        assert seen.progress == {"bound": bound}
        numbers.append(seen.seq)
    me.keep([claim], progress={})
    assert runs.get(run.id, asked_by=None).seq == numbers[-1], "a lease that is renewed is no news"
    assert numbers == sorted(set(numbers))
    assert me.standing([claim]).cancelled == frozenset()
    runs.cancel(run.id, asked_by=None, act=act())
    assert me.standing([claim]).cancelled == {claim}


def test_state_and_files_are_there_together_or_not_at_all(runs, me, database, tmp_path, monkeypatch):
    run = ask(runs)
    claim, files = claim_of(me.claim("short")), FileStore(tmp_path)
    outcome = Outcome("done", some_result(files, claim=b"proof"))
    with monkeypatch.context() as broken:
        broken.setattr("layers.records.run_work.result_columns", lambda _result: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            me.finish(claim, outcome, progress={})
    assert runs.get(run.id, asked_by=None).state == "running"
    with database.reading() as connection:
        assert connection.scalars(select(file_table.c.sha)).all() == []
    assert me.finish(claim, outcome, progress={"bound": 5})
    done = runs.get(run.id, asked_by=None)
    assert (done.state, done.progress, done.summary["final"], done.owner) == ("done", {"bound": 5}, True, None)
    assert files.read(done.result_sha) == b'{"answer":1}'
    assert files.read(done.claim_sha) == b"proof"
    assert me.finish(claim, Outcome("failed"), progress={}) is False


def test_the_best_that_comes_after_a_cancel_is_added_with_its_claim_once(runs, me, tmp_path):
    run = ask(runs)
    claim, files = claim_of(me.claim("short")), FileStore(tmp_path)
    me.finish(claim, Outcome("cancelled", some_result(files)), progress={})
    shown = runs.get(run.id, asked_by=None)
    assert (shown.state, shown.claim_sha) == ("cancelled", None)
    me.amend(claim, Outcome("cancelled", some_result(files, claim=b"proof")))
    best = runs.get(run.id, asked_by=None)
    assert (best.state, files.read(best.claim_sha), best.seq > shown.seq) == ("cancelled", b"proof", True)
    me.amend(claim, Outcome("cancelled", some_result(files, content=b"{}")))
    me.amend(claim, Outcome("failed", error={"code": "x"}))
    assert runs.get(run.id, asked_by=None) == best
    runs.repeat(run.id, asked_by=None, act=act())
    me.amend(claim, Outcome("cancelled", some_result(files)))
    assert runs.get(run.id, asked_by=None).result_sha is None


def test_a_plan_that_was_shown_and_does_not_stand_its_check_is_taken_back(runs, me, tmp_path):
    run = ask(runs)
    claim = claim_of(me.claim("short"))
    me.finish(claim, Outcome("cancelled", some_result(FileStore(tmp_path))), progress={})
    me.amend(claim, Outcome("cancelled"))
    assert runs.get(run.id, asked_by=None).result_sha
    me.amend(claim, Outcome("failed", error={"code": "run-failed"}))
    taken_back = runs.get(run.id, asked_by=None)
    assert (taken_back.state, taken_back.result_sha, taken_back.summary) == ("failed", None, {})


def test_a_run_that_overran_its_lane_waits_in_the_other_when_it_is_given_back(runs, me):
    run = ask(runs)
    claim = claim_of(me.claim("short"))
    me.overrun(claim)
    me.release([claim])
    assert runs.get(run.id, asked_by=None).lane == "long"


def test_two_servers_claim_each_run_once(database_url):
    database = open_database(database_url)
    runs = RunStore(database)
    asked = {ask(runs, str(number)).id for number in range(16)}
    begin = threading.Barrier(4)

    def claim_all(number: int) -> list[str]:
        own = open_database(database_url)
        work = RunWork(own, owner=f"{AWAY[:-1]}{number}")
        begin.wait()
        claimed = []
        while (run := work.claim("short")) is not None:
            claimed.append(run.id)
        own.close()
        return claimed

    with ThreadPoolExecutor(4) as pool:
        claimed = [run_id for ids in pool.map(claim_all, range(4)) for run_id in ids]
    database.close()
    assert sorted(claimed) == sorted(asked)


def test_a_server_is_there_until_it_has_ended():
    assert not is_gone(server_name())
    command = "from layers.records.servers import server_name; print(server_name(), flush=True); input()"
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", command], env=environment, **pipes) as other:
        name = other.stdout.readline().decode().strip()
        assert not is_gone(name)
        other.kill()
        os.waitid(os.P_PID, other.pid, os.WEXITED | os.WNOWAIT)
        assert is_gone(name), "though nobody has asked yet how it ended"
        other.wait()
    assert is_gone(name)
    process, birth = name.split("-")[1:3]
    assert is_gone(f"{machine()}-{os.getpid()}-{birth}-00000000"), "another process has its number"
    assert not is_gone(f"000000000000-{process}-{birth}-00000000"), "of another machine nothing is known"
    for odd in ("", "x", f"{machine()}-x-1-0", f"{machine()}-1-0-0"):
        assert not is_gone(odd)
