"""The working days of China: weekends, public holidays and make-up workdays (调休)."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Literal

import chinese_calendar

Calendar = Literal["state-council", "weekdays"]

_FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
"""Month and day of the public holidays that do not follow the moon (State Council, 2024)."""

_YEAR_END = (12, 29)
"""From here on a December has followed the table of the next year (2007, 2018): the earliest so far."""


def is_workday(day: date) -> bool:
    """Return whether offices work on a day.

    Years that the State Council has not announced, or the installed library does not know,
    fall back to Monday to Friday without the holidays of a fixed date.
    """
    published = _published(day)
    if published is not None:
        return published
    return day.weekday() < 5 and (day.month, day.day) not in _FIXED_HOLIDAYS


def calendar_of(day: date) -> Calendar:
    """Return which calendar answers for a day: the announced one, or plain weekdays."""
    return "weekdays" if _published(day) is None else "state-council"


def is_provisional(last: date) -> bool:
    """Return whether a deadline may move when the State Council announces another year.

    Parameters
    ----------
    last
        The day of the deadline, the last one of those counted.

    Returns
    -------
    bool
        True if its year has not been announced, so that weekdays answer, or if it is one of the
        last days of the last announced year, which the table of the next may take for New Year.
    """
    next_year = date(last.year + 1, 1, 1)
    return _published(last) is None or ((last.month, last.day) >= _YEAR_END and _published(next_year) is None)


@lru_cache(maxsize=4096)
def _published(day: date) -> bool | None:
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None
