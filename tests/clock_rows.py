"""Deadlines worked out by hand with a paper calendar of 2026; duty 08:30-12:00 and 14:00-18:00.

A row: clock, start, target, pauses, due. A target of days is whole working days, one of hours and
minutes is counted time; a day of duty is 7 h 30. Names like GLPI #687 are faults that users met in
other products. An instant without a zone is one in China.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

CHINA = timezone(timedelta(hours=8))
DUTY = ((time(8, 30), time(12)), (time(14), time(18)))

_OFF = {
    *(date(2026, 1, day) for day in (1, 2, 3)),
    *(date(2026, 2, day) for day in range(15, 24)),
    *(date(2026, 4, day) for day in (4, 5, 6)),
    *(date(2026, 5, day) for day in range(1, 6)),
    *(date(2026, 6, day) for day in (19, 20, 21)),
    *(date(2026, 9, day) for day in (25, 26, 27)),
    *(date(2026, 10, day) for day in range(1, 8)),
    *(date(2027, month, day) for month, day in ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))),
}
_WORKED = {date(2026, *day) for day in ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10))}


def works(day: date) -> bool:
    """Return whether offices work: 2026 as announced, 2027 by weekdays, typed in by hand."""
    return day in _WORKED or (day.weekday() < 5 and day not in _OFF)


def moment(text: str) -> datetime:
    """Return ``2026-03-02 09:00``, with a zone of its own or in China."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=CHINA)


def target_of(text: str) -> timedelta | int:
    """Return ``3 days`` as a number, ``1:30`` as a span."""
    if text.endswith("days"):
        return int(text.split(maxsplit=1)[0])
    hours, minutes = text.split(":")
    return timedelta(hours=int(hours), minutes=int(minutes))


def pauses_of(text: str) -> list[tuple[datetime, datetime | None]]:
    """Return ``from > until; from > until``, both in 2026 unless a year is said; no until: it lasts."""

    def at(part: str) -> datetime:
        return moment(part if part.startswith("20") else f"2026-{part}")

    pairs = [[part.strip() for part in one.split(">")] for one in text.split(";") if one]
    return [(at(begin), at(end) if end else None) for begin, end in pairs]


WITHIN_A_DAY = [  # Monday 2 March
    ("working", "2026-03-02 09:00", "2:00", "", "2026-03-02 11:00"),  # the plain morning
    ("working", "2026-03-02 10:15:30", "0:45", "", "2026-03-02 11:00:30"),  # seconds stay
    ("working", "2026-03-02 11:00", "1:00", "", "2026-03-02 12:00"),  # ends with the morning: not at 14:00
    ("working", "2026-03-02 11:00", "1:01", "", "2026-03-02 14:01"),  # a minute more: after lunch
    ("working", "2026-03-02 11:30", "1:00", "", "2026-03-02 14:30"),  # over lunch (Frappe #2212)
    ("working", "2026-03-02 12:00", "1:00", "", "2026-03-02 15:00"),  # starts just as lunch begins
    ("working", "2026-03-02 12:30", "1:00", "", "2026-03-02 15:00"),  # starts at lunch
    ("working", "2026-03-02 13:59", "0:10", "", "2026-03-02 14:10"),  # the last minute of lunch
    ("working", "2026-03-02 14:00", "0:10", "", "2026-03-02 14:10"),  # just at the opening
    ("working", "2026-03-02 08:29", "0:01", "", "2026-03-02 08:31"),  # a minute too early counts nothing
    ("working", "2026-03-02 00:00", "0:30", "", "2026-03-02 09:00"),  # at midnight, of the day that begins
    ("working", "2026-03-02 08:30", "7:30", "", "2026-03-02 18:00"),  # a day of duty to its close
    ("working", "2026-03-02 17:00", "1:00", "", "2026-03-02 18:00"),  # ends with the day: not next morning
]
OVER_A_NIGHT = [
    ("working", "2026-03-02 17:00", "2:00", "", "2026-03-03 09:30"),  # an hour each day (osTicket #1168)
    ("working", "2026-03-02 17:59", "0:02", "", "2026-03-03 08:31"),  # a minute each day
    ("working", "2026-03-02 18:00", "1:00", "", "2026-03-03 09:30"),  # just at the close: tomorrow
    ("working", "2026-03-02 23:30", "0:30", "", "2026-03-03 09:00"),  # at night
    ("working", "2026-03-02 08:30", "7:31", "", "2026-03-03 08:31"),  # a day and a minute
    ("working", "2026-03-02 14:00", "7:30", "", "2026-03-03 12:00"),  # 4 h, then the 3 h 30 of a morning
    ("working", "2026-03-02 09:00", "24:00", "", "2026-03-05 10:30"),  # 7 h, 7:30, 7:30, and 2 h on Thursday
    ("working", "2026-03-02 17:00", "3:00", "", "2026-03-03 10:30"),  # warned 1 h before 4 h: GLPI PR#22678
    ("working", "2026-03-02 17:00", "4:00", "", "2026-03-03 11:30"),  # and that deadline
]
OVER_A_WEEKEND = [  # Friday 6 to Monday 9 March
    ("working", "2026-03-06 17:00", "1:00", "", "2026-03-06 18:00"),  # ends with the week
    ("working", "2026-03-06 17:00", "2:00", "", "2026-03-09 09:30"),  # an hour of Friday, one of Monday
    ("working", "2026-03-06 18:00", "0:01", "", "2026-03-09 08:31"),  # at the close of the week
    ("working", "2026-03-07 10:00", "4:00", "", "2026-03-09 14:30"),  # Saturday: 3:30 of the morning, 0:30
    ("working", "2026-03-08 22:00", "8:00", "", "2026-03-10 09:00"),  # born outside of duty: GLPI #687
    ("working", "2026-03-08 23:59", "15:00", "", "2026-03-10 18:00"),  # two days of duty
    ("working", "2026-03-05 14:00", "20:00", "", "2026-03-10 09:30"),  # 4, 7:30, 7:30, and 1 h on Tuesday
    ("working", "2026-03-06 16:00", "2:00", "", "2026-03-06 18:00"),  # a reminder, not on Saturday: Zammad #4432
]
NATIONAL_DAY = [  # 1 to 7 October off; Sunday 20 September and Saturday 10 October worked; Mid-Autumn 25 to 27
    ("working", "2026-09-30 17:00", "2:00", "", "2026-10-08 09:30"),  # a week in between
    ("working", "2026-10-03 12:00", "0:30", "", "2026-10-08 09:00"),  # within the week
    ("working", "2026-10-07 18:00", "1:00", "", "2026-10-08 09:30"),  # its last evening
    ("working", "2026-10-09 17:30", "1:00", "", "2026-10-10 09:00"),  # the Saturday is worked
    ("working", "2026-10-10 17:30", "1:00", "", "2026-10-12 09:00"),  # the Sunday after it is not
    ("working", "2026-09-20 10:00", "1:00", "", "2026-09-20 11:00"),  # a Sunday like any working day
    ("working", "2026-09-24 16:00", "4:00", "", "2026-09-28 10:30"),  # Mid-Autumn Friday is off
    ("working", "2026-09-29 14:00", "20:00", "", "2026-10-09 09:30"),  # 4, 7:30, week off, 7:30, 1
]
SPRING_FESTIVAL = [  # 15 to 23 February off; Saturdays 14 and 28 worked
    ("working", "2026-02-13 17:00", "2:00", "", "2026-02-14 09:30"),  # Friday, and the Saturday worked
    ("working", "2026-02-14 17:00", "2:00", "", "2026-02-24 09:30"),  # nine days off
    ("working", "2026-02-14 18:00", "0:01", "", "2026-02-24 08:31"),  # at the close before them
    ("working", "2026-02-17 09:00", "10:00", "", "2026-02-25 11:00"),  # New Year's morning: 7:30, 2:30
    ("working", "2026-02-13 08:30", "22:30", "", "2026-02-24 18:00"),  # three days of duty: 13, 14, 24
    ("working", "2026-02-27 17:00", "2:00", "", "2026-02-28 09:30"),  # the Saturday after is worked too
    ("working", "2026-02-28 17:00", "2:00", "", "2026-03-02 09:30"),  # then a Sunday off
]
OTHER_HOLIDAYS = [
    ("working", "2026-01-01 10:00", "2:00", "", "2026-01-04 10:30"),  # Sunday 4 January is worked
    ("working", "2026-04-30 17:00", "2:00", "", "2026-05-06 09:30"),  # Labour Day
    ("working", "2026-05-08 17:30", "1:00", "", "2026-05-09 09:00"),  # and its Saturday
    ("working", "2026-12-24 17:00", "2:00", "", "2026-12-25 09:30"),  # Christmas is no holiday: Zammad #390
]
WHOLE_DAYS = [  # to the close of duty; the day of the start does not count
    ("working", "2026-03-02 09:00", "1 days", "", "2026-03-03 18:00"),
    ("working", "2026-03-02 00:00", "1 days", "", "2026-03-03 18:00"),  # the hour does not matter
    ("working", "2026-03-02 20:00", "1 days", "", "2026-03-03 18:00"),  # nor in the evening
    ("working", "2026-03-07 09:00", "1 days", "", "2026-03-09 18:00"),  # Saturday: Monday is the first
    ("working", "2026-03-05 09:00", "2 days", "", "2026-03-09 18:00"),  # Friday, Monday
    ("working", "2026-03-02 09:00", "13 days", "", "2026-03-19 18:00"),  # a complaint by a hotline's rule
    ("working", "2026-02-12 09:00", "3 days", "", "2026-02-24 18:00"),  # 13, 14, 24
    ("working", "2026-02-13 17:30+00:00", "2 days", "", "2026-02-25 18:00"),  # Saturday 01:30 in China: 24, 25
    ("working", "2026-09-30 18:00", "2 days", "", "2026-10-09 18:00"),  # 8, 9
    ("working", "2026-09-28 09:00", "7 days", "", "2026-10-13 18:00"),  # 29, 30, 8, 9, 10, 12, 13
    ("working", "2026-03-02 09:00", "60 days", "", "2026-05-28 18:00"),  # 21 in March, 21 in April, 18 in May
    ("working", "2026-03-02 09:00", "0 days", "", "2026-03-02 18:00"),  # the same day
    ("working", "2026-03-02 12:30", "0 days", "", "2026-03-02 18:00"),  # from lunch too
    ("working", "2026-03-02 17:59", "0 days", "", "2026-03-02 18:00"),  # a minute is left
    ("working", "2026-03-02 18:00", "0 days", "", "2026-03-03 18:00"),  # none is left
    ("working", "2026-03-07 10:00", "0 days", "", "2026-03-09 18:00"),  # Saturday: Monday
    ("working", "2026-02-14 19:00", "0 days", "", "2026-02-24 18:00"),  # the evening before the festival
]
NO_TIME = [  # due as soon as the clock runs
    ("working", "2026-03-02 09:00", "0:00", "", "2026-03-02 09:00"),
    ("working", "2026-03-02 12:00", "0:00", "", "2026-03-02 14:00"),  # lunch begins
    ("working", "2026-03-02 18:00", "0:00", "", "2026-03-03 08:30"),  # the day is over
    ("working", "2026-03-07 10:00", "0:00", "", "2026-03-09 08:30"),  # Saturday
    ("working", "2026-03-02 09:00", "0:00", "03-02 08:45 > 03-02 09:20", "2026-03-02 09:20"),  # in a pause
    ("calendar", "2026-03-07 03:00", "0:00", "", "2026-03-07 03:00"),
]
