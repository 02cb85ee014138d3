"""What a changed table would have made of past cases: who is asked, what is due when, and how many of each."""

import dataclasses
from datetime import datetime, timedelta

from layers.workdays import calendar_of, is_provisional, is_workday
from planning.incidents.clocks import CHINA_TIME
from planning.incidents.dry_run import WHOLE, Deciding, PastCase, PastStep, dry_run
from planning.incidents.rules import Rule
from planning.incidents.targets import ANY, StepTarget
from planning.incidents.timetable import Timetable
from planning.tables.in_force import DEFAULTS

MONDAY = datetime(2026, 3, 2, 9, tzinfo=CHINA_TIME)
TIMETABLE = Timetable(DEFAULTS.duty_hours, is_workday, calendar_of, is_provisional, DEFAULTS.categories)
NOW = Deciding(DEFAULTS.rules, DEFAULTS.subcategories, TIMETABLE)


def case(name, category="traffic", *, at=MONDAY, severity="normal", cell="c-1", kind=None):
    return PastCase(name, category, kind, severity, cell, "t-1", at)


def with_targets(**targets):
    told = {**TIMETABLE.targets, **{(ANY, "normal", step): target for step, target in targets.items()}}
    return dataclasses.replace(NOW, timetable=dataclasses.replace(TIMETABLE, targets=told))


def test_the_same_tables_change_nothing():
    found = dry_run([case("one")], [PastStep("one", "decide", "traffic", "normal", MONDAY)], NOW, NOW)
    assert (found.cases, list(found.rerouted), list(found.moved)) == (1, [], [])
    assert dry_run([], [], NOW, NOW).cases == 0


def test_cases_that_go_elsewhere_are_counted_by_from_and_to():
    night = Rule("夜间急事", ANY, "urgent", "c-1", "off-duty", "township", "desk")
    changed = dataclasses.replace(NOW, rules=(night, *NOW.rules))
    late = MONDAY.replace(hour=20)
    cases = [
        case("day", severity="urgent"),
        case("night-1", severity="urgent", at=late),
        case("night-2", severity="urgent", at=late),
        case("elsewhere", severity="urgent", at=late, cell="c-2"),
        case("enforced", severity="urgent", at=late, kind="traffic-accident"),
    ]
    (found,) = dry_run(cases, [], NOW, changed).rerouted
    assert (found.count, found.examples) == (2, ("night-1", "night-2"))
    assert (found.before.rule, found.before.level) == ("grid-worker", "grid")
    assert (found.after.rule, found.after.level, found.after.post) == ("夜间急事", "township", "desk")


def test_a_step_with_more_time_moves_its_deadlines_and_no_others():
    steps = [PastStep(f"c{n}", "decide", "traffic", "normal", MONDAY + timedelta(hours=n)) for n in range(4)]
    steps += [PastStep("c0", "accept", "traffic", "normal", MONDAY)]
    (found,) = dry_run([case("c0")], steps, NOW, with_targets(decide=StepTarget(4, "hours", "working"))).moved
    assert (found.step, found.count, found.earlier, found.later) == ("decide", 4, 0, 4)
    # from 9, 10, 11 and 12: two hours are up at 11, 12, 15:00 and 16:00, four at 15, 16, 17 and 18
    assert (found.median_minutes, found.most_minutes) == (180, 240)
    worst = found.examples[0]
    assert (worst.before, worst.after) == (MONDAY.replace(hour=11), MONDAY.replace(hour=15))


def test_a_step_that_gets_a_deadline_or_loses_it_is_told_apart():
    steps = [PastStep("one", "arrive", "traffic", "normal", MONDAY)]
    (found,) = dry_run([], steps, NOW, with_targets(arrive=StepTarget(1, "hours", "calendar"))).moved
    assert (found.added, found.dropped, found.later) == (1, 0, 0)
    assert found.examples[0].after == MONDAY + timedelta(hours=1)
    (found,) = dry_run([], steps, with_targets(arrive=StepTarget(1, "hours", "calendar")), NOW).moved
    assert (found.added, found.dropped) == (0, 1)


def test_a_day_off_more_moves_what_is_counted_over_it_and_not_emergencies():
    def is_worked(day):
        return day != MONDAY.date() + timedelta(1) and is_workday(day)

    changed = dataclasses.replace(NOW, timetable=dataclasses.replace(TIMETABLE, is_workday=is_worked))
    steps = [
        PastStep("long", "check", "environment", "normal", MONDAY),
        PastStep("fast", "decide", "environment", "emergency", MONDAY.replace(hour=17, minute=59)),
    ]
    cases = [case("long", "environment"), case("fast", "traffic")]
    moved = {one.step: one for one in dry_run(cases, steps, NOW, changed).moved}
    assert {step: (one.count, one.later, one.most_minutes) for step, one in moved.items()} == {
        WHOLE: (2, 1, 24 * 60),
        "check": (1, 1, 24 * 60),
    }
    assert moved[WHOLE].examples[0].case_id == "long"
