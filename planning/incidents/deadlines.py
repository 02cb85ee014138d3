"""When an incident is due: whole working days, never on a day off."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Literal

from planning.incidents.categories import CATEGORIES, Category
from planning.incidents.clocks import CHINA_TIME, due

__all__ = ["CHINA_TIME", "DUTY_HOURS", "deadline_rule", "due_at"]

DUTY_HOURS = ((time(8, 30), time(12)), (time(14), time(18)))
"""An example, as many county offices have it; what an office edits stands in the table of duty hours."""


def deadline_rule(workdays: int) -> Literal["same-day", "within-workdays"]:
    """Return the code of a deadline's sentence, which mentions the number of working days."""
    return "within-workdays" if workdays else "same-day"


def due_at(
    category: str,
    reported_at: datetime,
    *,
    is_workday: Callable[[date], bool],
    categories: Mapping[str, Category] = CATEGORIES,
    duty_hours: Sequence[tuple[time, time]] = DUTY_HOURS,
) -> datetime:
    """Return when an incident of this category must be dealt with, by the working clock.

    Parameters
    ----------
    category
        Key of `categories`.
    reported_at
        Aware, in any zone; the day is the one in China.
    is_workday
        The calendar, with its public holidays and make-up workdays (调休).
    categories, duty_hours
        The county's tables.

    Returns
    -------
    datetime
        The close of duty of a working day in Asia/Shanghai, later than `reported_at`.

    Raises
    ------
    ValueError
        If the calendar knows no working day for a month.
    """
    workdays = categories[category].workdays
    return due(reported_at, workdays, clock="working", duty_hours=duty_hours, is_workday=is_workday)
