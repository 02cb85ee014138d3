"""Days and times of day as people write them, and as they are stored."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, time

from planning.tables.faults import CellFault

_DAY = re.compile(r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?(?: 00:00(?::00)?)?")
_TIME = re.compile(r"([0-9]{1,2})\s*[:时点]\s*([0-9]{2})\s*分?(?::00)?")
_MIDNIGHT = ("24:00", "1 day, 0:00:00")
"""The end of a day as people and as spreadsheets write it."""
_FIRST_YEAR, _LAST_YEAR = 2020, 2099


def read_day(text: str) -> str:
    """Return a day as 2027-02-06; a date of a spreadsheet, 2027/2/6 and 2027年2月6日 are understood.

    Raises
    ------
    CellFault
        If it is no day, or none of this century that an office could mean.
    """
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", text))
    if found is None:
        raise CellFault("table-not-a-day")
    year, month, day = map(int, found.groups())
    try:
        moment = date(year, month, day)
    except ValueError as error:
        raise CellFault("table-no-such-day") from error
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise CellFault("table-day-far", {"first": _FIRST_YEAR, "last": _LAST_YEAR})
    return moment.isoformat()


def read_time(text: str) -> str:
    """Return a time of day as 08:30, from 00:00 to 24:00.

    Raises
    ------
    CellFault
        If it is no time of a day, or not a whole minute.
    """
    written = unicodedata.normalize("NFKC", text)
    if written in _MIDNIGHT:
        return "24:00"
    found = _TIME.fullmatch(written)
    if found is None:
        raise CellFault("table-not-a-time")
    hour, minute = map(int, found.groups())
    if hour > 23 or minute > 59:
        raise CellFault("table-no-such-time")
    return f"{hour:02}:{minute:02}"


def time_of(told: str) -> time:
    """Return a stored time of day; 24:00 is midnight."""
    hour, minute = map(int, told.split(":"))
    return time(hour % 24, minute)


def minute_of(told: str) -> int:
    """Return the minutes since midnight of a stored time of day; 24:00 is 1440."""
    hour, minute = map(int, told.split(":"))
    return 60 * hour + minute
