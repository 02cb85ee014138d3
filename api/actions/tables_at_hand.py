"""Which tables count now, for a service: asked often enough that a change counts at once, never for long."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime

from api.actions.tables_at_rest import tables_of
from layers.records.database_at_hand import DatabaseAtHand
from layers.records.database_faults import DatabaseDownError
from layers.records.documents import DocumentStore
from planning.tables.in_force import Tables
from planning.tables.registry import TABLES

_FRESH_S = 0.5
"""So long another process' change may go unnoticed; one of this process counts at once."""
_REST_S = 10.0
"""So long records that were down are not asked again: what was read last counts meanwhile."""
_UNREAD = Tables(are_read=False)


class TablesAtHand:
    """The tables in force.

    Parameters
    ----------
    at_hand
        Database of the records.
    """

    def __init__(self, at_hand: DatabaseAtHand) -> None:
        self._at_hand = at_hand
        self._known: Tables | None = None
        self._fresh_until = 0.0
        self._has_changed = False
        self._looking = threading.Lock()

    def get(self) -> Tables:
        """Return the tables that count now; while the records are down, those that counted last.

        Before anything could be read these are the defaults, which say of themselves that they stand in.
        """
        if self._is_fresh():
            return self._known or _UNREAD
        must_wait = self._known is None or self._has_changed
        if not self._looking.acquire(blocking=must_wait):
            return self._known or _UNREAD  # somebody else is looking
        try:
            if not self._is_fresh():
                self._look()
        finally:
            self._looking.release()
        return self._known or _UNREAD

    def forget(self) -> None:
        """Look again at the next question: something was saved."""
        self._has_changed = True

    def _is_fresh(self) -> bool:
        return self._known is not None and not self._has_changed and time.monotonic() < self._fresh_until

    def _look(self) -> None:
        self._has_changed = False
        try:
            self._known = _newer(self._known, DocumentStore(self._at_hand.get()), datetime.now(UTC))
            self._fresh_until = time.monotonic() + _FRESH_S
        except DatabaseDownError:
            self._known = self._known or _UNREAD
            self._fresh_until = time.monotonic() + _REST_S


def _newer(known: Tables | None, store: DocumentStore, now: datetime) -> Tables:
    """Return what counts now; the same object while nothing has changed, so that what hangs on it is kept."""
    if known is not None and known.are_read:
        told = {kind: found for kind, found in store.shas_in_force(at=now).items() if kind in TABLES}
        if told == {kind: (edition.version, edition.sha) for kind, edition in known.edited.items()}:
            return known
    return tables_of(store.in_force(at=now))
