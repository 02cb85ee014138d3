"""The staff for a service: taken over from the layer at first need, kept in memory, read again when changed."""

from __future__ import annotations

import logging
import threading
import time
from datetime import UTC, datetime

from api.actions.open_county import OpenCounty
from gis.faults import FaultsError
from layers.county_staff import roster_version, staff_of_county
from layers.records.audit import THE_SERVICE, Act
from layers.records.database import Database
from layers.records.database_at_hand import DatabaseAtHand
from layers.records.leaves import busy_people
from layers.records.staff import StaffStore
from layers.records.staff_rows import StaffRows
from layers.records.staff_seed import is_seeded, seed_staff
from planning.incidents.staff import Staff

_FRESH_S = 0.5
"""So long another process' change may go unnoticed; one of this process counts at once."""
_NAMES_S = 60.0
"""So long a name that was erased meanwhile may still be shown."""
_LOG = logging.getLogger(__name__)


class StaffAtHand:
    """The staff as it is now, asked for by every report: one row of the database tells whether anything has changed.

    Parameters
    ----------
    at_hand
        Database of the records.
    """

    def __init__(self, at_hand: DatabaseAtHand) -> None:
        self._at_hand = at_hand
        self._lock = threading.Lock()
        self._seeded: set[str] = set()
        self._read_from: Database | None = None
        self._rows: StaffRows | None = None
        self._names: dict[str, str] = {}
        self._names_of: tuple[int, Database] | None = None
        self._names_until = 0.0
        self._staff: tuple[int, str, Staff] | None = None
        self._fresh_until = 0.0
        self._changes = self._changes_seen = 0

    def get(self, county: OpenCounty | None) -> Staff:
        """Return everybody, with the townships of a county.

        Parameters
        ----------
        county
            Its roster is taken over if that was not done yet; ``None`` while none can be read.

        Raises
        ------
        DatabaseDownError
            If the records cannot be read now.
        FaultsError
            If a layer that is needed for the first time cannot be read.
        """
        version = county.county.version if county is not None else ""
        known = self._staff
        if known is not None and known[1] == version and self._is_fresh():
            return known[2]
        with self._lock:
            if county is not None:
                self._take_over(county)
            rows = self._newest()
            known = self._staff
            if known is None or known[:2] != (rows.counter, version):
                known = (rows.counter, version, _staff_of(rows, county))
                self._staff = known
            return known[2]

    def rows(self, county: OpenCounty | None) -> StaffRows:
        """Return the rows that the staff was read from, leave that nobody has decided on among them; as ``get``."""
        self.get(county)
        with self._lock:
            return self._newest()

    def busy(self) -> frozenset[str]:
        """Return the people who are on a case at this moment."""
        return busy_people(self._at_hand.get())

    def name_of(self, person_id: str) -> str | None:
        """Return what somebody is called, as it was at most a minute ago; ``None`` if that is not known or was erased.

        Raises
        ------
        DatabaseDownError
            If the records cannot be read now.
        """
        rows = self._rows
        is_current = rows is not None and self._names_of == (rows.counter, self._read_from)
        if not (is_current and self._is_fresh() and time.monotonic() < self._names_until):
            with self._lock:
                self._read_names()
        return self._names.get(person_id)

    def forget(self) -> None:
        """Look again at the next question: something was saved."""
        self._changes += 1

    def _is_fresh(self) -> bool:
        return self._changes_seen == self._changes and time.monotonic() < self._fresh_until

    def _newest(self) -> StaffRows:
        if self._rows is not None and self._is_fresh():
            return self._rows
        changes, database = self._changes, self._at_hand.get()
        store = StaffStore(database)
        is_same = self._rows is not None and self._read_from is database and self._rows.counter == store.counter()
        if self._rows is None or not is_same:
            self._rows, self._read_from = store.rows(), database
        self._fresh_until, self._changes_seen = time.monotonic() + _FRESH_S, changes
        return self._rows

    def _read_names(self) -> None:
        rows, database = self._newest(), self._at_hand.get()
        if self._names_of != (rows.counter, database) or time.monotonic() >= self._names_until:
            self._names = StaffStore(database).names([one.id for one in rows.people])
            self._names_of, self._names_until = (rows.counter, database), time.monotonic() + _NAMES_S

    def _take_over(self, county: OpenCounty) -> None:
        """Take over a county's roster once; where it cannot be read, those whom the records have go on."""
        version = roster_version(county.county)
        database = self._at_hand.get()
        if version is None or (version in self._seeded and self._read_from is database):
            return
        if not is_seeded(database, version):
            try:
                seed = staff_of_county(county.county)
            except FaultsError:
                if not StaffStore(database).counter():
                    raise
                _LOG.exception("the roster of %s cannot be taken over", version)
                return
            added = seed_staff(database, seed, act=Act(THE_SERVICE, "staff.seeded", "staff"), now=datetime.now(UTC))
            _LOG.info("%d people of the roster %s were taken over", added, version)
            self.forget()
        self._seeded.add(version)


def _staff_of(rows: StaffRows, county: OpenCounty | None) -> Staff:
    townships = _townships(county) if county is not None else {}
    return Staff(rows.people, rows.posts, rows.leaves, rows.units, townships=townships)


def _townships(county: OpenCounty) -> dict[str, str]:
    """Return the township of every cell and of every village that has one, empty where there is none."""
    facts = county.cell_facts
    return {cell: township for cell, (_village, township) in facts.items()} | dict(facts.values())
