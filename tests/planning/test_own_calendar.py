"""The office's own calendar over the announced one: 2027, of which nothing is announced yet."""

from datetime import date, datetime, timedelta

import pytest

from layers.workdays import calendar_of, is_provisional, is_workday
from maps.table_words import table_words
from planning.incidents.clocks import CHINA_TIME, due
from planning.incidents.own_calendar import OwnCalendar
from planning.tables.calendar import days_of
from planning.tables.checking import GivenTable, check_table
from planning.tables.in_force import DEFAULTS
from planning.tables.registry import TABLES

HOLIDAYS = [
    *(date(2027, 1, 1) + timedelta(n) for n in range(3)),
    *(date(2027, 2, 5) + timedelta(n) for n in range(8)),
    *(date(2027, 4, 3) + timedelta(n) for n in range(3)),
    *(date(2027, 5, 1) + timedelta(n) for n in range(5)),
    *(date(2027, 10, 1) + timedelta(n) for n in range(7)),
]
WORKED = [date(2027, 2, 14), date(2027, 2, 20), date(2027, 5, 8), date(2027, 9, 26)]
"""As it might be announced; the real notice had not been when this was written."""


def office(rows=()):
    return OwnCalendar(is_workday, calendar_of, is_provisional, days_of(rows) if rows else DEFAULTS.own_days)


def table_2027():
    rows = [{"day": f"{day:%Y/%m/%d}", "kind": "放假", "name": "", "basis": ""} for day in HOLIDAYS]
    rows += [
        {"day": f"{day.year}年{day.month}月{day.day}日", "kind": "workday", "name": "调休", "basis": ""}
        for day in WORKED
    ]
    return check_table(TABLES["calendar"], GivenTable(rows), words=table_words(TABLES["calendar"], "zh"))


@pytest.mark.parametrize(
    ("reported", "days", "expected"),
    [
        ("2027-02-04 09:00", 1, "2027-02-14"),  # Thursday: eight days off follow, and a Saturday; Sunday is worked
        ("2027-02-04 09:00", 2, "2027-02-15"),
        ("2027-02-12 19:00", 0, "2027-02-14"),
        ("2027-02-19 09:00", 1, "2027-02-20"),
        ("2027-05-07 10:00", 1, "2027-05-08"),
        ("2027-09-24 10:00", 1, "2027-09-26"),
        ("2027-09-30 18:00", 0, "2027-10-08"),
        ("2027-12-31 10:00", 1, "2028-01-03"),
    ],
)
def test_deadlines_of_2027_by_the_table_of_the_office(reported, days, expected):
    calendar = office(table_2027())
    at = datetime.fromisoformat(reported).replace(tzinfo=CHINA_TIME)
    found = due(at, days, clock="working", duty_hours=DEFAULTS.duty_hours, is_workday=calendar.is_workday)
    assert found.isoformat() == f"{expected}T18:00:00+08:00"


def test_a_year_is_settled_once_it_has_as_many_holidays_as_the_law_gives():
    before, whole, half = office(), office(table_2027()), office(table_2027()[:12])
    day = date(2027, 6, 1)
    assert is_provisional(day), "2027 is announced: take the next year"
    assert [calendar.is_provisional(day) for calendar in (before, half, whole)] == [True, True, False]
    assert [calendar.calendar_of(day) for calendar in (before, whole)] == ["weekdays", "office"]
    assert whole.is_provisional(date(2027, 12, 30)), "the table of 2028 may take it for New Year"
    assert not whole.is_provisional(date(2027, 12, 20))
    assert not before.is_provisional(date(2026, 6, 1))


def test_what_the_program_comes_with_changes_no_day():
    day = date(2026, 1, 1)
    while day < date(2029, 1, 1):
        assert office().is_workday(day) == is_workday(day)
        day += timedelta(1)
