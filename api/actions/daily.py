"""What a service does once a day by itself: erase personal data that are due, forget old messages."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from api.actions.erasing import erase_what_is_due
from api.actions.old_messages import forget_old_messages
from api.actions.workplace import Workplace
from layers.records.audit import THE_SERVICE
from layers.records.database_faults import DatabaseDownError

EVERY_S, AGAIN_S = 24 * 3600.0, 600.0
"""Between two passes, and after one that failed."""
_LOG = logging.getLogger(__name__)


class Daily:
    """The thread of a service that does so at its start and once a day.

    Parameters
    ----------
    at_work
    """

    def __init__(self, at_work: Workplace) -> None:
        self._at_work = at_work
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="daily", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End; what is under way ends by itself, all of it or nothing."""
        self._ending.set()

    def _run(self) -> None:
        while not self._ending.is_set():
            failed = [one for one in _CHORES if not _went(one, self._at_work)]
            self._ending.wait(AGAIN_S if failed else EVERY_S)


def _erase(at_work: Workplace) -> None:
    if count := erase_what_is_due(at_work, actor=THE_SERVICE).count:
        _LOG.info("erased %d names and numbers whose day had come", count)


def _forget(at_work: Workplace) -> None:
    if count := forget_old_messages(at_work):
        _LOG.info("forgot %d messages that were done with long ago", count)


_CHORES: tuple[Callable[[Workplace], None], ...] = (_erase, _forget)


def _went(chore: Callable[[Workplace], None], at_work: Workplace) -> bool:
    """Do one thing, and tell whether it went: what fails keeps nothing else from being done."""
    try:
        chore(at_work)
    except DatabaseDownError as error:
        _LOG.warning("what is due is done later: %s", error)
        return False
    except Exception:  # noqa: BLE001 - later it may go well, whatever it was
        _LOG.exception("what is due cannot be done for the moment")
        return False
    return True
