"""Runs as a server sees them: claimed for a while, kept, ended, taken up where another server is gone."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select, update

from layers.records.clock import now_of
from layers.records.counter_runs import keep_counter_file
from layers.records.database import Database
from layers.records.files import name_files
from layers.records.plain import storable
from layers.records.run import Lane, Outcome, Run, run_of
from layers.records.runs import result_columns
from layers.records.servers import is_gone
from layers.records.tables import run as run_table

LEASE_S = 15.0
"""So long a server's claim counts without being renewed."""
MOST_ATTEMPTS = 3
"""A question that ended three servers is not asked of a fourth."""
GIVEN_UP = {"code": "run-given-up", "params": {"attempts": MOST_ATTEMPTS}}


@dataclass(frozen=True)
class Claim:
    """A server's right to a run: it ends when another server claims the run, which raises ``attempt``."""

    run_id: str
    attempt: int


@dataclass(frozen=True)
class Standing:
    """What a server finds of its claims: those that are no longer its own, and the runs that are to be cancelled."""

    lost: frozenset[Claim]
    cancelled: frozenset[Claim]


class RunWork:
    """The runs that one server computes.

    Parameters
    ----------
    database
    owner
        Name of the server, from :func:`layers.records.servers.server_name`.
    lease_s
        So long a claim counts.
    """

    def __init__(self, database: Database, *, owner: str, lease_s: float = LEASE_S) -> None:
        self._database = database
        self._owner = owner
        self._lease = timedelta(seconds=lease_s)

    def waiting(self, held: Collection[str] = ()) -> dict[Lane, int]:
        """Return how many runs of each lane could be claimed now; those held are at work here."""
        with self._database.reading() as connection:
            free = self._free(connection, held)
            counted = select(run_table.c.lane, func.count()).where(free).group_by(run_table.c.lane)
            return {row[0]: row[1] for row in connection.execute(counted)}

    def claim(self, lane: Lane, *, held: Collection[str] = ()) -> Run | None:
        """Claim the run that has waited longest in a lane, ``None`` if none waits.

        Those that another server left are claimed too; one that was left too often is interrupted.
        """
        with self._database.writing() as connection:
            while (run := self._next(connection, lane, held)) is not None:
                taken = self._take(connection, run)
                if taken is not None:
                    return taken
        return None

    def standing(self, claims: Collection[Claim]) -> Standing:
        """Return which claims are lost and which runs are to be cancelled."""
        wanted = [claim.run_id for claim in claims]
        columns = (run_table.c.id, run_table.c.attempts, run_table.c.cancel_at)
        asked = select(*columns).where(run_table.c.id.in_(wanted), *self._mine())
        with self._database.reading() as connection:
            found = {Claim(row.id, row.attempts): row.cancel_at for row in connection.execute(asked)}
        cancelled = {claim for claim, at in found.items() if at is not None}
        return Standing(frozenset(claims) - found.keys(), frozenset(cancelled & set(claims)))

    def keep(self, claims: Collection[Claim], *, progress: Mapping[Claim, Mapping[str, Any]]) -> None:
        """Renew claims, and write how far those runs are of which there is news.

        Parameters
        ----------
        claims
        progress
            What is to be told, by claim.
        """
        with self._database.writing() as connection:
            until = now_of(connection) + self._lease
            for claim in sorted(claims, key=lambda one: one.run_id):
                told = progress.get(claim)
                news = {} if told is None else {"progress": storable(told), "seq": run_table.c.seq + 1}
                connection.execute(self._held(claim).values(lease_until=until, **news))

    def overrun(self, claim: Claim) -> None:
        """Move a run that takes longer than its lane allows to the long lane, where it waits if it has to."""
        with self._database.writing() as connection:
            connection.execute(self._held(claim).values(lane="long", seq=run_table.c.seq + 1))

    def finish(self, claim: Claim, outcome: Outcome, *, progress: Mapping[str, Any]) -> bool:
        """End a run, its files and its state at once; return whether the claim still counted.

        Parameters
        ----------
        claim
        outcome
        progress
            What it last said of itself.
        """
        with self._database.writing() as connection:
            ended = {**self._ended(connection, outcome), "progress": storable(progress)}
            counted = connection.execute(self._held(claim).values(seq=run_table.c.seq + 1, **ended)).rowcount == 1
            if counted:
                keep_counter_file(connection, _run(connection, claim.run_id))
            return counted

    def amend(self, claim: Claim, outcome: Outcome) -> None:
        """Give a run that was cancelled without waiting what came of it after all.

        That is the best plan with its claim, or the error of a plan that was shown and did not stand its check.

        Parameters
        ----------
        claim
        outcome
        """
        if outcome.result is None and outcome.state != "failed":
            return
        with self._database.writing() as connection:
            late = self._ended(connection, outcome)
            if outcome.result is not None:
                late = {name: late[name] for name in ("result_sha", "claim_sha", "summary")}
            else:
                late |= {"result_sha": None, "summary": {}}
            unchecked = (run_table.c.state == "cancelled", run_table.c.claim_sha.is_(None))
            same = (run_table.c.id == claim.run_id, run_table.c.attempts == claim.attempt)
            connection.execute(update(run_table).where(*same, *unchecked).values(seq=run_table.c.seq + 1, **late))

    def release(self, claims: Sequence[Claim]) -> None:
        """Put runs back into the queue, as if they had not been claimed: this server ends in order."""
        with self._database.writing() as connection:
            for claim in claims:
                was_cancelled = run_table.c.cancel_at.is_not(None)
                state = case((was_cancelled, "cancelled"), else_="queued")
                ended = case((was_cancelled, now_of(connection)), else_=None)
                back = {"state": state, "ended_at": ended, "attempts": run_table.c.attempts - 1, "progress": {}}
                connection.execute(self._held(claim).values(**back, **_UNOWNED, seq=run_table.c.seq + 1))

    def _mine(self) -> tuple[ColumnElement[bool], ...]:
        return run_table.c.owner == self._owner, run_table.c.state == "running"

    def _held(self, claim: Claim) -> Any:
        same = (run_table.c.id == claim.run_id, run_table.c.attempts == claim.attempt)
        return update(run_table).where(*same, *self._mine())

    def _free(self, connection: Connection, held: Collection[str]) -> ColumnElement[bool]:
        """Return what tells the runs that may be claimed: waiting, or of a server that is gone."""
        running = run_table.c.state == "running"
        owners = connection.scalars(select(run_table.c.owner).where(running).distinct()).all()
        gone = [owner for owner in owners if owner and owner != self._owner and is_gone(owner)]
        left = or_(run_table.c.lease_until < now_of(connection), run_table.c.owner.in_(gone))
        # A claim of our own that we could not renew while the database was away is still ours.
        not_held = run_table.c.id.not_in(list(held))
        return or_(run_table.c.state == "queued", and_(running, not_held, left))

    def _next(self, connection: Connection, lane: Lane, held: Collection[str]) -> Run | None:
        free = select(run_table).where(self._free(connection, held), run_table.c.lane == lane)
        first = free.order_by(run_table.c.asked_at, run_table.c.id).limit(1).with_for_update(skip_locked=True)
        row = connection.execute(first).first()
        return run_of(row) if row else None

    def _take(self, connection: Connection, run: Run) -> Run | None:
        """Claim a run that is free, unless it is to end here."""
        now = now_of(connection)
        if run.cancel_at is not None:
            values: dict[str, Any] = {"state": "cancelled", "ended_at": now, **_UNOWNED}
        elif run.attempts >= MOST_ATTEMPTS:
            values = {"state": "interrupted", "ended_at": now, "error": GIVEN_UP, **_UNOWNED}
        else:
            mine = {"owner": self._owner, "lease_until": now + self._lease, "attempts": run.attempts + 1}
            values = {"state": "running", "started_at": now, "progress": {}, **mine}
        connection.execute(update(run_table).where(run_table.c.id == run.id).values(seq=run.seq + 1, **values))
        if values["state"] != "running":
            return None
        return _run(connection, run.id)

    def _ended(self, connection: Connection, outcome: Outcome) -> dict[str, Any]:
        error = storable(outcome.error)
        columns = {"state": outcome.state, "ended_at": now_of(connection), "error": error, **_UNOWNED}
        if outcome.result is None:
            return columns
        name_files(connection, [one for one in (outcome.result.answer, outcome.result.claim) if one is not None])
        return {**columns, **result_columns(outcome.result)}


_UNOWNED = {"owner": None, "lease_until": None}


def _run(connection: Connection, run_id: str) -> Run:
    return run_of(connection.execute(select(run_table).where(run_table.c.id == run_id)).one())
