"""The clocks that events carry: what a step, a pause, an extension and another calendar do to both deadlines."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta
from typing import Any

import chinese_calendar
import pytest
from case_lives import DATA, REPORT
from hypothesis import given
from hypothesis import strategies as st

from planning.incidents.case import Case
from planning.incidents.categories import CATEGORIES
from planning.incidents.clocks import CHINA_TIME, counted, due
from planning.incidents.deadlines import DUTY_HOURS
from planning.incidents.events import IncidentEvent
from planning.incidents.moves import TRANSITIONS
from planning.incidents.states import apply
from planning.incidents.timetable import Timetable
from planning.incidents.timing import recomputed, timed

TABLE = Timetable(DUTY_HOURS, chinese_calendar.is_workday, lambda _day: "state-council", lambda _day: False, CATEGORIES)
MONDAY = datetime(2026, 3, 2, 9, tzinfo=CHINA_TIME)


def told(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA_TIME)


def live(*moves: tuple[str, datetime], table: Timetable = TABLE, **report: Any) -> Case:
    """Return a case after moves at their instants, each with its clocks."""
    case: Case | None = None
    for move, at in (("report", MONDAY), *moves):
        by_worker = move in ("accept", "arrive", "handle", "feed-back", "ask-extension")
        about = {"actor": "worker" if by_worker else "desk", "post": "grid-worker" if by_worker else "county-desk"}
        data = (
            {**REPORT, **report} if move == "report" else {k: v for k, v in DATA.get(move, {}).items() if k != "due_at"}
        )
        if "until" in data:
            data["until"] = told("2026-03-20 12:00").isoformat()
        event = IncidentEvent(case.version + 1 if case else 1, TRANSITIONS[move].kind, at, {**about, **data})
        case = apply(case, timed(case, event, timetable=table))
    assert case is not None
    return case


def step(case: Case) -> tuple[str, str] | None:
    clock = case.clock
    return (clock.step, f"{clock.due_at.astimezone(CHINA_TIME):%m-%d %H:%M}") if clock else None


def test_each_step_has_a_clock_of_its_own_and_the_case_one_for_all() -> None:
    at = [told(f"2026-03-02 {hour}") for hour in ("09:30", "10:00", "11:00", "15:00", "16:00", "17:00")]
    moves = ["open", "assign", "accept", "handle", "feed-back", "check-good"]
    steps = []
    for n in range(len(moves) + 1):
        case = live(*zip(moves[:n], at[:n], strict=True), category="environment")
        assert case.due_at == told("2026-03-11 18:00")
        steps.append(step(case))
    assert steps == [
        ("decide", "03-02 11:00"),  # two hours of duty from nine
        ("decide", "03-02 11:00"),  # taken on is the same step
        ("accept", "03-02 16:00"),  # four hours: to noon, then from two
        ("handle", "03-11 18:00"),  # seven working days
        ("handle", "03-11 18:00"),
        ("check", "03-04 18:00"),  # two working days
        ("check", "03-04 18:00"),
    ]
    closed = live(*zip([*moves, "close"], [*at, told("2026-03-02 17:30")], strict=True))
    assert (step(closed), closed.wakes_at) == (None, None)


def test_an_emergency_runs_through_the_night_and_has_a_time_to_arrive() -> None:
    evening = told("2026-03-02 22:00")
    case = live(("assign", evening), ("accept", evening + timedelta(minutes=5)), severity="emergency")
    assert step(case) == ("arrive", "03-02 22:35")
    case = live(
        ("assign", evening), ("accept", evening), ("arrive", evening + timedelta(minutes=20)), severity="emergency"
    )
    assert step(case) == ("handle", "03-03 22:20")


@pytest.mark.parametrize(
    ("paused", "resumed", "accept_by", "due"),
    [
        (
            "03-02 10:00",
            "03-02 11:00",
            "03-02 16:30",
            "03-11 18:00",
        ),  # an hour of duty; the day of the report counts none
        ("03-03 10:00", "03-03 11:00", "03-02 15:30", "03-12 09:30"),  # an hour of duty on a day that counts
        ("03-02 12:10", "03-02 13:50", "03-02 15:30", "03-11 18:00"),  # over lunch: nothing
        ("03-02 19:00", "03-03 07:00", "03-02 15:30", "03-11 18:00"),  # over the night, when it is late already
        ("03-06 18:00", "03-09 08:30", "03-02 15:30", "03-11 18:00"),  # over a weekend: nothing
    ],
)
def test_a_pause_gives_back_the_duty_that_it_took(paused: str, resumed: str, accept_by: str, due: str) -> None:
    moves = [
        ("assign", told("2026-03-02 09:30")),
        ("pause", told(f"2026-{paused}")),
        ("resume", told(f"2026-{resumed}")),
    ]
    case = live(*moves, category="environment")
    assert step(case) == ("accept", accept_by)
    assert case.due_at == told(f"2026-{due}")


def test_an_extension_is_the_deadline_and_no_calendar_moves_it() -> None:
    at = told("2026-03-02 10:00")
    moves = [("assign", at), ("accept", at), ("ask-extension", at), ("grant-extension", at)]
    case = live(*moves, category="environment")
    assert (case.due_at, step(case)) == (told("2026-03-20 12:00"), ("handle", "03-20 12:00"))
    longer = dataclasses.replace(TABLE, is_workday=lambda day: day > date(2026, 4, 1))
    assert recomputed(case, timetable=longer) == {}
    paused = live(
        *moves, ("pause", told("2026-03-20 09:00")), ("resume", told("2026-03-23 09:00")), category="environment"
    )
    assert (paused.due_at, step(paused)) == (told("2026-03-23 12:00"), ("handle", "03-23 12:00"))


def test_another_calendar_moves_what_it_counted_and_a_second_time_nothing() -> None:
    case = live(("assign", MONDAY), ("accept", MONDAY), category="environment")
    day_off = date(2026, 3, 4)
    table = dataclasses.replace(TABLE, is_workday=lambda day: day != day_off and chinese_calendar.is_workday(day))
    moved = recomputed(case, timetable=table)
    assert datetime.fromisoformat(moved["due_at"]) == told("2026-03-12 18:00")
    event = IncidentEvent(case.version + 1, "recomputed", MONDAY, {"because": "calendar", **moved})
    after = apply(case, event)
    assert step(after) == ("handle", "03-12 18:00")
    assert recomputed(after, timetable=table) == {}


moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 11, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(moments, st.timedeltas(timedelta(0), timedelta(days=40)), st.sampled_from(["working", "calendar"]))
def test_what_is_counted_until_a_deadline_is_what_is_left(since: datetime, span: timedelta, clock: Any) -> None:
    about: dict[str, Any] = {"clock": clock, "duty_hours": DUTY_HOURS, "is_workday": chinese_calendar.is_workday}
    left = counted(since, since + span, **about)
    assert due(since, left, **about) <= since + span or left == timedelta(0)
    assert counted(since, due(since, left, **about), **about) == left


@given(moments, st.integers(0, 20_000), st.integers(0, 20_000))
def test_a_pause_is_the_same_told_to_the_clock_or_taken_up_again(start: datetime, after: int, lasts: int) -> None:
    paused, resumed = start + timedelta(minutes=after), start + timedelta(minutes=after + lasts)
    case = live_from(start, paused, resumed)
    about: dict[str, Any] = {"clock": "working", "duty_hours": DUTY_HOURS, "is_workday": chinese_calendar.is_workday}
    assert case.clock is not None
    assert case.clock.due_at == due(start, timedelta(hours=4), **about, pauses=[(paused, resumed)])
    assert case.due_at == due(start, 7, **about, pauses=[(paused, resumed)])


def live_from(start: datetime, paused: datetime, resumed: datetime) -> Case:
    case: Case | None = None
    for move, at in (("report", start), ("assign", start), ("pause", paused), ("resume", resumed)):
        data = {**REPORT, "category": "environment"} if move == "report" else {}
        data |= {"assignee_id": "w-1"} if move == "assign" else {"reason": "season"} if move == "pause" else {}
        about = {"actor": "desk", "post": "county-desk"}
        event = IncidentEvent(case.version + 1 if case else 1, TRANSITIONS[move].kind, at, {**about, **data})
        case = apply(case, timed(case, event, timetable=TABLE))
    assert case is not None
    return case
