"""The store of cases: events go in once, where a case stands comes out by replay."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from gis.faults import Fault, FaultsError, Param
from layers.records.attachment_rows import erase_attachments
from layers.records.audit import Act, record
from layers.records.case_rows import append_events, event_of_key, events_of, lock_case
from layers.records.case_texts import erase_person_after, erase_texts, keep_texts, person_of, texts_of
from layers.records.clock import now_of
from layers.records.conflicts import ConflictError, conflict
from layers.records.database import Database
from layers.records.files import FileStore
from layers.records.new_cases import NewCase, cases_of_keys
from layers.records.notice_rows import tell_all
from layers.records.reported import Reported, known_case, write_reports
from planning.incidents.case import Case
from planning.incidents.events import IncidentEvent
from planning.incidents.states import apply, replay

MAX_KEY_CHARACTERS = 200


class IncidentStore:
    """Cases in a database.

    Parameters
    ----------
    database
        As ``open_database`` returns it; may be shared by threads and processes.
    files
        Those of cases, which are removed when they are erased; ``None`` where nothing is erased.
    channels
        By which messages leave: what an event causes is kept in its transaction, nothing without a channel.
    """

    def __init__(self, database: Database, files: FileStore | None = None, *, channels: Collection[str] = ()) -> None:
        self.database, self._files, self._channels = database, files, tuple(channels)

    def report(
        self,
        events: Sequence[IncidentEvent],
        *,
        idempotency_key: str,
        act: Act,
        texts: Mapping[str, str] | None = None,
    ) -> tuple[Case, bool]:
        """Store a new case with its first events, in one transaction.

        Parameters
        ----------
        events
            The report and whatever follows at once, such as the assignment.
        idempotency_key
            Chosen by the reporter for this report; sending it again stores nothing.
        act
            Recorded with the case.
        texts
            What was said and by whom, as ``case_texts.keep_texts`` keeps it.

        Returns
        -------
        case, created
            The case under the key, and whether this call made it.

        Raises
        ------
        ConflictError
            If the key belongs to a report of another category, place or text, or the id is taken.
        FaultsError
            If the key is empty, longer than 200 characters or not printable, or the events are no legal moves.
        """
        (outcome,) = self.report_all([(NewCase(idempotency_key, events, texts or {}), act)])
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    def report_all(self, reports: Sequence[tuple[NewCase, Act]]) -> list[tuple[Case, bool] | BaseException]:
        """Store new cases that came at once, in one transaction unless one of them is refused.

        Parameters
        ----------
        reports
            Each with what is recorded of it.

        Returns
        -------
        list
            For each what :meth:`report` returns, or the error that it raises.
        """
        checked = [self._checked(new, act) for new, act in reports]
        fit = [one for one in checked if isinstance(one, Reported)]
        written = iter(self.database.write_alike(write_reports, fit) if fit else ())
        return [self._settled(one, next(written)) if isinstance(one, Reported) else one for one in checked]

    def _checked(self, new: NewCase, act: Act) -> Reported | FaultsError:
        try:
            check_key(new.key)
            return Reported(replay(new.events), new, act, self._channels)
        except FaultsError as error:
            return error

    def _settled(
        self, reported: Reported, outcome: tuple[Case, bool] | BaseException
    ) -> tuple[Case, bool] | BaseException:
        """Return what became of a report; on PostgreSQL the same key may have arrived in between."""
        if not isinstance(outcome, IntegrityError):
            return outcome
        try:
            with self.database.reading() as connection:
                known = cases_of_keys(connection, [reported.new.key])
                if not known:
                    return conflict("incident-id-taken", field="id", value=reported.case.id)
                return known_case(connection, known[reported.new.key], reported), False
        except FaultsError as error:
            return error

    def append(
        self,
        incident_id: str,
        events: Sequence[IncidentEvent],
        *,
        expected_seq: int,
        act: Act,
        key: str | None = None,
        texts: Mapping[str, str] | None = None,
    ) -> tuple[Case, bool]:
        """Add events to a case, if nobody else has since it was read.

        Parameters
        ----------
        incident_id
            Which one.
        events
            Numbered from ``expected_seq + 1``.
        expected_seq
            ``Case.version`` of the case that the caller acted on.
        act
            Recorded with the events.
        key
            Chosen by the sender for this move; sending it again stores nothing.
        texts
            As for ``report``.

        Returns
        -------
        case, added
            The case, and whether this call moved it.

        Raises
        ------
        ConflictError
            If the case has moved on, or the key belongs to another move.
        FaultsError
            If there is no such case, or the events are no legal moves.
        ValueError
            If there are no events, or they cannot follow those stored.
        """
        if not events:
            raise ValueError("nothing to append")
        if key is not None:
            check_key(key, field="key")
        gone: list[str] = []

        def write(connection: Connection) -> tuple[Case, bool]:
            lock_case(connection, incident_id)
            case = _stored(connection, incident_id)
            if key is not None and (known := event_of_key(connection, incident_id, key)):
                return _moved_before(case, known, events[0], key)
            if case.version != expected_seq:
                raise _moved_on(incident_id, expected_seq, case.version)
            after = case
            for event in events:
                after = apply(after, event)
            now = now_of(connection)
            append_events(connection, after, events, key=key, stored_at=now)
            keep_texts(connection, incident_id, texts or {})
            tell_all(connection, case, events, channels=self._channels, now=now)
            gone.extend(_erase_with(connection, case, after, events, now))
            record(connection, act.about(incident_id))
            return after, True

        try:
            moved = self.database.write(write)
        except IntegrityError:  # PostgreSQL let another writer read the same last event
            raise _moved_on(incident_id, expected_seq, None) from None
        if self._files is not None:
            self._files.remove(gone)
        return moved

    def get(self, incident_id: str) -> Case | None:
        """Return a case, ``None`` if there is no such one."""
        events = self.events(incident_id)
        return replay(events) if events else None

    def get_all(self, ids: Sequence[str]) -> list[Case]:
        """Return cases by their ids, in the order asked for; unknown ones are left out."""
        with self.database.reading() as connection:
            found = events_of(connection, ids)
        return [replay(found[key]) for key in ids if key in found]

    def note(self, act: Act) -> None:
        """Record that somebody looked at what was reported."""
        with self.database.writing() as connection:
            record(connection, act)

    def events(self, incident_id: str) -> list[IncidentEvent]:
        """Return everything that happened to a case, in order."""
        with self.database.reading() as connection:
            return events_of(connection, [incident_id]).get(incident_id, [])

    def moved_under(self, incident_id: str, key: str) -> IncidentEvent | None:
        """Return the event that a sender has stored under a key of theirs, ``None`` if there is none."""
        with self.database.reading() as connection:
            return event_of_key(connection, incident_id, key)

    def texts(self, ids: Collection[str]) -> dict[str, dict[int, str]]:
        """Return what was said of cases, by the numbers of their events."""
        with self.database.reading() as connection:
            return texts_of(connection, list(ids))

    def person(self, incident_id: str) -> dict[str, str]:
        """Return ``name`` and ``phone`` of who reported, as far as they were told and are still kept."""
        with self.database.reading() as connection:
            return person_of(connection, incident_id)


def check_key(key: str, *, field: str = "idempotency_key") -> None:
    """Refuse a key that no table keeps.

    Raises
    ------
    FaultsError
        ``bad-idempotency-key`` if it is empty, too long or not printable.
    """
    if not (0 < len(key) <= MAX_KEY_CHARACTERS and key.isprintable()):
        params: dict[str, Param] = {"limit": MAX_KEY_CHARACTERS}
        raise FaultsError([Fault("bad-idempotency-key", layer="incidents", field=field, params=params)])


def _stored(connection: Connection, incident_id: str) -> Case:
    events = events_of(connection, [incident_id]).get(incident_id)
    if events is None:
        raise FaultsError([Fault("unknown-incident", layer="incidents", field="id", value=incident_id)])
    return replay(events)


def _moved_before(case: Case, known: IncidentEvent, asked: IncidentEvent, key: str) -> tuple[Case, bool]:
    """Return the case as it is for a move that came a second time; the same key for another move is a conflict."""
    if known.kind != asked.kind or known.payload.get("actor") != asked.payload.get("actor"):
        raise conflict("case-key-used", field="key", value=key)
    return case, False


def _erase_with(
    connection: Connection, before: Case, after: Case, events: Sequence[IncidentEvent], now: datetime
) -> list[str]:
    """Erase what an event says, and set when who reported is forgotten once a case has ended or goes on.

    Files that nothing refers to any more come back: they are removed once the transaction has ended.
    """
    gone: list[str] = []
    for event in events:
        if event.kind == "erased":
            erase_texts(connection, after.id, event.payload["what"], now=now)
            if "files" in event.payload["what"]:
                gone += erase_attachments(connection, after.id)[0]
    if before.has_ended != after.has_ended:
        erase_person_after(connection, after.id, ended_at=now if after.has_ended else None)
    return gone


def _moved_on(incident_id: str, expected: int, current: int | None) -> ConflictError:
    params: dict[str, Param] = {"seq": expected}
    if current is not None:
        params["current"] = current
    return ConflictError([Fault("incident-moved-on", layer="incidents", field="id", value=incident_id, params=params)])
