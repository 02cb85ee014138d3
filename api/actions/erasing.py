"""Erasing personal data that are due: once a day by the service, and whenever somebody asks; old messages beside."""

from __future__ import annotations

import logging
import threading

from api.actions.workplace import Workplace
from layers.records.audit import THE_SERVICE, Act, Actor
from layers.records.clock import now_of
from layers.records.database_faults import DatabaseDownError
from layers.records.erasing import Erased, erase_due
from layers.records.outbox import forget_done

EVERY_S, AGAIN_S = 24 * 3600.0, 600.0
"""Between two passes, and after one that failed."""
_LOG = logging.getLogger(__name__)


def erase_what_is_due(at_work: Workplace, *, actor: Actor) -> Erased:
    """Erase names and numbers whose day has come, with one row in the audit."""
    return erase_due(at_work.database.get(), act=Act(actor, "secret.erased", "secret"))


class ErasingDaily:
    """The thread of a service that erases what is due, at its start and once a day.

    Parameters
    ----------
    at_work
    """

    def __init__(self, at_work: Workplace) -> None:
        self._at_work = at_work
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="erasing", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End; a pass that is under way ends by itself, all of it or nothing."""
        self._ending.set()

    def _run(self) -> None:
        while not self._ending.is_set():
            self._ending.wait(EVERY_S if self._pass_safely() else AGAIN_S)

    def _pass_safely(self) -> bool:
        try:
            count = erase_what_is_due(self._at_work, actor=THE_SERVICE).count
            with self._at_work.database.get().writing() as connection:
                forget_done(connection, now=now_of(connection))
        except DatabaseDownError as error:
            _LOG.warning("what is due is erased later: %s", error)
            return False
        except Exception:  # noqa: BLE001 - a day on it may go well, whatever it was
            _LOG.exception("what is due cannot be erased for the moment")
            return False
        if count:
            _LOG.info("erased %d names and numbers whose day had come", count)
        return True
