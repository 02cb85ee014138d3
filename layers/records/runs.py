"""Runs as their askers see them: asked for, looked at, cancelled, repeated."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, insert, or_, select, text, update

from layers.records.audit import Act, record
from layers.records.clock import now_of
from layers.records.database import Database
from layers.records.files import name_files
from layers.records.plain import storable
from layers.records.run import OPEN, REPEATABLE, Question, Result, RevisionKey, Run, run_of
from layers.records.tables import run as run_table

MOST_OPEN = 20
"""Runs that one asker may have waiting or at work."""
_ID = re.compile(r"[0-9a-f]{32}")
_ASKER_LOCK = 371424_003
"""First key of the advisory lock under which one asker's questions come in one after the other."""


class TooManyRunsError(Exception):
    """Raised when so many runs of an asker wait that another one is refused."""


class RunStore:
    """Runs in a database, each seen by its asker only.

    Parameters
    ----------
    database
        As ``open_database`` returns it; may be shared by threads and processes.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def ask(
        self,
        question: Question,
        *,
        asked_by: str | None,
        act: Act,
        result: Result | None = None,
        enough: Callable[[Run], bool] = lambda _run: True,
        revision: RevisionKey | None = None,
    ) -> Run:
        """Return the asker's run for a question: the one that is there, or a new one.

        Parameters
        ----------
        question
        asked_by
            Account, ``None`` in solo mode.
        act
            Recorded with the run as its object.
        result
            The answer, where it is known already: then the new run is done.
        enough
            Whether the result of a run that is done will do.
        revision
            The revision of a scenario that asks, if one does: then a run of another one is not its run.

        Raises
        ------
        TooManyRunsError
            If the run would have to wait and too many of this asker do.
        """
        with self._database.writing() as connection:
            _one_after_the_other(connection, asked_by)
            known = _latest(connection, question, asked_by, revision)
            if known is None or not (known.is_open or (known.state == "done" and enough(known))):
                known = self._add(connection, question, asked_by, result, revision)
            record(connection, replace(act, object_kind="run", object_id=known.id))
        return known

    def get(self, run_id: str, *, asked_by: str | None) -> Run | None:
        """Return a run of this asker, ``None`` if there is none: those of others are not there."""
        with self._database.reading() as connection:
            return _one(connection, run_id, asked_by)

    def of_any(self, run_id: str) -> Run | None:
        """Return a run whoever asked for it: for the service itself."""
        found = self.seen([run_id]).get(run_id)
        return found[0] if found else None

    def recent(self, *, asked_by: str | None, limit: int) -> list[tuple[Run, int | None]]:
        """Return the latest runs of an asker with their places in the queue, newest first."""
        mine = select(run_table).where(_asked_by(asked_by)).order_by(*_newest_first()).limit(limit)
        with self._database.reading() as connection:
            runs = [run_of(row) for row in connection.execute(mine)]
            return [(run, _place(connection, run)) for run in runs]

    def latest(self, question: Question, *, asked_by: str | None, revision: RevisionKey | None = None) -> Run | None:
        """Return the asker's latest run for a question, of that revision if one is named; ``None`` before one."""
        with self._database.reading() as connection:
            return _latest(connection, question, asked_by, revision)

    def answered(self, question: Question) -> list[Run]:
        """Return the latest runs of anybody that are done with this question, newest first."""
        done = _same(question).where(run_table.c.state == "done", run_table.c.result_sha.is_not(None))
        with self._database.reading() as connection:
            return [run_of(row) for row in connection.execute(done.limit(5))]

    def seen(self, ids: Collection[str]) -> dict[str, tuple[Run, int | None]]:
        """Return runs by id with their places in the queue: for those who watch, whose right was checked before."""
        with self._database.reading() as connection:
            found = connection.execute(select(run_table).where(run_table.c.id.in_(_real(ids))))
            runs = [run_of(row) for row in found]
            return {run.id: (run, _place(connection, run)) for run in runs}

    def place(self, run: Run) -> int | None:
        """Return the place of a run in its queue, 1 for the next; ``None`` once it does not wait."""
        if run.state != "queued":
            return None
        with self._database.reading() as connection:
            return _place(connection, run)

    def cancel(self, run_id: str, *, asked_by: str | None, act: Act) -> Run | None:
        """Cancel a run: a waiting one ends here, one at work is told to end, one that has ended stays as it is.

        Returns
        -------
        Run
            As it stands then, ``None`` if this asker has no such run.
        """
        with self._database.writing() as connection:
            run = _one(connection, run_id, asked_by, lock=True)
            if run is None:
                return None
            now = now_of(connection)
            if run.state == "queued":
                _change(connection, run, state="cancelled", cancel_at=now, ended_at=now)
            elif run.state == "running" and run.cancel_at is None:
                _change(connection, run, cancel_at=now)
            record(connection, replace(act, object_kind="run", object_id=run_id))
            return _one(connection, run_id, asked_by)

    def repeat(
        self, run_id: str, *, asked_by: str | None, act: Act, is_lost: Callable[[Run], bool] = lambda _run: False
    ) -> Run | None:
        """Put a run that came to nothing into the queue again; one that waits, works or is done stays as it is.

        Parameters
        ----------
        run_id, asked_by
        act
            Recorded with the run as its object.
        is_lost
            Whether the result of a run that is done is gone, so that it came to nothing after all.

        Raises
        ------
        TooManyRunsError
            If too many runs of this asker wait.
        """
        with self._database.writing() as connection:
            _one_after_the_other(connection, asked_by)
            run = _one(connection, run_id, asked_by, lock=True)
            if run is None:
                return None
            if run.state in REPEATABLE or (run.state == "done" and is_lost(run)):
                _refuse_too_many(connection, asked_by)
                _change(connection, run, **_afresh(connection))
            record(connection, replace(act, object_kind="run", object_id=run_id))
            return _one(connection, run_id, asked_by)

    @staticmethod
    def _add(
        connection: Connection,
        question: Question,
        asked_by: str | None,
        result: Result | None,
        revision: RevisionKey | None,
    ) -> Run:
        if result is None:
            _refuse_too_many(connection, asked_by)
        else:
            name_files(connection, [one for one in (result.answer, result.claim) if one is not None])
        row = {**_new_row(connection, question, asked_by), **(_done(connection, result) if result else {})}
        row["scenario_id"], row["scenario_n"] = revision or (None, None)
        connection.execute(insert(run_table).values(row))
        return Run(**row)


def _new_row(connection: Connection, question: Question, asked_by: str | None) -> dict[str, Any]:
    blank = dict.fromkeys(("started_at", "ended_at", "cancel_at", "owner", "lease_until", "error"))
    return {
        **blank,
        "id": uuid.uuid4().hex,
        "kind": question.kind,
        "question_id": question.id,
        "question": storable(question.body),
        "county_version": question.county_version,
        "code_version": question.code_version,
        "lane": question.lane,
        "state": "queued",
        "asked_by": asked_by,
        "asked_at": now_of(connection),
        "attempts": 0,
        "seq": 1,
        "progress": {},
        "summary": {},
        "result_sha": None,
        "claim_sha": None,
    }


def _done(connection: Connection, result: Result) -> dict[str, Any]:
    now = now_of(connection)
    return {"state": "done", "started_at": now, "ended_at": now, **result_columns(result)}


def result_columns(result: Result) -> dict[str, Any]:
    """Return the columns that name a result."""
    claim = result.claim.sha if result.claim else None
    return {"result_sha": result.answer.sha, "claim_sha": claim, "summary": dict(result.summary)}


def _afresh(connection: Connection) -> dict[str, Any]:
    """Return the columns of a run that begins anew, at the end of the queue."""
    blank = ("started_at", "ended_at", "cancel_at", "owner", "lease_until", "error", "result_sha", "claim_sha")
    now = now_of(connection)
    return {**dict.fromkeys(blank), "state": "queued", "asked_at": now, "attempts": 0, "progress": {}, "summary": {}}


def _change(connection: Connection, run: Run, **values: Any) -> None:
    connection.execute(update(run_table).where(run_table.c.id == run.id).values(seq=run_table.c.seq + 1, **values))


def _one_after_the_other(connection: Connection, asked_by: str | None) -> None:
    """Let one question of an asker in at a time, so that the same one asked twice at once is one run."""
    if connection.dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(:key, hashtext(:asker))")
        connection.execute(lock, {"key": _ASKER_LOCK, "asker": asked_by or ""})


def _refuse_too_many(connection: Connection, asked_by: str | None) -> None:
    counted = select(func.count()).select_from(run_table).where(_asked_by(asked_by), run_table.c.state.in_(OPEN))
    if connection.execute(counted).scalar_one() >= MOST_OPEN:
        raise TooManyRunsError


def _one(connection: Connection, run_id: str, asked_by: str | None, *, lock: bool = False) -> Run | None:
    asked = select(run_table).where(run_table.c.id.in_(_real([run_id])), _asked_by(asked_by))
    row = connection.execute(asked.with_for_update() if lock else asked).first()
    return run_of(row) if row else None


def _real(ids: Iterable[str]) -> list[str]:
    """Return those that can be ids: what callers write may hold characters that a database refuses."""
    return [run_id for run_id in ids if _ID.fullmatch(run_id)]


def _latest(
    connection: Connection, question: Question, asked_by: str | None, revision: RevisionKey | None = None
) -> Run | None:
    mine = _same(question).where(_asked_by(asked_by))
    if revision is not None:
        mine = mine.where(run_table.c.scenario_id == revision.scenario_id, run_table.c.scenario_n == revision.n)
    row = connection.execute(mine.limit(1)).first()
    return run_of(row) if row else None


def _same(question: Question) -> Select[Any]:
    same = (run_table.c.question_id == question.id, run_table.c.code_version == question.code_version)
    return select(run_table).where(*same).order_by(*_newest_first())


def _place(connection: Connection, run: Run) -> int | None:
    if run.state != "queued":
        return None
    earlier = or_(
        run_table.c.asked_at < run.asked_at, (run_table.c.asked_at == run.asked_at) & (run_table.c.id < run.id)
    )
    waiting = (run_table.c.state == "queued", run_table.c.lane == run.lane, earlier)
    return 1 + int(connection.execute(select(func.count()).select_from(run_table).where(*waiting)).scalar_one())


def _asked_by(asked_by: str | None) -> ColumnElement[bool]:
    return run_table.c.asked_by.is_(None) if asked_by is None else run_table.c.asked_by == asked_by


def _newest_first() -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    return run_table.c.asked_at.desc(), run_table.c.id.desc()
