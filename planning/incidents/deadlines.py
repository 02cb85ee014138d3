"""When an incident is due: whole working days, never on a day off."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta, timezone
from typing import Literal

from planning.incidents.categories import CATEGORIES, Category

CHINA_TIME = timezone(timedelta(hours=8), "Asia/Shanghai")
"""One zone for the whole country, without daylight saving since 1991."""

CLOSE_OF_WORK = time(18, 0)

_LONGEST_BREAK_DAYS = 31


def deadline_rule(workdays: int) -> Literal["same-day", "within-workdays"]:
    """Return the code of a deadline's sentence, which mentions the number of working days."""
    return "within-workdays" if workdays else "same-day"


def due_at(
    category: str,
    reported_at: datetime,
    *,
    is_workday: Callable[[date], bool],
    categories: Mapping[str, Category] = CATEGORIES,
) -> datetime:
    """Return when an incident of this category must be dealt with.

    The day of the report does not count (Civil Code, article 201); the deadline is the close of
    work on the last of the working days allowed. With no days allowed it is the day of the
    report itself, or, after the close of work or on a day off, the next working day.

    Parameters
    ----------
    category
        Key of `categories`.
    reported_at
        Aware, in any zone; the day is the one in China.
    is_workday
        The calendar, with its public holidays and make-up workdays (调休).
    categories
        The county's table.

    Returns
    -------
    datetime
        18:00 Asia/Shanghai on a working day, later than `reported_at`.

    Raises
    ------
    ValueError
        If the calendar knows no working day for a month.
    """
    local = reported_at.astimezone(CHINA_TIME)
    days = categories[category].workdays
    day = local.date()
    if days == 0 and not (is_workday(day) and local.time() < CLOSE_OF_WORK):
        days = 1
    for _ in range(days):
        day = _next_workday(day, is_workday)
    return datetime.combine(day, CLOSE_OF_WORK, CHINA_TIME)


def _next_workday(day: date, is_workday: Callable[[date], bool]) -> date:
    for ahead in range(1, _LONGEST_BREAK_DAYS + 1):
        later = day + timedelta(days=ahead)
        if is_workday(later):
            return later
    raise ValueError(f"no working day within {_LONGEST_BREAK_DAYS} days of {day}")
