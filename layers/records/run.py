"""A run: a computation that was asked for, as a record that outlives whoever computes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import Row

from layers.records.files import StoredFile

State = Literal["queued", "running", "done", "cancelled", "failed", "interrupted"]
Lane = Literal["short", "long"]
OPEN: tuple[State, ...] = ("queued", "running")
"""States of runs that nobody has to ask for again."""
REPEATABLE: tuple[State, ...] = ("interrupted", "failed", "cancelled")


@dataclass(frozen=True)
class Question:
    """What is asked for, complete enough for any process to compute it.

    Parameters
    ----------
    kind
        ``plan``, ``study``, ``futures`` or ``counter-proposals``.
    id
        Hash of what is asked: whoever asks the same gets the same answer.
    body
        The question as it was asked, plain values.
    county_version
        The build of the county that it is about.
    code_version
        The edition of the program that answers it.
    lane
        Where it waits.
    """

    kind: str
    id: str
    body: Mapping[str, Any]
    county_version: str
    code_version: str
    lane: Lane


class RevisionKey(NamedTuple):
    """A revision of a scenario: which one asked."""

    scenario_id: str
    n: int


@dataclass(frozen=True)
class Result:
    """What a run came to.

    Parameters
    ----------
    answer
        The file that people and programs read.
    claim
        The file that checking it needs, ``None`` for answers that carry no proof.
    summary
        What can be told without opening a file.
    """

    answer: StoredFile
    claim: StoredFile | None
    summary: Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    Parameters
    ----------
    state
    result
        Of a run that is done, or the best so far of one that was cancelled.
    error
        Code and figures of what went wrong, plain values.
    """

    state: State
    result: Result | None = None
    error: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Run:
    """A run as it stands in its row; ``seq`` rises with each change.

    ``scenario_id`` and ``scenario_n`` name the revision of a scenario that asked, if one did.
    """

    id: str
    kind: str
    question_id: str
    question: Mapping[str, Any]
    county_version: str
    code_version: str
    lane: Lane
    state: State
    asked_by: str | None
    asked_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    cancel_at: datetime | None
    owner: str | None
    lease_until: datetime | None
    attempts: int
    seq: int
    progress: Mapping[str, Any] = field(default_factory=dict)
    summary: Mapping[str, Any] = field(default_factory=dict)
    result_sha: str | None = None
    claim_sha: str | None = None
    error: Mapping[str, Any] | None = None
    scenario_id: str | None = None
    scenario_n: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether it waits or is computed."""
        return self.state in OPEN


def run_of(row: Row[Any]) -> Run:
    """Return the run of a row of the table."""
    return Run(**row._mapping)
