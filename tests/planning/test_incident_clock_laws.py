"""What holds for every deadline: it agrees with a counter of minutes, and never moves the wrong way."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from planning.incidents.clocks import due
from tests.clock_rows import CHINA, DUTY, works

FIRST = datetime(2026, 1, 5, tzinfo=CHINA)
DAYS = 90
MINUTE = timedelta(minutes=1)

Hours = tuple[tuple[time, time], ...]
Pauses = list[tuple[datetime, datetime]]


def stretches(minutes: list[int]) -> Hours:
    times = [time(*divmod(minute, 60)) for minute in sorted(minutes)]
    return tuple(zip(times[::2], times[1::2], strict=True))


duties = st.sampled_from([2, 4, 6]).flatmap(
    lambda n: st.lists(st.integers(0, 24 * 60 - 1), min_size=n, max_size=n, unique=True).map(stretches)
)
starts = st.integers(0, 60 * 24 * 60).map(lambda minute: FIRST + minute * MINUTE)  # over the Spring Festival
spans = st.one_of(st.just(0), st.integers(0, 20 * 60)).map(lambda minutes: minutes * MINUTE)
targets = st.one_of(spans, st.integers(0, 12))
pauses = st.lists(
    st.tuples(starts, st.integers(0, 4 * 24 * 60)).map(lambda one: (one[0], one[0] + one[1] * MINUTE)), max_size=6
)


def working(start: datetime, target: timedelta | int, held: Pauses, hours: Hours = DUTY) -> datetime:
    return due(start, target, clock="working", duty_hours=hours, is_workday=works, pauses=held)


def minutes_that_count(hours: Hours, held: Pauses) -> np.ndarray:
    """Return for each minute from `FIRST` on whether it counts: a switch a minute, no arithmetic of spans."""
    on = np.zeros((DAYS * 4, 24 * 60), dtype=bool)
    for begin, end in hours:
        on[:, begin.hour * 60 + begin.minute : end.hour * 60 + end.minute] = True
    on[[not works(FIRST.date() + timedelta(days=n)) for n in range(len(on))]] = False
    on = on.ravel()
    for begin, end in held:
        on[(begin - FIRST) // MINUTE : (end - FIRST) // MINUTE] = False
    return on


def counted_out(on: np.ndarray, start: int, target: int) -> datetime:
    """Return the end of the minute that is the target's last, or the first one that counts."""
    ahead = start + np.flatnonzero(on[start:])
    return FIRST + int(ahead[target - 1] + 1 if target else ahead[0]) * MINUTE


@given(starts, spans, pauses, duties)
def test_a_counter_of_minutes_agrees(start: datetime, target: timedelta, held: Pauses, hours: Hours) -> None:
    minutes = (hours, target // MINUTE)
    if sum((b.hour - a.hour) * 60 + b.minute - a.minute for a, b in hours) < 30:
        minutes = (hours, minutes[1] % 120)  # else a target would take years
    on = minutes_that_count(hours, held)
    expected = counted_out(on, (start - FIRST) // MINUTE, minutes[1])
    assert working(start, minutes[1] * MINUTE, held, hours) == expected


@given(starts, spans, pauses)
def test_the_calendar_clock_agrees_too(start: datetime, target: timedelta, held: Pauses) -> None:
    on = np.ones(DAYS * 24 * 60, dtype=bool)
    for begin, end in held:
        on[(begin - FIRST) // MINUTE : (end - FIRST) // MINUTE] = False
    answer = due(start, target, clock="calendar", duty_hours=(), is_workday=works, pauses=held)
    assert answer == counted_out(on, (start - FIRST) // MINUTE, target // MINUTE)


@given(starts, st.integers(1, 12), pauses)
def test_whole_days_agree_with_minutes_from_the_next_midnight(start: datetime, days: int, held: Pauses) -> None:
    midnight = (start.date() - FIRST.date()).days * 24 * 60 + 24 * 60
    assert working(start, days, held) == counted_out(minutes_that_count(DUTY, held), midnight, days * 450)


@given(starts, st.integers(1, 30))
def test_whole_days_without_a_pause_close_a_working_day(start: datetime, days: int) -> None:
    last = working(start, days, [])
    between = [start.date() + timedelta(days=n) for n in range(1, (last.date() - start.date()).days + 1)]
    assert (sum(map(works, between)), works(last.date()), last.time()) == (days, True, time(18))


@given(starts, targets, st.integers(0, 5 * 24 * 60), pauses)
def test_a_later_start_is_never_due_earlier(start: datetime, target: timedelta | int, later: int, held: Pauses) -> None:
    after = start + later * MINUTE
    if target == 0 and isinstance(target, int):  # the day of each: their pauses begin after both
        held = [pause for pause in held if pause[0] >= after]
    assert working(start, target, held) <= working(after, target, held)


@given(starts, spans, spans, st.integers(0, 12), st.integers(0, 5), pauses)
def test_a_larger_target_is_never_due_earlier(
    start: datetime, span: timedelta, more: timedelta, days: int, further: int, held: Pauses
) -> None:
    assert start <= working(start, span, held) <= working(start, span + more, held)
    assert start <= working(start, days, held) <= working(start, days + further, held)


@given(starts, targets, pauses, pauses)
def test_a_pause_never_makes_a_deadline_earlier(
    start: datetime, target: timedelta | int, held: Pauses, more: Pauses
) -> None:
    assert working(start, target, held) <= working(start, target, held + more)


@given(starts, targets, pauses, st.data())
def test_a_pause_told_in_parts_is_the_same_pause(
    start: datetime, target: timedelta | int, held: Pauses, data: st.DataObject
) -> None:
    parts = []
    for begin, end in held:
        middle = begin + data.draw(st.integers(0, (end - begin) // MINUTE)) * MINUTE
        parts += [(begin, middle), (middle, end)]
    shuffled = data.draw(st.permutations(parts))
    assert working(start, target, shuffled) == working(start, target, held)


@given(starts, targets, st.dates(date(2026, 1, 5), date(2026, 3, 20)))
def test_a_pause_outside_duty_moves_nothing(start: datetime, target: timedelta | int, day: date) -> None:
    evening = datetime.combine(day, time(18), CHINA)
    lunch = datetime.combine(day, time(12), CHINA)
    held = [(evening, evening + timedelta(hours=14, minutes=30)), (lunch, lunch + timedelta(hours=2))]
    answer = working(start, target, held)
    assert answer == working(start, target, [])
