"""Sending what waits in the outbox: a thread a channel on every server, so that none waits for another that is down."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from api.actions.workplace import Workplace
from api.messages.addressed import Addressed, addressed
from api.messages.channels import channels_of, errand_for, is_quiet
from api.messages.courier import Courier
from layers.records.database_faults import DatabaseDownError
from layers.records.outbox import Outbox, Taken
from layers.records.servers import server_name

LOOK_EVERY_S = 2.0
"""Whoever is given a case hears of it within ten seconds."""
IDLE_S = 120.0
"""A courier without work for so long is let go."""
_LONGEST_END_S = 1.0
_LOG = logging.getLogger(__name__)


class Sender:
    """The threads of this server that send messages; none where no channel is set.

    Parameters
    ----------
    at_work
    clock
        For quiet hours; tests give their own.
    """

    def __init__(self, at_work: Workplace, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._at_work = at_work
        self._clock = clock
        self._name = server_name()
        self._ending = threading.Event()
        self._couriers = {channel: Courier() for channel in channels_of(at_work.settings)}
        self._threads = [
            threading.Thread(target=self._run, args=(channel,), name=f"send-{channel}", daemon=True)
            for channel in self._couriers
        ]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """End; what is under way is left to its lease, and goes out again under its key."""
        self._ending.set()
        for courier in self._couriers.values():
            courier.close()
        deadline = time.monotonic() + _LONGEST_END_S
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _run(self, channel: str) -> None:
        down, worked_at = False, time.monotonic()
        while not self._ending.is_set():
            try:
                if self._send_all(channel):
                    worked_at = time.monotonic()
                down = False
            except DatabaseDownError as error:
                if not down:
                    _LOG.warning("messages by %s wait for the database: %s", channel, error)
                down = True
            except Exception:  # noqa: BLE001 - the next look may do better, whatever it was
                _LOG.exception("messages by %s cannot be sent for the moment", channel)
            if time.monotonic() - worked_at > IDLE_S:
                self._couriers[channel].close()
            self._ending.wait(LOOK_EVERY_S)

    def _send_all(self, channel: str) -> bool:
        """Send what is due, up to the first that fails: what is down is not asked for each message."""
        outbox = Outbox(self._at_work.database.get(), owner=self._name)
        has_worked = False
        while not self._ending.is_set():
            quiet = is_quiet(self._at_work.settings, channel, now=self._clock())
            taken = outbox.take(channel, only_urgent=quiet)
            if taken is None:
                break
            has_worked = True
            if not self._send(outbox, taken):
                break
        return has_worked

    def _send(self, outbox: Outbox, taken: Taken) -> bool:
        """Send one message and note how it went; return whether it left."""
        for_whom = addressed(self._at_work, taken.message)
        if for_whom is None:
            outbox.dropped(taken, "nobody-to-tell")
            return True
        delivery = self._couriers[taken.message.channel].deliver(self._errand(taken, for_whom))
        if self._ending.is_set() and not delivery.is_taken:
            return False  # the courier was ended under it, which says nothing about the other side
        if delivery.is_taken:
            outbox.sent(taken)
        elif not outbox.failed(taken, delivery.error):
            _LOG.error("a message by %s is given up: %s", taken.message.channel, delivery.error)
        return delivery.is_taken

    def _errand(self, taken: Taken, for_whom: Addressed) -> dict[str, object]:
        told = {"title": for_whom.title, "body": for_whom.body, "phone": for_whom.phone}
        message = taken.message
        return errand_for(self._at_work.settings, message.channel, key=taken.id, is_urgent=message.is_urgent, **told)
