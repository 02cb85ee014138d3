"""Days off and days worked: what an office says of a day itself, else what the State Council announced."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

OFFICE = "office"
"""Code of the calendar that answers for a day of which the office says itself whether it is worked."""

_HOLIDAYS_OF_A_YEAR = 13
"""Public holidays that the law gives since 2025: with as many a table is that of a whole year."""
_YEAR_END = (12, 29)
"""From here on the calendar of the next year may take days of a December for New Year."""


@dataclass(frozen=True)
class OwnCalendar:
    """The office's calendar over the one that was announced.

    Parameters
    ----------
    published
        Whether a day is worked, by the State Council's calendar.
    published_by
        Code of the calendar that answers for a day there.
    may_move
        Whether a deadline on a day may still move when another year is announced.
    days
        Day → whether it is worked, where the office says so itself.
    """

    published: Callable[[date], bool]
    published_by: Callable[[date], str]
    may_move: Callable[[date], bool]
    days: Mapping[date, bool] = field(default_factory=dict)

    def is_workday(self, day: date) -> bool:
        """Return whether the office works on a day."""
        own = self.days.get(day)
        return self.published(day) if own is None else own

    def calendar_of(self, day: date) -> str:
        """Return the code of the calendar that answers for a day."""
        is_own = day in self.days or day.year in self._whole_years
        return OFFICE if is_own and self.may_move(day) else self.published_by(day)

    def is_provisional(self, last: date) -> bool:
        """Return whether a deadline may move when the State Council announces another year.

        Parameters
        ----------
        last
            The day of the deadline, the last one of those counted.
        """
        if not self.may_move(last):
            return False
        is_near_new_year = (last.month, last.day) >= _YEAR_END
        years = (last.year, last.year + 1) if is_near_new_year else (last.year,)
        return any(year not in self._whole_years and self.may_move(date(year, 6, 30)) for year in years)

    @cached_property
    def _whole_years(self) -> frozenset[int]:
        """Years of which the office names as many holidays as the law gives."""
        holidays = [day.year for day, is_worked in self.days.items() if not is_worked]
        return frozenset(year for year in set(holidays) if holidays.count(year) >= _HOLIDAYS_OF_A_YEAR)
