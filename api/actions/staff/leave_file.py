"""Leave as an Excel file: out for an office to change, and back in, all of it or nothing."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from api.actions.staff.desk import StaffDesk
from api.actions.staff.files import SentTable, as_file, read_sent
from api.actions.staff.reading import begin_words, end_words, moment_words, read_moment
from gis.faults import FaultsError
from layers.records.leaves import LeaveChange, LeaveStore, NewLeave, overlap
from layers.records.staff import StaffStore
from maps.catalogue import Lang
from planning.incidents.staff import Leave, LeaveReason, LeaveState, Staff
from planning.incidents.staff_rules import leave_faults
from planning.tables.definition import Row, RowFault
from planning.tables.staff_leave import TABLE

_COUNTING: tuple[LeaveState, ...] = ("asked", "approved")
_NEXT: Mapping[LeaveState, tuple[LeaveState, ...]] = {
    "asked": ("approved", "denied", "withdrawn"),
    "approved": ("withdrawn",),
}


def leave_file(desk: StaffDesk, *, at: datetime, lang: Lang) -> bytes:
    """Return leave that is asked for or approved and not over as an Excel file."""
    database, staff = desk.at_work.database.get(), desk.staff
    store = LeaveStore(database)
    version = store.counter()
    leaves = _in_scope(desk, staff, store, at)
    names = StaffStore(database).names([one.person_id for one in leaves])
    rows = [
        {
            "person": one.person_id,
            "name": names.get(one.person_id, ""),
            "from": begin_words(one.from_at),
            "until": end_words(one.until_at),
            "reason": one.reason,
            "stand_in": one.stand_in or "",
            "state": one.state,
        }
        for one in leaves
    ]
    return as_file(TABLE, rows, version, lang=lang)


def import_leave(
    desk: StaffDesk, content: bytes, name: str, *, expected_version: int | None, lang: Lang, now: datetime
) -> int:
    """Take over a file of leave, and return how many rows changed something; rows that are not in it stay.

    Raises
    ------
    FaultsError
        With everything that is wrong, by row and column; then nothing is saved.
    """
    database, staff = desk.at_work.database.get(), desk.staff
    store = LeaveStore(database)
    sent = read_sent(TABLE, content, name, lang=lang)
    sent.faults = [fault for fault in sent.faults if fault.code != "table-empty"]  # nobody is on leave
    version = sent.version(store.counter(), expected_version)
    names = StaffStore(database).names(staff.people)
    reading = _Reading(desk, staff, _in_scope(desk, staff, store, now), names, now)
    sent.tell(reading.read(sent))
    if sent.faults:
        raise FaultsError(sent.faults)
    change = LeaveChange(reading.new, reading.decided, version)
    if change:
        try:
            store.save(change, act=desk.act("leave.imported", "leave"), now=now)
        finally:
            desk.at_work.staff.forget()
    return len(change.new) + len(change.decided)


def _in_scope(desk: StaffDesk, staff: Staff, store: LeaveStore, at: datetime) -> list[Leave]:
    found = store.listed(since=at, states=_COUNTING)
    return [one for one in found if one.person_id in staff.people and desk.sees(staff, one.person_id)]


@dataclass
class _Reading:
    """A file on its way: what is new, and what is decided on."""

    desk: StaffDesk
    staff: Staff
    leaves: Sequence[Leave]
    names: Mapping[str, str]
    now: datetime
    new: list[tuple[NewLeave, LeaveState]] = field(default_factory=list)
    decided: list[tuple[str, LeaveState]] = field(default_factory=list)
    counting: list[Leave] = field(default_factory=list)

    def read(self, sent: SentTable) -> Iterator[RowFault]:
        """Yield what is wrong with the rows; what is new or decided is noted."""
        self.counting = list(self.leaves)
        for number, row in sent.rows:
            person = str(row["person"])
            if person not in self.staff.people or not self.desk.sees(self.staff, person):
                yield RowFault("unknown-person", number, "person")
                continue
            name = self.names.get(person, "")
            if row["name"] and row["name"] != name:
                yield RowFault("person-two-names", number, "name", {"other": name})
            leave = yield from self._leave(number, row)
            if leave is not None:
                same = next((one for one in self.leaves if _is_same(one, leave)), None)
                yield from self._new(number, leave) if same is None else self._known(number, same, leave)

    def _leave(self, number: int, row: Row) -> Generator[RowFault, None, Leave | None]:
        first = read_moment(str(row["from"]), is_end=False)
        last = read_moment(str(row["until"]), is_end=True) if row["until"] else None
        if first is None:
            yield RowFault("leave-moment-unread", number, "from")
        if last is None and row["until"]:
            yield RowFault("leave-moment-unread", number, "until")
        elif first is not None:
            reason, state = cast("LeaveReason", row["reason"]), cast("LeaveState", row["state"])
            return Leave("", str(row["person"]), first, last, reason, str(row["stand_in"]) or None, state)
        return None

    def _known(self, number: int, known: Leave, leave: Leave) -> Iterator[RowFault]:
        for column, before, after in (
            ("until", moment_words(known.until_at), moment_words(leave.until_at)),
            ("reason", known.reason, leave.reason),
            ("stand_in", known.stand_in, leave.stand_in),
        ):
            if before != after:
                yield RowFault("leave-file-differs", number, column)
        if leave.state == known.state:
            return
        if leave.state not in _NEXT[known.state]:
            yield RowFault("leave-decided-already", number, "state")
        elif leave.state != "withdrawn" and self._is_own(known):
            yield RowFault("leave-not-by-oneself", number, "state")
        else:
            self.decided.append((known.id, leave.state))

    def _new(self, number: int, leave: Leave) -> Iterator[RowFault]:
        if leave.state not in _COUNTING:
            yield RowFault("leave-state-new", number, "state")
        if leave.state == "approved" and self._is_own(leave):
            yield RowFault("leave-not-by-oneself", number, "state")
        yield from leave_faults(number, leave, self.staff, now=self.now)
        for other in self.counting:
            if other.person_id == leave.person_id and other.overlaps(leave.from_at, leave.until_at):
                yield RowFault("leave-overlaps", number, "from", overlap(leave.person_id, other).params)
        self.counting.append(leave)
        asked = NewLeave(leave.person_id, leave.from_at, leave.until_at, leave.reason, leave.stand_in)
        self.new.append((asked, leave.state))

    def _is_own(self, leave: Leave) -> bool:
        return self.desk.is_own(self.staff.people[leave.person_id]) and not self.desk.is_county_desk


def _is_same(one: Leave, other: Leave) -> bool:
    return one.person_id == other.person_id and moment_words(one.from_at) == moment_words(other.from_at)
