"""Deadlines of many starts at once: the working time of an office laid end to end, and read both ways.

``clocks.due`` says the same of one start, with pauses; a test holds the two against one another.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import numpy as np
import numpy.typing as npt

from planning.incidents.clocks import CHINA_TIME
from planning.incidents.targets import Target
from planning.incidents.timetable import Timetable

Instants = npt.NDArray[np.int64]
"""Microseconds since 1970-01-01 in China: local, without a zone."""

_MICROSECOND = timedelta(microseconds=1)
_DAY = timedelta(days=1) // _MICROSECOND
_EPOCH = datetime(1970, 1, 1, tzinfo=CHINA_TIME)


def instants_of(moments: Sequence[datetime]) -> Instants:
    """Return aware instants as numbers."""
    return np.array([(moment - _EPOCH) // _MICROSECOND for moment in moments], dtype=np.int64)


def moment_of(instant: int) -> datetime:
    """Return a number as an instant in China."""
    return _EPOCH + int(instant) * _MICROSECOND


class WorkingTime:
    """The working time of an office from a day on.

    Parameters
    ----------
    timetable
    first
        No start lies before it.
    days
        So many days are known.
    """

    def __init__(self, timetable: Timetable, first: date, days: int) -> None:
        stretches = [
            (_of(begin.hour, begin.minute), _of(end.hour, end.minute) or _DAY) for begin, end in timetable.duty_hours
        ]
        self._duty = sum(end - begin for begin, end in stretches)
        origin = (first - date(1970, 1, 1)).days
        worked = [n for n in range(days) if timetable.is_workday(first + timedelta(n))]
        self._worked = (np.array(worked, dtype=np.int64) + origin) * _DAY
        self._last_close = max(end for _, end in stretches)
        offsets = np.array(sorted(stretches), dtype=np.int64)
        self._opens = (self._worked[:, None] + offsets[None, :, 0]).ravel()
        self._closes = (self._worked[:, None] + offsets[None, :, 1]).ravel()
        self._done = np.cumsum(self._closes - self._opens)

    def due(self, starts: Instants, target: Target) -> Instants:
        """Return when a target is used up, as ``clocks.due`` says without pauses.

        Parameters
        ----------
        starts
        target
            More than nothing, unless it is in working days.

        Raises
        ------
        IndexError
            If it is used up after the last day that is known.
        """
        if isinstance(target.amount, timedelta):
            span = target.amount // _MICROSECOND
            return starts + span if target.clock == "calendar" else self._used_up(self._counted(starts) + span)
        if target.amount:
            tomorrow = (starts // _DAY + 1) * _DAY
            return self._used_up(self._counted(tomorrow) + target.amount * self._duty)
        days = self._worked[np.searchsorted(self._worked, starts - self._last_close, side="right")]
        return np.asarray(days + self._last_close)

    def _counted(self, instants: Instants) -> Instants:
        """Return how much working time has passed by some instants."""
        at = np.searchsorted(self._opens, instants, side="right") - 1
        since = np.minimum(instants, self._closes[at]) - self._opens[at]
        before = self._done[at] - (self._closes[at] - self._opens[at])
        return np.where(at < 0, 0, before + since)

    def _used_up(self, counted: Instants) -> Instants:
        """Return the first instants by which so much has passed."""
        at = np.searchsorted(self._done, counted, side="left")
        return np.asarray(self._closes[at] - (self._done[at] - counted))


def _of(hours: int, minutes: int) -> int:
    return timedelta(hours=hours, minutes=minutes) // _MICROSECOND
