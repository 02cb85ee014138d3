"""The thread of a service that makes the pass over the clocks: as soon as a case wakes, and twice a minute anyway."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from api.actions.cases.escalating import Done, Resting, escalate_due
from api.actions.cases.recomputing import counted_by, recompute_open
from api.actions.cases.timetables import timetable_of
from api.actions.workplace import Workplace
from layers.records.audit import THE_SERVICE, Actor
from layers.records.case_wakes import wakes_next, waking
from layers.records.database_faults import DatabaseDownError
from layers.records.servers import server_name
from layers.records.ticker import Ticker, last_position
from planning.incidents.clocks import CHINA_TIME
from planning.incidents.escalation import next_move

ESCALATE, RECOMPUTE = "escalate", "recompute"
EVERY_S, SOONEST_S = 30.0, 1.0
LEASE = timedelta(minutes=2)
"""So long a server that says nothing keeps the turn; another that does not wait for it would do no harm."""
LATE_AFTER = timedelta(minutes=3)
"""A pass that has not been made for so long is told as late."""
_LONGEST_END_S = 0.5
_LOG = logging.getLogger(__name__)


def make_pass(
    at_work: Workplace, *, actor: Actor, now: datetime | None = None, resting: Resting | None = None
) -> list[Done]:
    """Do what the clocks ask for and return what was done.

    Parameters
    ----------
    at_work, actor
    now
        The present if not given.
    resting
        As for ``escalate_due``.

    Raises
    ------
    DatabaseDownError
        If the records cannot be asked; what was done until then is done.
    """
    database, timetable = at_work.database.get(), timetable_of(at_work.tables.get())
    moment = now or datetime.now(UTC)
    done = escalate_due(database, at_work.incidents, timetable=timetable, actor=actor, now=moment, resting=resting)
    return list(done)


def pending(at_work: Workplace, *, now: datetime | None = None) -> list[Done]:
    """Return the next move of each case that a pass would make, without making it; as ``make_pass``."""
    timetable, moment, store = timetable_of(at_work.tables.get()), now or datetime.now(UTC), at_work.incidents
    cases = (store.get(name) for name, _ in waking(at_work.database.get(), now=moment))
    found = ((case, next_move(case, timetable=timetable, now=moment)) for case in cases if case is not None)
    return [Done(case, move) for case, move in found if move is not None]


def recompute_if_changed(at_work: Workplace, ticker: Ticker, *, actor: Actor, now: datetime | None = None) -> int:
    """Work out anew what is due when since calendar or duty hours have changed; return how many cases it moved.

    Parameters
    ----------
    at_work, actor
    ticker
        Of this server; another one that is at it already is left to it.
    now
        The present if not given.
    """
    database, tables, moment = at_work.database.get(), at_work.tables.get(), now or datetime.now(UTC)
    mark = counted_by(tables, today=moment.astimezone(CHINA_TIME).date())
    if not tables.are_read or last_position(database, RECOMPUTE) == mark or not ticker.begin(RECOMPUTE):
        return 0
    timetable = timetable_of(tables)
    moved = recompute_open(database, at_work.incidents, tables=tables, timetable=timetable, actor=actor, now=moment)
    count = sum(1 for _ in moved)
    ticker.done(RECOMPUTE, pos=mark)
    return count


class Passing:
    """The thread.

    Parameters
    ----------
    at_work
    on_change
        Told, in this thread, that cases have moved.
    """

    def __init__(self, at_work: Workplace, *, on_change: Callable[[], None] = lambda: None) -> None:
        self._at_work = at_work
        self._on_change = on_change
        self._name = server_name()
        self._resting = Resting()
        self._ending = threading.Event()
        self._down = False
        self._begun = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="passing", daemon=True)
        self._thread.start()

    @property
    def age(self) -> timedelta:
        """How long this server has been at it."""
        return timedelta(seconds=time.monotonic() - self._begun)

    def close(self) -> None:
        """End; a pass that is under way is left to the next server, which finds what is undone."""
        self._ending.set()
        self._thread.join(_LONGEST_END_S)

    def _run(self) -> None:
        while not self._ending.is_set():
            self._ending.wait(self._pass_safely())

    def _pass_safely(self) -> float:
        """Make the pass if it is this server's turn and return how long to rest."""
        try:
            rest = self._pass()
        except DatabaseDownError as error:
            if not self._down:
                _LOG.warning("the clocks of cases wait for the database: %s", error)
            self._down = True
            return EVERY_S / 3
        except Exception:  # noqa: BLE001 - the next pass may do better, whatever it was
            _LOG.exception("the clocks of cases cannot be looked at for the moment")
            return EVERY_S
        self._down = False
        return rest

    def _pass(self) -> float:
        ticker = Ticker(self._at_work.database.get(), owner=self._name, lease=LEASE)
        if not ticker.begin(ESCALATE):
            return EVERY_S
        if make_pass(self._at_work, actor=THE_SERVICE, resting=self._resting):
            self._on_change()
        ticker.done(ESCALATE)
        if recompute_if_changed(self._at_work, ticker, actor=THE_SERVICE):
            self._on_change()
        now = datetime.now(UTC)
        following = wakes_next(self._at_work.database.get(), now=now)
        soon = (following - now).total_seconds() if following else EVERY_S
        return min(max(soon, SOONEST_S), EVERY_S)
