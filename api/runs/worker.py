"""Computes the runs that wait, each in a thread of its own, beside the requests."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar, get_args

from api.actions.workplace import Workplace
from api.runs.asked import Made
from api.runs.computing import Computing, compute, outcome_of, result_of
from api.runs.lanes import OVERRUN_S, has_room
from layers.records.database_faults import DatabaseDownError
from layers.records.run import Lane, Outcome, Run
from layers.records.run_work import LEASE_S, RunWork
from layers.records.servers import server_name

_BUSY_REST_S, _CANCEL_REST_S, _IDLE_REST_S = 0.25, 0.1, 1.0
"""Between two looks: with runs at work, with one that is to end, and with none."""
_TOLD_EVERY_S = 0.5
_LONGEST_END_S = 1.0
_KEPT_UNWRITTEN_S = 900.0
"""So long it is tried to write how a run ended; then its lease ends, and it is computed anew."""
_ALIVE_S = 30.0
T = TypeVar("T")
_LOG = logging.getLogger(__name__)


class Worker:
    """The runs at work in this process, and the thread that looks after them.

    The solvers release the interpreter while they compute, so threads are enough. One thread claims runs, renews
    the claims, writes how far they are and notices what is cancelled elsewhere; it waits for no computation.

    Parameters
    ----------
    at_work
    on_change
        Told, in any thread, that a run has changed.
    """

    def __init__(self, at_work: Workplace, *, on_change: Callable[[], None] = lambda: None) -> None:
        self._at_work = at_work
        self._on_change = on_change
        self._name = server_name()
        self._jobs: dict[str, Computing] = {}
        self._threads: set[threading.Thread] = set()
        self._wake = threading.Event()
        self._ending = threading.Event()
        self._waiting = 0
        self._told_at = self._renewed_at = self._looked_at = time.monotonic()
        self._down: str | None = None
        self._thread = threading.Thread(target=self._run_all, name="runs", daemon=True)
        self._thread.start()

    def look(self) -> None:
        """Look at once for runs that wait: one was asked for."""
        self._wake.set()

    def cancel(self, run: Run) -> None:
        """Tell a run that is at work here to end; those of other servers notice by themselves."""
        job = self._jobs.get(run.id)
        if job is not None and run.cancel_at is not None:
            job.cancel()
        self._wake.set()

    def prepare_to_end(self) -> None:
        """Begin no more, and put what is at work back into the queue: this server ends, the runs do not."""
        self._ending.set()
        self._wake.set()

    def close(self) -> None:
        """End; what does not end within a second is left behind."""
        self.prepare_to_end()
        deadline = time.monotonic() + _LONGEST_END_S
        for thread in (self._thread, *list(self._threads)):
            thread.join(max(0.0, deadline - time.monotonic()))

    @property
    def is_alive(self) -> bool:
        """Whether runs that are asked for are computed."""
        return self._thread.is_alive() and time.monotonic() - self._looked_at < _ALIVE_S

    @property
    def waiting(self) -> int:
        """How many runs are at work here or wait for any server."""
        return len(self._jobs) + self._waiting

    def _work(self) -> RunWork:
        return RunWork(self._at_work.database.get(), owner=self._name)

    def _run_all(self) -> None:
        while not self._ending.is_set():
            self._looked_at = time.monotonic()
            self._look_safely()
            self._wake.wait(self._rest_s())
            self._wake.clear()
        self._release()

    def _release(self) -> None:
        """Give back what is at work, whether it is nearly done or not: whoever takes it up finds it in the cache."""
        jobs = list(self._jobs.values())
        try:
            if jobs:
                self._work().release([job.claim for job in jobs])
        except DatabaseDownError as error:
            _LOG.warning("runs are left to their leases: %s", error)
        for job in jobs:
            job.stop.set()

    def _look_safely(self) -> None:
        try:
            self._look_after(self._work())
            self._down = None
        except DatabaseDownError as error:
            if self._down != error.reason:
                _LOG.warning("runs wait for the database: %s", error)
            self._down = error.reason
        except Exception:  # noqa: BLE001 - the next look may do better, whatever it was
            _LOG.exception("runs cannot be looked after for the moment")

    def _rest_s(self) -> float:
        jobs = list(self._jobs.values())
        if any(job.cancelled_at is not None for job in jobs):
            return _CANCEL_REST_S
        return _BUSY_REST_S if jobs else _IDLE_REST_S

    def _look_after(self, work: RunWork) -> None:
        self._check_claims(work)
        self._tell(work)
        self._move_overruns(work)
        self._begin_more(work)

    def _write(self, work: RunWork, job: Computing) -> None:
        """Write how a run ended; one that was cancelled without waiting gets what came of it after all."""
        if job.outcome is not None and not work.finish(job.claim, job.outcome, progress=job.progress):
            work.amend(job.claim, job.outcome)
        self._on_change()

    def _check_claims(self, work: RunWork) -> None:
        """Notice what was cancelled elsewhere, what is lost to another server, and what is slow to end."""
        jobs = {job.claim: job for job in list(self._jobs.values()) if job.outcome is None}
        if not jobs:
            return
        standing = work.standing(jobs)
        for claim in standing.cancelled:
            jobs[claim].cancel()
        for claim in standing.lost:
            if jobs[claim].outcome is None:
                jobs[claim].stop.set()
                self._drop(jobs[claim])
        for job in jobs.values():
            if job.is_overdue():
                self._leave(work, job)

    def _leave(self, work: RunWork, job: Computing) -> None:
        """End a cancelled run without waiting for its thread; the best plan is added if it comes."""
        work.finish(job.claim, Outcome("cancelled"), progress=job.progress)
        self._drop(job)
        self._on_change()

    def _tell(self, work: RunWork) -> None:
        """Write how far the runs are, at most twice a second, and renew the claims in good time."""
        now = time.monotonic()
        jobs = {job.claim: job for job in list(self._jobs.values()) if job.outcome is None}
        news = {claim: dict(job.progress) for claim, job in jobs.items() if job.has_news}
        if not jobs or not ((news and now - self._told_at >= _TOLD_EVERY_S) or now - self._renewed_at >= LEASE_S / 3):
            return
        for claim in news:
            jobs[claim].has_news = False
        work.keep(jobs, progress=news)
        self._told_at = self._renewed_at = now
        if news:
            self._on_change()

    def _move_overruns(self, work: RunWork) -> None:
        for job in list(self._jobs.values()):
            if job.lane == "short" and not job.overran and job.age_s > OVERRUN_S and job.outcome is None:
                job.overran = True
                work.overrun(job.claim)

    def _begin_more(self, work: RunWork) -> None:
        waiting = work.waiting(self._jobs)
        for lane in get_args(Lane):
            while not self._ending.is_set() and waiting.get(lane, 0) and self._has_room(lane):
                run = work.claim(lane, held=self._jobs)
                if run is None:
                    waiting[lane] = 0
                else:
                    waiting[lane] -= 1
                    self._begin(run)
        self._waiting = sum(waiting.values())

    def _has_room(self, lane: Lane) -> bool:
        jobs = list(self._jobs.values())
        at_work = sum(job.lane == lane and not job.overran for job in jobs)
        return has_room(lane, at_work=at_work, overruns=sum(job.overran for job in jobs))

    def _begin(self, run: Run) -> None:
        job = Computing(run, run.lane)
        self._jobs[run.id] = job
        thread = threading.Thread(target=self._compute, args=(job,), name=f"run-{run.id[:8]}", daemon=True)
        self._threads.add(thread)
        thread.start()
        self._on_change()

    def _compute(self, job: Computing) -> None:
        """Compute a run and write how it ended, again and again while database or disk are away."""
        found = self._insist(lambda: compute(self._at_work, job, show=partial(self._show, job)))
        if found is not None:
            job.outcome = self._insist(lambda: outcome_of(self._at_work.files, job, found))
        if job.outcome is not None:
            self._insist(lambda: self._write(self._work(), job))
        self._drop(job)
        self._threads.discard(threading.current_thread())
        self._wake.set()

    def _show(self, job: Computing, best: Made) -> None:
        """End a cancelled run with its best plan at once: checking the claim may take longer than a cancel may."""
        if job.cancelled_at is None or self._ending.is_set():
            return
        try:
            shown = Outcome("cancelled", result_of(self._at_work.files, best))
            job.is_shown = self._work().finish(job.claim, shown, progress=job.progress)
        except (DatabaseDownError, OSError):
            return  # the end will tell
        self._drop(job)
        self._on_change()

    def _insist(self, attempt: Callable[[], T]) -> T | None:
        """Return what an attempt gives, ``None`` when it has failed for too long or this server ends."""
        deadline = time.monotonic() + _KEPT_UNWRITTEN_S
        while not self._ending.is_set():
            try:
                return attempt()
            except (DatabaseDownError, OSError) as error:
                if time.monotonic() > deadline:
                    _LOG.warning("a run is given back, its end cannot be written: %s", error)
                    return None
                self._ending.wait(_BUSY_REST_S * 2)
        return None

    def _drop(self, job: Computing) -> None:
        if self._jobs.get(job.run.id) is job:
            del self._jobs[job.run.id]
