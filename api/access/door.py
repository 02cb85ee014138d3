"""The door: who holds which key, and whether there is a door at all yet."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from datetime import UTC, datetime
from pathlib import Path

from layers.records.accounts import AccountStore
from layers.records.accounts_mark import accounts_mark, note_accounts
from layers.records.database import Database
from layers.records.database_at_hand import DatabaseAtHand
from layers.records.database_faults import DatabaseDownError
from layers.records.sessions import Holder, SessionStore

_PATIENCE_S = 0.5
_LOOK_AGAIN_S = 0.25
"""While there are none, the database is asked for accounts four times a second, not once a call: the first account of
another server on the same records shuts this door a quarter of a second later."""
_REST_S = 10.0
"""So long a database that was down is not asked again whether there are accounts by now."""


class Door:
    """Asks everyone for a key, once there are accounts.

    Parameters
    ----------
    at_hand
        Database of the accounts.
    data_dir
        Where it is noted that solo mode has ended, for the time when the database is down.
    """

    def __init__(self, at_hand: DatabaseAtHand, data_dir: Path) -> None:
        self._at_hand = at_hand
        self._data_dir = data_dir
        self._mark = accounts_mark(data_dir)
        self._is_shut = False
        self._rests_until = self._unnoted_until = 0.0
        self._lock = threading.Lock()
        self._looking: Future[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="door")

    def is_shut(self) -> bool:
        """Tell whether there are accounts, so that nobody is let in without a key; they are never deleted.

        Where there were any, the door stays shut whatever has become of the database: it is set up anew with a code.
        Where none was ever seen, a database that is slow or down keeps nobody at this machine waiting.
        """
        self._is_shut = self._is_shut or self._mark.exists()
        if not self._is_shut and time.monotonic() >= self._rests_until:
            self._look_a_moment()
        return self._is_shut

    def is_known_open(self) -> bool:
        """Tell whether nobody needs a key, from what was found a moment ago: this asks nobody."""
        return not self._is_shut and time.monotonic() < self._rests_until and not self._mark.exists()

    def shut(self) -> None:
        """Note that solo mode has ended."""
        self._is_shut = True
        note_accounts(self._data_dir)

    def holder_of(self, key: str) -> Holder | None:
        """Return who holds a key, and note that it is in use."""
        now = datetime.now(UTC)
        sessions = SessionStore(self._database)
        holder = sessions.holder_of(key, now=now)
        if holder is not None and time.monotonic() >= self._unnoted_until:
            self._note(holder, sessions, now)
        return holder

    def _note(self, holder: Holder, sessions: SessionStore, now: datetime) -> None:
        """Note that a key is in use; where nothing can be written for now, nobody is kept waiting for that."""
        try:
            sessions.seen(holder.session, now=now)
        except DatabaseDownError:
            self._unnoted_until = time.monotonic() + _REST_S

    def close(self) -> None:
        """Wait for nobody."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    @property
    def _database(self) -> Database:
        return self._at_hand.get()

    def _look(self) -> None:
        if AccountStore(self._database).is_any():
            self.shut()

    def _look_a_moment(self) -> None:
        with self._lock:
            if self._looking is None or self._looking.done():
                self._looking = self._thread.submit(self._look)
            looking = self._looking
        try:
            looking.result(timeout=_PATIENCE_S)
            self._rests_until = time.monotonic() + _LOOK_AGAIN_S
        except DatabaseDownError:
            self._rests_until = time.monotonic() + _REST_S
        except FutureTimeoutError:  # it is being asked still: the next callers need not wait for that in turn
            self._rests_until = time.monotonic() + _PATIENCE_S
