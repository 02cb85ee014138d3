"""Runs as their askers see them: one a question, theirs alone, in order, cancelled and repeated."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from run_questions import act, actions, anything, question, some_result
from sqlalchemy import select

from layers.records.database import Database, open_database
from layers.records.files import FileStore
from layers.records.run import Outcome, RevisionKey
from layers.records.run_work import Claim, RunWork
from layers.records.runs import MOST_OPEN, RunStore, TooManyRunsError
from layers.records.tables import file as file_table


@pytest.fixture
def runs(database: Database) -> RunStore:
    return RunStore(database)


@pytest.fixture
def work(database: Database) -> RunWork:
    return RunWork(database, owner="me")


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path)


def test_the_same_question_of_one_asker_is_one_run_and_of_another_another(runs):
    first = runs.ask(question(), asked_by="a", act=act())
    assert (first.state, first.seq, first.attempts) == ("queued", 1, 0)
    assert runs.ask(question(), asked_by="a", act=act()) == first
    assert runs.ask(question(), asked_by="b", act=act()).id != first.id
    assert runs.ask(question(), asked_by=None, act=act()).id != first.id
    assert runs.ask(question("other"), asked_by="a", act=act()).id != first.id


def test_a_run_says_which_revision_of_a_scenario_asked_and_is_no_others(runs):
    first, later = RevisionKey("a" * 32, 1), RevisionKey("a" * 32, 2)
    plain = runs.ask(question(), asked_by="a", act=act())
    assert (plain.scenario_id, plain.scenario_n) == (None, None)
    of_first = runs.ask(question(), asked_by="a", act=act(), revision=first)
    of_later = runs.ask(question(), asked_by="a", act=act(), revision=later)
    assert (of_first.scenario_id, of_first.scenario_n) == first
    assert len({plain.id, of_first.id, of_later.id}) == 3
    assert runs.get(of_first.id, asked_by="a") == of_first
    assert runs.ask(question(), asked_by="a", act=act(), revision=first) == of_first
    assert runs.ask(question(), asked_by="a", act=act()).id in {plain.id, of_first.id, of_later.id}
    assert runs.cancel(of_first.id, asked_by="a", act=act()).scenario_n == 1


def test_a_run_is_there_for_its_asker_only(runs):
    mine = runs.ask(question(), asked_by="a", act=act())
    local = runs.ask(question(), asked_by=None, act=act())
    assert runs.get(mine.id, asked_by="a") == mine
    assert runs.get(local.id, asked_by=None) == local
    for asker, run in (("b", mine), (None, mine), ("a", local)):
        assert runs.get(run.id, asked_by=asker) is None
        assert runs.cancel(run.id, asked_by=asker, act=act()) is None
        assert runs.repeat(run.id, asked_by=asker, act=act()) is None
    assert [run.id for run, _ in runs.recent(asked_by="a", limit=9)] == [mine.id]
    assert runs.get(mine.id, asked_by="a").state == "queued"


def test_what_is_no_id_is_no_run(runs):
    for name in ("", "none", "x" * 32, "\x00", "a" * 31, "A" * 32):
        assert runs.get(name, asked_by=None) is None
        assert runs.of_any(name) is None


def test_each_question_and_each_cancel_is_in_the_audit_once(database, runs):
    run = runs.ask(question(), asked_by="a", act=act())
    runs.ask(question(), asked_by="a", act=act())
    runs.cancel(run.id, asked_by="a", act=act("run.cancelled"))
    runs.cancel(run.id, asked_by="b", act=act("run.cancelled"))
    runs.repeat(run.id, asked_by="a", act=act("run.repeated"))
    told = [("plan.asked", run.id)] * 2 + [("run.cancelled", run.id), ("run.repeated", run.id)]
    assert actions(database) == told


def test_places_count_those_that_wait_before_in_the_same_lane(runs, work):
    first, second, long, third = (
        runs.ask(question(name, lane=lane), asked_by="a", act=act())
        for name, lane in (("1", "short"), ("2", "short"), ("3", "long"), ("4", "short"))
    )
    assert [runs.place(run) for run in (first, second, long, third)] == [1, 2, 1, 3]
    assert work.claim("short").id == first.id
    assert runs.place(runs.get(first.id, asked_by="a")) is None
    assert [place for _, place in runs.recent(asked_by="a", limit=9)] == [2, 1, 1, None]
    assert {run.id: place for run, place in runs.seen([second.id, third.id]).values()} == {second.id: 1, third.id: 2}


def test_a_waiting_run_is_cancelled_at_once_and_never_claimed(runs, work):
    run = runs.ask(question(), asked_by="a", act=act())
    ended = runs.cancel(run.id, asked_by="a", act=act())
    assert (ended.state, ended.result_sha, ended.seq) == ("cancelled", None, 2)
    assert work.claim("short") is None
    assert runs.ask(question(), asked_by="a", act=act()).id != run.id, "it may be asked for again"


def test_what_came_to_nothing_is_repeated_at_the_end_of_the_queue(runs, work, files):
    run = runs.ask(question(), asked_by="a", act=act())
    for state in ("failed", "interrupted", "cancelled"):
        claimed = work.claim("short")
        assert work.finish(Claim(run.id, claimed.attempts), Outcome(state, error={"code": "x"}), progress={})
        again = runs.repeat(run.id, asked_by="a", act=act())
        assert (again.id, again.state, again.error, again.attempts) == (run.id, "queued", None, 0)
    claimed = work.claim("short")
    work.finish(Claim(run.id, claimed.attempts), Outcome("done", some_result(files)), progress={})
    done = runs.repeat(run.id, asked_by="a", act=act())
    assert done.state == "done", "what is done is not done again"


def test_an_answer_that_is_known_makes_a_run_that_is_done(database, runs, files):
    result = some_result(files, claim=b"{}")
    run = runs.ask(question(), asked_by="a", act=act(), result=result)
    assert (run.state, run.result_sha, run.claim_sha) == ("done", result.answer.sha, result.claim.sha)
    assert runs.get(run.id, asked_by="a") == run
    assert [one.id for one in runs.answered(question())] == [run.id]
    assert runs.answered(question(code="another edition")) == []
    with database.reading() as connection:
        assert set(connection.scalars(select(file_table.c.sha))) == {run.result_sha, run.claim_sha}


def test_a_result_that_will_not_do_is_asked_for_anew(runs, files):
    first = runs.ask(question(), asked_by="a", act=act(), result=some_result(files))
    assert runs.ask(question(), asked_by="a", act=act()).id == first.id
    second = runs.ask(question(), asked_by="a", act=act(), enough=lambda run: run.summary["final"] == "never")
    assert second.id != first.id
    assert second.state == "queued"


def test_an_asker_may_have_so_many_waiting_and_no_more(database, runs, files):
    for number in range(MOST_OPEN):
        runs.ask(question(str(number)), asked_by="a", act=act())
    before = actions(database)
    with pytest.raises(TooManyRunsError):
        runs.ask(question("one more"), asked_by="a", act=act())
    assert actions(database) == before, "what is refused is not recorded"
    assert runs.ask(question("0"), asked_by="a", act=act()).state == "queued", "what waits may be asked for"
    assert runs.ask(question("known"), asked_by="a", act=act(), result=some_result(files)).state == "done"
    assert runs.ask(question("one more"), asked_by="b", act=act()).state == "queued"


def test_one_question_asked_many_times_at_once_is_one_run(database_url):
    def ask(_number: int) -> str:
        database = open_database(database_url)
        try:
            return RunStore(database).ask(question(), asked_by="a", act=act()).id
        finally:
            database.close()

    ask(0)  # makes the tables
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(ask, range(16)))) == 1


@pytest.mark.parametrize("value", ["\x00", "a\x00b", "\\u0000", "路灯 💡"])
def test_any_text_is_kept(runs, work, value):
    run = runs.ask(question(body={"room": value, "of": [anything(value)]}), asked_by=None, act=act())
    claimed = work.claim("short")
    assert claimed.question == run.question
    error = {"code": "x", "faults": [{"value": value}]}
    work.finish(Claim(run.id, claimed.attempts), Outcome("failed", error=error), progress={"step": value})
    assert runs.get(run.id, asked_by=None).state == "failed"
