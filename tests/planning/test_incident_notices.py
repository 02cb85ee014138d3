"""Who hears what: each event to whom it concerns, in codes, and nobody for what is history."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from case_lives import DATA, NINE, REPORT, event

from planning.incidents.case import Case
from planning.incidents.categories import CATEGORIES
from planning.incidents.escalation import next_move
from planning.incidents.events import IncidentEvent
from planning.incidents.notices import APPLICANT, TOO_OLD, notices
from planning.incidents.states import apply
from planning.incidents.timetable import Timetable
from planning.incidents.timing import timed

DUTY = ((time(8, 30), time(12)), (time(14), time(18)))
TABLE = Timetable(DUTY, lambda day: day.weekday() < 5, lambda _: "weekdays", lambda _: False, CATEGORIES)
PLACED = {**REPORT, "township": "371424001", "cell": "371424001001001"}
WORKER, DESK = "person:w-1", "desk:township:371424001"


def step(case: Case | None, move: str, *, at: datetime = NINE, **data: Any) -> tuple[Case, dict[str, list[str]]]:
    """Make a move and return the case with who hears what of it, by template."""
    who = {"post": "service"} if move == "report" else {"post": data.pop("post", "county-desk")}
    made = timed(case, event(case, move, at=at, **{**who, **data}), timetable=TABLE)
    return heard(case, made)


def heard(case: Case | None, made: IncidentEvent, *, now: datetime | None = None) -> tuple[Case, dict[str, list[str]]]:
    after = apply(case, made)
    told: dict[str, list[str]] = {}
    for one in notices(case, made, after, now=now or made.at):
        told.setdefault(one.template, []).append(one.to_ref)
    return after, told


def assigned(**to: Any) -> tuple[Case, dict[str, list[str]]]:
    case, told = step(None, "report", **PLACED)
    assert told == {}
    return step(case, "assign", **{"assignee_id": "w-1", "level": "township", "role": "A", **to})


def test_an_assignment_is_told_to_its_person_or_desk_and_taken_on_to_the_applicant():
    assert assigned()[1] == {"assigned": [WORKER], "applicant-opened": [APPLICANT]}
    case, told = assigned(assignee_id=None)
    assert told["assigned"] == [DESK]
    case, told = step(case, "reassign", assignee_id="w-2", why="urgent", role="A")
    assert told == {"assigned": ["person:w-2"]}
    _, told = step(case, "reassign", assignee_id="w-1", why="urgent", role="A")
    assert told == {"assigned": [WORKER], "taken-over": ["person:w-2"]}


def test_the_applicant_hears_once_that_a_case_was_opened_and_that_it_is_closed():
    case, _ = step(None, "report", **PLACED)
    case, told = step(case, "open")
    assert told == {"applicant-opened": [APPLICANT]}
    case, told = step(case, "assign", assignee_id="w-1", level="township")
    assert told == {"assigned": [WORKER]}
    for move, actor in (("accept", "a-1"), ("handle", "a-1"), ("feed-back", "a-1"), ("check-good", "a-2")):
        case, told = step(case, move, actor=actor, **DATA.get(move, {}))
        assert told == {}
    assert step(case, "close")[1] == {"applicant-closed": [APPLICANT]}


def test_a_warning_goes_to_person_and_desk_and_a_climb_to_both_sides():
    case, _ = assigned()
    after_lunch = case.clock.warn_at + timedelta(hours=2)  # three of four hours have passed at noon
    case, told = heard(case, next_move(case, timetable=TABLE, now=after_lunch).event(case, now=after_lunch))
    assert told == {"due-soon": [WORKER, DESK]}
    climb = next_move(case, timetable=TABLE, now=case.clock.due_at)
    _, told = heard(case, climb.event(case, now=case.clock.due_at))
    assert told == {"overdue": [WORKER, DESK, "desk:county:"]}


def test_a_warning_that_comes_after_the_deadline_is_not_sent():
    case, _ = assigned()
    late = case.clock.due_at + timedelta(hours=1)
    assert heard(case, next_move(case, timetable=TABLE, now=late).event(case, now=late))[1] == {}


@pytest.mark.parametrize("answer", ["granted", "denied"])
def test_whoever_asked_for_more_time_hears_the_answer(answer):
    case, _ = assigned()
    case, _ = step(case, "accept", post="grid-worker", actor="a-7")
    case, told = step(case, "ask-extension", post="grid-worker", actor="a-7", **DATA["ask-extension"])
    assert told == {}
    move = {"granted": "grant-extension", "denied": "deny-extension"}[answer]
    assert step(case, move, **DATA.get(move, {}))[1] == {f"extension-{answer}": ["account:a-7"]}


def test_whom_another_calendar_moves_hears_the_old_and_the_new_deadline():
    case, _ = assigned()
    clock = {**case.clock.as_data(), "due_at": (case.clock.due_at + timedelta(days=2)).isoformat()}
    made = event(case, "recompute", post="service", actor="", clock=clock, because="calendar")
    after = apply(case, made)
    told = notices(case, made, after, now=made.at)
    assert [one.to_ref for one in told] == [WORKER, DESK]
    assert told[0].data["old_due_at"] == case.clock.due_at.isoformat()
    assert told[0].data["due_at"] == after.clock.due_at.isoformat()


def test_history_wakes_nobody():
    case, _ = step(None, "report", **PLACED)
    made = event(case, "assign", post="county-desk", assignee_id="w-1")
    assert heard(case, made, now=NINE + TOO_OLD)[1]
    assert heard(case, made, now=NINE + TOO_OLD + timedelta(seconds=1))[1] == {}
    case, _ = step(None, "report", **PLACED, channel="history")
    assert heard(case, made)[1] == {}
