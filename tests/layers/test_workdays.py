from __future__ import annotations

from datetime import date

import pytest

from layers.workdays import calendar_of, is_workday


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
