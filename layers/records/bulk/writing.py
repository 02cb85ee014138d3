"""Many new cases at once: some hundred in one transaction, each of them stored once whatever is sent again."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from layers.records.audit import Act, record
from layers.records.bulk.parts import in_parts
from layers.records.case_rows import case_row, event_rows, last_position
from layers.records.case_texts import CONTACT_KEPT, PERSON, SUBJECT
from layers.records.clock import now_of
from layers.records.database import Database
from layers.records.secret_values import keep_many
from layers.records.tables import incident as incident_table
from layers.records.tables import incident_event as event_table
from planning.incidents.case import Case
from planning.incidents.events import IncidentEvent
from planning.incidents.states import replay

MOST_AT_ONCE = 500
"""Cases in one transaction: others who write wait no longer than for these."""


@dataclass(frozen=True)
class NewCase:
    """A case to be stored.

    Parameters
    ----------
    key
        The sender's: what is there under it already is left as it is.
    events
        From its report on, with their clocks.
    texts
        What was said and by whom, as ``case_texts.keep_texts`` keeps it.
    """

    key: str
    events: Sequence[IncidentEvent]
    texts: Mapping[str, str] = field(default_factory=dict)


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
            there = _keys_there(connection, [new.key for _case, new in lived])
            fresh = [(case, new) for case, new in lived if new.key not in there]
            if fresh:
                _insert(connection, fresh)
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


def _keys_there(connection: Connection, keys: Sequence[str]) -> set[str]:
    asked = select(incident_table.c.idempotency_key).where(incident_table.c.idempotency_key.in_(keys))
    return set(connection.scalars(asked))


def _insert(connection: Connection, cases: Sequence[tuple[Case, NewCase]]) -> None:
    pos, now = last_position(connection), now_of(connection)
    rows: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []
    for case, new in cases:
        rows.append(case_row(case, new.events, key=new.key, pos=pos, stored_at=now))
        events += event_rows(case.id, new.events, pos=pos, key=None, stored_at=now)
        pos += len(new.events)
    connection.execute(insert(incident_table), rows)
    connection.execute(insert(event_table), events)
    texts = {case.id: new.texts for case, new in cases}
    until = {(case.id, name): case.at + CONTACT_KEPT for case, _new in cases if case.has_ended for name in PERSON}
    keep_many(connection, SUBJECT, texts, erase_after=until)
