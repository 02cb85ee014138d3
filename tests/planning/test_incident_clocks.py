"""When a step is due: hand-made rows, what is refused, and how long it takes."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from timeit import repeat

import pytest

import tests.clock_rows as plain
import tests.clock_rows_paused as paused
from layers.workdays import is_workday
from planning.incidents.clocks import ClockStoppedError, due
from tests.clock_rows import DUTY, moment, pauses_of, target_of, works

ROWS = [row for group in (plain, paused) for rows in vars(group).values() if isinstance(rows, list) for row in rows]
HOUR = timedelta(hours=1)
MONDAY = moment("2026-03-02 09:00")


def working(start: datetime, target: timedelta | int, **other: object) -> datetime:
    return due(start, target, **{"clock": "working", "duty_hours": DUTY, "is_workday": works} | other)  # type: ignore[arg-type]


def test_there_are_enough_rows_and_none_twice() -> None:
    assert len(ROWS) >= 80
    assert len({row[:4] for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize(("clock", "start", "target", "pauses", "expected"), ROWS)
def test_a_deadline_is_the_one_worked_out_by_hand(
    clock: str, start: str, target: str, pauses: str, expected: str
) -> None:
    answer = working(moment(start), target_of(target), clock=clock, pauses=pauses_of(pauses))
    assert answer == moment(expected)
    assert (answer.tzname(), answer.utcoffset()) == ("Asia/Shanghai", timedelta(hours=8))


def test_the_calendar_of_the_rows_is_the_announced_one() -> None:
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    assert [day for day in days if works(day) != is_workday(day)] == []


def test_a_deadline_moves_when_the_year_is_announced() -> None:
    def announced(day: date) -> bool:  # made up: the festival's Friday to the Friday after it
        return works(day) and not date(2027, 2, 5) <= day <= date(2027, 2, 12)

    start = moment("2027-02-03 09:00")
    assert working(start, 2) == moment("2027-02-05 18:00")
    assert working(start, 2, is_workday=announced) == moment("2027-02-15 18:00")


@pytest.mark.parametrize("clock", ["calendar", "working"])
@pytest.mark.parametrize("target", [timedelta(), 2 * HOUR])
def test_while_a_pause_lasts_there_is_no_deadline(clock: str, target: timedelta) -> None:
    since = moment("2026-03-02 08:45")
    with pytest.raises(ClockStoppedError, match="since 2026-03-02T08:45:00\\+08:00") as told:
        working(MONDAY, target, clock=clock, pauses=[(since, None)])
    assert told.value.since == since


def test_a_pause_that_lasts_swallows_those_after_it() -> None:
    later = (moment("2026-03-05 09:00"), moment("2026-03-06 09:00"))
    with pytest.raises(ClockStoppedError):
        working(MONDAY, 3, pauses=[later, (moment("2026-03-04 10:00"), None)])
    assert working(MONDAY, 1, pauses=[later, (moment("2026-03-04 10:00"), None)]) == moment("2026-03-03 18:00")


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ([(time(14), time(18)), (time(8, 30), time(12))], "2026-03-02 14:30"),  # in the wrong order
        ([(time(9), time(12)), (time(10), time(12, 30)), (time(12, 30), time(20))], "2026-03-02 12:30"),  # one stretch
        ([(time(20), time(0))], "2026-03-02 23:30"),  # the evening desk, to midnight
        ([(time(22), time(0)), (time(0), time(1))], "2026-03-03 00:30"),  # over midnight, in two stretches
        ([(time(0), time(0))], "2026-03-02 12:30"),  # all day
    ],
)
def test_duty_may_be_of_any_shape(hours: list[tuple[time, time]], expected: str) -> None:
    start = MONDAY if hours[0][0] != time(22) else moment("2026-03-02 22:00")
    target = 2.5 * HOUR if hours[0][0] == time(22) else 3.5 * HOUR
    assert working(start, target, duty_hours=hours) == moment(expected)


def test_duty_to_midnight_closes_a_whole_day_there() -> None:
    assert working(MONDAY, 1, duty_hours=[(time(20), time(0))]) == moment("2026-03-04 00:00")


def test_the_calendar_clock_asks_neither_duty_nor_calendar() -> None:
    def unknown(day: date) -> bool:
        raise NotImplementedError(day)

    assert working(MONDAY, HOUR, clock="calendar", duty_hours=(), is_workday=unknown) == MONDAY + HOUR


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"started_at": MONDAY.replace(tzinfo=None)}, "without a zone"),
        ({"pauses": [(MONDAY.replace(tzinfo=None), MONDAY)]}, "without a zone"),
        ({"pauses": [(MONDAY, MONDAY - HOUR)]}, "ends before it begins"),
        ({"target": -HOUR}, "below nothing"),
        ({"target": -1}, "below nothing"),
        ({"target": 2, "clock": "calendar"}, "need the working clock"),
        ({"clock": "lunar"}, "no such clock"),
        ({"duty_hours": ()}, "no duty hours"),
        ({"duty_hours": [(time(22), time(6))]}, "two stretches"),
        ({"duty_hours": [(time(9, tzinfo=MONDAY.tzinfo), time(12))]}, "local times"),
        ({"is_workday": lambda _: False}, "no working day within 31 days of 2026-03-02"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(other: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        working(**{"start": other.pop("started_at", MONDAY), "target": HOUR} | other)  # type: ignore[arg-type]


def test_sixty_working_days_are_counted_in_microseconds() -> None:
    assert min(repeat(lambda: working(MONDAY, 60), number=10, repeat=20)) / 10 < 1e-3
