"""Long work in the background: progress to look at, cancelled at once."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any, Literal

State = Literal["running", "done", "cancelled", "failed"]
_KEPT = 200  # finished jobs that can still be asked for
_LONGEST_END_S = 1.5
_WAITING = 20  # jobs at once; more are refused


@dataclass
class Job:
    """One piece of work.

    Parameters
    ----------
    id
        Name; the same work asked for twice is one job.
    progress
        What the work last said of itself.
    """

    id: str
    state: State = "running"
    progress: dict[str, Any] = field(default_factory=dict)
    result: dict[str, Any] | None = None
    error: Exception | None = None
    started: float = field(default_factory=time.monotonic)
    ended: float | None = None
    stop: threading.Event = field(default_factory=threading.Event)
    finished: threading.Event = field(default_factory=threading.Event)

    @property
    def elapsed_s(self) -> float:
        """Seconds since the start, or until the end."""
        return (self.ended or time.monotonic()) - self.started

    def as_dict(self) -> dict[str, Any]:
        """Return how far the work is and its result, as JSON; work that failed raises its error."""
        if self.state == "failed" and self.error is not None:
            raise self.error
        return {
            "id": self.id,
            "state": self.state,
            "elapsed_s": round(self.elapsed_s, 2),
            "progress": dict(self.progress),
            "result": self.result,
        }


class TooManyJobsError(Exception):
    """Raised when the queue is full."""


class Jobs:
    """Runs work one after the other beside the requests.

    The solvers release the interpreter while they compute, so a thread is enough; work reads
    its ``Job.stop`` and writes its ``Job.progress``.

    Parameters
    ----------
    recall
        Gives the result of work done before this service was started, by the name of the job.
    """

    def __init__(self, recall: Callable[[str], dict[str, Any] | None] = lambda _name: None) -> None:
        self._recall = recall
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._lock = threading.Lock()
        self._queue: SimpleQueue[tuple[Job, Callable[[Job], dict[str, Any]]] | None] = SimpleQueue()
        # A thread that does not keep the process: a computation that is slow to notice its end is left behind.
        self._thread = threading.Thread(target=self._run_all, name="jobs", daemon=True)
        self._thread.start()

    def submit(
        self,
        job_id: str,
        work: Callable[[Job], dict[str, Any]],
        *,
        enough: Callable[[dict[str, Any]], bool] = lambda _result: True,
    ) -> Job:
        """Start work, or return the job that already does it.

        Parameters
        ----------
        job_id
            Hash of what is asked for.
        work
            Called with the job in a thread; its return value becomes the result.
        enough
            Whether a result that is there will do; otherwise the work is done anew.

        Raises
        ------
        TooManyJobsError
            If too many jobs wait.
        """
        with self._lock:
            known = self._jobs.get(job_id)
            if known is not None and (known.state == "running" or _has_enough(known, enough)):
                return known
            if sum(job.state == "running" for job in self._jobs.values()) >= _WAITING:
                raise TooManyJobsError(job_id)
            job = Job(job_id)
            self._jobs[job_id] = job
            self._jobs.move_to_end(job_id)
            self._forget_old()
        self._queue.put((job, work))
        return job

    def get(self, job_id: str) -> Job | None:
        """Return a job by its name: at work, done, or done before this service was started."""
        known = self._jobs.get(job_id)
        result = self._recall(job_id) if known is None else None
        return known if result is None else Job(job_id, "done", result=result, ended=time.monotonic())

    def cancel(self, job_id: str) -> Job | None:
        """Ask a job to stop; a waiting one never starts."""
        job = self.get(job_id)
        if job is not None and job.state == "running":
            job.stop.set()
        return job

    def close(self) -> None:
        """Stop everything; what does not stop within a second and a half is left behind."""
        for job in list(self._jobs.values()):
            job.stop.set()
        self._queue.put(None)
        self._thread.join(_LONGEST_END_S)

    @property
    def is_alive(self) -> bool:
        """Whether work that is asked for is done."""
        return self._thread.is_alive()

    @property
    def waiting(self) -> int:
        """How many jobs are at work or wait."""
        return sum(job.state == "running" for job in list(self._jobs.values()))

    def _run_all(self) -> None:
        while (asked := self._queue.get()) is not None:
            self._run(*asked)

    def _run(self, job: Job, work: Callable[[Job], dict[str, Any]]) -> None:
        try:
            if not job.stop.is_set():
                job.result = work(job)
            job.state = "cancelled" if job.stop.is_set() else "done"
        except Exception as error:  # noqa: BLE001 - kept and told to whoever asks for the job
            job.error, job.state = error, "failed"
        finally:
            job.ended = time.monotonic()
            job.finished.set()

    def _forget_old(self) -> None:
        ended = [name for name, job in self._jobs.items() if job.state != "running"]
        for name in ended[: max(0, len(self._jobs) - _KEPT)]:
            del self._jobs[name]


def _has_enough(job: Job, enough: Callable[[dict[str, Any]], bool]) -> bool:
    return job.state == "done" and job.result is not None and enough(job.result)
