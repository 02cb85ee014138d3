"""The file of a run that is done comes to the publications that wait for it, once, whichever is first."""

from __future__ import annotations

from pathlib import Path

import pytest
from publication_rows import published
from run_questions import act, question, some_result
from scenario_rows import acts

from gis.faults import FaultsError
from layers.records.counter_runs import name_counter_run
from layers.records.database import Database
from layers.records.files import FileStore
from layers.records.publications import PublicationStore
from layers.records.run import Outcome, Run
from layers.records.run_work import Claim, RunWork
from layers.records.runs import RunStore
from layers.records.servers import server_name


def ask(database: Database, name: str = "q") -> Run:
    return RunStore(database).ask(question(name), asked_by=None, act=act())


def end(database: Database, data_dir: Path, *, content: bytes = b"{}", state: str = "done") -> Run:
    """Compute the next run that waits."""
    work = RunWork(database, owner=server_name())
    run = work.claim("short")
    assert run is not None
    outcome = Outcome(state, some_result(FileStore(data_dir), content=content))  # type: ignore[arg-type]
    assert work.finish(Claim(run.id, run.attempts), outcome, progress={})
    return run


def counter_of(database: Database, slug: str) -> tuple[str | None, str | None]:
    found = PublicationStore(database).get(slug)
    assert found is not None
    return found.counter_run, found.counter_sha


def test_a_run_that_ends_gives_its_file_to_the_publications_that_wait_for_it(database, data_dir):
    for slug in ("one-2026", "two-2026", "other-2026"):
        published(database, data_dir, slug=slug)
    run = ask(database)
    for slug in ("one-2026", "two-2026"):
        assert name_counter_run(database, slug, run.id).counter_sha is None
    end(database, data_dir)
    done = RunStore(database).of_any(run.id)
    assert counter_of(database, "one-2026") == counter_of(database, "two-2026") == (run.id, done.result_sha)
    assert counter_of(database, "other-2026") == (None, None)
    told = [one for one in acts(database) if one[0] == "publication.counter-proposals"]
    assert told == [
        ("publication.counter-proposals", "publication", slug, {"sha": done.result_sha})
        for slug in ("one-2026", "two-2026")
    ]


def test_a_run_that_has_ended_before_gives_its_file_at_once(database, data_dir):
    published(database, data_dir)
    run = ask(database)
    end(database, data_dir)
    made = name_counter_run(database, "yanglao-2026", run.id)
    assert made.counter_sha == RunStore(database).of_any(run.id).result_sha is not None


@pytest.mark.parametrize("state", ["cancelled", "failed", "interrupted"])
def test_what_came_to_no_end_is_no_file_and_another_run_may_follow(database, data_dir, state):
    published(database, data_dir)
    first = ask(database)
    name_counter_run(database, "yanglao-2026", first.id)
    end(database, data_dir, state=state)
    assert counter_of(database, "yanglao-2026") == (first.id, None)
    second = ask(database, "again")
    name_counter_run(database, "yanglao-2026", second.id)
    end(database, data_dir)
    assert counter_of(database, "yanglao-2026")[0] == second.id
    assert counter_of(database, "yanglao-2026")[1] is not None


def test_the_file_that_came_first_stays(database, data_dir):
    body = published(database, data_dir).body_sha
    for number in range(2):
        run = ask(database, f"q{number}")
        name_counter_run(database, "yanglao-2026", run.id)
        end(database, data_dir, content=b"%d" % number)
    first = FileStore(data_dir).put(b"0", media_type="application/json").sha
    found = PublicationStore(database).get("yanglao-2026")
    assert (found.counter_sha, found.body_sha) == (first, body)


def test_there_must_be_such_a_publication(database):
    run = ask(database)
    with pytest.raises(FaultsError, match="unknown-publication"):
        name_counter_run(database, "none-of-these", run.id)
