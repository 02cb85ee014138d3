"""Background work: the same work is one job, it reports, it can be cancelled, it may fail."""

import threading

import pytest

from api.jobs import Jobs, TooManyJobsError


@pytest.fixture
def jobs():
    made = Jobs()
    yield made
    made.close()


def test_the_same_work_asked_for_twice_runs_once(jobs):
    calls = []
    first = jobs.submit("a", lambda job: calls.append(job.id) or {"answer": 1})
    assert first.finished.wait(5)
    assert jobs.submit("a", lambda job: pytest.fail("ran again")) is first
    assert first.result == {"answer": 1}
    assert (first.state, calls) == ("done", ["a"])


def test_a_running_job_stops_when_cancelled_and_keeps_its_best(jobs):
    started = threading.Event()

    def work(job):
        job.progress["incumbent"] = 7
        started.set()
        assert job.stop.wait(5)
        return {"best": 7}

    job = jobs.submit("slow", work)
    assert started.wait(5)
    jobs.cancel("slow")
    assert job.finished.wait(5)
    assert (job.state, job.result, job.progress) == ("cancelled", {"best": 7}, {"incumbent": 7})


def test_a_job_cancelled_while_it_waits_never_starts_and_can_be_asked_for_again(jobs):
    gate = threading.Event()
    jobs.submit("first", lambda job: gate.wait(5) and {})
    waiting = jobs.submit("second", lambda job: pytest.fail("started"))
    jobs.cancel("second")
    gate.set()
    assert waiting.finished.wait(5)
    assert waiting.state == "cancelled"
    again = jobs.submit("second", lambda job: {"ran": True})
    assert again.finished.wait(5)
    assert again.result == {"ran": True}


def test_a_failure_is_kept_for_whoever_asks(jobs):
    def work(job):
        raise KeyError("gone")

    job = jobs.submit("bad", work)
    assert job.finished.wait(5)
    assert job.state == "failed"
    assert isinstance(job.error, KeyError)


def test_a_full_queue_refuses(jobs):
    gate = threading.Event()
    for number in range(20):
        jobs.submit(str(number), lambda job: gate.wait(5) and {})
    with pytest.raises(TooManyJobsError):
        jobs.submit("one more", lambda job: {})
    gate.set()


def test_work_done_before_the_start_is_recalled_by_its_name():
    jobs = Jobs(recall={"old": {"answer": 1}}.get)
    try:
        known = jobs.get("old")
        assert known is not None
        assert (known.state, known.result) == ("done", {"answer": 1})
        assert jobs.cancel("old").state == "done"
        assert jobs.get("new") is None
    finally:
        jobs.close()


def test_a_result_that_will_not_do_is_worked_out_anew(jobs):
    first = jobs.submit("a", lambda job: {"answer": 1})
    assert first.finished.wait(5)
    again = jobs.submit("a", lambda job: {"answer": 2}, enough=lambda result: result["answer"] > 1)
    assert again.finished.wait(5)
    assert again.result == {"answer": 2}
    assert jobs.submit("a", lambda job: {}, enough=lambda result: result["answer"] > 1) is again
