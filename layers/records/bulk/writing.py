"""Many new cases at once: some hundred in one transaction, each of them stored once whatever is sent again."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from layers.records.audit import Act, record
from layers.records.bulk.parts import in_parts
from layers.records.clock import now_of
from layers.records.database import Database
from layers.records.new_cases import NewCase, cases_of_keys, insert_cases
from layers.records.tables import incident as incident_table
from layers.records.tables import incident_event as event_table
from planning.incidents.case import Case
from planning.incidents.states import replay

MOST_AT_ONCE = 500
"""Cases in one transaction: others who write wait no longer than for these."""


@dataclass(frozen=True, slots=True)
class KnownCase:
    """What is there under a key: as it was reported, and as it has been called since."""

    id: str
    categories: frozenset[str]


class CaseBatches:
    """New cases of a database, by batches.

    Parameters
    ----------
    database
        As ``open_database`` returns it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def known(self, keys: Collection[str]) -> dict[str, KnownCase]:
        """Return what is there under some keys, as it was reported."""
        found: dict[str, KnownCase] = {}
        with self._database.reading() as connection:
            for part in in_parts(list(keys)):
                asked = (
                    select(incident_table.c.idempotency_key, incident_table.c.category, event_table)
                    .join(event_table, event_table.c.incident_id == incident_table.c.id)
                    .where(incident_table.c.idempotency_key.in_(part), event_table.c.seq == 1)
                )
                for row in connection.execute(asked):
                    called = frozenset({row.payload["category"], row.category})
                    found[row.idempotency_key] = KnownCase(row.incident_id, called)
        return found

    def keys_of(self, ids: Collection[str]) -> dict[str, str]:
        """Return the keys of the cases that are there, by their ids."""
        found: dict[str, str] = {}
        with self._database.reading() as connection:
            for part in in_parts(list(ids)):
                asked = select(incident_table.c.id, incident_table.c.idempotency_key)
                found |= {
                    row.id: row.idempotency_key
                    for row in connection.execute(asked.where(incident_table.c.id.in_(part)))
                }
        return found

    def write(self, cases: Sequence[NewCase], *, act: Act) -> int:
        """Store what is new of a batch, in one transaction, with one row of the audit.

        Parameters
        ----------
        cases
            ``MOST_AT_ONCE`` at most; no key among them twice.
        act
            Recorded with how many there were; nothing new leaves no row.

        Returns
        -------
        int
            How many were new.

        Raises
        ------
        FaultsError
            If events are no legal moves; then nothing of the batch is stored.
        ValueError
            If there are too many.
        """
        if len(cases) > MOST_AT_ONCE:
            raise ValueError(f"{len(cases)} cases at once")
        lived = [(replay(case.events), case) for case in cases]
        try:
            return self._write(lived, act)
        except IntegrityError:  # on PostgreSQL somebody may have stored the same keys meanwhile
            return self._write(lived, act)

    def _write(self, lived: Sequence[tuple[Case, NewCase]], act: Act) -> int:
        with self._database.writing() as connection:
            there = cases_of_keys(connection, [new.key for _case, new in lived])
            fresh = [(case, new) for case, new in lived if new.key not in there]
            if fresh:
                insert_cases(connection, fresh, now=now_of(connection))
                record(connection, Act(act.actor, act.action, act.object_kind, act.object_id, {
                    **act.detail, "count": len(fresh),
                }))  # fmt: skip
        return len(fresh)


def batches(cases: Iterator[NewCase]) -> Iterator[list[NewCase]]:
    """Yield cases in batches of ``MOST_AT_ONCE``."""
    batch: list[NewCase] = []
    for case in cases:
        batch.append(case)
        if len(batch) == MOST_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch
