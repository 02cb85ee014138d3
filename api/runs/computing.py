"""One run at work in a thread: what it is told, what it says, how it ends."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from api.actions.workplace import Workplace
from api.explain import ApiError
from api.runs.asked import Made, Plan, Show, content_of, refuse_outdated
from api.runs.asked_again import asked_again
from api.runs.failures import outcome_of_error
from layers.records.database_faults import DatabaseDownError
from layers.records.files import FileStore
from layers.records.run import Lane, Outcome, Result, Run
from layers.records.run_work import Claim
from planning.scenario.placed import AS_PLACED

_BRIEF_S, _FULL_S = 0.3, 1.8
"""So long a cancelled run is waited for: briefly before it has a plan, longer for the plan that it has."""


@dataclass
class Computing:
    """A run at work.

    Parameters
    ----------
    run
        As it was claimed.
    lane
        Where it is counted: a short one that overruns its lane is counted as long.
    """

    run: Run
    lane: Lane
    stop: threading.Event = field(default_factory=threading.Event)
    progress: dict[str, Any] = field(default_factory=dict)
    has_news: bool = False
    overran: bool = False
    began: float = field(default_factory=time.monotonic)
    cancelled_at: float | None = None
    outcome: Outcome | None = None
    is_shown: bool = False

    @property
    def claim(self) -> Claim:
        """The right that this server has to the run."""
        return Claim(self.run.id, self.run.attempts)

    @property
    def age_s(self) -> float:
        """Seconds since it began here."""
        return time.monotonic() - self.began

    def tell(self, progress: Mapping[str, Any]) -> None:
        """Take what the work says of itself."""
        self.progress.update(progress)
        self.has_news = True

    def cancel(self) -> None:
        """Tell the work to end with what it has."""
        if self.cancelled_at is None:
            self.cancelled_at = time.monotonic()
        self.stop.set()

    def is_overdue(self) -> bool:
        """Whether it was cancelled and has not ended in the time that it may take."""
        if self.cancelled_at is None or self.is_shown or self.outcome is not None:
            return False
        patience = _FULL_S if self.progress.get("incumbent") is not None else _BRIEF_S
        return time.monotonic() - self.cancelled_at > patience


def compute(at_work: Workplace, job: Computing, *, show: Show) -> Made | Outcome:
    """Compute a run and return the answer, or how it ended without one.

    Parameters
    ----------
    at_work
    job
    show
        Shown the best of a run that was told to stop, before its claim is checked.

    Raises
    ------
    DatabaseDownError
        If the plan that it is about cannot be looked up.
    """
    try:
        return _made(at_work, job, show)
    except DatabaseDownError:
        raise
    except Exception as error:  # noqa: BLE001 - kept and told to whoever asked
        return Outcome("cancelled") if job.stop.is_set() and not job.is_shown else outcome_of_error(error)


def outcome_of(files: FileStore, job: Computing, found: Made | Outcome) -> Outcome:
    """Return how a run ended, its files written.

    Parameters
    ----------
    files
    job
    found
        From :func:`compute`.

    Raises
    ------
    OSError
        If the files cannot be written.
    """
    if isinstance(found, Outcome):
        return found
    was_cut_off = job.stop.is_set() and not found.summary["final"]
    return Outcome("cancelled" if was_cut_off else "done", result_of(files, found))


def _made(at_work: Workplace, job: Computing, show: Show) -> Made:
    at_hand = at_work.county_of(job.run.question)
    asked = asked_again(job.run, plan_of_any(at_work), at_hand.tables.services, at_work.files.read)
    refuse_outdated(job.run, asked, at_hand)
    known = asked.kept(at_hand)
    if known is not None and asked.enough(known.summary):
        return known
    return asked.compute(at_hand, stop=job.stop.is_set, report=job.tell, show=show)


def result_of(files: FileStore, made: Made) -> Result:
    """Write an answer and its claim, and return what names them."""
    answer = files.put(content_of(made.answer), media_type="application/json")
    claim = None if made.claim is None else files.put(made.claim, media_type="application/json")
    return Result(answer, claim, made.summary)


def plan_of_any(at_work: Workplace) -> Callable[[str], Plan]:
    """Return what reads the plan of a run, whoever asked for it: the right to it was checked when it was named."""

    def read(run_id: str) -> Plan:
        run = at_work.runs.of_any(run_id)
        if run is None:
            raise ApiError(404, "unknown-plan", id=run_id)
        return read_plan(at_work.files, run)

    return read


def read_plan(files: FileStore, run: Run) -> Plan:
    """Return the plan that a run came to.

    Raises
    ------
    ApiError
        404 ``unknown-plan`` for another kind of run, 409 ``plan-unfinished``, 404 ``result-lost``.
    """
    if run.kind != "plan":
        raise ApiError(404, "unknown-plan", id=run.id)
    is_placed = run.summary.get("status") == AS_PLACED
    if run.result_sha is None or (run.claim_sha is None and not is_placed):
        raise ApiError(409, "plan-unfinished")
    content, claim = files.read(run.result_sha), files.read(run.claim_sha)
    if content is None or (claim is None and not is_placed):
        raise ApiError(404, "result-lost")
    return Plan(json.loads(content), claim)
