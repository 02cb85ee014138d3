"""Which tables count now, for a service: asked often enough that a change counts at once, never for long."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from datetime import UTC, datetime

from api.actions.tables_at_rest import tables_of
from layers.records.database_at_hand import DatabaseAtHand
from layers.records.database_faults import DatabaseDownError
from layers.records.documents import DocumentStore
from planning.tables.in_force import Tables
from planning.tables.registry import TABLES

_FRESH_S = 0.5
"""So long another process' change may go unnoticed; one of this process counts at once."""
_PATIENCE_S = 0.5
"""So long a page waits for records that are slow."""
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
        self._changes = self._changes_seen = 0
        self._lock = threading.Lock()
        self._looking: Future[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="tables")

    def get(self, *, patience_s: float = _PATIENCE_S) -> Tables:
        """Return the tables that count now; while the records are down or slow, those that counted last.

        Before anything could be read these are the defaults, which say of themselves that they stand in.

        Parameters
        ----------
        patience_s
            So long records that are slow are waited for before anything is known of them.
        """
        if self._known is None and patience_s > _PATIENCE_S:
            self.forget()  # whoever has time wants them read, even a moment after they could not be
        for patience in (patience_s if self._known is None else _PATIENCE_S, _PATIENCE_S):
            if self._is_fresh():
                break
            self._look_a_moment(patience)
        return self._known or _UNREAD

    def begin(self) -> None:
        """Look before anybody asks."""
        self._look_beside()

    def forget(self) -> None:
        """Look again at the next question: something was saved."""
        self._changes += 1

    def close(self) -> None:
        """Wait for nobody."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _is_fresh(self) -> bool:
        return self._changes_seen == self._changes and time.monotonic() < self._fresh_until

    def _look_beside(self) -> Future[None]:
        """Return the look that is on its way, or begin one; a thread of its own waits for the database."""
        with self._lock:
            if self._looking is None or self._looking.done():
                self._looking = self._thread.submit(self._look)
            return self._looking

    def _look_a_moment(self, patience_s: float) -> None:
        try:
            self._look_beside().result(timeout=patience_s)
        except FutureTimeoutError:  # it is being asked still: the next callers need not wait for that in turn
            self._fresh_until = time.monotonic() + _PATIENCE_S

    def _look(self) -> None:
        changes = self._changes
        try:
            self._known = _newer(self._known, DocumentStore(self._at_hand.get()), datetime.now(UTC))
            self._fresh_until = time.monotonic() + _FRESH_S
        except DatabaseDownError:
            self._fresh_until = time.monotonic() + _REST_S
        self._changes_seen = changes


def _newer(known: Tables | None, store: DocumentStore, now: datetime) -> Tables:
    """Return what counts now; the same object while nothing has changed, so that what hangs on it is kept."""
    if known is not None and known.are_read:
        told = {kind: found for kind, found in store.shas_in_force(at=now).items() if kind in TABLES}
        if told == {kind: (edition.version, edition.sha) for kind, edition in known.edited.items()}:
            return known
    return tables_of(store.in_force(at=now))
