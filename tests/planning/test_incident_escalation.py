"""What the service does by itself: nothing late unseen, nobody woken outside duty hours, one rung at a time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from case_lives import DATA, REPORT
from hypothesis import given
from hypothesis import strategies as st

from planning.incidents.case import Case
from planning.incidents.categories import CATEGORIES
from planning.incidents.clocks import CHINA_TIME
from planning.incidents.escalation import next_move
from planning.incidents.events import LEVELS, IncidentEvent
from planning.incidents.states import TRANSITIONS, apply
from planning.incidents.targets import Target
from planning.incidents.timetable import Timetable
from planning.incidents.timing import timed

DUTY = ((time(8, 30), time(12)), (time(14), time(17, 30)))
TABLE = Timetable(DUTY, lambda day: day.weekday() < 5, lambda _: "weekdays", lambda _: False, CATEGORIES)
MONDAY = date(2026, 3, 2)
AGAIN = {"assignee_id": "w-1", "level": "grid", "role": "A", "rule": "r", "reason": "x", "params": {}}


def at(clock: str, *, day: int = 0) -> datetime:
    """An instant in China on the Monday, or days later."""
    return datetime.combine(MONDAY + timedelta(days=day), time.fromisoformat(clock), CHINA_TIME)


def is_duty(moment: datetime) -> bool:
    local = moment.astimezone(CHINA_TIME)
    return local.weekday() < 5 and any(begin <= local.time() < end for begin, end in DUTY)


def moved(case: Case | None, move: str, *, when: datetime, **data) -> Case:
    about = {"actor": "a-1", "post": "county-desk"} if move != "report" else {"post": "service"}
    event = IncidentEvent(case.version + 1 if case else 1, TRANSITIONS[move].kind, when, {**about, **data})
    return apply(case, timed(case, event, timetable=TABLE))


def assigned(*, severity: str = "normal", when: datetime, level: str = "grid", category: str = "livelihood") -> Case:
    case = moved(None, "report", when=when, **{**REPORT, "category": category, "severity": severity})
    return moved(case, "assign", when=when, **AGAIN | {"level": level})


def passed(case: Case, now: datetime) -> tuple[Case, list[IncidentEvent]]:
    """Make the pass over one case."""
    done = []
    while (move := next_move(case, timetable=TABLE, now=now)) is not None:
        event = timed(case, move.event(case, now=now), timetable=TABLE)
        case = apply(case, event)
        done.append(event)
    return case, done


def told(events: list[IncidentEvent]) -> list[str]:
    return [event.payload.get("to_level", event.kind) for event in events]


def test_a_case_that_nobody_accepts_is_warned_of_and_climbs_rung_by_rung_in_duty_hours():
    case, seen = assigned(when=at("08:30")), []
    for day in range(4):
        for minutes in range(0, 24 * 60, 10):
            now = at("00:00", day=day) + timedelta(minutes=minutes)
            if now < at("08:30"):
                continue
            case, done = passed(case, now)
            seen += [(word, f"{day} {now:%H:%M}") for word in told(done)]
    assert seen == [
        ("warned", "0 11:30"),  # three of four hours of duty
        ("village", "0 14:30"),
        ("township", "1 09:30"),  # four hours of duty later
        ("county", "1 15:30"),
    ]
    assert (case.level, case.climbs, case.wakes_at) == ("county", 3, None)


def test_an_emergency_climbs_at_night_and_at_once():
    case, seen, now = assigned(severity="emergency", when=at("23:00"), category="security"), [], at("23:00")
    while now < at("23:59"):
        case, done = passed(case, now)
        seen += [(word, f"{now:%H:%M:%S}") for word in told(done)]
        now += timedelta(seconds=30)
    assert seen == [("warned", "23:07:30"), ("village", "23:10:00"), ("township", "23:20:00"), ("county", "23:30:00")]


def test_what_is_due_at_the_close_of_duty_climbs_at_the_next_opening():
    case = assigned(when=at("14:00"), level="township")
    case, _ = passed(case, at("16:40"))
    assert case.clock.due_at == at("09:00", day=1)
    handled = moved(moved(case, "accept", when=at("16:45")), "handle", when=at("16:50"), **DATA["handle"])
    checked = moved(handled, "feed-back", when=at("17:00"), **DATA["feed-back"])
    assert checked.clock.due_at == at("17:30", day=2)
    warned, done = passed(checked, at("17:30", day=2))
    assert done == []
    for moment in (at("22:00", day=2), at("08:29", day=3)):
        assert passed(warned, moment)[1] == []
    assert told(passed(warned, at("08:30", day=3))[1]) == ["warned", "county"]


def test_a_step_that_is_done_or_paused_or_extended_in_time_climbs_no_more():
    case, done = passed(assigned(when=at("08:30")), at("14:30"))
    assert told(done) == ["warned", "village"]
    accepted = moved(case, "accept", when=at("14:40"))
    assert (accepted.warned, accepted.climbs, accepted.level) == (False, 0, "village")
    assert told(passed(accepted, at("15:00"))[1]) == []
    paused = moved(case, "pause", when=at("14:40"), **DATA["pause"])
    assert passed(paused, at("10:00", day=300))[1] == []


def test_after_days_without_the_service_a_case_still_climbs_one_rung_at_a_time():
    case, done = passed(assigned(when=at("08:30")), at("09:00", day=21))
    assert told(done) == ["warned", "village"]
    assert passed(case, at("09:00", day=21))[1] == []
    assert told(passed(case, at("17:00", day=21))[1]) == ["township"]


def test_at_the_county_an_overdue_step_is_told_once():
    case, done = passed(assigned(when=at("08:30"), level="county"), at("15:00"))
    assert told(done) == ["warned", "county"]
    assert done[-1].payload["from_level"] == "county"
    assert case.wakes_at is None


def test_a_case_climbs_at_its_own_deadline_where_that_is_before_its_steps_and_once_for_both():
    case = moved(assigned(when=at("08:30")), "accept", when=at("09:00"))
    whole = case.due_at
    case, _ = passed(moved(case, "return", when=whole - timedelta(days=1), **DATA["return"]), whole - timedelta(days=1))
    again = moved(case, "assign", when=whole - timedelta(hours=1), **AGAIN)
    accepted = moved(again, "accept", when=whole - timedelta(minutes=50))
    assert accepted.clock.due_at > whole + timedelta(days=1)
    assert told(passed(accepted, whole - timedelta(minutes=1))[1]) == []
    opening = TABLE.due(whole, Target(timedelta(), "working"))
    climbed, done = passed(accepted, opening)
    assert told(done) == ["warned", "village"]
    handed = moved(climbed, "reassign", when=opening + timedelta(minutes=1), **DATA["reassign"])
    assert told(passed(handed, opening + timedelta(minutes=2))[1]) == [], "late already: the step has its own time"
    assert handed.wakes_at == handed.clock.warn_at


def test_keys_follow_from_the_step_alone():
    case = assigned(when=at("08:30"))
    assert next_move(case, timetable=TABLE, now=at("11:30")).key == "warn/accept/2"
    case, _ = passed(case, at("11:30"))
    keys = {next_move(case, timetable=TABLE, now=at(now)).key for now in ("14:30", "15:00", "17:29")}
    assert keys == {"escalate/accept/2/village"}


@given(
    severity=st.sampled_from(["emergency", "urgent", "normal"]),
    level=st.sampled_from(LEVELS),
    begun=st.integers(0, 14 * 24 * 60),
    gaps=st.lists(st.integers(1, 3 * 24 * 3600), min_size=1, max_size=40),
    moves=st.lists(st.sampled_from(["accept", "arrive", "handle", "feed-back", "check-bad", "none"]), max_size=40),
)
@pytest.mark.filterwarnings("error")
def test_whatever_the_clocks_say(severity, level, begun, gaps, moves):
    now = datetime.combine(MONDAY, time(), CHINA_TIME) + timedelta(minutes=begun)
    case = assigned(severity=severity, when=now, level=level)
    for gap, move in zip(gaps, [*moves, *["none"] * len(gaps)], strict=False):
        now += timedelta(seconds=gap)
        before = case
        case, done = passed(before, now)
        working = before.clock is not None and before.clock.kind == "working"
        assert not (working and done) or is_duty(now), "nobody is told outside duty hours"
        climbs = [event for event in done if event.kind == "escalated"]
        assert len(climbs) <= 1, "one rung at a time, however late"
        assert LEVELS.index(case.level) - LEVELS.index(before.level) in (0, 1)
        for event in climbs:
            assert now >= before.late_at.astimezone(UTC)
            assert event.payload["to_level"] == case.level
        if case.clock and now >= case.late_at and (not working or is_duty(now)):
            assert case.warned, "nothing late is unseen"
            assert case.climbs, "nothing late is unseen"
        assert passed(case, now) == (case, []), "a second pass changes nothing"
        post = "checker" if move == "check-bad" else "grid-worker"
        if move != "none" and case.state in TRANSITIONS[move].sources:
            data = {"actor": "a-9" if move == "check-bad" else "a-1", "post": post, **DATA.get(move, {})}
            event = IncidentEvent(case.version + 1, TRANSITIONS[move].kind, now, data)
            case = apply(case, timed(case, event, timetable=TABLE))
