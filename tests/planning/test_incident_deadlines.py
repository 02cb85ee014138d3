"""2026 as the State Council announced it: holidays, and the weekends worked in exchange (调休)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.incidents.categories import CATEGORIES, Category
from planning.incidents.clocks import due as counted_due
from planning.incidents.deadlines import CHINA_TIME, DUTY_HOURS

TABLE = {f"{days} days": Category(f"{days} days", days, "test") for days in (0, 1, 2, 3, 7)}


def due_at(
    category: str,
    at: datetime,
    *,
    is_workday: Callable[[date], bool],
    categories: Mapping[str, Category] = CATEGORIES,
) -> datetime:
    """Return when a whole case of a category is due, by the working clock."""
    days = categories[category].workdays
    return counted_due(at, days, clock="working", duty_hours=DUTY_HOURS, is_workday=is_workday)


CASES = [
    # days, reported (Asia/Shanghai), due at 18:00 on
    (0, "2026-03-02 09:00", "2026-03-02"),  # Monday morning: the same day
    (0, "2026-03-02 00:00", "2026-03-02"),  # just after midnight: the day that begins
    (0, "2026-03-02 17:59", "2026-03-02"),  # a minute before the close of work
    (0, "2026-03-02 18:00", "2026-03-03"),  # at the close of work: tomorrow
    (0, "2026-03-02 23:59", "2026-03-03"),  # in the evening: tomorrow
    (0, "2026-03-06 18:30", "2026-03-09"),  # Friday evening: Monday
    (0, "2026-03-07 10:00", "2026-03-09"),  # Saturday: Monday
    (0, "2026-03-08 22:00", "2026-03-09"),  # Sunday evening: Monday, not Tuesday
    (0, "2026-01-01 10:00", "2026-01-04"),  # New Year: Sunday the 4th is a make-up workday
    (0, "2026-01-04 10:00", "2026-01-04"),  # that Sunday is a day like any other
    (0, "2026-02-14 10:00", "2026-02-14"),  # Saturday worked before the Spring Festival
    (0, "2026-02-14 19:00", "2026-02-24"),  # its evening: nine days off follow
    (0, "2026-02-17 08:00", "2026-02-24"),  # the first day of the lunar year
    (0, "2026-02-23 12:00", "2026-02-24"),  # the last day of the break, a Monday
    (0, "2026-02-27 20:00", "2026-02-28"),  # Friday evening: the Saturday after is worked
    (0, "2026-04-06 12:00", "2026-04-07"),  # Qingming gives a Monday
    (0, "2026-05-01 09:00", "2026-05-06"),  # Labour Day: five days off
    (0, "2026-05-09 09:00", "2026-05-09"),  # the Saturday worked for it
    (0, "2026-06-19 09:00", "2026-06-22"),  # Dragon Boat Friday: Monday
    (0, "2026-09-20 09:00", "2026-09-20"),  # Sunday worked before the National Day
    (0, "2026-10-01 09:00", "2026-10-08"),  # National Day: a week off
    (1, "2026-03-02 09:00", "2026-03-03"),  # the day of the report does not count
    (1, "2026-03-02 20:00", "2026-03-03"),  # nor does its hour then matter
    (1, "2026-03-07 09:00", "2026-03-09"),  # Saturday: Monday is the first day
    (2, "2026-03-05 09:00", "2026-03-09"),  # Thursday: Friday, Monday
    (2, "2026-09-18 09:00", "2026-09-21"),  # Friday: the Sunday that is worked, Monday
    (3, "2026-02-12 09:00", "2026-02-24"),  # Friday, the Saturday that is worked, then after the festival
    (3, "2026-09-24 09:00", "2026-09-30"),  # Mid-Autumn Friday is off: Monday to Wednesday
    (7, "2026-03-02 09:00", "2026-03-11"),  # one weekend in between
    (7, "2026-09-28 09:00", "2026-10-13"),  # 29, 30, then 8, 9, Saturday 10 (worked), 12, 13 October
    (7, "2026-12-21 09:00", "2026-12-30"),  # towards the end of the known year
]


@pytest.mark.parametrize(("days", "reported", "due"), CASES)
def test_deadline_by_the_calendar_of_2026(days: int, reported: str, due: str) -> None:
    moment = datetime.fromisoformat(reported).replace(tzinfo=CHINA_TIME)
    deadline = due_at(f"{days} days", moment, is_workday=chinese_calendar.is_workday, categories=TABLE)
    assert deadline.isoformat() == f"{due}T18:00:00+08:00"


def test_the_day_is_the_one_in_china() -> None:
    friday_evening_in_london = datetime(2026, 3, 6, 17, 0, tzinfo=UTC)  # Saturday 01:00 in China
    deadline = due_at("traffic", friday_evening_in_london, is_workday=chinese_calendar.is_workday)
    assert deadline.date() == date(2026, 3, 9)


def test_a_calendar_without_working_days_is_refused() -> None:
    with pytest.raises(ValueError, match="no working day within 31 days"):
        due_at("party", datetime(2026, 3, 2, tzinfo=UTC), is_workday=lambda _: False)


moments = st.datetimes(
    datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2026-12-10"), timezones=st.just(CHINA_TIME)
)


@given(st.sampled_from(sorted(CATEGORIES)), moments)
def test_a_deadline_never_falls_on_a_day_off_and_always_lies_ahead(category: str, reported: datetime) -> None:
    deadline = due_at(category, reported, is_workday=chinese_calendar.is_workday)
    assert chinese_calendar.is_workday(deadline.date())
    assert deadline > reported


@given(st.sampled_from(sorted(CATEGORIES)), moments, st.timedeltas(timedelta(0), timedelta(days=7)))
def test_a_later_report_is_never_due_earlier(category: str, reported: datetime, later: timedelta) -> None:
    def due(at: datetime) -> datetime:
        return due_at(category, at, is_workday=chinese_calendar.is_workday)

    assert due(reported) <= due(reported + later)


@given(moments, st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=60))
def test_exactly_the_days_allowed_are_working_days(reported: datetime, off: frozenset[date]) -> None:
    def is_workday(day: date) -> bool:
        return day not in off

    last = due_at("environment", reported, is_workday=is_workday).date()
    ahead = (last - reported.date()).days
    counted = [reported.date() + timedelta(days=n) for n in range(1, ahead + 1)]
    assert sum(map(is_workday, counted)) == CATEGORIES["environment"].workdays
    assert is_workday(last)


@pytest.mark.parametrize(
    ("category", "due"),
    [
        ("party", "2026-03-05"),
        ("livelihood", "2026-03-04"),
        ("security", "2026-03-02"),
        ("traffic", "2026-03-02"),
        ("environment", "2026-03-11"),
        ("campus", "2026-03-02"),
    ],
)
def test_each_category_is_due_as_the_table_says(category: str, due: str) -> None:
    monday_morning = datetime(2026, 3, 2, 9, tzinfo=CHINA_TIME)
    assert due_at(category, monday_morning, is_workday=chinese_calendar.is_workday).date() == date.fromisoformat(due)


def test_the_categories_are_these() -> None:
    allowed = {name: category.workdays for name, category in CATEGORIES.items()}
    assert allowed == {"party": 3, "livelihood": 2, "security": 0, "traffic": 0, "environment": 7, "campus": 0}
