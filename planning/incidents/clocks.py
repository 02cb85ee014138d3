"""When a step of a case is due: time counted in duty hours of working days, or all day and night.

Counted time runs half-open. An instant is due when the target has just been counted, so a target
that ends with a stretch of duty is due at its close and not at the next opening, and a clock that
starts at the close of duty starts at the next opening.

A pause (挂账) stops the clock, and what was left then is left when it goes on: a deadline moves by
exactly the counted time that the pause took, in whole working days too. Five minutes of pause
never earn a day, and a pause over a night, a weekend or a holiday earns nothing. The Law on
Administrative Licensing reads so: its periods are working days (article 82), and the time that a
hearing, a test or an appraisal needs is left out of them (article 45), that time and no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Literal, TypeVar

Clock = Literal["calendar", "working"]

CHINA_TIME = timezone(timedelta(hours=8), "Asia/Shanghai")
"""One zone for the whole country, without daylight saving since 1991."""

_DAY = timedelta(days=1)
_ALL_DAY = ((time(), time()),)
_LONGEST_BREAK_DAYS = 31
_NOT_ENDED = datetime.max  # noqa: DTZ901 - within this file all instants are local and naive
_LONG_AGO = datetime.min  # noqa: DTZ901

_Point = TypeVar("_Point", datetime, timedelta)
_Stops = Sequence[tuple[datetime, datetime]]
_Duty = Sequence[tuple[timedelta, timedelta]]


class ClockStoppedError(ValueError):
    """A pause has not ended, so that nobody can say yet when the step is due.

    Parameters
    ----------
    since
        When the pause began, in China; what was left of the target then is left still.
    """

    def __init__(self, since: datetime) -> None:
        super().__init__(f"the clock has stood still since {since.isoformat()}: no deadline before the pause ends")
        self.since = since


def due(
    started_at: datetime,
    target: timedelta | int,
    *,
    clock: Clock,
    duty_hours: Iterable[tuple[time, time]],
    is_workday: Callable[[date], bool],
    pauses: Iterable[tuple[datetime, datetime | None]] = (),
) -> datetime:
    """Return the instant at which a step is due.

    Parameters
    ----------
    started_at
        Aware, in any zone. An extension is a larger target from the same start; a reopened case,
        or a step handed to somebody else that gets its time anew, is a new start.
    target
        A span of counted time. Or a whole number of working days: the day of the start does not
        count (Civil Code, article 201) and the end is the close of duty of the last one. No days
        at all means the day of the start itself, or the next working day if its duty is over. No
        time at all is due as soon as the clock runs.
    clock
        ``working`` counts duty hours of working days only; ``calendar`` counts every minute, for
        emergencies, and knows spans of time only.
    duty_hours
        Local times from and to, in any order; those that overlap or touch are one. Midnight as
        an end is the end of the day. Not looked at by the calendar clock.
    is_workday
        The calendar, with its holidays and make-up workdays. Not asked by the calendar clock.
    pauses
        From and until, aware, in any order; those that overlap count once, and what lies before
        the start or outside counted time moves nothing. In whole working days the day of the
        start is not counted, so a pause on it moves nothing either (with no days allowed it is
        the day that counts). None as an end: the pause lasts.

    Returns
    -------
    datetime
        In Asia/Shanghai, never before `started_at`. It does not come earlier when the target or
        the pauses grow or the start is later; only with no days allowed, a pause that began
        before the later start counts in the earlier one alone.

    Raises
    ------
    ClockStoppedError
        If the target is not used up when a pause begins that has not ended. One that begins
        later, or just when the step is due, changes nothing.
    ValueError
        If an instant is naive, a pause or duty ends before it begins, there is no duty, the
        target is negative or whole days by the calendar clock, or the calendar knows no working
        day for a month.
    """
    if clock not in ("calendar", "working"):
        raise ValueError(f"no such clock: {clock}")
    if target < 0 if isinstance(target, int) else target < timedelta():
        raise ValueError(f"a target below nothing: {target}")
    start = _local(started_at)
    stops = _stops(pauses)
    if clock == "calendar":
        if isinstance(target, int):
            raise ValueError("whole working days need the working clock")
        return _run_out(start, target, _duty(_ALL_DAY), lambda _: True, stops)
    duty = _duty(duty_hours)
    if isinstance(target, int):
        start, target = _whole_days(start, target, duty, is_workday)
    return _run_out(start, target, duty, is_workday, stops)


def counted(
    since: datetime,
    until: datetime,
    *,
    clock: Clock,
    duty_hours: Iterable[tuple[time, time]],
    is_workday: Callable[[date], bool],
) -> timedelta:
    """Return how much time a clock counts between two instants: what is left of a step that is due then.

    Parameters
    ----------
    since, until
        Aware; nothing is counted if `until` is not later.
    clock, duty_hours, is_workday
        As for ``due``.

    Raises
    ------
    ValueError
        If an instant is naive, or there is no duty.
    """
    begin, end = _local(since), _local(until)
    if clock == "calendar":
        return max(end - begin, timedelta())
    duty = _duty(duty_hours)
    days = (begin.date() + n * _DAY for n in range((end.date() - begin.date()).days + 1))
    outside = ((_LONG_AGO, begin), (end, _NOT_ENDED))
    return sum((_length(_free(_midnight(day), duty, outside)) for day in days if is_workday(day)), timedelta())


def _whole_days(
    start: datetime, days: int, duty: _Duty, is_workday: Callable[[date], bool]
) -> tuple[datetime, timedelta]:
    """Return from when whole working days count, and how much duty they are."""
    if days:
        return _midnight(start.date() + _DAY), days * _length(duty)
    for day in _workdays(start.date(), is_workday):
        rest = _length(_free(_midnight(day), duty, ((_LONG_AGO, start),)))
        if rest:
            break
    return start, rest


def _run_out(
    start: datetime, left: timedelta, duty: _Duty, is_workday: Callable[[date], bool], stops: _Stops
) -> datetime:
    """Return when the time left has been counted: whole days at a stride, others by their pieces."""
    paused = stops
    stops = _joined([(_LONG_AGO, start), *paused])
    whole, gone = _length(duty), 0
    for day in _workdays(start.date(), is_workday):
        midnight = _midnight(day)
        while gone < len(stops) and stops[gone][1] <= midnight:
            gone += 1
        ahead = stops[gone:]
        undisturbed = not ahead or midnight + _DAY <= ahead[0][0]
        if undisturbed and whole < left:
            left -= whole
            continue
        for opens, closes in _free(midnight, duty, ahead):
            if left <= closes - opens:
                return (opens + left).replace(tzinfo=CHINA_TIME)
            left -= closes - opens
        if stops[-1][1] == _NOT_ENDED and stops[-1][0] < midnight + _DAY:
            raise ClockStoppedError(paused[-1][0].replace(tzinfo=CHINA_TIME))
    raise AssertionError("the days do not end")


def _workdays(day: date, is_workday: Callable[[date], bool]) -> Iterator[date]:
    """Yield the working days from a day on, itself included."""
    idle = 0
    while idle <= _LONGEST_BREAK_DAYS:
        if is_workday(day):
            yield day
            idle = 0
        else:
            idle += 1
        day += _DAY
    raise ValueError(f"no working day within {_LONGEST_BREAK_DAYS} days of {day - idle * _DAY}")


def _free(midnight: datetime, duty: _Duty, stops: _Stops) -> Iterator[tuple[datetime, datetime]]:
    """Yield the pieces of a day's duty in which the clock is not stopped."""
    for opens, closes in duty:
        at, end = midnight + opens, midnight + closes
        for begin, until in stops:
            if begin >= end:
                break
            if at < begin:
                yield at, begin
            at = max(at, until)
        if at < end:
            yield at, end


def _duty(hours: Iterable[tuple[time, time]]) -> _Duty:
    return _duty_of(tuple(hours))


@lru_cache(maxsize=64)
def _duty_of(hours: tuple[tuple[time, time], ...]) -> _Duty:
    spans = [(_since_midnight(begin), _since_midnight(end) or _DAY) for begin, end in hours]
    if not spans:
        raise ValueError("no duty hours")
    for begin, end in spans:
        if begin >= end:
            raise ValueError("duty ends before it begins: write duty over midnight as two stretches")
    return _joined(spans)


def _stops(pauses: Iterable[tuple[datetime, datetime | None]]) -> _Stops:
    stops = [(_local(begin), _NOT_ENDED if end is None else _local(end)) for begin, end in pauses]
    for begin, end in stops:
        if end < begin:
            raise ValueError(f"a pause ends before it begins, at {begin.isoformat()}")
    return _joined(stop for stop in stops if stop[0] < stop[1])


def _joined(spans: Iterable[tuple[_Point, _Point]]) -> list[tuple[_Point, _Point]]:
    """Return spans in order, those that overlap or touch as one."""
    joined: list[tuple[_Point, _Point]] = []
    for begin, end in sorted(spans):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return joined


def _length(spans: Iterable[tuple[_Point, _Point]]) -> timedelta:
    return sum((end - begin for begin, end in spans), timedelta())


def _local(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError(f"an instant without a zone: {moment.isoformat()}")
    return moment.astimezone(CHINA_TIME).replace(tzinfo=None)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def _since_midnight(at: time) -> timedelta:
    if at.tzinfo is not None:
        raise ValueError(f"duty hours are local times without a zone, not {at.isoformat()}")
    return timedelta(hours=at.hour, minutes=at.minute, seconds=at.second, microseconds=at.microsecond)
