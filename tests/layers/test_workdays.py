from __future__ import annotations

from datetime import date

import pytest
from chinese_calendar.constants import holidays, workdays

from layers.workdays import calendar_of, is_provisional, is_workday


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2026-03-02", True),  # a Monday
        ("2026-03-07", False),  # a Saturday
        ("2026-02-14", True),  # a Saturday worked for the Spring Festival
        ("2026-02-23", False),  # a Monday of the Spring Festival
    ],
)
def test_an_announced_year_has_its_holidays_and_make_up_workdays(day: str, working: bool) -> None:
    assert is_workday(date.fromisoformat(day)) is working
    assert calendar_of(date.fromisoformat(day)) == "state-council"


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2090-03-01", True),  # a Wednesday
        ("2090-03-04", False),  # a Saturday
        ("2091-01-01", False),  # a Monday, but New Year in every year
        ("2090-10-03", False),  # a Tuesday of the National Day
    ],
)
def test_a_year_not_announced_yet_counts_weekdays_and_says_so(day: str, working: bool) -> None:
    assert is_workday(date.fromisoformat(day)) is working
    assert calendar_of(date.fromisoformat(day)) == "weekdays"


@pytest.mark.parametrize(
    ("last", "provisional"),
    [
        ("2025-12-31", False),  # 2026 has been announced, so the end of 2025 stands
        ("2026-03-02", False),
        ("2089-12-31", True),  # nobody has announced it
        ("2090-03-01", True),
    ],
)
def test_a_deadline_in_a_year_not_announced_yet_is_provisional(last: str, provisional: bool) -> None:
    assert is_provisional(date.fromisoformat(last)) is provisional


def test_the_last_days_of_the_last_announced_year_are_provisional_too() -> None:
    last_year = max(holidays).year
    assert [is_provisional(date(last_year, 12, day)) for day in (1, 28, 29, 31)] == [False, False, True, True]


def test_no_december_has_followed_the_next_years_table_before_the_29th() -> None:
    moved = [day for day in (*holidays, *workdays) if day.month == 12]
    assert min(day.day for day in moved) == 29
