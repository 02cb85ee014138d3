"""The incident store: events go in once, views come out by replay."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import groupby

from sqlalchemy import Connection, Row, insert, select, true
from sqlalchemy.exc import IntegrityError

from gis.faults import Fault, FaultsError, Param
from layers.records.audit import Act, record
from layers.records.database import Database
from layers.records.tables import incident as incident_table
from layers.records.tables import incident_event as event_table
from planning.incidents.incident import Incident, IncidentEvent, replay

MAX_KEY_CHARACTERS = 200


class ConflictError(FaultsError):
    """Raised when somebody else was first: another report under the key, or a newer event."""


class IncidentStore:
    """Incidents in a database.

    Parameters
    ----------
    database
        As ``open_database`` returns it; may be shared by threads and processes.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def report(self, events: Sequence[IncidentEvent], *, idempotency_key: str, act: Act) -> tuple[Incident, bool]:
        """Store a new incident with its first events, in one transaction.

        Parameters
        ----------
        events
            The report and whatever follows at once, such as the assignment.
        idempotency_key
            Chosen by the reporter for this report; sending it again stores nothing.
        act
            Recorded with the incident.

        Returns
        -------
        incident, created
            The incident under the key, and whether this call made it.

        Raises
        ------
        ConflictError
            If the key belongs to a report of another category, place or text, or the id is taken.
        FaultsError
            If the key is empty, longer than 200 characters or not printable.
        """
        _check_key(idempotency_key)
        new = replay(events)
        try:
            with self._database.writing() as connection:
                first = _find(connection, idempotency_key)
                if first is None:
                    connection.execute(insert(incident_table).values(_row(new, idempotency_key)))
                    _insert_events(connection, new.id, events)
                    record(connection, act.about(new.id))
                    return new, True
        except IntegrityError:  # on PostgreSQL the same key may have arrived in between
            with self._database.reading() as connection:
                first = _find(connection, idempotency_key)
            if first is None:
                raise _conflict("incident-id-taken", field="id", value=new.id) from None
        if _content(first) != _content(new):
            raise _conflict("idempotency-conflict", field="idempotency_key", value=idempotency_key)
        return first, False

    def append(self, incident_id: str, events: Sequence[IncidentEvent], *, expected_seq: int, act: Act) -> Incident:
        """Add events to an incident, if nobody else has since it was read.

        Parameters
        ----------
        incident_id
            Which one.
        events
            Numbered from ``expected_seq + 1``.
        expected_seq
            ``Incident.seq`` of the view that the caller acted on.
        act
            Recorded with the events.

        Raises
        ------
        ConflictError
            If the incident has moved on.
        FaultsError
            If there is no such incident.
        ValueError
            If there are no events, or they cannot follow those stored.
        """
        if not events:
            raise ValueError("nothing to append")
        try:
            with self._database.writing() as connection:
                stored = _events(connection, [incident_id]).get(incident_id)
                if stored is None:
                    raise FaultsError([Fault("unknown-incident", layer="incidents", field="id", value=incident_id)])
                if stored[-1].seq != expected_seq:
                    raise _moved_on(incident_id, expected_seq)
                incident = replay([*stored, *events])
                _insert_events(connection, incident_id, events)
                record(connection, act.about(incident_id))
        except IntegrityError:  # PostgreSQL let another writer read the same last event
            raise _moved_on(incident_id, expected_seq) from None
        return incident

    def get(self, incident_id: str) -> Incident | None:
        """Return the current view, or ``None`` if there is no such incident."""
        events = self.events(incident_id)
        return replay(events) if events else None

    def note(self, act: Act) -> None:
        """Record that somebody looked at what was reported."""
        with self._database.writing() as connection:
            record(connection, act)

    def events(self, incident_id: str) -> list[IncidentEvent]:
        """Return everything that happened to an incident, in order."""
        with self._database.reading() as connection:
            return _events(connection, [incident_id]).get(incident_id, [])

    def recent(self, *, limit: int, cells: Collection[str] | None = None) -> list[Incident]:
        """Return the latest incidents, newest first; only those in certain cells if any are named."""
        here = true() if cells is None else incident_table.c.cell.in_(cells)
        newest = (
            select(incident_table.c.id)
            .where(here)
            .order_by(incident_table.c.created_at.desc(), incident_table.c.id.desc())
            .limit(limit)
        )
        with self._database.reading() as connection:
            ids = list(connection.scalars(newest))
            events = _events(connection, ids)
        return [replay(events[incident_id]) for incident_id in ids]


def _row(incident: Incident, key: str) -> dict[str, object]:
    return {
        "id": incident.id,
        "idempotency_key": key,
        "county_version": incident.county_version,
        "lon": incident.lon,
        "lat": incident.lat,
        "cell": incident.cell,
        "created_at": incident.reported_at,
    }


def _content(incident: Incident) -> tuple[object, ...]:
    """Return what the reporter said; the rest may differ when a retry meets a new county version."""
    return incident.category, incident.lon, incident.lat, incident.text


def _insert_events(connection: Connection, incident_id: str, events: Sequence[IncidentEvent]) -> None:
    rows = [
        {"incident_id": incident_id, "seq": e.seq, "kind": e.kind, "at": e.at, "payload": dict(e.payload)}
        for e in events
    ]
    connection.execute(insert(event_table), rows)


def _find(connection: Connection, key: str) -> Incident | None:
    found = connection.scalar(select(incident_table.c.id).where(incident_table.c.idempotency_key == key))
    return None if found is None else replay(_events(connection, [found])[found])


def _events(connection: Connection, ids: Sequence[str]) -> dict[str, list[IncidentEvent]]:
    rows = connection.execute(
        select(event_table)
        .where(event_table.c.incident_id.in_(ids))
        .order_by(event_table.c.incident_id, event_table.c.seq)
    )
    return {key: [_event(row) for row in group] for key, group in groupby(rows, key=lambda row: str(row.incident_id))}


def _event(row: Row[tuple[object, ...]]) -> IncidentEvent:
    return IncidentEvent(row.seq, row.kind, row.at, row.payload)


def _check_key(key: str) -> None:
    if not (0 < len(key) <= MAX_KEY_CHARACTERS and key.isprintable()):
        params: dict[str, Param] = {"limit": MAX_KEY_CHARACTERS}
        raise FaultsError([Fault("bad-idempotency-key", layer="incidents", field="idempotency_key", params=params)])


def _conflict(code: str, *, field: str, value: str) -> ConflictError:
    return ConflictError([Fault(code, layer="incidents", field=field, value=value)])


def _moved_on(incident_id: str, expected_seq: int) -> ConflictError:
    return ConflictError(
        [Fault("incident-moved-on", layer="incidents", field="id", value=incident_id, params={"seq": expected_seq})]
    )
